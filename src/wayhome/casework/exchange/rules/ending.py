"""The end of a case that two houses share, and what the other house is told of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

HOWS = ("closed", "withdrawn")
"""A case is over; or it ought never to have been shared, or its basis is gone."""
LEAST_DAYS, MOST_DAYS = 30, 3650
"""How long what was told of children can still be read. A month, so that a wrong end can be taken back; what a withdrawn case
told is kept no longer."""
TERMS = (30, 365, 1825, 3650)
"""Days that are offered."""
KINDS = ("ended", "opened")
"""Messages that tell it."""
LEFT = ("undelivered", "our_questions", "your_questions")
"""What waited: numbers of messages of the teller that did not arrive, or were questions without an answer; and the hearer's."""
MOST = 1000


def fault(how: str, keep_days: int) -> dict[str, str]:
    """What is wrong with an end."""
    if how not in HOWS:
        return {"how": "unknown_choice"}
    most = LEAST_DAYS if how == "withdrawn" else MOST_DAYS
    return {} if LEAST_DAYS <= keep_days <= most else {"keep_days": "term_not_allowed"}


def kept_until(at: datetime, keep_days: int) -> datetime:
    """When the contents go."""
    return at + timedelta(days=keep_days)


def told(how: str, left: Mapping[str, Iterable[int]]) -> dict[str, Any]:
    """What the other house hears."""
    return {"how": how} | {name: sorted(left[name])[:MOST] for name in LEFT}


def known(content: Mapping[str, Any]) -> dict[str, Any]:
    """What it said, of its form alone; {} where that is no end."""
    if content.get("how") not in HOWS:
        return {}
    found: dict[str, Any] = {"how": content["how"]}
    for name in LEFT:
        numbers = content.get(name)
        whole = numbers if isinstance(numbers, list) else []
        found[name] = [one for one in whole[:MOST] if isinstance(one, int) and not isinstance(one, bool) and 0 < one < 2**31]
    return found
