"""Clocks: what is due for whom, until when, and when an overdue one goes up. Pure.

Days of the law are those of the rooms that keep them; what stands here puts them side by side and adds no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from wayhome.casework.placements.rules import PLACEMENT_DUE
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
    }
)
"""Clocks that run from one moment, and for how long."""
LIMITED = ("hospital", "offer", "placement", "relief_station")
"""Clocks that a house can make shorter: nothing rests on their end, as something does on a certificate's or a visit's."""
KINDS = ("hospital", "offer", "placement", "relief_station", "one_month", "twelve_months", "visit", "kit")
"""All of them: a visit and a kit know their own days."""
GOES_UP = timedelta(days=1)
"""An overdue clock goes up when it has been so for as long as it ran, and for a day at most; to the ministry after three times
that."""
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

    def overdue(self, at: datetime) -> bool:
        """Whether it ran out."""
        return self.due <= at


def steps_up(clock: Clock) -> tuple[tuple[int, datetime], ...]:
    """When an overdue clock goes up: level 2 to whoever oversees the agency, 3 to the ministry."""
    wait = min(clock.due - clock.since, GOES_UP)
    return (2, clock.due + wait), (3, clock.due + 3 * wait)


def country_of(path: str) -> str:
    """Path of the country that a place is in.

    >>> country_of("/CN/GX/BS/")
    '/CN/'
    """
    return "/".join(path.split("/")[:2]) + "/"


def most_hours(kind: str) -> int:
    """As long as the law lets a clock run."""
    return RUNS[kind] // timedelta(hours=1)
