"""The part of `factories.api_cases` that is about returns: a child at each step of its way home. All people are made up."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.test.utils import override_settings
from django.utils import timezone

from factories.api_case import Case, Things, sends, soon, where
from factories.api_cases_candidates import matched
from factories.matching import second_sample, typed
from factories.reunification import ADDRESS, Return
from factories.world import World
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.matching import tasks as searching
from wayhome.casework.matching.actions import reading
from wayhome.casework.matching.models import Candidate
from wayhome.casework.reunification import tasks
from wayhome.casework.reunification.actions import files

STEPS = ("to_open", "open", "ready", "asked", "door", "offered", "home")


class Matched(Return):
    """A return whose match was made together with others, and which the police of another province enquires into once."""

    candidate: Candidate

    def confirmed(self) -> Any:
        """By the head of the laboratory."""
        return reading.confirm(candidate=self.candidate, by=self.world.actor("lab_supervisor"), at=self.world.now())

    def in_home(self) -> None:
        """Cleared, and in the institution, which said already that it has room; the doctor was told of it."""
        custody.clear(child=self.child, fit=True, level="ordinary", **self.who("doctor"))
        self.world.hand_over(self.child, "home", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
        custody.assign(child=self.child, staff=self.world.staff["doctor"], **self.who("supervisor"))

    def enquired(self, result: str = "cleared", **more: Any) -> Any:
        """By somebody who knows of the child for as long as that takes."""
        told = custody.assign(child=self.child, staff=self.world.staff["officer_gd"], **self.who("supervisor"))
        made = super().enquired(result, **more)
        custody.end_assignment(assignment=told, **self.who("supervisor"))
        return made


def returns(world: World, steps: Iterable[str] = STEPS, *, seed: int = 70) -> dict[str, Matched]:
    """A child at each of some steps, by the machine's clock: releases and samples for a handover do not last."""
    kept, world.clock = world.clock, timezone.now() - timedelta(days=3)
    ways = {step: Matched(world, seed + n) for n, step in enumerate(steps)}
    everybody = range(len(ways))
    world.has_room("home")
    found = matched(world, list(ways.values()), supported=everybody, second=everybody)
    for way, candidate in zip(ways.values(), found, strict=True):
        way.candidate = candidate
    for step, way in ways.items():
        if step == "to_open":
            way.confirmed()
            way.in_home()
            continue
        way.opened()
        if step == "open":
            _half(way)
            continue
        way.verified()
        way.enquired()
        way.determined()
        if step != "ready":
            way.requested()
        if step not in ("ready", "asked"):
            way.approve()
    _to_the_door([ways[step] for step in ("door", "offered", "home") if step in ways])
    for step in ("offered", "home"):
        if step in ways:
            ways[step].offer()
    if "home" in ways:
        ways["home"].complete()
    assert world.clock < timezone.now()
    world.clock = kept
    return ways


def _half(way: Matched) -> None:
    """A row, a detail nobody was asked yet, a suit, an enquiry that nobody signed, a determination that nobody voted on."""
    way.evidence("interview", "unclear")
    files.hold_back(case=way.case, question="what was sewn into the jacket", answer="a red thread", **way.who("officer2"))
    way.enquired("involved", signed=False)
    way.enquired(signed=False)
    way.determined(panel=())


def _to_the_door(ways: list[Matched]) -> None:
    """Samples of the children and of whoever receives them, taken again and compared."""
    if not ways:
        return
    world = ways[0].world
    with tempfile.TemporaryDirectory(prefix="wayhome-index-") as folder, override_settings(WAYHOME_INDEX=folder):
        typed(world, {second_sample(world, way.of(who)): way.calls[who] for way in ways for who in ("child", "mother")})
        searching.search(at=world.now())
    assert tasks.check_samples(at=world.now()) == len(ways)


def some_returns(things: Things) -> None:
    """A child at each step."""
    ids, ways = things.ids, returns(things.world)
    for step, way in ways.items():
        ids[f"return_{step}"] = way.child.number
        if step != "to_open":
            ids[f"file_{step}"] = way.case.pk
        if step in ("asked", "door", "offered", "home"):
            ids[f"release_{step}"], ids[f"digest_{step}"] = way.release.pk, way.release.digest
    half = ways["open"].case
    ids["held_back"] = half.held_back.get().pk
    ids["enquiry"] = half.enquiries.get(n=2).pk
    ids["suit"] = half.enquiries.get(n=1).guardianship.pk
    ids["determination"] = half.determinations.get().pk
    ids["recipient"] = ways["ready"].kin["mother"].pk
    ids["receiver"] = ways["door"].mother.pk
    ids["way_request"] = ways["home"].request.number


def _today(_things: Things) -> str:
    return soon()[:10]


RETURNS: dict[str, Case] = {
    "GET /return-files": Case("caseworker", where("/return-files")),
    "GET /return-files-to-open": Case("caseworker", where("/return-files-to-open")),
    "POST /children/{number}/return-files": Case(
        "caseworker", where("/children/{return_to_open}/return-files"), sends(), foreign="caseworker_gd"
    ),
    "GET /return-files/{id}": Case("caseworker", where("/return-files/{file_open}"), foreign="caseworker_gd"),
    "POST /return-files/{id}/evidence": Case(
        "caseworker",
        where("/return-files/{file_open}/evidence"),
        sends(kind="document", who="韦小兰", held_on=_today, outcome="supports"),
        foreign="caseworker_gd",
    ),
    "POST /return-files/{id}/held-back": Case(
        "officer",
        where("/return-files/{file_open}/held-back"),
        sends(question="who slept in the next bed", answer="her cousin"),
        foreign="officer_gd",
    ),
    "POST /held-back/{id}/reply": Case(
        "caseworker", where("/held-back/{held_back}/reply"), sends(said="a red thread", matches=True), foreign="caseworker_gd"
    ),
    "POST /return-files/{id}/enquiries": Case(
        "officer",
        where("/return-files/{file_open}/enquiries"),
        sends(result="involved", note="the seller named her father"),
        foreign="officer_gd",
    ),
    "POST /enquiries/{id}/countersignature": Case(
        "supervisor", where("/enquiries/{enquiry}/countersignature"), foreign="supervisor_vn", approves=True
    ),
    "POST /guardianships/{id}/end": Case(
        "supervisor",
        where("/guardianships/{suit}/end"),
        sends(outcome="kept", document="桂民2026-3"),
        foreign="supervisor_vn",
        approves=True,
    ),
    "POST /return-files/{id}/determinations": Case(
        "caseworker",
        where("/return-files/{file_open}/determinations"),
        sends(decision="stay", reasons="the suit goes on"),
        foreign="caseworker_gd",
    ),
    "POST /determinations/{id}/votes": Case(
        "doctor", where("/determinations/{determination}/votes"), sends(agrees=True), foreign="doctor_gd", approves=True
    ),
    "POST /return-files/{id}/releases": Case(
        "caseworker",
        where("/return-files/{file_ready}/releases"),
        sends(recipients=lambda t: [t.recipient], household=lambda t: [t.carer], address=ADDRESS),
        foreign="caseworker_gd",
    ),
    "GET /releases/{id}": Case("caseworker", where("/releases/{release_asked}"), foreign="caseworker_gd"),
    "POST /releases/{id}/approvals": Case(
        "supervisor",
        where("/releases/{release_asked}/approvals"),
        sends(digest=lambda t: t.digest_asked),
        foreign="supervisor_vn",
        approves=True,
    ),
    "POST /releases/{id}/revocation": Case(
        "caseworker", where("/releases/{release_asked}/revocation"), sends(note="the house burned"), foreign="caseworker_gd"
    ),
    "POST /releases/{id}/offer": Case(
        "caseworker",
        where("/releases/{release_door}/offer"),
        sends(recipient=lambda t: t.receiver, wristband=lambda t: t.return_door, place=ADDRESS, condition="well"),
        foreign="caseworker_gd",
    ),
    "POST /releases/{id}/completion": Case(
        "caseworker",
        where("/releases/{release_offered}/completion"),
        sends(wristband=lambda t: t.return_offered),
        foreign="caseworker_gd",
    ),
    "POST /releases/{id}/visits": Case(
        "caseworker",
        where("/releases/{release_home}/visits"),
        sends(day=7, visited_on=_today, found="well"),
        foreign="caseworker_gd",
    ),
    "POST /children/{number}/notices": Case(
        "caseworker",
        where("/children/{home}/notices"),
        sends(published_on=_today, published_in="广西日报"),
        foreign="caseworker_gd",
    ),
    "POST /children/{number}/certificates": Case(
        "officer", where("/children/{home}/certificates"), sends(kind="one_month", document="东公2011-7"), foreign="officer_gd"
    ),
    "GET /children/{number}/papers/{kind}/{language}": Case(
        "caseworker", where("/children/{home}/papers/notice/vi"), foreign="caseworker_gd"
    ),
    "GET /children/{number}/adoption-gate": Case("caseworker", where("/children/{home}/adoption-gate"), foreign="caseworker_gd"),
    "GET /tracing-requests/{number}/return": Case(
        "officer", where("/tracing-requests/{way_request}/return"), foreign="officer_gd"
    ),
}
