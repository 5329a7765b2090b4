"""A task force is put together by its leads, and has one at any time."""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff
from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require

_GOES_ON = "NOT EXISTS (SELECT 1 FROM operations_memberend me WHERE me.member_id = m.id)"
_AT_WORK = "NOT EXISTS (SELECT 1 FROM accounts_staffend mx WHERE mx.staff_id = m.staff_id)"
_POLICE = active_staff("NEW.staff_id", "s.role = 'officer'")
_MINISTRY = active_staff("NEW.staff_id", "s.role = 'supervisor'")
_ABOVE = (
    "EXISTS (SELECT 1 FROM accounts_agency a JOIN accounts_jurisdiction h ON h.id = a.jurisdiction_id"
    " JOIN operations_investigation i ON i.id = NEW.investigation_id"
    " JOIN accounts_jurisdiction p ON p.id = i.jurisdiction_id WHERE a.id = s.agency_id"
    " AND SUBSTR(p.path, 1, LENGTH(h.path)) = h.path)"
)
_OF_TIE = "(SELECT ow.investigation_id FROM operations_operationtie ow WHERE ow.id = NEW.tie_id)"
TIE_STANDS = "NOT EXISTS (SELECT 1 FROM operations_operationtieend oe WHERE oe.tie_id = ot.id)"
_STAFF_OF_END = "(SELECT w.staff_id FROM operations_member w WHERE w.id = NEW.member_id)"
_OF_END = "(SELECT w.investigation_id FROM operations_member w WHERE w.id = NEW.member_id)"


def member_now(investigation: str, staff: str, *more: str) -> str:
    """SQL: this member of staff, still at work, belongs to the task force of this investigation now; `more` of the row, m."""
    return belongs(investigation, staff, _AT_WORK, *more)


def belongs(investigation: str, staff: str, *more: str) -> str:
    """SQL: the same, whether or not they are still at work."""
    conditions = "".join(f" AND {condition}" for condition in more)
    return (
        f"EXISTS (SELECT 1 FROM operations_member m WHERE m.investigation_id = {investigation} AND m.staff_id = {staff}"
        f" AND {_GOES_ON}{conditions})"
    )


def lead_now(investigation: str, staff: str) -> str:
    """SQL: and leads it."""
    return member_now(investigation, staff, "m.function = 'lead'")


def _no_lead(investigation: str) -> str:
    return (
        f"NOT EXISTS (SELECT 1 FROM operations_member m WHERE m.investigation_id = {investigation} AND m.function = 'lead'"
        f" AND {_GOES_ON} AND {_AT_WORK})"
    )


def _named(investigation: str, staff: str) -> str:
    """SQL: whoever writes has just named this member of staff as lead, and there is none yet."""
    return (
        f"EXISTS (SELECT 1 FROM operations_wayin y WHERE y.investigation_id = {investigation} AND y.lead_id = {staff}"
        f" AND y.by_id = NEW.by_id AND y.at = NEW.at) AND {_no_lead(investigation)}"
    )


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
        AppendOnly("operations_wayin"),
        AppendOnly("operations_operationtie"),
        AppendOnly("operations_operationtieend", keys=(("tie_id",),)),
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
            "operations_wayin",
            "INSERT",
            (
                Require("not_ministry", active_staff("NEW.by_id", "s.role = 'supervisor'", _ABOVE)),
                Require(
                    "not_supervised",
                    "EXISTS (SELECT 1 FROM operations_supervision v WHERE v.investigation_id = NEW.investigation_id)",
                ),
                Require("lead_there", _no_lead("NEW.investigation_id")),
                Require("not_for_task_force", active_staff("NEW.lead_id", "s.role = 'officer'")),
                Require("why_missing", "NEW.reason <> ''"),
            ),
            locks=(lock("NEW.investigation_id"),),
        ),
        Guard(
            "operations_operationtie",
            "INSERT",
            (
                Require("not_lead", lead_now("NEW.investigation_id", "NEW.by_id")),
                Require(
                    "already_there",
                    "NOT EXISTS (SELECT 1 FROM operations_operationtie ot WHERE ot.investigation_id = NEW.investigation_id"
                    f" AND ot.operation_id = NEW.operation_id AND {TIE_STANDS})",
                ),
            ),
            locks=(lock("NEW.investigation_id"),),
        ),
        Guard(
            "operations_operationtieend",
            "INSERT",
            (
                Require("not_lead", lead_now(_OF_TIE, "NEW.by_id")),
                # What a plan of the investigation was launched as, came of it.
                Require(
                    "tie_of_launch",
                    "NOT EXISTS (SELECT 1 FROM operations_operationtie ot JOIN operations_planstep ps"
                    " ON ps.operation_id = ot.operation_id JOIN operations_jointplan jp ON jp.id = ps.plan_id"
                    " AND jp.investigation_id = ot.investigation_id WHERE ot.id = NEW.tie_id)",
                ),
                Require("why_missing", "NEW.reason <> ''"),
            ),
            locks=(lock(_OF_TIE),),
        ),
        Guard(
            "operations_member",
            "INSERT",
            (
                Require(
                    "not_lead",
                    f"({opens}) OR {lead_now('NEW.investigation_id', 'NEW.by_id')}"
                    f" OR (NEW.function = 'lead' AND {_named('NEW.investigation_id', 'NEW.staff_id')})",
                ),
                Require("not_for_task_force", f"({police}) OR ({ministry})"),
                Require("member_already", f"NOT {belongs('NEW.investigation_id', 'NEW.staff_id')}"),
            ),
            locks=(lock("NEW.investigation_id"),),
        ),
        Guard(
            "operations_memberend",
            "INSERT",
            (
                Require("not_lead", f"{lead_now(_OF_END, 'NEW.by_id')} OR ({_named(_OF_END, _STAFF_OF_END)})"),
                # Whoever ends it leads, so that for somebody else than themselves there is always another; or has just named as
                # lead who is a member.
                Require(
                    "last_lead",
                    "EXISTS (SELECT 1 FROM operations_member w WHERE w.id = NEW.member_id AND w.function <> 'lead')"
                    f" OR EXISTS (SELECT 1 FROM operations_member m WHERE m.investigation_id = {_OF_END}"
                    f" AND m.id <> NEW.member_id AND m.function = 'lead' AND {_GOES_ON} AND {_AT_WORK})",
                ),
            ),
            locks=(lock(_OF_END),),
        ),
    )
