"""Who may read a file, and that every look is an event."""

from __future__ import annotations

from datetime import datetime, timedelta

from wayhome.casework.accounts.models import Staff
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.custody import queries
from wayhome.casework.custody.gate import gate, permitted
from wayhome.casework.custody.models import (
    Assignment,
    AssignmentEnd,
    BreakGlass,
    BreakGlassReview,
)

GLASS_HOLDS = timedelta(hours=24)


def assign(*, child: Child, staff: Staff, by: Actor, at: datetime) -> Assignment:
    """Somebody works on a child's case and may read its file."""
    permitted(by, Permission.ASSIGN, at=at, child_id=child.pk)
    with gate(by=by, at=at, child_id=child.pk, attempt="assign"):
        assignment = Assignment.objects.create(child=child, staff=staff, by_id=by.staff_id, at=at)
        record(
            by=by,
            at=at,
            action="custody.assign",
            subject=f"assignment:{assignment.pk}",
            child_id=child.pk,
            data={"staff": staff.pk},
        )
    return assignment


def end_assignment(*, assignment: Assignment, by: Actor, at: datetime) -> AssignmentEnd:
    """The work on the case is over."""
    permitted(by, Permission.ASSIGN, at=at, child_id=assignment.child_id)
    with gate(by=by, at=at, child_id=assignment.child_id, attempt="end_assignment"):
        end = AssignmentEnd.objects.create(assignment=assignment, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="custody.end_assignment", subject=f"assignment:{assignment.pk}", child_id=assignment.child_id)
    return end


def break_glass(*, child_id: int, reason: str, by: Actor, at: datetime) -> BreakGlass:
    """Open a file without need to know: with a reason, for 24 hours, told to those above, and reviewed."""
    permitted(by, Permission.BREAK_GLASS, at=at, child_id=child_id)
    if not by.stepped_up:
        raise NotAllowed("step_up")
    if len(reason.strip()) < 10:
        raise Invalid({"reason": "too_short"})
    if not Child.objects.filter(pk=child_id).exists():
        raise NotFound(child=child_id)
    with gate(by=by, at=at, child_id=child_id, attempt="break_glass"):
        glass = BreakGlass.objects.create(
            child_id=child_id, staff_id=by.staff_id, reason=reason.strip()[:300], at=at, expires_at=at + GLASS_HOLDS
        )
        record(by=by, at=at, action="custody.break_glass", subject=f"glass:{glass.pk}", child_id=child_id)
        raise_alarm(
            kind=Alarm.Kind.BREAK_GLASS, at=at, by=by, level=2, child_id=child_id, agency_id=0, subject=f"glass:{glass.pk}"
        )
    return glass


def review_glass(*, glass: BreakGlass, justified: bool, note: str, by: Actor, at: datetime) -> BreakGlassReview:
    """Say whether the reason held; not of one's own."""
    permitted(by, Permission.REVIEW_BREAK_GLASS, at=at, child_id=glass.child_id)
    with gate(by=by, at=at, child_id=glass.child_id, attempt="review_glass"):
        if glass.staff_id == by.staff_id:
            raise Refused(["self_approval"])
        review = BreakGlassReview.objects.create(
            glass=glass, justified=justified, note=note.strip()[:300], by_id=by.staff_id, at=at
        )
        record(by=by, at=at, action="custody.review_glass", subject=f"glass:{glass.pk}", child_id=glass.child_id)
    return review


def read_file(*, child_id: int, by: Actor, at: datetime) -> Child:
    """Open a child's file: the look is an event, and without the event there is no look."""
    child = queries.visible_child(child_id, by=by, at=at)
    with gate(by=by, at=at, child_id=child_id, attempt="read_file"):
        record(by=by, at=at, action="custody.read_file", subject=f"child:{child_id}", child_id=child_id)
    return child
