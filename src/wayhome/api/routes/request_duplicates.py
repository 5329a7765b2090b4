"""Tracing requests that may be for one child: proposed by a machine, decided by people."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Path, Router, Schema

from wayhome.api.calls import After, Body, Id, Key, Limit, Page, Receipt, actor, asks, named, page, reads, write
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.families import actions, queries

router = Router()
RequestNumber = Annotated[
    str, Path(title="Request number", description="The tracing request's number, nine digits.", pattern=r"^[0-9]{9}$")
]
RequestNumberIn = Annotated[str, Field(pattern=r"^[0-9]{9}$")]


class RequestDuplicateOut(Schema):
    """Another tracing request that may be for the same child.

    Of one that the caller may not read, no more than this is told: somebody must call them.
    """

    id: int = Field(description="Number of the proposal.")
    number: str = Field(description="Number of the other request, nine digits.")
    agency: str = Field(description="Code of the agency that keeps it.")
    may_read: bool = Field(description="Whether the caller may read it, and so decide.")
    reasons: list[dict[str, Any]] = Field(description="What speaks for it: a code, and values for its sentence.")


class RequestDuplicatesOut(Schema):
    """Tracing requests that may be for the same child."""

    items: list[RequestDuplicateOut] = Field(description="Proposals on which nobody has decided.")


class RequestPairOut(Schema):
    """Two tracing requests that may be for one child."""

    id: int = Field(description="Number of the proposal.")
    one: str = Field(description="Number of the one.", alias="one.number")
    one_agency: str = Field(description="Code of the agency that keeps it.", alias="one.by.agency.code")
    other: str = Field(description="Number of the other.", alias="other.number")
    other_agency: str = Field(description="Code of the agency that keeps the other.", alias="other.by.agency.code")
    reasons: list[dict[str, Any]] = Field(description="What speaks for it: a code, and values for its sentence.")
    at: datetime = Field(description="When it was proposed.")


class RequestVerdictIn(Body):
    """Whether two tracing requests are for one child."""

    same: bool = Field(description="Whether they are.")
    kept: RequestNumberIn | None = Field(
        None, description="Number of the request that goes on, where they are for one child; the other ends."
    )
    note: str = Field(description="How it is known.", min_length=1, max_length=200)


@router.get(
    "/tracing-requests/{number}/duplicates",
    summary="List requests for one child",
    **reads("families:read", Permission.READ_REQUEST, answer=RequestDuplicatesOut),
)
def list_request_duplicates(request: HttpRequest, number: RequestNumber) -> dict[str, Any]:
    """Requests that may be for the same child. The look is an event."""
    by = actor(request)
    found = actions.read_request(request_id=int(number), by=by, at=timezone.now())
    return {"items": duplicates(found, by)}


@router.post(
    "/tracing-requests/{number}/duplicates",
    summary="Look for requests for one child",
    **asks("families:write", Permission.RECORD_REQUEST, answer=RequestDuplicatesOut),
)
def propose_request_duplicates(request: HttpRequest, number: RequestNumber, key: Key = "") -> Any:
    """Let the machine look for requests that may be for the same child: same family, or same name and loss. It ends nothing."""

    def work(by: Actor, at: datetime) -> Schema:
        found = queries.request_of(by, int(number))
        actions.propose_duplicates(request=found, at=at)
        return RequestDuplicatesOut(items=duplicates(found, by))

    return write(request, key, {}, work)


@router.get(
    "/request-duplicates",
    summary="List pairs to decide on",
    **reads("families:read", Permission.READ_REQUEST, answer=Page[RequestPairOut]),
)
def list_request_pairs(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Pairs on which nobody has decided and of which the caller may read one request at least."""
    return page(queries.duplicates_waiting(actor(request)), after=after, limit=limit)


@router.post(
    "/request-duplicates/{id}/verdict",
    summary="Decide on a pair",
    **asks("families:write", Permission.RECORD_REQUEST),
)
def settle_request_duplicate(request: HttpRequest, id: Id, body: RequestVerdictIn, key: Key = "") -> Any:  # noqa: A002
    """Say whether two requests are for one child; the one that does not go on keeps all that it says."""

    def work(by: Actor, at: datetime) -> Schema:
        proposal = queries.duplicate_of(by, id)
        with named("kept"):
            kept = queries.request_of(by, int(body.kept)) if body.kept else None
        verdict = actions.settle_duplicate(proposal=proposal, same=body.same, kept=kept, note=body.note, by=by, at=at)
        return Receipt(id=verdict.pk)

    return write(request, key, body, work)


def duplicates(found: Any, by: Actor) -> list[RequestDuplicateOut]:
    """Proposals that wait for a decision, as they are answered."""
    return [
        RequestDuplicateOut(
            id=one.proposal.pk,
            number=one.other.number,
            agency=one.other.by.agency.code,
            may_read=one.may_read,
            reasons=one.reasons,
        )
        for one in queries.duplicates_of(found, by=by)
    ]
