"""Judges plans by code of its own: it shares nothing with the optimiser but the shape of questions and answers.

`breaches` lists what is wrong with a plan. `best` tries every assignment of a small problem. Both work on single children with
plain numbers; neither knows of kinds, programmes or rounding.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from wayhome.casework.placements.optimiser import Child, Home, Plan, Problem

Aims = tuple[int, int, int, int, Fraction, Fraction, int]


def hours(problem: Problem, child: Child, home: Home) -> float:
    """Travel."""
    if hasattr(problem.hours, "keys"):
        return float(problem.hours[child.place, home.key])
    return float(problem.hours[problem.children.index(child), problem.homes.index(home)])


def static_reason(problem: Problem, child: Child, home: Home) -> str | None:
    """What keeps this child from this home however much room there is."""
    if home.county in child.barred_counties:
        return "buyers_county"
    if home.key in child.barred_homes:
        return str(child.barred_homes[home.key].value)
    if home.key in problem.untrusted:
        return "untrusted"
    if home.level < child.needs:
        return "level"
    way = hours(problem, child, home)
    if math.isinf(way) or (child.most_hours is not None and way > child.most_hours):
        return "too_far"
    return None


def siblings(problem: Problem, child: Child) -> list[Child]:
    """Those who go with this child, itself included."""
    return [other for other in problem.children if other == child or (child.group and other.group == child.group)]


def could_go(problem: Problem, child: Child, home: Home) -> bool:
    """No rule but room stands between this child, with its siblings, and this home."""
    for other in siblings(problem, child):
        there = problem.fixed.get(other.key)
        if there is not None and there != home.key:
            return False
        if there is None and static_reason(problem, other, home) is not None:
            return False
    return True


def carers_called(home: Home, load: int) -> int:
    """Carers beyond those that are free."""
    return max(0, math.ceil(Fraction(load - home.spare_care, home.children_per_carer)) - home.free_carers)


def holds(problem: Problem, home: Home, load: int) -> bool:
    """Whether this home can have so many children."""
    paid = home.budget is None or load * home.cost * problem.nights <= home.budget
    return load <= home.free_beds and carers_called(home, load) <= home.surge_carers and paid


def places(problem: Problem, home: Home) -> int:
    """The most children this home can have."""
    return max(load for load in range(home.free_beds + 1) if holds(problem, home, load))


def loads(problem: Problem, assigned: dict[str, str]) -> Counter[str]:
    """Children in each trusted home."""
    return Counter(home for home in assigned.values() if home not in problem.untrusted)


def rule_breaches(problem: Problem, assigned: dict[str, str]) -> list[str]:
    """Hard rules that an assignment breaks."""
    bad = []
    homes = {home.key: home for home in problem.homes}
    children = {child.key: child for child in problem.children}
    for key, place in assigned.items():
        if key not in children or place not in homes:
            bad.append(f"{key} -> {place}: nobody knows one of them")
            continue
        if problem.fixed.get(key) == place:
            continue
        reason = static_reason(problem, children[key], homes[place])
        if reason:
            bad.append(f"{key} -> {place}: {reason}")
    for key, place in problem.fixed.items():
        if assigned.get(key) != place:
            bad.append(f"{key} was fixed in {place}")
    groups: dict[str, list[str]] = {}
    for child in problem.children:
        if child.group:
            groups.setdefault(child.group, []).append(child.key)
    for group, members in groups.items():
        new = {assigned.get(key) for key in members if key not in problem.fixed}
        old = {problem.fixed[key] for key in members if key in problem.fixed}
        if len(new) > 1 or (old and new - old - {None}):
            bad.append(f"group {group} is parted")
    for key, load in loads(problem, assigned).items():
        if key in homes and not holds(problem, homes[key], load):
            bad.append(f"{key} has too little for {load}")
    return bad


def aims(problem: Problem, assigned: dict[str, str]) -> Aims:
    """The seven aims of an assignment, in their order."""
    load = loads(problem, assigned)
    homes = {home.key: home for home in problem.homes}
    missing = [child for child in problem.children if child.key not in assigned]
    placed = [(child, homes[assigned[child.key]]) for child in problem.children if child.key in assigned]
    total: dict[str, int] = {}
    taken: dict[str, int] = {}
    for home in problem.homes:
        if home.key not in problem.untrusted:
            total[home.province] = total.get(home.province, 0) + places(problem, home)
            taken[home.province] = taken.get(home.province, 0) + load[home.key]
    average = Fraction(sum(taken.values()), sum(total.values()) or 1)
    return (
        sum(child.priority for child in missing),
        len(missing),
        sum(carers_called(home, load[home.key]) * home.surge_cost for home in problem.homes if home.key not in problem.untrusted),
        sum(home.level - child.needs for child, home in placed),
        max((Fraction(taken[p], total[p]) for p in total if total[p]), default=Fraction(0)),
        sum((abs(taken[p] - average * total[p]) for p in total), Fraction(0)),
        sum(round(hours(problem, child, home) * 60) for child, home in placed if not math.isinf(hours(problem, child, home))),
    )


def breaches(problem: Problem, plan: Plan) -> list[str]:
    """Everything that is wrong with a plan, as far as it can be seen without solving again."""
    assigned = dict(plan.assigned)
    bad = rule_breaches(problem, assigned)
    if bad:
        return bad
    missing = sorted(child.key for child in problem.children if child.key not in assigned)
    if list(plan.unplaced) != missing:
        bad.append(f"unplaced are {missing}")
    load = loads(problem, assigned)
    called = {home.key: carers_called(home, load[home.key]) for home in problem.homes if home.key not in problem.untrusted}
    if dict(plan.surge) != {key: carers for key, carers in called.items() if carers}:
        bad.append("carers to call in are not those that the loads need")
    told = tuple(level.value for level in plan.objectives)
    if told != aims(problem, assigned):
        bad.append(f"aims are {aims(problem, assigned)}, told {told}")
    if any(level.bound > level.value for level in plan.objectives):
        bad.append("a bound above a value")
    return bad + bill_breaches(problem, plan) + reason_breaches(problem, plan)


def bill_breaches(problem: Problem, plan: Plan) -> list[str]:
    """What can be seen of the bill at once: its sums, and that it helps nobody who cannot be helped."""
    bad = []
    by_province: dict[str, list[int]] = {}
    homes = {home.key: home for home in problem.homes}
    for key, given in plan.bill.homes.items():
        if key in problem.untrusted:
            bad.append(f"{key} is not trusted and on the bill")
        sums = by_province.setdefault(homes[key].province, [0, 0, 0])
        for at, amount in enumerate((given.beds, given.carers, given.yuan)):
            sums[at] += amount
    if {p: [g.beds, g.carers, g.yuan] for p, g in plan.bill.provinces.items()} != by_province:
        bad.append("the bill's provinces are not the sums of its homes")
    hopeless = {
        child.key
        for child in problem.children
        if child.key not in problem.fixed and not any(could_go(problem, child, home) for home in problem.homes)
    }
    if set(plan.bill.impossible) != hopeless:
        bad.append(f"impossible are {sorted(hopeless)}")
    for key in hopeless & set(plan.bill.impossible):
        child = next(c for c in problem.children if c.key == key)
        right = {home.key: static_reason(problem, child, home) or "siblings" for home in problem.homes}
        if {home: str(why.value) for home, why in plan.bill.impossible[key].items()} != right:
            bad.append(f"{key}: the certificate should say {right}")
    return bad


def reason_breaches(problem: Problem, plan: Plan) -> list[str]:
    """Reasons told for homes passed over, against reasons found here."""
    bad = []
    for child in problem.children:
        if child.key in problem.fixed:
            if child.key in plan.passed_over:
                bad.append(f"{child.key} is fixed, and has reasons")
            continue
        told = Counter({why.value: count for why, count in plan.passed_over[child.key].items()})
        right = Counter(_reason(problem, plan, child, home) for home in _nearer(problem, plan, child))
        if told != right:
            bad.append(f"{child.key}: reasons are {dict(right)}, told {dict(told)}")
        bad += _one_by_one(problem, plan, child)
    return bad


def _one_by_one(problem: Problem, plan: Plan, child: Child) -> Iterator[str]:
    each = {home.key: _reason(problem, plan, child, home) for home in _nearer(problem, plan, child)}
    if {home: why.value for home, why in plan.nearer[child.key].items()} != each:
        yield f"{child.key}: home by home it is {each}"
        return
    by_key = {home.key: home for home in problem.homes}
    ways = [hours(problem, child, by_key[home]) for home in plan.nearer[child.key]]
    if ways != sorted(ways):
        yield f"{child.key}: the nearest home is not told first"


def _nearer(problem: Problem, plan: Plan, child: Child) -> Iterator[Home]:
    chosen = next((home for home in problem.homes if home.key == plan.assigned.get(child.key)), None)
    for home in problem.homes:
        way = hours(problem, child, home)
        if chosen is None or (not math.isinf(way) and round(way * 60) < round(hours(problem, child, chosen) * 60)):
            yield home


def _reason(problem: Problem, plan: Plan, child: Child, home: Home) -> str:
    reason = static_reason(problem, child, home)
    if reason:
        return reason
    if not could_go(problem, child, home):
        return "siblings"
    before, after = loads(problem, dict(problem.fixed))[home.key], loads(problem, dict(plan.assigned))[home.key]
    more = len([s for s in siblings(problem, child) if s.key not in problem.fixed])
    if home.free_beds <= before:
        return "no_bed"
    if carers_called(home, before + 1) > home.surge_carers:
        return "no_carer"
    if home.budget is not None and (before + 1) * home.cost * problem.nights > home.budget:
        return "budget"
    if not holds(problem, home, before + more):
        return "siblings"
    if not holds(problem, home, after + more):
        return "given_to_another"
    chosen = next((h for h in problem.homes if h.key == plan.assigned.get(child.key)), None)
    if chosen is None:
        return "undecided"
    if (carers_called(home, after + more) - carers_called(home, after)) * home.surge_cost > 0:
        return "surge"
    if home.level > chosen.level:
        return "fit"
    return "share" if home.province != chosen.province else "undecided"


def assignments(problem: Problem) -> Iterator[dict[str, str]]:
    """Every assignment that keeps the hard rules; only for small problems."""
    free = [child for child in problem.children if child.key not in problem.fixed]
    choices = [[None, *(home.key for home in problem.homes if could_go(problem, child, home))] for child in free]
    for chosen in itertools.product(*choices):
        assigned = dict(problem.fixed) | {c.key: home for c, home in zip(free, chosen, strict=True) if home is not None}
        if not rule_breaches(problem, assigned):
            yield assigned


def best(problem: Problem) -> Aims:
    """The aims of the best assignment there is."""
    return min(aims(problem, assigned) for assigned in assignments(problem))


def places_all(problem: Problem) -> bool:
    """Whether some assignment places every child who can be placed at all."""
    hopeful = {
        child.key
        for child in problem.children
        if child.key in problem.fixed or any(could_go(problem, child, home) for home in problem.homes)
    }
    return any(hopeful <= set(assigned) for assigned in assignments(problem))


def one_less(problem: Problem) -> Iterator[tuple[str, str, Problem]]:
    """The problem with one bed, one carer or one yuan less in one home, for each that has one: home, what, problem."""
    for at, home in enumerate(problem.homes):
        for what in ("free_beds", "free_carers", "budget"):
            if getattr(home, what):
                less = replace(home, **{what: getattr(home, what) - 1})
                yield home.key, what, replace(problem, homes=(*problem.homes[:at], less, *problem.homes[at + 1 :]))
