"""Samples at every stage of a laboratory's work, made by the actions themselves."""

from __future__ import annotations

import random
from typing import Any

from django.db.models import Max

from factories import kits
from factories.laboratory import LOCI, PANEL, child_of, family, grandmother, sample, second_analyst, somebody, table
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.families.models import ConsentWithdrawal
from wayhome.casework.laboratory.actions import comparing, entries, files
from wayhome.casework.laboratory.models import ChildProfile, Entry, LabOriginal, RelativeProfile

PEOPLE = ("A", "B", "C", "D", "E")


def samples(world: World, it: dict[str, Any]) -> dict[str, Any]:
    """Of relatives who agree, one who left, and children: not typed, typed once, typed otherwise, from a file."""
    _analysts(world)
    made: dict[str, Any] = {}
    kin = [family(world, inquirer=[("name", f"卢{one}"), ("phone", f"1387700777{n}")], child_name=f"卢{one}")[1]
           for n, one in enumerate(PEOPLE)]  # fmt: skip
    elders = [grandmother(world, one) for one in kin[:2]]
    for one in elders:
        kits.agrees(world, one)
    made |= {"stays": kin[0]["mother"], "shares": kin[1]["mother"], "left": kin[2]["mother"], "once": kin[2]["father"]}
    made |= {"differing": kin[3]["mother"], "odd": kin[3]["father"], "elder": elders[0], "other_elder": elders[1]}
    made |= {"fresh": kin[4]["mother"], "partner": kin[0]["father"]}
    kits.agrees(world, made["stays"], days=500)
    people = dict(made) | {"ward": world.in_hospital(), "typed_child": world.in_hospital()}
    made |= {f"{name}_sample": sample(world, person) for name, person in people.items()}
    made["sent_sample"] = it["sent_kit"]
    _typed(world, made)
    return made | {
        "last_child": ChildProfile.objects.aggregate(n=Max("pk"))["n"],
        "last_relative": RelativeProfile.objects.aggregate(n=Max("pk"))["n"],
        "last_entry": Entry.objects.aggregate(n=Max("pk"))["n"],
        "last_original": LabOriginal.objects.aggregate(n=Max("pk"))["n"],
    }


def _analysts(world: World) -> None:
    second_analyst(world)
    assert world.registrars is not None
    told: dict[str, Any] = {"by": world.registrars, "at": world.now()}
    elsewhere = accounts.register_agency(
        code="lab_gd", kind="laboratory", name="x", jurisdiction=world.jurisdictions["GD"], **told
    )
    world.agencies["lab_gd"] = elsewhere
    person = {"number": "analyst_gd", "name": "x", "id_number": "440000198001010011", "role": "analyst"}
    world.staff["analyst_gd"] = accounts.register_staff(agency=elsewhere, **person, **told)


def _typed(world: World, made: dict[str, Any]) -> None:
    """In one file those who stay and share, with another who left since; the others by hand."""
    chance = random.Random(1)
    elder, other_elder, hers = somebody(chance), somebody(chance), somebody(random.Random(1))
    made |= {"elder_calls": elder, "other_elder_calls": other_elder, "child_calls": somebody(chance, "M")}
    few = {locus: hers[locus] for locus in LOCI[:9]}

    def told(name: str = "analyst") -> dict[str, Any]:
        return {"by": world.actor(name), "at": world.now()}

    def number(name: str) -> str:
        return str(made[f"{name}_sample"].number)

    shared = {number("stays"): child_of(elder, somebody(chance), chance)}
    shared |= {number("shares"): child_of(other_elder, somebody(chance), chance), number("left"): somebody(chance)}
    made["taken_run"] = table(shared)
    files.import_file(name="shared.csv", data=made["taken_run"], signature=None, **told())
    run = table({number("typed_child"): made["child_calls"]})
    files.import_file(name="child.csv", data=run, signature=None, **told())
    comparing.compare_new(at=world.now())
    run = table({number("odd"): few | {"AMEL": ("X", "X")}})
    files.import_file(name="odd.csv", data=run, signature=None, **told())
    for who, name, calls in (
        ("analyst", "once", hers),
        ("analyst", "differing", hers),
        ("analyst2", "differing", hers | {LOCI[4]: ("9", "9")}),
        ("analyst", "left", hers),
        ("analyst2", "left", hers | {LOCI[4]: ("9", "9")}),
    ):
        entries.enter(kit=made[f"{name}_sample"], panel=PANEL, calls=calls, **told(who))
    files.flag(made["shares_sample"], 1, [files.rules.Flag("exchanged", made["stays_sample"].pk)], at=world.now())
    files.flag(made["left_sample"], 1, [files.rules.Flag("exchanged", made["shares_sample"].pk)], at=world.now())
    consent = made["left"].consents.get()
    ConsentWithdrawal.objects.create(consent=consent, by=world.staff["officer"], at=world.now())
