"""A home is asked, and accepts or refuses. Siblings are asked for and answered together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from wayhome.casework.accounts.models import Facility
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, Refused
from wayhome.casework.custody import queries as custody
from wayhome.casework.custody.gate import gate, permitted
from wayhome.casework.placements import asked, queries
from wayhome.casework.placements.asked import AskedChild
from wayhome.casework.placements.models import Placement, PlacementAnswer, PlacementEnd, PlanLine
from wayhome.casework.placements.rules import ESCALATED, REFUSALS


def propose_placement(
    *, child: Child, facility: Facility, by: Actor, at: datetime, reason: str = "", line: PlanLine | None = None
) -> Placement:
    """Ask a home to take a child."""
    if by.role != "caseworker":
        permitted(by, Permission.PLAN_NIGHT, at=at, child_id=child.pk)
    with gate(by=by, at=at, child_id=child.pk, attempt="propose_placement", jurisdiction=custody.rescued_in(child)):
        placement = Placement.objects.create(
            child=child, facility=facility, line=line, reason=reason.strip()[:300], by_id=by.staff_id, at=at
        )
        record(
            by=by,
            at=at,
            action="placements.propose",
            subject=f"placement:{placement.pk}",
            child_id=child.pk,
            data={"facility": facility.pk},
        )
    return placement


def read_asked(*, placement_id: int, by: Actor, at: datetime) -> list[AskedChild]:
    """What a home needs of a child's file to answer, and of its siblings' who are answered with it. Each look is an event of that
    child's file. It can be read while the home is asked or keeps the place, and no longer.
    """
    permitted(by, Permission.ANSWER_PLACEMENT, at=at)
    rows = asked.standing(placement_id, by=by)
    with gate(by=by, at=at, child_id=rows[0].child_id, attempt="read_asked"):
        for one in rows:
            record(by=by, at=at, action="placements.read_asked", subject=f"placement:{one.pk}", child_id=one.child_id)
    return asked.told(rows, day=timezone.localtime(at).date())


def accept_placement(*, placement: Placement, by: Actor, at: datetime) -> list[PlacementAnswer]:
    """The home takes the child, and with it the siblings for whom it is asked; it keeps a place for each from now on."""
    permitted(by, Permission.ANSWER_PLACEMENT, at=at, child_id=placement.child_id)
    answers = []
    with gate(by=by, at=at, child_id=placement.child_id, attempt="accept_placement"):
        for one in _together(placement):
            answers.append(PlacementAnswer.objects.create(placement=one, accepted=True, by_id=by.staff_id, at=at))
            record(by=by, at=at, action="placements.accept", subject=f"placement:{one.pk}", child_id=one.child_id)
    return answers


def refuse_placement(*, placement: Placement, code: str, by: Actor, at: datetime, note: str = "") -> list[PlacementAnswer]:
    """The home does not take the child, nor its siblings; what no rule knows as a reason goes to the ministry."""
    permitted(by, Permission.ANSWER_PLACEMENT, at=at, child_id=placement.child_id)
    if code not in REFUSALS:
        raise Invalid({"code": "unknown_choice"})
    if code == "other" and not note.strip():
        raise Invalid({"note": "required"})
    answers = []
    with gate(by=by, at=at, child_id=placement.child_id, attempt="refuse_placement"):
        for one in _together(placement):
            answers.append(
                PlacementAnswer.objects.create(
                    placement=one, accepted=False, code=code, note=note.strip()[:300], by_id=by.staff_id, at=at
                )
            )
            record(
                by=by,
                at=at,
                action="placements.refuse",
                subject=f"placement:{one.pk}",
                child_id=one.child_id,
                data={"code": code, "facility": one.facility_id},
            )
            raise_alarm(
                kind=Alarm.Kind.PLACEMENT_REFUSED,
                at=at,
                by=by,
                level=3 if code in ESCALATED else 1,
                code=code,
                child_id=one.child_id,
                agency_id=one.by.agency_id,
                jurisdiction=custody.rescued_in(one.child),
                subject=f"placement:{one.pk}",
            )
    return answers


def end_placement(*, placement: Placement, reason: str, by: Actor, at: datetime) -> PlacementEnd:
    """Ask no longer, or give a kept place back."""
    if by.role != "caseworker":
        permitted(by, Permission.PLAN_NIGHT, at=at, child_id=placement.child_id)
    if not reason.strip():
        raise Invalid({"reason": "required"})
    with gate(by=by, at=at, child_id=placement.child_id, attempt="end_placement"):
        end = PlacementEnd.objects.create(placement=placement, reason=reason.strip()[:200], by_id=by.staff_id, at=at)
        record(by=by, at=at, action="placements.end", subject=f"placement:{placement.pk}", child_id=placement.child_id)
    return end


def _together(placement: Placement) -> Sequence[Placement]:
    """A placement and those of the child's siblings that wait for the same home's answer."""
    group = placement.child.siblings_id
    if group is None:
        return [placement]
    same = queries.unanswered().filter(facility_id=placement.facility_id, child__siblings_id=group)
    found = list(same.select_related("child__event__jurisdiction", "by").order_by("pk"))
    if placement.pk not in {one.pk for one in found}:
        raise Refused(["already_there"], child=placement.child_id)
    return found
