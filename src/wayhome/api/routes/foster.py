"""Foster care: asked for by an institution, approved by two other organisations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from wayhome.api.calls import LARGEST, Body, Id, Key, Number, Receipt, actor, asks, named, reads, write
from wayhome.casework.accounts import queries as registers
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import actions, known, queries
from wayhome.casework.operations import queries as operations

router = Router()


class FosterIn(Body):
    """A household that shall have the child."""

    institution: str = Field(description="Code of the welfare institution that asks.", max_length=30)
    person: int = Field(description="Number of the foster carer.", ge=1, le=LARGEST)
    address: str = Field(description="Address of the household.", min_length=1, max_length=200)
    reason: str = Field(description="Why.", min_length=1, max_length=300)


class FosterOut(Schema):
    """What was asked; it is frozen, and its digest is what approvers sign."""

    id: int = Field(description="Its number.")
    child: str = Field(description="The child's number.")
    institution: str = Field(description="Code of the institution.")
    person: int = Field(description="Number of the foster carer.")
    address: str = Field(description="Address of the household.")
    reason: str = Field(description="Why.")
    digest: str = Field(description="SHA-256 of what is asked: an approval names it.")
    valid_until: datetime = Field(description="Until when it can be used.")
    approvals: int = Field(description="How many have approved.")
    ended: bool = Field(description="Whether it was taken back.")


class ApprovalIn(Body):
    """A signature under what was shown."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = Field(description="Digest of the request as it was read.")


class FosterEndIn(Body):
    """Why a request or an approval is taken back."""

    reason: str = Field(description="Why.", min_length=1, max_length=200)


@router.post(
    "/children/{number}/foster-requests", summary="Ask for foster care", **asks("foster:write", Permission.PROPOSE_FOSTER)
)
def propose_foster(request: HttpRequest, number: Number, body: FosterIn, key: Key = "") -> Any:
    """Ask to place the child with a household. What is asked is frozen from here on."""

    def work(by: Actor, at: datetime) -> Schema:
        child = queries.visible_child(int(number), by=by, at=at)
        with named("institution"):
            institution = registers.facility(body.institution)
        with named("person"):
            person = operations.person_of(by, body.person)
        asked = actions.propose_foster(
            child=child, institution=institution, person=person, address=body.address, reason=body.reason, by=by, at=at
        )
        return Receipt(id=asked.pk)

    return write(request, key, body, work)


@router.get("/foster-requests/{id}", summary="Read a request", **reads("foster:read", Permission.READ_CHILD, answer=FosterOut))
def read_foster(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002
    """What was asked, with the digest that an approval must name. The look is an event of the child's file."""
    by, at = actor(request), timezone.now()
    asked = known.foster_request(id, by=by, at=at)
    actions.read_file(child_id=asked.child_id, by=by, at=at)
    return {
        "id": asked.pk,
        "child": asked.child.number,
        "institution": asked.institution.code,
        "person": asked.person_id,
        "address": asked.address,
        "reason": asked.reason,
        "digest": asked.digest,
        "valid_until": asked.valid_until,
        "approvals": asked.approvals.count(),
        "ended": hasattr(asked, "end"),
    }


@router.post("/foster-requests/{id}/approvals", summary="Approve", **asks("foster:write", Permission.APPROVE_FOSTER))
def approve_foster(request: HttpRequest, id: Id, body: ApprovalIn, key: Key = "") -> Any:  # noqa: A002
    """Agree as another organisation to what was shown; the digest says what that was. Wants a step-up."""

    def work(by: Actor, at: datetime) -> Schema:
        asked = known.foster_request(id, by=by, at=at)
        return Receipt(id=actions.approve_foster(request=asked, digest=body.digest, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post(
    "/foster-requests/{id}/end",
    summary="End a request",
    **asks("foster:write", Permission.PROPOSE_FOSTER, Permission.APPROVE_FOSTER),
)
def end_foster(request: HttpRequest, id: Id, body: FosterEndIn, key: Key = "") -> Any:  # noqa: A002
    """Take a request back, or an approval: the child goes nowhere on its strength any more."""

    def work(by: Actor, at: datetime) -> Schema:
        asked = known.foster_request(id, by=by, at=at)
        return Receipt(id=actions.end_foster(request=asked, reason=body.reason, by=by, at=at).pk)

    return write(request, key, body, work)
