"""The way through the gate: what is tried without permission is told as well. The transaction itself is the audit's."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.audit.attempts import GRAVE, SLIPS, gate
from wayhome.casework.core.actors import Actor

__all__ = ["GRAVE", "SLIPS", "gate", "permitted"]


def permitted(by: Actor, permission: Permission, *, at: datetime, child_id: int = 0) -> None:
    """NotAllowed, and an alarm, unless the actor's role has the permission."""
    if not may(by.role, permission):
        with gate(by=by, at=at, child_id=child_id, attempt=str(permission)):
            require(by, permission)
