"""Whether one woman can have borne two children."""

from __future__ import annotations

from datetime import date

SAME_BIRTH_DAYS = 3
"""Twins are born within days of each other."""
LEAST_APART_DAYS = 24 * 7
"""Between two births of one woman, at least: the shortest pregnancy of which an infant lived, conceived at once."""

Born = tuple[date, date]


def can_be_siblings(one: Born, other: Born) -> bool:
    """Whether births in two intervals (first day, last day) can be of one mother.

    It errs towards yes: a freeze is lifted by people, and intervals told by sight are wide.
    """
    least, most = (other[0] - one[1]).days, (other[1] - one[0]).days
    twins = least <= SAME_BIRTH_DAYS and most >= -SAME_BIRTH_DAYS
    return twins or most >= LEAST_APART_DAYS or least <= -LEAST_APART_DAYS
