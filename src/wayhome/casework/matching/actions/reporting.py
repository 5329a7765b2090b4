"""The kinship report: made once from what is stored, kept sealed, and set again to the same bytes for whoever asks for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from wayhome import kinship
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import NotFound, Refused
from wayhome.casework.families.models import Consent
from wayhome.casework.laboratory.models import ChildProfile, Kit, KitHop, RelativeProfile
from wayhome.casework.matching.actions import base
from wayhome.casework.matching.models import Candidate, DossierSample, KinshipReport, Reading
from wayhome.casework.matching.queries import candidates as queries
from wayhome.casework.matching.queries.candidates import Detail, key_of, report_place
from wayhome.casework.matching.report import (
    LANGUAGES,
    ConsentFacts,
    Hop,
    ReaderFacts,
    ReportFacts,
    SampleFacts,
    frequencies_used,
    report_pdf,
    what_made_it,
)
from wayhome.casework.vault.queries import opened
from wayhome.casework.vault.rules import Purpose, seal, unseal


def make_report(*, candidate: Candidate, by: Actor, at: datetime, notes: str = "") -> KinshipReport:
    """Write the report of a candidate that two analysts have read.

    Parameters
    ----------
    notes : words of the laboratory's head for whoever reads it, printed as they are.
    """
    require(by, Permission.CONFIRM_MATCH)
    queries.candidate_of(by, candidate.pk)
    checks = Checks()
    notes = checks.text("notes", notes, 2000, required=False)
    checks.done()
    with gate(by=by, at=at, child_id=candidate.child_id, attempt="make_report"):
        detail = queries.details([candidate.pk]).get(candidate.pk)
        if detail is None:
            raise NotFound(candidate=candidate.pk)
        facts = _facts(candidate, detail, notes, at=at)
        made = {language: report_pdf(facts, detail.assessment, language) for language in LANGUAGES}
        n = KinshipReport.objects.filter(candidate=candidate).count() + 1
        told = json.dumps({"facts": facts.to_json(), "assessment": detail.assessment.to_json()}).encode()
        kept = KinshipReport.objects.create(
            candidate=candidate,
            n=n,
            sealed=seal(told, key=_key(candidate), place=report_place(candidate.pk, n)),
            made_by=what_made_it(),
            digests={language: hashlib.sha256(pdf).hexdigest() for language, pdf in made.items()},
            by_id=by.staff_id,
            at=at,
        )
        record(
            by=by,
            at=at,
            action="matching.make_report",
            subject=f"candidate:{candidate.pk}",
            child_id=candidate.child_id,
            data={"n": n, "digests": kept.digests},
        )
    return kept


def read_report(*, candidate: Candidate, n: int, language: str, by: Actor, at: datetime) -> bytes:
    """The n-th report of a candidate as PDF, the same bytes each time; the look is an event.

    Raises
    ------
    NotFound
        where there is none, a relative in it withdrew, or a reading of the actor's is wanted: it prints what others read.
    Refused
        "report_differs": this house sets it otherwise than it was set, with other fonts or words; `made_by` says with which.
    """
    queries.candidate_of(by, candidate.pk)
    checks = Checks()
    checks.one_of("language", language, LANGUAGES)
    checks.done()
    row = KinshipReport.objects.filter(candidate=candidate, n=n).first()
    (seen,) = queries.seen([candidate], by=by)
    if row is None or seen.wanted:
        raise NotFound(candidate=candidate.pk, n=n)
    with gate(by=by, at=at, child_id=candidate.child_id, attempt="read_report"):
        told = json.loads(unseal(bytes(row.sealed), key=_key(candidate), place=report_place(candidate.pk, n)))
        pdf = report_pdf(ReportFacts.from_json(told["facts"]), kinship.Assessment.from_json(told["assessment"]), language)
        if hashlib.sha256(pdf).hexdigest() != row.digests[language]:
            raise Refused(["report_differs"])
        record(
            by=by,
            at=at,
            action="matching.read_report",
            subject=f"candidate:{candidate.pk}",
            child_id=candidate.child_id,
            data={"n": n, "language": language},
        )
    return pdf


def _key(candidate: Candidate) -> bytes:
    key = opened(Purpose.CHILDREN, [key_of(candidate.pk)]).get(key_of(candidate.pk))
    if key is None:
        raise NotFound(candidate=candidate.pk)
    return key


def _facts(candidate: Candidate, detail: Detail, notes: str, *, at: datetime) -> ReportFacts:
    """Everything beside the assessment: whose samples, by which hands, on which consent, and who read it. Nobody is named."""
    zone = ZoneInfo(candidate.child.event.operation.time_zone)
    assessment = detail.assessment
    used = list(DossierSample.objects.filter(dossier=candidate.dossier_id).select_related("kit__laboratory").order_by("pk"))
    samples = [_sample(assessment.missing, candidate.search.kit, candidate.search.n, zone)]
    samples += [_sample(str(one.relative_id), one.kit, one.n, zone) for one in used]
    samples += _seconds(candidate, [one.relative_id for one in used], assessment.missing, zone)
    readings = Reading.objects.filter(candidate=candidate).select_related("by__agency").order_by("n")
    agency = candidate.search.kit.laboratory
    return ReportFacts(
        case_number=f"{candidate.child.number}-{candidate.request.number}-{candidate.pk}",
        child_number=candidate.child.number,
        request_number=candidate.request.number,
        issued=at.astimezone(zone).date(),
        issued_by=agency.name,
        searched_on=candidate.search.at.astimezone(zone).date(),
        families=assessment.gates.families,
        children=assessment.gates.children,
        laboratories=dict.fromkeys([one.laboratory for one in samples], ""),
        samples=tuple(samples),
        consents=tuple(_consents([one.relative_id for one in used])),
        readers=tuple(
            ReaderFacts(one.by.number, one.by.role, one.conclusion, one.at.astimezone(zone).date(), one.by.agency.name, one.note)
            for one in readings
        ),
        findings=detail.evidence.findings,
        frequencies=tuple(frequencies_used(assessment, [base.model(name) for name in assessment.by_population])),
        notes=(notes,) if notes else (),
    )


def _sample(member: str, kit: Kit, n: int, zone: ZoneInfo) -> SampleFacts:
    hops = KitHop.objects.filter(kit=kit).select_related("by__agency", "witness").order_by("n")
    table: type[ChildProfile] | type[RelativeProfile] = ChildProfile if kit.child_id is not None else RelativeProfile
    row = table.objects.filter(kit=kit, n=n).select_related("file").first()
    return SampleFacts(
        member=member,
        number=kit.number,
        hops=tuple(
            Hop(hop.kind, hop.at.astimezone(zone), "", hop.by.agency.name, hop.witness.number if hop.witness else "")
            for hop in hops
        ),
        laboratory=kit.laboratory.name,
        typed_on=None if row is None else row.at.astimezone(zone).date(),
        result_digest=row.file.sha256 if row is not None and row.file is not None else "",
        second=kit.second,
    )


def _seconds(candidate: Candidate, relatives: Iterable[int], missing: str, zone: ZoneInfo) -> list[SampleFacts]:
    """Second samples that were compared and said the same."""
    if not candidate.checks.filter(agrees=True).exists():
        return []
    found = []
    for profile in ChildProfile.objects.filter(kit__child=candidate.child_id, kit__second=True).select_related("kit__laboratory"):
        found.append(_sample(missing, profile.kit, profile.n, zone))
    for other in RelativeProfile.objects.filter(kit__relative__in=list(relatives), kit__second=True).select_related(
        "kit__laboratory"
    ):
        found.append(_sample(str(other.kit.relative_id), other.kit, other.n, zone))
    return found


def _consents(relatives: Iterable[int]) -> Iterable[ConsentFacts]:
    """On which each may be compared; by the number of the paper, and not by name."""
    rows = Consent.objects.filter(relative__in=list(relatives), withdrawal__isnull=True).order_by("relative_id", "pk")
    for one in rows:
        yield ConsentFacts(str(one.relative_id), "", one.scope, one.signed_on, one.until, one.form)
