"""Whose day it is, and who pays for it. Pure.

A day belongs to the home that has the child when the day ends, at midnight where the home is. So the day on which a child comes
counts and the day on which it leaves does not; whoever has it for an hour in between has no day of it; and a day of a child is
nobody's or one home's, never two's. A day counts once it is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import TypeVar

from wayhome.casework.custody.rules import Kind
from wayhome.casework.placements.rules import BEDS

PAID_FOR = BEDS | {Kind.FOSTER}
"""Kinds of custody whose days are paid for: in foster care the institution pays the household."""
DAY = timedelta(days=1)
EARLIEST = date(1990, 1, 1)
"""No case is older."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` on, up to `end`, which is the first that is not of it any more."""

    first: date
    end: date

    def __len__(self) -> int:
        return max((self.end - self.first).days, 0)

    def __and__(self, other: Span) -> Span:
        return Span(max(self.first, other.first), min(self.end, other.end))

    @property
    def last(self) -> date:
        """The last day of it."""
        return self.end - DAY


@dataclass(frozen=True, slots=True)
class Rate:
    """Who pays for the days of a home: of several lines that cover a day, the one with the largest number."""

    line: int
    yuan: int
    first_day: date
    last_day: date | None

    def covers(self, day: date) -> bool:
        """Whether it is for a day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


def month_of(first: date) -> Span:
    """The month in which a day is."""
    begin = first.replace(day=1)
    return Span(begin, (begin + timedelta(days=31)).replace(day=1))


def days_of(since: datetime, until: datetime | None, zone: tzinfo, *, at: datetime) -> Span:
    """The days of a home that has a child since a moment, until another or still, as far as they are over."""
    over = at.astimezone(zone).date()
    end = until.astimezone(zone).date() if until is not None else over
    return Span(since.astimezone(zone).date(), min(end, over))


def paid(rates: Sequence[Rate], days: Span) -> Iterator[tuple[Rate | None, Span]]:
    """Days cut into pieces, each paid for by one line or by nobody."""
    cuts = {days.first, days.end}
    for rate in rates:
        cuts |= {rate.first_day} | ({rate.last_day + DAY} if rate.last_day else set())
    edges = sorted(cut for cut in cuts if days.first <= cut <= days.end)
    began, payer = days.first, None
    for edge in edges[:-1]:
        here = max((rate for rate in rates if rate.covers(edge)), key=lambda rate: rate.line, default=None)
        if edge == days.first:
            payer = here
        elif here != payer:
            yield payer, Span(began, edge)
            began, payer = edge, here
    if len(days):
        yield payer, Span(began, days.end)


def above(budget: int | None, *, before: int, now: int) -> int:
    """Yuan of `now` that are more than a budget, of which `before` is gone."""
    if budget is None:
        return 0
    return min(max(before + now - budget, 0), now)


def spans(claimed: Mapping[date, T]) -> Iterator[tuple[T, Span]]:
    """Days that follow one another and belong to the same, together."""
    days = sorted(claimed)
    for i, day in enumerate(days):
        if i and days[i - 1] == day - DAY and claimed[days[i - 1]] == claimed[day]:
            continue
        end = day + DAY
        while claimed.get(end) == claimed[day]:
            end += DAY
        yield claimed[day], Span(day, end)
