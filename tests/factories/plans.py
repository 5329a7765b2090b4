"""A night's plan as it is stored, without looking for one, and one that is being made: for tests of what is shown of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from factories.world import World
from wayhome.casework.children.models import Child
from wayhome.casework.placements.models import NightPlan, NightPlanResult, PlanJob, PlanJobStep, PlanLine


def a_plan(
    world: World,
    assigned: Mapping[Child, str],
    *,
    at: datetime,
    where: str = "GX",
    passed_over: Mapping[str, int] | None = None,
    nearer: list[list[Any]] | None = None,
    bill: dict[str, Any] | None = None,
) -> NightPlan:
    """Each child goes to a place of the world, or nowhere with ""."""
    plan = NightPlan.objects.create(
        jurisdiction=world.jurisdictions[where],
        nights=14,
        children=len(assigned),
        homes=2,
        by=world.staff["supervisor"],
        at=at,
    )
    NightPlanResult.objects.create(
        plan=plan,
        status="optimal",
        objectives={"unplaced": float(sum(1 for home in assigned.values() if not home))},
        bill=bill or {"provinces": {}, "homes": {}, "impossible": {}, "proven": True},
        gap=0.0,
        seconds=0.1,
        at=at,
    )
    for child, home in assigned.items():
        PlanLine.objects.create(
            plan=plan,
            child=child,
            facility=world.facilities[home] if home else None,
            passed_over=dict(passed_over or {}),
            nearer=nearer or [],
            hours=3.5 if home else None,
        )
    return plan


def a_job(world: World, *, at: datetime, where: str = "GX", doing: tuple[str, ...] = (), at_once: bool = False) -> PlanJob:
    """A plan that somebody asked for, and what was done for it so far."""
    job = PlanJob.objects.create(
        jurisdiction=world.jurisdictions[where],
        nights=14,
        children=2_000,
        homes=300,
        at_once=at_once,
        by=world.staff["supervisor"],
        at=at,
    )
    for step in doing:
        PlanJobStep.objects.create(job=job, doing=step, at=at)
    return job
