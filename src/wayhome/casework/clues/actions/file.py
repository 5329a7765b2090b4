"""Who may write into a clue, and what is told of it."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.clues.models import Clue
from wayhome.casework.clues.queries.clues import clue_of, is_own
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotAllowed


def mine(clue: Clue, by: Actor) -> Clue:
    """A clue of the actor's own agency, anew; NotFound for whoever may not read it. No alarm tells others that it is there."""
    require(by, Permission.RECORD_CLUE)
    found = clue_of(by, clue.pk)
    if not is_own(by, found):
        raise NotAllowed("not_your_clue")
    return found


def tell(by: Actor, at: datetime, verb: str, clue: Clue, **data: int | str | bool) -> None:
    """The event: a number, and nothing of what is in the clue."""
    record(by=by, at=at, action=f"clues.{verb}", subject=f"clue:{clue.pk}", data=data)
