"""Children without a place, and siblings apart, become alarms. To be run every few minutes; each alarm is raised once."""

from __future__ import annotations

from datetime import datetime

from django.db.models import OuterRef, Q, Subquery

from wayhome.casework.audit.actions import raise_alarm
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children.queries import absorbed
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.custody.queries import heads
from wayhome.casework.custody.rules import Kind
from wayhome.casework.placements.queries import siblings_apart
from wayhome.casework.placements.rules import PLACEMENT_DUE, SETTLED


def raise_unplaced(*, at: datetime) -> list[Alarm]:
    """An alarm for each child who was rescued a day ago and never had a place since: the ministry is told."""
    settled = CustodyEpisode.objects.filter(child_id=OuterRef("child_id"), kind__in=SETTLED)
    waiting = (
        heads()
        .filter(kind__in=(Kind.POLICE, Kind.HOSPITAL), child__event__found_at__lte=at - PLACEMENT_DUE)
        .annotate(once=Subquery(settled.values("pk")[:1]))
        .filter(once__isnull=True)
        .exclude(child__in=absorbed().values("pk"))
        .exclude(_told(Alarm.Kind.PLACEMENT_DUE))
    )
    return [
        raise_alarm(
            kind=Alarm.Kind.PLACEMENT_DUE,
            at=at,
            level=2,
            child_id=one.child_id,
            agency_id=one.facility.agency_id,
            jurisdiction=one.child.event.jurisdiction.path,
            subject=f"child:{one.child_id}",
        )
        for one in waiting.select_related("child__event__jurisdiction", "facility")
    ]


def raise_apart(*, at: datetime) -> list[Alarm]:
    """An alarm for each group of siblings who live in more than one place without a decision."""
    raised = []
    for group in siblings_apart():
        first = min(group, key=lambda one: one.child_id)
        subject = f"siblings:{first.child.siblings_id}"
        if not Alarm.objects.filter(kind=Alarm.Kind.SIBLINGS_APART, subject=subject, answer__isnull=True).exists():
            raised.append(
                raise_alarm(
                    kind=Alarm.Kind.SIBLINGS_APART,
                    at=at,
                    level=2,
                    child_id=first.child_id,
                    agency_id=first.facility.agency_id,
                    jurisdiction=first.facility.jurisdiction.path,
                    subject=subject,
                )
            )
    return raised


def _told(kind: Alarm.Kind) -> Q:
    return Q(child_id__in=Alarm.objects.filter(kind=kind).values("child_id"))
