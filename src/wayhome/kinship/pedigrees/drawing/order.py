"""The order inside rows: clusters are moved by barycentres, then exchanged and turned round while lines cross less.

Sugiyama, Tagawa & Toda (1981), IEEE Trans Syst Man Cybern 11:109-125; here with couples that stay together.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator
from itertools import pairwise

from wayhome.kinship.pedigrees.drawing.chart import Chart, Drop

Rows = list[list[list[int]]]

_CROSSING, _PARTED, _BIRTH_ORDER, _FATHER_RIGHT, _MISSING_ONES = 10.0, 0.4, 1.0, 0.7, 5.0
_SWEEPS, _FEW, _SMALL = 6, 14, 100
_PATIENCE = 1200
"""Tokens looked at in all passes together, so that hundreds of members take seconds."""


def ordered(chart: Chart) -> list[list[int]]:
    """The tokens of every row from left to right."""
    search = _Search(chart)
    first = search.as_met()
    found = [search.improved(rows) for rows in (first, search.swept(first))]
    if len(chart.tokens) <= _SMALL:
        found += [search.improved(_mirrored(rows)) for rows in found]
    best = min(found, key=search.cost)
    return [[token for cluster in row for token in cluster] for row in best]


class _Search:
    """One chart, and what an order of its rows costs."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.bands: list[list[Drop]] = [[] for _ in chart.rows]
        for drop in chart.drops:
            self.bands[chart.tokens[drop.start].row].append(drop)
        self.couples: list[list[tuple[int, int, float]]] = [[] for _ in chart.rows]
        for union in chart.unions:
            if len(union.parents) == 2:
                father, mother = (chart.symbol[node] for node in union.parents)
                # First where the eye goes.
                weight = _MISSING_ONES if any(name == chart.missing for name, _ in union.children) else 1.0
                self.couples[chart.tokens[father].row].append((father, mother, weight))

    def as_met(self) -> Rows:
        """From the first member on: a cluster, those above it, those below it, in the given order."""
        cluster_of = {token: (r, k) for r, row in enumerate(self.chart.rows) for k, one in enumerate(row) for token in one}
        above: dict[int, list[int]] = {}
        below: dict[int, list[int]] = {}
        for drop in sorted(self.chart.drops, key=lambda drop: drop.union):
            below.setdefault(drop.start, []).extend(drop.tops)
            for top in drop.tops:
                above.setdefault(top, []).append(drop.start)
        rows: Rows = [[] for _ in self.chart.rows]
        met: set[tuple[int, int]] = set()
        todo = [(r, k) for r, row in enumerate(self.chart.rows) for k in range(len(row))][::-1]
        while todo:
            r, k = todo.pop()
            if (r, k) in met:
                continue
            met.add((r, k))
            cluster = self.chart.rows[r][k]
            rows[r].append(list(cluster))
            todo += [cluster_of[t] for token in reversed(cluster) for t in reversed(below.get(token, ()))]
            todo += [cluster_of[t] for token in reversed(cluster) for t in reversed(above.get(token, ()))]
        return rows

    def swept(self, rows: Rows) -> Rows:
        """The cheapest of some sweeps down and up."""
        best = rows
        for _ in range(_SWEEPS):
            for down in (True, False):
                rows = self._sweep(rows, down)
                best = min(best, rows, key=self.cost)
        return best

    def _sweep(self, rows: Rows, down: bool) -> Rows:
        new = [list(row) for row in rows]
        for r in range(1, len(rows)) if down else range(len(rows) - 2, -1, -1):
            band = self.bands[r - 1 if down else r]
            place = _places(new[r - 1 if down else r + 1])
            pulls: dict[int, list[int]] = {}
            for drop in band:
                for top in drop.tops:
                    ends = (top, drop.start) if down else (drop.start, top)
                    pulls.setdefault(ends[0], []).append(place[ends[1]])
            keys: list[float] = []
            for cluster in new[r]:
                pull = [p for token in cluster for p in pulls.get(token, ())]
                # Whom nothing pulls stays beside the neighbour.
                keys.append(sum(pull) / len(pull) if pull else keys[-1] if keys else -1.0)
            new[r] = [cluster for _, cluster in sorted(zip(keys, new[r], strict=True), key=lambda pair: pair[0])]
        return new

    def improved(self, rows: Rows) -> Rows:
        """Moves that help, until none does."""
        rows = [[list(cluster) for cluster in row] for row in rows]
        for _ in range(max(1, min(12, _PATIENCE // len(self.chart.tokens)))):
            if not sum(self._improve_row(rows, r) for r in range(len(rows))):
                break
        return rows

    def _improve_row(self, rows: Rows, r: int) -> bool:
        cost, helped = self._around(rows, r), False
        for move in _moves(len(rows[r])):
            if cost == 0:
                break
            before = rows[r]
            rows[r] = _moved(before, *move)
            new = self._around(rows, r)
            if new < cost - 1e-9:
                cost, helped = new, True
            else:
                rows[r] = before
        return helped

    def cost(self, rows: Rows) -> float:
        """Crossings above all, then siblings parted, their order, fathers to the right."""
        return sum(self._band(rows, r) + self._row(rows, r) for r in range(len(rows)))

    def _around(self, rows: Rows, r: int) -> float:
        return (self._band(rows, r - 1) if r else 0.0) + self._band(rows, r) + self._row(rows, r)

    def _row(self, rows: Rows, r: int) -> float:
        place = _places(rows[r])
        return _FATHER_RIGHT * sum(weight for father, mother, weight in self.couples[r] if place[father] > place[mother])

    def _band(self, rows: Rows, r: int) -> float:
        if r + 1 >= len(rows):
            return 0.0
        upper, lower = _places(rows[r]), _places(rows[r + 1])
        edges: list[tuple[int, int]] = []
        cost = 0.0
        for drop in self.bands[r]:
            tops = [lower[top] for top in drop.tops]
            edges += [(upper[drop.start], top) for top in tops]
            cost += _PARTED * (max(tops) - min(tops) - len(tops) + 1)
            cost += _BIRTH_ORDER * sum(a > b for a, b in pairwise(tops))
        return cost + _CROSSING * _crossings(edges)


def _crossings(edges: list[tuple[int, int]]) -> int:
    """Pairs that cross; those that share an end do not."""
    seen: list[int] = []
    waiting: list[int] = []
    count, start = 0, None
    for a, b in sorted(edges):
        if a != start:
            for end in waiting:
                insort(seen, end)
            waiting, start = [], a
        count += len(seen) - bisect_right(seen, b)
        waiting.append(b)
    return count


def _places(row: list[list[int]]) -> dict[int, int]:
    return {token: k for k, token in enumerate(token for cluster in row for token in cluster)}


def _mirrored(rows: Rows) -> Rows:
    return [[cluster[::-1] for cluster in reversed(row)] for row in rows]


def _moves(n: int) -> Iterator[tuple[int, int]]:
    """(k, k) turns a cluster round, (k, j) puts it elsewhere; near places only where there are many."""
    for k in range(n):
        yield k, k
        yield from ((k, j) for j in range(n) if j != k and (n <= _FEW or abs(j - k) == 1))


def _moved(row: list[list[int]], k: int, j: int) -> list[list[int]]:
    new = list(row)
    cluster = new.pop(k)
    new.insert(j, cluster[::-1] if j == k else cluster)
    return new
