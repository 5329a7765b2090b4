"""The way of a kit: what may follow what, who tells of it, and when it is overdue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

HOPS = ("posted", "delivered", "returned", "taken", "sent", "received", "refused", "lost")
ORDERED = "ordered"
"""Where a kit is to which nothing has happened yet."""
NEXT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        ORDERED: ("posted", "taken", "lost"),
        "posted": ("delivered", "returned", "lost"),
        "delivered": ("taken", "lost"),
        "returned": ("posted", "lost"),
        "taken": ("sent", "lost"),
        "sent": ("received", "refused", "lost"),
        "received": (),
        "refused": (),
        "lost": (),
    }
)
"""What may follow what, the usual first. A kit that is handed over directly is taken without a post."""
ENDS = frozenset(kind for kind, after in NEXT.items() if not after)
REPLACEABLE = frozenset({"returned", "refused", "lost"})
"""After these another kit may be ordered in its place; one that came back may as well be posted again."""
LABORATORYS = frozenset({"received", "refused"})
"""What the laboratory tells; the agency that ordered the kit tells the rest."""
PLACED = frozenset({"posted", "taken"})
"""Hops that say where: where to, or where the sample was taken."""
CONSENTED = frozenset({"taken", "sent"})
"""What is done with a relative's sample only while they agree."""
SCANNED = ("posted", "delivered", "sent", "received")
"""What can be told of many kits at once: nothing about it is each kit's own."""
MOST_SCANNED = 200

OVERDUE: Mapping[str, timedelta] = MappingProxyType(
    {
        "posted": timedelta(days=10),
        "delivered": timedelta(days=14),
        "taken": timedelta(days=3),
        "sent": timedelta(days=7),
    }
)
"""How long a kit may stay as it is until somebody asks after it."""


def is_overdue(state: str, since: datetime, at: datetime) -> bool:
    """Whether a kit has been in a state for too long."""
    return state in OVERDUE and at - since >= OVERDUE[state]
