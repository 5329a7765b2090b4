"""The placement desk: a plan for everybody who waits, which people then ask for home by home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, cast

from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import CaseworkError, Invalid
from wayhome.casework.custody.gate import gate, permitted
from wayhome.casework.placements import known, queries
from wayhome.casework.placements.actions.answers import end_placement, propose_placement
from wayhome.casework.placements.actions.barring import flag
from wayhome.casework.placements.barred import barred
from wayhome.casework.placements.models import NightPlan, NightPlanResult, Placement, PlanLine
from wayhome.casework.placements.night import Desk, desk
from wayhome.casework.placements.optimiser import Plan, solve

MOST_NIGHTS = 60
NEAREST = 12
"""Homes passed over that are told one by one; beyond that their number is enough."""
SECONDS = 20.0
"""How long somebody is kept waiting for a plan at most; what it is worth by then is told with it."""


def plan_night(*, jurisdiction: Jurisdiction, nights: int, by: Actor, at: datetime, seconds: float = SECONDS) -> NightPlan:
    """Make a plan for everybody who waits below a jurisdiction. It moves nobody: see `propose_plan`.

    Children for whom there is no place stay with the hospital or nursery that has them, and the ministry is told what is missing.
    A placement that a later rule bars is told by an alarm, and its child is planned anew.
    """
    may_plan(jurisdiction=jurisdiction, nights=nights, by=by, at=at)
    asked = desk(path=jurisdiction.path, nights=nights, at=at)
    answer = solve(asked.problem, seconds=seconds)
    with gate(by=by, at=at, attempt="plan_night"):
        plan = keep_plan(asked, answer, jurisdiction=jurisdiction, nights=nights, by=by, at=at)
    tell_plan(plan, asked, by=by, at=at)
    return plan


def may_plan(*, jurisdiction: Jurisdiction, nights: int, by: Actor, at: datetime) -> None:
    """NotAllowed, or Invalid, unless the actor plans for so many nights there."""
    permitted(by, Permission.PLAN_NIGHT, at=at)
    if not 1 <= nights <= MOST_NIGHTS:
        raise Invalid({"nights": "out_of_range"})
    if not jurisdiction.path.startswith(by.jurisdiction):
        raise Invalid({"jurisdiction": "unknown_choice"})


def keep_plan(asked: Desk, answer: Plan, *, jurisdiction: Jurisdiction, nights: int, by: Actor, at: datetime) -> NightPlan:
    """Store an answer, with its event; inside the transaction of the caller."""
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
    hours: Mapping[tuple[str, str], float] = cast(Any, asked.problem.hours)
    lines = []
    for one, child in zip(asked.waiting, asked.problem.children, strict=True):
        home = answer.assigned.get(child.key)
        lines.append(
            PlanLine(
                plan=plan,
                child=one.child,
                facility=places[home] if home else None,
                passed_over={str(reason): count for reason, count in answer.passed_over.get(child.key, {}).items()},
                nearer=[[int(near), str(why)] for near, why in islice(answer.nearer.get(child.key, {}).items(), NEAREST)],
                hours=round(hours[child.place, home], 2) if home else None,
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
    return plan


def tell_plan(plan: NightPlan, asked: Desk, *, by: Actor, at: datetime) -> None:
    """Alarms for what a plan found: children without a place, and placements that can come to nothing."""
    flag(asked.barred, by=by, at=at)
    unplaced = known.unplaced(plan)
    if unplaced:
        raise_alarm(
            kind=Alarm.Kind.NO_PLACE,
            at=at,
            by=by,
            level=2,
            jurisdiction=plan.jurisdiction.path,
            code=str(unplaced),
            subject=f"plan:{plan.pk}",
        )


def propose_plan(*, plan: NightPlan, by: Actor, at: datetime, hold: Sequence[int] = ()) -> list[Placement]:
    """Ask the homes of a plan, but for the children held back. Who cannot be asked for any more is left out and waits.

    Siblings of a child that is held back are held with it. What stands for children of the plan and can come to nothing is called
    off first: the plan was made as if it were.
    """
    permitted(by, Permission.PLAN_NIGHT, at=at)
    children = plan.lines.values_list("child_id", flat=True)
    for one in barred(queries.open_placements(children).values(), at=at):
        end_placement(placement=one.placement, reason=one.code, by=by, at=at)
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


def bill_by_province(plan: Plan) -> dict[str, Any]:
    """The shortage bill as it is stored.

    "provinces" and "homes" are {key: {beds, carers, yuan}}, "impossible" is {child: {home: why no grant puts it there}}.
    "bound" and "gap" say how much less could do.
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
        "bound": told({"": bill.bound})[""],
        "gap": bill.gap,
    }
