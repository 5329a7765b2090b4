"""Find what a number is of."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import may
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, NotFound
from wayhome.casework.overview.queries.numbered import KINDS, Numbered, numbered


def find(*, typed: str, by: Actor, at: datetime) -> list[Numbered]:
    """What has this number, typed or scanned. What is opened then tells of itself; that nothing was found is an event.

    Raises
    ------
    Invalid
        "number": check_digit, for one with a slip: nothing was asked of the database.
    NotFound
        for a number of nothing, and of something that the actor may not know: the two are alike, in the audit too.
    """
    if not any(may(by.role, permission) for permission in KINDS.values()):
        require(by, KINDS["child"])
    if not numbers.is_number(typed):
        raise Invalid({"number": "check_digit"})
    plain = numbers.plain_number(typed)
    found = numbered(plain, by=by, at=at)
    if not found:
        with gate(by=by, at=at, attempt="find"):
            # Under the number of a child: whoever reads what happened to it reads who looked for it in vain, too.
            record(by=by, at=at, action="overview.find", subject=f"number:{plain}", child_id=int(plain))
        raise NotFound(number=plain)
    return found
