"""Investigations, for whoever belongs to their task force; to everybody else they are not there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Path, Router, Schema

from wayhome.api.calls import LARGEST, After, Body, Code, Id, Key, Limit, Page, Receipt, actor, asks, named, page, reads, write
from wayhome.casework.accounts import queries as registers
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.operations import actions
from wayhome.casework.operations import queries as operations
from wayhome.casework.operations.queries import investigations as queries

router = Router()
InvestigationNumber = Annotated[
    str, Path(title="Number", description="Number of the investigation, nine digits.", pattern=r"^[0-9]{9}$")
]


class InvestigationIn(Body):
    """What a task force works on."""

    code: str = Field(description="Its code, such as 8.6.2011.", min_length=1, max_length=30)
    title: str = Field(description="What it is called.", min_length=1, max_length=120)
    jurisdiction: str = Field(description="Code of the jurisdiction that it is about.", max_length=20)


class SupervisionIn(Body):
    """The ministry supervises it."""

    since: date = Field(description="From which day on.")


class InvestigationOut(Schema):
    """An investigation."""

    number: str = Field(description="Its number, nine digits.")
    code: str = Field(description="Its code.")
    title: str = Field(description="What it is called.")
    agency: str = Field(description="Code of the agency that leads it.", alias="agency.code")
    jurisdiction: str = Field(description="Code of the jurisdiction that it is about.", alias="jurisdiction.code")
    supervised_since: date | None = Field(None, description="From which day on the ministry supervises it.")
    opened_at: datetime = Field(description="When it was opened.", alias="at")

    @staticmethod
    def resolve_supervised_since(row: Any) -> date | None:
        """Of the row of supervision, where there is one."""
        found = getattr(row, "supervision", None)
        return found.since if found else None


class MemberIn(Body):
    """Somebody for the task force."""

    staff: str = Field(description="Staff number.", min_length=1, max_length=30)
    function: Literal["lead", "member", "supervisor"] = Field(description="What they are in it; a supervisor is the ministry's.")


class MemberOut(Schema):
    """Somebody who belongs or belonged to a task force."""

    staff: str = Field(description="Staff number.", alias="staff.number")
    name: str = Field(description="Name.", alias="staff.name")
    agency: str = Field(description="Code of the agency.", alias="staff.agency.code")
    function: str = Field(description="What they are in it.")
    since: datetime = Field(description="From when on.", alias="at")
    until: datetime | None = Field(None, description="Until when, if they were taken out.")
    now: bool = Field(description="Whether they belong to it at this moment.")

    @staticmethod
    def resolve_until(row: Any) -> datetime | None:
        """Of the row that ended it, where there is one."""
        found = getattr(row, "end", None)
        return found.at if found else None


class LeadIn(Body):
    """Who leads it from now on."""

    staff: str = Field(description="Staff number.", min_length=1, max_length=30)
    leave: bool = Field(False, description="Whether the caller leaves the task force; otherwise both lead it.")


class NamedLeadIn(Body):
    """Whom the ministry names as lead."""

    staff: str = Field(description="Staff number of an officer.", min_length=1, max_length=30)
    reason: str = Field(description="Why; everybody in the task force reads it.", min_length=1, max_length=500)


class TiedIn(Body):
    """An operation that came of it."""

    operation: int = Field(description="Number of an operation that concerns the caller.", ge=1, le=LARGEST)


class TiedOut(Schema):
    """An operation that came of it."""

    operation: int = Field(description="Number of the operation.", alias="operation_id")
    code: str = Field(description="Its code.", alias="operation.code")
    title: str = Field(description="Its title.", alias="operation.title")
    zero_hour: datetime = Field(description="When it began.", alias="operation.zero_hour")
    tied_at: datetime = Field(description="When that was said.", alias="at")
    taken_back: str | None = Field(None, description="Why that was taken back; none where it stands.")

    @staticmethod
    def resolve_taken_back(row: Any) -> str | None:
        """Of the row that took it back, where there is one."""
        found = getattr(row, "end", None)
        return found.reason if found else None


class UntiedIn(Body):
    """Why it did not come of it."""

    reason: str = Field(description="Why.", min_length=1, max_length=300)


@router.post("/investigations", summary="Open an investigation", **asks("operations:write", Permission.RECORD_OPERATION))
def open_investigation(request: HttpRequest, body: InvestigationIn, key: Key = "") -> Any:
    """Open one. The caller's agency leads it, and the caller its task force; nobody else knows of it."""

    def work(by: Actor, at: datetime) -> Schema:
        with named("jurisdiction"):
            jurisdiction = registers.jurisdiction(body.jurisdiction)
        made = actions.open_investigation(code=body.code, title=body.title, jurisdiction=jurisdiction, by=by, at=at)
        return Receipt(id=made.pk)

    return write(request, key, body, work)


@router.get(
    "/investigations",
    summary="List investigations",
    **reads("operations:read", Permission.READ_INVESTIGATION, answer=Page[InvestigationOut]),
)
def list_investigations(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Those to whose task force the caller belongs."""
    return page(queries.investigations_of(actor(request)), after=after, limit=limit)


@router.get(
    "/investigations/{number}",
    summary="Read an investigation",
    **reads("operations:read", Permission.READ_INVESTIGATION, answer=InvestigationOut),
)
def read_investigation(request: HttpRequest, number: InvestigationNumber) -> Any:
    """One of them. The look is an event."""
    return actions.read_investigation(investigation_id=int(number), by=actor(request), at=timezone.now())


@router.post(
    "/investigations/{number}/supervision",
    summary="Put an investigation under supervision",
    **asks("operations:write", Permission.RECORD_OPERATION),
)
def supervise(request: HttpRequest, number: InvestigationNumber, body: SupervisionIn, key: Key = "") -> Any:
    """Say that the ministry supervises it: its supervisors may belong to the task force from now on."""

    def work(by: Actor, at: datetime) -> Schema:
        found = queries.investigation_of(by, int(number))
        actions.supervise(investigation=found, since=body.since, by=by, at=at)
        return Receipt(id=found.pk)

    return write(request, key, body, work)


@router.get(
    "/investigations/{number}/members",
    summary="List a task force",
    **reads("operations:read", Permission.READ_INVESTIGATION, answer=Page[MemberOut]),
)
def list_members(request: HttpRequest, number: InvestigationNumber, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Everybody who belongs or belonged to it. The look is an event."""
    by = actor(request)
    found = actions.read_investigation(investigation_id=int(number), by=by, at=timezone.now())
    return page(queries.task_force(by, found.pk), after=after, limit=limit)


@router.post(
    "/investigations/{number}/members",
    summary="Take somebody into a task force",
    **asks("operations:write", Permission.RECORD_OPERATION),
)
def add_member(request: HttpRequest, number: InvestigationNumber, body: MemberIn, key: Key = "") -> Any:
    """A lead takes an officer of any police in, or a supervisor of the ministry where it supervises."""

    def work(by: Actor, at: datetime) -> Schema:
        found = queries.investigation_of(by, int(number))
        with named("staff"):
            staff = registers.staff_member(body.staff)
        actions.add_member(investigation=found, staff=staff, function=body.function, by=by, at=at)
        return Receipt(id=found.pk)

    return write(request, key, body, work)


@router.post(
    "/investigations/{number}/members/{code}/end",
    summary="Take somebody out of a task force",
    **asks("operations:write", Permission.RECORD_OPERATION),
)
def end_member(request: HttpRequest, number: InvestigationNumber, code: Code, key: Key = "") -> Any:
    """A lead takes somebody out, known by their staff number; from now on they know nothing of it."""

    def work(by: Actor, at: datetime) -> Schema:
        found = queries.investigation_of(by, int(number))
        staff = registers.staff_ever(code)
        if staff is None:
            raise NotFound(staff=code)
        actions.end_member(investigation=found, staff=staff, by=by, at=at)
        return Receipt(id=found.pk)

    return write(request, key, {}, work)


@router.post(
    "/investigations/{number}/lead",
    summary="Hand over the lead of a task force",
    **asks("operations:write", Permission.RECORD_OPERATION),
)
def hand_over_lead(request: HttpRequest, number: InvestigationNumber, body: LeadIn, key: Key = "") -> Any:
    """Somebody leads it from now on, who may have been a member of it."""

    def work(by: Actor, at: datetime) -> Schema:
        found = queries.investigation_of(by, int(number))
        with named("staff"):
            staff = registers.staff_member(body.staff)
        actions.hand_over_lead(investigation=found, staff=staff, leave=body.leave, by=by, at=at)
        return Receipt(id=found.pk)

    return write(request, key, body, work)


@router.post(
    "/investigations/{number}/named-lead",
    summary="Name a lead where none is left",
    **asks("operations:write", Permission.DIRECT_OPERATION),
)
def name_lead(request: HttpRequest, number: InvestigationNumber, body: NamedLeadIn, key: Key = "") -> Any:
    """A supervisor of the ministry names an officer, where it supervises and no lead is at work; not found otherwise."""

    def work(by: Actor, at: datetime) -> Schema:
        queries.without_lead(by, int(number))
        with named("staff"):
            staff = registers.staff_member(body.staff)
        made = actions.name_lead(investigation_id=int(number), staff=staff, reason=body.reason, by=by, at=at)
        return Receipt(id=made.pk)

    return write(request, key, body, work)


@router.post(
    "/investigations/{number}/operations",
    summary="Tie an operation to an investigation",
    **asks("operations:write", Permission.RECORD_OPERATION),
)
def tie_operation(request: HttpRequest, number: InvestigationNumber, body: TiedIn, key: Key = "") -> Any:
    """It came of the investigation; whoever reads the operation learns nothing of that."""

    def work(by: Actor, at: datetime) -> Schema:
        found = queries.investigation_of(by, int(number))
        with named("operation"):
            operation = operations.operation_of(by, body.operation)
        actions.tie_operation(investigation=found, operation=operation, by=by, at=at)
        return Receipt(id=found.pk)

    return write(request, key, body, work)


@router.get(
    "/investigations/{number}/operations",
    summary="List the operations of an investigation",
    **reads("operations:read", Permission.READ_INVESTIGATION, answer=Page[TiedOut]),
)
def list_tied(request: HttpRequest, number: InvestigationNumber, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Those that came of it, the latest first. The look is an event."""
    by = actor(request)
    found = actions.read_investigation(investigation_id=int(number), by=by, at=timezone.now())
    return page(queries.operations_tied(by, found.pk), after=after, limit=limit)


@router.post(
    "/investigations/{number}/operations/{id}/end",
    summary="Take back that an operation came of an investigation",
    **asks("operations:write", Permission.RECORD_OPERATION),
)
def untie_operation(
    request: HttpRequest,
    number: InvestigationNumber,
    id: Id,  # noqa: A002
    body: UntiedIn,
    key: Key = "",
) -> Any:
    """It did not; that it was tied stays to be read. What a plan of the investigation was launched as cannot be taken back."""

    def work(by: Actor, at: datetime) -> Schema:
        tie = queries.tie_of(by, int(number), id)
        return Receipt(id=actions.untie_operation(tie=tie, reason=body.reason, by=by, at=at).pk)

    return write(request, key, body, work)
