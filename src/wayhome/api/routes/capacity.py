"""Where there is room, who may take more than usual, who pays, and where it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from wayhome.api.calls import (
    After,
    AnyMoment,
    Body,
    Code,
    Id,
    Key,
    Limit,
    Moment,
    Page,
    Receipt,
    actor,
    asks,
    named,
    page,
    reads,
    write,
)
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.placements import actions, known, queries

router = Router()


class CapacityIn(Body):
    """What a home counted."""

    beds: int = Field(description="Cots set up, whoever is in them.")
    other_children: int = Field(0, description="Children in them who are on no record here.")
    carers_day: int = Field(description="Carers on the day shift.")
    carers_night: int = Field(description="Carers on the night shift.")
    children_per_carer: int = Field(description="Children whom one carer looks after.")
    level: int = Field(0, description="Care that it can give: 0 ordinary, 1 nursing, 2 medical.")
    daily_cost: int = Field(description="Yuan a child-day.")
    funds: int = Field(description="Yuan that there is for more children.")
    surge_carers: int = Field(0, description="Carers who could be called in tonight.")
    surge_cost: int = Field(0, description="Yuan for each of them.")
    as_of: Moment | None = Field(None, description="When it was counted; now by default. It is trusted for a day.")


class ReportOut(Schema):
    """What a home told at one time."""

    id: int = Field(description="Its number.")
    as_of: datetime = Field(description="When it was counted.")
    beds: int = Field(description="Cots set up.")
    other_children: int = Field(description="Children in them who are on no record here.")
    carers_day: int = Field(description="Carers on the day shift.")
    carers_night: int = Field(description="Carers on the night shift.")
    children_per_carer: int = Field(description="Children whom one carer looks after.")
    level: int = Field(description="Care that it can give: 0 ordinary, 1 nursing, 2 medical.")
    daily_cost: int = Field(description="Yuan a child-day.")
    funds: int = Field(description="Yuan that there was for more children.")
    surge_carers: int = Field(description="Carers who could be called in.")
    surge_cost: int = Field(description="Yuan for each of them.")


class RoomOut(Schema):
    """What a home can take."""

    facility: str = Field(description="Code of the home.", alias="home.code")
    name: str = Field(description="Its name.", alias="home.name")
    kind: str = Field(description="Kind of place.", alias="home.kind")
    jurisdiction: str = Field(description="Code of the jurisdiction where it is.", alias="home.jurisdiction.code")
    level: int | None = Field(None, description="Care that it can give: 0 ordinary, 1 nursing, 2 medical.", alias="report.level")
    free: int = Field(description="Children who can come now; 0 where nobody told within a day.")
    free_beds: int = Field(description="Free cots, as last told.", alias="room.free_beds")
    free_care: int = Field(description="Children for whom there is a carer, as last told.", alias="room.free_care")
    there: int = Field(description="Children who are there or expected.", alias="room.there")
    as_of: datetime | None = Field(description="When it was counted; null if never.", alias="room.as_of")
    trusted: bool = Field(description="Whether that is fresh enough to send a child there.")
    code: str = Field(description="Why nobody can come now; empty where somebody can.")


class SurgeIn(Body):
    """More children than usual, for a while."""

    beds: int = Field(description="Cots beyond those reported.")
    carers: int = Field(description="Carers beyond those reported, on each shift.")
    until: AnyMoment = Field(description="Until when, three days at most.")
    reason: str = Field(description="Why.", min_length=1, max_length=300)


class SurgeOut(Schema):
    """A home that asks to take more children."""

    id: int = Field(description="Its number.")
    facility: str = Field(description="Code of the home.", alias="facility.code")
    beds: int = Field(description="Cots beyond those reported.")
    carers: int = Field(description="Carers beyond those reported.")
    until: datetime = Field(description="Until when.")
    reason: str = Field(description="Why.")
    agreed: int = Field(description="Organisations that agreed; two are needed.")


class FundingIn(Body):
    """Who pays."""

    payer: str = Field(description="Code of the agency that pays.", max_length=30)
    daily_rate: int = Field(description="Yuan a child-day.")
    first_day: date = Field(description="From which day.")
    last_day: date | None = Field(None, description="To which day, if it ends.")
    budget: int | None = Field(None, description="Yuan in all; null without a limit.")


class FundingOut(Schema):
    """Who pays for the children of a home."""

    id: int = Field(description="Its number.")
    payer: str = Field(description="Code of the agency that pays.", alias="payer.code")
    daily_rate: int = Field(description="Yuan a child-day.")
    first_day: date = Field(description="From which day.")
    last_day: date | None = Field(description="To which day; null without an end.")
    budget: int | None = Field(description="Yuan in all; null without a limit.")


class PositionIn(Body):
    """Where a jurisdiction is."""

    latitude: float = Field(description="Degrees north.")
    longitude: float = Field(description="Degrees east.")


@router.get("/homes", summary="List homes", **reads("placements:read", Permission.READ_CAPACITY, answer=Page[RoomOut]))
def list_homes(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Every home of the caller's country with the room that it last told of."""
    at = timezone.now()
    return page(known.homes_of(actor(request)), after=after, limit=limit, shown=lambda rows: known.told(rows, at=at))


@router.get(
    "/homes/{code}/room", summary="Read a home's room", **reads("placements:read", Permission.READ_CAPACITY, answer=RoomOut)
)
def read_room(request: HttpRequest, code: Code) -> Any:
    """What one home can take now."""
    return known.told([known.home(code, by=actor(request))], at=timezone.now())[0]


@router.post("/homes/{code}/reports", summary="Report capacity", **asks("placements:write", Permission.REPORT_CAPACITY))
def report_capacity(request: HttpRequest, code: Code, body: CapacityIn, key: Key = "") -> Any:
    """Say what was counted in one's own home; it counts from now on, for a day."""

    def work(by: Actor, at: datetime) -> Schema:
        place = known.home(code, by=by)
        return Receipt(id=actions.report_capacity(facility=place, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.get(
    "/homes/{code}/reports",
    summary="List what a home told",
    **reads("placements:read", Permission.READ_CAPACITY, answer=Page[ReportOut]),
)
def list_reports(request: HttpRequest, code: Code, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Cots, carers and money as a home told them: of the caller's own agency, or of one that it oversees; the newest first."""
    place = known.own_or_overseen(code, by=actor(request))
    return page(known.reports(place), after=after, limit=limit, newest=True)


@router.post("/homes/{code}/surges", summary="Ask for a surge", **asks("placements:write", Permission.REPORT_CAPACITY))
def ask_surge(request: HttpRequest, code: Code, body: SurgeIn, key: Key = "") -> Any:
    """Ask to take more children than there are cots or carers for. Two other organisations agree before it counts."""

    def work(by: Actor, at: datetime) -> Schema:
        place = known.home(code, by=by)
        return Receipt(id=actions.ask_surge(facility=place, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.get("/surges", summary="List surges", **reads("placements:read", Permission.APPROVE_SURGE, answer=Page[SurgeOut]))
def list_surges(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Surges that wait for the caller's organisation to agree."""
    return page(queries.surges_waiting(actor(request), at=timezone.now()), after=after, limit=limit)


@router.post("/surges/{id}/approvals", summary="Approve a surge", **asks("placements:write", Permission.APPROVE_SURGE))
def approve_surge(request: HttpRequest, id: Id, key: Key = "") -> Any:  # noqa: A002
    """Agree, for one's own organisation."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=actions.approve_surge(surge=known.surge(id, by=by), by=by, at=at).pk)

    return write(request, key, {}, work)


@router.post("/homes/{code}/funding", summary="Say who pays", **asks("placements:write", Permission.FUND))
def fund(request: HttpRequest, code: Code, body: FundingIn, key: Key = "") -> Any:
    """Say who pays for the children of a home, and how much a child-day."""

    def work(by: Actor, at: datetime) -> Schema:
        place = known.home(code, by=by)
        with named("payer"):
            payer = known.payer(body.payer)
        line = actions.fund(
            facility=place,
            payer=payer,
            daily_rate=body.daily_rate,
            first_day=body.first_day,
            last_day=body.last_day,
            budget=body.budget,
            by=by,
            at=at,
        )
        return Receipt(id=line.pk)

    return write(request, key, body, work)


@router.get(
    "/homes/{code}/funding", summary="List funding", **reads("placements:read", Permission.READ_CAPACITY, answer=Page[FundingOut])
)
def list_funding(request: HttpRequest, code: Code, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Who pays for the children of a home: of the caller's own agency, or of one that it oversees."""
    by = actor(request)
    return page(known.funding(known.own_or_overseen(code, by=by)), after=after, limit=limit, newest=True)


@router.post("/jurisdictions/{code}/position", summary="Say where it is", **asks("placements:write", Permission.PLAN_NIGHT))
def tell_position(request: HttpRequest, code: Code, body: PositionIn, key: Key = "") -> Any:
    """Say where a jurisdiction below the caller's own is; travel times are reckoned from it."""

    def work(by: Actor, at: datetime) -> Schema:
        where = known.jurisdiction_below(code, by=by)
        told = actions.tell_position(jurisdiction=where, latitude=body.latitude, longitude=body.longitude, by=by, at=at)
        return Receipt(id=told.pk)

    return write(request, key, body, work)
