"""Record operations, rescues and adults; open investigations and put task forces together."""

from __future__ import annotations

from wayhome.casework.operations.actions.investigations import add_member, end_member, open_investigation, supervise
from wayhome.casework.operations.actions.people import (
    add_fact,
    record_operation,
    record_person,
    record_rescue,
    record_role,
    record_visitor,
    tie,
)

__all__ = [
    "add_fact",
    "add_member",
    "end_member",
    "open_investigation",
    "record_operation",
    "record_person",
    "record_rescue",
    "record_role",
    "record_visitor",
    "supervise",
    "tie",
]
