"""On which days offices are open: a supervisor enters a year from its notice, another agrees."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import NotAllowed, Refused
from wayhome.casework.overview.models import CalendarApproval, CalendarYear
from wayhome.casework.overview.queries.calendar import calendar_of
from wayhome.casework.overview.rules.calendar import Year

EARLIEST, AHEAD = 1990, 2
"""The first year of a calendar, and how many years ahead a notice can be."""
_LONGEST_NAME = 60


def enter_calendar(*, calendar: Year, source: str, by: Actor, at: datetime) -> CalendarYear:
    """The calendar of a year in the own country, as a notice has it; entered again it corrects the one before.

    Parameters
    ----------
    source : the notice, with its number.
    """
    require(by, Permission.SET_LIMIT)
    checks = Checks()
    checks.within("year", calendar.year, EARLIEST, at.year + AHEAD)
    source = checks.text("source", source, 300)
    for field, days in (("closed", calendar.closed), ("opened", calendar.opened)):
        for name in set(days.values()):
            checks.text(field, name, _LONGEST_NAME, required=False)
    for field, code in calendar.wrong():
        checks.must(field, False, code)
    checks.done()
    with gate(by=by, at=at, attempt="enter_calendar"):
        made = CalendarYear.objects.create(year=calendar.year, days=calendar.to_json(), source=source, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="overview.enter_calendar", subject=f"calendar:{made.pk}", data={"year": made.year})
    return made


def approve_calendar(*, calendar: CalendarYear, by: Actor, at: datetime) -> CalendarApproval:
    """Another supervisor agrees: from now on it counts."""
    require(by, Permission.APPROVE_LIMIT)
    calendar = calendar_of(by, calendar.pk)
    if not by.stepped_up:
        raise NotAllowed("step_up")
    with gate(by=by, at=at, attempt="approve_calendar"):
        if CalendarApproval.objects.filter(calendar=calendar).exists():
            raise Refused(["already_there"])
        approval = CalendarApproval.objects.create(calendar=calendar, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="overview.approve_calendar", subject=f"calendar:{calendar.pk}")
    return approval
