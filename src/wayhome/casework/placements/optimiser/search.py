"""Where to look first when there are too many pairs of children and homes to look at all of them at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wayhome.casework.placements.optimiser.arrays import BoolArray
from wayhome.casework.placements.optimiser.ground import Ground
from wayhome.casework.placements.optimiser.units import Kinds

MOST_PAIRS = 40_000
"""Pairs of kinds and homes that are searched whole at once."""
NEAREST, MANY = 40, 20
"""Homes that each kind is tried with first; and units from which on a kind is tried with all."""


def near_pairs(ground: Ground, kinds: Kinds, homes_of: Mapping[tuple[int, ...], int]) -> BoolArray:
    """[K, m] pairs to try first: the homes nearest to the first unit of a kind, those of the plan, and all for kinds of many."""
    m = len(ground.homes)
    first = np.array([ground.minutes[list(same[0])].sum(axis=0) for same in kinds.units]).reshape(-1, m)
    order = np.where(kinds.fits, first, np.iinfo(np.int64).max).argsort(axis=1, kind="stable")
    wanted = np.zeros_like(kinds.fits)
    np.put_along_axis(wanted, order[:, :NEAREST], True, axis=1)
    wanted[kinds.count > MANY] = True
    for kind, same in enumerate(kinds.units):
        wanted[kind, [homes_of[unit] for unit in same if unit in homes_of]] = True
    return wanted & kinds.fits
