"""A child whose parents are not found: certificates and when they are due, the notice, and whether the gate is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import absorbed
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.custody.queries import head, heads
from wayhome.casework.custody.rules import GONE
from wayhome.casework.matching.models import Candidate
from wayhome.casework.reunification.models import Certificate, Notice
from wayhome.casework.reunification.queries.cases import AdoptionGate, adoption_gate
from wayhome.casework.reunification.rules import CERTIFICATES, NOTICE_DAYS, due_certificates


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
    """Of children whom the actor's agency took in and who are in care: the certificate that can be written, and since when."""
    first = CustodyEpisode.objects.filter(
        n=1, facility__agency_id=by.agency_id, started_at__lte=at - timedelta(days=min(CERTIFICATES.values()))
    ).exclude(child__certificates__kind="twelve_months")
    taken_in = {episode.child_id: episode for episode in first.select_related("child").order_by("started_at")}
    if not taken_in:
        return []
    there = heads().filter(child__in=taken_in).exclude(kind__in=GONE).exclude(child__in=absorbed().values("pk"))
    in_care, held, open_ones = set(there.values_list("child_id", flat=True)), _held(taken_in), _in_question(taken_in)
    stood = set(
        Notice.objects.filter(child__in=taken_in, at__lt=at - timedelta(days=NOTICE_DAYS)).values_list("child_id", flat=True)
    )
    found = []
    for child_id, episode in taken_in.items():
        kind = next(iter(due_certificates(episode.started_at, held.get(child_id, ()), at=at)), "")
        ripe = kind == "one_month" or child_id in stood
        if kind and ripe and child_id in in_care and child_id not in open_ones:
            found.append((episode.child, kind, episode.started_at + timedelta(days=CERTIFICATES[kind])))
    return found


def _held(children: Iterable[int]) -> dict[int, set[str]]:
    held: dict[int, set[str]] = {}
    for child, kind in Certificate.objects.filter(child__in=list(children)).values_list("child_id", "kind"):
        held.setdefault(child, set()).add(kind)
    return held


def _in_question(children: Iterable[int]) -> set[int]:
    """Children of whom a family may still be theirs, see `open_candidates`."""
    rows = Candidate.objects.filter(child__in=list(children), end__isnull=True).prefetch_related("readings")
    return {row.child_id for row in rows if sum(one.conclusion == "excludes" for one in row.readings.all()) < 2}
