"""Open an investigation, and put its task force together. Events of it name its number and nothing else.

Whoever does not belong to it is told that it is not there, and no alarm is raised: one would tell others that it is.
"""

from __future__ import annotations

from datetime import date, datetime

from wayhome.casework.accounts.models import Agency, Jurisdiction, Staff
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import NotAllowed, NotFound, Refused
from wayhome.casework.operations.models import (
    Investigation,
    Member,
    MemberEnd,
    Operation,
    OperationTie,
    OperationTieEnd,
    Supervision,
    WayIn,
)
from wayhome.casework.operations.queries.investigations import investigation_of, is_member, memberships, without_lead
from wayhome.casework.operations.queries.operations import operation_of
from wayhome.casework.operations.rules import FUNCTIONS


def open_investigation(*, code: str, title: str, jurisdiction: Jurisdiction, by: Actor, at: datetime) -> Investigation:
    """Open one; the own agency leads it, and whoever opens it is the first lead of its task force."""
    require(by, Permission.RECORD_OPERATION)
    checks = Checks()
    code = checks.text("code", code, 30)
    title = checks.text("title", title, 120)
    checks.done()
    with gate(by=by, at=at, attempt="open_investigation"):
        opened = Investigation.objects.create(
            pk=numbers.free_number(lambda number: Investigation.objects.filter(pk=number).exists()),
            code=code,
            title=title,
            agency=Agency.objects.get(pk=by.agency_id),
            jurisdiction=jurisdiction,
            by_id=by.staff_id,
            at=at,
        )
        Member.objects.create(investigation=opened, staff_id=by.staff_id, function="lead", by_id=by.staff_id, at=at)
        told(by, at, "open_investigation", opened.pk)
    return opened


def supervise(*, investigation: Investigation, since: date, by: Actor, at: datetime) -> Supervision:
    """The ministry supervises it from a day on: its supervisors may belong to the task force from now on."""
    leads(by, investigation)
    checks = Checks()
    checks.day("since", since, at=at)
    checks.done()
    with gate(by=by, at=at, attempt="supervise"):
        if Supervision.objects.filter(investigation=investigation).exists():
            raise Refused(["already_there"])
        row = Supervision.objects.create(investigation=investigation, since=since, by_id=by.staff_id, at=at)
        told(by, at, "supervise", investigation.pk)
    return row


def add_member(*, investigation: Investigation, staff: Staff, function: str, by: Actor, at: datetime) -> Member:
    """A lead takes an officer of any police into the task force, or a supervisor of the ministry where it supervises."""
    leads(by, investigation)
    checks = Checks()
    checks.one_of("function", function, FUNCTIONS)
    checks.done()
    with gate(by=by, at=at, attempt="add_member"):
        if memberships().filter(investigation=investigation, staff=staff).exists():
            raise Refused(["member_already"])
        member = Member.objects.create(investigation=investigation, staff=staff, function=function, by_id=by.staff_id, at=at)
        told(by, at, "add_member", investigation.pk)
    return member


def end_member(*, investigation: Investigation, staff: Staff, by: Actor, at: datetime) -> MemberEnd:
    """Somebody leaves the task force, and knows nothing of it from now on. A lead stays while there is no other."""
    leads(by, investigation)
    member = memberships().filter(investigation=investigation, staff=staff).first()
    if member is None:
        raise NotFound(staff=staff.number)
    with gate(by=by, at=at, attempt="end_member"):
        end = MemberEnd.objects.create(member=member, by_id=by.staff_id, at=at)
        told(by, at, "end_member", investigation.pk)
    return end


def hand_over_lead(*, investigation: Investigation, staff: Staff, leave: bool, by: Actor, at: datetime) -> Member:
    """Somebody leads the task force from now on, who may have been a member of it.

    Parameters
    ----------
    leave : whoever hands over leaves the task force; otherwise they lead it together.
    """
    leads(by, investigation)
    with gate(by=by, at=at, attempt="hand_over_lead"):
        now = {row.staff_id: row for row in memberships().filter(investigation=investigation, staff__in=[staff.pk, by.staff_id])}
        lead = now.get(staff.pk)
        if lead is None or lead.function != "lead":
            if lead is not None:
                MemberEnd.objects.create(member=lead, by_id=by.staff_id, at=at)
            lead = Member.objects.create(investigation=investigation, staff=staff, function="lead", by_id=by.staff_id, at=at)
        elif not leave:
            raise Refused(["member_already"])
        if leave:
            MemberEnd.objects.create(member=now[by.staff_id], by_id=by.staff_id, at=at)
        told(by, at, "hand_over_lead", investigation.pk)
    return lead


def name_lead(*, investigation_id: int, staff: Staff, reason: str, by: Actor, at: datetime) -> WayIn:
    """A supervisor of the ministry names a lead where it supervises and none is at work: the one way in from outside.

    Everybody in the task force is told. NotFound for any other investigation, so that nobody learns which there are.
    """
    require(by, Permission.DIRECT_OPERATION)
    found = without_lead(by, investigation_id)
    if not by.stepped_up:
        raise NotAllowed("step_up")
    checks = Checks()
    reason = checks.text("reason", reason, 500)
    checks.done()
    with gate(by=by, at=at, attempt="name_lead"):
        row = WayIn.objects.create(investigation=found, lead=staff, reason=reason, by_id=by.staff_id, at=at)
        member = memberships().filter(investigation=found, staff=staff).first()
        if member is not None:
            MemberEnd.objects.create(member=member, by_id=by.staff_id, at=at)
        Member.objects.create(investigation=found, staff=staff, function="lead", by_id=by.staff_id, at=at)
        told(by, at, "name_lead", found.pk)
    return row


def tie_operation(*, investigation: Investigation, operation: Operation, by: Actor, at: datetime) -> OperationTie:
    """An operation came of the investigation: one that concerns the actor."""
    leads(by, investigation)
    operation_of(by, operation.pk)
    with gate(by=by, at=at, attempt="tie_operation"):
        row = OperationTie.objects.create(investigation=investigation, operation=operation, by_id=by.staff_id, at=at)
        told(by, at, "tie_operation", investigation.pk)
    return row


def untie_operation(*, tie: OperationTie, reason: str, by: Actor, at: datetime) -> OperationTieEnd:
    """It did not come of the investigation after all. What a plan of it was launched as did, and stays."""
    leads(by, tie.investigation)
    checks = Checks()
    reason = checks.text("reason", reason, 300)
    checks.done()
    with gate(by=by, at=at, attempt="untie_operation"):
        row = OperationTieEnd.objects.create(tie=tie, reason=reason, by_id=by.staff_id, at=at)
        told(by, at, "untie_operation", tie.investigation_id)
    return row


def read_investigation(*, investigation_id: int, by: Actor, at: datetime) -> Investigation:
    """Look into an investigation: the look is an event, and without the event there is no look."""
    found = investigation_of(by, investigation_id)
    with gate(by=by, at=at, attempt="read_investigation"):
        told(by, at, "read_investigation", found.pk)
    return found


def leads(by: Actor, investigation: Investigation) -> None:
    """NotFound for whoever does not belong to the task force, NotAllowed for a member who does not lead it."""
    investigation_of(by, investigation.pk)
    if not is_member(by, investigation.pk, "lead"):
        raise NotAllowed("not_lead")


def told(by: Actor, at: datetime, verb: str, investigation_id: int) -> None:
    """The event of a compartment: its number, and nothing of what is in it."""
    record(by=by, at=at, action=f"operations.{verb}", subject=f"investigation:{investigation_id}")
