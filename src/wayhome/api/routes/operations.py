"""Operations and rescue events."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema

from wayhome.api.calls import (
    LARGEST,
    After,
    AnyMoment,
    Body,
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
from wayhome.casework.accounts import queries as registers
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.operations import actions, queries

router = Router()


class OperationIn(Body):
    """A joint action with one zero hour."""

    code: str = Field(description="Its code, such as 8.6.2011.", min_length=1, max_length=30)
    title: str = Field(description="What it is called.", min_length=1, max_length=120)
    zero_hour: AnyMoment = Field(description="When everybody acts at once.")
    jurisdiction: str = Field(description="Code of the jurisdiction that leads it.", max_length=20)
    time_zone: str = Field("Asia/Shanghai", description="Zone in which its times are told.", max_length=40)


class OperationOut(Schema):
    """An operation."""

    id: int = Field(description="Its number.")
    code: str = Field(description="Its code.")
    title: str = Field(description="What it is called.")
    zero_hour: datetime = Field(description="When everybody acts at once.")
    time_zone: str = Field(description="Zone in which its times are told.")
    jurisdiction: str = Field(description="Code of the jurisdiction that leads it.", alias="jurisdiction.code")


class TotalsOut(Schema):
    """Counted from the records."""

    rescued: int = Field(description="Children rescued, each counted once, where it was rescued.")
    suspects: int = Field(description="Persons detained.")


class RescueIn(Body):
    """Children found at one place at one time."""

    operation: int = Field(description="Number of the operation.", ge=1, le=LARGEST)
    jurisdiction: str = Field(
        description="Code of the jurisdiction where they were found: there they are counted.", max_length=20
    )
    place: str = Field(description="Address of the place. No child is ever placed there.", min_length=1, max_length=200)
    found_at: Moment = Field(description="When.")
    facility: str | None = Field(None, description="Code of the facility, if they were found in one.", max_length=30)
    clue_of: str | None = Field(None, description="Code of the jurisdiction on whose clue.", max_length=20)
    sedation_suspected: bool = Field(False, description="Whether the children seem to have been sedated.")
    circumstances: str = Field("", description="How they were found.", max_length=4000)
    found_with: list[int] = Field([], description="Numbers of the persons who were with them.", max_length=50)
    corrects: int | None = Field(None, description="Number of the event that this one corrects.", ge=1, le=LARGEST)


class RescueOut(Schema):
    """A rescue event."""

    id: int = Field(description="Its number.")
    operation: int = Field(description="Number of the operation.", alias="operation_id")
    jurisdiction: str = Field(description="Code of the jurisdiction where children were found.", alias="jurisdiction.code")
    place: str = Field(description="Address of the place.")
    found_at: datetime = Field(description="When.")
    sedation_suspected: bool = Field(description="Whether the children seem to have been sedated.")
    circumstances: str = Field(description="How they were found.")
    corrects: int | None = Field(description="Number of the event that this one corrects.", alias="corrects_id")


class RoleIn(Body):
    """What a person is in an operation."""

    person: int = Field(description="Number of the person.", ge=1, le=LARGEST)
    kind: Literal["suspect", "organiser", "transporter", "intermediary", "buyer", "seller", "medical", "witness"] = Field(
        description="What they are."
    )
    detained_at: Moment | None = Field(None, description="When they were detained, if they were.")


@router.post("/operations", summary="Record an operation", **asks("operations:write", Permission.RECORD_OPERATION))
def record_operation(request: HttpRequest, body: OperationIn, key: Key = "") -> Any:
    """Open an operation under its code."""

    def work(by: Actor, at: datetime) -> Schema:
        with named("jurisdiction"):
            jurisdiction = registers.jurisdiction(body.jurisdiction)
        made = actions.record_operation(
            code=body.code,
            title=body.title,
            zero_hour=body.zero_hour,
            jurisdiction=jurisdiction,
            time_zone=body.time_zone,
            by=by,
            at=at,
        )
        return Receipt(id=made.pk)

    return write(request, key, body, work)


@router.get(
    "/operations", summary="List operations", **reads("operations:read", Permission.READ_CHILD, answer=Page[OperationOut])
)
def list_operations(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Operations that the caller has to do with."""
    return page(queries.operations_of(actor(request)), after=after, limit=limit)


@router.get(
    "/operations/{id}/totals",
    summary="Totals of an operation",
    **reads("operations:read", Permission.READ_CHILD, answer=TotalsOut),
)
def operation_totals(request: HttpRequest, id: Id) -> Any:  # noqa: A002
    """Children rescued and persons detained, counted from the records."""
    return queries.totals(queries.operation_of(actor(request), id))


@router.post("/operations/{id}/roles", summary="Record a role", **asks("persons:write", Permission.RECORD_OPERATION))
def record_role(request: HttpRequest, id: Id, body: RoleIn, key: Key = "") -> Any:  # noqa: A002
    """Say what a person is in an operation."""

    def work(by: Actor, at: datetime) -> Schema:
        operation = queries.operation_of(by, id)
        with named("person"):
            person = queries.person(body.person)
        role = actions.record_role(person=person, operation=operation, kind=body.kind, detained_at=body.detained_at, by=by, at=at)
        return Receipt(id=role.pk)

    return write(request, key, body, work)


@router.post("/rescue-events", summary="Record a rescue event", **asks("operations:write", Permission.RECORD_OPERATION))
def record_rescue(request: HttpRequest, body: RescueIn, key: Key = "") -> Any:
    """Say where and when children were found, and with whom. A correction is a new event that names the old one."""

    def work(by: Actor, at: datetime) -> Schema:
        with named("operation"):
            operation = queries.operation_of(by, body.operation)
        with named("jurisdiction"):
            jurisdiction = registers.jurisdiction(body.jurisdiction)
        with named("clue_of"):
            clue_of = registers.jurisdiction(body.clue_of) if body.clue_of else None
        with named("facility"):
            facility = registers.facility(body.facility) if body.facility else None
        with named("found_with"):
            found_with = [queries.person(one) for one in body.found_with]
        with named("corrects"):
            corrects = queries.rescue_event_of(by, body.corrects) if body.corrects else None
        event = actions.record_rescue(
            operation=operation,
            jurisdiction=jurisdiction,
            place=body.place,
            found_at=body.found_at,
            facility=facility,
            clue_of=clue_of,
            sedation_suspected=body.sedation_suspected,
            circumstances=body.circumstances,
            found_with=found_with,
            corrects=corrects,
            by=by,
            at=at,
        )
        return Receipt(id=event.pk)

    return write(request, key, body, work)


@router.get(
    "/rescue-events", summary="List rescue events", **reads("operations:read", Permission.READ_CHILD, answer=Page[RescueOut])
)
def list_rescues(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Rescue events that the caller has to do with."""
    return page(queries.rescue_events_of(actor(request)), after=after, limit=limit)
