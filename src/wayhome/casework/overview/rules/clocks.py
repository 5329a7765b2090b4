"""Clocks: what is due for whom, until when, and when an overdue one goes up. Pure.

Days of the law are those of the rooms that keep them; what stands here puts them side by side and adds no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from wayhome.casework.laboratory.rules.kits import OVERDUE
from wayhome.casework.overview.rules.calendar import MissingYear, Year, last_working_day
from wayhome.casework.placements.rules import ANSWER_DUE, PLACEMENT_DUE
from wayhome.casework.reunification.rules import CERTIFICATES, NOTICE_DAYS

HOSPITAL_WITHIN = timedelta(hours=2)
"""From the rescue to a hospital."""
OFFER_HOLDS = timedelta(hours=2)
"""An offer that nobody answered for so long waits in a corridor."""
TO_INSTITUTION = timedelta(days=7)
"""From the day on which the public notice ends to the welfare institution, for a child in a relief station."""
NOTICE = timedelta(days=NOTICE_DAYS)
RUNS: Mapping[str, timedelta] = MappingProxyType(
    {
        "hospital": HOSPITAL_WITHIN,
        "offer": OFFER_HOLDS,
        "placement": PLACEMENT_DUE,
        "relief_station": TO_INSTITUTION,
        "one_month": timedelta(days=CERTIFICATES["one_month"]),
        "twelve_months": timedelta(days=CERTIFICATES["twelve_months"]),
        "answer": ANSWER_DUE,
        **{f"kit_{state}": run for state, run in OVERDUE.items()},
    }
)
"""Clocks that run from one moment, and for how long; of a home's answer and of a kit as it stands there are alarms."""
KITS = tuple(f"kit_{state}" for state in OVERDUE)
LIMITED = ("hospital", "offer", "placement", "relief_station", "answer", *KITS)
"""Clocks that a house can make shorter: nothing rests on their end, as something does on a certificate's or a visit's."""
KINDS = ("hospital", "offer", "placement", "relief_station", "one_month", "twelve_months", "visit", "kit")
"""All of them: a visit and a kit know their own days."""
GOES_UP = timedelta(days=1)
"""An overdue clock goes up when it has been so for as long as it ran, and for a day at most; to the ministry after three times
that."""
OFFICE = ("relief_station", "one_month", "twelve_months", "visit")
"""Clocks that end on a day, by something that an office does. All run on days, holidays among them, and no holiday makes one
longer; that its last day is none on which the office works is told beforehand."""
AHEAD = timedelta(days=30)
"""How far ahead the page looks."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One thing that is due.

    Parameters
    ----------
    kind : of `KINDS`.
    subject : what it is about, the same for ever: "child:123", "execution:4:30", "kit:56".
    child : 0 for a kit, whose number says nothing of anybody.
    agency, agency_name : whose it is.
    place : path of that agency's place.
    page : number by which the page is found where it is done: of the child, the return or the kit.
    act_by : the last working day before its own, where that is none.
    missing : the year whose calendar nobody entered, so that nobody can say; 0 for none.
    """

    kind: str
    subject: str
    child: int
    agency: int
    agency_name: str
    place: str
    since: datetime
    due: datetime
    page: str
    day: int = 0
    act_by: date | None = None
    missing: int = 0

    def overdue(self, at: datetime) -> bool:
        """Whether it ran out."""
        return self.due <= at


def steps_up(clock: Clock) -> tuple[tuple[int, datetime], ...]:
    """When an overdue clock goes up: level 2 to whoever oversees the agency, 3 to the ministry."""
    wait = min(clock.due - clock.since, GOES_UP)
    return (2, clock.due + wait), (3, clock.due + 3 * wait)


def with_offices(clock: Clock, years: Mapping[int, Year], zone: ZoneInfo) -> Clock:
    """The same with the day until which an office can act, where its last one is a day off."""
    if clock.kind not in OFFICE:
        return clock
    last = clock.due.astimezone(zone).date()
    try:
        act_by = last_working_day(last, years)
    except MissingYear as missing:
        return replace(clock, missing=missing.year)
    return clock if act_by == last else replace(clock, act_by=act_by)


def most_hours(kind: str) -> int:
    """As long as the law lets a clock run."""
    return RUNS[kind] // timedelta(hours=1)
