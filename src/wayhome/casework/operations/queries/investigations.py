"""Investigations, as whoever belongs to their task force may know them; there is nothing here for anybody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.operations.models import Investigation, Member, OperationTie, PlanStep, WayIn
from wayhome.casework.operations.queries.operations import operations_of

TOLD_FOR = timedelta(days=14)
"""For how long each member is told on the first page that the ministry named a lead."""


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


def task_force(by: Actor, investigation_id: int) -> QuerySet[Any]:
    """Everybody who belongs or belonged to it, those who still do first; who left the service belongs to nothing."""
    investigation_of(by, investigation_id)
    return (
        Member.objects.filter(investigation=investigation_id)
        .annotate(now=Exists(memberships().filter(pk=OuterRef("pk"))))
        .select_related("staff__agency__jurisdiction", "end", "by")
        .order_by("-now", "at", "pk")
    )


def operations_tied(by: Actor, investigation_id: int) -> QuerySet[Any]:
    """Operations that came of it, the latest first, and ties that were taken back, with their `end`.

    `open` says whether the operation concerns the actor otherwise too, `launched` whether a plan of the investigation was
    launched as it.
    """
    investigation_of(by, investigation_id)
    launched = PlanStep.objects.filter(operation=OuterRef("operation"), plan__investigation=investigation_id)
    return (
        OperationTie.objects.filter(investigation=investigation_id)
        .annotate(open=Exists(operations_of(by).order_by().filter(pk=OuterRef("operation"))), launched=Exists(launched))
        .select_related("operation__jurisdiction", "by", "end__by")
        .order_by("-operation__zero_hour", "pk")
    )


def tie_of(by: Actor, investigation_id: int, operation_id: int) -> OperationTie:
    """The tie of an operation to an investigation of the actor that stands."""
    investigation_of(by, investigation_id)
    rows = OperationTie.objects.filter(investigation=investigation_id, operation=operation_id, end__isnull=True)
    found = rows.select_related("investigation", "operation").first()
    if found is None:
        raise NotFound(operation=operation_id)
    return found


def without_lead(by: Actor, investigation_id: int) -> Investigation:
    """One that the ministry supervises, below an actor, and for which no lead is at work; NotFound for every other."""
    leads = memberships().filter(investigation=OuterRef("pk"), function="lead")
    found = (
        Investigation.objects.filter(~Exists(leads), pk=investigation_id, supervision__isnull=False)
        .filter(jurisdiction__path__startswith=by.jurisdiction)
        .first()
    )
    if found is None:
        raise NotFound(investigation=investigation_id)
    return found


def has_lead(by: Actor, investigation_id: int) -> bool:
    """Whether a lead of it is at work; for who belongs to it."""
    investigation_of(by, investigation_id)
    return memberships().filter(investigation=investigation_id, function="lead").exists()


def ways_in(by: Actor, investigation_id: int) -> QuerySet[WayIn]:
    """When the ministry named a lead for it, and why."""
    investigation_of(by, investigation_id)
    return WayIn.objects.filter(investigation=investigation_id).select_related("by", "lead").order_by("-pk")


def ways_in_lately(by: Actor, *, at: datetime) -> QuerySet[WayIn]:
    """Of all investigations of an actor, what they are told of for a while."""
    return (
        WayIn.objects.filter(investigation__in=investigations_of(by).order_by().values("pk"), at__gt=at - TOLD_FOR)
        .exclude(by=by.staff_id)
        .select_related("investigation", "lead")
        .order_by("pk")
    )
