"""What announcements count: children found and merged, people detained and where, officers out."""

from __future__ import annotations

import random
from typing import Any

from factories.world import RAID, World
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.operations import actions as operations
from wayhome.casework.operations.models import Operation, Person


def one_of(world: World) -> Operation:
    """The world's own case."""
    assert world.operation is not None
    return world.operation


def another(world: World, where: str = "GX") -> Operation:
    """A second case, with nothing in it."""
    return operations.record_operation(
        code="x", title="x", zero_hour=RAID, jurisdiction=world.jurisdictions[where], by=world.actor("officer"), at=world.now()
    )


def rescue(world: World, where: str = "GX", **more: Any) -> None:
    """The next children are found there."""
    world.event = operations.record_rescue(
        operation=more.pop("operation", None) or one_of(world),
        jurisdiction=world.jurisdictions[where],
        place=f"{where} 河堤路{random.randrange(10**6)}号",
        found_at=RAID,
        by=world.actor("officer"),
        at=world.now(),
        **more,
    )


def detain(world: World, n: int, operation: Operation | None = None, kind: str = "suspect", where: str = "") -> Person:
    """Somebody is detained, and it is told where, or not."""
    who = world.person(f"s{n}", ("name", f"甲{n}"), ("id", f"45000019800101{n:04}"))
    operations.record_role(
        person=who,
        operation=operation or one_of(world),
        kind=kind,
        detained_at=RAID,
        by=world.actor("officer"),
        at=world.now(),
    )
    if where:
        place(world, who, where, operation)
    return who


def place(world: World, who: Person, where: str, operation: Operation | None = None) -> None:
    """Somebody says where they were detained."""
    operations.place_detention(
        operation=operation or one_of(world),
        person=who,
        jurisdiction=world.jurisdictions[where],
        by=world.actor("officer"),
        at=world.now(),
    )


def report(world: World, officers: int, who: str = "officer", **more: Any) -> None:
    """A province tells how many officers it has out."""
    told: dict[str, Any] = {"operation": one_of(world), "counted_at": RAID} | more
    operations.report_officers(officers=officers, by=world.actor(who), at=world.now(), **told)


def merge(world: World, kept: Child, absorbed: Child) -> None:
    """One was registered twice."""
    step = children.propose_merge(kept=kept, absorbed=absorbed, reason="x", by=world.actor("officer"), at=world.now())
    children.confirm_merge(step=step, by=world.actor("officer2"), at=world.now())
