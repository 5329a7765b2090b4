"""Record operations, rescues and adults; open investigations and put task forces together."""

from __future__ import annotations

from wayhome.casework.operations.actions.campaigns import record_campaign
from wayhome.casework.operations.actions.days import place_detention, report_officers, report_seizure
from wayhome.casework.operations.actions.investigations import (
    add_member,
    end_member,
    hand_over_lead,
    name_lead,
    open_investigation,
    read_investigation,
    supervise,
    tie_operation,
    untie_operation,
)
from wayhome.casework.operations.actions.joint import (
    add_site,
    approve_plan,
    draft_plan,
    launch_plan,
    read_site,
    report_readiness,
    review_plan,
    seal_plan,
    stand_down_plan,
)
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
    "add_site",
    "approve_plan",
    "draft_plan",
    "end_member",
    "hand_over_lead",
    "launch_plan",
    "name_lead",
    "open_investigation",
    "place_detention",
    "read_investigation",
    "read_site",
    "record_campaign",
    "record_operation",
    "record_person",
    "record_rescue",
    "record_role",
    "record_visitor",
    "report_officers",
    "report_readiness",
    "report_seizure",
    "review_plan",
    "seal_plan",
    "stand_down_plan",
    "supervise",
    "tell_state",
    "tell_victim",
    "tie",
    "tie_operation",
    "untie_operation",
]
