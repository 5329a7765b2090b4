"""One row by its number, if the actor may know of the child that it is about; NotFound otherwise, whether it exists or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from wayhome.casework.accounts.models import Facility
from wayhome.casework.children import queries as children
from wayhome.casework.children.models import Assertion, Child, MergeStep
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.core.prepared import prepared
from wayhome.casework.custody.models import (
    Admission,
    Assignment,
    BreakGlass,
    CustodyEpisode,
    Exclusion,
    FosterApproval,
    FosterRequest,
    HandoverOffer,
    MissingReport,
)
from wayhome.casework.custody.queries import (
    foster_ready,
    glasses_waiting,
    heads,
    is_visible,
    pending_offers,
    visible_children,
    visible_numbers,
)
from wayhome.casework.custody.rules import foster_digest
from wayhome.casework.operations.models import PersonFact


@dataclass(frozen=True, slots=True)
class Asked:
    """What a foster request asks for, word by word.

    Parameters
    ----------
    facts : of the person, as they stood when it was asked.
    later : facts that came since; no approval is of these.
    unchanged : whether all this still gives the digest that is signed.
    ready : whether two organisations approved it, and nothing ended or used it.
    """

    request: FosterRequest
    facts: list[PersonFact]
    later: list[PersonFact]
    approvals: list[FosterApproval]
    unchanged: bool
    used: bool
    ready: bool


def heads_of(child_ids: list[int]) -> dict[int, CustodyEpisode]:
    """The present episode of each of some children."""
    present = heads().filter(child_id__in=child_ids).select_related("facility")
    return {episode.child_id: episode for episode in present}


def offers_of(by: Actor) -> QuerySet[HandoverOffer]:
    """Offers that wait: for the actor's agency to accept, or given by it and not accepted yet."""
    return (
        pending_offers()
        .filter(Q(to_facility__agency_id=by.agency_id) | Q(from_episode__facility__agency_id=by.agency_id))
        .select_related("child", "to_facility", "from_episode__facility")
    )


def assertion(child: Child, assertion_id: int) -> Assertion:
    """One assertion about a child."""
    found = Assertion.objects.filter(pk=assertion_id, child=child).first()
    if found is None:
        raise NotFound(assertion=assertion_id)
    return found


def merge_steps(by: Actor, *, at: datetime) -> list[MergeStep]:
    """Merges and splits that wait for the second person, where the actor may know of both records."""
    waiting = children.merge_steps_waiting()
    # One record of each first: of most of the house's merges the actor knows neither, and the other need not be looked for.
    some = visible_numbers((min(records) for records in waiting.values()), by=by, at=at)
    waiting = {step: records for step, records in waiting.items() if min(records) in some}
    known = some | visible_numbers((max(records) for records in waiting.values()), by=by, at=at)
    return children.merge_steps([step for step, records in waiting.items() if records <= known])


def merge_step(step_id: int, *, by: Actor, at: datetime) -> MergeStep:
    """One that waits."""
    for step in merge_steps(by, at=at):
        if step.pk == step_id:
            return step
    raise NotFound(step=step_id)


def foster_request(request_id: int, *, by: Actor, at: datetime) -> FosterRequest:
    """A foster request for a child that the actor may know of."""
    found = (
        FosterRequest.objects.filter(pk=request_id).select_related("child", "institution", "person", "end", "by__agency").first()
    )
    if found is None or not is_visible(found.child_id, by=by, at=at):
        raise NotFound(foster=request_id)
    return found


def foster_asked(request: FosterRequest, *, at: datetime) -> Asked:
    """What somebody reads before they approve."""
    facts = list(request.person.facts.order_by("pk"))
    then = [fact for fact in facts if fact.at <= request.at]
    digest = foster_digest(
        child_id=request.child_id,
        institution_id=request.institution_id,
        person_id=request.person_id,
        facts=[(fact.kind, fact.value) for fact in then],
        address=request.address,
        until=request.valid_until,
    )
    return Asked(
        request=request,
        facts=then,
        later=[fact for fact in facts if fact.at > request.at],
        approvals=list(request.approvals.select_related("by__agency").order_by("pk")),
        unchanged=digest == request.digest,
        used=CustodyEpisode.objects.filter(offer__foster=request).exists(),
        ready=foster_ready(request, child_id=request.child_id, facility_id=request.institution_id, moment=at),
    )


@prepared
def foster_requests(child: int) -> QuerySet[FosterRequest]:
    """Every request for a child, the latest first."""
    return FosterRequest.objects.filter(child=child).select_related("person", "institution", "end").order_by("-pk")


def foster_waiting(by: Actor, *, at: datetime) -> QuerySet[FosterRequest]:
    """Requests on which the actor's organisation has not decided, for children that the actor may know of."""
    waiting = dict(_foster_undecided(by.agency_id, at))
    known = visible_numbers(waiting.values(), by=by, at=at)
    mine = FosterRequest.objects.filter(pk__in=[request for request, child in waiting.items() if child in known])
    return mine.select_related("child", "institution").order_by("at")


@prepared
def _foster_undecided(agency: int, at: datetime) -> QuerySet[Any]:
    alive = FosterRequest.objects.filter(end__isnull=True, valid_until__gt=at).exclude(by__agency_id=agency)
    decided = FosterApproval.objects.filter(by__agency_id=agency).values("request_id")
    used = CustodyEpisode.objects.filter(offer__foster__isnull=False).values("offer__foster_id")
    return alive.exclude(pk__in=decided).exclude(pk__in=used).values_list("pk", "child_id")


def admissions(facility: Facility) -> QuerySet[Admission]:
    """Who was let in to a place, the latest first."""
    return Admission.objects.filter(facility=facility).select_related("person", "child", "by").order_by("-at", "-pk")


def missing_report(report_id: int, *, by: Actor, at: datetime) -> MissingReport:
    """A report that a child is missing which stands."""
    found = MissingReport.objects.filter(pk=report_id, end__isnull=True).first()
    if found is None or not is_visible(found.child_id, by=by, at=at):
        raise NotFound(missing=report_id)
    return found


def assignments(child: Child) -> QuerySet[Assignment]:
    """Who works on a child's case."""
    return Assignment.objects.filter(child=child, end__isnull=True).select_related("staff").order_by("pk")


def assignment(assignment_id: int, *, by: Actor, at: datetime) -> Assignment:
    """An assignment that has not ended."""
    found = Assignment.objects.filter(pk=assignment_id, end__isnull=True).first()
    if found is None or not is_visible(found.child_id, by=by, at=at):
        raise NotFound(assignment=assignment_id)
    return found


def glass(glass_id: int, *, by: Actor) -> BreakGlass:
    """A file opened without need to know that waits for the actor's review."""
    found = glasses_waiting(by).filter(pk=glass_id).first()
    if found is None:
        raise NotFound(glass=glass_id)
    return found


def exclusions_of(by: Actor, *, at: datetime) -> QuerySet[Exclusion]:
    """Exclusions of which the actor may read: entered by the own agency, for a child it may know of, or below the jurisdiction
    that it oversees. The gate itself looks at all of them."""
    named = Exclusion.objects.filter(child__isnull=False).values("child_id")
    concern = Q(by__agency_id=by.agency_id) | Q(child_id__in=visible_children(by, at=at, among=named).values("pk"))
    if by.oversees:
        concern |= Q(by__agency__jurisdiction__path__startswith=by.jurisdiction)
    return Exclusion.objects.filter(concern).select_related("person", "child", "operation")
