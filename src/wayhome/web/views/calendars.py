"""On which days offices are open: calendars of years, a proposal, another's agreement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.overview.actions import calendar as actions
from wayhome.casework.overview.queries import calendar as queries
from wayhome.web import desk
from wayhome.web.forms.calendars import ApproveCalendarForm, CalendarForm
from wayhome.web.pages import done, page
from wayhome.web.writing import submit

MOST = 50


def calendars(request: HttpRequest) -> HttpResponse:
    """The years that are known, those that are missing, and everything that was entered."""
    by, at = desk.needs(request, Permission.SET_LIMIT), desk.moment(request)
    known = queries.years_of(by)
    this = timezone.localtime(at).year
    rows = [(one, getattr(one, "approval", None)) for one in queries.calendars_of(by)[:MOST]]
    missing = [year for year in (this, this + 1) if year not in known]
    return page(request, "calendars", rows=rows, missing=missing, mine=by.staff_id)


def enter_calendar(request: HttpRequest) -> HttpResponse:
    """The notice of a year."""
    by, at = desk.needs(request, Permission.SET_LIMIT), desk.moment(request)
    form = CalendarForm(request.POST or None, initial={"year": timezone.localtime(at).year})
    if request.method == "POST" and form.is_valid():
        calendar, source = form.calendar(), form.cleaned_data["source"]
        answer = submit(
            request,
            form,
            by=by,
            action="enter_calendar",
            work=lambda: {"id": actions.enter_calendar(calendar=calendar, source=source, by=by, at=at).pk},
        )
        if answer is not None:
            return done(request, _("Proposed. It counts when another supervisor has agreed."), "calendars")
    return page(
        request,
        "act",
        form,
        title=_("Enter the calendar of a year"),
        lead=_("As the notice of holidays has it. A year that is entered again corrects the one before."),
        back=reverse("calendars"),
    )


def approve_calendar(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Another supervisor reads every day of it, and agrees."""
    by, at = desk.needs(request, Permission.APPROVE_LIMIT), desk.moment(request)
    found = queries.calendar_of(by, calendar_id)
    form = ApproveCalendarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = submit(
            request,
            form,
            by=by,
            action="approve_calendar",
            work=lambda: {"id": actions.approve_calendar(calendar=found, by=by, at=at).pk},
        )
        if answer is not None:
            return done(request, _("Agreed: it counts from now on."), "calendars")
    year = queries.read(found)
    return page(
        request,
        "approve_calendar",
        form,
        one=found,
        closed=list(_ranges(year.closed)),
        opened=list(_ranges(year.opened)),
        weekend=[WEEKDAYS[n - 1] for n in year.weekend],
        mine=found.by_id == by.staff_id,
        approval=getattr(found, "approval", None),
    )


def _ranges(days: Mapping[date, str]) -> Iterator[tuple[date, date, str]]:
    """Days in a row under one name, told as one: the first, the last, the name."""
    rows = enumerate(sorted(days.items()))
    for (_start, name), some in groupby(rows, key=lambda row: (row[1][0] - timedelta(days=row[0]), row[1][1])):
        found = [day for _n, (day, _name) in some]
        yield found[0], found[-1], name
