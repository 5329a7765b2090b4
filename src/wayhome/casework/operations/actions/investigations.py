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
from wayhome.casework.operations.models import Investigation, Member, MemberEnd, Supervision
from wayhome.casework.operations.queries.investigations import investigation_of, is_member, memberships
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
            pk=int(numbers.new_number()),
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


def leads(by: Actor, investigation: Investigation) -> None:
    """NotFound for whoever does not belong to the task force, NotAllowed for a member who does not lead it."""
    investigation_of(by, investigation.pk)
    if not is_member(by, investigation.pk, "lead"):
        raise NotAllowed("not_lead")


def told(by: Actor, at: datetime, verb: str, investigation_id: int) -> None:
    """The event of a compartment: its number, and nothing of what is in it."""
    record(by=by, at=at, action=f"operations.{verb}", subject=f"investigation:{investigation_id}")
