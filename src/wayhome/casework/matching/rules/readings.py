"""What two analysts, or three, make of a candidate."""

from __future__ import annotations

from collections.abc import Sequence

CONCLUSIONS = ("supports", "excludes", "insufficient")
"""What a reader may say of the hypothesis that the child is this family's."""
STATES = ("proposed", "in_review", "supported", "excluded", "insufficient", "confirmed", "refuted", "withdrawn", "superseded")
"""Where a candidate stands; the last three are ends."""
ENDS = ("refuted", "withdrawn", "superseded")
MOST_READINGS = 3
_AFTER = {"supports": "supported", "excludes": "excluded", "insufficient": "insufficient"}


def outcome(conclusions: Sequence[str]) -> str:
    """The state that readings make: two alike decide. Three that all differ leave it insufficient, which is what they are."""
    if not conclusions:
        return "proposed"
    for conclusion in CONCLUSIONS:
        if list(conclusions).count(conclusion) >= 2:
            return _AFTER[conclusion]
    return "insufficient" if len(conclusions) >= MOST_READINGS else "in_review"


def another_wanted(conclusions: Sequence[str]) -> bool:
    """Whether one more analyst must read it."""
    return outcome(conclusions) in ("proposed", "in_review")
