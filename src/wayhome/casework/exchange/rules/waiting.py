"""Whom a child's return abroad waits for, day by day, and what time it is on either side. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from types import MappingProxyType
from zoneinfo import ZoneInfo

WHO = ("ours", "theirs", "court", "documents")
"""Whom a step waits for: this side's authorities, the partner's, a court, papers that are being made."""
HOME = ZoneInfo("Asia/Shanghai")
ZONES: Mapping[str, ZoneInfo] = MappingProxyType({"CN": HOME, "VN": ZoneInfo("Asia/Ho_Chi_Minh")})


@dataclass(frozen=True, slots=True)
class Step:
    """From a moment on, a file waits for somebody; until the next step begins, or the child is handed over."""

    n: int
    who: str
    what: str
    since: datetime
    why: str = ""
    """Why it is another than was told first."""


@dataclass(frozen=True, slots=True)
class Waited:
    """A step with its days: those that began in it."""

    step: Step
    until: datetime | None
    days: int


@dataclass(frozen=True, slots=True)
class Elapsed:
    """The days of a file.

    Parameters
    ----------
    days : from the rescue to the handover abroad, or to now.
    by_who : days by whom they were waited for; with `untold` they are all of them.
    untold : days before the first step.
    done : whether the child was handed over.
    """

    days: int
    by_who: Mapping[str, int]
    untold: int
    done: bool
    steps: Sequence[Waited]


def elapsed(rescued: datetime, steps: Sequence[Step], *, handed_over: datetime | None, at: datetime) -> Elapsed:
    """Every day between a rescue and the handover, counted once. Days are those of this side's calendar.

    >>> from datetime import UTC
    >>> told = elapsed(datetime(2011, 7, 15, 6, tzinfo=UTC), [], handed_over=datetime(2013, 5, 3, 2, tzinfo=UTC),
    ...                at=datetime(2020, 1, 1, tzinfo=UTC))
    >>> told.days
    658
    """
    end = handed_over or at
    waited = []
    for step, after in zip_longest(steps, steps[1:]):
        until = after.since if after is not None else handed_over
        waited.append(Waited(step, until, _days(min(step.since, end), min(until or end, end))))
    by_who = {who: sum(one.days for one in waited if one.step.who == who) for who in WHO}
    days = _days(rescued, end)
    return Elapsed(days, by_who, days - sum(by_who.values()), handed_over is not None, waited)


def has_place(n: int, since: datetime, steps: Sequence[Step]) -> bool:
    """Whether a step could begin then, between those before and after it as they stand."""
    return all(one.since <= since if one.n < n else one.since >= since for one in steps if one.n != n)


def zone_of(country: str) -> ZoneInfo:
    """The clock of a country; this side's where it is not known."""
    return ZONES.get(country, HOME)


def _days(since: datetime, until: datetime) -> int:
    return (_day(until) - _day(since)).days


def _day(moment: datetime) -> date:
    return moment.astimezone(HOME).date()
