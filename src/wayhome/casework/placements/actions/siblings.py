"""Siblings stay together unless three disciplines say otherwise; and where a buyer lives no child goes."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, NotAllowed
from wayhome.casework.custody import queries as custody
from wayhome.casework.custody.gate import gate, permitted
from wayhome.casework.placements import queries
from wayhome.casework.placements.actions.barring import flag
from wayhome.casework.placements.barred import barred
from wayhome.casework.placements.models import RiskArea, Separation, SeparationVote


def propose_separation(*, child: Child, reason: str, by: Actor, at: datetime) -> Separation:
    """Say why it is best for a child not to live with its siblings; welfare, health and law then vote."""
    permitted(by, Permission.DECIDE_SEPARATION, at=at, child_id=child.pk)
    if not reason.strip():
        raise Invalid({"reason": "required"})
    with gate(by=by, at=at, child_id=child.pk, attempt="propose_separation"):
        separation = Separation.objects.create(child=child, reason=reason.strip()[:500], by_id=by.staff_id, at=at)
        record(by=by, at=at, action="placements.propose_separation", subject=f"separation:{separation.pk}", child_id=child.pk)
    return separation


def vote_on_separation(*, separation: Separation, agrees: bool, by: Actor, at: datetime, note: str = "") -> SeparationVote:
    """One discipline's word, by its role: caseworker for welfare, doctor for health, supervisor for law."""
    permitted(by, Permission.DECIDE_SEPARATION, at=at, child_id=separation.child_id)
    if not by.stepped_up:
        raise NotAllowed("step_up")
    if not agrees and not note.strip():
        raise Invalid({"note": "required"})
    with gate(by=by, at=at, child_id=separation.child_id, attempt="vote_on_separation"):
        vote = SeparationVote.objects.create(
            separation=separation, agrees=agrees, note=note.strip()[:300], by_id=by.staff_id, at=at
        )
        record(
            by=by,
            at=at,
            action="placements.vote_on_separation",
            subject=f"separation:{separation.pk}",
            child_id=separation.child_id,
            data={"agrees": agrees},
        )
    return vote


def mark_risk_area(*, child: Child, jurisdiction: Jurisdiction, reason: str, by: Actor, at: datetime) -> RiskArea:
    """A buyer of the child lives in this county, or has kin there. There is no way to take it back."""
    permitted(by, Permission.MARK_RISK, at=at, child_id=child.pk)
    wrong = {} if reason.strip() else {"reason": "required"}
    wrong |= {"jurisdiction": "too_large"} if jurisdiction.kind == Jurisdiction.Kind.COUNTRY else {}
    if wrong:
        raise Invalid(wrong)
    with gate(by=by, at=at, child_id=child.pk, attempt="mark_risk_area", jurisdiction=custody.rescued_in(child)):
        area = RiskArea.objects.create(
            child=child, jurisdiction=jurisdiction, reason=reason.strip()[:200], by_id=by.staff_id, at=at
        )
        record(
            by=by,
            at=at,
            action="placements.mark_risk_area",
            subject=f"risk_area:{area.pk}",
            child_id=child.pk,
            data={"jurisdiction": jurisdiction.code},
        )
    flag(barred(queries.open_placements([child.pk]).values(), at=at), by=by, at=at)
    return area
