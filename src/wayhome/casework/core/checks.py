"""Look at what was typed, field by field, and say everything that is wrong with it at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Container
from datetime import date, datetime, timedelta

from wayhome.casework.core.errors import Invalid

EAST = timedelta(hours=14)
"""How far the calendar is ahead of UTC where a day begins first."""


class Checks:
    """Collects what is wrong; `done` raises it.

    >>> checks = Checks()
    >>> label = checks.text("label", "  somebody ", 80)
    >>> checks.done()
    >>> label
    'somebody'
    """

    def __init__(self) -> None:
        self.wrong: dict[str, str] = {}

    def must(self, field: str, holds: bool, code: str) -> None:
        """The field is wrong unless something holds; the first thing wrong with a field is told."""
        if not holds:
            self.wrong.setdefault(field, code)

    def text(self, field: str, value: str, longest: int, *, required: bool = True) -> str:
        """A line or more of text, without blanks around it. Nothing is cut off: what is too long is said to be."""
        plain = value.strip()
        self.must(field, bool(plain) or not required, "required")
        self.must(field, len(plain) <= longest, "too_long")
        self.must(field, all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") for c in plain), "control_character")
        return plain

    def one_of(self, field: str, value: str, allowed: Container[str]) -> None:
        """A choice."""
        self.must(field, value in allowed, "unknown_choice")

    def moment(self, field: str, value: datetime, *, not_after: datetime | None = None) -> None:
        """A moment with its time zone, not in the future where `not_after` is now."""
        if value.tzinfo is None:
            self.must(field, False, "no_time_zone")
        elif not_after is not None:
            self.must(field, value <= not_after, "in_future")

    def day(self, field: str, value: date, *, at: datetime) -> None:
        """A day that has begun somewhere on earth."""
        self.must(field, value <= (at + EAST).date(), "in_future")

    def within(self, field: str, value: float | None, least: float, most: float) -> None:
        """A number that can be; None is a value not taken."""
        self.must(field, value is None or least <= value <= most, "implausible")

    def done(self) -> None:
        """Raise `Invalid` if anything is wrong."""
        if self.wrong:
            raise Invalid(self.wrong)
