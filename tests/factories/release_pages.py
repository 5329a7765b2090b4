"""Releases for pages: one of each kind in a world in which everything is there once, and several for pictures. All made up."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.test.utils import override_settings
from django.utils import timezone

from factories.api_case import Things
from factories.api_cases_candidates import matched
from factories.matching import House
from factories.reunification import Return
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.children.models import Child
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.matching.actions import reading
from wayhome.casework.matching.models import Candidate
from wayhome.casework.placements import actions as placements
from wayhome.casework.reunification import tasks
from wayhome.casework.reunification.actions import afterwards, deciding, files, releasing
from wayhome.casework.reunification.models import Case, Execution, Release

ADDRESS = "广西百色市右江区向阳路108号3栋2单元501室"
FATHERS = ("李大山", "韦文康", "蒙志成", "班建国", "岑永福", "黎光明", "覃世荣", "苏福来", "潘春生")
"""Names far apart: an exclusion of one meets whoever is called alike."""
SHOWN = ("ask", "asked", "signed", "sampling", "door", "offered", "home", "frozen", "revoked")


@contextlib.contextmanager
def _index() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="wayhome-index-") as folder, override_settings(WAYHOME_INDEX=folder):
        yield


def _settled(world: World, child: Child, home: str = "home") -> Child:
    """From the police post to the institution; the doctor was told of it."""
    world.hand_over(child, "hospital", Kind.HOSPITAL, giver="officer", receiver="nurse")
    custody.clear(child=child, fit=True, level="ordinary", by=world.actor("doctor"), at=world.now())
    world.hand_over(child, home, Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
    custody.assign(child=child, staff=world.staff["doctor"], by=world.actor("supervisor"), at=world.now())
    return child


class Homeward(Return):
    """Matched together with others; the police of another province know of the child for as long as they enquire."""

    candidate: Candidate
    place = "home"

    def __init__(self, world: World, seed: int, name: str) -> None:
        House.__init__(self, world, seed, child=world.child(name))
        called = FATHERS[seed % len(FATHERS)]
        self.father = world.person(called, ("name", called), ("id", f"4526011982030400{seed:02d}"))

    def confirmed(self) -> Any:
        """By the head of the laboratory."""
        return reading.confirm(candidate=self.candidate, by=self.world.actor("lab_supervisor"), at=self.world.now())

    def in_home(self) -> None:
        """In the institution."""
        _settled(self.world, self.child, self.place)

    def enquired(self, result: str = "cleared", **more: Any) -> Any:
        """By somebody who is told of the child for it."""
        told = custody.assign(child=self.child, staff=self.world.staff["officer_gd"], **self.who("supervisor"))
        made = super().enquired(result, **more)
        custody.end_assignment(assignment=told, **self.who("supervisor"))
        return made

    def sampled_anew(self) -> None:
        """Both, and compared."""
        with _index():
            super().sampled_anew()


def homeward(world: World, names: tuple[str, ...], *, seed: int) -> list[Homeward]:
    """Houses whose match two analysts support, second samples and all."""
    houses = [Homeward(world, seed + n, name) for n, name in enumerate(names)]
    every = range(len(houses))
    for house, candidate in zip(houses, matched(world, list(houses), supported=every, second=every), strict=True):
        house.candidate = candidate
    return houses


def abroad(world: World, child: Child, *, at: datetime) -> Case:
    """A file of a return to the authority of another country, determined."""
    case = files.open_case(child_id=child.pk, authority=True, by=world.actor("caseworker"), at=at)
    made = deciding.propose_determination(
        case=case, decision="repatriate", reasons="its country asks for it", by=world.actor("caseworker"), at=at
    )
    for who in ("caseworker", "doctor", "supervisor"):
        deciding.vote(determination=made, agrees=True, by=world.actor(who), at=at)
    return case


def asks(world: World, case: Case, *, at: datetime, approved: bool = False) -> Release:
    """A release to the authority."""
    release = releasing.request_release(case=case, to=world.facilities["abroad"], by=world.actor("caseworker"), at=at)
    for who in ("supervisor", "supervisor2") if approved else ():
        releasing.approve_release(release=release, digest=release.digest, by=world.actor(who), at=at)
    return release


def offers(world: World, release: Release, *, at: datetime) -> None:
    """The first signature."""
    told = {"wristband": release.child.number, "place": "友谊关", "condition": "well"}
    releasing.offer_return(release=release, **told, by=world.actor("caseworker2"), at=at)


def some_releases(things: Things) -> None:
    """One that can be asked for, one that waits, one at the door, one whose second signature is wanted, and a family that is
    visited."""
    world, ids, now = things.world, things.ids, timezone.now()
    children = [_settled(world, world.child(name)) for name in ("小路", "小桥", "小舟", "小渡")]
    ask, asked, door, offered = (abroad(world, child, at=now) for child in children)
    ids["may_ask"] = ask.child.number
    ids["asked_release"] = asks(world, asked, at=now).pk
    ids["door"] = asks(world, door, at=now, approved=True).pk
    release = asks(world, offered, at=now, approved=True)
    offers(world, release, at=now)
    ids["offered_release"] = release.pk
    (house,) = homeward(world, ("小归",), seed=60)
    house.home()
    ids["execution"] = Execution.objects.get(release=house.release).pk


def more_releases(things: Things, i: int) -> None:
    """One more that waits for approvals, and one at the door."""
    world, now = things.world, timezone.now()
    for approved in (False, True):
        case = abroad(world, _settled(world, world.child(f"小路{i}")), at=now)
        asks(world, case, at=now, approved=approved)


def fill_releases(world: Any) -> None:
    """Releases at every step; ids in `world.releases`."""
    names = ("小岚", "小岭", "小峰 Phong", "小川", "小源", "小溪 Khê", "小归 Quy", "小冬", "小秋")
    ways = dict(zip(SHOWN, homeward(world, names, seed=60), strict=True))
    _hearth(world)
    for step, house in ways.items():
        house.place = "hearth"
        house.ready()
        if step != "ask":
            house.requested(address=ADDRESS)
        if step == "signed":
            house.approve("supervisor")
        elif step not in ("ask", "asked"):
            house.approve()
    for step in ("door", "offered", "home", "frozen"):
        ways[step].sampled_anew()
    ways["sampling"].fresh("child")
    for step in ("offered", "home", "frozen"):
        ways[step].offer(place=ADDRESS, items="her red jacket")
    for step in ("home", "frozen"):
        ways[step].complete(condition="laughs")
    custody.exclude(person=ways["frozen"].father, ground="seller", by=world.actor("officer"), at=world.now())
    releasing.revoke_release(
        release=ways["revoked"].release, note="she moves to her sister next week", by=world.actor("supervisor"), at=world.now()
    )
    execution = Execution.objects.get(release=ways["home"].release)
    day = world.clock.date()
    afterwards.visit(execution=execution, day=7, visited_on=day, found="well", by=world.actor("caseworker"), at=world.now())
    afterwards.visit(
        execution=execution,
        day=30,
        visited_on=day,
        found="worried",
        note="The grandmother says that a stranger asked after the child twice.",
        by=world.actor("caseworker"),
        at=world.now(),
    )
    away = _settled(world, world.child("小渡 Độ"), "hearth")
    there = asks(world, abroad(world, away, at=world.now()), at=world.now())
    tasks.check_samples(at=world.now())
    world.releases = {step: house.release.pk for step, house in ways.items() if step != "ask"} | {
        "ask": ways["ask"].child.number,
        "child": ways["home"].child.number,
        "execution": execution.pk,
        "abroad": there.pk,
        "episode": 4,
    }


def _hearth(world: Any) -> None:
    """An institution for these children alone: the others' rooms are as they were."""
    world.facilities["hearth"] = accounts.register_facility(
        by=world.registrars,
        at=world.now(),
        code="hearth",
        agency=world.agencies["welfare"],
        kind="welfare_institution",
        name="东兴市儿童福利院",
        address="广西东兴市兴东路15号",
        jurisdiction=world.jurisdictions["GX"],
    )
    told = {"beds": 12, "carers_day": 6, "carers_night": 6, "children_per_carer": 6, "daily_cost": 120, "funds": 10**6}
    placements.report_capacity(facility=world.facilities["hearth"], by=world.actor("caseworker"), at=world.now(), **told)
