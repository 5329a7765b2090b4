"""Task forces and what they keep, clues, partners, and what is told of it all."""

from __future__ import annotations

from typing import Any

from factories.joint import joint_plan, says
from factories.operations import investigation, without_lead
from factories.world import RAID, World, small_world
from trust.acts.bench import START, numbered
from trust.acts.clue_stage import clues_of
from trust.acts.overview_stage import told_of
from trust.acts.partner_stage import partners
from trust.acts.stage import Stage
from wayhome.casework.operations import actions as operations


def set_desk_stage() -> Stage:
    """Make it all."""
    world = small_world()
    world.clock = START
    with numbered(90_000_001):
        it = _task_forces(world)
        it |= _plans(world, it["opened"])
        it |= partners(world)
        return Stage(world, it | clues_of(world, it["opened"]) | told_of(world, it.pop("other")))


def _task_forces(world: World) -> dict[str, Any]:
    """An investigation with the ministry, one of a lead alone, and one whose only lead left; a victim, a detained man."""
    opened = investigation(world, "officer2", supervised=True)
    who, day = {"by": world.actor("officer")}, world.clock.date()
    told = {"evidence": "two tickets", "sex": "U", "seen_from": day, "seen_to": day}
    place = {"zero_hour": RAID, "jurisdiction": world.jurisdictions["GX"]}
    other = operations.record_operation(code="2011.7.9", title="the boats", **place, **who, at=world.now())
    held = world.person("driver", ("name", "闭玉莲"))
    role = {"operation": world.operation, "kind": "transporter", "detained_at": RAID}
    operations.record_role(person=held, **role, **who, at=world.now())
    return {
        "opened": opened,
        "other": other,
        "alone": investigation(world, lead="officer_gd", code="2011.2.21"),
        "orphan": without_lead(world, "officer2"),
        "victim": operations.tell_victim(investigation=opened, **told, **who, at=world.now()),
        "tied": operations.tie_operation(investigation=opened, operation=other, **who, at=world.now()),
        "detained": held,
        "buyer": world.person("buyer", ("name", "农晓红")),
    }


def _plans(world: World, opened: Any) -> dict[str, Any]:
    """A plan in every state, the sealed one with a site that is silent and one with a site that goes; a campaign."""
    upto = {"drafted": "drafted", "approved": "approved", "sealed": "sealed", "launched": "launched", "stood": "stood_down"}
    it = {name: joint_plan(world, opened, step, code=f"J-{name}") for name, step in upto.items()}
    it["ready"] = joint_plan(world, opened, "sealed", code="J-ready")
    says(world, it["ready"].sites.get())
    day = world.clock.date()
    told = {"name": "2011", "partner": world.jurisdictions["VN"], "starts": day, "ends": day}
    it["campaign"] = operations.record_campaign(**told, by=world.actor("supervisor"), at=world.now())
    return it
