"""How a return stands, as the pages of children and of families show it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.reunification.queries import cases, standing


def of_family(family: Any, *, by: Actor) -> dict[str, Any]:
    """In the words that may be passed on: of the child nothing but this."""
    return {"passed_on": cases.what_family_may_know(family.pk, by=by)}


def of_child(child: Any, *, by: Actor, at: datetime) -> dict[str, Any]:
    """For whoever reads files: the last one and how it stands, or a match for which there is none."""
    if not may(by.role, Permission.READ_CASE):
        return {}
    files = standing.of_child(child, by=by)
    return {
        "files": len(files),
        "returning": standing.standings_of(files[:1], by=by, at=at)[0] if files else None,
        "unfiled": standing.match_without_file(child, by=by) is not None,
    }
