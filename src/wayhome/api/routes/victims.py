"""Alleged victims of an investigation: children known from evidence, and what became of them. For the task force alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from wayhome.api.calls import Body, Id, Key, Receipt, actor, asks, named, reads, write
from wayhome.api.routes.investigations import InvestigationNumber
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.children import queries as children
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import actions as custody
from wayhome.casework.operations import actions
from wayhome.casework.operations.queries.investigations import investigation_of
from wayhome.casework.operations.queries.victims import victim_of

router = Router()


class VictimIn(Body):
    """A child that evidence tells of."""

    evidence: str = Field(description="What tells of it, in words.", min_length=1, max_length=4000)
    sex: Literal["F", "M", "U"] = Field("U", description="Its sex; U where nobody knows.")
    seen_from: date = Field(description="First day on which it was moved, as far as the evidence tells.")
    seen_to: date = Field(description="Last day.")


class StateIn(Body):
    """What became known."""

    state: Literal["unseen", "located", "disproved"] = Field(description="What is known of it from here on.")
    note: str = Field(description="From what.", min_length=1, max_length=4000)


class TieIn(Body):
    """Which child it is."""

    child: str = Field(description="Number of the child, nine digits.", pattern=r"^[0-9]{9}$")


class UntieIn(Body):
    """It is not that child."""

    reason: str = Field(description="Why.", min_length=1, max_length=200)


class VictimOut(Schema):
    """An alleged victim."""

    id: int = Field(description="Its number.")
    evidence: str = Field(description="What tells of it.")
    sex: str = Field(description="Its sex; U where nobody knows.")
    seen_from: date = Field(description="First day on which it was moved.")
    seen_to: date = Field(description="Last day.")
    state: str = Field(description="unseen, located, disproved, or rescued.")
    child: str | None = Field(description="Number of the child that it is, if it was rescued.")


class LedgerOut(Schema):
    """What became of all of them."""

    moved: int = Field(description="Alleged victims, without those that were disproved.")
    rescued: int = Field(description="Children who are one of them, each once.")
    open: int = Field(description="The others.")
    disproved: int = Field(description="Those that never were.")
    victims: list[VictimOut] = Field(description="Each of them.")


@router.get(
    "/investigations/{number}/victims",
    summary="Read the ledger of alleged victims",
    **reads("operations:read", Permission.READ_INVESTIGATION, answer=LedgerOut),
)
def read_ledger(request: HttpRequest, number: InvestigationNumber) -> Any:
    """How many children were moved, how many were rescued, and how many are looked for. The look is an event."""
    by = actor(request)
    told = children.ledger(by, actions.read_investigation(investigation_id=int(number), by=by, at=timezone.now()).pk)
    return {
        "moved": told.moved,
        "rescued": told.rescued,
        "open": told.open,
        "disproved": told.disproved,
        "victims": [
            {
                "id": one.pk,
                "evidence": one.evidence,
                "sex": one.sex,
                "seen_from": one.seen_from,
                "seen_to": one.seen_to,
                "state": "rescued" if tie else one.said,
                "child": tie.child.number if tie else None,
            }
            for one, tie in told.victims
        ],
    }


@router.post(
    "/investigations/{number}/victims",
    summary="Tell of an alleged victim",
    **asks("operations:write", Permission.RECORD_OPERATION),
)
def tell_victim(request: HttpRequest, number: InvestigationNumber, body: VictimIn, key: Key = "") -> Any:
    """A child that evidence tells of, whether anybody saw it or not."""

    def work(by: Actor, at: datetime) -> Schema:
        found = investigation_of(by, int(number))
        made = actions.tell_victim(investigation=found, **body.model_dump(), by=by, at=at)
        return Receipt(id=made.pk)

    return write(request, key, body, work)


@router.post(
    "/victims/{id}/states",
    summary="Say what became known of an alleged victim",
    **asks("operations:write", Permission.RECORD_OPERATION),
)
def tell_state(request: HttpRequest, id: Id, body: StateIn, key: Key = "") -> Any:  # noqa: A002
    """Where it is, or that it never was."""

    def work(by: Actor, at: datetime) -> Schema:
        made = actions.tell_state(victim=victim_of(by, id), state=body.state, note=body.note, by=by, at=at)
        return Receipt(id=made.pk)

    return write(request, key, body, work)


@router.post(
    "/victims/{id}/child",
    summary="Say which child an alleged victim is",
    **asks("operations:write", Permission.RECORD_OPERATION),
)
def tie_victim(request: HttpRequest, id: Id, body: TieIn, key: Key = "") -> Any:  # noqa: A002
    """It was rescued: it is a child whose file the caller may read."""

    def work(by: Actor, at: datetime) -> Schema:
        victim = victim_of(by, id)
        with named("child"):
            made = custody.tie_victim(victim=victim, child_id=int(body.child), by=by, at=at)
        return Receipt(id=made.pk)

    return write(request, key, body, work)


@router.post(
    "/victims/{id}/child/end",
    summary="Say that an alleged victim is not that child",
    **asks("operations:write", Permission.RECORD_OPERATION),
)
def untie_victim(request: HttpRequest, id: Id, body: UntieIn, key: Key = "") -> Any:  # noqa: A002
    """It is open again."""

    def work(by: Actor, at: datetime) -> Schema:
        made = custody.untie_victim(victim=victim_of(by, id), reason=body.reason, by=by, at=at)
        return Receipt(id=made.pk)

    return write(request, key, body, work)
