"""Where symbols, labels and lines of a pedigree stand: plain numbers, for tests and for whoever writes them as a picture.

Pixels from the upper left corner. Symbols stand in rows; labels below them; lines of descent begin between the labels, turn in a
lane of their own in the band between two rows, and end on top of the children.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal

from wayhome.kinship.pedigrees.drawing import labels as text
from wayhome.kinship.pedigrees.drawing.chart import Chart, Drop, chart, parts
from wayhome.kinship.pedigrees.drawing.lanes import Bend, lanes, stacked
from wayhome.kinship.pedigrees.drawing.order import ordered
from wayhome.kinship.pedigrees.drawing.places import STRAIGHT, placed
from wayhome.kinship.pedigrees.pedigree import Pedigree, Sex

HALF = 22
"""Half the box of a symbol with all its marks."""
LETTERING = 15
"""Height of a line of a label."""
MARGIN = 12
LIMITS, CLEAR = (104, 124, 144), 24
"""The widest label, wider only where one would be shortened; and what stays free for lines between two labels."""

_EDGE: Mapping[Sex, int] = {"M": 17, "F": 19, "U": 21}
_LANE, _ABOVE_LANES, _BELOW_LANES, _ARC = 10, 12, 14, 8

LineKind = Literal["partners", "descent", "sibship", "child", "tie"]
Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A member at its place; `copy` counts further symbols of the same member from 1.

    x, y : the middle of the symbol.
    label : lines below it, fitted.
    """

    member: str
    copy: int
    x: int
    y: int
    label: tuple[str, ...]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of the symbol with its marks."""
        return self.x - HALF, self.y - HALF, self.x + HALF, self.y + HALF

    @property
    def label_box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the label."""
        half = max(map(text.width, self.label), default=0.0) / 2
        top = self.y + HALF + 2
        return self.x - half, top, self.x + half, top + LETTERING * len(self.label)


@dataclass(frozen=True, slots=True)
class Line:
    """One line, as the points it joins.

    kind : "partners" between two who have children together; "descent" from parents to the lane, "sibship" along it, "child"
        down to one child; "tie" between two symbols of one member.
    parents : whose line it is.
    child : whom a "child" line reaches.
    related : partners who share an ancestor, drawn double.
    """

    kind: LineKind
    points: tuple[Point, ...]
    parents: tuple[str, ...]
    child: str | None = None
    related: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A pedigree in the plane."""

    width: int
    height: int
    symbols: tuple[Symbol, ...]
    lines: tuple[Line, ...]


def layout(pedigree: Pedigree, labels: Mapping[str, Sequence[str]] | None = None) -> Layout:
    """Places for everybody and every line; those who do not hang together stand side by side.

    Parameters
    ----------
    labels : member -> lines; the id where a member has none.
    """
    for limit in LIMITS:
        told = {name: text.fitted((labels or {}).get(name, (name,)), limit) for name in pedigree.ids}
        if not any(line.endswith(text.CUT) for lines in told.values() for line in lines):
            break
    widest = max((text.width(line) for lines in told.values() for line in lines), default=0.0)
    slot = 2 * (int(max(widest, 2 * HALF) + CLEAR + 1) // 2)
    width, height = MARGIN, 0
    symbols: list[Symbol] = []
    lines: list[Line] = []
    for part in parts(pedigree):
        drawn = _Part(part, told, slot)
        symbols += (replace(symbol, x=symbol.x + width) for symbol in drawn.symbols())
        for line in drawn.lines():
            lines.append(replace(line, points=tuple((x + width, y) for x, y in line.points)))
        width += drawn.width
        height = max(height, drawn.height)
    return Layout(width + MARGIN, height, tuple(symbols), tuple(lines))


class _Part:
    """One part that hangs together, from its own left edge."""

    def __init__(self, pedigree: Pedigree, labels: Mapping[str, tuple[str, ...]], slot: int) -> None:
        self.pedigree, self.labels = pedigree, labels
        self.chart: Chart = chart(pedigree)
        self.rows = ordered(self.chart)
        x = placed(self.chart, self.rows, slot)
        left = min(v - (slot // 2 if token.kind == "symbol" else 0) for v, token in zip(x, self.chart.tokens, strict=True))
        self.x = [v - left for v in x]
        self.width = max(
            v + (slot // 2 if token.kind == "symbol" else 0) for v, token in zip(self.x, self.chart.tokens, strict=True)
        )
        self.arcs = self._arcs()
        self.bands: list[dict[int, Bend]] = [{} for _ in self.rows]
        for r in range(len(self.rows) - 1):
            drops = {k: drop for k, drop in enumerate(self.chart.drops) if self.chart.tokens[drop.start].row == r}
            tops = {k: self._tops(drop) for k, drop in drops.items()}
            starts = {k: self.x[drop.start] for k, drop in drops.items()}
            self.bands[r] = lanes(starts, tops, STRAIGHT)
        self.y: list[int] = []
        self.below: list[int] = []
        y = MARGIN
        for r, row in enumerate(self.rows):
            y += _ARC * (1 + max((lane for lane in self.arcs[r].values()), default=-1)) + HALF
            self.y.append(y)
            named = max((len(self._label(token)) for token in row), default=0)
            y += HALF + 2 + LETTERING * named
            self.below.append(y)
            if r + 1 < len(self.rows):
                y += _ABOVE_LANES + _LANE * max((bend.lane for bend in self.bands[r].values()), default=0) + _BELOW_LANES
        self.height = y

    def _label(self, token: int) -> tuple[str, ...]:
        node = self.chart.tokens[token].node
        return self.labels[node[0]] if node else ()

    def _tops(self, drop: Drop) -> tuple[int, ...]:
        return tuple(self.x[top] for top in drop.tops)

    def _arcs(self) -> list[dict[int, int]]:
        """row -> unions of partners who do not stand side by side -> lane above the row."""
        found: list[dict[int, int]] = []
        for row in self.rows:
            symbols = [token for token in row if self.chart.tokens[token].kind == "symbol"]
            place = {token: k for k, token in enumerate(symbols)}
            spans: dict[int, tuple[int, int]] = {}
            for number, union in enumerate(self.chart.unions):
                ends = sorted(place[t] for t in (self.chart.symbol[node] for node in union.parents) if t in place)
                if len(ends) == 2 and ends[1] - ends[0] > 1:
                    spans[number] = (self.x[symbols[ends[0]]], self.x[symbols[ends[1]]])
            order = sorted(spans, key=lambda number: (spans[number][1] - spans[number][0], number))
            found.append(stacked([(number, *spans[number]) for number in order]))
        return found

    def symbols(self) -> Iterator[Symbol]:
        """From above, from the left."""
        for row, y in zip(self.rows, self.y, strict=True):
            for token in row:
                node = self.chart.tokens[token].node
                if node:
                    yield Symbol(*node, self.x[token], y, self.labels[node[0]])

    def lines(self) -> Iterator[Line]:
        """Union by union."""
        starts: dict[int, tuple[Point, ...]] = {}
        for number, union in enumerate(self.chart.unions):
            names = tuple(name for name, _ in union.parents)
            if len(names) == 2:
                path, starts[number] = self._partners(number)
                yield Line("partners", path, names, related=union.related)
            else:
                starts[number] = self._alone(number)
        for k, drop in enumerate(self.chart.drops):
            yield from self._descent(k, drop, starts)

    def _partners(self, number: int) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
        """The line between partners, and where the line to their children begins."""
        union = self.chart.unions[number]
        a, b = sorted((self.chart.symbol[node] for node in union.parents), key=lambda token: self.x[token])
        row = self.chart.tokens[a].row
        y, at = self.y[row], self.x[self.chart.joint[number]]
        if number not in self.arcs[row]:
            path: tuple[Point, ...] = ((self.x[a] + self._edge(a, 0), y), (self.x[b] - self._edge(b, 0), y))
            return path, ((at, y + 2 * union.related),)
        lane = self.arcs[row][number]
        high, aside = y - HALF - _ARC * (1 + lane) + 3, 6 + 3 * (lane % 3)
        (x1, x2) = self.x[a] + aside, self.x[b] - aside
        return ((x1, y - self._edge(a, aside)), (x1, high), (x2, high), (x2, y - self._edge(b, aside))), ((at, high),)

    def _alone(self, number: int) -> tuple[Point, ...]:
        """From a parent's side, or from below the label."""
        (node,) = self.chart.unions[number].parents
        token, joint = self.chart.symbol[node], self.chart.joint[number]
        row = self.chart.tokens[token].row
        x, y = self.x[token], self.y[row]
        if joint == token:
            lines = len(self.labels[node[0]])
            return ((x, y + HALF + 2 + LETTERING * lines + 2 if lines else y + self._edge(token, 0)),)
        place = {one: k for k, one in enumerate(self.rows[row])}
        # Nearer lines leave lower, so that they do not cross those that go further.
        nested = abs(place[joint] - place[token])
        down = max(7, 17 - 4 * nested)
        side = 1 if self.x[joint] > x else -1
        return (x + side * self._edge(token, down), y + down), (self.x[joint], y + down)

    def _edge(self, token: int, aside: int) -> int:
        """How far the outline is from the middle, `aside` pixels off it."""
        node = self.chart.tokens[token].node
        assert node is not None
        sex = self.pedigree[node[0]].sex
        reach = _EDGE[sex]
        if sex == "F":
            return round(sqrt(reach**2 - aside**2))
        return reach if sex == "M" else reach - aside

    def _descent(self, k: int, drop: Drop, starts: Mapping[int, tuple[Point, ...]]) -> Iterator[Line]:
        union = self.chart.unions[drop.union]
        tie = union.kind == "tie"
        names = tuple(name for name, _ in union.parents)
        row = self.chart.tokens[drop.start].row
        bend = self.bands[row][k]
        if self.chart.tokens[drop.start].kind == "pass":
            begin: tuple[Point, ...] = ((self.x[drop.start], self.y[row]), (bend.x, self.y[row]))[
                : 1 + (bend.x != self.x[drop.start])
            ]
        else:
            begin = starts[drop.union]
            begin = (*begin[:-1], (bend.x, begin[-1][1]))
        lane = self.below[row] + _ABOVE_LANES + _LANE * bend.lane
        yield Line("tie" if tie else "descent", (*begin, (bend.x, lane)), names)
        tops = self._tops(drop)
        reach = (min(bend.x, *tops), max(bend.x, *tops))
        if not bend.straight:
            yield Line("tie" if tie else "sibship", ((reach[0], lane), (reach[1], lane)), names)
        for top in drop.tops:
            node = self.chart.tokens[top].node
            x = bend.x if bend.straight else self.x[top]
            end = self.y[row + 1] - (self._edge(top, 0) if node else 0)
            yield Line("tie" if tie else "child", ((x, lane), (x, end)), names, node[0] if node else None)
