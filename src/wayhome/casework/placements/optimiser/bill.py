"""The shortage bill: the least that lets every child be placed who can be placed at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from wayhome.casework.placements.optimiser import search
from wayhome.casework.placements.optimiser.arrays import BoolArray, IntArray
from wayhome.casework.placements.optimiser.flow import surge_needed
from wayhome.casework.placements.optimiser.ground import CODES, FREE, Ground
from wayhome.casework.placements.optimiser.plan import Grant, ShortageBill
from wayhome.casework.placements.optimiser.problem import Reason
from wayhome.casework.placements.optimiser.program import Answer, Deadline, Program, whole_bound
from wayhome.casework.placements.optimiser.units import Kinds, units

_NO_LIMIT = 10**18


def impossible(ground: Ground) -> dict[str, dict[str, Reason]]:
    """Children that no home can take however much it is given, and why each cannot."""
    result = {}
    for members, fits in units(ground):
        if not fits.any():
            for i in members:
                codes = ground.kept_out[i]
                why = [Reason.SIBLINGS if code == FREE else CODES[code] for code in codes]
                result[ground.children[i].key] = {home.key: code for home, code in zip(ground.homes, why, strict=True)}
    return dict(sorted(result.items()))


def grants(ground: Ground, load: IntArray) -> IntArray:
    """[3, m] carers, beds and yuan that homes lack for these loads, fixed children counted."""
    each = np.array([home.cost * ground.nights for home in ground.homes], dtype=np.int64)
    purse = np.array([_NO_LIMIT if home.budget is None else home.budget for home in ground.homes], dtype=np.int64)
    lacking = np.stack([surge_needed(ground, load) - ground.surge, load - ground.beds, each * load - purse])
    return np.maximum(0, lacking) * ground.trusted


def shortage_bill(ground: Ground, kinds: Kinds, homes_of: Mapping[tuple[int, ...], int], deadline: Deadline) -> ShortageBill:
    """The bill of a plan that leaves somebody unplaced; empty if that is nobody who could be placed.

    Each of the three is made as small as it can be while those before keep their values. So one unit less of anything, with the
    rest as it is, would be a smaller bill, and there is none. It may move children whom the plan has placed, not the fixed ones.
    """
    none = impossible(ground)
    todo = [unit for same, fits in zip(kinds.units, kinds.fits, strict=True) if fits.any() for unit in same]
    if all(unit in homes_of for unit in todo):
        return ShortageBill({}, {}, none)
    load, bounds = _smallest(ground, kinds, homes_of, deadline)
    least = Grant(beds=bounds[1], carers=bounds[0], yuan=bounds[2])
    homes = {
        home.key: Grant(beds=int(beds), carers=int(carers), yuan=int(yuan))
        for home, carers, beds, yuan in zip(ground.homes, *grants(ground, load), strict=True)
        if carers or beds or yuan
    }
    provinces: dict[str, Grant] = {}
    for home in ground.homes:
        if home.key in homes:
            provinces[home.province] = provinces.get(home.province, Grant()) + homes[home.key]
    bill = ShortageBill(homes, dict(sorted(provinces.items())), none, proven=False, bound=least)
    return replace(bill, proven=bill.gap == 0)


def _sufficient(ground: Ground, kinds: Kinds, homes_of: Mapping[tuple[int, ...], int]) -> IntArray:
    """[m] loads with everybody placed: as planned, and the rest in the first home that fits. Not the least, but enough."""
    load = ground.load.copy()
    for same, fits in zip(kinds.units, kinds.fits, strict=True):
        for unit in same:
            if fits.any():
                load[homes_of.get(unit, int(np.argmax(fits)))] += len(unit)
    return load


class _Asks:
    """Everybody placed, at any of these pairs, with what homes lack as columns: carers, beds and yuan."""

    def __init__(self, ground: Ground, kinds: Kinds, pairs: BoolArray, *, wide: bool) -> None:
        self.ground, self.kinds = ground, kinds
        self.kind, self.home = np.nonzero(pairs)
        self.size = kinds.size[self.kind]
        self.everybody = kinds.count * kinds.fits.any(axis=1)
        self.program = program = Program()
        self.pair = program.add_columns(kinds.count[self.kind], whole=self.size > (1 if wide else 0))
        program.add_rows([(self.kind, self.pair, np.ones_like(self.pair))], self.everybody, self.everybody)
        m, most = len(ground.homes), int(kinds.count @ kinds.size)
        carers, beds = program.add_columns(np.full(m, most)), program.add_columns(np.full(m, most))
        calling = np.flatnonzero(ground.surge)
        called = program.add_columns(ground.surge[calling])
        here, taken, below = np.arange(m), (self.home, self.pair, self.size), np.full(m, -np.inf)
        loaded = program.add_columns(np.full(m, most), whole=False)
        program.add_rows([taken, (here, loaded, -np.ones(m))], np.zeros(m), np.zeros(m))
        at_home = (here, loaded, np.ones_like(here))
        program.add_rows([at_home, (here, beds, -np.ones(m))], below, ground.beds - ground.load)
        staffed = [at_home, (here, carers, -ground.ratio), (calling, called, -ground.ratio[calling])]
        program.add_rows(staffed, below, np.where(ground.trusted, ground.care - ground.load, 0))
        self.columns = (carers, beds, self._yuan(most, loaded))

    def _yuan(self, most: int, loaded: IntArray) -> IntArray:
        """Only homes whose money can run out have such a column."""
        ground = self.ground
        each = np.array([home.cost * ground.nights for home in ground.homes], dtype=np.int64)
        limited = np.flatnonzero([home.budget is not None and home.cost > 0 for home in ground.homes])
        yuan = self.program.add_columns(each[limited] * (most + ground.load[limited]), whole=False)
        purse = np.array([ground.homes[j].budget or 0 for j in limited], dtype=np.int64) - each[limited] * ground.load[limited]
        costs = (np.arange(len(limited)), loaded[limited], each[limited])
        less = (np.arange(len(limited)), yuan, -np.ones(len(limited)))
        self.program.add_rows([costs, less], np.full(len(limited), -np.inf), purse)
        return yuan

    def load(self, answer: Answer) -> IntArray | None:
        """[m] of an answer, if it does place everybody."""
        if answer.values is None:
            return None
        solution = np.rint(answer.values[self.pair]).astype(np.int64)
        placed = np.bincount(self.kind, weights=solution, minlength=len(self.everybody))
        if (solution < 0).any() or (placed != self.everybody).any():
            return None
        there = np.bincount(self.home, weights=solution * self.size, minlength=len(self.ground.homes))
        load: IntArray = self.ground.load + there.astype(np.int64)
        return load

    def within(self, load: IntArray, seconds: float) -> IntArray | None:
        """Everybody placed with these loads [m], if that can be and is found in time."""
        room = load - self.ground.load
        self.program.add_rows([(self.home, self.pair, self.size)], np.full(len(room), -np.inf), room)
        free = np.zeros(len(self.pair), dtype=np.int64)
        found = self.load(self.program.minimise(self.pair, free, seconds=seconds))
        return found if found is not None and (found == load).all() else None

    def hold(self, ask: int, total: int) -> None:
        """From now on, no more than this of carers (0), beds (1) or yuan (2)."""
        if len(self.columns[ask]):
            self.program.add_row(self.columns[ask], np.ones(len(self.columns[ask]), dtype=np.int64), 0, total)


def _smallest(
    ground: Ground, kinds: Kinds, homes_of: Mapping[tuple[int, ...], int], deadline: Deadline
) -> tuple[IntArray, list[int]]:
    """Loads [m] whose grants are the smallest that were found, and bounds on carers, beds and yuan, see `ShortageBill`."""
    load = _sufficient(ground, kinds, homes_of)
    if np.count_nonzero(kinds.fits) <= search.MOST_PAIRS:
        return _descend(ground, _Asks(ground, kinds, kinds.fits, wide=False), load, deadline)
    # If children differed by the care they need alone, no more would be asked for. That is soon found, and often all can be
    # placed just so.
    alone = _by_needs(ground, kinds)
    target, bounds = _descend(ground, _Asks(ground, alone, alone.fits, wide=False), load, deadline)
    near = search.near_pairs(ground, kinds, homes_of) | _pairs(kinds, homes_of)
    for pairs in (near, kinds.fits):
        asks = _Asks(ground, kinds, pairs, wide=True)
        found = asks.within(target, deadline.left(1 / 2))
        if found is not None:
            return found, bounds
    totals = grants(ground, target).sum(axis=1).tolist()
    load, _ = _descend(ground, _Asks(ground, kinds, near, wide=True), load, deadline)
    asked = grants(ground, load).sum(axis=1).tolist()
    # A bound on beds is one among bills with so many carers.
    return load, [bound if asked[:ask] == totals[:ask] else 0 for ask, bound in enumerate(bounds)]


def _descend(ground: Ground, asks: _Asks, load: IntArray, deadline: Deadline) -> tuple[IntArray, list[int]]:
    """Fewest carers, then beds, then yuan, from loads that suffice; and a bound for each."""
    bounds = []
    for ask, columns in enumerate(asks.columns):
        answer = asks.program.minimise(columns, np.ones(len(columns), dtype=np.int64), seconds=deadline.left(1 / 2))
        totals = grants(ground, load).sum(axis=1).tolist()
        found = asks.load(answer)
        if found is not None and grants(ground, found).sum(axis=1).tolist()[: ask + 1] <= totals[: ask + 1]:
            load = found
            totals = grants(ground, load).sum(axis=1).tolist()
        bounds.append(min(totals[ask], max(0, whole_bound(answer.bound))))
        asks.hold(ask, totals[ask])
    return load, bounds


def _by_needs(ground: Ground, kinds: Kinds) -> Kinds:
    """Everybody who can be placed, without siblings, at any home that anybody with the same needs fits: what suffices for the
    children as they are suffices for these."""
    count: dict[int, int] = {}
    fits: dict[int, BoolArray] = {}
    for same, at in zip(kinds.units, kinds.fits, strict=True):
        for need in (int(ground.needs[i]) for unit in same for i in unit if at.any()):
            count[need] = count.get(need, 0) + 1
            fits[need] = fits.get(need, np.zeros_like(at)) | at
    every = sorted(count)
    ones = np.ones(len(every), dtype=np.int64)
    return Kinds(
        units=tuple(() for _ in every),
        count=np.array([count[need] for need in every], dtype=np.int64),
        size=ones,
        weight=ones,
        needs=np.array(every, dtype=np.int64),
        fits=np.array([fits[need] for need in every]),
        minutes=np.zeros((len(every), len(ground.homes)), dtype=np.int64),
    )


def _pairs(kinds: Kinds, homes_of: Mapping[tuple[int, ...], int]) -> BoolArray:
    """[K, m] pairs with the home that each kind is first given without more ado, see `_sufficient`."""
    result = np.zeros_like(kinds.fits)
    result[np.arange(len(result)), kinds.fits.argmax(axis=1)] = True
    for kind, same in enumerate(kinds.units):
        result[kind, [homes_of[unit] for unit in same if unit in homes_of]] = True
    return result & kinds.fits
