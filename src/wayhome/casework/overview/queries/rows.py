"""Rows of the lists of `rules.LISTS`, some at a time: what an actor may know of, as the pages list it, and masked.

A row has a value for each column of its list, in their order: a number of nine digits, a code, a day, an integer, yes or None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType

from django.utils import timezone

from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import ages_on
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody.known import heads_of
from wayhome.casework.custody.queries import visible_children
from wayhome.casework.custody.rules import Kind
from wayhome.casework.families.queries import listed, progress
from wayhome.casework.laboratory.queries.kits import kits_of, with_state
from wayhome.casework.laboratory.rules.kits import is_overdue
from wayhome.casework.matching.queries.candidates import candidates_of, chosen, seen
from wayhome.casework.overview.queries.clocks import clocks
from wayhome.casework.overview.queries.desk import places_of, steps_of
from wayhome.casework.overview.rules import htcds
from wayhome.casework.placements.costs import reimbursement
from wayhome.casework.reunification.models import Release, Visit
from wayhome.casework.reunification.queries.cases import cases_of
from wayhome.casework.reunification.rules import VISITS

Value = str | int | date | None
Row = tuple[Value, ...]
Chosen = Mapping[str, str]
A_BATCH = 1000
"""Rows that are asked for at a time: their numbers alone are held for all of a list."""


def rows(name: str, chosen: Chosen, *, by: Actor, at: datetime) -> Iterator[Row]:
    """The rows of a list, the lowest number first: numbers tell nothing, so their order does not either."""
    return _ROWS[name](chosen, by, at)


def _children(_chosen: Chosen, by: Actor, at: datetime) -> Iterator[Row]:
    today = _day(at)
    for some in _batches(visible_children(by, at=at).order_by("pk").values_list("pk", flat=True)):
        ages, present = ages_on(some, today), heads_of(some)
        for one in Child.objects.filter(pk__in=some).select_related("event__jurisdiction").order_by("pk"):
            age, episode = ages.get(one.pk), present[one.pk]
            yield (
                one.number,
                one.sex,
                today - timedelta(days=age.most_days) if age else None,
                today - timedelta(days=age.least_days) if age else None,
                age.method if age else None,
                _day(one.event.found_at),
                one.event.jurisdiction.code,
                episode.kind,
                _day(episode.started_at),
            )


def _requests(_chosen: Chosen, by: Actor, at: datetime) -> Iterator[Row]:
    for some in _batches(listed(by).order_by("request").values_list("request", flat=True)):
        relatives = progress(some, at=at)
        for told in listed(by).filter(request__in=some).order_by("request"):
            can, agreed = relatives.get(told.request_id, (0, 0))
            yield (
                told.request.number,
                told.sex,
                *(told.born_from, told.born_to, told.lost_from, told.lost_to),
                told.where.code if told.where else None,
                told.cause,
                told.request.relation,
                _day(told.request.at),
                told.request.jurisdiction.code,
                *(can, agreed),
            )


def _kits(chosen: Chosen, by: Actor, at: datetime) -> Iterator[Row]:
    mine = kits_of(by, at=at)
    mine = mine.filter(state=chosen["state"]) if chosen.get("state") else mine
    for some in _batches(mine.order_by("pk").values_list("pk", flat=True)):
        kits = with_state().filter(pk__in=some).select_related("by__agency", "laboratory", "replaced_by").order_by("pk")
        for kit in kits:
            yield (
                kit.number,
                "relative" if kit.relative_id is not None else "child",
                _yes(kit.second),
                kit.state,
                _day(kit.since),
                _yes(is_overdue(kit.state, kit.since, at) and not hasattr(kit, "replaced_by")),
                _day(kit.at),
                *(kit.by.agency.code, kit.laboratory.code),
                _number(kit.replaces_id),
            )


def _candidates(asked: Chosen, by: Actor, _at: datetime) -> Iterator[Row]:
    for some in _batches(chosen(by, asked.get("which", "open")).order_by("pk").values_list("pk", flat=True)):
        for one in seen(candidates_of(by).filter(pk__in=some).order_by("pk"), by=by):
            yield (
                *(one.candidate.child.number, one.candidate.request.number, one.state, one.candidate.gate),
                _day(one.candidate.at),
                len(one.readings),
                _yes(any(check.agrees for check in one.checks)),
                _yes(one.frozen),
            )


def _returns(_chosen: Chosen, by: Actor, at: datetime) -> Iterator[Row]:
    for some in _batches(cases_of(by, at=at).order_by("pk").values_list("pk", flat=True)):
        # Whether one was taken back, and why, is not told: what a family hears is no more either.
        asked = Release.objects.filter(case__in=some, revocation__isnull=True).select_related("execution").order_by("pk")
        last = {release.case_id: release for release in asked}
        for case in cases_of(by, at=at).filter(pk__in=some).order_by("pk"):
            done = getattr(last.get(case.pk), "execution", None)
            yield (
                case.child.number,
                _number(case.confirmation.candidate.request_id) if case.confirmation else None,
                _day(case.at),
                "home" if done is not None else "asked" if case.pk in last else "open",
                _day(done.at) if done is not None else None,
            )


def _child_days(chosen: Chosen, by: Actor, at: datetime) -> Iterator[Row]:
    for stay in reimbursement(date.fromisoformat(f"{chosen['month']}-01"), by=by, at=at).stays:
        payer = stay.line.payer if stay.line else None
        yield (
            *(stay.number, stay.home.code, stay.home.name, _yes(stay.fostered)),
            *(stay.days.first, stay.days.last, len(stay.days)),
            *((payer.code, payer.name) if payer else (None, None)),
            *(stay.rate, stay.amount),
        )


def _states(_chosen: Chosen, by: Actor, _at: datetime) -> Iterator[Row]:
    for place, counts in sorted(places_of(by), key=lambda one: one[0].code):
        yield from ((place.code, kind, n) for kind, n in sorted(counts.items()))


def _steps(_chosen: Chosen, by: Actor, at: datetime) -> Iterator[Row]:
    for one in steps_of(by, at=at)[0]:
        days = None if one.median is None else round(one.median)
        yield one.step, one.done, days, one.waiting, None if one.longest is None else round(one.longest)


def _clocks(_chosen: Chosen, by: Actor, at: datetime) -> Iterator[Row]:
    for one, child in clocks(by, at=at).rows:
        yield one.kind, None if child is None else child.number, _day(one.since), _day(one.due), _yes(one.overdue(at))


def _htcds(_chosen: Chosen, by: Actor, at: datetime) -> Iterator[Row]:
    today = _day(at)
    for some in _batches(visible_children(by, at=at).order_by("pk").values_list("pk", flat=True)):
        ages, present = ages_on(some, today), heads_of(some)
        visited = Visit.objects.filter(execution__release__case__child__in=some, day=VISITS[-1])
        done = set(visited.values_list("execution__release__case__child", flat=True))
        for one in Child.objects.filter(pk__in=some).select_related("event").order_by("pk"):
            age, found = ages.get(one.pk), _day(one.event.found_at)
            told: dict[str, Value] = {
                "cas_IncomingReferralDate": found,
                **htcds.told_of(
                    one.sex,
                    Kind(present[one.pk].kind),
                    most_days=age.most_days - (today - found).days if age else None,
                    followed_up=one.pk in done,
                ),
            }
            yield one.number, *map(told.get, htcds.FIELDS)


_ROWS: Mapping[str, Callable[[Chosen, Actor, datetime], Iterator[Row]]] = MappingProxyType(
    {
        "children": _children,
        "requests": _requests,
        "kits": _kits,
        "candidates": _candidates,
        "returns": _returns,
        "child_days": _child_days,
        "states": _states,
        "steps": _steps,
        "clocks": _clocks,
        "htcds": _htcds,
    }
)


def _batches(keys: Iterable[int]) -> Iterator[list[int]]:
    known = list(keys)
    for first in range(0, len(known), A_BATCH):
        yield known[first : first + A_BATCH]


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _number(key: int | None) -> str | None:
    return None if key is None else f"{key:0{numbers.LENGTH}d}"


def _yes(told: bool) -> str | None:
    return "yes" if told else None
