"""What waits for somebody on a child's last way: approvals, samples, the door, visits, files that are frozen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import QuerySet

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.prepared import prepared
from wayhome.casework.custody.queries import heads, pending_offers, visible_numbers
from wayhome.casework.reunification.models import Approval, Execution, Release, ReleasePerson
from wayhome.casework.reunification.queries.releases import against_each, fresh_each, open_releases
from wayhome.casework.reunification.queries.told import kits_since
from wayhome.casework.reunification.rules import SHANGHAI, VISITS, visit_due

VISIT_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Waits:
    """A release with which somebody has something to do.

    Parameters
    ----------
    what : "order" (a sample of the handover), "laboratory" (samples come or are compared), "hand_over", or "stands" for one that
        is approved and against which something stands.
    """

    release: Release
    what: str


@dataclass(frozen=True, slots=True)
class VisitWaits:
    """A visit that is due soon, or was."""

    execution: Execution
    day: int
    due: datetime
    overdue: bool


def to_approve(by: Actor, *, at: datetime) -> list[Release]:
    """Releases on which the actor's organisation has not decided, of children that the actor may know of."""
    if not may(by.role, Permission.APPROVE_RELEASE):
        return []
    return _known(_unapproved(by.agency_id, at), by=by, at=at)


def releases_waiting(by: Actor, *, at: datetime) -> list[Waits]:
    """Releases of the actor's institution, and what is next with each; those that wait for approvals are others' matter."""
    if not may(by.role, Permission.REQUEST_RELEASE):
        return []
    rows = _known(_asked_by(by.agency_id, at), by=by, at=at)
    if not rows:
        return []
    numbers = [one.pk for one in rows]
    wrong, fresh = against_each(numbers, at=at), fresh_each(numbers, at=at)
    people = list(ReleasePerson.objects.filter(release__in=numbers, receives=True))
    kits = kits_since([one for one in rows if one.kind == "family"], people, fresh_at=at)
    found = []
    for release in rows:
        codes = wrong.get(release.pk, [])
        ready = release.kind == "authority" or release.pk in fresh
        if ready and not codes:
            found.append(Waits(release, "hand_over"))
        elif set(codes) - {"release_not_approved"}:
            found.append(Waits(release, "stands"))
        elif not ready:
            ordered = (release.pk, 0) in kits and any((release.pk, one.pk) in kits for one in people)
            found.append(Waits(release, "laboratory" if ordered else "order"))
    return found


def visits_waiting(by: Actor, *, at: datetime) -> list[VisitWaits]:
    """The next visit of every family that the actor's institution visits, where it is due within a week or was."""
    if not may(by.role, Permission.VERIFY_CASE):
        return []
    found = []
    for execution in _returned(by.agency_id, at + VISIT_SOON - timedelta(days=VISITS[0])):
        made = {one.day for one in execution.visits.all()}
        day = next((day for day in VISITS if day not in made), None)
        if day is None:
            continue
        due = datetime.combine(visit_due(execution.at, day), time.max, tzinfo=SHANGHAI)
        if due - VISIT_SOON <= at:
            found.append(VisitWaits(execution, day, due, due < at))
    known = _visible((one.execution.release for one in found), by, at)
    return [one for one in found if one.execution.release.child_id in known]


def frozen_returns(by: Actor, *, at: datetime) -> list[Execution]:
    """Children who are home and against whose family something became known, while they are there."""
    if not may(by.role, Permission.READ_CASE):
        return []
    rows = _frozen()
    known = _visible((one.release for one in rows), by, at)
    return [one for one in rows if one.release.child_id in known]


def _home() -> QuerySet[Execution]:
    still = heads().filter(offer__execution__isnull=False).values("offer")
    return Execution.objects.filter(offer__in=still, release__kind="family")


@prepared
def _unapproved(agency: int, at: datetime) -> QuerySet[Release]:
    rows = open_releases().filter(valid_until__gt=at).exclude(by__agency_id=agency)
    rows = rows.exclude(pk__in=Approval.objects.filter(by__agency_id=agency).values("release"))
    return rows.select_related("child", "institution").order_by("at")


@prepared
def _asked_by(agency: int, at: datetime) -> QuerySet[Release]:
    rows = open_releases().filter(institution__agency_id=agency, valid_until__gt=at)
    rows = rows.exclude(child__in=pending_offers().values("child"))
    return rows.select_related("child", "institution").order_by("at")


@prepared
def _frozen() -> QuerySet[Execution]:
    return _home().filter(freeze__isnull=False).select_related("release__child", "freeze").order_by("freeze__at")


@prepared
def _returned(agency: int, latest: datetime) -> QuerySet[Execution]:
    """Children whom an institution of the agency brought home by then, and who are there."""
    rows = _home().filter(release__institution__agency_id=agency, at__lte=latest)
    return rows.select_related("release__child", "release__institution").prefetch_related("visits").order_by("at")


def _known(rows: Iterable[Release], *, by: Actor, at: datetime) -> list[Release]:
    found = list(rows)
    known = _visible(found, by, at)
    return [one for one in found if one.child_id in known]


def _visible(releases: Iterable[Release], by: Actor, at: datetime) -> set[int]:
    numbers = {one.child_id for one in releases}
    return visible_numbers(numbers, by=by, at=at) if numbers else set()
