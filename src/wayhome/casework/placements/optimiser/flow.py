"""Kinds of units flowing into homes: the hard rules as an integer programme, and every aim computed exactly from its solution."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from wayhome.casework.placements.optimiser.arrays import BoolArray, IntArray
from wayhome.casework.placements.optimiser.ground import Ground
from wayhome.casework.placements.optimiser.plan import Aim
from wayhome.casework.placements.optimiser.program import Program
from wayhome.casework.placements.optimiser.units import Kinds


def surge_needed(ground: Ground, load: IntArray) -> IntArray:
    """[m] carers to call in for these loads, fixed children counted."""
    needed: IntArray = np.maximum(0, -((ground.care - load) // ground.ratio))
    return needed


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """What each province could take and does take; the accepted counted, homes that are not trusted left out.

    places, load : [provinces].
    """

    places: IntArray
    load: IntArray

    @staticmethod
    def of(ground: Ground, load: IntArray) -> Shares:
        """From the loads of homes."""
        count = len(ground.provinces)

        def summed(values: IntArray) -> IntArray:
            return np.bincount(ground.province, weights=values, minlength=count).astype(np.int64)

        return Shares(summed(ground.places), summed(load))

    @property
    def worst(self) -> Fraction:
        """The largest share of its places that a province gives."""
        pairs = zip(self.load.tolist(), self.places.tolist(), strict=True)
        return max((Fraction(load, places) for load, places in pairs if places), default=Fraction(0))

    @property
    def apart(self) -> int:
        """Children away from an equal share, times all places, so that it is whole."""
        return int(np.abs(self.load * self.places.sum() - self.places * self.load.sum()).sum())


class Flow:
    """Columns are pairs of a kind and a home, units waiting of each kind, children at each home, carers called in, and what the
    aims add. Those who wait and the loads follow from the pairs; with columns of their own the rows of the aims stay short.

    kind, home : [pairs].
    """

    def __init__(self, ground: Ground, kinds: Kinds, wanted: BoolArray | None = None) -> None:
        """wanted : [K, m] pairs to be had; all that fit, without it. With it, only what must be is told to be whole: for given
        carers, single children flow through a network, whose corners are whole by themselves."""
        self.ground = ground
        self.kinds = kinds
        room = ground.places - ground.load
        pairs = kinds.fits & (kinds.size[:, None] <= room[None, :])
        self.kind, self.home = np.nonzero(pairs if wanted is None else pairs & wanted)
        self.size = kinds.size[self.kind]
        self.above = self.size * ground.level[self.home] - kinds.needs[self.kind]
        self.minutes = kinds.minutes[self.kind, self.home]
        self.program = Program()
        most = np.minimum(kinds.count[self.kind], room[self.home] // self.size)
        self.pair = self.program.add_columns(most, whole=np.ones_like(most) if wanted is None else self.size > 1)
        self.waiting = self.program.add_columns(kinds.count, whole=False)
        self.loaded = self.program.add_columns(room, whole=False)
        self.calling = np.flatnonzero(ground.surge)
        self.called = self.program.add_columns(ground.surge[self.calling])
        self._hard_rules()

    def _hard_rules(self) -> None:
        ground, kinds, program = self.ground, self.kinds, self.program
        m, every_kind, here = len(ground.homes), np.arange(len(kinds.count)), np.arange(len(ground.homes))
        placed = (self.kind, self.pair, np.ones_like(self.pair))
        program.add_rows([placed, (every_kind, self.waiting, np.ones_like(every_kind))], kinds.count, kinds.count)
        taken = (self.home, self.pair, self.size)
        program.add_rows([taken, (here, self.loaded, -np.ones_like(here))], np.zeros(m), np.zeros(m))
        called = (self.calling, self.called, -ground.ratio[self.calling])
        free = np.where(ground.trusted, ground.care - ground.load, 0)
        program.add_rows([(here, self.loaded, np.ones_like(here)), called], np.full(m, -np.inf), free)

    def load(self, solution: IntArray) -> IntArray:
        """[m] children in each home, the fixed ones counted; `solution` is [pairs]."""
        return self.ground.load + np.bincount(self.home, weights=solution * self.size, minlength=len(self.ground.homes)).astype(
            np.int64
        )

    def keeps_rules(self, solution: IntArray) -> bool:
        """Whether the hard rules hold, in whole numbers."""
        units = np.bincount(self.kind, weights=solution, minlength=len(self.kinds.count))
        within = bool((units <= self.kinds.count).all() and (self.load(solution) <= self.ground.places).all())
        return within and bool((solution >= 0).all())

    def values(self, solution: IntArray) -> dict[Aim, int]:
        """Aims of this solution as whole numbers, without what is fixed; shares are left to `Shares`."""
        kinds, load = self.kinds, self.load(solution)
        placed = solution * self.size
        return {
            Aim.UNPLACED: int(kinds.count @ kinds.weight - solution @ kinds.weight[self.kind]),
            Aim.UNPLACED_CHILDREN: int(kinds.count @ kinds.size - placed.sum()),
            Aim.SURGE_COST: int(surge_needed(self.ground, load) @ self.ground.surge_cost),
            Aim.ABOVE_NEED: int(solution @ self.above),
            Aim.TRAVEL_MINUTES: int(solution @ self.minutes),
        }

    def terms(self, aim: Aim) -> tuple[IntArray, IntArray, int]:
        """Columns and costs of an aim, and what is to be added to their sum."""
        kinds = self.kinds
        if aim is Aim.UNPLACED:
            return self.waiting, kinds.weight, 0
        if aim is Aim.UNPLACED_CHILDREN:
            return self.waiting, kinds.size, 0
        if aim is Aim.SURGE_COST:
            return self.called, self.ground.surge_cost[self.calling], 0
        if aim is Aim.ABOVE_NEED:
            columns = np.concatenate([self.loaded, self.waiting])
            return columns, np.concatenate([self.ground.level, kinds.needs]), -int(kinds.count @ kinds.needs)
        return self.pair, self.minutes, 0

    def _of_provinces(self) -> tuple[IntArray, IntArray, IntArray]:
        return self.ground.province, self.loaded, np.ones_like(self.loaded)

    def hold(self, aim: Aim, value: int) -> None:
        """From now on, nothing worse than this."""
        columns, costs, constant = self.terms(aim)
        if len(columns):
            self.program.add_row(columns, costs, -np.inf, value - constant)

    def hold_share(self, most: IntArray) -> None:
        """From now on, no province takes more than this, [provinces], fixed children counted."""
        load = Shares.of(self.ground, self.ground.load).load
        self.program.add_rows([self._of_provinces()], np.full(len(most), -np.inf), most - load)

    def share_column(self, shares: Shares) -> IntArray:
        """A column that is at least the share of every province."""
        worst = self.program.add_columns(np.ones(1), whole=False)
        count = len(shares.places)
        every = np.arange(count)
        entries = [
            self._of_provinces(),
            (every, np.repeat(worst, count), -shares.places),
        ]
        fixed = Shares.of(self.ground, self.ground.load).load
        self.program.add_rows(entries, np.full(count, -np.inf), -fixed)
        return worst

    def deviation_columns(self, shares: Shares) -> tuple[IntArray, IntArray, int]:
        """Columns whose cost is `Shares.apart` while the number of placed children is what it is now, and what to add.

        A province's load is floor(equal share) - below + step + above. The first child above that floor changes the distance by
        1 - 2 * (fraction), all others by one, so that the pieces are convex and whole.
        """
        all_places, total = int(shares.places.sum()), int(shares.load.sum())
        floor, rest = np.divmod(shares.places * total, max(1, all_places))
        count = len(floor)
        below = self.program.add_columns(np.maximum(floor, 0))
        step = self.program.add_columns(np.ones(count))
        above = self.program.add_columns(np.full(count, max(total, 1)))
        every, one = np.arange(count), np.ones(count)
        fixed = Shares.of(self.ground, self.ground.load).load
        self.program.add_rows(
            [
                self._of_provinces(),
                (every, below, one),
                (every, step, -one),
                (every, above, -one),
            ],
            floor - fixed,
            floor - fixed,
        )
        costs = np.concatenate([np.full(count, all_places), all_places - 2 * rest, np.full(count, all_places)])
        return np.concatenate([below, step, above]), costs, int(rest.sum())
