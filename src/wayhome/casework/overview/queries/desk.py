"""The ministry's desk: where children are, where the time goes, what runs out, what places are short of, and what is searched.

As many questions however many children there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import absorbed
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody.models import Clearance, CustodyEpisode
from wayhome.casework.custody.queries import heads, visible_among
from wayhome.casework.custody.rules import GONE
from wayhome.casework.laboratory.models import ChildProfile, KitHop
from wayhome.casework.matching.models import Candidate, CandidateEnd, Confirmation, Due, Search
from wayhome.casework.operations.rules import province_of
from wayhome.casework.overview.queries.clocks import every_clock
from wayhome.casework.overview.rules.clocks import KINDS
from wayhome.casework.overview.rules.desk import LOOKS_BACK, STEPS, Budget, StepTime, budget, since_when, step_times, way_of
from wayhome.casework.placements.models import NightPlan
from wayhome.casework.placements.queries import waiting
from wayhome.casework.placements.rules import SETTLED
from wayhome.casework.reunification.models import Execution, Release

MOST = 500
"""Children who are told one by one."""


@dataclass(frozen=True, slots=True)
class Short:
    """What the last plan of the jurisdiction found missing, by code of the province: beds, carers, yuan; none if nothing was.

    Parameters
    ----------
    waiting : children who may leave a hospital now and have no place.
    """

    plan: NightPlan | None
    provinces: Mapping[str, Mapping[str, int]]
    waiting: int


@dataclass(frozen=True, slots=True)
class Searches:
    """What awaits a search and since when, and what came of those of `LOOKS_BACK`.

    Parameters
    ----------
    leads, refuted : candidates proposed, and those that second samples spoke against.
    """

    children: int
    families: int
    oldest: datetime | None
    last: datetime | None
    leads: int
    refuted: int
    budget: Budget


@dataclass(frozen=True, slots=True)
class Desk:
    """All of it.

    Parameters
    ----------
    places : provinces, those with most children first, each with how many are in which kind of custody.
    steps : of children rescued within `LOOKS_BACK`; `counted` of them.
    overdue : clocks that ran out, by kind.
    """

    places: Sequence[tuple[Jurisdiction, Mapping[str, int]]]
    totals: Mapping[str, int]
    steps: list[StepTime]
    counted: int
    overdue: Mapping[str, int]
    short: Short
    searches: Searches


def desk(by: Actor, *, at: datetime) -> Desk:
    """What a supervisor of the ministry looks at, of the jurisdiction that they oversee."""
    require(by, Permission.READ_DESK)
    rows = places_of(by)
    totals: dict[str, int] = defaultdict(int)
    for _place, some in rows:
        for kind, n in some.items():
            totals[kind] += n
    steps, counted = steps_of(by, at=at)
    return Desk(
        places=rows,
        totals=dict(totals),
        steps=steps,
        counted=counted,
        overdue=every_clock(at=at, by=by, kinds=KINDS)[1],
        short=_short(by),
        searches=_searches(at),
    )


def children_at(by: Actor, *, at: datetime, kind: str = "", province: str = "", step: str = "") -> list[tuple[Any, datetime]]:
    """The children behind a number of the desk, each as its present episode and since when it is there or waits.

    Parameters
    ----------
    kind : of custody, "" for every one.
    province : code of the one of the rescue, "" for every one.
    step : the step that they wait for; then children of `LOOKS_BACK` alone.
    """
    require(by, Permission.READ_DESK)
    rows = _present(by)
    if kind:
        rows = rows.filter(kind=kind)
    if province:
        where = Jurisdiction.objects.filter(code=province).values_list("path", flat=True).first() or "-"
        rows = rows.filter(child__event__jurisdiction__path__startswith=where)
    since: Mapping[int, datetime] = {}
    if step:
        ways = _ways(by, at)
        since = {child: since_when(one) for child, one in ways.items() if way_of(one)[1] == step}
        rows = rows.filter(child__in=since).exclude(kind__in=GONE)
    related = ("child__event__jurisdiction", "facility__jurisdiction")
    found = list(rows.select_related(*related).order_by("started_at", "child_id")[:MOST])
    known = visible_among((one.child_id for one in found), by=by, at=at)
    told = [(one, since.get(one.child_id, one.started_at)) for one in found if one.child_id in known]
    return sorted(told, key=lambda row: (row[1], row[0].child_id))


def _present(by: Actor) -> QuerySet[CustodyEpisode]:
    rows = heads().filter(child__event__jurisdiction__path__startswith=by.jurisdiction)
    return rows.exclude(child__in=absorbed().values("pk"))


def places_of(by: Actor) -> list[tuple[Jurisdiction, Mapping[str, int]]]:
    """Provinces in which children were rescued, those with most first: how many are in which kind of custody now."""
    require(by, Permission.READ_DESK)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = _present(by).order_by().values_list("child__event__jurisdiction__path", "kind").annotate(n=Count("pk"))
    for path, kind, n in rows:
        counts[province_of(path)][kind] += n
    places = {one.path: one for one in Jurisdiction.objects.filter(path__in=counts)}
    told = ((places[path], dict(some)) for path, some in counts.items())
    return sorted(told, key=lambda one: (-sum(one[1].values()), one[0].path))


def steps_of(by: Actor, *, at: datetime) -> tuple[list[StepTime], int]:
    """What each step took, of how many children rescued within `LOOKS_BACK`."""
    require(by, Permission.READ_DESK)
    ways = _ways(by, at)
    gone = _gone(by)
    return step_times(ways.values(), gone=[child in gone for child in ways], at=at), len(ways)


def _gone(by: Actor) -> set[int]:
    return set(_present(by).filter(kind__in=GONE).values_list("child_id", flat=True))


def _ways(by: Actor, at: datetime) -> dict[int, dict[str, datetime]]:
    """By child rescued within `LOOKS_BACK`: when it first came to each step."""
    mine = Child.objects.filter(event__jurisdiction__path__startswith=by.jurisdiction, event__found_at__gte=at - LOOKS_BACK)
    mine = mine.exclude(pk__in=absorbed().values("pk"))
    ways = {child: {STEPS[0]: found} for child, found in mine.values_list("pk", "event__found_at")}
    steps: tuple[tuple[str, QuerySet[Any], str, str], ...] = (
        ("cleared", Clearance.objects.filter(fit=True), "child", "at"),
        ("placed", CustodyEpisode.objects.filter(kind__in=SETTLED), "child", "started_at"),
        ("sampled", KitHop.objects.filter(kind="taken"), "kit__child", "at"),
        ("profiled", ChildProfile.objects.all(), "kit__child", "at"),
        ("candidate", Candidate.objects.all(), "child", "at"),
        ("confirmed", Confirmation.objects.filter(end__isnull=True), "candidate__child", "at"),
        ("release", Release.objects.filter(kind="family"), "child", "at"),
        ("home", Execution.objects.filter(release__kind="family"), "release__child", "at"),
    )
    for step, rows, child, moment in steps:
        recent = rows.filter(**{f"{child}__event__found_at__gte": at - LOOKS_BACK})
        for pk, first in recent.order_by().values_list(child).annotate(first=Min(moment)):
            if pk in ways:
                ways[pk][step] = first
    return ways


def _short(by: Actor) -> Short:
    plans = NightPlan.objects.filter(jurisdiction__path__startswith=by.jurisdiction, result__isnull=False)
    last = plans.select_related("result", "jurisdiction").order_by("-pk").first()
    missing = [one for one in waiting(by.jurisdiction) if one.placement is None]
    return Short(last, {} if last is None else last.result.bill.get("provinces", {}), len(missing))


def _searches(at: datetime) -> Searches:
    since = at - LOOKS_BACK
    due = Due.objects.aggregate(children=Count("child"), families=Count("request"), oldest=Min("at"))
    made = Search.objects.filter(at__gte=since).aggregate(n=Count("pk"), last=Max("at"))
    base = Search.objects.order_by("-pk").values_list("families", flat=True).first() or 0
    found = Candidate.objects.filter(at__gte=since).aggregate(
        leads=Count("pk", filter=~Q(gate="insufficient")),
        refuted=Count("pk", filter=Q(pk__in=CandidateEnd.objects.filter(reason="refuted").values("candidate"))),
    )
    return Searches(
        children=due["children"],
        families=due["families"],
        oldest=due["oldest"],
        last=made["last"],
        leads=found["leads"],
        refuted=found["refuted"],
        budget=budget(made["n"], base),
    )
