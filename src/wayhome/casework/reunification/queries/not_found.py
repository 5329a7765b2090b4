"""A child whose parents are not found: certificates and when they are due, the notice, and whether the gate is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import absorbed
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.prepared import prepared
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.custody.queries import head
from wayhome.casework.custody.rules import GONE
from wayhome.casework.matching.models import Candidate, Reading
from wayhome.casework.reunification.models import Certificate, Notice
from wayhome.casework.reunification.queries.cases import AdoptionGate, adoption_gate
from wayhome.casework.reunification.rules import CERTIFICATES, NOTICE_DAYS

MOST_DUE = 200


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate, written or not; `against` are codes of what stands in its way."""

    kind: str
    due: datetime
    certificate: Certificate | None
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stood:
    """A public notice, and until when it is to stand."""

    notice: Notice
    until: datetime
    over: bool


@dataclass(frozen=True, slots=True)
class NotFoundYet:
    """All of it; `gone` if the child is in care no more."""

    intake: datetime
    papers: tuple[Paper, ...]
    notices: tuple[Stood, ...]
    gate: AdoptionGate
    gone: bool

    @property
    def next(self) -> Paper | None:
        """The certificate to be written next."""
        return next((one for one in self.papers if one.certificate is None), None)


def not_found_yet(child: Child, *, at: datetime) -> NotFoundYet:
    """What is written of a child whose parents are looked for."""
    gate = adoption_gate(child.pk, at=at)
    intake = CustodyEpisode.objects.values_list("started_at", flat=True).get(child=child, n=1)
    held = {one.kind: one for one in Certificate.objects.filter(child=child).select_related("by__agency")}
    notices = []
    for notice in Notice.objects.filter(child=child).select_related("by").order_by("pk"):
        until = notice.at + timedelta(days=NOTICE_DAYS)
        notices.append(Stood(notice, until, until < at))
    papers = []
    for kind, days in CERTIFICATES.items():
        due = intake + timedelta(days=days)
        wrong = [("too_early", at < due), ("candidate_open", "candidate_open" in gate.missing)]
        if kind != "one_month":
            wrong += [("first_certificate", "one_month" not in held), ("notice_missing", "notice_missing" in gate.missing)]
        papers.append(Paper(kind, due, held.get(kind), tuple(code for code, is_wrong in wrong if is_wrong)))
    return NotFoundYet(intake, tuple(papers), tuple(notices), gate, head(child.pk).kind in GONE)


def certificates_due(by: Actor, *, at: datetime) -> list[tuple[Child, str, datetime]]:
    """Of children whom the actor's agency took in and who are in care: the certificate that can be written, and since when.

    The oldest first, and no more of them than one can work through.
    """
    month, year = (at - timedelta(days=CERTIFICATES[kind]) for kind in ("one_month", "twelve_months"))
    found = []
    for episode in _due(by.agency_id, month, year, at - timedelta(days=NOTICE_DAYS)):
        kind = "twelve_months" if episode.has_first else "one_month"  # type: ignore[attr-defined]
        found.append((episode.child, kind, episode.started_at + timedelta(days=CERTIFICATES[kind])))
    return found


@prepared
def _due(agency: int, month: datetime, year: datetime, noticed: datetime) -> QuerySet[CustodyEpisode]:
    """First episodes; `month` and `year` are the moments by which custody began, `noticed` the one by which a notice stood."""
    held = Certificate.objects.filter(child=OuterRef("child"))
    stood = Exists(Notice.objects.filter(child=OuterRef("child"), at__lt=noticed))
    excludes = Reading.objects.filter(candidate=OuterRef("pk"), conclusion="excludes").values("candidate")
    twice = Subquery(excludes.annotate(n=Count("pk")).filter(n__gte=2).values("n"))
    # Whether a family may still be theirs, see `open_candidates`.
    in_question = Candidate.objects.filter(child=OuterRef("child"), end__isnull=True).alias(out=twice).filter(out__isnull=True)
    now = CustodyEpisode.objects.filter(child=OuterRef("child")).order_by("-n").values("kind")[:1]
    rows = CustodyEpisode.objects.filter(n=1, facility__agency_id=agency, started_at__lte=month)
    rows = rows.alias(now=Subquery(now), has_last=Exists(held.filter(kind="twelve_months")))
    rows = rows.annotate(has_first=Exists(held.filter(kind="one_month"))).filter(has_last=False)
    rows = rows.filter(Q(has_first=False) | Q(stood, started_at__lte=year))
    rows = rows.exclude(Exists(in_question)).exclude(now__in=GONE).exclude(child__in=absorbed().values("pk"))
    return rows.select_related("child").order_by("started_at", "child_id")[:MOST_DUE]
