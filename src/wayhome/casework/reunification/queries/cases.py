"""Files as an actor may know them, and what a family may know of how its request stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, cast

from django.db.models import Model, Prefetch, QuerySet

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.core.prepared import prepared
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.custody.queries import visible_children, visible_numbers
from wayhome.casework.families.queries import request_of
from wayhome.casework.matching.models import Candidate, Confirmation
from wayhome.casework.matching.queries.candidates import frozen_confirmations, standing_confirmations
from wayhome.casework.reunification.models import (
    Case,
    Certificate,
    Determination,
    Enquiry,
    Evidence,
    Execution,
    HeldBack,
    HeldBackReply,
    Notice,
    Release,
    Vote,
)
from wayhome.casework.reunification.rules import CERTIFICATES, NOTICE_DAYS, VISITS, complete, determined, visit_due

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Held:
    """A detail held back; `answer` is "" to whoever is not to know it, and after the claimant was asked it is known."""

    question: HeldBack
    answer: str
    reply: HeldBackReply | None


@dataclass(frozen=True, slots=True)
class File:
    """A file as somebody sees it.

    Parameters
    ----------
    match : "none" for an authority's, or whether the match "stands", is "over", or is "frozen" by another.
    evidence : rows that stand, the first first.
    corrected : rows in place of which another stands.
    verified : whether the verification is complete.
    enquiries : all of them, the first first.
    enquiry : the last one.
    cleared : whether it clears the parents and is countersigned.
    stopped : whether a parent is said to have taken part, and no court said otherwise.
    determinations : all of them, the first first, each with its votes.
    decided : what the panel made of the last determination; None while somebody has to speak.
    """

    case: Case
    match: str
    evidence: tuple[Evidence, ...]
    corrected: tuple[Evidence, ...]
    held_back: tuple[Held, ...]
    verified: bool
    enquiries: tuple[Enquiry, ...]
    enquiry: Enquiry | None
    cleared: bool
    stopped: bool
    determinations: tuple[Determination, ...]
    determination: Determination | None
    votes: tuple[Vote, ...]
    decided: bool | None
    releases: tuple[Release, ...]


def cases_of(by: Actor, *, at: datetime) -> QuerySet[Case]:
    """Files of children whom the actor may know of."""
    require(by, Permission.READ_CASE)
    known = visible_children(by, at=at, among=Case.objects.values("child_id"))
    return Case.objects.filter(child__in=known.values("pk")).select_related(
        "child__event__jurisdiction", "confirmation__candidate"
    )


def case_of(by: Actor, case_id: int, *, at: datetime) -> Case:
    """One of them; NotFound otherwise."""
    found = cases_of(by, at=at).filter(pk=case_id).first()
    if found is None:
        raise NotFound(case=case_id)
    return found


def to_open(by: Actor, *, at: datetime) -> list[int]:
    """Children whom the actor may know of, with a confirmed match for which nobody opened a file."""
    return sorted({one.candidate.child_id for one in matches_without_file(by, at=at)})


def matches_without_file(by: Actor, *, at: datetime) -> list[Confirmation]:
    """All such matches that no other contradicts, the first first."""
    require(by, Permission.VERIFY_CASE)
    waiting = _without_file()
    if not waiting:
        return []
    known, ice = visible_numbers({one.candidate.child_id for one in waiting}, by=by, at=at), frozen_confirmations()
    return [one for one in waiting if one.candidate.child_id in known and one.pk not in ice]


@prepared
def _without_file() -> QuerySet[Confirmation]:
    rows = standing_confirmations().filter(case__isnull=True)
    return rows.select_related("candidate__child__event__jurisdiction").order_by("pk")


def file_of(case: Case, *, by: Actor) -> File:
    """Everything in a file, as the actor may see it: answers held back are the police's until they were asked."""
    (found,) = files_of([case], by=by)
    return found


def files_of(cases: Iterable[Case], *, by: Actor) -> list[File]:
    """The same of several files, asked for together."""
    asked = list(cases)
    ids = [one.pk for one in asked]
    matches = [one.confirmation_id for one in asked if one.confirmation_id is not None]
    standing = set(standing_confirmations().filter(pk__in=matches).values_list("pk", flat=True)) if matches else set()
    ice = frozen_confirmations() if matches else set()
    evidence = _grouped(Evidence.objects.filter(case__in=ids).select_related("by__agency", "corrected_by__by"))
    questions = _grouped(HeldBack.objects.filter(case__in=ids).select_related("by", "reply__by"))
    enquiries = _grouped(_enquiries().filter(case__in=ids))
    votes = Prefetch("votes", Vote.objects.select_related("by__agency").order_by("pk"))
    proposed = Determination.objects.filter(case__in=ids).select_related("by__agency").prefetch_related(votes)
    determinations = _grouped(proposed)
    releases = _grouped(Release.objects.filter(case__in=ids).select_related("revocation", "execution__freeze"))
    found = []
    for case in asked:
        stand = tuple(one for one in evidence[case.pk] if not hasattr(one, "corrected_by"))
        held = tuple(_held(one, by) for one in questions[case.pk])
        last = next(reversed(enquiries[case.pk]), None)
        signed = last is not None and hasattr(last, "countersignature")
        stop = _stopped(enquiries[case.pk])
        determination = next(reversed(determinations[case.pk]), None)
        said = tuple(determination.votes.all()) if determination is not None else ()
        match = case.confirmation_id
        found.append(
            File(
                case=case,
                match="none" if match is None else "over" if match not in standing else "frozen" if match in ice else "stands",
                evidence=stand,
                corrected=tuple(one for one in evidence[case.pk] if hasattr(one, "corrected_by")),
                held_back=held,
                verified=complete(
                    ((one.kind, one.outcome) for one in stand), (one.reply.matches for one in held if one.reply is not None)
                ),
                enquiries=tuple(enquiries[case.pk]),
                enquiry=last,
                cleared=last is not None and last.result == "cleared" and signed and not stop,
                stopped=stop,
                determinations=tuple(determinations[case.pk]),
                determination=determination,
                votes=said,
                decided=determined((one.discipline, one.agrees) for one in said) if determination is not None else None,
                releases=tuple(releases[case.pk]),
            )
        )
    return found


def _grouped(rows: QuerySet[Row]) -> dict[int, list[Row]]:
    """Rows of files by their file, the first first."""
    found: dict[int, list[Row]] = defaultdict(list)
    for one in rows.order_by("pk"):
        found[cast(Any, one).case_id].append(one)
    return found


def _held(question: HeldBack, by: Actor) -> Held:
    reply = getattr(question, "reply", None)
    return Held(question, question.answer if may(by.role, Permission.HOLD_BACK) or reply is not None else "", reply)


def _enquiries() -> QuerySet[Enquiry]:
    return Enquiry.objects.select_related("by__agency", "countersignature__by", "guardianship__end__by")


def last_enquiry(case: Case) -> Enquiry | None:
    """The one that counts."""
    return _enquiries().filter(case=case).order_by("-n").first()


def stopped(case: Case) -> bool:
    """Whether a parent took part in the sale, as far as is known."""
    return _stopped(list(_enquiries().filter(case=case).order_by("n")))


def _stopped(enquiries: Sequence[Enquiry]) -> bool:
    """The last one says so, or a suit of which no court said that the guardianship stays."""
    suits = [one.guardianship for one in enquiries if hasattr(one, "guardianship")]
    kept = [hasattr(suit, "end") and suit.end.outcome == "kept" for suit in suits]
    return bool(enquiries) and (enquiries[-1].result == "involved" or not all(kept))


@dataclass(frozen=True, slots=True)
class Known:
    """What a family may know: a stage, and on which days it will be visited. Never a child's number, place or custodian.

    Parameters
    ----------
    stage : "searching", "checking", "agreed" (a release is approved: they will be called), "home".
    """

    stage: str
    visits: tuple[date, ...] = ()


def what_family_may_know(request_id: int, *, by: Actor) -> Known:
    """How a request stands, in the words that the liaison may pass on.

    Whoever sold a child asks where it is. So where a parent took part, where a release was revoked or a file is frozen, the
    family hears what it heard when the checks began, and nothing of why.
    """
    require(by, Permission.READ_REQUEST)
    request = request_of(by, request_id)
    case = Case.objects.filter(confirmation__candidate__request=request).order_by("-pk").first()
    if case is None:
        return Known("searching")
    checking = Known("checking")
    if stopped(case) or not standing_confirmations().filter(case=case).exists():
        return checking
    release = Release.objects.filter(case=case, revocation__isnull=True).order_by("-pk").first()
    if release is None:
        return checking
    execution = Execution.objects.filter(release=release).select_related("offer").first()
    if execution is not None:
        due = tuple(visit_due(execution.at, day) for day in VISITS)
        return checking if hasattr(execution, "freeze") else Known("home", due)
    agencies = set(release.approvals.filter(digest=release.digest).values_list("by__agency_id", flat=True))
    return Known("agreed") if len(agencies) >= 2 else checking


@dataclass(frozen=True, slots=True)
class AdoptionGate:
    """Whether another family may be looked for, and what is missing."""

    missing: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Nothing is."""
        return not self.missing


def adoption_gate(child_id: int, *, at: datetime) -> AdoptionGate:
    """Twelve months from intake, the police's certificates, a notice that stood thirty days, and no candidate open.

    It is asked anew each time: a parent who is found in month fourteen closes it.
    """
    first = CustodyEpisode.objects.filter(child=child_id, n=1).first()
    if first is None:
        raise NotFound(child=child_id)
    held = set(Certificate.objects.filter(child=child_id).values_list("kind", flat=True))
    stood = Notice.objects.filter(child=child_id, at__lt=at - timedelta(days=NOTICE_DAYS)).exists()
    wrong = (
        ("too_early", at < first.started_at + timedelta(days=CERTIFICATES["twelve_months"])),
        ("first_certificate", "one_month" not in held),
        ("certificate_missing", "twelve_months" not in held),
        ("notice_missing", not stood),
        ("candidate_open", open_candidates(child_id)),
    )
    return AdoptionGate(tuple(code for code, is_wrong in wrong if is_wrong))


def open_candidates(child_id: int) -> bool:
    """Whether a family may still be the child's: proposed, and not excluded by two readers."""
    rows = Candidate.objects.filter(child=child_id, end__isnull=True).prefetch_related("readings")
    return any(sum(one.conclusion == "excludes" for one in row.readings.all()) < 2 for row in rows)


def recorded_by(case: Case) -> int | None:
    """The agency that took up the request of the family for which a file is; it clears nobody."""
    found = Case.objects.filter(pk=case.pk).values_list("confirmation__candidate__request__by__agency_id", flat=True)
    return found.first()
