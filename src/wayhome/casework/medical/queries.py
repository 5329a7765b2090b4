"""The chart of a child, and who is to be looked at when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import absorbed
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.core.prepared import prepared
from wayhome.casework.custody.models import Clearance, CustodyEpisode
from wayhome.casework.custody.queries import heads, is_visible
from wayhome.casework.custody.rules import Kind
from wayhome.casework.medical.models import Measure, Observation, ObservationPlan, ToxSample
from wayhome.casework.medical.rules import due_at


@dataclass(frozen=True, slots=True)
class Due:
    """A child in hospital and when it is looked at next.

    Parameters
    ----------
    last_at : when it was last looked at in this stay; None if it was not yet.
    sample_due : whether it was sedated and no sample was taken yet.
    """

    child: Child
    episode: CustodyEpisode
    due_at: datetime
    last_at: datetime | None
    planned_at: datetime
    every_minutes: int
    sedation: bool
    sample_due: bool


@prepared
def chart(child: int) -> QuerySet[Observation]:
    """Everything that was observed, in the order in which it was seen; what was superseded is left out."""
    return Observation.objects.filter(child=child, superseded_by__isnull=True).select_related("by").order_by("taken_at", "pk")


def latest(child: Child) -> list[Observation]:
    """The last five observations, the latest first."""
    return list(chart(child.pk))[-5:][::-1]


def observation(child: Child, observation_id: int) -> Observation:
    """One observation of a child."""
    found = Observation.objects.filter(pk=observation_id, child=child).first()
    if found is None:
        raise NotFound(observation=observation_id)
    return found


def measures(child: Child) -> QuerySet[Measure]:
    """Length, weight and head over time."""
    return Measure.objects.filter(child=child).select_related("by").order_by("taken_at", "pk")


def samples(child: Child) -> QuerySet[ToxSample]:
    """Samples with their results."""
    return ToxSample.objects.filter(child=child).select_related("by").prefetch_related("results").order_by("taken_at", "pk")


def tox_sample(by: Actor, sample_id: int, *, at: datetime) -> ToxSample:
    """One sample of a child that the actor may know of."""
    found = ToxSample.objects.filter(pk=sample_id).first()
    if found is None or not is_visible(found.child_id, by=by, at=at):
        raise NotFound(sample=sample_id)
    return found


def plan(child: Child) -> ObservationPlan | None:
    """The plan that holds: the last one of the present stay."""
    here = heads().filter(child=child, kind=Kind.HOSPITAL).values("pk")
    return ObservationPlan.objects.filter(episode__in=here).select_related("by").order_by("-pk").first()


def next_due(child: Child) -> datetime | None:
    """When a child is looked at next; None where no plan holds."""
    found = _dues(_watched_child(child))
    return found[0].due_at if found else None


def sample_due(child: Child) -> bool:
    """Whether a child was sedated and no sample was taken yet."""
    found = _dues(_watched_child(child))
    return bool(found) and found[0].sample_due


def due(by: Actor, at: datetime) -> list[Due]:
    """Children in the actor's hospital who have a plan at `at`, the most overdue first."""
    if not may(by.role, Permission.OBSERVE):
        return []
    return [one for one in _dues(_watched_by(by.agency_id)) if one.planned_at <= at]


def watched() -> list[Due]:
    """Every child in hospital with a plan."""
    return _dues(_watched())


@prepared
def _watched_child(child: int) -> QuerySet[CustodyEpisode]:
    return _watched(child=child)


@prepared
def _watched_by(agency: int) -> QuerySet[CustodyEpisode]:
    return _watched(facility__agency_id=agency)


def _watched(**which: Any) -> QuerySet[CustodyEpisode]:
    """Stays in hospital with a plan; `which` filters custody episodes."""
    plans = ObservationPlan.objects.filter(episode_id=OuterRef("pk"))
    seen = Observation.objects.filter(episode_id=OuterRef("pk"), superseded_by__isnull=True)
    stays = _in_hospital(**which).annotate(
        every_minutes=Subquery(plans.order_by("-pk").values("every_minutes")[:1]),
        planned_at=Subquery(plans.order_by("pk").values("at")[:1]),
        last_at=Subquery(seen.order_by("-taken_at").values("taken_at")[:1]),
        sedation=Exists(plans.filter(sedation=True)),
        sampled=Exists(ToxSample.objects.filter(child_id=OuterRef("child_id"))),
    )
    return stays.filter(every_minutes__isnull=False)


def _dues(episodes: Iterable[CustodyEpisode]) -> list[Due]:
    found = []
    for episode in episodes:
        row = cast(Any, episode)
        found.append(
            Due(
                child=episode.child,
                episode=episode,
                due_at=due_at(planned_at=row.planned_at, last_at=row.last_at, every_minutes=row.every_minutes),
                last_at=row.last_at,
                planned_at=row.planned_at,
                every_minutes=row.every_minutes,
                sedation=row.sedation,
                sample_due=row.sedation and not row.sampled,
            )
        )
    return sorted(found, key=lambda one: (one.due_at, one.child.pk))


def unplanned() -> QuerySet[CustodyEpisode]:
    """Stays in hospital without a plan and without a doctor's word that the child may go."""
    last = Clearance.objects.filter(episode_id=OuterRef("pk")).order_by("-pk").values("fit")[:1]
    return (
        _in_hospital()
        .annotate(planned=Exists(ObservationPlan.objects.filter(episode_id=OuterRef("pk"))), fit=Subquery(last))
        .filter(Q(fit__isnull=True) | Q(fit=False), planned=False)
        .order_by("pk")
    )


def _in_hospital(**which: Any) -> QuerySet[CustodyEpisode]:
    """Present stays; records that were merged into another child's are not looked at twice."""
    return (
        heads()
        .filter(kind=Kind.HOSPITAL, **which)
        .exclude(child__in=absorbed().values("pk"))
        .select_related("child", "facility__jurisdiction")
    )
