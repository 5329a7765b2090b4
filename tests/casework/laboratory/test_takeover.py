"""A base that was kept before comes into the house, under every guard."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from factories.world import World
from wayhome import kinship
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.core.errors import Invalid, NotAllowed, Refused
from wayhome.casework.families.models import Consent, TracingRequest
from wayhome.casework.families.queries import tree
from wayhome.casework.laboratory.actions import takeover
from wayhome.casework.laboratory.actions.takeover import Household, Member, Paper, take_over
from wayhome.casework.laboratory.models import Kit, RelativeProfile
from wayhome.casework.laboratory.queries import opened
from wayhome.casework.operations.actions import record_person

TOLD: dict[str, Any] = {
    "child_name": "DNA 2009 0001",
    "sex": "U",
    "born_from": date(2008, 1, 1),
    "born_to": date(2008, 2, 1),
    "lost_from": date(2008, 5, 1),
    "lost_to": date(2008, 5, 9),
    "place": "广西",
    "where": None,
    "cause": "unknown",
    "circumstances": "",
    "looks": "",
    "blood_group": "",
}


def households(n: int, world: World) -> list[Household]:
    model = kinship.PopulationModel(kinship.population("china"))
    base = kinship.simulate_base(n, model, loci=["FGA", "TH01", "D8S1179"], seed=4, shapes={"couple": 1.0}, found=0.0)
    day = world.clock.date()
    paper = Paper("x", day - timedelta(300), day + timedelta(3000), "2009/1")
    made = []
    for family in base.families:
        members = [
            Member(
                one.id, one.sex, "", one.mother, one.father, paper if one.id in family.profiles else None,
                family.profiles.get(one.id),
            )
            for one in family.pedigree
        ]  # fmt: skip
        made.append(Household(TOLD, members, family.missing))
    return made


def taken(world: World, some: list[Household], **changes: Any) -> takeover.TakenOver:
    keeper = record_person(label="2009", facts=[("name", "全国打拐DNA库")], by=world.actor("officer"), at=world.now(), source="x")
    named: dict[str, Any] = {
        "source": "base of 2009", "sha256": "f" * 64, "keeper": keeper, "witness": world.staff["officer2"],
        "laboratory": world.actor("analyst"), "by": world.actor("officer"), "at": world.now(),
    }  # fmt: skip
    return take_over(some, **(named | changes))


def test_families_come_in_as_if_entered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(takeover, "AT_ONCE", 2)
    some = households(3, world)
    steps: list[tuple[int, int]] = []
    done = taken(world, some, progress=lambda *step: steps.append(step))
    assert (len(done.numbers), done.samples, steps) == (3, 6, [(2, 3), (3, 3)])
    for number, one in zip(done.numbers, some, strict=True):
        kin = tree(number, at=world.now())
        assert [member.relative.missing for member in kin.values()] == [True, False, False]
        child = next(iter(kin.values()))
        assert {kin[child.mother].relative.sex, kin[child.father].relative.sex} == {"F", "M"}  # type: ignore[index]
        rows = RelativeProfile.objects.filter(kit__relative__request=number).select_related("kit")
        genotypes = [dict(profile.genotypes) for profile in opened.relatives(rows).values()]
        assert {member.id for member in one.members if member.profile} == {"father", "mother"}
        assert all(dict(member.profile.genotypes) in genotypes for member in one.members if member.profile)
    assert Kit.objects.count() == Consent.objects.count() == 6
    assert [json.loads(event.data)["families"] for event in AuditEvent.objects.filter(action="laboratory.take_over")] == [2, 1]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"paper": None}, "mother", "no_consent"),
        ({"paper": Paper("x", date(2001, 1, 1), date(2002, 1, 1), "x")}, "mother", "over_already"),
        ({"mother": "aunt"}, "mother", "relative_struck"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(world: World, change: dict[str, Any], field: str, code: str) -> None:
    some = households(2, world)
    members = [replace(one, **change) if one.id == field else one for one in some[1].members]
    with pytest.raises(Invalid) as wrong:
        taken(world, [some[0], replace(some[1], members=members)])
    assert (wrong.value.fields[field], wrong.value.data["household"]) == (code, 2)
    assert not TracingRequest.objects.exists()


def test_who_may(world: World) -> None:
    some = households(1, world)
    for changes in ({"by": world.actor("analyst")}, {"laboratory": world.actor("officer")}, {"by": world.actor("nurse")}):
        with pytest.raises(NotAllowed):
            taken(world, some, **changes)
    with pytest.raises(Refused):
        taken(world, some, witness=world.staff["officer"])
    assert not TracingRequest.objects.exists()
