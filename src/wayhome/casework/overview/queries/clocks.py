"""Every clock in one list: what is due for whom, the soonest first, and whose it is. No more questions for more children."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from operator import itemgetter
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import absorbed
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.moments import Microseconds, number_of
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.custody.queries import everyones, heads, pending_offers, visible_among
from wayhome.casework.custody.rules import GONE, Kind
from wayhome.casework.custody.tasks import zone_of
from wayhome.casework.laboratory.queries.kits import overdue as overdue_kits
from wayhome.casework.laboratory.rules.kits import OVERDUE
from wayhome.casework.operations.rules import country_of
from wayhome.casework.overview.queries.calendar import every_year
from wayhome.casework.overview.queries.limits import every_run
from wayhome.casework.overview.rules.calendar import Year
from wayhome.casework.overview.rules.clocks import AHEAD, KINDS, NOTICE, RUNS, Clock, with_offices
from wayhome.casework.placements.rules import SETTLED
from wayhome.casework.reunification.models import Certificate, Execution, Notice
from wayhome.casework.reunification.rules import CERTIFICATES, SHANGHAI, VISITS, visit_due

Agreed = Mapping[str, Mapping[str, timedelta]]
MOST = 200
"""Clocks of a kind that are told one by one, the soonest."""


@dataclass(frozen=True, slots=True)
class Told:
    """Clocks, the soonest first.

    Parameters
    ----------
    rows : each with the child it is about, None for a kit.
    overdue : how many ran out, by kind; also of those that are not told one by one.
    more : overdue ones that are not among the rows.
    """

    rows: list[tuple[Clock, Child | None]]
    overdue: Mapping[str, int]
    more: int


def clocks(by: Actor, *, at: datetime, kind: str = "") -> Told:
    """What is due for the actor's agency, or below the jurisdiction that the actor oversees; of one kind or of all."""
    require(by, Permission.READ_CHILD)
    found, overdue = every_clock(at=at, by=by, kinds=(kind,) if kind else KINDS)
    known = visible_among({one.child for one in found if one.child}, by=by, at=at)
    years = every_year()
    rows = [(_with_offices(one, years, at), known.get(one.child)) for one in found if not one.child or one.child in known]
    told = sum(one.overdue(at) for one, _ in rows)
    return Told(rows, overdue, max(0, sum(overdue.values()) - told))


def _with_offices(clock: Clock, years: Mapping[str, Mapping[int, Year]], at: datetime) -> Clock:
    """What ran out is due whatever day it is."""
    if clock.overdue(at):
        return clock
    country = country_of(clock.place)
    return with_offices(clock, years.get(country, {}), zone_of(country))


def every_clock(
    *,
    at: datetime,
    by: Actor | None = None,
    kinds: tuple[str, ...] = KINDS,
    ahead: timedelta = AHEAD,
    most: int | None = MOST,
) -> tuple[list[Clock], Counter[str]]:
    """Clocks that run out by `at` + `ahead`, the soonest first, with how many of each kind ran out.

    Parameters
    ----------
    by : whose; None for everybody's, as the worker looks at them.
    most : of a kind; None for all, 0 where only their number is wanted.
    """
    found: list[Clock] = []
    overdue: Counter[str] = Counter()
    agreed = every_run(at=at)
    for kind in kinds:
        rows, late = _of_kind(kind, by, at, at + ahead, most, agreed)
        found += rows
        if late:
            overdue[kind] = late
    return sorted(found, key=lambda one: (one.due, one.kind, one.subject)), overdue


def _of_kind(
    kind: str, by: Actor | None, at: datetime, until: datetime, most: int | None, agreed: Agreed
) -> tuple[list[Clock], int]:
    if kind == "visit":
        every = [one for one in _visits(by, until) if one.due <= until]
        return every[:most], sum(one.overdue(at) for one in every)
    if kind == "kit":
        every = list(_kits(by, at, agreed))
        return every[:most], len(every)
    # Of everybody's the shortest finds all; each has its own country's.
    mine = agreed.values() if by is None else [agreed.get(country_of(by.jurisdiction), {})]
    run = min((one.get(kind, RUNS[kind]) for one in mine), default=RUNS[kind])
    rows = _ROWS[kind](by).filter(began__lte=until - run)
    # What a clock tells is read of those alone that are told; when it began is read of all.
    began = sorted(rows.order_by().values_list(Microseconds("began"), "pk"))
    late = bisect_right(began, number_of(at - run), key=itemgetter(0))
    told = rows if most is None else rows.filter(pk__in=[pk for _, pk in began[:most]])
    soon = [_clock(kind, row, agreed) for row in told.select_related(*_RELATED[kind]).order_by("began", "pk")]
    return [one for one in soon if one.due <= until], late


def _of_all(kind: str, agreed: Agreed) -> Iterator[timedelta]:
    return (one[kind] for one in agreed.values() if kind in one)


def _clock(kind: str, row: Any, agreed: Agreed) -> Clock:
    place = row.to_facility if kind == "offer" else row.facility
    run = agreed.get(country_of(place.jurisdiction.path), {}).get(kind, RUNS[kind])
    return Clock(
        kind=kind,
        subject=f"offer:{row.pk}" if kind == "offer" else f"child:{row.child_id}",
        child=row.child_id,
        agency=place.agency_id,
        agency_name=place.agency.name,
        place=place.jurisdiction.path,
        since=row.began,
        due=row.began + run,
        page=str(row.pk) if kind == "offer" else row.child.number,
    )


def _mine(by: Actor | None, prefix: str) -> Q:
    """Condition on a place: the own agency's, or below the jurisdiction that the actor oversees."""
    if by is None:
        return Q()
    mine = Q(**{f"{prefix}agency": by.agency_id})
    return mine | Q(**{f"{prefix}jurisdiction__path__startswith": by.jurisdiction}) if by.oversees else mine


def _present(by: Actor | None, *kinds: Kind) -> QuerySet[Any]:
    rows: QuerySet[Any] = everyones().filter(_mine(by, "facility__"), kind__in=kinds)
    return rows.exclude(child__in=absorbed().values("pk"))


def _began(rows: QuerySet[Any], moment: Any) -> QuerySet[Any]:
    """The same with when their clock began."""
    found: QuerySet[Any] = rows.annotate(began=moment)
    return found


def _not_in_hospital(by: Actor | None) -> QuerySet[Any]:
    return _began(_present(by, Kind.POLICE), F("child__event__found_at"))


def _not_placed(by: Actor | None) -> QuerySet[Any]:
    """Children who were rescued and never had a place since: one that fell ill in its home has one."""
    once = CustodyEpisode.objects.filter(child_id=OuterRef("child_id"), kind__in=SETTLED)
    return _began(_present(by, Kind.POLICE, Kind.HOSPITAL).filter(~Exists(once)), F("child__event__found_at"))


def _in_relief_station(by: Actor | None) -> QuerySet[Any]:
    """From the end of the notice, or from the day on which the child came there after it."""
    notice = Notice.objects.filter(child=OuterRef("child_id")).order_by("at")
    rows: QuerySet[Any] = _present(by, Kind.RELIEF_STATION).alias(noticed=Subquery(notice.values("at")[:1]))
    return _began(rows.filter(noticed__isnull=False), Greatest(F("noticed") + NOTICE, F("started_at")))


def _offered(by: Actor | None) -> QuerySet[Any]:
    return _began(pending_offers().filter(_mine(by, "to_facility__")), F("at"))


def _without_paper(kind: str, by: Actor | None) -> QuerySet[Any]:
    """First episodes of children who are in care without this certificate; the second follows on the first."""
    held = Certificate.objects.filter(child=OuterRef("child"))
    gone = everyones().filter(kind__in=GONE).values("child")
    rows = CustodyEpisode.objects.filter(_mine(by, "facility__"), ~Exists(held.filter(kind=kind)), n=1)
    if kind != next(iter(CERTIFICATES)):
        rows = rows.filter(Exists(held))
    return _began(rows.exclude(child__in=gone).exclude(child__in=absorbed().values("pk")), F("started_at"))


_ROWS: Mapping[str, Callable[[Actor | None], QuerySet[Any]]] = {
    "hospital": _not_in_hospital,
    "placement": _not_placed,
    "relief_station": _in_relief_station,
    "offer": _offered,
    "one_month": lambda by: _without_paper("one_month", by),
    "twelve_months": lambda by: _without_paper("twelve_months", by),
}
_OF_A_STAY = ("child__event__jurisdiction", "facility__agency", "facility__jurisdiction")
_RELATED = dict.fromkeys(_ROWS, _OF_A_STAY) | {"offer": ("child", "to_facility__agency", "to_facility__jurisdiction")}


def _visits(by: Actor | None, until: datetime) -> Iterator[Clock]:
    """The next visit of each family whose child is with it; the whole of the day is theirs."""
    still = heads().filter(kind=Kind.REUNIFIED).values("offer")
    rows = Execution.objects.filter(_mine(by, "release__institution__"), offer__in=still, release__kind="family")
    rows = rows.filter(at__lte=until - timedelta(days=VISITS[0] - 1)).exclude(visits__day=VISITS[-1])
    related = ("release__child", "release__institution__agency", "release__institution__jurisdiction")
    for one in rows.select_related(*related).prefetch_related("visits").order_by("at", "pk"):
        made = {visit.day for visit in one.visits.all()}
        for day in VISITS:
            if day not in made:
                due = datetime.combine(visit_due(one.at, day), time.max, tzinfo=SHANGHAI)
                place, child = one.release.institution, one.release.child
                number = str(one.pk)
                yield Clock(
                    "visit", f"visit:{one.pk}:{day}", child.pk, place.agency_id, place.agency.name,
                    place.jurisdiction.path, one.at, due, number, day,
                )  # fmt: skip
                break


def _kits(by: Actor | None, at: datetime, agreed: Agreed) -> Iterator[Clock]:
    """Kits that have been where they are for too long: whoever ordered one asks after it."""
    shortest = {state: min([run, *_of_all(f"kit_{state}", agreed)]) for state, run in OVERDUE.items()}
    rows = overdue_kits(at=at, runs=shortest)
    if by is not None:
        mine = Q(by__agency_id=by.agency_id)
        if by.oversees:
            mine |= Q(by__agency__jurisdiction__path__startswith=by.jurisdiction)
        rows = rows.filter(mine)
    for kit in rows.select_related("by__agency__jurisdiction").order_by("since", "pk"):
        agency = kit.by.agency
        run = agreed.get(country_of(agency.jurisdiction.path), {}).get(f"kit_{kit.state}", OVERDUE[kit.state])
        due = kit.since + run
        if due > at:
            continue
        yield Clock(
            "kit", f"kit:{kit.pk}:{kit.hop}", 0, agency.pk, agency.name, agency.jurisdiction.path, kit.since, due, kit.number
        )
