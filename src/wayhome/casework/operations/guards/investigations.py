"""A task force is put together by its leads, and has one at any time."""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff
from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require

_GOES_ON = "NOT EXISTS (SELECT 1 FROM operations_memberend me WHERE me.member_id = m.id)"
_AT_WORK = "NOT EXISTS (SELECT 1 FROM accounts_staffend mx WHERE mx.staff_id = m.staff_id)"
_POLICE = active_staff("NEW.staff_id", "s.role = 'officer'")
_MINISTRY = active_staff("NEW.staff_id", "s.role = 'supervisor'")
_OF_END = "(SELECT w.investigation_id FROM operations_member w WHERE w.id = NEW.member_id)"


def member_now(investigation: str, staff: str, *more: str) -> str:
    """SQL: this member of staff, still at work, belongs to the task force of this investigation now; `more` of the row, m."""
    return _belongs(investigation, staff, _AT_WORK, *more)


def _belongs(investigation: str, staff: str, *more: str) -> str:
    conditions = "".join(f" AND {condition}" for condition in more)
    return (
        f"EXISTS (SELECT 1 FROM operations_member m WHERE m.investigation_id = {investigation} AND m.staff_id = {staff}"
        f" AND {_GOES_ON}{conditions})"
    )


def lead_now(investigation: str, staff: str) -> str:
    """SQL: and leads it."""
    return member_now(investigation, staff, "m.function = 'lead'")


def lock(investigation: str) -> str:
    """What PostgreSQL does first: whoever changes a task force waits for whoever does."""
    return f"PERFORM 1 FROM operations_investigation i WHERE i.id = {investigation} FOR UPDATE"


def declare(registry: Registry) -> None:
    """The guards of investigations and their task forces."""
    registry.add(
        AppendOnly("operations_investigation"),
        AppendOnly("operations_supervision", keys=(("investigation_id",),)),
        AppendOnly("operations_member"),
        AppendOnly("operations_memberend", keys=(("member_id",),)),
    )
    # Nobody adds themselves: who may add belongs to it already, and nobody belongs to it twice.
    opens = (
        "NEW.staff_id = NEW.by_id AND NEW.function = 'lead' AND EXISTS (SELECT 1 FROM operations_investigation i"
        " WHERE i.id = NEW.investigation_id AND i.by_id = NEW.by_id)"
        " AND NOT EXISTS (SELECT 1 FROM operations_member o WHERE o.investigation_id = NEW.investigation_id)"
    )
    police = f"NEW.function IN ('lead', 'member') AND {_POLICE}"
    ministry = (
        f"NEW.function = 'supervisor' AND {_MINISTRY}"
        " AND EXISTS (SELECT 1 FROM operations_supervision v WHERE v.investigation_id = NEW.investigation_id)"
    )
    registry.add(
        Guard(
            "operations_investigation",
            "INSERT",
            (Require("not_own_agency", active_staff("NEW.by_id", "s.role = 'officer'", "s.agency_id = NEW.agency_id")),),
        ),
        Guard("operations_supervision", "INSERT", (Require("not_lead", lead_now("NEW.investigation_id", "NEW.by_id")),)),
        Guard(
            "operations_member",
            "INSERT",
            (
                Require("not_lead", f"({opens}) OR {lead_now('NEW.investigation_id', 'NEW.by_id')}"),
                Require("not_for_task_force", f"({police}) OR ({ministry})"),
                Require("member_already", f"NOT {_belongs('NEW.investigation_id', 'NEW.staff_id')}"),
            ),
            locks=(lock("NEW.investigation_id"),),
        ),
        Guard(
            "operations_memberend",
            "INSERT",
            (
                Require("not_lead", lead_now(_OF_END, "NEW.by_id")),
                # A member who does not lead is never the last lead: whoever ends it leads, and is another.
                # Whoever ends it leads: for somebody else than themselves there is always another.
                Require(
                    "last_lead",
                    f"EXISTS (SELECT 1 FROM operations_member m WHERE m.investigation_id = {_OF_END} AND m.id <> NEW.member_id"
                    f" AND m.function = 'lead' AND {_GOES_ON} AND {_AT_WORK})",
                ),
            ),
            locks=(lock(_OF_END),),
        ),
    )
