"""What people do about places. Each is one transaction with its event; keyword-only, `by` whom, `at` which moment."""

from wayhome.casework.placements.actions.answers import (
    accept_placement,
    end_placement,
    propose_placement,
    read_asked,
    refuse_placement,
)
from wayhome.casework.placements.actions.barring import flag_barred
from wayhome.casework.placements.actions.capacity import approve_surge, ask_surge, fund, report_capacity, tell_position
from wayhome.casework.placements.actions.costs import export_reimbursement
from wayhome.casework.placements.actions.desk import plan_night, propose_plan
from wayhome.casework.placements.actions.jobs import ask_plan, cancel_plan, work_at_once, work_on
from wayhome.casework.placements.actions.siblings import mark_risk_area, propose_separation, vote_on_separation

__all__ = [
    "accept_placement",
    "approve_surge",
    "ask_plan",
    "ask_surge",
    "cancel_plan",
    "end_placement",
    "export_reimbursement",
    "flag_barred",
    "fund",
    "mark_risk_area",
    "plan_night",
    "propose_placement",
    "propose_plan",
    "propose_separation",
    "read_asked",
    "refuse_placement",
    "report_capacity",
    "tell_position",
    "vote_on_separation",
    "work_at_once",
    "work_on",
]
