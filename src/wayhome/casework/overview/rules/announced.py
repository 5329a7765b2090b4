"""What the public is told, and what it may not learn from it. Pure.

Totals of cases and of the nation are released by two people's approval, however small they are. The tables of provinces, one of
children and one of arrests, are not: cells below `K` are hidden, and more beside them until nobody who knows the rules can say
less of a hidden cell than "from 1 to `K` - 1, or more"; and a later table is published only if no cell moved by less than `K`
since the last one, which otherwise stands on. So neither one table nor the difference of any two tells of a small group.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wayhome.casework.audit.rules import canonical

DEFINITIONS = 2
"""Of the figures, as `docs/explanation/announcements.md` states them; a later version counts otherwise. The first counted no
arrests by province."""
K = 5
LEAST_PROVINCES = 2
"""A table of one province is a total by another name."""


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """One operation in an announcement.

    Parameters
    ----------
    rescued, arrested : of this case alone; they sum to the totals.
    zero_hour : ISO 8601, with its offset.
    officers, source : as the provinces reported, with source "" ; as stated by whoever proposes, with its source, where none did;
        0 and "" where nothing was told.
    """

    code: str
    title: str
    zero_hour: str
    rescued: int
    arrested: int
    provinces: int
    officers: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was counted at a cut-off, before anything is hidden.

    Parameters
    ----------
    by_province : code -> children rescued there; sums to `rescued`.
    elsewhere : children rescued in another province than that on whose clue; counted in `rescued` once already.
    arrests_by_province : code -> people arrested there; sums to `arrested`. None where definitions 1 counted none.
    """

    cutoff: str
    definitions: int
    rescued: int
    arrested: int
    elsewhere: int
    by_province: Mapping[str, int]
    cases: tuple[CaseFigures, ...]
    arrests_by_province: Mapping[str, int] | None = None

    def __post_init__(self) -> None:
        if sum(self.by_province.values()) != self.rescued or sum(one.rescued for one in self.cases) != self.rescued:
            raise ValueError("provinces, cases and total count other children")
        if sum(one.arrested for one in self.cases) != self.arrested:
            raise ValueError("cases and total count other arrests")
        if self.arrests_by_province is not None and sum(self.arrests_by_province.values()) != self.arrested:
            raise ValueError("provinces and total count other arrests")

    def to_json(self) -> str:
        """Canonical: equal figures, equal text."""
        told = {name: getattr(self, name) for name in ("cutoff", "definitions", "rescued", "arrested", "elsewhere")}
        told |= {"by_province": dict(self.by_province), "cases": [_plain(one) for one in self.cases]}
        if self.arrests_by_province is not None:
            told["arrests_by_province"] = dict(self.arrests_by_province)
        return canonical(told)

    @staticmethod
    def from_dict(told: Mapping[str, Any]) -> Figures:
        """What `to_json` wrote, read."""
        cases = tuple(CaseFigures(**one) for one in told["cases"])
        return Figures(**{**told, "cases": cases})


def _plain(case: CaseFigures) -> dict[str, Any]:
    return {name: getattr(case, name) for name in CaseFigures.__slots__}


@dataclass(frozen=True, slots=True)
class Table:
    """What is published of provinces.

    Parameters
    ----------
    shown : code -> children, or arrests.
    hidden : codes of provinces of which it is only told that there are some.
    rest : how many in these together.
    """

    shown: Mapping[str, int]
    hidden: tuple[str, ...]
    rest: int

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"shown": dict(self.shown), "hidden": list(self.hidden), "rest": self.rest}


NO_TABLE = Table({}, (), 0)


@dataclass(frozen=True, slots=True)
class Published:
    """A table with the version that it is `of`: `held` if that is an earlier one, for its own would tell of few people."""

    table: Table
    of: int
    held: bool


def table_of(cells: Mapping[str, int]) -> Table:
    """The table of some cells, none of them 0: small ones hidden, and as many of the next greater as it takes."""
    if len(cells) < LEAST_PROVINCES:
        return NO_TABLE
    small = sorted(code for code, n in cells.items() if n < K)
    greater = sorted((code for code, n in cells.items() if n >= K), key=lambda code: (cells[code], code))
    hidden = list(small)
    while hidden and greater and not _vague([cells[code] for code in hidden]):
        hidden.append(greater.pop(0))
    if hidden and not _vague([cells[code] for code in hidden]):
        return NO_TABLE
    return Table({code: cells[code] for code in sorted(greater)}, tuple(sorted(hidden)), sum(cells[code] for code in hidden))


def _vague(hidden: list[int]) -> bool:
    """Whether each of some hidden cells may be anything from 1 to `K` - 1, for whoever knows their sum and that none is 0."""
    return len(hidden) > 1 and sum(hidden) - (len(hidden) - 1) >= K - 1


def may_follow(last: Table, new: Table, *, held: bool) -> bool:
    """Whether the difference of two tables tells of no small group.

    Parameters
    ----------
    held : totals were published between the two without a table of their own. If all that came since came in one place, they
        would tell how much of it had come by then.
    """
    if last in (NO_TABLE, new):
        return True
    if set(last.hidden) != set(new.hidden) or not set(last.shown) <= set(new.shown):
        return False
    moved = [abs(n - last.shown.get(code, 0)) for code, n in new.shown.items()] + [abs(new.rest - last.rest)]
    moved = [n for n in moved if n]
    return min(moved) >= K and (len(moved) > 1 or not held)


def digest_of(number: str, n: int, figures: str, table: str, changes: str, texts: str) -> str:
    """SHA-256 of everything that an announcement says: equal records give an equal digest."""
    parts = (number, str(n), figures, table, changes, texts)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
