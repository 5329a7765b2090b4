"""Candidates for pictures, at every step of their way. All people are made up."""

from __future__ import annotations

import copy

from factories.api_cases_candidates import matched
from factories.laboratory import child_of
from factories.matching import House
from factories.world import World
from wayhome.casework.audit.models import Alarm
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import Consent
from wayhome.casework.matching.actions import reading, reporting

NAMES = ("小岩", "小泉", "小峰", "小川", "小禾", "小舟", "小溪")


def mutated(house: House, locus: str = "FGA") -> None:
    """The child shares no allele with its mother there: hers became one repeat longer."""
    mother, father = house.calls["mother"][locus], house.calls["father"][locus]
    near = next(one for one in (str(int(float(label)) + 1) for label in mother) if one not in mother)
    house.calls["child"][locus] = (near, next((one for one in father if one not in mother), father[0]))


def fill_candidates(world: World) -> None:
    """Strong with a mutation, one parent alone, supported, to be confirmed, two that contradict each other, erased."""
    houses = [House(world, 20 + n, child=world.child(name)) for n, name in enumerate(NAMES)]
    strong, alone, read, _ready, one, other, erased = houses
    mutated(strong)
    del alone.calls["father"]
    # A brother or sister of the child before, and of its request: both cannot be the one that is looked for.
    other.request, other.kin = one.request, one.kin
    other.calls = {"child": child_of(one.calls["mother"], one.calls["father"], copy.copy(one.chance), other.child.sex)}
    found = matched(world, houses, supported=(2, 3, 4, 5), second=(3, 4, 5))
    reading.read(candidate=found[0], conclusion="insufficient", note="FGA", by=world.actor("analyst2"), at=world.now())
    for n in (4, 5):
        reading.confirm(candidate=found[n], by=world.actor("lab_supervisor"), at=world.now())
    reporting.make_report(candidate=found[2], by=world.actor("lab_supervisor"), at=world.now())
    consent = Consent.objects.filter(relative=erased.kin["mother"]).latest("pk")
    families.withdraw_consent(consent=consent, by=world.actor("officer"), at=world.now())
    names = ("strong", "alone", "read", "ready", "frozen", "other", "erased")
    world.candidates = dict(zip(names, (row.pk for row in found), strict=True))
    world.found = {"child": one.child.number, "request": one.request.number, "read": read.request.number}
    world.frozen_alarm = Alarm.objects.filter(kind="match_frozen").latest("pk").pk
