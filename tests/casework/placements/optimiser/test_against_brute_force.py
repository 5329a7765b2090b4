"""Plans and bills against every assignment there is, on small problems of every sort."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from factories.placement_checker import aims, assignments, best, breaches, one_less, places_all
from strategies.placement import small_problems
from wayhome.casework.placements.optimiser import Problem, Status, grant, search, solve


@given(small_problems())
def test_no_assignment_is_better(problem: Problem) -> None:
    plan = solve(problem)
    assert not breaches(problem, plan)
    assert aims(problem, dict(plan.assigned)) == best(problem)
    assert plan.status is Status.OPTIMAL
    assert plan.gap == 0


@given(small_problems(most_children=4))
def test_the_bill_is_exact(problem: Problem) -> None:
    plan = solve(problem)
    paid = grant(problem, plan.bill)
    assert places_all(paid)
    assert set(solve(paid).unplaced) == set(plan.bill.impossible)
    hopeful = len(problem.children) - len(plan.bill.impossible)
    for home, what, less in one_less(paid):
        given_there = plan.bill.homes.get(home)
        asked = {"free_beds": "beds", "free_carers": "carers", "budget": "yuan"}[what]
        if given_there is None or not getattr(given_there, asked):
            continue
        assert not places_all(less), f"{asked} of {home}"
        assert len(solve(less).assigned) < hopeful


@given(small_problems())
def test_a_bill_as_of_a_large_night_is_never_claimed_to_be_less_than_it_is(problem: Problem) -> None:
    exact = solve(problem).bill
    with mock.patch.object(search, "MOST_PAIRS", -1):
        bill = solve(problem).bill
    assert places_all(grant(problem, bill))
    totals = [(one.carers, one.beds, one.yuan) for one in (bill.bound, exact.total, bill.total)]
    assert totals == sorted(totals)
    assert (bill.gap == 0) == bill.proven
    if bill.proven:
        assert bill.total == exact.total


@given(small_problems(most_children=4), st.data())
def test_what_is_accepted_stays(problem: Problem, data: st.DataObject) -> None:
    """Part of any lawful assignment fixed: the plan keeps it and is the best that does."""
    some = data.draw(st.sampled_from(list(assignments(problem))[:200]))
    fixed = {key: home for key, home in some.items() if data.draw(st.booleans())}
    again = replace(problem, fixed=fixed)
    plan = solve(again)
    assert not breaches(again, plan)
    assert aims(again, dict(plan.assigned)) == best(again)


@given(small_problems(), st.randoms())
def test_the_order_of_naming_does_not_matter(problem: Problem, random: object) -> None:
    children, homes = list(problem.children), list(problem.homes)
    random.shuffle(children)  # type: ignore[attr-defined]
    random.shuffle(homes)  # type: ignore[attr-defined]
    plan, other = solve(problem), solve(replace(problem, children=tuple(children), homes=tuple(homes)))
    assert replace(plan, seconds=0) == replace(other, seconds=0)
