"""Where the children of the placement desk are to go, by the last plan and by what homes were asked; in words and on the map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from wayhome.casework.placements import known, queries
from wayhome.web.boundaries import outlines
from wayhome.web.map import Picture, picture


def lead(rows: Sequence[dict[str, Any]], plan: Any) -> None:
    """Tell each row where its child goes ("to"), how sure that is ("way"), and why not nearer, home by home.

    A home that was asked, or that keeps a place, counts before the plan.
    """
    lines = {line.child_id: line for line in known.lines(plan.pk)} if plan else {}
    names = known.named({place for line in lines.values() for place, _why in line.nearer})
    for row in rows:
        one = row["one"]
        line = lines.get(one.child.pk)
        asked = one.placement
        row["line"] = line
        row["planned"] = line is not None
        row["to"] = asked.facility if asked is not None else line.facility if line else None
        row["way"] = row["state"] or "planned"
        row["nearer"] = [(names[place], why) for place, why in line.nearer if place in names] if line else []
        row["further"] = max(sum(line.passed_over.values()) - len(row["nearer"]), 0) if line else 0


def drawn(rows: Sequence[dict[str, Any]], homes: Sequence[Any]) -> Picture | None:
    """The map; None where nobody told where anything is."""
    told = queries.positions()
    paths = {row["one"].episode.facility.jurisdiction.path for row in rows} | {one.home.jurisdiction.path for one in homes}
    return picture(rows, homes, {path: queries.position(path, told) for path in paths}, outlines(settings.WAYHOME_MAP))
