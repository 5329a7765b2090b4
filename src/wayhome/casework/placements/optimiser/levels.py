"""The aims one after the other: each is made as small as it can be while those before it keep their values.

Whatever the solver answers is rounded, checked against the hard rules and all aims before in whole numbers, and taken only if it
is no worse than what there is. So time running out, or a solver's slip, costs quality and a proof, never a rule.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from wayhome.casework.placements.optimiser import search
from wayhome.casework.placements.optimiser.arrays import BoolArray, FloatArray, IntArray
from wayhome.casework.placements.optimiser.flow import Flow, Shares
from wayhome.casework.placements.optimiser.ground import Ground
from wayhome.casework.placements.optimiser.plan import Aim, Level
from wayhome.casework.placements.optimiser.program import NOISE, Answer, Deadline, whole_bound
from wayhome.casework.placements.optimiser.units import Kinds

Held = tuple[Callable[[Flow], None], Callable[[Flow, IntArray], bool]]
"""What puts an aim that was reached into a programme, and whether a solution keeps it."""
Watch = Callable[[str], None]
"""Is told what is looked for next."""
Valued = Callable[[Flow, IntArray], int | Fraction]
Terms = Callable[[Flow], tuple[IntArray, IntArray | FloatArray, int]]


@dataclass(slots=True)
class Ladder:
    """Goes down the aims. `homes_of` holds the plan so far: unit -> index of its home."""

    ground: Ground
    deadline: Deadline
    watch: Watch
    homes_of: dict[tuple[int, ...], int] = field(default_factory=dict)
    levels: list[Level] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)

    def flow(self, kinds: Kinds, wanted: BoolArray | None = None) -> Flow:
        """A programme in which every aim reached so far is held."""
        flow = Flow(self.ground, kinds, wanted)
        for hold, _ in self.held:
            hold(flow)
        return flow

    def solution(self, flow: Flow) -> IntArray:
        """[pairs] the plan so far."""
        number = {pair: at for at, pair in enumerate(zip(flow.kind.tolist(), flow.home.tolist(), strict=True))}
        result = np.zeros(len(flow.pair), dtype=np.int64)
        for kind, same in enumerate(flow.kinds.units):
            for unit in same:
                if unit in self.homes_of:
                    result[number[kind, self.homes_of[unit]]] += 1
        return result

    def take(self, flow: Flow, answer: Answer, no_worse: Callable[[IntArray], bool] | None = None) -> bool:
        """Make an answer the plan, if it is one: in whole numbers, within all rules and aims, no worse than what there is."""
        if answer.values is None:
            return False
        solution = np.rint(answer.values[flow.pair]).astype(np.int64)
        kept = flow.keeps_rules(solution) and all(keeps(flow, solution) for _, keeps in self.held)
        if not kept or (no_worse is not None and not no_worse(solution)):
            return False
        self.homes_of = {}
        waiting = [list(reversed(same)) for same in flow.kinds.units]
        for at in np.flatnonzero(solution):
            for _ in range(solution[at]):
                self.homes_of[waiting[flow.kind[at]].pop()] = int(flow.home[at])
        return True

    def descend(self, aim: Aim, kinds: Kinds, least: int, constant: int, *, seconds: float, gap: float = 0.0) -> None:
        """One aim that is a sum over pairs or carers called in.

        Parameters
        ----------
        least : no plan can have less.
        constant : what the fixed children add to what is told, and to nothing else.
        """
        self.watch(aim)
        flow = self.flow(kinds)
        value = flow.values(self.solution(flow))[aim]
        bound = least
        if value > bound:

            def valued(flow: Flow, solution: IntArray) -> int:
                return flow.values(solution)[aim]

            found = self._search(kinds, valued, lambda flow: flow.terms(aim), seconds=seconds, gap=gap)
            bound = max(bound, whole_bound(found))
            value = flow.values(self.solution(flow))[aim]
        self.levels.append(Level(aim, value + constant, min(bound, value) + constant))
        reached = value
        self.held.append((lambda held: held.hold(aim, reached), lambda held, solution: held.values(solution)[aim] <= reached))

    def share(self, kinds: Kinds, *, seconds: float) -> None:
        """The worst share of a province. The solver finds it in floating point; it is then proven on whole numbers, by asking for
        a plan in which every province gives at least one child less than that share allows."""
        self.watch(Aim.WORST_SHARE)
        flow = self.flow(kinds)
        shares = self._shares(flow)
        bound = _least_worst(self.ground, shares)
        if shares.worst > bound:
            found = self._search(
                kinds, self._worst, lambda flow: (flow.share_column(shares), np.ones(1, dtype=np.float64), 0), seconds=seconds
            )
            shares = self._shares(flow)
            if math.isfinite(found):
                bound = max(bound, Fraction(found - NOISE**2))
        while shares.worst > bound:
            less = _most(shares, shares.worst, strictly=True)
            if max(Fraction(int(a), int(b)) for a, b in zip(less, shares.places, strict=True) if b) < bound:
                bound = shares.worst
                break
            flow = self.flow(kinds)
            flow.hold_share(less)
            answer = flow.program.minimise(flow.pair, np.zeros(len(flow.pair), dtype=np.int64), seconds=seconds)
            if answer.infeasible:
                bound = shares.worst
            elif not self.take(flow, answer):
                break
            shares = self._shares(flow)
        worst = shares.worst
        self.levels.append(Level(Aim.WORST_SHARE, worst, min(worst, bound)))
        most = _most(shares, worst)
        self.held.append(
            (
                lambda held: held.hold_share(most),
                lambda held, solution: self._worst(held, solution) <= worst,
            )
        )

    def deviation(self, kinds: Kinds, *, seconds: float) -> None:
        """How far provinces are from an equal share, all together."""
        self.watch(Aim.DEVIATION)
        flow = self.flow(kinds)
        shares = self._shares(flow)
        value = shares.apart
        whole = max(1, int(shares.places.sum()))
        rest = shares.places * int(shares.load.sum()) % whole
        bound = int(np.minimum(rest, whole - rest).sum())
        if value > bound:
            found = self._search(kinds, self._apart, lambda flow: flow.deviation_columns(shares), seconds=seconds)
            bound = max(bound, whole_bound(found))
            value = self._shares(flow).apart
        self.levels.append(Level(Aim.DEVIATION, Fraction(value, whole), Fraction(min(value, bound), whole)))
        reached = value

        def hold(held: Flow) -> None:
            columns, costs, extra = held.deviation_columns(shares)
            held.program.add_row(columns, costs, -np.inf, reached - extra)

        self.held.append((hold, lambda held, solution: self._apart(held, solution) <= reached))

    def _search(self, kinds: Kinds, valued: Valued, terms: Terms, *, seconds: float, gap: float = 0.0) -> float:
        """Improve the plan in one aim; returns a bound for it over all pairs.

        Where there are very many pairs, a plan is sought among the nearest homes of each kind, and a bound over all pairs in
        numbers that need not be whole. Only if the two do not meet are all pairs searched, with few of the columns whole.
        """
        wide = np.count_nonzero(kinds.fits) > search.MOST_PAIRS
        part = seconds / 2 if wide else seconds
        whole = self.flow(kinds, kinds.fits if wide else None)
        columns, costs, extra = terms(whole)
        bound = -math.inf
        if wide:
            near = self.flow(kinds, search.near_pairs(self.ground, kinds, self.homes_of))
            self._improve(near, valued, near.program.minimise(*terms(near)[:2], seconds=part, gap=gap))
            bound = whole.program.relaxed(columns, costs, seconds=part) + extra
            if valued(whole, self.solution(whole)) * (1 - gap) <= bound + NOISE**2:
                return bound
        answer = whole.program.minimise(columns, costs, seconds=part, gap=gap)
        self._improve(whole, valued, answer)
        return max(bound, answer.bound + extra)

    def _improve(self, flow: Flow, valued: Valued, answer: Answer) -> None:
        before = valued(flow, self.solution(flow))
        self.take(flow, answer, lambda solution: valued(flow, solution) <= before)

    def _shares(self, flow: Flow) -> Shares:
        return Shares.of(self.ground, flow.load(self.solution(flow)))

    def _worst(self, flow: Flow, solution: IntArray) -> Fraction:
        return Shares.of(self.ground, flow.load(solution)).worst

    def _apart(self, flow: Flow, solution: IntArray) -> int:
        return Shares.of(self.ground, flow.load(solution)).apart


def _most(shares: Shares, worst: Fraction, *, strictly: bool = False) -> IntArray:
    """[provinces] the most children that keep each province at this share, or strictly below it."""
    if strictly:
        return -(-shares.places * worst.numerator // worst.denominator) - 1
    return shares.places * worst.numerator // worst.denominator


def _least_worst(ground: Ground, shares: Shares) -> Fraction:
    """No plan for as many children has a smaller worst share: some province is at the average, and the fixed ones stay."""
    places = int(shares.places.sum())
    average = Fraction(int(shares.load.sum()), places) if places else Fraction(0)
    return max(average, Shares.of(ground, ground.load).worst)
