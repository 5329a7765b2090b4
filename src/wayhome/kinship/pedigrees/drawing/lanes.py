"""Lanes of the lines between two rows: who turns above whom, so that few lines cross and no two run on one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_APART, _ON_ONE_ANOTHER = 4, 50
_NUDGES = (0, 5, -5, 8, -8)
"""Pixels aside where a line would run on another one."""
_ROUNDS, _PATIENCE = 20, 20_000
"""Rounds of exchanges, fewer where lines are many."""


@dataclass(frozen=True, slots=True)
class Bend:
    """Where a line from above goes down (x), in which lane it turns (from 0), and whether it need not turn at all."""

    x: int
    lane: int
    straight: bool


def lanes(starts: Mapping[int, int], tops: Mapping[int, tuple[int, ...]], straight: int) -> dict[int, Bend]:
    """The bends of one band.

    Parameters
    ----------
    starts, tops : line -> x where it comes from above, and where it ends below.
    straight : pixels that a single child may be aside for the line to run straight.
    """
    x = dict(starts)
    direct = {k for k, ends in tops.items() if len(ends) == 1 and abs(ends[0] - x[k]) <= straight}
    for k in x:
        if k not in direct:
            foreign = [end for j, ends in tops.items() if j != k for end in ends] + [v for j, v in x.items() if j != k]
            x[k] = next((x[k] + d for d in _NUDGES if all(abs(x[k] + d - v) >= _APART for v in foreign)), x[k])
    turning = [k for k in x if k not in direct]
    spans = {k: (min(x[k], *tops[k]), max(x[k], *tops[k])) for k in turning}
    order = _order(turning, x, tops, spans)
    lane = stacked([(k, *spans[k]) for k in order])
    return {k: Bend(x[k], lane.get(k, 0), k in direct) for k in x}


def stacked(spans: Sequence[tuple[int, int, int]]) -> dict[int, int]:
    """(key, from, to) -> the first lane beyond those that came before and overlap."""
    lane: dict[int, int] = {}
    for i, (key, low, high) in enumerate(spans):
        lane[key] = 1 + max((lane[k] for k, a, b in spans[:i] if a - 6 <= high and low <= b + 6), default=-1)
    return lane


def _order(
    turning: Sequence[int], x: Mapping[int, int], tops: Mapping[int, tuple[int, ...]], spans: Mapping[int, tuple[int, int]]
) -> list[int]:
    """From the highest lane down, neighbours exchanged while that helps."""

    def above(u: int, v: int) -> int:
        """What it costs if u turns above v."""
        (a, b), (c, d) = spans[u], spans[v]
        cost = sum(c <= top <= d for top in tops[u]) + (a <= x[v] <= b)
        return cost + _ON_ONE_ANOTHER * sum(abs(top - x[v]) < _APART for top in tops[u])

    costs = {u: {v: above(u, v) for v in turning} for u in turning}
    order = sorted(turning, key=lambda k: (spans[k][0] - spans[k][1], k))
    for _ in range(min(_ROUNDS, 1 + _PATIENCE // (1 + len(turning) ** 2))):
        changed = False
        for i in range(len(order)):
            for j in range(i + 1, len(order)):
                u, between, v = order[i], order[i + 1 : j], order[j]
                now = costs[u][v] + sum(costs[u][w] + costs[w][v] for w in between)
                then = costs[v][u] + sum(costs[w][u] + costs[v][w] for w in between)
                if then < now:
                    order[i], order[j], changed = v, u, True
        if not changed:
            break
    return order
