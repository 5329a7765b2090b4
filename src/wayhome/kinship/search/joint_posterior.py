"""Sums and the best over all ways to share children among families, no child twice.

Each family offers ways to fill its places, with a weight each. A joint assignment takes one way of every family so that no child
is taken twice; its weight is the product. There may be very many, but going from family to family only one thing has to be
remembered: which of the children that *later* families also want are taken. With states of that kind,

    forward_(f+1)[S'] = sum of forward_f[S] * weight[way] over states S and ways that lead to S',     backward_f likewise,

gives the total, each way's share of it and each child's chance to be nobody's; with max for sum, the best assignments in order.
Families that compete for no child leave a single state between them: groups that have nothing to do with one another only add up.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wayhome.kinship.arrays import FloatArray, IntArray
from wayhome.kinship.errors import TooComplex
from wayhome.kinship.search.places import NOBODY

MOST_TRANSITIONS = 20_000_000
"""States times ways over all families: about a gigabyte and ten seconds."""
_MOST_CHILDREN = 62
"""Children that one state can tell apart."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One family's turn.

    family : its number.
    state, way, after : [transitions] the state before, the way taken, the state after; sorted by state.
    left : for each child whom no later family wants: its number, and [transitions] whether nobody took it.
    states : how many states there are before.
    """

    family: int
    state: IntArray
    way: IntArray
    after: IntArray
    left: tuple[tuple[int, IntArray], ...]
    states: int


class Shares:
    """The joint assignments of some families.

    Parameters
    ----------
    ways : for each family [t, k] index of the child in each of its places, `NOBODY` for none; children differ within a way.
    weights : for each family [t] natural log weight of each way, all finite.
    children : how many children there are; one that no family takes is nobody's.

    Raises
    ------
    TooComplex
        beyond `MOST_TRANSITIONS`, or where more than 62 children compete at once.
    """

    def __init__(self, ways: Sequence[IntArray], weights: Sequence[FloatArray], children: int) -> None:
        self.weights = tuple(np.asarray(w, dtype=float) for w in weights)
        self.children = children
        self._steps = tuple(_steps(ways))
        self._forward = self._forwards()
        self._backward = self._backwards(np.logaddexp)
        self._best: list[FloatArray] | None = None

    @property
    def log_total(self) -> float:
        """Natural log of the sum of all assignments' weights."""
        return float(self._forward[-1][0])

    def count(self) -> int:
        """How many assignments there are; exact below 2^53, else to sixteen digits."""
        counts = np.ones(1)
        for i, step in enumerate(self._steps):
            counts = np.asarray(np.bincount(step.after, weights=counts[step.state], minlength=self._states(i + 1)), dtype=float)
        return int(counts[0])

    def way_shares(self) -> list[FloatArray]:
        """For each family [t] its ways' shares of the total."""
        shares = [np.zeros(len(w)) for w in self.weights]
        for step, share in self._transition_shares():
            shares[step.family] += np.bincount(step.way, weights=share, minlength=len(shares[step.family]))
        return shares

    def nobody_shares(self) -> FloatArray:
        """[children] share of the assignments in which a child is nobody's."""
        shares = np.ones(self.children)
        for step, share in self._transition_shares():
            for child, free in step.left:
                shares[child] = float(share @ free)
        return shares

    def best(self) -> Iterator[tuple[float, tuple[int, ...]]]:
        """Assignments from the heaviest on: log weight, and the way of each family."""
        if self._best is None:
            self._best = self._backwards(np.maximum)
        ranked: dict[tuple[int, int], tuple[FloatArray, IntArray]] = {}
        number = 0
        heap: list[tuple[float, int, float, int, int, int, tuple[int, ...]]] = []

        def push(log_weight: float, step: int, state: int, rank: int, path: tuple[int, ...]) -> None:
            """The rank-th best continuation of a path; what it can reach is known, so nothing is explored in vain."""
            nonlocal number
            if (step, state) not in ranked:
                ranked[step, state] = self._ranked(step, state)
            values = ranked[step, state][0]
            if rank < len(values):
                number += 1
                heapq.heappush(heap, (-(log_weight + values[rank]), number, log_weight, step, state, rank, path))

        if not self._steps:
            yield 0.0, ()
            return
        push(0.0, 0, 0, 0, ())
        while heap:
            _, _, log_weight, at, state, rank, path = heapq.heappop(heap)
            push(log_weight, at, state, rank + 1, path)
            step = self._steps[at]
            taken = int(ranked[at, state][1][rank])
            way = int(step.way[taken])
            log_weight += float(self.weights[step.family][way])
            path = (*path, way)
            if at + 1 < len(self._steps):
                push(log_weight, at + 1, int(step.after[taken]), 0, path)
            else:
                in_order = dict(zip((s.family for s in self._steps), path, strict=True))
                yield log_weight, tuple(in_order[f] for f in range(len(self._steps)))

    def _ranked(self, at: int, state: int) -> tuple[FloatArray, IntArray]:
        """The transitions from a state, best first: the log weight each can still reach, and which it is."""
        assert self._best is not None
        step = self._steps[at]
        start, stop = np.searchsorted(step.state, [state, state + 1])
        value = self.weights[step.family][step.way[start:stop]] + self._best[at + 1][step.after[start:stop]]
        order = np.argsort(-value, kind="stable")
        return value[order], start + order

    def _states(self, at: int) -> int:
        return self._steps[at].states if at < len(self._steps) else 1

    def _forwards(self) -> list[FloatArray]:
        """Before each step, and after the last, [states] log weight of all beginnings."""
        found = [np.zeros(1)]
        for i, step in enumerate(self._steps):
            value = found[-1][step.state] + self.weights[step.family][step.way]
            found.append(_gathered(value, step.after, self._states(i + 1), np.logaddexp))
        return found

    def _backwards(self, over: np.ufunc) -> list[FloatArray]:
        """Before each step, and after the last, [states] log weight of all ends, or of the best."""
        found = [np.zeros(1)]
        for step in reversed(self._steps):
            value = self.weights[step.family][step.way] + found[-1][step.after]
            found.append(_gathered(value, step.state, step.states, over))
        return found[::-1]

    def _transition_shares(self) -> Iterator[tuple[_Step, FloatArray]]:
        for i, step in enumerate(self._steps):
            log = self._forward[i][step.state] + self.weights[step.family][step.way] + self._backward[i + 1][step.after]
            yield step, np.exp(log - self.log_total)


def _gathered(value: FloatArray, to: IntArray, size: int, over: np.ufunc) -> FloatArray:
    """[size] log-sum, or maximum, of the values that go to each place."""
    top = np.full(size, -np.inf)
    np.maximum.at(top, to, value)
    if over is np.maximum:
        return top
    return np.asarray(top + np.log(np.bincount(to, weights=np.exp(value - top[to]), minlength=size)))


def _steps(ways: Sequence[IntArray]) -> Iterator[_Step]:
    wanted = [frozenset(np.unique(w[w != NOBODY]).tolist()) for w in ways]
    order = _order(wanted)
    waiting: tuple[int, ...] = ()
    states = np.zeros(1, dtype=np.int64)
    spent = 0
    for turn, family in enumerate(order):
        later = frozenset[int]().union(*(wanted[f] for f in order[turn + 1 :]))
        active = (*waiting, *sorted(wanted[family] - set(waiting)))
        spent += len(states) * len(ways[family])
        if spent > MOST_TRANSITIONS or len(active) > _MOST_CHILDREN:
            raise _too_many(order, wanted, ways)
        taken = np.zeros(len(ways[family]), dtype=np.int64)
        for bit, child in enumerate(active):
            taken |= (ways[family] == child).any(axis=1).astype(np.int64) << bit
        state, way = np.nonzero((states[:, None] & taken) == 0)
        full = states[state] | taken[way]
        left = tuple((child, 1 - (full >> bit & 1)) for bit, child in enumerate(active) if child not in later)
        waiting = tuple(child for child in active if child in later)
        remembered = np.zeros(len(full), dtype=np.int64)
        for bit, child in enumerate(waiting):
            remembered |= (full >> active.index(child) & 1) << bit
        before = len(states)
        states, after = np.unique(remembered, return_inverse=True)
        yield _Step(family, state, way, after.reshape(-1), left, before)


def _order(wanted: Sequence[frozenset[int]]) -> list[int]:
    """Families so ordered that few children are remembered: next comes who adds the fewest to those already wanted."""
    left = list(range(len(wanted)))
    order: list[int] = []
    seen: set[int] = set()
    while left:
        following = min(left, key=lambda f: (not (wanted[f] & seen), len(wanted[f] - seen), f))
        left.remove(following)
        order.append(following)
        seen |= wanted[following]
    return order


def _too_many(order: Sequence[int], wanted: Sequence[frozenset[int]], ways: Sequence[IntArray]) -> TooComplex:
    operations = 0.0
    for turn, family in enumerate(order):
        before = frozenset[int]().union(*(wanted[f] for f in order[:turn]))
        after = frozenset[int]().union(*(wanted[f] for f in order[turn:]))
        operations += 2.0 ** len(before & after) * len(ways[family])
    return TooComplex(
        f"the children compete for so many families that an exact joint answer would take up to {operations:.1e} steps",
        "Raise the least likelihood ratio of a pair, or ask for fewer children or families at a time",
        operations=operations,
    )
