"""Calendars of years for tests. Days as a notice has them; of 2026 some of China's, of others made up."""

from __future__ import annotations

from datetime import date, datetime

from wayhome.casework.core.actors import Actor
from wayhome.casework.overview.actions.calendar import approve_calendar, enter_calendar
from wayhome.casework.overview.models import CalendarYear
from wayhome.casework.overview.rules.calendar import WEEKEND, Year, days_between

NOTICE = "国办发明电 7号"
NATIONAL_DAY = "国庆节"


def year(of: int, *, weekend: tuple[int, ...] = WEEKEND) -> Year:
    """A week from the 1st of October on, for which a day of a weekend before it is worked; and the first day of the year."""
    closed = dict.fromkeys(days_between(date(of, 10, 1), date(of, 10, 7)), NATIONAL_DAY) | {date(of, 1, 1): "元旦"}
    worked = next(day for day in days_between(date(of, 9, 22), date(of, 9, 30)) if day.isoweekday() == max(weekend))
    return Year(of, weekend, closed, {worked: NATIONAL_DAY})


def calendar_2026(by: Actor, at: datetime) -> CalendarYear:
    """Entered, and agreed to by nobody."""
    return enter_calendar(calendar=year(2026), source=NOTICE, by=by, at=at)


def agreed_year(of: int, by: Actor, other: Actor, at: datetime) -> CalendarYear:
    """One that counts."""
    made = enter_calendar(calendar=year(of), source=NOTICE, by=by, at=at)
    approve_calendar(calendar=made, by=other, at=at)
    return made
