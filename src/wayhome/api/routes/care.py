"""Who is let near a child, and who may read its file: admissions, assignments, broken glass."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from wayhome.api.calls import (
    LARGEST,
    After,
    Body,
    Code,
    Id,
    Key,
    Limit,
    Number,
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
from wayhome.casework.core.errors import Invalid, NotFound
from wayhome.casework.custody import actions, known, queries
from wayhome.casework.operations import queries as operations

router = Router()
NumberIn = Annotated[str, Field(pattern=r"^[0-9]{9}$")]


class VisitorIn(Body):
    """Somebody who is on no record; they are recorded as they are let in."""

    name: str = Field(description="The name as on the paper shown, in any script.", min_length=1, max_length=80)
    id: str = Field(description="The identity number on the paper shown.", min_length=1, max_length=40)
    phone: str = Field("", description="Their telephone.", max_length=40)
    address: str = Field("", description="Where they live.", max_length=200)
    vehicle: str = Field("", description="The plate of their car.", max_length=40)


class AdmissionIn(Body):
    """Somebody from outside comes in."""

    person: int | None = Field(None, description="Number of the person, if they are on record.", ge=1, le=LARGEST)
    visitor: VisitorIn | None = Field(None, description="Who it is, if they are on no record.")
    purpose: Literal["visit", "carer", "official"] = Field(description="What for.")
    child: NumberIn | None = Field(None, description="Number of the child they come to, if it is one.")


class AssignmentIn(Body):
    """Somebody works on a case."""

    staff: str = Field(description="Number of the member of staff, as on the register.", min_length=1, max_length=30)


class AssignmentOut(Schema):
    """Somebody who works on a case."""

    id: int = Field(description="Number of the assignment.")
    staff: str = Field(description="Number of the member of staff.", alias="staff.number")
    at: datetime = Field(description="Since when.")


class GlassIn(Body):
    """Why a file must be opened without need to know."""

    reason: str = Field(description="The reason; it will be reviewed.", min_length=10, max_length=300)


class GlassReceipt(Receipt):
    """A file that is open now."""

    expires_at: datetime = Field(description="Until when.")


class GlassOut(Schema):
    """A file opened without need to know, which nobody reviewed yet."""

    id: int = Field(description="Its number.")
    child: str = Field(description="The child's number.", alias="child.number")
    staff: str = Field(description="Number of the member of staff.", alias="staff.number")
    reason: str = Field(description="The reason given.")
    at: datetime = Field(description="When.")


class ReviewIn(Body):
    """Whether a reason held."""

    justified: bool = Field(description="Whether it held.")
    note: str = Field(description="In words.", min_length=1, max_length=300)


@router.post("/facilities/{code}/admissions", summary="Let somebody in", **asks("custody:write", Permission.ADMIT_VISITOR))
def admit(request: HttpRequest, code: Code, body: AdmissionIn, key: Key = "") -> Any:
    """Let a visitor, carer or official in. Nobody excluded comes in anywhere; close kin of an excluded person neither.

    Somebody who is on no record is recorded with it, by name and identity number: in one transaction, or not at all.
    """

    def work(by: Actor, at: datetime) -> Schema:
        facility = registers.facility(code)
        if facility.agency_id != by.agency_id:
            raise NotFound()
        if (body.person is None) == (body.visitor is None):
            raise Invalid({"person": "required" if body.person is None else "person_twice"})
        with named("person"):
            person = operations.person(body.person) if body.person else None
        with named("child"):
            child = queries.visible_child(int(body.child), by=by, at=at) if body.child else None
        facts = [(kind, value) for kind, value in (body.visitor.dict() if body.visitor else {}).items() if value]
        admission = actions.admit(facility=facility, person=person, facts=facts, purpose=body.purpose, child=child, by=by, at=at)
        return Receipt(id=admission.pk)

    return write(request, key, body, work)


@router.post("/children/{number}/assignments", summary="Assign", **asks("custody:write", Permission.ASSIGN))
def assign(request: HttpRequest, number: Number, body: AssignmentIn, key: Key = "") -> Any:
    """Let a member of staff work on the child's case: they may read its file from now on."""

    def work(by: Actor, at: datetime) -> Schema:
        child = queries.visible_child(int(number), by=by, at=at)
        with named("staff"):
            staff = registers.staff_member(body.staff)
        return Receipt(id=actions.assign(child=child, staff=staff, by=by, at=at).pk)

    return write(request, key, body, work)


@router.get(
    "/children/{number}/assignments",
    summary="List assignments",
    **reads("custody:read", Permission.ASSIGN, answer=Page[AssignmentOut]),
)
def list_assignments(request: HttpRequest, number: Number, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Who works on the child's case. The look is an event."""
    child = actions.read_file(child_id=int(number), by=actor(request), at=timezone.now())
    return page(known.assignments(child), after=after, limit=limit)


@router.post("/assignments/{id}/end", summary="End an assignment", **asks("custody:write", Permission.ASSIGN))
def end_assignment(request: HttpRequest, id: Id, key: Key = "") -> Any:  # noqa: A002
    """Say that the work on the case is over."""

    def work(by: Actor, at: datetime) -> Schema:
        assignment = known.assignment(id, by=by, at=at)
        return Receipt(id=actions.end_assignment(assignment=assignment, by=by, at=at).pk)

    return write(request, key, {}, work)


@router.post(
    "/children/{number}/break-glass",
    summary="Break the glass",
    **asks("audit:write", Permission.BREAK_GLASS, answer=GlassReceipt),
)
def break_glass(request: HttpRequest, number: Number, body: GlassIn, key: Key = "") -> Any:
    """Open a file without need to know: with a reason, for 24 hours, told to those above, and reviewed. Wants a step-up."""

    def work(by: Actor, at: datetime) -> Schema:
        glass = actions.break_glass(child_id=int(number), reason=body.reason, by=by, at=at)
        return GlassReceipt(id=glass.pk, expires_at=glass.expires_at)

    return write(request, key, body, work)


@router.get(
    "/break-glass", summary="List broken glass", **reads("audit:read", Permission.REVIEW_BREAK_GLASS, answer=Page[GlassOut])
)
def list_glass(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Files opened without need to know that wait for a review, but for the caller's own."""
    return page(queries.glasses_waiting(actor(request)), after=after, limit=limit)


@router.post("/break-glass/{id}/review", summary="Review broken glass", **asks("audit:write", Permission.REVIEW_BREAK_GLASS))
def review_glass(request: HttpRequest, id: Id, body: ReviewIn, key: Key = "") -> Any:  # noqa: A002
    """Say whether the reason held; not of one's own."""

    def work(by: Actor, at: datetime) -> Schema:
        glass = known.glass(id, by=by)
        return Receipt(id=actions.review_glass(glass=glass, justified=body.justified, note=body.note, by=by, at=at).pk)

    return write(request, key, body, work)
