"""Who moves as one, and which of them are alike, so that a plan counts them instead of naming them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wayhome.casework.placements.optimiser.arrays import BoolArray, IntArray
from wayhome.casework.placements.optimiser.ground import FREE, Ground


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """K kinds of units; a unit is one child, or siblings who are not yet fixed.

    units : [K] the units of each kind, as indices of children.
    count, size, weight, needs : [K] units of the kind; and of each unit: children, sum of priorities, sum of levels needed.
    fits : [K, m] nothing but room stands between such a unit and a home.
    minutes : [K, m] travel of all its children; zero where the kinds were made without regard to travel.
    """

    units: tuple[tuple[tuple[int, ...], ...], ...]
    count: IntArray
    size: IntArray
    weight: IntArray
    needs: IntArray
    fits: BoolArray
    minutes: IntArray


def units(ground: Ground) -> list[tuple[tuple[int, ...], BoolArray]]:
    """Each unit that is not fixed, with the homes that fit it, [m]. Siblings of a fixed child can only go where it is."""
    groups: dict[str, list[int]] = {}
    for i, child in enumerate(ground.children):
        groups.setdefault(f"group {child.group}" if child.group else f"child {child.key}", []).append(i)
    result = []
    for members in groups.values():
        todo = tuple(i for i in members if ground.fixed[i] < 0)
        if not todo:
            continue
        fits = (ground.kept_out[list(todo)] == FREE).all(axis=0)
        for i in members:
            if ground.fixed[i] >= 0:
                fits &= np.arange(len(ground.homes)) == ground.fixed[i]
        result.append((todo, fits))
    return result


def kinds(ground: Ground, *, travel: bool) -> Kinds:
    """Sort units into kinds; with `travel`, only those with the same way to each home are alike."""
    alike: dict[tuple[bytes, ...], list[tuple[int, ...]]] = {}
    rows: list[tuple[tuple[int, ...], BoolArray, IntArray]] = []
    for members, fits in units(ground):
        them = list(members)
        minutes = ground.minutes[them].sum(axis=0) * fits * travel
        numbers = np.array([len(them), ground.priority[them].sum(), ground.needs[them].sum()])
        key = (numbers.tobytes(), fits.tobytes(), minutes.tobytes())
        if key not in alike:
            rows.append((members, fits, minutes))
        alike.setdefault(key, []).append(members)
    m = len(ground.homes)

    def each(values: Iterator[int]) -> IntArray:
        return np.fromiter(values, dtype=np.int64, count=len(rows))

    return Kinds(
        units=tuple(tuple(same) for same in alike.values()),
        count=each(len(same) for same in alike.values()),
        size=each(len(members) for members, _, _ in rows),
        weight=each(int(ground.priority[list(members)].sum()) for members, _, _ in rows),
        needs=each(int(ground.needs[list(members)].sum()) for members, _, _ in rows),
        fits=np.array([fits for _, fits, _ in rows], dtype=bool).reshape(len(rows), m),
        minutes=np.array([minutes for _, _, minutes in rows], dtype=np.int64).reshape(len(rows), m),
    )
