"""Announcements in every state, limits and calendars of which some count, and children and arrests to be counted."""

from __future__ import annotations

import json
from typing import Any

from factories import announcements
from factories.calendars import agreed_year, year
from factories.world import RAID, World
from wayhome.casework.operations import actions as operations
from wayhome.casework.operations.models import Operation
from wayhome.casework.overview.actions import calendar, limits
from wayhome.casework.overview.models import Announcement, AnnouncementApproval, Snapshot, SnapshotOperation
from wayhome.casework.overview.queries.announced import Stated
from wayhome.casework.overview.rules.announced import Figures

A, OLD, WAITS = "2011-07-27", "2011-06-01", "2011-07-10"


def told_of(world: World, other: Operation) -> dict[str, Any]:
    """By name. `first` was announced of the world's operation; `few` is when one child and one arrest more were on record, and
    `many` when five more of each were."""
    it: dict[str, Any] = {"other_operation": other}
    it["abroad"] = Operation.objects.create(
        code="VN-1", title="x", zero_hour=RAID, jurisdiction=world.jurisdictions["VN"], by=world.staff["officer"], at=world.now()
    )
    _found(world, 5, "GX")
    _found(world, 5, "GD")
    it["child"] = world.child("小月")
    announcements.approve(world, announcements.propose(world, stated={_of(world).pk: Stated(300, "报告 7/16")}))
    it["announced"] = Announcement.objects.get(number=A)
    _found(world, 1, "GX")
    it["few"] = world.clock
    _found(world, 5, "GX")
    it["many"] = world.clock
    it["waits"] = announcements.propose(world, number=WAITS, operations=[other])
    it["waits_too"] = announcements.propose(world, number=WAITS, operations=[other])
    it["old_operation"] = _of_the_first_definitions(world)
    reported = {"operation": other, "officers": 42, "counted_at": RAID, "by": world.actor("officer")}
    operations.report_officers(**reported, at=world.now())
    return it | _agreed(world)


def _of(world: World) -> Operation:
    assert world.operation is not None
    return world.operation


def _found(world: World, n: int, where: str) -> None:
    """So many children, and as many people who are arrested."""
    own = world.event
    who = {"by": world.actor("officer")}
    told = {"operation": _of(world), "jurisdiction": world.jurisdictions[where], "place": f"{where}河堤路7号", "found_at": RAID}
    world.event = operations.record_rescue(**told, **who, at=world.now())
    for i in range(n):
        world.child(f"{where}{i}")
        held = world.person("suspect", ("name", f"甲{i}"), ("phone", f"1397712{world.clock:%d%H%M}"[:11]))
        role = {"person": held, "operation": _of(world)}
        operations.record_role(**role, kind="suspect", detained_at=RAID, **who, at=world.now())
        operations.place_detention(**role, jurisdiction=world.jurisdictions[where], **who, at=world.now())
    world.event = own


def _of_the_first_definitions(world: World) -> Operation:
    """Announced as it was before arrests were counted by province."""
    case = Operation.objects.create(
        code="2011.6.1",
        title="an old one",
        zero_hour=RAID,
        jurisdiction=world.jurisdictions["GX"],
        by=world.staff["officer"],
        at=world.now(),
    )
    supervisor, at = world.staff["supervisor"], world.now()
    figures = Figures(at.isoformat(), 1, 0, 0, 0, {}, ()).to_json()
    snapshot = Snapshot.objects.create(
        cutoff=at, definitions=1, rescued=0, arrested=0, figures=figures, digest="0" * 64, by=supervisor, at=at
    )
    SnapshotOperation.objects.create(snapshot=snapshot, operation=case)
    said = {"provinces": json.dumps({"shown": {}, "hidden": [], "rest": 0, "of": 1}), "changes": '{"changes":[]}', "texts": "{}"}
    row = Announcement.objects.create(
        number=OLD, n=1, snapshot=snapshot, rescued=0, arrested=0, **said, digest="1" * 64, by=supervisor, at=at
    )
    AnnouncementApproval.objects.create(announcement=row, digest=row.digest, by=world.staff["supervisor2"], at=world.now())
    return case


def _agreed(world: World) -> dict[str, Any]:
    supervisor, other = world.actor("supervisor"), world.actor("supervisor2")
    told = {"hours": 1, "reason": "two were sedated", "by": supervisor}
    made = [limits.set_limit(kind="hospital", since=world.clock.date(), **told, at=world.now()) for _ in range(2)]
    limits.approve_limit(limit=made[0], by=other, at=world.now())
    return {
        "limit_agreed": made[0],
        "limit": made[1],
        "year_agreed": agreed_year(2011, supervisor, other, world.now()),
        "year": calendar.enter_calendar(calendar=year(2012), source="notice 2", by=supervisor, at=world.now()),
    }
