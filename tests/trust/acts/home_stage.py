"""Children on their way home: a candidate at every step to its confirmation, a return at every step to the visit."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable
from typing import Any

from django.test import override_settings

from factories.laboratory import child_of
from factories.reunification import Return
from factories.world import RAID, World, small_world
from trust.acts.bench import START, numbered
from trust.acts.stage import Stage
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.custody import actions as custody
from wayhome.casework.matching.actions import reading
from wayhome.casework.matching.models import Candidate
from wayhome.casework.operations import actions as operations
from wayhome.casework.reunification.actions import files

PROPOSED = ("proposed", "read", "differing", "supported", "second")


class HomeStage(Stage):
    """`it` holds houses by name; each case gets one of its own, so that what it remembers is not the next one's."""

    def house(self, name: str) -> Return:
        """A house, as far as its name says."""
        return copy.copy(self.it[name])

    def candidate(self, name: str) -> Candidate:
        """Its candidate that stands, or the last."""
        house = self.it[name]
        return Candidate.objects.filter(child=house.child, request=house.request).order_by("-pk")[0]


def set_home_stage() -> HomeStage:
    """Make it all."""
    world = small_world()
    world.clock = START
    with numbered(90_000_001), tempfile.TemporaryDirectory() as folder, override_settings(WAYHOME_INDEX=folder):
        return HomeStage(world, _filled(world))


def _filled(world: World) -> dict[str, Any]:
    it: dict[str, Any] = {}
    _found_in_a_town(world)
    steps: dict[str, Callable[[Return], object]] = {
        "proposed": Return.proposed,
        "read": Return.proposed,
        "differing": Return.proposed,
        "supported": Return.supported,
        "second": Return.second,
        "matched": lambda house: (house.confirmed(), house.in_home()),
        "opened": Return.opened,
        "ready": Return.ready,
        "asked": lambda house: (house.ready(), house.requested(), house.approve("supervisor")),
        "approved": Return.approved,
        "door": Return.at_the_door,
        "signed": lambda house: (house.at_the_door(), house.offer()),
        "home": Return.home,
        "frozen": Return.home,
    }
    for n, (name, brought) in enumerate(steps.items(), 1):
        it[name] = house = a_house(world, n)
        brought(house)
    for name, first in (("read", "excludes"), ("differing", "supports")):
        reading.read(candidate=_of(it[name]), conclusion=first, note="FGA", by=world.actor("analyst"), at=world.now())
    reading.read(candidate=_of(it["differing"]), conclusion="excludes", note="FGA", by=world.actor("analyst2"), at=world.now())
    it["frozen"].enquired("involved", signed=False)
    it["abroad"] = _abroad(world)
    it["sibling"] = _sibling(world, it["matched"])
    return it


def _of(house: Return) -> Candidate:
    return Candidate.objects.get(child=house.child, request=house.request, end__isnull=True)


def _found_in_a_town(world: World) -> None:
    """The children are, below the province to which everybody who works for them belongs."""
    names = {"name_en": "Baise", "name_zh": "百色", "name_vi": "Bách Sắc"}
    town = accounts.add_jurisdiction(code="BS", kind="city", parent=world.jurisdictions["GX"], **names)
    world.jurisdictions["BS"] = town
    assert world.operation is not None
    told = {"operation": world.operation, "jurisdiction": town, "place": "广西百色市右江区江滨路9号", "found_at": RAID}
    world.event = operations.record_rescue(**told, by=world.actor("officer"), at=world.now())


def a_house(world: World, n: int, **more: Any) -> Return:
    """Of people of its own."""
    house = Return(world, n, inquirer=[("name", f"韦{n}"), ("phone", f"1387700{n:04}")], child_name=f"莫{n}", **more)
    house.father = world.person(f"father {n}", ("name", f"莫大{n}"), ("id", f"4526011982{n:08}"), ("phone", f"1397700{n:04}"))
    return house


def _abroad(world: World) -> Return:
    """A child for its own country's authority, the first signature given."""
    house = copy.copy(a_house(world, 70))
    house.child = world.in_home()
    custody.assign(child=house.child, staff=world.staff["doctor"], by=world.actor("supervisor"), at=world.now())
    house.case = files.open_case(child_id=house.child.pk, authority=True, by=world.actor("caseworker"), at=world.now())
    house.determined("repatriate")
    house.requested(recipients=[], household=[], address="", to=world.facilities["abroad"])
    house.approve()
    house.offer(recipient=None)
    return house


def _sibling(world: World, of: Return) -> Return:
    """Another child that fits the family of a match: both cannot be the one that is looked for."""
    house = a_house(world, 71)
    house.request, house.kin = of.request, of.kin
    house.calls = of.calls | {"child": child_of(of.calls["mother"], of.calls["father"], house.chance, house.child.sex)}
    house.sampled("child")
    house.search()
    candidate = _of(house)
    for who in ("analyst", "analyst2"):
        reading.read(candidate=candidate, conclusion="supports", by=world.actor(who), at=world.now())
    house.sampled("child", second=True)
    house.search()
    return house
