"""Working days: a year as its notice has it, counted once another agrees, and never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from factories.calendars import NOTICE, agreed_year, year
from factories.world import World, small_world
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.overview.actions.calendar import approve_calendar, enter_calendar
from wayhome.casework.overview.models import CalendarYear
from wayhome.casework.overview.queries.calendar import calendars_of, years_of
from wayhome.casework.overview.queries.clocks import clocks
from wayhome.casework.overview.rules.calendar import MissingYear, Year, last_working_day, works
from wayhome.casework.overview.rules.clocks import OFFICE, Clock, with_offices
from wayhome.casework.reunification.rules import SHANGHAI

DAY = timedelta(days=1)
OCTOBER_1 = date(2026, 10, 1)


@pytest.fixture
def world(db: None) -> World:
    return small_world()


def enter(world: World, who: str = "supervisor", of: Year | None = None, source: str = NOTICE) -> CalendarYear:
    return enter_calendar(calendar=of or year(2011), source=source, by=world.actor(who), at=world.now())


def agree(world: World, made: CalendarYear, who: str = "supervisor2") -> None:
    approve_calendar(calendar=made, by=world.actor(who), at=world.now())


# The days. ---------------------------------------------------------------------------------------------------------------------


def test_working_days() -> None:
    one = {2026: year(2026)}
    assert [works(date(2026, 9, day), one) for day in (25, 26, 27, 28)] == [True, False, True, True], "a Sunday is worked"
    assert not any(works(OCTOBER_1 + n * DAY, one) for n in range(7))
    assert last_working_day(date(2026, 10, 7), one) == date(2026, 9, 30)
    assert last_working_day(date(2026, 10, 8), one) == date(2026, 10, 8)
    assert last_working_day(date(2026, 9, 27), one) == date(2026, 9, 27)
    assert last_working_day(date(2026, 9, 26), one) == date(2026, 9, 25)
    friday_too = {2026: year(2026, weekend=(5, 6))}
    assert last_working_day(date(2026, 9, 18), friday_too) == date(2026, 9, 17)
    assert last_working_day(date(2026, 9, 20), friday_too) == date(2026, 9, 20)


def test_a_missing_year_is_said_and_not_guessed() -> None:
    one = {2026: year(2026)}
    for day, missing in ((date(2027, 3, 3), 2027), (date(2026, 1, 1), 2025), (date(2025, 12, 31), 2025)):
        with pytest.raises(MissingYear) as raised:
            last_working_day(day, one)
        assert raised.value.year == missing


def test_written_and_read() -> None:
    assert Year.from_json(2026, year(2026).to_json()) == year(2026)


def a_clock(kind: str, due: datetime) -> Clock:
    return Clock(kind, "child:1", 1, 1, "x", "/CN/GX/", due - 30 * DAY, due, "1")


def test_only_what_an_office_does_has_a_last_working_day_and_none_runs_longer() -> None:
    holiday = datetime(2026, 10, 3, 12, tzinfo=SHANGHAI)
    for kind in OFFICE:
        told = with_offices(a_clock(kind, holiday), {2026: year(2026)}, SHANGHAI)
        assert (told.act_by, told.missing, told.due) == (date(2026, 9, 30), 0, holiday)
        assert with_offices(a_clock(kind, holiday), {}, SHANGHAI).missing == 2026
        open_then = a_clock(kind, holiday + 7 * DAY - timedelta(hours=36))
        assert with_offices(open_then, {2026: year(2026)}, SHANGHAI) == open_then
    for kind in ("hospital", "offer", "placement", "kit"):
        assert with_offices(a_clock(kind, holiday), {}, SHANGHAI) == a_clock(kind, holiday), "also on a holiday"
    # In Shanghai it is the first of October already.
    evening = datetime(2026, 9, 30, 17, tzinfo=UTC)
    assert with_offices(a_clock("visit", evening), {2026: year(2026)}, SHANGHAI).act_by == date(2026, 9, 30)


# Entered by one, agreed to by another. -----------------------------------------------------------------------------------------


def test_it_counts_when_another_agreed_and_the_last_one_stands(world: World) -> None:
    first = enter(world)
    assert years_of(world.actor("supervisor")) == {}, "one person alone changes nothing"
    agree(world, first)
    assert years_of(world.actor("officer")) == {2011: year(2011)}
    corrected = replace(year(2011), opened={})
    second = enter(world, of=corrected)
    assert years_of(world.actor("officer")) == {2011: year(2011)}
    agree(world, second)
    assert years_of(world.actor("officer")) == {2011: corrected}
    assert list(calendars_of(world.actor("supervisor"))) == [second, first]
    abroad = replace(world.actor("supervisor"), jurisdiction="/VN/")
    assert years_of(abroad) == {}
    assert list(calendars_of(abroad)) == []
    with pytest.raises(NotFound):
        approve_calendar(calendar=second, by=abroad, at=world.now())


def test_the_page_of_clocks_tells_it(world: World) -> None:
    child = world.in_hospital(cleared=True)
    day_of_month = child.event.found_at + 30 * DAY
    by = world.actor("supervisor")

    def told() -> Clock:
        return next(one for one, _ in clocks(by, at=day_of_month - 2 * DAY, kind="one_month").rows)

    due = told().due.astimezone(SHANGHAI).date()
    assert (told().missing, told().act_by) == (2011, None)
    days = replace(year(2011), closed=year(2011).closed | {due: "x", due - DAY: "x"}, opened={})
    agree(world, enter(world, of=days))
    assert told().missing == 0
    assert told().act_by == last_working_day(due, {2011: days}) < due - DAY
    assert clocks(by, at=day_of_month + DAY, kind="one_month").rows[0][0].act_by is None, "what ran out is due"


def test_what_cannot_be(world: World) -> None:
    of = year(2011)
    monday = date(2011, 10, 10)
    for wrong, field in (
        (replace(of, closed={}), "closed"),
        (replace(of, closed={OCTOBER_1: "x"}), "closed"),
        (replace(of, closed={date(2011, 10, 1): "x" * 61}), "closed"),
        (replace(of, opened={date(2026, 9, 27): "x"}), "opened"),
        (replace(of, opened={monday: "x"}), "opened"),
        (replace(of, opened={date(2011, 10, 2): "x"}), "opened"),
        (replace(of, weekend=(0,), opened={}), "weekend"),
        (replace(of, weekend=(1, 2, 3, 4), opened={}), "weekend"),
        (Year(1989, (6, 7), {date(1989, 10, 1): "x"}, {}), "year"),
        (Year(2014, (6, 7), {date(2014, 10, 1): "x"}, {}), "year"),
    ):
        with pytest.raises(Invalid) as invalid:
            enter(world, of=wrong)
        assert set(invalid.value.fields) == {field}, wrong
    with pytest.raises(Invalid):
        enter(world, source=" ")
    with pytest.raises(NotAllowed):
        enter(world, who="officer")
    made = enter(world)
    with pytest.raises(Refused, match="self_approval"):
        agree(world, made, "supervisor")
    with pytest.raises(NotAllowed):
        approve_calendar(calendar=made, by=world.actor("supervisor2", stepped_up=False), at=world.now())
    agree(world, made)
    with pytest.raises(Refused, match="already_there"):
        agree(world, made)


def test_the_database_keeps_it(world: World) -> None:
    made = agreed_year(2011, world.actor("supervisor"), world.actor("supervisor2"), world.now())
    for sql in ("UPDATE overview_calendaryear SET days = '{}'", "DELETE FROM overview_calendarapproval"):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert years_of(world.actor("officer"))[2011] == year(2011)
    assert made.source == NOTICE
