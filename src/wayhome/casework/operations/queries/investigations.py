"""Investigations, as whoever belongs to their task force may know them; there is nothing here for anybody else."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.operations.models import Investigation, Member


def memberships() -> QuerySet[Member]:
    """Those that go on, of staff at work."""
    return Member.objects.filter(end__isnull=True, staff__end__isnull=True)


def investigations_of(by: Actor) -> QuerySet[Investigation]:
    """Investigations to whose task force an actor belongs at this moment."""
    mine = memberships().filter(investigation=OuterRef("pk"), staff=by.staff_id)
    return (
        Investigation.objects.filter(Exists(mine)).select_related("agency", "jurisdiction", "supervision").order_by("-at", "pk")
    )


def investigation_of(by: Actor, investigation_id: int) -> Investigation:
    """One of them; NotFound for whoever does not belong to it, as if it were not there."""
    found = investigations_of(by).filter(pk=investigation_id).first()
    if found is None:
        raise NotFound(investigation=investigation_id)
    return found


def is_member(by: Actor, investigation_id: int, *functions: str) -> bool:
    """Whether an actor belongs to the task force now, in one of these functions if any are named."""
    rows = memberships().filter(investigation=investigation_id, staff=by.staff_id)
    return (rows.filter(function__in=functions) if functions else rows).exists()


def task_force(by: Actor, investigation_id: int) -> QuerySet[Member]:
    """Everybody who belongs or belonged to it, those who still do first; who left the service belongs to nothing."""
    investigation_of(by, investigation_id)
    return (
        Member.objects.filter(investigation=investigation_id)
        .annotate(now=Exists(memberships().filter(pk=OuterRef("pk"))))
        .select_related("staff__agency__jurisdiction", "end", "by")
        .order_by("-now", "at", "pk")
    )
