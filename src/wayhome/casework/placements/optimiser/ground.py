"""A checked problem as arrays, in the order of keys: what keeps each child from each home, and what each home has left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from wayhome.casework.placements.optimiser.arrays import BoolArray, FloatArray, IntArray
from wayhome.casework.placements.optimiser.checks import MOST_COUNT, check
from wayhome.casework.placements.optimiser.errors import ProblemError
from wayhome.casework.placements.optimiser.problem import Child, Home, Problem, Reason

CODES = tuple(Reason)
FREE = -1
"""In `Ground.kept_out`: nothing stands between this child and this home but room."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """n children and m homes, both sorted by key.

    hours, minutes : [n, m]; minutes are whole, and 0 where there is no way.
    kept_out : [n, m] index in `CODES` of the first rule that no grant changes, or `FREE`. Siblings are looked at in `Unit`.
    fixed : [n] home of a fixed child, else -1.
    load : [m] fixed children; 0 in untrusted homes.
    beds, afford : [m] children that beds and money are for, fixed ones counted; 0 in untrusted homes.
    care : [m] children that the carers there are enough for; 0 in untrusted homes.
    ratio, surge, surge_cost, level, province : [m], see `Home`; province is an index in `provinces`.
    """

    children: tuple[Child, ...]
    homes: tuple[Home, ...]
    nights: int
    hours: FloatArray
    minutes: IntArray
    kept_out: IntArray
    fixed: IntArray
    trusted: BoolArray
    load: IntArray
    beds: IntArray
    afford: IntArray
    care: IntArray
    ratio: IntArray
    surge: IntArray
    surge_cost: IntArray
    level: IntArray
    needs: IntArray
    priority: IntArray
    province: IntArray
    provinces: tuple[str, ...]

    @property
    def staffed(self) -> IntArray:
        """[m] children that carers are enough for, with all that can be called in."""
        staffed: IntArray = self.care + self.ratio * self.surge
        return staffed

    @property
    def places(self) -> IntArray:
        """[m] children that each home could take, fixed ones counted."""
        return np.minimum(np.minimum(self.beds, self.afford), self.staffed)


def ground(problem: Problem) -> Ground:
    """Check a problem and lay it out."""
    check(problem)
    by_key = np.argsort(np.array([c.key for c in problem.children], dtype=object))
    home_by_key = np.argsort(np.array([h.key for h in problem.homes], dtype=object))
    children = tuple(problem.children[i] for i in by_key)
    homes = tuple(problem.homes[j] for j in home_by_key)
    hours = _hours(problem)[np.ix_(by_key, home_by_key)]
    trusted = np.array([home.key not in problem.untrusted for home in homes], dtype=bool)
    place = {home.key: j for j, home in enumerate(homes)}
    fixed = np.array([place[problem.fixed[c.key]] if c.key in problem.fixed else -1 for c in children], dtype=np.int64)
    kept_out = _kept_out(children, homes, hours, trusted)
    _check_fixed(children, homes, fixed, kept_out)
    provinces = tuple(sorted({home.province for home in homes}))

    def of_homes(values: list[int]) -> IntArray:
        counted: IntArray = np.array(values, dtype=np.int64) * trusted
        return counted

    result = Ground(
        children=children,
        homes=homes,
        nights=problem.nights,
        hours=hours,
        minutes=np.rint(np.where(np.isfinite(hours), hours, 0) * 60).astype(np.int64),
        kept_out=kept_out,
        fixed=fixed,
        trusted=trusted,
        load=np.bincount(fixed[fixed >= 0], minlength=len(homes)).astype(np.int64) * trusted,
        beds=of_homes([home.free_beds for home in homes]),
        afford=of_homes([_afford(home, problem.nights) for home in homes]),
        care=of_homes([home.free_carers * home.children_per_carer + home.spare_care for home in homes]),
        ratio=np.array([home.children_per_carer for home in homes], dtype=np.int64),
        surge=of_homes([home.surge_carers for home in homes]),
        surge_cost=of_homes([home.surge_cost for home in homes]),
        level=np.array([home.level for home in homes], dtype=np.int64),
        needs=np.array([child.needs for child in children], dtype=np.int64),
        priority=np.array([child.priority for child in children], dtype=np.int64),
        province=np.array([provinces.index(home.province) for home in homes], dtype=np.int64),
        provinces=provinces,
    )
    _check_room(result)
    return result


def _afford(home: Home, nights: int) -> int:
    """Children that the money is enough for."""
    each = home.cost * nights
    return MOST_COUNT if home.budget is None or each == 0 else min(MOST_COUNT, home.budget // each)


def _hours(problem: Problem) -> FloatArray:
    """[children, homes] as given; every entry there and 0 or more."""
    children, homes = problem.children, problem.homes
    shape = (len(children), len(homes))
    if isinstance(problem.hours, Mapping):
        rows: dict[str, list[float]] = {}
        for child in children:
            if child.place not in rows:
                try:
                    rows[child.place] = [float(problem.hours[child.place, home.key]) for home in homes]
                except KeyError as missing:
                    place, home = missing.args[0]
                    remedy = "Give hours for each place and home, infinite where there is no way"
                    told = f"No hours from place {place} (child {child.key}) to home {home}"
                    raise ProblemError("no_hours", told, remedy, child=child.key, home=home) from None
        hours = np.array([rows[child.place] for child in children], dtype=np.float64).reshape(shape)
    else:
        hours = np.asarray(problem.hours, dtype=np.float64)
        if hours.size == 0 and 0 in shape:
            hours = hours.reshape(shape)
        if hours.shape != shape:
            told = f"hours has shape {hours.shape} for {shape[0]} children and {shape[1]} homes"
            raise ProblemError("hours_shape", told, "Give one row per child and one column per home, in their order")
    wrong = np.argwhere(~(hours >= 0))
    if len(wrong):
        child, home = children[wrong[0][0]].key, homes[wrong[0][1]].key
        told = f"Hours of child {child} to home {home} are {hours[tuple(wrong[0])]}"
        raise ProblemError("hours_value", told, "Give 0 or more, infinite where there is no way", child=child, home=home)
    return hours


def _kept_out(children: tuple[Child, ...], homes: tuple[Home, ...], hours: FloatArray, trusted: BoolArray) -> IntArray:
    """[n, m], see `Ground`. Written from the last rule to the first, so that the first that fails stands."""
    level = np.array([home.level for home in homes], dtype=np.int64)
    needs = np.array([child.needs for child in children], dtype=np.int64)
    most = np.array([np.inf if child.most_hours is None else child.most_hours for child in children])
    result = np.full(hours.shape, FREE, dtype=np.int64)
    result[(hours > most[:, None]) | np.isinf(hours)] = CODES.index(Reason.TOO_FAR)
    result[level[None, :] < needs[:, None]] = CODES.index(Reason.LEVEL)
    result[:, ~trusted] = CODES.index(Reason.UNTRUSTED)
    place = {home.key: j for j, home in enumerate(homes)}
    counties: dict[str, list[int]] = {}
    for j, home in enumerate(homes):
        counties.setdefault(home.county, []).append(j)
    for i, child in enumerate(children):
        for key, why in child.barred_homes.items():
            if key in place:
                result[i, place[key]] = CODES.index(why)
        for county in child.barred_counties:
            result[i, counties.get(county, [])] = CODES.index(Reason.BUYERS_COUNTY)
    return result


def _check_fixed(children: tuple[Child, ...], homes: tuple[Home, ...], fixed: IntArray, kept_out: IntArray) -> None:
    for i in np.flatnonzero(fixed >= 0):
        code = kept_out[i, fixed[i]]
        if code != FREE and CODES[code] != Reason.UNTRUSTED:
            child, home, why = children[i].key, homes[fixed[i]].key, CODES[code]
            told = f"Child {child} is fixed in home {home}, which is against a rule: {why}"
            raise ProblemError("fixed_barred", told, "Lift the fixing and place it anew", child=child, home=home, reason=why)


def _check_room(room: Ground) -> None:
    for what, enough in (("beds", room.beds), ("carers", room.staffed), ("money", room.afford)):
        for j in np.flatnonzero(room.load > enough):
            key = room.homes[j].key
            told = f"Home {key} has {what} for {enough[j]} children, and {room.load[j]} are fixed in it"
            remedy = "Correct what it has (before these children came), or lift a fixing"
            raise ProblemError("fixed_over", told, remedy, home=key, what=what, enough=int(enough[j]), fixed=int(room.load[j]))
