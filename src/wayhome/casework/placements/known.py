"""What one person may know of places, plans and decisions; and why a home cannot take a child."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from wayhome.casework.accounts.models import Agency, Facility, Jurisdiction
from wayhome.casework.accounts.rules import AgencyKind, Permission, may
from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import records
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.core.prepared import prepared
from wayhome.casework.custody.models import Clearance, CustodyEpisode
from wayhome.casework.custody.queries import heads, is_visible
from wayhome.casework.placements import queries
from wayhome.casework.placements.models import (
    CapacitySnapshot,
    FundingLine,
    NightPlan,
    Placement,
    PlanJob,
    PlanLine,
    RiskArea,
    Separation,
    Surge,
    SurgeApproval,
)
from wayhome.casework.placements.rules import (
    AT_ONCE_SECONDS,
    LARGE_SECONDS,
    NEEDS,
    PLAN_STEPS,
    Room,
    hours_between,
    hours_by_path,
)


@dataclass(frozen=True, slots=True)
class Told:
    """A home, what it can take, and what it last told.

    Parameters
    ----------
    report : None if it never made one.
    trusted : whether the report is fresh enough to send a child there.
    """

    home: Facility
    room: Room
    report: CapacitySnapshot | None
    trusted: bool

    @property
    def free(self) -> int:
        """Children that can come now: none where nobody told today."""
        return self.room.free if self.trusted else 0

    @property
    def code(self) -> str:
        """Why nobody can come: "" where somebody can."""
        if not self.trusted:
            return "capacity_unknown"
        return "" if self.room.free else "no_bed" if not self.room.free_beds else "no_carer"


@dataclass(frozen=True, slots=True)
class Way:
    """A home that a child could go to: how far it is, and what stands against it ("" where nothing does)."""

    told: Told
    hours: float
    code: str


def country(by: Actor) -> str:
    """Path of the actor's country: children are placed all over it."""
    return "/" + by.jurisdiction.strip("/").split("/")[0] + "/"


def homes_of(by: Actor) -> QuerySet[Facility]:
    """Places with beds whose room the actor may know: those of its country."""
    return queries.homes(country(by))


def own_homes(by: Actor) -> QuerySet[Facility]:
    """Those of the actor's agency."""
    return queries.homes(country(by)).filter(agency_id=by.agency_id)


def home(code: str, *, by: Actor) -> Facility:
    """One of them by its code; NotFound otherwise."""
    found = homes_of(by).filter(code=code).first()
    if found is None:
        raise NotFound(facility=code)
    return found


def keeps_books(place: Facility, *, by: Actor) -> bool:
    """Whether the actor may read the figures behind the room: of its own agency, or of one below that it oversees."""
    return place.agency_id == by.agency_id or (by.oversees and place.jurisdiction.path.startswith(by.jurisdiction))


def told(places: Sequence[Facility], *, at: datetime) -> list[Told]:
    """What each place can take, in the same order."""
    reports, rooms = queries.snapshots(places), queries.rooms(places, at=at)
    return [Told(place, rooms[place.pk], reports.get(place.pk), rooms[place.pk].trusted(at)) for place in places]


def ways(child: Child, *, by: Actor, at: datetime) -> list[Way]:
    """Every home of the country for one child, those that can take it first, the nearest first among them."""
    places, known = list(homes_of(by)), queries.positions()
    present = heads().filter(child_id=child.pk).select_related("facility__jurisdiction").get()
    here, rooms = present.facility.jurisdiction.path, told(places, at=at)
    level = needs([child.pk]).get(child.pk, 0)
    codes = {one.home.pk: "level" for one in rooms if one.report is not None and one.report.level < level}
    codes |= against(child, rooms)
    found = [
        Way(one, hours(here, one.home.jurisdiction.path, known), codes.get(one.home.pk, ""))
        for one in rooms
        if one.home.pk != present.facility_id
    ]
    return sorted(found, key=lambda way: (way.code != "", way.hours, way.told.home.code))


def against(child: Child, rooms: Sequence[Told]) -> dict[int, str]:
    """By place: the first thing that stands against this child's going there. A gate still looks at names and exclusions.

    A place that is kept for the child is free for it.
    """
    risks = queries.risk_areas([child.pk]).get(child.pk, set())
    refused = queries.refused_by([child.pk]).get(child.pk, set())
    found_at = queries.found_at([child], [one.home for one in rooms]).get(child.pk, set())
    kept = set(queries.open_acceptances().filter(child=child).values_list("facility_id", flat=True))
    together = queries.with_siblings([child]).get(child.pk, [])
    codes: dict[int, str] = {}
    for one in rooms:
        pk = one.home.pk
        if any(one.home.jurisdiction.path.startswith(path) for path in risks):
            codes[pk] = "risk_area"
        elif pk in found_at:
            codes[pk] = "place_of_rescue"
        elif any(pk not in where for where in together):
            codes[pk] = "siblings_apart"
        elif pk in refused:
            codes[pk] = "refused_before"
        elif one.code and not (one.trusted and pk in kept):
            codes[pk] = one.code
    return codes


def hours(here: str, there: str, known: Mapping[str, tuple[float, float]]) -> float:
    """Hours by road between two jurisdictions, as far as it is known where they are."""
    one, other = queries.position(here, known), queries.position(there, known)
    return hours_by_path(here, there) if one is None or other is None else hours_between(one, other)


def surge(surge_id: int, *, by: Actor) -> Surge:
    """A request for more children than usual: of the actor's agency, or below the jurisdiction that it oversees."""
    mine = Q(facility__agency_id=by.agency_id)
    if by.oversees:
        mine |= Q(facility__jurisdiction__path__startswith=by.jurisdiction)
    found = Surge.objects.filter(mine, pk=surge_id).select_related("facility__agency", "by__agency").first()
    if found is None:
        raise NotFound(surge=surge_id)
    return found


def surges(places: Iterable[Facility], *, at: datetime) -> QuerySet[Surge]:
    """Requests of some places that are not over, and how many organisations agreed to each."""
    found = Surge.objects.filter(facility__in=list(places), until__gte=at).annotate(agreed=queries.organisations_agreed())
    return found.select_related("facility", "by").order_by("-pk")


def separation(separation_id: int, *, by: Actor, at: datetime) -> Separation:
    """A decision on a child whose file the actor may read."""
    found = Separation.objects.filter(pk=separation_id).select_related("child", "by").first()
    if found is None or not is_visible(found.child_id, by=by, at=at):
        raise NotFound(separation=separation_id)
    return found


@prepared
def separations(child: int) -> QuerySet[Separation]:
    """What was said for separating a child from its siblings, with the votes on it, the last first."""
    return Separation.objects.filter(child=child).select_related("by").prefetch_related("votes__by").order_by("-pk")


def risk_areas(child: Child) -> list[RiskArea]:
    """Where a buyer of the child lives, or has kin, whichever of its records that was said of."""
    return _risk_areas(records([child.pk]))


@prepared
def _risk_areas(records: list[int]) -> QuerySet[RiskArea]:
    return RiskArea.objects.filter(child__in=records).select_related("jurisdiction", "by").order_by("-pk")


def funding(place: Facility) -> QuerySet[FundingLine]:
    """Who pays for the children of a place, the last word first."""
    return FundingLine.objects.filter(facility=place).select_related("payer", "by").order_by("-pk")


def pays_on(place: Facility, day: date) -> FundingLine | None:
    """The line that pays for the children of a place on a day."""
    covers = Q(first_day__lte=day) & (Q(last_day__isnull=True) | Q(last_day__gte=day))
    return funding(place).filter(covers).first()


def jurisdiction_below(code: str, *, by: Actor) -> Jurisdiction:
    """A jurisdiction in which the actor places children; NotFound for another."""
    found = Jurisdiction.objects.filter(code=code, path__startswith=by.jurisdiction).first()
    if found is None:
        raise NotFound(jurisdiction=code)
    return found


def lines(plan_id: int) -> list[PlanLine]:
    """Who goes where by a plan, the longest way first; then those who stay."""
    found = PlanLine.objects.filter(plan_id=plan_id).select_related("child__event", "facility__jurisdiction")
    return sorted(found, key=lambda line: (line.facility_id is None, -(line.hours or 0.0), line.child_id))


def may_propose(by: Actor) -> bool:
    """Whether the actor's role asks homes: those who plan, and caseworkers for the children that they know of."""
    return may(by.role, Permission.PLAN_NIGHT) or may(by.role, Permission.ANSWER_PLACEMENT)


def asked(child: Child) -> list[Placement]:
    """Every home that was asked for a child, the last first, with what became of it."""
    return queries.placements_of(child)


def to_answer(by: Actor) -> QuerySet[Placement]:
    """What the actor's agency is asked to take, the oldest first."""
    return queries.placements_to_answer(by).select_related("answer", "end")


def state(placement: Placement) -> str:
    """What became of it: asked, accepted, refused, ended."""
    if getattr(placement, "end", None) is not None:
        return "ended"
    answer = getattr(placement, "answer", None)
    return "asked" if answer is None else "accepted" if answer.accepted else "refused"


def accepted(placement: Placement) -> bool:
    """Whether a home keeps a place on the strength of it."""
    return state(placement) == "accepted"


def plans(by: Actor) -> QuerySet[NightPlan]:
    """Plans for the jurisdiction that the actor oversees, and those below; nobody else reads of their children."""
    return queries.plans(by) if by.oversees else NightPlan.objects.none()


def plan(plan_id: int, *, by: Actor) -> NightPlan:
    """One of them; NotFound otherwise."""
    found = plans(by).filter(pk=plan_id).first()
    if found is None:
        raise NotFound(plan=plan_id)
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Parameters
    ----------
    doing : one of `PLAN_STEPS`; "" while it waits for a worker.
    step, steps : the number of what is being done, of how many.
    until : when it should end, at the latest.
    state : "waiting", "working", "done", "cancelled" or "failed".
    """

    job: PlanJob
    doing: str
    step: int
    steps: int
    until: datetime | None
    state: str
    again: bool
    code: str
    plan_id: int | None


def jobs(by: Actor) -> QuerySet[PlanJob]:
    """Plans that were asked for below the jurisdiction that the actor oversees, the last first."""
    mine = PlanJob.objects.filter(jurisdiction__path__startswith=by.jurisdiction) if by.oversees else PlanJob.objects.none()
    return mine.select_related("jurisdiction", "by", "end").order_by("-pk")


def job(job_id: int, *, by: Actor) -> PlanJob:
    """One of them; NotFound otherwise."""
    found = jobs(by).filter(pk=job_id).first()
    if found is None:
        raise NotFound(plan_job=job_id)
    return found


def progress(job: PlanJob) -> Progress:
    """How far it is."""
    steps = list(job.steps.order_by("pk"))
    begun = [i for i, one in enumerate(steps) if one.doing == "begun"]
    last = steps[-1].doing if steps else ""
    end = getattr(job, "end", None)
    seconds = AT_ONCE_SECONDS if job.at_once else LARGE_SECONDS
    return Progress(
        job=job,
        doing=last,
        step=PLAN_STEPS.index(last) + 1 if last else 0,
        steps=len(PLAN_STEPS),
        until=steps[begun[-1]].at + timedelta(seconds=seconds) if begun else None,
        state=str(end.outcome) if end is not None else "working" if steps else "waiting",
        again=len(begun) > 1,
        code=end.code if end is not None else "",
        plan_id=end.plan_id if end is not None else None,
    )


def own_or_overseen(code: str, *, by: Actor) -> Facility:
    """A home whose figures the actor may read; NotFound otherwise."""
    found = home(code, by=by)
    if not keeps_books(found, by=by):
        raise NotFound(facility=code)
    return found


def payer(code: str) -> Agency:
    """An agency by its code."""
    found = Agency.objects.filter(code=code).first()
    if found is None:
        raise NotFound(agency=code)
    return found


def payers(by: Actor) -> QuerySet[Agency]:
    """Agencies of the actor's country that can pay for children."""
    kinds = (AgencyKind.WELFARE, AgencyKind.MINISTRY)
    return Agency.objects.filter(kind__in=kinds, jurisdiction__path__startswith=country(by)).order_by("code")


def reports(place: Facility) -> QuerySet[CapacitySnapshot]:
    """Everything that a home ever told, the last first."""
    return CapacitySnapshot.objects.filter(facility=place).select_related("by").order_by("-pk")


def surge_approvals(surge: Surge) -> QuerySet[SurgeApproval]:
    """Who agreed to it."""
    return SurgeApproval.objects.filter(surge=surge).select_related("by__agency").order_by("pk")


def needs(children: Iterable[int]) -> dict[int, int]:
    """By child: the level of care that a doctor's last clearance asks for."""
    return {child: NEEDS.get(level, 0) for child, level in _levels(set(children))}


@prepared
def _levels(children: list[int]) -> QuerySet[Any]:
    return Clearance.objects.filter(child_id__in=children, fit=True).order_by("pk").values_list("child_id", "level")


def stays(children: Iterable[int]) -> dict[int, CustodyEpisode]:
    """By child: where it is, and who answers for it there."""
    present = heads().filter(child_id__in=list(children)).select_related("facility", "responsible")
    return {one.child_id: one for one in present}


def expected(by: Actor) -> QuerySet[Placement]:
    """Children for whom the homes of the actor's agency keep a place."""
    coming = queries.open_acceptances().filter(facility__agency_id=by.agency_id)
    return coming.select_related("child", "facility", "answer").order_by("answer__at")


def unplaced(plan: NightPlan) -> int:
    """How many stay where they are by a plan."""
    return PlanLine.objects.filter(plan=plan, facility__isnull=True).count()


def asked_of(lines: Sequence[PlanLine]) -> dict[int, Placement]:
    """By line of a plan: the home that was asked on the strength of it, or that keeps or is asked for a place anyhow."""
    elsewhere = queries.open_placements([line.child_id for line in lines])
    found = {line.pk: elsewhere[line.child_id] for line in lines if line.child_id in elsewhere}
    ours = Placement.objects.filter(line__in=list(lines)).select_related("facility", "answer", "end").order_by("pk")
    return found | {one.line_id: one for one in ours if one.line_id}


def provinces(codes: Iterable[str]) -> dict[str, Jurisdiction]:
    """Jurisdictions by their codes."""
    return {one.code: one for one in Jurisdiction.objects.filter(code__in=list(codes))}


def named(places: Iterable[int]) -> dict[int, Facility]:
    """Places by their number."""
    return {one.pk: one for one in Facility.objects.filter(pk__in=list(places)).select_related("jurisdiction")}
