"""Alarms, and what was done about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from wayhome.api.calls import After, Body, Id, Key, Limit, Page, Receipt, actor, asks, page, reads, write
from wayhome.casework.audit import actions, queries
from wayhome.casework.core.actors import Actor

router = Router()


class AlarmOut(Schema):
    """Something that a person must look at."""

    id: int = Field(description="Its number.")
    kind: str = Field(description="What happened.")
    level: int = Field(description="1 to 3; 3 is the gravest.")
    code: str = Field(description="Why something was refused.")
    child: str | None = Field(None, description="Number of the child, if it is about one.")
    subject: str = Field(description="What was attempted, or which record it is about.")
    at: datetime = Field(description="When.")

    @staticmethod
    def resolve_child(row: Any) -> str | None:
        """Nine digits."""
        return f"{row.child_id:09d}" if row.child_id else None


class AnswerIn(Body):
    """What was done about an alarm."""

    note: str = Field(description="What was done.", min_length=1, max_length=500)


@router.get("/alarms", summary="List open alarms", **reads("alarms:read", answer=Page[AlarmOut]))
def list_alarms(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Alarms that concern the caller and that nobody answered yet, the newest first."""
    return page(queries.open_alarms(actor(request)), after=after, limit=limit, newest=True)


@router.post("/alarms/{id}/answer", summary="Answer an alarm", **asks("alarms:write"))
def answer_alarm(request: HttpRequest, id: Id, body: AnswerIn, key: Key = "") -> Any:  # noqa: A002
    """Say that one looked at an alarm and what was done; it is open no longer."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=actions.answer_alarm(alarm_id=id, note=body.note, by=by, at=at).pk)

    return write(request, key, body, work)
