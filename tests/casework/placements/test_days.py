"""Whose day it is and who pays for it, against a count of one day after the other."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.casework.placements.days import DAY, Rate, Span, above, days_of, month_of, paid, spans

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(date(2011, 6, 1), date(2011, 9, 30))
MOMENTS = st.datetimes(datetime(2011, 6, 1), datetime(2011, 9, 30), timezones=st.just(UTC))
RATES = st.lists(st.tuples(DAYS, st.none() | st.integers(0, 60)), max_size=6).map(
    lambda drawn: [
        Rate(i, 100 + i, first, first + timedelta(days=length) if length is not None else None)
        for i, (first, length) in enumerate(drawn, start=1)
    ]
)


def here(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def test_the_day_of_coming_counts_and_the_day_of_leaving_does_not() -> None:
    late = here(2011, 9, 1)
    assert days_of(here(2011, 7, 16, 23, 59), here(2011, 7, 18, 0, 1), SHANGHAI, at=late) == Span(
        date(2011, 7, 16), date(2011, 7, 18)
    )
    assert len(days_of(here(2011, 7, 16, 9), here(2011, 7, 16, 21), SHANGHAI, at=late)) == 0, "there for some hours"
    assert days_of(here(2011, 7, 17), None, SHANGHAI, at=late).first == date(2011, 7, 17), "midnight begins the new day"


def test_a_day_that_is_not_over_is_not_counted_yet() -> None:
    assert len(days_of(here(2011, 7, 16, 9), None, SHANGHAI, at=here(2011, 7, 16, 23, 59))) == 0
    assert len(days_of(here(2011, 7, 16, 9), None, SHANGHAI, at=here(2011, 7, 17))) == 1
    assert len(days_of(here(2011, 7, 16, 9), here(2011, 7, 30), SHANGHAI, at=here(2011, 7, 20, 8))) == 4


@pytest.mark.parametrize(("day", "length"), [(date(2011, 2, 14), 28), (date(2012, 2, 29), 29), (date(2011, 12, 31), 31)])
def test_months(day: date, length: int) -> None:
    month = month_of(day)
    assert (month.first.day, month.end.day, len(month), month.last.month) == (1, 1, length, day.month)


@given(st.lists(MOMENTS, min_size=1, max_size=8).map(sorted), MOMENTS)
def test_a_chain_of_custody_gives_each_day_to_one_home(beginnings: list[datetime], at: datetime) -> None:
    ends = [*beginnings[1:], None]
    owned = [days_of(since, until, SHANGHAI, at=at) for since, until in zip(beginnings, ends, strict=True)]
    day = date(2011, 6, 1)
    while day < date(2011, 10, 2):
        midnight = datetime.combine(day + DAY, datetime.min.time(), SHANGHAI)
        had = [i for i, since in enumerate(beginnings) if since < midnight]
        expected = [had[-1]] if had and midnight <= at else []
        assert [i for i, span in enumerate(owned) if len(span) and span.first <= day < span.end] == expected
        day += DAY


@given(RATES, DAYS, st.integers(0, 70))
def test_the_last_line_that_covers_a_day_pays_for_it(rates: list[Rate], first: date, length: int) -> None:
    days = Span(first, first + timedelta(days=length))
    pieces = list(paid(rates, days))
    told = [(piece.first + i * DAY, rate) for rate, piece in pieces for i in range(len(piece))]
    expected = [first + i * DAY for i in range(length)]
    assert [day for day, _ in told] == expected, "each day once, in order"
    for day, rate in told:
        covering = [one for one in rates if one.first_day <= day and (one.last_day is None or day <= one.last_day)]
        assert rate == (covering[-1] if covering else None)
    assert all(one[0] != other[0] for one, other in itertools.pairwise(pieces)), "not cut without need"


@given(st.none() | st.integers(0, 1000), st.lists(st.integers(0, 400), max_size=6))
def test_a_budget_is_used_up_once(budget: int | None, months: list[int]) -> None:
    over, before = 0, 0
    for now in months:
        more = above(budget, before=before, now=now)
        assert 0 <= more <= now
        over, before = over + more, before + now
    assert over == (0 if budget is None else max(sum(months) - budget, 0))


@given(st.dictionaries(DAYS, st.sampled_from("ab"), max_size=40))
def test_spans_hold_the_same_days(claimed: dict[date, str]) -> None:
    cut = list(spans(claimed))
    assert {span.first + i * DAY: who for who, span in cut for i in range(len(span))} == claimed
    assert len(cut) == sum(1 for day, who in claimed.items() if claimed.get(day - DAY) != who)
