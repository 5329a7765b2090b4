"""What the worker does for returns: compares samples, looks whether releases stand, reminds of visits and legal clocks."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from wayhome.casework.audit.actions import raise_alarm
from wayhome.casework.audit.attempts import gate
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children.queries import absorbed
from wayhome.casework.core.actors import SYSTEM
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.custody.queries import heads
from wayhome.casework.custody.rules import GONE, Kind
from wayhome.casework.reunification.actions import samples
from wayhome.casework.reunification.actions.stopping import stop
from wayhome.casework.reunification.models import Certificate, Execution, Visit
from wayhome.casework.reunification.queries.releases import against, open_releases
from wayhome.casework.reunification.rules import CERTIFICATES, VISITS, due_certificates, visit_due

_WHY = {
    "excluded": "excluded",
    "kin_of_excluded": "excluded",
    "place_of_rescue": "excluded",
    "detained": "detained",
    "match_over": "match_over",
    "no_consent": "consent_withdrawn",
    "request_over": "request_over",
    "not_verified": "evidence",
    "parents_not_cleared": "enquiry",
    "not_determined": "determination",
}


def check_samples(*, at: datetime) -> int:
    """Compare the samples of handovers."""
    return samples.check_samples(at=at)


def look_at_releases(*, at: datetime) -> list[Alarm]:
    """Releases on which nobody acted and that stand no more, because a day came or the child went elsewhere."""
    raised = []
    for release in open_releases().select_related("institution", "child__event__jurisdiction"):
        if wrong := against(release, at=at, approvals=False):
            with gate(by=SYSTEM, at=at, child_id=release.child_id, attempt="look_at_releases"):
                raised += stop([release], _WHY.get(wrong[0], "expired"), by=SYSTEM, at=at)
    return raised


def raise_visits(*, at: datetime) -> list[Alarm]:
    """An alarm for every visit that is due and was not made, once."""
    raised = []
    latest = at - timedelta(days=VISITS[0] - 1)
    home = Execution.objects.filter(release__kind="family", at__lte=latest).exclude(visits__day=VISITS[-1])
    still = set(heads().filter(kind=Kind.REUNIFIED).values_list("child_id", flat=True))
    for execution in home.select_related("release__institution", "release__child__event__jurisdiction").order_by("pk"):
        release = execution.release
        if release.child_id not in still:
            continue
        made = set(Visit.objects.filter(execution=execution).values_list("day", flat=True))
        for day in VISITS:
            # The whole of the day is theirs.
            if day in made or at < execution.at + timedelta(days=day) or visit_due(execution.at, day) > visit_due(at, 0):
                continue
            subject = f"visit:{execution.pk}:{day}"
            if Alarm.objects.filter(kind=Alarm.Kind.VISIT_DUE, subject=subject).exists():
                continue
            raised.append(
                raise_alarm(
                    kind=Alarm.Kind.VISIT_DUE,
                    at=at,
                    level=2,
                    code="overdue",
                    child_id=release.child_id,
                    agency_id=release.institution.agency_id,
                    jurisdiction=release.child.event.jurisdiction.path,
                    subject=subject,
                )
            )
    return raised


def raise_certificates(*, at: datetime) -> list[Alarm]:
    """An alarm for every certificate whose day has come, for children in care, once."""
    in_care = heads().exclude(kind__in=GONE).exclude(child__in=absorbed().values("pk"))
    first = CustodyEpisode.objects.filter(
        n=1, child__in=in_care.values("child"), started_at__lte=at - timedelta(days=min(CERTIFICATES.values()))
    )
    done = Certificate.objects.filter(kind="twelve_months").values("child")
    held: dict[int, set[str]] = {}
    for child, kind in Certificate.objects.values_list("child_id", "kind"):
        held.setdefault(child, set()).add(kind)
    told = set(Alarm.objects.filter(Q(kind=Alarm.Kind.CERTIFICATE_DUE)).values_list("subject", flat=True))
    raised = []
    for episode in first.exclude(child__in=done).select_related("child__event__jurisdiction", "facility").order_by("child"):
        for kind in due_certificates(episode.started_at, held.get(episode.child_id, ()), at=at):
            subject = f"certificate:{episode.child_id}:{kind}"
            if subject not in told:
                raised.append(
                    raise_alarm(
                        kind=Alarm.Kind.CERTIFICATE_DUE,
                        at=at,
                        level=1,
                        code=kind,
                        child_id=episode.child_id,
                        agency_id=episode.facility.agency_id,
                        jurisdiction=episode.child.event.jurisdiction.path,
                        subject=subject,
                    )
                )
    return raised
