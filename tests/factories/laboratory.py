"""Samples and what they show. All people are made up."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Mapping
from typing import Any

from factories.families import asks
from factories.kits import agrees, gone, ordered
from factories.world import World
from wayhome import kinship
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.children.models import Child
from wayhome.casework.families import actions, queries
from wayhome.casework.families.models import Relative, TracingRequest
from wayhome.casework.laboratory.actions.entries import enter
from wayhome.casework.laboratory.actions.files import import_file
from wayhome.casework.laboratory.models import Kit

PANEL = "Goldeneye 20A"
LOCI = tuple(sorted(locus.name for locus in kinship.panel(PANEL).loci if locus.inheritance is kinship.Inheritance.AUTOSOMAL))
Calls = dict[str, tuple[str, str]]
_AMEL = {"F": ("X", "X"), "M": ("X", "Y")}


def colleague(world: World, number: str, *, name: str = "陆小森", id_number: str = "") -> None:
    """An analyst more in the world's laboratory, called by their number."""
    assert world.registrars is not None
    world.staff[number] = accounts.register_staff(
        by=world.registrars,
        at=world.now(),
        number=number,
        name=name,
        id_number=id_number or f"45000019800202{len(world.staff):04d}",
        agency=world.agencies["laboratory"],
        role="analyst",
    )


def second_analyst(world: World) -> None:
    """A colleague of the analyst's, as "analyst2"."""
    colleague(world, "analyst2", name="陆小林", id_number="450000198001010099")


def family(world: World, *, by: str = "officer", **told: Any) -> tuple[TracingRequest, dict[str, Relative]]:
    """A request with its tree: "child", "mother", "father"; parents agreed."""
    request = asks(world, by=by, **told)
    child, mother, father = (one.relative for one in queries.tree(request.pk, at=world.now()).values())
    for parent in (mother, father):
        agrees(world, parent, by=by)
    return request, {"child": child, "mother": mother, "father": father}


def grandmother(world: World, kin: Mapping[str, Relative]) -> Relative:
    """The mother's mother, who agreed to nothing yet."""
    known = {"name": "莫秀珍", "life": "living", "reach": "willing"}
    return actions.add_relative(to=kin["mother"], relation="mother", state=known, by=world.actor("officer"), at=world.now())


def sample(world: World, of: Relative | Child, *, by: str = "officer", **more: Any) -> Kit:
    """A kit that was taken, sealed by two, sent and received."""
    return gone(world, ordered(world, of, by=by, **more), "taken", "sent", "received")


def somebody(chance: random.Random, sex: str = "F") -> Calls:
    """Somebody's alleles, two a locus."""
    alleles = [str(n) for n in range(8, 20)]
    return {locus: (chance.choice(alleles), chance.choice(alleles)) for locus in LOCI} | {
        "AMEL": ("X", "Y" if sex == "M" else "X")
    }


def child_of(
    one: Mapping[str, tuple[str, str]], other: Mapping[str, tuple[str, str]], chance: random.Random, sex: str = "F"
) -> Calls:
    """A child's, an allele from each parent."""
    drawn = {locus: (chance.choice(one[locus]), chance.choice(other[locus])) for locus in LOCI}
    return drawn | {"AMEL": _AMEL[sex]}


def table(samples: Mapping[str, Mapping[str, tuple[str, ...]]], *, panel: str = PANEL) -> bytes:
    """A laboratory's file: a long table of profiles."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["sample", "kit", "marker", "allele1", "allele2"])
    for name, calls in samples.items():
        for locus, alleles in calls.items():
            writer.writerow([name, panel, locus, alleles[0], alleles[-1]])
    return text.getvalue().encode()


def fill_results(world: World) -> None:
    """A file with a child's profile, odd in what it shows, and a sample that one person typed; numbers in `world.results`."""
    chance = random.Random(9)
    typed, waits = (sample(world, world.in_hospital(), by="nurse") for _ in range(2))
    theirs = somebody(chance, "M")
    few = {locus: theirs[locus] for locus in (*LOCI[:11], "AMEL")}
    told: dict[str, Any] = {"signature": None, "by": world.actor("analyst"), "at": world.now()}
    import_file(
        name="2011-07-19 run 7.csv", data=table({typed.number: few, "K562": somebody(chance)}), leave_out=["K562"], **told
    )
    second_analyst(world)
    enter(kit=waits, panel=PANEL, calls=somebody(chance), by=world.actor("analyst2"), at=world.now())
    world.results = {"typed": typed.number, "waits": waits.number}
