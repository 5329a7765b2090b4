"""Calendars that were entered, and the years that are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import QuerySet

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.core.prepared import prepared
from wayhome.casework.operations.rules import country_of
from wayhome.casework.overview.models import CalendarYear
from wayhome.casework.overview.rules.calendar import Year


def years_of(by: Actor) -> Mapping[int, Year]:
    """By year the calendar that stands in the actor's country."""
    return every_year().get(country_of(by.jurisdiction), {})


def every_year() -> Mapping[str, Mapping[int, Year]]:
    """By path of a country and year, what two agreed upon; of several the last entered."""
    told: dict[str, dict[int, Year]] = defaultdict(dict)
    for one in _agreed():
        told[country_of(one.by.agency.jurisdiction.path)][one.year] = read(one)
    return told


def read(row: CalendarYear) -> Year:
    """The calendar in a row."""
    return Year.from_json(row.year, row.days)


def calendars_of(by: Actor) -> QuerySet[CalendarYear]:
    """Everything that was entered in the own country, the latest year first, and of a year the last."""
    require(by, Permission.SET_LIMIT)
    mine = CalendarYear.objects.filter(by__agency__jurisdiction__path__startswith=by.jurisdiction)
    return mine.select_related("by", "approval__by").order_by("-year", "-pk")


def calendar_of(by: Actor, calendar_id: int) -> CalendarYear:
    """One of them."""
    found = calendars_of(by).filter(pk=calendar_id).first()
    if found is None:
        raise NotFound(calendar=calendar_id)
    return found


@prepared
def _agreed() -> QuerySet[CalendarYear]:
    rows = CalendarYear.objects.filter(approval__isnull=False).select_related("by__agency__jurisdiction")
    return rows.order_by("pk")
