"""The checker is worth something only if it turns away plans that break one thing each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from factories.placement_checker import aims, breaches, rule_breaches
from factories.placement_night import placement_night
from wayhome.casework.placements.optimiser import Grant, Home, Plan, Problem, Reason, solve

PROBLEM = placement_night(seed=4)
PLAN = solve(PROBLEM)
FIRST = next(c for c in PROBLEM.children if c.key in PLAN.assigned and not c.group)
THERE = next(h for h in PROBLEM.homes if h.key == PLAN.assigned[FIRST.key])
TWIN = next(c for c in PROBLEM.children if c.key in PLAN.assigned and c.group)


def child(**changes: object) -> Problem:
    changed = replace(FIRST, **changes)  # type: ignore[arg-type]
    return replace(PROBLEM, children=tuple(changed if c.key == FIRST.key else c for c in PROBLEM.children))


def home(change: Callable[[Home], Home]) -> Problem:
    return replace(PROBLEM, homes=tuple(change(h) if h.key == THERE.key else h for h in PROBLEM.homes))


LOAD = sum(place == THERE.key for place in PLAN.assigned.values())
ELSEWHERE = next(h.key for h in PROBLEM.homes if h.key != PLAN.assigned[TWIN.key])
BROKEN = {
    "buyers_county": child(barred_counties=frozenset({THERE.county})),
    "refused": child(barred_homes={THERE.key: Reason.REFUSED}),
    "found_there": child(barred_homes={THERE.key: Reason.FOUND_THERE}),
    "too_far": child(most_hours=0.0),
    "untrusted": replace(PROBLEM, untrusted={THERE.key: "old"}),
    "level": home(lambda h: replace(h, level=-1)),
    "too little": home(lambda h: replace(h, free_beds=LOAD - 1)),
    "has too little": home(lambda h: replace(h, free_carers=0, surge_carers=0)),
    f"{THERE.key} has too little": home(lambda h: replace(h, budget=0, cost=1)),
    "was fixed": replace(PROBLEM, fixed={FIRST.key: ELSEWHERE if THERE.key != ELSEWHERE else PROBLEM.homes[0].key}),
}


@pytest.mark.parametrize("told", BROKEN)
def test_each_hard_rule(told: str) -> None:
    assert not breaches(PROBLEM, PLAN)
    assert any(told in breach for breach in breaches(BROKEN[told], PLAN))


def test_parted_siblings() -> None:
    alone = {key: place for key, place in PLAN.assigned.items() if key != TWIN.key}
    assert any("parted" in breach for breach in rule_breaches(PROBLEM, alone))
    assert any("parted" in breach for breach in rule_breaches(PROBLEM, dict(PLAN.assigned) | {TWIN.key: ELSEWHERE}))


def bill(**changes: object) -> Plan:
    return replace(PLAN, bill=replace(PLAN.bill, **changes))  # type: ignore[arg-type]


LEVELS = PLAN.objectives
WRONG = {
    "unplaced": replace(PLAN, unplaced=PLAN.unplaced[1:]),
    "carers to call in": replace(PLAN, surge=dict(PLAN.surge) | {THERE.key: 99}),
    "aims are": replace(PLAN, objectives=(*LEVELS[:-1], replace(LEVELS[-1], value=LEVELS[-1].value - 1))),
    "a bound above": replace(PLAN, objectives=(*LEVELS[:-1], replace(LEVELS[-1], bound=LEVELS[-1].value + 1))),
    "not the sums": bill(provinces={}),
    "impossible are": bill(impossible={FIRST.key: {}}),
    "not trusted and on the bill": bill(homes={ELSEWHERE: Grant(beds=1)}),
    "home by home it is": replace(PLAN, nearer=dict(PLAN.nearer) | {FIRST.key: {"nowhere": Reason.LEVEL}}),
    "reasons are": replace(PLAN, passed_over=dict(PLAN.passed_over) | {FIRST.key: {Reason.LEVEL: 99}}),
}


@pytest.mark.parametrize("told", WRONG)
def test_each_thing_that_is_told(told: str) -> None:
    problem = PROBLEM
    if told.startswith("not trusted"):
        free = next(h.key for h in PROBLEM.homes if h.key not in PLAN.assigned.values())
        problem = replace(PROBLEM, untrusted={free: "old"})
        plan = solve(problem)
        assert not breaches(problem, plan)
        plan = replace(plan, bill=replace(plan.bill, homes={free: Grant(beds=1)}))
        assert any(told in breach for breach in breaches(problem, plan))
        return
    assert any(told in breach for breach in breaches(problem, WRONG[told]))


def test_aims_are_compared_in_order() -> None:
    one_less = {key: place for key, place in PLAN.assigned.items() if key != FIRST.key}
    assert not rule_breaches(PROBLEM, one_less)
    assert aims(PROBLEM, one_less) > aims(PROBLEM, dict(PLAN.assigned))
