"""The desk of whoever writes to partners: which shared cases they may know of, what waits for us there, and what for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.exchange.models import (
    CaseChild,
    CaseReopening,
    DnaFound,
    DnaQuestion,
    Incoming,
    Outgoing,
    Package,
    SharedCase,
)
from wayhome.casework.exchange.queries import corrections, renewing
from wayhome.casework.exchange.queries.over import over, standing, told_ended
from wayhome.casework.exchange.rules import ending
from wayhome.casework.exchange.rules import messages as rules
from wayhome.casework.exchange.rules.renewing import OLD


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that waits, since when, and for whom: "us" or "them".

    Parameters
    ----------
    what : "question", "dna_look", "dna_approval", "package_approval", "reopening", "ended_there", "old_key",
        "key_untold", "key_unregistered"; of theirs "answer", "dna_answer", "receipt", "gap".
    of : number of the row that it is about; of a gap, of the message.
    """

    who: str
    what: str
    case: SharedCase
    of: int
    since: datetime


def cases_of(by: Actor) -> QuerySet[SharedCase]:
    """Cases that the actor may know of: those that their agency shares, and whoever oversees it."""
    known = Q(by__agency=by.agency_id)
    if by.oversees:
        known |= Q(by__agency__jurisdiction__path__startswith=by.jurisdiction)
    return SharedCase.objects.filter(known).select_related("node__agency__jurisdiction", "by__agency")


def case_of(by: Actor, case_id: int) -> SharedCase:
    """One of them; NotFound otherwise, whether there is one or not."""
    found = cases_of(by).filter(pk=case_id).first()
    if found is None:
        raise NotFound(shared_case=case_id)
    return found


def tied_of(by: Actor, tie_id: int) -> CaseChild:
    """A child in one of them."""
    rows = CaseChild.objects.filter(pk=tie_id, case__in=cases_of(by))
    found = rows.select_related("case__node__agency__jurisdiction", "child__event__jurisdiction").first()
    if found is None:
        raise NotFound(case_child=tie_id)
    return found


def question_of(by: Actor, question_id: int) -> DnaQuestion:
    """A question by DNA that was, or is to be, asked in one of them."""
    rows = DnaQuestion.objects.filter(pk=question_id, of__case__in=cases_of(by))
    found = rows.select_related("of__case__node", "of__child__event__jurisdiction", "by").first()
    if found is None:
        raise NotFound(dna_question=question_id)
    return found


def found_of(by: Actor, found_id: int) -> DnaFound:
    """What the search found for a partner in one of them."""
    rows = DnaFound.objects.filter(pk=found_id, asked__message__case__in=cases_of(by))
    found = rows.select_related("asked__message__case__node", "request").first()
    if found is None:
        raise NotFound(dna_found=found_id)
    return found


def package_of(by: Actor, package_id: int) -> Package:
    """What is, or was, to be told in one of them."""
    rows = Package.objects.filter(pk=package_id, of__case__in=cases_of(by))
    found = rows.select_related("of__case__node", "of__child__event__jurisdiction", "by").first()
    if found is None:
        raise NotFound(package=package_id)
    return found


def asked_of(case: SharedCase, message_id: int) -> Incoming:
    """A question of the partner's in a case."""
    found = Incoming.objects.filter(pk=message_id, case=case, kind="question").first()
    if found is None:
        raise NotFound(message=message_id)
    return found


def question_to_us(by: Actor, message_id: int) -> Incoming:
    """A question of a partner's in a case that the actor may know of."""
    return _incoming(by, message_id, "question")


def package_to_us(by: Actor, message_id: int) -> Incoming:
    """What a partner told of a child in such a case."""
    return _incoming(by, message_id, "package")


def _incoming(by: Actor, message_id: int, kind: str) -> Incoming:
    rows = Incoming.objects.filter(pk=message_id, kind=kind, case__in=cases_of(by))
    found = rows.select_related("case__node__agency__jurisdiction").first()
    if found is None:
        raise NotFound(message=message_id)
    return found


def ties_in(cases: Iterable[SharedCase]) -> list[CaseChild]:
    """Children in some cases, the latest tied first."""
    return list(corrections.standing(CaseChild.objects.filter(case__in=list(cases))).order_by("-pk"))


def waits(cases: Iterable[SharedCase]) -> list[Waits]:
    """What waits in some cases, the longest first."""
    every = {case.pk: case for case in cases}
    closed = over(every)
    by_pk = [pk for pk in every if pk not in closed]
    found: list[Waits] = []

    def add(who: str, what: str, case: int, of: int, since: datetime) -> None:
        found.append(Waits(who, what, every[case], of, since))

    # Of a case that is over nothing waits but that both know so, and whoever opens it again.
    again = CaseReopening.objects.filter(end__case__in=every, approval__isnull=True)
    for pk, case, at in again.values_list("pk", "end__case", "at"):
        add("us", "reopening", case, pk, at)
    for pk, case, at in (
        told_ended().filter(case__in=every).exclude(case__in=standing().values("case")).values_list("pk", "case", "at")
    ):
        add("us", "ended_there", case, pk, at)
    telling = Outgoing.objects.filter(case__in=closed, kind__in=ending.KINDS).exclude(tries__receipt__isnull=False)
    for pk, case, at in telling.values_list("pk", "case", "at"):
        add("them", "receipt", case, pk, at)

    theirs = Incoming.objects.filter(case__in=by_pk, kind="question", answered_by__isnull=True)
    for pk, case, at in theirs.values_list("pk", "case", "at"):
        add("us", "question", case, pk, at)
    ours = Outgoing.objects.filter(case__in=by_pk, kind="question", answered_by__isnull=True)
    for pk, case, at in ours.values_list("pk", "case", "at"):
        add("them", "answer", case, pk, at)
    looks = DnaFound.objects.filter(asked__message__case__in=by_pk, look__isnull=True)
    for pk, case, at in looks.values_list("pk", "asked__message__case", "at"):
        add("us", "dna_look", case, pk, at)
    for of, case, at in (
        corrections.orphaned()
        .filter(found__asked__message__case__in=by_pk)
        .values_list("found", "found__asked__message__case", "found__at")
    ):
        add("us", "dna_look", case, of, at)
    wrong = corrections.wrong().values("tie")
    dna = DnaQuestion.objects.filter(of__case__in=by_pk, heard__isnull=True).exclude(of__in=wrong, approval__isnull=True)
    for pk, case, at, sent in dna.values_list("pk", "of__case", "at", "approval__at"):
        add("us", "dna_approval", case, pk, at) if sent is None else add("them", "dna_answer", case, pk, sent)
    packages = Package.objects.filter(of__case__in=by_pk, approval__isnull=True).exclude(of__in=wrong)
    for pk, case, at in packages.values_list("pk", "of__case", "at"):
        add("us", "package_approval", case, pk, at)
    unheard = Outgoing.objects.filter(case__in=by_pk).exclude(tries__receipt__isnull=False)
    for pk, case, at in unheard.exclude(tries__heard=OLD).values_list("pk", "case", "at"):
        add("them", "receipt", case, pk, at)
    for pk, case, at in unheard.filter(tries__heard=OLD).distinct().values_list("pk", "case", "at"):
        add("us", "old_key", case, pk, at)
    for one, at in renewing.to_tell(every[pk] for pk in by_pk):
        add("us", "key_untold", one.pk, one.pk, at)
    for told in renewing.to_register(by_pk):
        add("us", "key_unregistered", told.case_id, told.pk, told.at)
    came: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for case, n, at in Incoming.objects.filter(case__in=by_pk).order_by("sequence").values_list("case", "sequence", "at"):
        came[case].append((n, at))
    for case, numbers in came.items():
        for n in rules.gaps(number for number, _ in numbers):
            add("them", "gap", case, n, min(at for number, at in numbers if number > n))
    return sorted(found, key=lambda one: (one.since, one.what, one.of))


def thread(case: SharedCase) -> list[Incoming | Outgoing]:
    """The messages of a case, ours and theirs, in the order in which they were written or came."""
    theirs = Incoming.objects.filter(case=case).select_related("case", "answers")
    ours = Outgoing.objects.filter(case=case).select_related("case", "answers", "by").prefetch_related("tries")
    return sorted([*theirs, *ours], key=lambda one: (one.at, one.pk))


def children_of(case: SharedCase) -> QuerySet[CaseChild]:
    """Whom a case is about."""
    return corrections.standing(CaseChild.objects.filter(case=case)).select_related("child").order_by("pk")
