"""Record operations, rescues and adults; open investigations and put task forces together."""

from __future__ import annotations

from wayhome.casework.operations.actions.days import place_detention, report_officers, report_seizure
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
from wayhome.casework.operations.actions.victims import tell_state, tell_victim

__all__ = [
    "add_fact",
    "add_member",
    "end_member",
    "open_investigation",
    "place_detention",
    "record_operation",
    "record_person",
    "record_rescue",
    "record_role",
    "record_visitor",
    "report_officers",
    "report_seizure",
    "supervise",
    "tell_state",
    "tell_victim",
    "tie",
]
