"""Why a child is not in a home: of each pair the first rule that failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from wayhome.casework.placements.optimiser.arrays import BoolArray, IntArray
from wayhome.casework.placements.optimiser.flow import surge_needed
from wayhome.casework.placements.optimiser.ground import CODES, FREE, Ground
from wayhome.casework.placements.optimiser.problem import Reason
from wayhome.casework.placements.optimiser.units import units


def nearer_homes(ground: Ground, homes_of: Mapping[tuple[int, ...], int]) -> dict[str, dict[str, Reason]]:
    """For each child that was decided on: homes nearer than its own (all homes, if unplaced), the nearest first, and why not."""
    load = ground.load.copy()
    for unit, home in homes_of.items():
        load[home] += len(unit)
    result: dict[str, dict[str, Reason]] = {}
    for unit, fits in units(ground):
        home = homes_of.get(unit, -1)
        because = _room(ground, load, len(unit), home)
        for i in unit:
            codes = np.where(ground.kept_out[i] != FREE, ground.kept_out[i], np.where(fits, because, _code(Reason.SIBLINGS)))
            nearer = np.flatnonzero(_nearer(ground, i, home))
            nearer = nearer[np.argsort(ground.hours[i, nearer], kind="stable")]
            result[ground.children[i].key] = {ground.homes[j].key: CODES[codes[j]] for j in nearer}
    return dict(sorted(result.items()))


def counted(nearer: Mapping[str, Mapping[str, Reason]]) -> dict[str, dict[Reason, int]]:
    """For each child, reason -> how many homes."""
    numbers = {child: Counter(why.values()) for child, why in nearer.items()}
    return {child: {reason: told[reason] for reason in CODES if told[reason]} for child, told in numbers.items()}


def _nearer(ground: Ground, child: int, home: int) -> BoolArray:
    """[m] homes that are nearer than this one; all, if it is none."""
    if home < 0:
        return np.ones(len(ground.homes), dtype=bool)
    nearer: BoolArray = np.isfinite(ground.hours[child]) & (ground.minutes[child] < ground.minutes[child, home])
    return nearer


def _room(ground: Ground, load: IntArray, size: int, home: int) -> IntArray:
    """[m] what stands between a unit of this size and homes that fit it, given the whole plan, in which it has `home` or none."""
    enough = (ground.beds, ground.staffed, ground.afford)
    left = ground.places - load
    nearly = [
        (left >= size, _undecided(ground, load, size, home)),
        (left < size, np.full(len(load), _code(Reason.GIVEN_TO_ANOTHER))),
        (ground.places - ground.load < size, np.full(len(load), _code(Reason.SIBLINGS))),
    ]
    none = ((Reason.BUDGET, enough[2]), (Reason.NO_CARER, enough[1]), (Reason.NO_BED, enough[0]))
    nearly += [(total - ground.load < 1, np.full(len(load), _code(why))) for why, total in none]
    result = np.full(len(load), _code(Reason.UNDECIDED))
    for where, code in nearly:
        result[where] = code[where]
    return result


def _undecided(ground: Ground, load: IntArray, size: int, home: int) -> IntArray:
    """[m] why homes with room to spare are not taken: the first aim in which moving there alone would lose."""
    result = np.full(len(load), _code(Reason.UNDECIDED))
    if home < 0:
        return result
    more = surge_needed(ground, load + size) - surge_needed(ground, load)
    result[ground.province != ground.province[home]] = _code(Reason.SHARE)
    result[ground.level > ground.level[home]] = _code(Reason.FIT)
    result[(more * ground.surge_cost > 0)] = _code(Reason.SURGE)
    return result


def _code(reason: Reason) -> int:
    return CODES.index(reason)
