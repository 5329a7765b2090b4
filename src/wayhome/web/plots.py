"""Plots of the ministry's desk as numbers that a table draws: one inline SVG a row, no script, its numbers beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from wayhome.casework.custody.rules import Kind
from wayhome.casework.overview.rules.desk import StepTime

WIDTH = 240.0
_LEAST = 2.0
_HOURS = 24.0
_MARKS = (
    (1 / _HOURS, gettext_lazy("1 h")),
    (1.0, gettext_lazy("1 d")),
    (7.0, gettext_lazy("7 d")),
    (30.0, gettext_lazy("30 d")),
    (365.0, gettext_lazy("365 d")),
)
_MOST = 730.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar: how many of which kind, and where it stands."""

    kind: str
    n: int
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: what it is of, its pieces, and every kind's number in the order of `kinds_of`."""

    of: Any
    total: int
    pieces: tuple[Piece, ...]
    cells: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """What a step took: from the first quarter to the third, with the middle; None where nobody came to it."""

    step: StepTime
    x: str
    width: str
    middle: str
    half: timedelta | None
    between: str
    longest: timedelta | None


def kinds_of(totals: Mapping[str, int]) -> list[str]:
    """Kinds of custody in which there is a child, in the order of the way home."""
    return [kind for kind in Kind if totals.get(kind)]


def bars(places: Iterable[tuple[Any, Mapping[str, int]]], kinds: list[str]) -> list[Bar]:
    """Rows as long as they have children; the longest takes all of the width."""
    rows = [(place, counts, sum(counts.values())) for place, counts in places]
    most = max((total for _, _, total in rows), default=1)
    made = []
    for place, counts, total in rows:
        x, pieces = 0.0, []
        for kind in kinds:
            if n := counts.get(kind, 0):
                width = max(n / most * (WIDTH - _LEAST * len(kinds)), _LEAST)
                pieces.append(Piece(kind, n, _told(x), _told(width)))
                x += width
        made.append(Bar(place, total, tuple(pieces), tuple((kind, counts.get(kind, 0)) for kind in kinds)))
    return made


def boxes(steps: Iterable[StepTime]) -> list[Box]:
    """Rows on a scale that shows an hour and a year alike."""
    made = []
    for one in steps:
        if one.median is None or one.quarter is None or one.three_quarters is None:
            made.append(Box(one, "0", "0", "", None, "", _spent(one.longest)))
            continue
        left, right = place_of(one.quarter), place_of(one.three_quarters)
        between = f"{_number(one.quarter)} – {_number(one.three_quarters)}"
        made.append(
            Box(
                one, _told(left), _told(max(right - left, _LEAST)), _told(place_of(one.median)),
                _spent(one.median), between, _spent(one.longest),
            )
        )  # fmt: skip
    return made


def marks() -> list[tuple[str, str | Promise]]:
    """Lines of the scale: where they stand, and what they say."""
    return [(_told(place_of(days)), said) for days, said in _MARKS]


def place_of(days: float) -> float:
    """Where so many days stand: logarithms of hours, from none to two years."""
    return min(math.log1p(max(days, 0) * _HOURS) / math.log1p(_MOST * _HOURS), 1.0) * (WIDTH - _LEAST)


def _spent(days: float | None) -> timedelta | None:
    return None if days is None else timedelta(days=max(days, 0))


def _number(days: float) -> str:
    return number_format(days, 1 if days < 10 else 0)


def _told(number: float) -> str:
    return f"{number:.1f}"
