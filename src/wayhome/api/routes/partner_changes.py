"""What between two houses is corrected, ended, and opened again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema

from wayhome.api.calls import Body, Id, Key, Receipt, Text, asks, write
from wayhome.api.routes.partners import Nothing, StepIn
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.exchange.actions import corrections, ending, renewing
from wayhome.casework.exchange.queries import corrections as correction_queries
from wayhome.casework.exchange.queries import desk
from wayhome.casework.exchange.queries import ending as ending_queries

router = Router()
WRITE, APPROVE = Permission.WRITE_PARTNERS, Permission.APPROVE_DISCLOSURE
Nth = Annotated[int, Path(title="n", description="Which of the steps.", ge=1, le=10_000)]


class CorrectionIn(StepIn):
    """A step as it was in truth."""

    stands: bool = Field(description="Whether there was such a step at all.")
    reason: Text = Field(description="What was wrong.", max_length=300)


class StandingIn(Body):
    """Whether a case is about a child."""

    stands: bool = Field(description="Whether it is.")
    reason: Text = Field(description="What was wrong.", max_length=300)


class EndIn(Body):
    """The end of a shared case."""

    how: str = Field(description="closed or withdrawn.", max_length=10)
    keep_days: int = Field(
        description="Days for which what was told of children can be read; 30 where withdrawn.", ge=30, le=3650
    )
    reason: Text = Field(description="Why.", max_length=300)


class ReopeningIn(Body):
    """Why a case is to be opened again."""

    reason: Text = Field(description="Why.", max_length=300)


@router.post("/returns-abroad/{id}/steps/{n}/corrections", summary="Correct a step", **asks("partners:write", WRITE))
def correct_step(request: HttpRequest, id: Id, n: Nth, body: CorrectionIn, key: Key = "") -> Any:  # noqa: A002
    """It was another than was told, or there was none; what was told stays."""

    def work(by: Actor, at: datetime) -> Schema:
        step = correction_queries.step_of(desk.tied_of(by, id), n)
        told = {"stands": body.stands, "who": body.who, "what": body.what, "since": body.since, "reason": body.reason}
        return Receipt(id=corrections.correct_step(step=step, by=by, at=at, **told).pk)  # type: ignore[arg-type]

    return write(request, key, body, work)


@router.post("/returns-abroad/{id}/standing", summary="Correct a tie", **asks("partners:write", WRITE))
def correct_tie(request: HttpRequest, id: Id, body: StandingIn, key: Key = "") -> Any:  # noqa: A002
    """The case is not about this child, or is after all; the partner hears which messages were of the wrong one."""

    def work(by: Actor, at: datetime) -> Schema:
        tied = desk.tied_of(by, id)
        return Receipt(id=corrections.correct_tie(tie=tied, stands=body.stands, reason=body.reason, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/shared-cases/{id}/end", summary="End a shared case", **asks("partners:write", APPROVE))
def end_case(request: HttpRequest, id: Id, body: EndIn, key: Key = "") -> Any:  # noqa: A002
    """Nothing more is told, asked or taken in it; the partner hears that, and what waited."""

    def work(by: Actor, at: datetime) -> Schema:
        case = desk.case_of(by, id)
        told = {"how": body.how, "keep_days": body.keep_days, "reason": body.reason}
        return Receipt(id=ending.end_case(case=case, by=by, at=at, **told).pk)  # type: ignore[arg-type]

    return write(request, key, body, work)


@router.post("/shared-cases/{id}/reopening", summary="Ask for a case to be opened again", **asks("partners:write", APPROVE))
def reopen_case(request: HttpRequest, id: Id, body: ReopeningIn, key: Key = "") -> Any:  # noqa: A002
    """It is when a second person says so."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=ending.reopen_case(case=desk.case_of(by, id), reason=body.reason, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/shared-cases/{id}/key", summary="Tell a partner our later key", **asks("partners:write", APPROVE))
def tell_key(request: HttpRequest, id: Id, body: Nothing, key: Key = "") -> Any:  # noqa: A002
    """The partner hears of the newest key for sealing, which its registrars put on their register."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=renewing.tell_key(case=desk.case_of(by, id), by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/case-reopenings/{id}/approval", summary="Open a case again", **asks("partners:write", APPROVE))
def approve_reopening(request: HttpRequest, id: Id, body: Nothing, key: Key = "") -> Any:  # noqa: A002
    """A second person lets it be opened; what went meanwhile does not come back."""

    def work(by: Actor, at: datetime) -> Schema:
        reopening = ending_queries.reopening_of(by, id)
        return Receipt(id=ending.approve_reopening(reopening=reopening, by=by, at=at).pk)

    return write(request, key, body, work)
