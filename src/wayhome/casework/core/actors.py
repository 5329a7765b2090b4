"""Who acts: a plain value that every action gets as `by`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff at work, or the system.

    Parameters
    ----------
    staff_id, agency_id : 0 for the system.
    role : see `accounts.rules.ROLES`; "" for the system.
    jurisdiction : path of the agency's jurisdiction, "/CN/CN-44/".
    chain : the audit chain that the actor writes to.
    oversees : whether the role looks at every agency below its jurisdiction.
    stepped_up : whether the person proved who they are within the last minutes.
    """

    staff_id: int
    agency_id: int
    role: str
    jurisdiction: str
    chain: str
    oversees: bool = False
    stepped_up: bool = False


SYSTEM = Actor(staff_id=0, agency_id=0, role="", jurisdiction="/", chain="system")
