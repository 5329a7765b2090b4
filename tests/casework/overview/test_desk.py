"""The ministry's desk and all clocks: counted against what was done, in as many questions for many children as for a few."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from factories.world import World
from wayhome.casework.audit.queries import open_alarms
from wayhome.casework.children import actions as children
from wayhome.casework.core.errors import NotAllowed
from wayhome.casework.custody.rules import Kind
from wayhome.casework.overview.queries.clocks import clocks, every_clock
from wayhome.casework.overview.queries.desk import children_at, desk
from wayhome.casework.overview.rules.clocks import NOTICE, TO_INSTITUTION
from wayhome.casework.overview.rules.desk import NEVER, STEPS, budget, step_times, ways_of
from wayhome.casework.overview.tasks import raise_up
from wayhome.casework.reunification.actions import afterwards

DAY = timedelta(days=1)


def kinds(world: World, who: str, *, at: datetime, kind: str = "") -> list[tuple[str, bool]]:
    return [(one.kind, one.overdue(at)) for one, _ in clocks(world.actor(who), at=at, kind=kind).rows]


# The way home. ---------------------------------------------------------------------------------------------------------------


@given(st.lists(st.dictionaries(st.sampled_from(STEPS[1:]), st.integers(0, 700), max_size=8), min_size=1, max_size=4))
def test_steps_add_up_to_the_whole_way(children: list[dict[str, int]]) -> None:
    """However steps come: what each took adds up to the time from the rescue to the last of them."""
    moments = np.array([[1000, *(1000 + days[step] if step in days else NEVER for step in STEPS[1:])] for days in children])
    ways = ways_of(moments)
    for days, took, following, since in zip(children, ways.took, ways.following, ways.since, strict=True):
        assert took[took != NEVER].sum() == since - 1000 == max(days.values(), default=0)
        assert {step for step, one in zip(STEPS[1:], took, strict=True) if one != NEVER} == days.keys()
        assert following == max((STEPS.index(step) for step in days), default=0) + 1


def test_half_of_the_children_took_up_to_the_median() -> None:
    day = DAY // timedelta(microseconds=1)
    moments = np.array([[0, n * day, *[NEVER] * 7] for n in (1, 2, 3, 10)])
    cleared, placed, *others = step_times(ways_of(moments), gone=np.array([False, False, False, True]), at=12 * day)
    assert (cleared.done, cleared.quarter, cleared.median, cleared.three_quarters) == (4, 1.5, 2.5, 6.5)
    assert (cleared.waiting, cleared.longest) == (0, None)
    assert (placed.done, placed.median, placed.waiting, placed.longest) == (0, None, 3, 11.0)
    assert not any(one.waiting for one in others)


def test_the_budget_is_the_same_for_each_search_however_large_the_base() -> None:
    small, large = budget(100, 20_000), budget(100, 30_000_000)
    assert (small.leads, small.reports) == (large.leads, large.reports) == (pytest.approx(1.0), pytest.approx(0.01))
    assert large.lead_log10_lr - small.lead_log10_lr == pytest.approx(3.176, abs=0.001), "the threshold grows instead"


# The desk. -------------------------------------------------------------------------------------------------------------------


def test_children_are_counted_where_they_were_rescued(world: World) -> None:
    ward, home, found = world.in_hospital(cleared=True), world.in_home(), world.child()
    at = world.now()
    told = desk(world.actor("supervisor"), at=at)
    ((place, counts),) = told.places
    assert (place.code, counts) == ("GX", {"hospital": 1, "welfare_institution": 1, "police": 1})
    assert (told.counted, told.short.waiting) == (3, 1)
    by_step = {one.step: one for one in told.steps}
    assert (by_step["cleared"].done, by_step["cleared"].waiting) == (2, 1)
    assert (by_step["placed"].done, by_step["placed"].waiting) == (1, 1)
    assert (by_step["sampled"].done, by_step["sampled"].waiting) == (0, 1)
    for asked, child in (({"kind": "police"}, found), ({"step": "placed"}, ward), ({"step": "sampled", "province": "GX"}, home)):
        (row,) = children_at(world.actor("supervisor"), at=at, **asked)
        assert row[0].child_id == child.pk
    assert children_at(world.actor("supervisor"), at=at, province="GD") == []
    with pytest.raises(NotAllowed):
        desk(world.actor("officer"), at=at)
    with pytest.raises(NotAllowed):
        children_at(world.actor("placement"), at=at)


def test_another_country_sees_none_of_it(world: World) -> None:
    world.child()
    vietnam = replace(world.actor("supervisor"), agency_id=0, jurisdiction="/VN/")
    told = desk(vietnam, at=world.now())
    assert (told.places, told.counted, dict(told.overdue)) == ([], 0, {})
    assert children_at(vietnam, at=world.now()) == []
    assert clocks(vietnam, at=world.now() + 400 * DAY).rows == []


def test_no_more_questions_for_more_children(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk(world.actor("supervisor"), at=world.clock + 40 * DAY)
            clocks(world.actor("supervisor"), at=world.clock + 40 * DAY)
        return len(queries)

    world.in_hospital(cleared=True)
    world.in_home()
    asked()
    before = asked()
    for _ in range(3):
        world.in_hospital(cleared=True)
        world.in_home()
    assert asked() == before


# Clocks. ---------------------------------------------------------------------------------------------------------------------


def test_each_clock_runs_from_its_moment(world: World) -> None:
    child = world.child()
    rescued = child.event.found_at
    assert kinds(world, "officer", at=rescued + timedelta(hours=1)) == [
        ("hospital", False),
        ("placement", False),
        ("one_month", False),
    ]
    late = kinds(world, "officer", at=rescued + timedelta(hours=24))
    assert late == [("hospital", True), ("placement", True), ("one_month", False)]
    assert kinds(world, "officer_gd", at=rescued + timedelta(hours=24)) == [], "another police's"
    assert kinds(world, "supervisor", at=rescued + timedelta(hours=24)) == late
    assert dict(clocks(world.actor("supervisor"), at=rescued + 40 * DAY).overdue) == {
        "hospital": 1, "placement": 1, "one_month": 1,
    }  # fmt: skip
    assert kinds(world, "supervisor", at=rescued + 40 * DAY, kind="one_month") == [("one_month", True)]


def test_a_child_that_fell_ill_in_its_home_has_a_place(world: World) -> None:
    child = world.in_home()
    world.hand_over(child, "hospital", Kind.HOSPITAL, giver="caseworker", receiver="nurse")
    assert kinds(world, "nurse", at=world.clock + 3 * DAY, kind="placement") == []
    other = world.in_hospital()
    assert [one.child for one, _ in clocks(world.actor("nurse"), at=world.clock + 3 * DAY, kind="placement").rows] == [other.pk]


def test_seven_days_from_the_end_of_the_notice_to_an_institution(world: World) -> None:
    child = world.in_hospital(cleared=True)
    world.has_room("relief", "home")
    world.hand_over(child, "relief", Kind.RELIEF_STATION, giver="nurse", receiver="caseworker")
    at = world.clock
    assert kinds(world, "caseworker", at=at + 400 * DAY, kind="relief_station") == [], "no notice was published"
    afterwards.publish_notice(
        child=child, published_on=at.date(), published_in="Guangxi Daily", by=world.actor("officer"), at=(noticed := world.now())
    )
    due = noticed + NOTICE + TO_INSTITUTION
    ((told, who),) = clocks(world.actor("caseworker"), at=due - timedelta(minutes=1)).rows[:1]
    assert (told.kind, told.due, told.overdue(due - timedelta(minutes=1)), told.overdue(due)) == (
        "relief_station",
        due,
        False,
        True,
    )
    assert who == child
    world.clock = due + DAY
    world.has_room("home")
    world.hand_over(child, "home", Kind.WELFARE_INSTITUTION, giver="caseworker", receiver="caseworker2")
    assert kinds(world, "caseworker", at=world.now(), kind="relief_station") == []


def test_the_second_certificate_follows_on_the_first(world: World) -> None:
    child = world.in_home()
    by: dict[str, Any] = {"by": world.actor("officer")}
    year = world.clock + 366 * DAY
    assert ("twelve_months", True) not in kinds(world, "officer", at=year)
    world.clock += 31 * DAY
    afterwards.certify(child=child, kind="one_month", document="x", at=world.clock, **by)
    assert kinds(world, "officer", at=year) == [("twelve_months", True)]


def test_an_offer_that_nobody_answers(world: World) -> None:
    child = world.child()
    world.offer(child, "hospital", Kind.HOSPITAL, giver="officer")
    (told,) = clocks(world.actor("nurse"), at=world.clock, kind="offer").rows
    assert (told[0].agency_name, told[0].due) == (world.facilities["hospital"].agency.name, world.clock + timedelta(hours=2))


def test_the_worker_sees_everybodys(world: World) -> None:
    world.child()
    rows, overdue = every_clock(at=world.clock + 40 * DAY, ahead=timedelta())
    assert {one.kind for one in rows} == set(overdue) == {"hospital", "placement", "one_month"}
    assert [one.due for one in rows] == sorted(one.due for one in rows)


def test_an_overdue_clock_goes_up_step_by_step_and_once(world: World) -> None:
    child = world.child()
    rescued = child.event.found_at
    officer, ministry = world.actor("officer"), world.actor("supervisor")

    def raised(hours: float) -> list[tuple[int, str, str]]:
        return [(one.level, one.code, one.jurisdiction) for one in raise_up(at=rescued + timedelta(hours=hours))]

    place = world.facilities["post"].jurisdiction.path
    assert raised(3.9) == []
    assert raised(4) == [(2, "hospital", place)], "two hours, and two more"
    assert raised(7.9) == []
    assert raised(8) == [(3, "hospital", "/CN/")]
    assert raised(47.9) == []
    assert raised(48) == [(2, "placement", place)]
    assert raised(96) == [(3, "placement", "/CN/")]
    assert raised(97) == [], "each once"
    assert {one.kind for one in open_alarms(ministry)} == {"clock_up"}
    assert open_alarms(officer).count() == 0, "the agency itself was told when it was due"
    assert [one.child_id for one in open_alarms(ministry)] == [child.pk] * 4


def test_what_is_done_in_time_goes_nowhere(world: World) -> None:
    child = world.in_hospital(cleared=True)
    assert raise_up(at=child.event.found_at + timedelta(hours=24)) == []
    world.has_room("home")
    world.hand_over(child, "home", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
    assert raise_up(at=child.event.found_at + 29 * DAY) == []
    assert [one.code for one in raise_up(at=child.event.found_at + 32 * DAY)] == ["one_month"]


def test_a_record_that_was_merged_away_has_no_clock(world: World) -> None:
    kept, double = world.child(), world.child()
    at = world.clock + 40 * DAY
    assert len(clocks(world.actor("officer"), at=at).rows) == 6
    step = children.propose_merge(kept=kept, absorbed=double, reason="x", by=world.actor("officer"), at=world.now())
    children.confirm_merge(step=step, by=world.actor("officer2"), at=world.now())
    assert {one.child for one, _ in clocks(world.actor("officer"), at=at).rows} == {kept.pk}
    told = desk(world.actor("supervisor"), at=at)
    assert (told.places[0][1], told.counted) == ({"police": 1}, 1)
