"""Where there is room, who waits for a place, and what was planned and answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from wayhome.casework.accounts.models import Facility, FacilityEnd, FacilityKey, Jurisdiction
from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import absorbed, records
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.core.prepared import prepared
from wayhome.casework.custody.models import Clearance, CustodyEpisode
from wayhome.casework.custody.queries import heads, pending_offers, visible_numbers
from wayhome.casework.custody.rules import GONE, PLACES, Kind
from wayhome.casework.operations.models import RescueEventKey
from wayhome.casework.placements.models import (
    CapacitySnapshot,
    NightPlan,
    Placement,
    PlanJob,
    PlanJobStep,
    Position,
    RiskArea,
    Separation,
    Surge,
)
from wayhome.casework.placements.rules import BEDS, DISCIPLINES, LEFT_LYING, NEEDS, SETTLED, Room

BED_PLACES = frozenset(PLACES[kind] for kind in BEDS)
"""Kinds of facility that have beds."""
_BEFORE = (Kind.HOSPITAL, Kind.EMERGENCY_NURSERY)
"""Kinds of custody from which a child goes to a place."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A child that a doctor cleared and that has no place yet.

    Parameters
    ----------
    needs : level of care, 0 to 2.
    since : when it was rescued; the clock runs from there.
    placement : asked or accepted, and not ended; None where nobody was asked.
    """

    child: Child
    episode: CustodyEpisode
    needs: int
    since: datetime
    placement: Placement | None


def homes(path: str) -> QuerySet[Facility]:
    """Open places with beds below a jurisdiction."""
    return (
        Facility.objects.filter(kind__in=BED_PLACES, end__isnull=True, jurisdiction__path__startswith=path)
        .select_related("agency", "jurisdiction")
        .order_by("code")
    )


def snapshots(places: Iterable[Facility]) -> dict[int, CapacitySnapshot]:
    """The last report of each place that ever made one."""
    return {one.facility_id: one for one in _last_reports({place.pk for place in places})}


@prepared
def _last_reports(places: list[int]) -> QuerySet[CapacitySnapshot]:
    latest = CapacitySnapshot.objects.filter(facility_id=OuterRef("facility_id")).order_by("-pk").values("pk")[:1]
    return CapacitySnapshot.objects.filter(pk=Subquery(latest), facility__in=places).select_related("by")


def rooms(places: Sequence[Facility], *, at: datetime, reports: Mapping[int, CapacitySnapshot] | None = None) -> dict[int, Room]:
    """What each place can take, by its last report and by what was approved beyond it; `reports` where they are at hand."""
    reports = snapshots(places) if reports is None else reports
    asked = {place.pk for place in places}
    there, expected = dict(_in_beds(asked)), dict(_coming(asked))
    more = {row["facility_id"]: row for row in _beyond(at, asked)}
    found = {}
    for place in places:
        report = reports.get(place.pk)
        taken = there.get(place.pk, 0) + expected.get(place.pk, 0)
        if report is None:
            found[place.pk] = Room(0, 0, 0, taken, None)
            continue
        surge = more.get(place.pk, {"b": 0, "c": 0})
        found[place.pk] = Room(
            beds=report.beds + surge["b"],
            by_day=(report.carers_day + surge["c"]) * report.children_per_carer,
            by_night=(report.carers_night + surge["c"]) * report.children_per_carer,
            there=taken + report.other_children,
            as_of=report.as_of,
        )
    return found


@prepared
def _in_beds(places: list[int]) -> QuerySet[Any]:
    here = heads().filter(facility__in=places, kind__in=BEDS).exclude(child__in=absorbed().values("pk"))
    return here.values_list("facility_id").annotate(Count("pk"))


@prepared
def _coming(places: list[int]) -> QuerySet[Any]:
    return open_acceptances().filter(facility__in=places).values_list("facility_id").annotate(Count("pk"))


@prepared
def _beyond(at: datetime, places: list[int]) -> QuerySet[Any]:
    surges = Surge.objects.filter(pk__in=approved_surges(at).values("pk"), facility__in=places)
    return surges.values("facility_id").annotate(b=Sum("beds"), c=Sum("carers"))


def arrived(reports: Mapping[int, CapacitySnapshot]) -> dict[int, int]:
    """By place: children who came after it last counted its money."""
    found = dict.fromkeys(reports, 0)
    for place, at in heads().filter(facility__in=reports, kind__in=BEDS).values_list("facility_id", "at"):
        found[place] += at > reports[place].at
    return found


def room(place: Facility, *, at: datetime) -> Room:
    """What one place can take."""
    return rooms([place], at=at)[place.pk]


def approved_surges(at: datetime) -> QuerySet[Surge]:
    """What two other organisations agreed to and is not over."""
    return Surge.objects.annotate(agreed=organisations_agreed()).filter(agreed__gte=2, until__gte=at)


def organisations_agreed() -> Count:
    """For `annotate`, of surges: how many organisations beside the one that asks approved, by people who still sign."""
    counts = Q(approvals__by__end__isnull=True) & ~Q(approvals__by__agency=F("by__agency"))
    return Count("approvals__by__agency", filter=counts, distinct=True)


def surges_waiting(by: Actor, *, at: datetime) -> QuerySet[Surge]:
    """Requests that the actor's organisation has not answered, below its jurisdiction."""
    mine = Surge.objects.filter(pk__in=_surges_waiting(by.agency_id, by.jurisdiction, at))
    return mine.annotate(agreed=organisations_agreed()).select_related("facility", "by").order_by("pk")


@prepared
def _surges_waiting(agency: int, below: str, at: datetime) -> QuerySet[Any]:
    waiting = Surge.objects.annotate(agreed=organisations_agreed()).filter(agreed__lt=2, until__gte=at)
    mine = waiting.exclude(by__agency_id=agency).exclude(approvals__by__agency_id=agency)
    return mine.filter(facility__jurisdiction__path__startswith=below).values_list("pk", flat=True)


def open_acceptances() -> QuerySet[Placement]:
    """Placements for which a home keeps a place: accepted, not ended, the child not settled since."""
    return Placement.objects.filter(_kept(), end__isnull=True)


def _kept() -> Q:
    settled = CustodyEpisode.objects.filter(
        child_id=OuterRef("child_id"), kind__in=SETTLED | GONE, at__gte=OuterRef("answer__at")
    )
    return Q(~Exists(settled), answer__accepted=True)


def open_by_id(placements: Iterable[int]) -> list[Placement]:
    """Those of some placements that are asked for or keep a place, with all that a rule may look at."""
    found = _open_by_id(list(placements))
    # Many are asked of few homes: each is made once.
    places = {place.pk: place for place in _places({one.facility_id for one in found})}
    for one in found:
        one.facility = places[one.facility_id]
    return found


@prepared
def _open_by_id(placements: list[int]) -> QuerySet[Placement]:
    found = Placement.objects.filter(_stands(), pk__in=placements)
    return found.select_related("child__event", "answer", "end").order_by("pk")


@prepared
def _places(places: list[int]) -> QuerySet[Facility]:
    return Facility.objects.filter(pk__in=places).select_related("jurisdiction")


@prepared
def open_below(path: str) -> QuerySet[Any]:
    """Numbers of what is asked for or kept for children who were rescued or are below a jurisdiction."""
    # From the few placements to where their children are: the other way round, everybody in the province is looked at.
    last = CustodyEpisode.objects.filter(child_id=OuterRef("child_id")).order_by("-n").values("facility_id")[:1]
    rescued = Child.objects.filter(event__jurisdiction__path__startswith=path)
    places = Facility.objects.filter(jurisdiction__path__startswith=path)
    below = Q(child_id__in=rescued.values("pk")) | Q(there__in=places.values("pk"))
    return Placement.objects.annotate(there=Subquery(last)).filter(below, _stands()).values_list("pk", flat=True)


@prepared
def kept_in(places: list[int]) -> QuerySet[Any]:
    """(placement, place, siblings) of those for whom some homes keep places, those first whom they accepted first."""
    kept = open_acceptances().filter(facility__in=places).order_by("answer__at", "pk")
    return kept.values_list("pk", "facility_id", "child__siblings_id")


def open_placements_of(agency: int) -> QuerySet[Placement]:
    """What the homes of an agency are asked for, or keep a place for."""
    found = Placement.objects.filter(_stands(), facility__agency_id=agency)
    return found.select_related("child__event", "facility", "line", "by__agency", "answer", "end").order_by("at", "pk")


def _stands() -> Q:
    return Q(end__isnull=True) & (Q(answer__isnull=True) | _kept())


def unanswered() -> QuerySet[Placement]:
    """Placements that a home was asked for and has not answered."""
    return Placement.objects.filter(answer__isnull=True, end__isnull=True)


def refusals() -> QuerySet[Placement]:
    """Placements that a home refused."""
    return Placement.objects.filter(answer__accepted=False).select_related("answer")


def settled() -> QuerySet[CustodyEpisode]:
    """Present episodes of children who have a place."""
    return heads().filter(kind__in=SETTLED).exclude(child__in=absorbed().values("pk"))


def had_a_place(before: datetime | None = None) -> int:
    """Children who ever had a place, or had one before a moment."""
    found = CustodyEpisode.objects.filter(kind__in=SETTLED).exclude(child__in=absorbed().values("pk"))
    return (found if before is None else found.filter(at__lt=before)).values("child").distinct().count()


def last_shortage() -> NightPlan | None:
    """The last plan that left children without a place for want of beds, carers or money."""
    return next(
        (plan for plan in NightPlan.objects.select_related("result").order_by("-pk") if plan.result.bill["provinces"]), None
    )


def placements_to_answer(by: Actor) -> QuerySet[Placement]:
    """What the actor's agency is asked to take, the oldest first."""
    asked = unanswered().filter(facility__agency_id=by.agency_id)
    return asked.select_related("child__event", "facility", "line", "by__agency").order_by("at", "pk")


def placement(placement_id: int, *, by: Actor) -> Placement:
    """One that the actor's agency is asked for, or that is below the jurisdiction it oversees; NotFound otherwise."""
    mine = Q(facility__agency_id=by.agency_id)
    if by.oversees:
        mine |= Q(facility__jurisdiction__path__startswith=by.jurisdiction)
        mine |= Q(child__event__jurisdiction__path__startswith=by.jurisdiction)
    found = Placement.objects.filter(mine, pk=placement_id).select_related("child", "facility", "line").first()
    if found is None:
        raise NotFound(placement=placement_id)
    return found


@prepared
def placements_of(child: int) -> QuerySet[Placement]:
    """Every home that was asked to take a child, the last first."""
    asked = Placement.objects.filter(child=child)
    return asked.select_related("child", "facility", "by", "answer__by", "end").order_by("-pk")


def open_placements(children: Iterable[int]) -> dict[int, Placement]:
    """By child: the placement that is asked for or accepted."""
    ids = set(children)
    return {one.child_id: one for of_them in (_asked_for, _kept_for) for one in of_them(ids)}


@prepared
def _asked_for(children: list[int]) -> QuerySet[Placement]:
    return unanswered().filter(child_id__in=children).select_related("facility", "answer", "end")


@prepared
def _kept_for(children: list[int]) -> QuerySet[Placement]:
    return open_acceptances().filter(child_id__in=children).select_related("facility", "answer", "end")


def waiting(path: str) -> list[Waiting]:
    """Children below a jurisdiction who may leave the hospital or are in an emergency nursery, those first who wait longest."""
    word = Clearance.objects.filter(child_id=OuterRef("child_id"), fit=True).order_by("-pk")
    found = list(
        _may_leave(path)
        .annotate(level=Subquery(word.values("level")[:1]))
        .select_related("child__event__jurisdiction", "child__siblings", "facility__jurisdiction", "responsible")
        .order_by("child__event__found_at", "child_id")
    )
    placed = open_placements(one.child_id for one in found)
    return [
        Waiting(
            child=one.child,
            episode=one,
            needs=NEEDS.get(cast(Any, one).level or "ordinary", 0),
            since=one.child.event.found_at,
            placement=placed.get(one.child_id),
        )
        for one in found
    ]


def waiting_without_place(path: str) -> int:
    """How many of these no home was asked to take, or none keeps a place for."""
    asked = (unanswered().values("child"), open_acceptances().values("child"))
    return _may_leave(path).exclude(child__in=asked[0]).exclude(child__in=asked[1]).count()


def _may_leave(path: str) -> QuerySet[CustodyEpisode]:
    last = Clearance.objects.filter(episode_id=OuterRef("pk")).order_by("-pk")
    # From the places to their stays, and only then to all that is told of a child: from the other end, every rescue is read.
    places = Facility.objects.filter(jurisdiction__path__startswith=path, kind__in=[PLACES[kind] for kind in _BEFORE])
    here = heads().filter(kind__in=_BEFORE, facility__in=list(places.values_list("pk", flat=True)))
    return (
        CustodyEpisode.objects.filter(pk__in=list(here.values_list("pk", flat=True)))
        .alias(fit=Subquery(last.values("fit")[:1]))
        .filter(Q(fit=True) | Q(kind=Kind.EMERGENCY_NURSERY))
        .exclude(child__in=absorbed().values("pk"))
    )


def closed(places: Iterable[int]) -> set[int]:
    """Those of some places that take no child in any more."""
    return set(_closed(set(places)))


@prepared
def _closed(places: list[int]) -> QuerySet[Any]:
    return FacilityEnd.objects.filter(facility__in=places).values_list("facility_id", flat=True)


def refused_by(children: Iterable[int]) -> dict[int, set[int]]:
    """By child: the places that refused it."""
    found: dict[int, set[int]] = defaultdict(set)
    for child, place in Placement.objects.filter(child_id__in=list(children), answer__accepted=False).values_list(
        "child_id", "facility_id"
    ):
        found[child].add(place)
    return found


def risk_areas(children: Iterable[int]) -> dict[int, set[str]]:
    """By child: paths of the jurisdictions in which a buyer of it lives, whichever of its records that was said of."""
    found: dict[int, set[str]] = defaultdict(set)
    of = records(children)
    for record, path in _risks(of):
        found[of[record]].add(path)
    return found


@prepared
def _risks(records: list[int]) -> QuerySet[Any]:
    return RiskArea.objects.filter(child_id__in=records).values_list("child_id", "jurisdiction__path")


def positions() -> dict[str, tuple[float, float]]:
    """(latitude, longitude) of jurisdictions, by path; the last word on each."""
    rows = Position.objects.order_by("pk").values_list("jurisdiction__path", "latitude", "longitude")
    return {path: (latitude, longitude) for path, latitude, longitude in rows}


def position(path: str, known: Mapping[str, tuple[float, float]]) -> tuple[float, float] | None:
    """Of a jurisdiction, or of the nearest above it whose position is known."""
    while len(path) > 1:
        if path in known:
            return known[path]
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return None


def agreed(separation: Separation) -> bool:
    """Whether welfare, health and law all agree, and none of them does not."""
    votes = [(vote.agrees, vote.by.role) for vote in separation.votes.all()]
    return {role for agrees, role in votes if agrees} == set(DISCIPLINES) and all(agrees for agrees, _ in votes)


def separated_of(children: Iterable[int]) -> set[int]:
    """Those of some children of whom welfare, health and law agreed that they are better off without their siblings."""
    return {one.child_id for one in _separations(set(children)) if agreed(one)}


@prepared
def _separations(children: list[int]) -> QuerySet[Separation]:
    return Separation.objects.filter(child_id__in=children).prefetch_related("votes__by")


def with_siblings(children: Iterable[Child]) -> dict[int, list[set[int]]]:
    """By child: for each brother or sister who has settled, the places where the child would be with it."""
    tied = [child for child in children if child.siblings_id is not None]
    going: dict[int, tuple[int, set[int]]] = {}
    found: dict[int, list[set[int]]] = defaultdict(list)
    if not tied:
        return found
    for child_id, group, place in _settled_siblings({child.siblings_id for child in tied}):
        going[child_id] = group, {place}
    apart = separated_of({child.pk for child in tied} | set(going))
    for sibling, place in _offered_to(set(going)):
        going[sibling][1].add(place)
    for child in tied:
        if child.pk not in apart:
            with_them = [(sibling, where) for sibling, (group, where) in going.items() if group == child.siblings_id]
            found[child.pk] = [where for sibling, where in with_them if sibling not in apart and sibling != child.pk]
    return found


@prepared
def _settled_siblings(groups: list[int]) -> QuerySet[Any]:
    there = heads().filter(child__siblings__in=groups, kind__in=SETTLED).exclude(child__in=absorbed().values("pk"))
    return there.values_list("child_id", "child__siblings_id", "facility_id")


@prepared
def _offered_to(children: list[int]) -> QuerySet[Any]:
    return pending_offers().filter(child_id__in=children).values_list("child_id", "to_facility_id")


def found_at(children: Iterable[Child], places: Iterable[Facility]) -> dict[int, set[int]]:
    """By child: the places, of those given, where it was found, or whose address is where it was found."""
    kids = list(children)
    at_place: dict[tuple[str, str], set[int]] = defaultdict(set)
    for place, kind, key in _keys_of_places({place.pk for place in places}):
        at_place[kind, key].add(place)
    by_event: dict[int, set[int]] = defaultdict(set)
    for event, kind, key in _keys_of_events({child.event_id for child in kids}):
        by_event[event] |= at_place.get((kind, key), set())
    for child in kids:
        if child.event.facility_id is not None:
            by_event[child.event_id].add(child.event.facility_id)
    return {child.pk: by_event[child.event_id] for child in kids}


@prepared
def _keys_of_places(places: list[int]) -> QuerySet[Any]:
    return FacilityKey.objects.filter(facility__in=places).values_list("facility_id", "kind", "key")


@prepared
def _keys_of_events(events: list[int]) -> QuerySet[Any]:
    return RescueEventKey.objects.filter(event__in=events).values_list("event_id", "kind", "key")


def plans(by: Actor) -> QuerySet[NightPlan]:
    """Plans for the actor's jurisdiction and below, the last first."""
    mine = NightPlan.objects.filter(jurisdiction__path__startswith=by.jurisdiction)
    return mine.select_related("jurisdiction", "by", "result").order_by("-pk")


def plan(plan_id: int, *, by: Actor) -> NightPlan:
    """One of them."""
    found = plans(by).filter(pk=plan_id).first()
    if found is None:
        raise NotFound(plan=plan_id)
    return found


def open_jobs() -> QuerySet[PlanJob]:
    """Plans that are asked for and neither there nor called off, the oldest first."""
    return PlanJob.objects.filter(end__isnull=True).select_related("jurisdiction", "by").order_by("pk")


def jobs_to_do(at: datetime) -> QuerySet[PlanJob]:
    """Those that are the worker's: large ones, and small ones that their asker left lying."""
    return open_jobs().filter(Q(at_once=False) | Q(at__lte=at - LEFT_LYING))


def attempts(job: PlanJob) -> int:
    """How often somebody began with it."""
    return PlanJobStep.objects.filter(job=job, doing="begun").count()


def size_of(path: str) -> tuple[int, int]:
    """How many children wait below a jurisdiction, about, and how many homes there are."""
    present = heads().filter(kind__in=(Kind.HOSPITAL, Kind.EMERGENCY_NURSERY), facility__jurisdiction__path__startswith=path)
    return present.count(), homes(path).count()


def jurisdiction_of(by: Actor) -> Jurisdiction:
    """The one whose children the actor places."""
    return Jurisdiction.objects.get(path=by.jurisdiction)


def separations_waiting(by: Actor, *, at: datetime) -> QuerySet[Separation]:
    """Decisions on children whose file the actor may read, and on which nobody of its discipline has voted."""
    waiting = dict(_unvoted(by.role))
    known = visible_numbers(waiting.values(), by=by, at=at)
    mine = Separation.objects.filter(pk__in=[said for said, child in waiting.items() if child in known])
    return mine.select_related("child", "by").order_by("pk")


@prepared
def _unvoted(role: str) -> QuerySet[Any]:
    return Separation.objects.exclude(votes__by__role=role).values_list("pk", "child_id")


def siblings_apart() -> list[list[CustodyEpisode]]:
    """Groups of siblings who live in more than one place, with nobody having decided so."""
    groups: dict[int, list[CustodyEpisode]] = defaultdict(list)
    settled = heads().filter(kind__in=SETTLED, child__siblings__isnull=False).exclude(child__in=absorbed().values("pk"))
    for one in settled.annotate(group=F("child__siblings_id")).select_related("child", "facility__jurisdiction"):
        groups[cast(Any, one).group].append(one)
    apart = separated_of(one.child_id for group in groups.values() for one in group)
    return [group for group in groups.values() if len({one.facility_id for one in group if one.child_id not in apart}) > 1]
