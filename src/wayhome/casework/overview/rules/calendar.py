"""Days on which offices are open: the week, and what a year's notice of holidays makes of it. Pure.

A year that nobody entered is said to be missing. It is never taken for one like any other: what was told of it would be a guess.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from wayhome.casework.audit.rules import canonical

WEEKEND = (6, 7)
"""Saturday and Sunday, as ISO 8601 counts."""
FARTHEST = 60
"""Days that are looked back at for one on which an office is open."""
_DAY = timedelta(days=1)


class MissingYear(Exception):
    """Of this year there is no calendar."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year


@dataclass(frozen=True, slots=True)
class Year:
    """The calendar of one year.

    Parameters
    ----------
    weekend : days of the week on which offices are closed, Monday is 1.
    closed : holidays, each with its name; also those that fall on a weekend.
    opened : days of a weekend that are worked, for a holiday that was made longer.
    """

    year: int
    weekend: tuple[int, ...]
    closed: Mapping[date, str]
    opened: Mapping[date, str]

    def works(self, day: date) -> bool:
        """Whether offices are open on a day of this year.

        >>> year = Year(2026, WEEKEND, {date(2026, 10, 1): "x"}, {date(2026, 9, 27): "x"})
        >>> [year.works(date(2026, month, day)) for month, day in ((9, 25), (9, 26), (9, 27), (10, 1))]
        [True, False, True, False]
        """
        return day in self.opened or (day not in self.closed and day.isoweekday() not in self.weekend)

    def to_json(self) -> str:
        """Canonical: equal calendars, equal text."""
        told = {name: {day.isoformat(): why for day, why in getattr(self, name).items()} for name in ("closed", "opened")}
        return canonical({"weekend": sorted(self.weekend), **told})

    @staticmethod
    def from_json(year: int, text: str) -> Year:
        """What `to_json` wrote, read."""
        told = json.loads(text)
        return Year(year, tuple(told["weekend"]), _days(told["closed"]), _days(told["opened"]))

    def wrong(self) -> Iterator[tuple[str, str]]:
        """What cannot be in it: field and code. Each name is looked at by who takes it in."""
        if not self.closed:
            yield "closed", "required"
        for name, days in (("closed", self.closed), ("opened", self.opened)):
            if any(day.year != self.year for day in days):
                yield name, "other_year"
        if any(day.isoweekday() not in self.weekend for day in self.opened):
            yield "opened", "not_a_weekend"
        if self.closed.keys() & self.opened.keys():
            yield "opened", "closed_and_open"
        if not set(self.weekend) <= set(range(1, 8)) or len(set(self.weekend)) > 3:
            yield "weekend", "implausible"


def _days(told: Mapping[str, Any]) -> dict[date, str]:
    return {date.fromisoformat(day): why for day, why in told.items()}


def days_between(first: date, last: date) -> list[date]:
    """Both ends included.

    >>> len(days_between(date(2026, 10, 1), date(2026, 10, 7)))
    7
    """
    return [first + n * _DAY for n in range((last - first).days + 1)]


def works(day: date, years: Mapping[int, Year]) -> bool:
    """Whether offices are open on a day; raises `MissingYear` where nobody can say."""
    if day.year not in years:
        raise MissingYear(day.year)
    return years[day.year].works(day)


def last_working_day(day: date, years: Mapping[int, Year]) -> date:
    """The day itself, or the last one before it on which offices are open; raises `MissingYear`."""
    for n in range(FARTHEST):
        if works(day - n * _DAY, years):
            return day - n * _DAY
    raise MissingYear(day.year)
