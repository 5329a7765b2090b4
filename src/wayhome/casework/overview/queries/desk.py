"""The ministry's desk: where children are, where the time goes, what runs out, what places are short of, and what is searched.

As many questions however many children there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import Count, Max, Min, Q, QuerySet

from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.children.queries import absorbed, counted
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.moments import Microseconds, moment_of, number_of
from wayhome.casework.custody.models import Clearance, CustodyEpisode
from wayhome.casework.custody.queries import everyones, heads, visible_among
from wayhome.casework.custody.rules import GONE
from wayhome.casework.laboratory.models import ChildProfile, KitHop
from wayhome.casework.matching.models import Candidate, CandidateEnd, Confirmation, Due, Search
from wayhome.casework.operations.models import RescueEvent
from wayhome.casework.operations.rules import province_of
from wayhome.casework.overview.queries.clocks import every_clock
from wayhome.casework.overview.rules.clocks import KINDS
from wayhome.casework.overview.rules.desk import (
    LOOKS_BACK,
    NEVER,
    STEPS,
    Budget,
    Moments,
    StepTime,
    Ways,
    budget,
    step_times,
    ways_of,
)
from wayhome.casework.placements.models import NightPlan
from wayhome.casework.placements.queries import waiting_without_place
from wayhome.casework.placements.rules import SETTLED
from wayhome.casework.reunification.models import Execution, Release

Places = list[tuple[Jurisdiction, Mapping[str, int]]]
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

    places: Places
    totals: Mapping[str, int]
    steps: list[StepTime]
    counted: int
    overdue: Mapping[str, int]
    short: Short
    searches: Searches


def desk(by: Actor, *, at: datetime) -> Desk:
    """What a supervisor of the ministry looks at, of the jurisdiction that they oversee."""
    require(by, Permission.READ_DESK)
    now = _now(by)
    rows = _places(now)
    totals: dict[str, int] = defaultdict(int)
    for _place, some in rows:
        for kind, n in some.items():
            totals[kind] += n
    steps, counted = _steps(now, at)
    return Desk(
        places=rows,
        totals=dict(totals),
        steps=steps,
        counted=counted,
        overdue=every_clock(at=at, by=by, kinds=KINDS, most=0)[1],
        short=_short(by),
        searches=_searches(at),
    )


def children_at(by: Actor, *, at: datetime, kind: str = "", province: str = "", step: str = "") -> list[tuple[Any, datetime]]:
    """The children behind a number of the desk, each as its present episode and since when it is there or waits, the `MOST`
    that do so longest.

    Parameters
    ----------
    kind : of custody, "" for every one.
    province : code of the one of the rescue, "" for every one.
    step : the step that they wait for; then children of `LOOKS_BACK` alone.
    """
    require(by, Permission.READ_DESK)
    where = Jurisdiction.objects.filter(code=province).values_list("path", flat=True).first() or "-" if province else ""
    since = _waiting(by, at, kind, where, step) if step else _staying(by, kind, where)
    first = sorted(since, key=lambda child: (since[child], child))[:MOST]
    known = visible_among(first, by=by, at=at)
    related = ("child__event__jurisdiction", "facility__jurisdiction")
    present = {one.child_id: one for one in heads().filter(child_id__in=list(known)).select_related(*related)}
    return [(present[child], moment_of(since[child])) for child in first if child in known]


@dataclass(frozen=True, slots=True, eq=False)
class _Now:
    """Every child that is asked about, once.

    Parameters
    ----------
    children, found : (n,), numbers in rising order; the rescue, in microseconds since 1970.
    places, kinds : of the jurisdiction of the rescue, the path; of custody.
    """

    children: Moments
    found: Moments
    places: npt.NDArray[np.object_]
    kinds: npt.NDArray[np.object_]

    def of(self, rows: npt.NDArray[np.intp]) -> _Now:
        """Some of them, in the order of `rows`."""
        return _Now(self.children[rows], self.found[rows], self.places[rows], self.kinds[rows])


def _now(by: Actor) -> _Now:
    """Everybody's who was rescued below the jurisdiction.

    In this order, so that who comes in the meantime is left out whole; each question reads one narrow table, quicker than
    one that ties them where most of the house is asked about.
    """
    below = {"jurisdiction__path__startswith": by.jurisdiction}
    whole = not RescueEvent.objects.exclude(**below).exists()
    children, episodes = counted(), everyones()
    if not whole:
        children = children.filter(event__jurisdiction__path__startswith=by.jurisdiction)
        episodes = episodes.filter(child__event__jurisdiction__path__startswith=by.jurisdiction)
    known, kinds = _columns(episodes.order_by().values_list("child_id", "kind"), np.int64, object)
    asked, events = _columns(children.order_by("pk").values_list("pk", "event_id"), np.int64, np.int64)
    rescues = RescueEvent.objects.filter(**below).order_by("pk")
    numbers, found, places = _columns(
        rescues.values_list("pk", Microseconds("found_at"), "jurisdiction__path"), np.int64, np.int64, object
    )
    both = np.isin(asked, known) & np.isin(events, numbers)
    asked, event = asked[both], np.searchsorted(numbers, events[both])
    order = np.argsort(known)  # By the database it would be slower: it would follow an index.
    return _Now(asked, found[event], places[event], kinds[order[np.searchsorted(known, asked, sorter=order)]])


def _columns(rows: QuerySet[Any], *types: Any) -> list[npt.NDArray[Any]]:
    """The columns of some rows, each as an array of its type."""
    told = list(rows)
    return [np.array([row[n] for row in told], one) for n, one in enumerate(types)]


def _waiting(by: Actor, at: datetime, kind: str, where: str, step: str) -> dict[int, int]:
    """By child that waits for a step: since when."""
    now, ways = _ways(_now(by), at)
    waits = zip(
        now.children.tolist(), now.places, now.kinds, ways.following == STEPS.index(step), ways.since.tolist(), strict=True
    )
    return {
        child: since
        for child, place, present, waiting, since in waits
        if waiting and present not in GONE and (not kind or present == kind) and place.startswith(where)
    }


def _staying(by: Actor, kind: str, where: str) -> dict[int, int]:
    """By child, those first who have been longest where they are: since when."""
    rows = everyones().filter(child__event__jurisdiction__path__startswith=by.jurisdiction)
    rows = rows.filter(child__event__jurisdiction__path__startswith=where, **({"kind": kind} if kind else {}))
    rows = rows.exclude(child__in=absorbed().values("pk")).order_by("started_at", "child_id")
    return dict(rows.values_list("child_id", Microseconds("started_at"))[:MOST])


def places_of(by: Actor) -> Places:
    """Provinces in which children were rescued, those with most first: how many are in which kind of custody now."""
    require(by, Permission.READ_DESK)
    return _places(_now(by))


def _places(now: _Now) -> Places:
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (path, kind), n in Counter(zip(now.places, now.kinds, strict=True)).items():
        counts[province_of(path)][kind] += n
    places = {one.path: one for one in Jurisdiction.objects.filter(path__in=counts)}
    told = ((places[path], dict(some)) for path, some in counts.items())
    return sorted(told, key=lambda one: (-sum(one[1].values()), one[0].path))


def steps_of(by: Actor, *, at: datetime) -> tuple[list[StepTime], int]:
    """What each step took, of how many children rescued within `LOOKS_BACK`."""
    require(by, Permission.READ_DESK)
    return _steps(_now(by), at)


def _steps(now: _Now, at: datetime) -> tuple[list[StepTime], int]:
    recent, ways = _ways(now, at)
    gone = np.array([kind in GONE for kind in recent.kinds], dtype=bool)
    return step_times(ways, gone=gone, at=number_of(at)), len(recent.children)


def _ways(now: _Now, at: datetime) -> tuple[_Now, Ways]:
    """Those of some children who were rescued within `LOOKS_BACK`, and when each first came to each step."""
    since = at - LOOKS_BACK
    (chosen,) = np.nonzero(now.found >= number_of(since))
    recent = now.of(chosen)
    moments = np.full((len(chosen), len(STEPS)), NEVER)
    moments[:, 0] = recent.found
    steps: tuple[tuple[str, QuerySet[Any], str, str], ...] = (
        ("cleared", Clearance.objects.filter(fit=True), "child_id", "at"),
        ("placed", CustodyEpisode.objects.filter(kind__in=SETTLED), "child_id", "started_at"),
        ("sampled", KitHop.objects.filter(kind="taken", kit__child__isnull=False), "kit__child_id", "at"),
        ("profiled", ChildProfile.objects.all(), "kit__child_id", "at"),
        ("candidate", Candidate.objects.all(), "child_id", "at"),
        ("confirmed", Confirmation.objects.filter(end__isnull=True), "candidate__child_id", "at"),
        ("release", Release.objects.filter(kind="family"), "child_id", "at"),
        ("home", Execution.objects.filter(release__kind="family"), "release__child_id", "at"),
    )
    for step, rows, child, moment in steps:
        # No step comes before the rescue: what is older is of children who are not asked about.
        told = rows.filter(**{f"{moment}__gte": since}).order_by().values_list(child, Microseconds(moment))
        came = np.array(list(told), np.int64).reshape(-1, 2)
        came = came[np.isin(came[:, 0], recent.children)]
        np.minimum.at(moments[:, STEPS.index(step)], np.searchsorted(recent.children, came[:, 0]), came[:, 1])
    return recent, ways_of(moments)


def _short(by: Actor) -> Short:
    plans = NightPlan.objects.filter(jurisdiction__path__startswith=by.jurisdiction, result__isnull=False)
    last = plans.select_related("result", "jurisdiction").order_by("-pk").first()
    provinces = {} if last is None else last.result.bill.get("provinces", {})
    return Short(last, provinces, waiting_without_place(by.jurisdiction))


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
