"""Records that may be one child: proposed by a machine, decided by two people."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from wayhome.api.calls import Body, Id, Key, Number, Receipt, actor, asks, named, reads, write
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.children import actions, queries
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody import known
from wayhome.casework.custody import queries as custody_queries

router = Router()
NumberIn = Annotated[str, Field(pattern=r"^[0-9]{9}$")]


class MergeIn(Body):
    """Two records that are one child."""

    kept: NumberIn = Field(description="Number of the record that stays.")
    absorbed: NumberIn = Field(description="Number of the record that is the same child.")
    reason: str = Field(description="Why.", min_length=1, max_length=200)


class SplitIn(Body):
    """Two children after all."""

    absorbed: NumberIn = Field(description="Number of the record that was merged into another.")
    reason: str = Field(description="Why.", min_length=1, max_length=200)


class StepOut(Schema):
    """A merge or split that waits for the second person."""

    id: int = Field(description="Its number.")
    kind: str = Field(description="merge or split.")
    kept: str = Field(description="Number of the record that stays.")
    absorbed: str = Field(description="Number of the other record.")
    reason: str = Field(description="Why.")


class StepsOut(Schema):
    """What waits for a second person."""

    items: list[StepOut] = Field(description="Steps, the oldest first.")


class DuplicateOut(Schema):
    """A record that may be the same child."""

    number: str = Field(description="Number of the other record.")
    reasons: list[dict[str, Any]] = Field(description="What speaks for it: a code, and values for its sentence.")


class DuplicatesOut(Schema):
    """Records that may be the same child."""

    items: list[DuplicateOut] = Field(description="Proposals.")


@router.get(
    "/children/{number}/duplicates",
    summary="List possible duplicates",
    **reads("children:read", Permission.READ_CHILD, answer=DuplicatesOut),
)
def list_duplicates(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Records that may be the same child, of those that the caller may know of. The look is an event."""
    by, at = actor(request), timezone.now()
    child = custody.read_file(child_id=int(number), by=by, at=at)
    return {"items": _duplicates(child, by, at)}


@router.post(
    "/children/{number}/duplicates",
    summary="Look for duplicates",
    **asks("children:write", Permission.DESCRIBE_CHILD, answer=DuplicatesOut),
)
def propose_duplicates(request: HttpRequest, number: Number, key: Key = "") -> Any:
    """Let the machine look for records that may be the same child: same event, sex, age, marks. It merges nothing."""

    def work(by: Actor, at: datetime) -> Schema:
        child = custody_queries.visible_child(int(number), by=by, at=at)
        actions.propose_duplicates(child=child, at=at)
        return DuplicatesOut(items=_duplicates(child, by, at))

    return write(request, key, {}, work)


@router.post("/merges", summary="Propose a merge", **asks("children:write", Permission.MERGE_CHILDREN))
def propose_merge(request: HttpRequest, body: MergeIn, key: Key = "") -> Any:
    """Say that two records are one child; it counts when another person confirms."""

    def work(by: Actor, at: datetime) -> Schema:
        with named("kept"):
            kept = custody_queries.visible_child(int(body.kept), by=by, at=at)
        with named("absorbed"):
            absorbed = custody_queries.visible_child(int(body.absorbed), by=by, at=at)
        return Receipt(id=actions.propose_merge(kept=kept, absorbed=absorbed, reason=body.reason, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/splits", summary="Propose a split", **asks("children:write", Permission.MERGE_CHILDREN))
def propose_split(request: HttpRequest, body: SplitIn, key: Key = "") -> Any:
    """Say that a merged record is another child after all; it counts when another person confirms."""

    def work(by: Actor, at: datetime) -> Schema:
        with named("absorbed"):
            absorbed = custody_queries.visible_child(int(body.absorbed), by=by, at=at)
        return Receipt(id=actions.propose_split(absorbed=absorbed, reason=body.reason, by=by, at=at).pk)

    return write(request, key, body, work)


@router.get("/merge-steps", summary="List waiting steps", **reads("children:read", Permission.MERGE_CHILDREN, answer=StepsOut))
def list_steps(request: HttpRequest) -> dict[str, Any]:
    """Merges and splits that wait for a second person, of children that the caller may know of."""
    return {"items": [_step(step) for step in known.merge_steps(actor(request), at=timezone.now())[:200]]}


@router.post("/merge-steps/{id}/confirmation", summary="Confirm", **asks("children:write", Permission.MERGE_CHILDREN))
def confirm_merge(request: HttpRequest, id: Id, key: Key = "") -> Any:  # noqa: A002
    """Be the second person."""

    def work(by: Actor, at: datetime) -> Schema:
        step = known.merge_step(id, by=by, at=at)
        return Receipt(id=actions.confirm_merge(step=step, by=by, at=at).pk)

    return write(request, key, {}, work)


def _duplicates(child: Any, by: Actor, at: datetime) -> list[DuplicateOut]:
    found = queries.duplicates_of(child)
    known_of = custody_queries.visible_among([one.other.pk for one in found], by=by, at=at)
    return [DuplicateOut(number=one.other.number, reasons=one.reasons) for one in found if one.other.pk in known_of]


def _step(step: Any) -> StepOut:
    return StepOut(id=step.pk, kind=step.kind, kept=step.kept.number, absorbed=step.absorbed.number, reason=step.reason)
