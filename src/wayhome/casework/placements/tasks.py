"""What nobody did in time for a child's place becomes an alarm. To be run every few minutes; each alarm is raised once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db.models import OuterRef, Q, Subquery

from wayhome.casework.audit.actions import raise_alarm
from wayhome.casework.audit.models import Alarm
from wayhome.casework.audit.rules import stamp
from wayhome.casework.children.queries import absorbed
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.custody.queries import heads, rescued_in
from wayhome.casework.custody.rules import Kind
from wayhome.casework.operations.rules import country_of
from wayhome.casework.placements import queries
from wayhome.casework.placements.actions import jobs
from wayhome.casework.placements.rules import ANSWER_DUE, PLACEMENT_DUE, SETTLED

Within = Mapping[str, timedelta]
"""By path of a country, where less time is given than by the law."""
_BY_THE_LAW: Within = MappingProxyType({})


def raise_unplaced(*, at: datetime, within: Within = _BY_THE_LAW) -> list[Alarm]:
    """An alarm for each child who was rescued a day ago and never had a place since: the ministry is told."""
    settled = CustodyEpisode.objects.filter(child_id=OuterRef("child_id"), kind__in=SETTLED)
    waiting = (
        heads()
        .filter(kind__in=(Kind.POLICE, Kind.HOSPITAL), child__event__found_at__lte=at - min([PLACEMENT_DUE, *within.values()]))
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
        for one in waiting.select_related("child__event__jurisdiction", "facility__jurisdiction")
        if at - one.child.event.found_at >= within.get(country_of(one.facility.jurisdiction.path), PLACEMENT_DUE)
    ]


def raise_apart(*, at: datetime) -> list[Alarm]:
    """An alarm for each group of siblings who live in more than one place without a decision."""
    raised = []
    for group in queries.siblings_apart():
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


def raise_unanswered(*, at: datetime, within: Within = _BY_THE_LAW) -> list[Alarm]:
    """An alarm for each home that was asked and has not answered in time: those who asked are told."""
    kind = Alarm.Kind.ANSWER_OVERDUE
    told = set(Alarm.objects.filter(kind=kind).values_list("subject", flat=True))
    late = queries.unanswered().filter(at__lte=at - min([ANSWER_DUE, *within.values()])).order_by("pk")
    return [
        raise_alarm(
            kind=kind,
            at=at,
            level=2,
            child_id=one.child_id,
            agency_id=one.by.agency_id,
            jurisdiction=rescued_in(one.child),
            subject=f"placement:{one.pk}",
        )
        for one in late.select_related("by", "child__event__jurisdiction", "facility__jurisdiction")
        if at - one.at >= within.get(country_of(one.facility.jurisdiction.path), ANSWER_DUE) and f"placement:{one.pk}" not in told
    ]


def raise_stale(*, at: datetime) -> list[Alarm]:
    """An alarm for each home that keeps or is asked for a place and has not told within a day what it can take: until it does,
    no child can come. The home is told, and those above it; once for each report that grew old."""
    kind = Alarm.Kind.CAPACITY_STALE
    waited = (queries.unanswered() | queries.open_acceptances()).values("facility_id")
    places = list(queries.homes("/").filter(pk__in=waited))
    rooms = queries.rooms(places, at=at)
    raised = []
    for place in places:
        room = rooms[place.pk]
        subject = f"facility:{place.pk}:{'never' if room.as_of is None else stamp(room.as_of)}"
        if not room.trusted(at) and not Alarm.objects.filter(kind=kind, subject=subject).exists():
            raised.append(
                raise_alarm(
                    kind=kind, at=at, level=2, agency_id=place.agency_id, jurisdiction=place.jurisdiction.path, subject=subject
                )
            )
    return raised


def make_plans(*, clock: Callable[[], datetime], stopped: Callable[[], bool] = lambda: False) -> int:
    """Make the plans that were asked for; how many jobs ended. One that broke does not keep the others from being made."""
    ended, broken = 0, None
    for job in queries.jobs_to_do(clock()):
        try:
            ended += jobs.work_on(job=job, clock=clock, stopped=stopped) is not None
        except jobs.Interrupted:
            break
        except Exception as error:
            broken = broken or error
    if broken is not None:
        raise broken
    return ended


def _told(kind: Alarm.Kind) -> Q:
    return Q(child_id__in=Alarm.objects.filter(kind=kind).values("child_id"))
