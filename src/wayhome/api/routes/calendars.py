"""On which days offices are open: the calendar of a year, entered by one supervisor and agreed to by another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from wayhome.api.calls import Body, Id, Key, Receipt, actor, asks, reads, write
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.overview.actions import calendar as actions
from wayhome.casework.overview.queries import calendar as queries
from wayhome.casework.overview.rules.calendar import WEEKEND, Year

router = Router()


class DayIn(Body):
    """A holiday, or a day of a weekend that is worked."""

    day: date = Field(description="The day.")
    name: str = Field("", description="Of which holiday.", max_length=60)


class CalendarIn(Body):
    """A year, as its notice has it."""

    year: int = Field(description="Which year.", ge=1990, le=2200)
    source: str = Field(description="The notice, with its number.", min_length=1, max_length=300)
    closed: list[DayIn] = Field(description="Holidays.", max_length=120)
    opened: list[DayIn] = Field([], description="Days of a weekend that are worked.", max_length=60)
    weekend: list[Annotated[int, Field(ge=1, le=7)]] = Field(
        list(WEEKEND), description="Days of the week on which offices are closed; Monday is 1.", max_length=3
    )


class CalendarOut(Schema):
    """A calendar that was entered."""

    id: int = Field(description="Number of the calendar.")
    year: int = Field(description="Which year.")
    source: str = Field(description="The notice.")
    closed: dict[str, str] = Field(description="Holidays, each with its name.")
    opened: dict[str, str] = Field(description="Days of a weekend that are worked.")
    weekend: list[int] = Field(description="Days of the week on which offices are closed; Monday is 1.")
    by: str = Field(description="Who entered it.")
    approved: bool = Field(description="Whether another supervisor agreed: it counts then alone.")
    counts: bool = Field(description="Whether it is the one that counts for its year.")


class CalendarsOut(Schema):
    """Calendars, the latest year first."""

    items: list[CalendarOut] = Field(description="Each calendar.")


@router.get("/calendars", summary="List calendars", **reads("desk:read", Permission.SET_LIMIT, answer=CalendarsOut))
def list_calendars(request: HttpRequest) -> Any:
    """Fifty at the most."""
    by = actor(request)
    standing = queries.years_of(by)
    return {"items": [_told(one, queries.read(one), standing) for one in queries.calendars_of(by)[:50]]}


def _told(row: Any, year: Year, standing: Any) -> dict[str, Any]:
    approved = getattr(row, "approval", None) is not None
    return {
        "id": row.pk,
        "source": row.source,
        "by": row.by.name,
        "approved": approved,
        "counts": approved and standing.get(year.year) == year,
        "year": year.year,
        "weekend": list(year.weekend),
        **{name: {day.isoformat(): why for day, why in getattr(year, name).items()} for name in ("closed", "opened")},
    }


@router.post("/calendars", summary="Enter a calendar", **asks("desk:write", Permission.SET_LIMIT))
def enter_calendar(request: HttpRequest, body: CalendarIn, key: Key = "") -> Any:
    """It counts when another supervisor has agreed."""

    def work(by: Actor, at: datetime) -> Schema:
        days = [{one.day: one.name for one in some} for some in (body.closed, body.opened)]
        year = Year(body.year, tuple(sorted(set(body.weekend))), *days)
        return Receipt(id=actions.enter_calendar(calendar=year, source=body.source, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/calendars/{id}/approval", summary="Agree to a calendar", **asks("desk:write", Permission.APPROVE_LIMIT))
def approve_calendar(request: HttpRequest, id: Id, key: Key = "") -> Any:  # noqa: A002
    """Another supervisor agrees to it."""

    def work(by: Actor, at: datetime) -> Schema:
        found = queries.calendar_of(by, id)
        return Receipt(id=actions.approve_calendar(calendar=found, by=by, at=at).pk)

    return write(request, key, {}, work)
