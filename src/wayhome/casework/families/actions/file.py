"""What every action on a family's file does: look whether it is the actor's, and tell what was done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import Refused
from wayhome.casework.families import queries
from wayhome.casework.families.models import (
    RequestEnd,
    TracingRequest,
)
from wayhome.casework.families.signals import changed


def mine(request: TracingRequest, by: Actor) -> TracingRequest:
    """The request, if the actor may write in its file."""
    require(by, Permission.RECORD_REQUEST)
    return queries.request_of(by, request.pk)


def must_go_on(request: TracingRequest) -> None:
    """Refuse to end what has ended, by one code on every database."""
    if RequestEnd.objects.filter(request=request).exists():
        raise Refused(["request_over"])


def plain_reason(reason: str) -> str:
    checks = Checks()
    reason = checks.text("reason", reason, 200)
    checks.done()
    return reason


def tell(by: Actor, at: datetime, action: str, request: TracingRequest, subject: str, **data: Any) -> None:
    """What was done; whoever searches by what the file says hears of it."""
    record(by=by, at=at, action=f"families.{action}", subject=subject, data={"request": request.pk} | data)
    changed.send(TracingRequest, requests=(request.pk,), by=by, at=at)
