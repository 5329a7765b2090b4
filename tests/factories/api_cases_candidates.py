"""The part of `factories.api_cases` that is about candidates: one to be read, one to be confirmed, one that is confirmed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable

from django.test.utils import override_settings

from factories.api_case import Case, Things, sends, where
from factories.kits import agrees
from factories.laboratory import sample, second_analyst
from factories.matching import House, second_sample, typed
from factories.world import World
from wayhome.casework.matching import tasks
from wayhome.casework.matching.actions import reading, reporting
from wayhome.casework.matching.models import Candidate


def matched(world: World, houses: list[House], *, supported: Iterable[int] = (), second: Iterable[int] = ()) -> list[Candidate]:
    """Everybody typed and searched, an index of its own beside; two analysts support some, of some there are second samples."""
    with tempfile.TemporaryDirectory(prefix="wayhome-index-") as folder, override_settings(WAYHOME_INDEX=folder):
        typed(world, {sample(world, house.of(who)): house.calls[who] for house in houses for who in house.calls})
        tasks.search(at=world.now())
        found = [Candidate.objects.get(child=house.child, request=house.request, end__isnull=True) for house in houses]
        if "analyst2" not in world.staff:
            second_analyst(world)
        for n in supported:
            for who in ("analyst", "analyst2"):
                reading.read(candidate=found[n], conclusion="supports", by=world.actor(who), at=world.now())
        if second:
            again = {second_sample(world, houses[n].of(who)): houses[n].calls[who] for n in second for who in houses[n].calls}
            typed(world, again)
            tasks.search(at=world.now())
            tasks.check_seconds(at=world.now())
    return found


def some_candidates(things: Things) -> None:
    """One to be read, one to be confirmed, one that is confirmed; all of children at the police post."""
    world, ids = things.world, things.ids
    houses = [House(world, seed, child=world.child(name)) for seed, name in enumerate(("小岩", "小泉", "小峰"), 1)]
    for house in houses:
        for parent in ("mother", "father"):
            agrees(world, house.kin[parent], days=10_000)
    found = matched(world, houses, supported=(1, 2), second=(1, 2))
    reading.confirm(candidate=found[2], by=world.actor("lab_supervisor"), at=world.now())
    ids["candidate"], ids["ready"], ids["confirmed"] = (one.pk for one in found)
    ids["matched"], ids["matched_child"] = houses[2].request.number, houses[2].child.number
    reporting.make_report(candidate=found[1], by=world.actor("lab_supervisor"), at=world.now())


CANDIDATES: dict[str, Case] = {
    "GET /candidates": Case("analyst", where("/candidates")),
    "GET /candidates/{id}": Case("analyst", where("/candidates/{candidate}"), foreign="analyst_gd"),
    "GET /candidates/{id}/detail": Case("analyst", where("/candidates/{candidate}/detail"), foreign="analyst_gd"),
    "POST /candidates/{id}/readings": Case(
        "analyst", where("/candidates/{candidate}/readings"), sends(conclusion="supports"), foreign="analyst_gd"
    ),
    "POST /candidates/{id}/confirmation": Case(
        "lab_supervisor", where("/candidates/{ready}/confirmation"), sends(), foreign="lab_supervisor_gd", approves=True
    ),
    "POST /candidates/{id}/confirmation/end": Case(
        "lab_supervisor",
        where("/candidates/{confirmed}/confirmation/end"),
        sends(reason="the wrong tube"),
        foreign="lab_supervisor_gd",
        approves=True,
    ),
    "GET /children/{number}/families-without-dna": Case(
        "analyst", where("/children/{matched_child}/families-without-dna"), foreign="analyst_gd"
    ),
    "GET /candidates/{id}/reports": Case("analyst", where("/candidates/{ready}/reports"), foreign="analyst_gd"),
    "POST /candidates/{id}/reports": Case(
        "lab_supervisor", where("/candidates/{ready}/reports"), sends(), foreign="lab_supervisor_gd", approves=True
    ),
    "GET /candidates/{id}/reports/{n}/{language}": Case(
        "analyst", where("/candidates/{ready}/reports/1/vi"), foreign="analyst_gd"
    ),
    "GET /tracing-requests/{number}/search": Case("officer", where("/tracing-requests/{matched}/search"), foreign="officer_gd"),
}
