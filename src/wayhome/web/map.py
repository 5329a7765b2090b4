"""The map of the placement desk: where children wait, where there is room, and the lines of the plan. Drawn here as plain SVG."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wayhome.web.boundaries import Outline

WIDTH = 720
LEAST_HEIGHT, MOST_HEIGHT = 360, 640
EDGE = 44
"""From the marks to the rim."""
CELL = 17
"""Marks stand on cells of a grid, so that none covers another."""
LEAST_DEGREES = 3.0
"""No map shows less: a single town would fill it."""
FAR = 9
"""Cells from its place at which a mark stands at most."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class View:
    """Equirectangular, narrowed by the cosine of the middle latitude: straight to draw, and true to shape over a country."""

    west: float
    north: float
    scale: float
    narrow: float
    height: int

    @classmethod
    def around(cls, points: Sequence[Point]) -> View:
        """One that shows all of some (latitude, longitude)."""
        south, north = min(p[0] for p in points), max(p[0] for p in points)
        west, east = min(p[1] for p in points), max(p[1] for p in points)
        narrow = max(math.cos(math.radians((south + north) / 2)), 0.2)
        tall, wide = max(north - south, LEAST_DEGREES), max((east - west) * narrow, LEAST_DEGREES)
        scale = min((WIDTH - 2 * EDGE) / wide, (MOST_HEIGHT - 2 * EDGE) / tall)
        height = int(min(max(tall * scale + 2 * EDGE, LEAST_HEIGHT), MOST_HEIGHT))
        middle = (west + east) / 2 - WIDTH / 2 / scale / narrow, (south + north) / 2 + height / 2 / scale
        return cls(middle[0], middle[1], scale, narrow, height)

    def at(self, latitude: float, longitude: float) -> Point:
        """x and y."""
        return (longitude - self.west) * self.narrow * self.scale, (self.north - latitude) * self.scale

    @property
    def east(self) -> float:
        """Longitude of the right rim."""
        return self.west + WIDTH / self.scale / self.narrow

    @property
    def south(self) -> float:
        """Latitude of the lower rim."""
        return self.north - self.height / self.scale


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on the map. `x`, `y` is where it stands, `px`, `py` the place that it stands for."""

    thing: Any
    x: int
    y: int
    px: int
    py: int

    @property
    def away(self) -> bool:
        """Whether it had to make room and needs a line to its place."""
        return math.hypot(self.x - self.px, self.y - self.py) > 2 * CELL


@dataclass(frozen=True, slots=True)
class Way:
    """A line of the plan."""

    child: int
    x1: int
    y1: int
    x2: int
    y2: int
    state: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What the template draws.

    Parameters
    ----------
    land, edges : outlines as the `d` of a path: areas, and lines alone.
    grid : (x1, y1, x2, y2, degrees, "N" or "E").
    ties : lines between siblings who are next to one another in the list.
    left_out : children and homes of which nobody told where they are.
    """

    width: int
    height: int
    land: str
    edges: str
    grid: list[tuple[int, int, int, int, int, str]]
    homes: list[Mark]
    tokens: list[Mark]
    ways: list[Way]
    ties: list[tuple[int, int, int, int]]
    left_out: int


@dataclass
class _Board:
    """Which cells are taken."""

    width: int
    height: int
    taken: set[tuple[int, int]] = field(default_factory=set)

    def put(self, x: float, y: float, size: int) -> tuple[int, int]:
        """The centre of the nearest free square of so many cells a side; over others where there is none near."""
        column, row = round(x / CELL - size / 2), round(y / CELL - size / 2)
        for dx, dy in _SPIRAL:
            left, top = column + dx, row + dy
            cells = {(left + i, top + j) for i in range(size) for j in range(size)}
            inside = left >= 0 and top >= 0 and (left + size) * CELL <= self.width and (top + size) * CELL <= self.height
            if inside and not cells & self.taken:
                self.taken |= cells
                return round((left + size / 2) * CELL), round((top + size / 2) * CELL)
        return round(x), round(y)


_SPIRAL = sorted(
    ((dx, dy) for dx in range(-FAR, FAR + 1) for dy in range(-FAR, FAR + 1)),
    key=lambda cell: (cell[0] ** 2 + cell[1] ** 2, cell),
)


def picture(
    rows: Sequence[Mapping[str, Any]],
    homes: Sequence[Any],
    places: Mapping[str, Point | None],
    outlines: Iterable[Outline],
) -> Picture | None:
    """Rows of the desk's children and homes, by the positions of their jurisdictions' paths; None where none is known.

    Parameters
    ----------
    rows : each with "one" (a child that waits), "tie", and "to" (the home it goes to, or None) and "way" (how sure that is).
    """
    here = [(row, places.get(row["one"].episode.facility.jurisdiction.path)) for row in rows]
    there = [(told, places.get(told.home.jurisdiction.path)) for told in homes]
    known = [point for _, point in (*here, *there) if point is not None]
    if not known:
        return None
    view = View.around(known)
    board = _Board(WIDTH, view.height)
    tokens = [_mark(row, view.at(*point), board, 1) for row, point in _tied(here) if point is not None]
    marks = [_mark(told, view.at(*point), board, 2) for told, point in there if point is not None]
    by_home = {mark.thing.home.pk: mark for mark in marks}
    ways = [
        Way(token.thing["one"].child.pk, token.x, token.y, goal.x, goal.y, token.thing["way"])
        for token in tokens
        if token.thing["to"] is not None and (goal := by_home.get(token.thing["to"].pk)) is not None
    ]
    land, edges = _paths(view, outlines)
    return Picture(
        WIDTH, view.height, land, edges, list(_grid(view)), marks, tokens, ways, list(_ties(tokens)),
        len(here) + len(there) - len(known),
    )  # fmt: skip


def _tied(rows: Sequence[tuple[Any, Point | None]]) -> list[tuple[Any, Point | None]]:
    """The same, with siblings next to one another."""
    first: dict[int, int] = {}
    for i, (row, _) in enumerate(rows):
        first.setdefault(row["tie"] or -i - 1, i)
    return [rows[i] for i in sorted(range(len(rows)), key=lambda i: (first[rows[i][0]["tie"] or -i - 1], i))]


def _mark(thing: Any, at: Point, board: _Board, size: int) -> Mark:
    return Mark(thing, *board.put(*at, size), round(at[0]), round(at[1]))


def _ties(tokens: Sequence[Mark]) -> Iterator[tuple[int, int, int, int]]:
    last: dict[int, Mark] = {}
    for token in tokens:
        group = token.thing["tie"]
        if group:
            if group in last:
                yield last[group].x, last[group].y, token.x, token.y
            last[group] = token


def _paths(view: View, outlines: Iterable[Outline]) -> tuple[str, str]:
    """Outlines within view, in whole units from point to point: what is smaller than a unit is not drawn."""
    found: tuple[list[str], list[str]] = [], []
    for line in outlines:
        west, south, east, north = line.box
        if east < view.west or west > view.east or north < view.south or south > view.north:
            continue
        corners = [(round(x), round(y)) for x, y in (view.at(latitude, longitude) for longitude, latitude in line.points)]
        steps = [f"{x - px} {y - py}" for (px, py), (x, y) in itertools.pairwise(corners) if (x, y) != (px, py)]
        if steps:
            found[not line.closed].append(f"M{corners[0][0]} {corners[0][1]}l{' '.join(steps)}{'z' if line.closed else ''}")
    return "".join(found[0]), "".join(found[1])


def _grid(view: View) -> Iterator[tuple[int, int, int, int, int, str]]:
    step = next(step for step in (1, 2, 5, 10, 30) if (view.east - view.west) / step <= 8 or step == 30)
    for degrees in range(math.ceil(view.west / step) * step, math.floor(view.east) + 1, step):
        x = round(view.at(0, degrees)[0])
        yield x, 0, x, view.height, degrees, "E"
    for degrees in range(math.ceil(view.south / step) * step, math.floor(view.north) + 1, step):
        y = round(view.at(degrees, 0)[1])
        yield 0, y, WIDTH, y, degrees, "N"
