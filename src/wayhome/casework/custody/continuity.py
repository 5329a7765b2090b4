"""Whether every child had exactly one custodian all the time, counted from the episodes alone.

Written apart from the gate and its queries, on purpose: an auditor's count must not share a mistake with what it counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

_BREAKS = {
    "no first custodian": (
        "SELECT COUNT(*) FROM children_child c WHERE NOT EXISTS"
        " (SELECT 1 FROM custody_custodyepisode e WHERE e.child_id = c.id AND e.n = 1)"
    ),
    "custody of nobody": (
        "SELECT COUNT(*) FROM custody_custodyepisode e WHERE NOT EXISTS (SELECT 1 FROM children_child c WHERE c.id = e.child_id)"
    ),
    "registered before anybody had it": (
        "SELECT COUNT(*) FROM children_child c JOIN custody_custodyepisode e ON e.child_id = c.id AND e.n = 1"
        " WHERE e.started_at > c.at"
    ),
    "a link is missing": (
        "SELECT COUNT(*) FROM (SELECT child_id FROM custody_custodyepisode GROUP BY child_id"
        " HAVING MIN(n) <> 1 OR MAX(n) <> COUNT(*) OR COUNT(DISTINCT n) <> COUNT(*)) broken"
    ),
    "begins before the one before": (
        "SELECT COUNT(*) FROM custody_custodyepisode e JOIN custody_custodyepisode b ON b.child_id = e.child_id AND b.n = e.n - 1"
        " WHERE e.started_at < b.started_at"
    ),
    "goes on after death": (
        "SELECT COUNT(*) FROM custody_custodyepisode e JOIN custody_custodyepisode b ON b.child_id = e.child_id AND b.n = e.n - 1"
        " WHERE b.kind = 'deceased'"
    ),
    "one signatory": (
        "SELECT COUNT(*) FROM custody_custodyepisode e LEFT JOIN custody_handoveroffer o ON o.id = e.offer_id"
        " AND o.child_id = e.child_id WHERE e.n > 1 AND e.kind <> 'deceased'"
        " AND (o.id IS NULL OR o.giver_id = e.responsible_id)"
    ),
}


@dataclass(frozen=True, slots=True)
class Continuity:
    """What was counted.

    Parameters
    ----------
    breaks : how often a chain breaks, by how; those that never do are left out.
    by_kind : children by the kind of their present custody.
    """

    children: int
    episodes: int
    breaks: dict[str, int]
    by_kind: dict[str, int]

    @property
    def gaps(self) -> int:
        """All breaks together."""
        return sum(self.breaks.values())


def continuity(*, until: datetime | None = None) -> Continuity:
    """Count over all children; breaks whenever they were, and all else as recorded until then."""
    seen = [] if until is None else [connection.ops.adapt_datetimefield_value(until)]
    of_child, of_episode, of_later = ("" if until is None else f" AND {of}.at <= %s" for of in ("c", "e", "l"))
    with connection.cursor() as cursor:

        def count(sql: str, *values: Any) -> int:
            cursor.execute(sql, values)
            return int(cursor.fetchone()[0])

        breaks = {what: count(sql) for what, sql in _BREAKS.items()}
        cursor.execute(
            "SELECT e.kind, COUNT(*) FROM custody_custodyepisode e WHERE e.n = (SELECT MAX(l.n) FROM custody_custodyepisode l"
            f" WHERE l.child_id = e.child_id{of_later}) GROUP BY e.kind ORDER BY e.kind",
            seen,
        )
        by_kind = {str(kind): int(n) for kind, n in cursor.fetchall()}
        return Continuity(
            children=count(f"SELECT COUNT(*) FROM children_child c WHERE 1 = 1{of_child}", *seen),
            episodes=count(f"SELECT COUNT(*) FROM custody_custodyepisode e WHERE 1 = 1{of_episode}", *seen),
            breaks={what: n for what, n in breaks.items() if n},
            by_kind=by_kind,
        )
