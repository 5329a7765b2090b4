"""The 27th of July: what both operations came to, counted from the records and approved by the other ministry."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wayhome.casework.overview.actions import announcing
from wayhome.casework.overview.queries import announced
from wayhome.cli.demo_registers import SUPERVISOR, Registers

DAY = datetime(2011, 7, 27, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NUMBER = "2011-07-27"
APPROVES = "MCA-supervisor"


def announce(registers: Registers, operations: Iterable[Any], at: datetime) -> None:
    """One supervisor counts, another reads and signs."""
    found = list(operations)
    made = announcing.propose_announcement(
        number=NUMBER,
        operations=found,
        cutoff=at,
        by=registers.actors[SUPERVISOR],
        at=at,
    )
    approves = replace(registers.actors[APPROVES], stepped_up=True)
    announcing.approve_announcement(announcement=made, digest=made.digest, by=approves, at=at)


def told() -> dict[str, Any]:
    """What is public of it, version by version."""
    versions, changes = [], []
    for row in announced.released().order_by("number", "n"):
        one = announced.told(row)
        by_case = {case.code: {"rescued": case.rescued, "arrested": case.arrested} for case in one.cases}
        changes = list(one.changes)
        versions.append({"version": one.n, "rescued": one.rescued, "arrested": one.arrested, "by_case": by_case})
    return {"announcements": versions, "announcements_changes": changes, "announcements_hidden": _hidden()}


def _hidden() -> int:
    """Provinces that the public is told of together, so that none of fewer than five stands alone."""
    first = announced.released().last()
    return 0 if first is None else len(json.loads(first.provinces)["hidden"])
