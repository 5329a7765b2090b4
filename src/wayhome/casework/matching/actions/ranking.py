"""A child and the families of whom nobody was typed: the look is an event."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.matching.queries import ranking as queries


def open_ranking(*, child_id: int, by: Actor, at: datetime) -> list[queries.Ranked]:
    """The likeliest families without DNA for a child that the actor's laboratory typed, or has a candidate for."""
    require(by, Permission.READ_CANDIDATE)
    child = queries.child_of(by, child_id)
    with gate(by=by, at=at, child_id=child.pk, attempt="read_ranking"):
        found = queries.untyped_requests_for(child)
        record(by=by, at=at, action="matching.read_ranking", subject=f"child:{child.pk}", child_id=child.pk)
    return found
