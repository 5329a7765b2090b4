"""What a plan for a night is made from: who waits, where there is room, and the question put to the optimiser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wayhome.casework.accounts.models import Facility
from wayhome.casework.custody import queries as custody
from wayhome.casework.placements import known, queries
from wayhome.casework.placements.barred import Barred, barred
from wayhome.casework.placements.models import Placement
from wayhome.casework.placements.optimiser import Child, Home, Problem, Reason


@dataclass(frozen=True, slots=True)
class Desk:
    """What a plan is made from.

    Parameters
    ----------
    waiting : who waits, in the order of the problem's children; without those for whom a home elsewhere keeps a place.
    barred : placements that can come to nothing any more; their children wait like all others.
    """

    waiting: tuple[queries.Waiting, ...]
    homes: tuple[Facility, ...]
    problem: Problem
    barred: tuple[Barred, ...]


def desk(*, path: str, nights: int, at: datetime) -> Desk:
    """Everybody below a jurisdiction who waits, and every home there with what it last reported."""
    everybody = queries.waiting(path)
    homes = tuple(queries.homes(path))
    here = {home.pk for home in homes}
    against = barred([one.placement for one in everybody if one.placement is not None], at=at)
    never = {one.placement.pk for one in against}
    kept = {
        one.child.pk: one.placement
        for one in everybody
        if one.placement is not None and known.accepted(one.placement) and one.placement.pk not in never
    }
    # A home elsewhere keeps a place: this plan has nothing to say of such a child, but its siblings go there too.
    waiting = tuple(one for one in everybody if one.child.pk not in kept or kept[one.child.pk].facility_id in here)
    fixed = {child: placement.facility_id for child, placement in kept.items() if placement.facility_id in here}
    children = _children(waiting, homes, fixed, kept)
    return Desk(
        waiting,
        homes,
        Problem(
            children=children,
            homes=_homes(homes, everybody, fixed, nights=nights, at=at),
            hours=_hours({child.place for child in children}, homes),
            nights=nights,
            fixed={str(child): str(home) for child, home in fixed.items()},
            untrusted=_untrusted(homes, at=at),
        ),
        tuple(against),
    )


def _children(
    waiting: Sequence[queries.Waiting],
    homes: Sequence[Facility],
    fixed: Mapping[int, int],
    kept: Mapping[int, Placement],
) -> tuple[Child, ...]:
    ids = [one.child.pk for one in waiting]
    kids = [one.child for one in waiting]
    refused, risks, found = queries.refused_by(ids), queries.risk_areas(ids), queries.found_at(kids, homes)
    excluded, separated = custody.excluded_places([home.pk for home in homes], ids), queries.separated_of(ids)
    must_be = queries.with_siblings(kids)
    counties = {home.jurisdiction.path for home in homes}
    elsewhere: dict[int, set[int]] = {}
    for placement in kept.values():
        group = placement.child.siblings_id
        if group is not None and placement.child_id not in fixed and placement.child_id not in separated:
            elsewhere.setdefault(group, set()).add(placement.facility_id)

    def against(one: queries.Waiting) -> dict[str, Reason]:
        pk, group = one.child.pk, one.child.siblings_id
        where = list(must_be.get(pk, []))
        if group is not None and pk not in separated:
            where += [{place} for place in elsewhere.get(group, ())]
        apart = {home.pk for home in homes if any(home.pk not in places for places in where)}
        reasons = dict.fromkeys(apart, Reason.SIBLINGS)
        reasons |= dict.fromkeys(refused.get(pk, ()), Reason.REFUSED)
        reasons |= dict.fromkeys(excluded.get(pk, ()), Reason.EXCLUDED)
        reasons |= dict.fromkeys(found.get(pk, ()), Reason.FOUND_THERE)
        # It refused once and took the child when it was asked again.
        reasons.pop(fixed.get(pk, 0), None)
        return {str(home): reason for home, reason in reasons.items()}

    return tuple(
        Child(
            key=str(one.child.pk),
            place=one.episode.facility.jurisdiction.path,
            county=one.episode.facility.jurisdiction.path,
            province=province(one.episode.facility.jurisdiction.path),
            needs=one.needs,
            group="" if one.child.pk in separated else str(one.child.siblings_id or ""),
            barred_counties=frozenset(
                {path for path in counties if any(path.startswith(risk) for risk in risks.get(one.child.pk, ()))}
            ),
            barred_homes=against(one),
        )
        for one in waiting
    )


def _homes(
    homes: Sequence[Facility], everybody: Sequence[queries.Waiting], fixed: Mapping[int, int], *, nights: int, at: datetime
) -> tuple[Home, ...]:
    """As they would be without those for whom they keep places: such a place is free for the child it is kept for, and one that
    is kept for nothing is free for others, for it is called off when the homes of the plan are asked."""
    reports, rooms = queries.snapshots(homes), queries.rooms(homes, at=at)
    arrived = queries.arrived(reports)
    returned, staying = dict.fromkeys(rooms, 0), dict.fromkeys(rooms, 0)
    for one in everybody:
        if one.placement is not None and known.accepted(one.placement) and one.placement.facility_id in returned:
            returned[one.placement.facility_id] += 1
    for place in fixed.values():
        staying[place] += 1
    offered = []
    for home in homes:
        room, report = rooms[home.pk], reports.get(home.pk)
        ratio = report.children_per_carer if report else 1
        there = room.there - returned[home.pk]
        care = max(min(room.by_day, room.by_night) - there, staying[home.pk])
        cost = report.daily_cost if report else 0
        money = report.funds - cost * nights * arrived[home.pk] if report else 0
        offered.append(
            Home(
                key=str(home.pk),
                county=home.jurisdiction.path,
                province=province(home.jurisdiction.path),
                level=report.level if report else 0,
                free_beds=max(room.beds - there, staying[home.pk]),
                free_carers=care // ratio,
                spare_care=care % ratio,
                children_per_carer=ratio,
                # Whom it accepted it takes, whatever is left in its purse.
                budget=max(money, cost * nights * staying[home.pk]),
                cost=cost,
                surge_carers=report.surge_carers if report else 0,
                surge_cost=report.surge_cost if report else 0,
            )
        )
    return tuple(offered)


def _untrusted(homes: Sequence[Facility], *, at: datetime) -> dict[str, str]:
    rooms = queries.rooms(homes, at=at)
    return {str(pk): "never" if room.as_of is None else "stale" for pk, room in rooms.items() if not room.trusted(at)}


def _hours(places: set[str], homes: Sequence[Facility]) -> dict[tuple[str, str], float]:
    positions = queries.positions()
    return {(place, str(home.pk)): known.hours(place, home.jurisdiction.path, positions) for place in places for home in homes}


def province(path: str) -> str:
    """Code of the province of a jurisdiction's path; of the country where there is none."""
    parts = path.strip("/").split("/")
    return parts[min(1, len(parts) - 1)]
