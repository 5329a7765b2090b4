"""A small picture of a number that parts into others: one bar on the left, a stream to each part on the right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

HIGH = 96.0
"""Of the bar on the left, in the units of a picture 360 wide."""
_LEFT, _RIGHT, _WIDE = 0.0, 176.0, 12.0
_LEAST, _GAP = 22.0, 6.0
"""What a part takes on the right at least, so that its words fit, and what is between two."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One part. Places are told as text, for no language writes them otherwise.

    Parameters
    ----------
    name : a code; `n` how many.
    path : the stream, `y` and `height` of the bar that it runs into, `words_y` the line of its words.
    """

    name: str
    n: int
    path: str
    y: str
    height: str
    words_y: str


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole picture, so high; `total` on the left from `y` down."""

    total: int
    streams: tuple[Stream, ...]
    y: str
    height: str
    box: str


def flow(parts: Iterable[tuple[str, int]]) -> Flow | None:
    """Of parts in their order, those that are nothing left out; None where there is nothing at all.

    >>> told = flow([("rescued", 8), ("open", 13), ("lost", 0)])
    >>> told.total, [one.name for one in told.streams]
    (21, ['rescued', 'open'])
    """
    some = [(name, n) for name, n in parts if n]
    total = sum(n for _name, n in some)
    if not total:
        return None
    unit = HIGH / total
    slots = [max(n * unit, _LEAST) for _name, n in some]
    high = max(HIGH, sum(slots) + _GAP * (len(some) - 1))
    start = (high - HIGH) / 2
    left, right = start, (high - sum(slots) - _GAP * (len(some) - 1)) / 2
    streams = []
    for (name, n), slot in zip(some, slots, strict=True):
        height = n * unit
        y = right + (slot - height) / 2
        streams.append(Stream(name, n, _path(left, y, height), f"{y:.1f}", f"{height:.1f}", f"{right + slot / 2 + 5:.1f}"))
        left += height
        right += slot + _GAP
    return Flow(total, tuple(streams), f"{start:.1f}", f"{HIGH:.1f}", f"0 -4 360 {high + 8:.1f}")


def _path(one: float, other: float, height: float) -> str:
    begin, end = _LEFT + _WIDE, _RIGHT
    middle = (begin + end) / 2
    return (
        f"M{begin} {one:.1f}C{middle} {one:.1f} {middle} {other:.1f} {end} {other:.1f}v{height:.1f}"
        f"C{middle} {other + height:.1f} {middle} {one + height:.1f} {begin} {one + height:.1f}z"
    )
