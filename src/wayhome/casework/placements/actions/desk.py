"""The placement desk: a plan for everybody who waits, which people then ask for home by home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from wayhome.casework.accounts.models import Facility, Jurisdiction
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import CaseworkError, Invalid
from wayhome.casework.custody.gate import gate, permitted
from wayhome.casework.operations.models import RescueEventKey
from wayhome.casework.placements import queries
from wayhome.casework.placements.actions.answers import propose_placement
from wayhome.casework.placements.models import NightPlan, NightPlanResult, Placement, PlanLine
from wayhome.casework.placements.optimiser import Child, Home, Plan, Problem, Reason, solve
from wayhome.casework.placements.rules import hours_between, hours_by_path

MOST_NIGHTS = 60
SECONDS = 20.0
"""How long somebody is kept waiting for a plan at most; what it is worth by then is told with it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a plan is made from: who waits, where they could go, and the question put to the optimiser."""

    waiting: tuple[queries.Waiting, ...]
    homes: tuple[Facility, ...]
    problem: Problem


def desk(*, path: str, nights: int, at: datetime) -> Desk:
    """Everybody below a jurisdiction who waits, and every home there with what it last reported."""
    waiting = tuple(queries.waiting(path))
    homes = tuple(queries.homes(path))
    ids = [one.child.pk for one in waiting]
    refused, risks, known = queries.refused_by(ids), queries.risk_areas(ids), queries.positions()
    reports, rooms = queries.snapshots(homes), queries.rooms(homes, at=at)
    arrived, found = queries.arrived(reports), _found_at(waiting, homes)
    paths = {home.pk: home.jurisdiction.path for home in homes}
    children = tuple(
        Child(
            key=str(one.child.pk),
            place=one.episode.facility.jurisdiction.path,
            county=one.episode.facility.jurisdiction.path,
            province=province(one.episode.facility.jurisdiction.path),
            needs=one.needs,
            group=str(one.child.siblings_id or ""),
            barred_counties=frozenset(
                {path for path in paths.values() if any(path.startswith(risk) for risk in risks.get(one.child.pk, ()))}
            ),
            barred_homes={str(pk): Reason.REFUSED for pk in refused.get(one.child.pk, ())}
            | {str(pk): Reason.FOUND_THERE for pk in found.get(one.child.pk, ())},
        )
        for one in waiting
    )
    # A place that was kept is not free for others, but is for the child it is kept for.
    fixed = {
        str(one.child.pk): one.placement.facility_id for one in waiting if one.placement is not None and _kept(one.placement)
    }
    kept = {pk: sum(1 for home in fixed.values() if home == pk) for pk in paths}
    untrusted = {}
    offered = []
    for home in homes:
        room, report = rooms[home.pk], reports.get(home.pk)
        ratio = report.children_per_carer if report else 1
        if not room.trusted(at) or report is None:
            untrusted[str(home.pk)] = "never" if room.as_of is None else "stale"
        offered.append(
            Home(
                key=str(home.pk),
                county=home.jurisdiction.path,
                province=province(home.jurisdiction.path),
                level=report.level if report else 0,
                free_beds=room.free_beds + kept[home.pk],
                free_carers=(room.free_care + kept[home.pk]) // ratio,
                spare_care=(room.free_care + kept[home.pk]) % ratio,
                children_per_carer=ratio,
                budget=max(report.funds - report.daily_cost * nights * arrived[home.pk], 0) if report else 0,
                cost=report.daily_cost if report else 0,
                surge_carers=report.surge_carers if report else 0,
                surge_cost=report.surge_cost if report else 0,
            )
        )
    hours = {}
    for place in {child.place for child in children}:
        here = queries.position(place, known)
        for home in homes:
            there = queries.position(home.jurisdiction.path, known)
            hours[place, str(home.pk)] = (
                hours_by_path(place, home.jurisdiction.path) if here is None or there is None else hours_between(here, there)
            )
    return Desk(
        waiting,
        homes,
        Problem(
            children=children,
            homes=tuple(offered),
            hours=hours,
            nights=nights,
            fixed={child: str(home) for child, home in fixed.items() if home in paths},
            untrusted=untrusted,
        ),
    )


def plan_night(*, jurisdiction: Jurisdiction, nights: int, by: Actor, at: datetime, seconds: float = SECONDS) -> NightPlan:
    """Make a plan for everybody who waits below a jurisdiction. It moves nobody: see `propose_plan`.

    Children for whom there is no place stay with the hospital or nursery that has them, and the ministry is told what is missing.
    """
    permitted(by, Permission.PLAN_NIGHT, at=at)
    if not 1 <= nights <= MOST_NIGHTS:
        raise Invalid({"nights": "out_of_range"})
    if not jurisdiction.path.startswith(by.jurisdiction):
        raise Invalid({"jurisdiction": "unknown_choice"})
    asked = desk(path=jurisdiction.path, nights=nights, at=at)
    answer = solve(asked.problem, seconds=seconds)
    with gate(by=by, at=at, attempt="plan_night"):
        plan = NightPlan.objects.create(
            jurisdiction=jurisdiction,
            nights=nights,
            children=len(asked.waiting),
            homes=len(asked.homes),
            by_id=by.staff_id,
            at=at,
        )
        NightPlanResult.objects.create(
            plan=plan,
            status=str(answer.status),
            objectives={str(level.aim): float(level.value) for level in answer.objectives},
            bill=bill_by_province(answer),
            gap=answer.gap,
            seconds=round(answer.seconds, 3),
            at=at,
        )
        places = {str(home.pk): home for home in asked.homes}
        hours = asked.problem.hours
        lines = []
        for one, child in zip(asked.waiting, asked.problem.children, strict=True):
            home = answer.assigned.get(child.key)
            lines.append(
                PlanLine(
                    plan=plan,
                    child=one.child,
                    facility=places[home] if home else None,
                    passed_over={str(reason): count for reason, count in answer.passed_over.get(child.key, {}).items()},
                    hours=round(_hours(hours, child.place, home), 2) if home else None,
                )
            )
        PlanLine.objects.bulk_create(lines)
        record(
            by=by,
            at=at,
            action="placements.plan_night",
            subject=f"plan:{plan.pk}",
            data={"children": len(asked.waiting), "unplaced": len(answer.unplaced)},
        )
    if answer.unplaced:
        raise_alarm(
            kind=Alarm.Kind.NO_PLACE,
            at=at,
            by=by,
            level=2,
            jurisdiction=jurisdiction.path,
            code=str(len(answer.unplaced)),
            subject=f"plan:{plan.pk}",
        )
    return plan


def propose_plan(*, plan: NightPlan, by: Actor, at: datetime, hold: Sequence[int] = ()) -> list[Placement]:
    """Ask the homes of a plan, but for the children held back. Who cannot be asked for any more is left out and waits.

    Siblings of a child that is held back are held with it.
    """
    permitted(by, Permission.PLAN_NIGHT, at=at)
    lines = plan.lines.filter(facility__isnull=False).select_related(
        "child__event__jurisdiction", "facility__agency", "facility__jurisdiction"
    )
    groups = {line.child.siblings_id for line in lines if line.child_id in set(hold) and line.child.siblings_id}
    chosen = [line for line in lines if line.child_id not in set(hold) and line.child.siblings_id not in groups]
    asked = queries.open_placements(line.child_id for line in chosen)
    proposed = []
    for line in chosen:
        if line.child_id in asked or line.facility is None:
            continue
        try:
            proposed.append(propose_placement(child=line.child, facility=line.facility, line=line, by=by, at=at))
        except CaseworkError:
            # Told by an alarm of its own; the others do not wait for it.
            continue
    return proposed


def province(path: str) -> str:
    """Code of the province of a jurisdiction's path; of the country where there is none."""
    parts = path.strip("/").split("/")
    return parts[min(1, len(parts) - 1)]


def bill_by_province(plan: Plan) -> dict[str, Any]:
    """The shortage bill as it is stored.

    "provinces" and "homes" are {key: {beds, carers, yuan}}, "impossible" is {child: {home: why no grant puts it there}}.
    """
    bill = plan.bill

    def told(grants: Mapping[str, Any]) -> dict[str, dict[str, int]]:
        return {key: {"beds": one.beds, "carers": one.carers, "yuan": one.yuan} for key, one in sorted(grants.items())}

    return {
        "provinces": told(bill.provinces),
        "homes": told(bill.homes),
        "impossible": {
            child: {home: str(reason) for home, reason in sorted(why.items())} for child, why in sorted(bill.impossible.items())
        },
        "proven": bill.proven,
    }


def _hours(hours: Any, place: str, home: str) -> float:
    return float(hours[place, home])


def _kept(placement: Placement) -> bool:
    answer = getattr(placement, "answer", None)
    return answer is not None and answer.accepted


def _found_at(waiting: Sequence[queries.Waiting], homes: Sequence[Facility]) -> dict[int, set[int]]:
    """By child: the homes at whose address it was found."""
    events = {one.child.event_id for one in waiting}
    at_home: dict[tuple[str, str], set[int]] = {}
    for home in homes:
        for owned in home.keys.all():
            at_home.setdefault((owned.kind, owned.key), set()).add(home.pk)
    by_event: dict[int, set[int]] = {}
    for event, kind, key in RescueEventKey.objects.filter(Q(event__in=events)).values_list("event_id", "kind", "key"):
        by_event.setdefault(event, set()).update(at_home.get((kind, key), ()))
    found = {}
    for one in waiting:
        places = set(by_event.get(one.child.event_id, ()))
        if one.child.event.facility_id:
            places.add(one.child.event.facility_id)
        if places:
            found[one.child.pk] = places
    return found
