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
OFFICERS = {"8.6.2011": 300, "2011.2.21": 2600}
"""Who took part, as the news of that day told."""
APPROVES = "MCA-supervisor"


def announce(registers: Registers, operations: Iterable[Any], at: datetime) -> None:
    """One supervisor counts, another reads and signs."""
    found = list(operations)
    made = announcing.propose_announcement(
        number=NUMBER,
        operations=found,
        cutoff=at,
        stated={one.pk: announced.Stated(OFFICERS[one.code], "news of 27 July") for one in found},
        by=registers.actors[SUPERVISOR],
        at=at,
    )
    approves = replace(registers.actors[APPROVES], stepped_up=True)
    announcing.approve_announcement(announcement=made, digest=made.digest, by=approves, at=at)


def told() -> dict[str, Any]:
    """What is public of it, version by version."""
    versions = []
    for row in announced.released().order_by("number", "n"):
        one = announced.told(row)
        by_case = {case.code: {"rescued": case.rescued, "arrested": case.arrested} for case in one.cases}
        versions.append({"version": one.n, "rescued": one.rescued, "arrested": one.arrested, "by_case": by_case})
    return {"announcements": versions, "announcements_hidden": _hidden()}


def _hidden() -> int:
    """Provinces that the public is told of together, so that none of fewer than five stands alone."""
    last = announced.released().first()
    return 0 if last is None else len(json.loads(last.provinces)["hidden"])
