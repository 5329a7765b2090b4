"""Gates grow with the search, and the cases that once went wrong do not pass."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kinship.decision.builders import CHINA, KIT23, one_family

from wayhome import kinship
from wayhome.kinship.decision.power import family_power
from wayhome.kinship.decision.thresholds import Gates, Support, case_work_rule, judge, typed_sides

COUPLE = Support(2, 23)
ONE_PARENT = Support(1, 23)


@pytest.mark.parametrize("log10_lr", [math.log10(1.3e6), 7.0, math.log10(2.8e7)])
@pytest.mark.parametrize("support", [Support(1, 15), Support(2, 15)], ids=["one side", "both sides"])
def test_the_seven_false_fathers_are_never_reported(log10_lr: float, support: Support) -> None:
    """15 loci in a base of more than 30 million: LRs of 1.3e6 to 2.8e7 by chance, case-work support each."""
    gates = Gates(30_000_000)
    verdict = judge(gates, support, log10_lr, mismatches=0)
    assert verdict.gate == "insufficient"
    codes = {remark.code for remark in verdict.remarks}
    assert {"below_lead", "posterior_low"} <= codes
    assert codes & {"few_loci", "one_side_few_loci"}
    assert case_work_rule(log10_lr, 0).code == "case_work_supports"
    assert "unsafe" in case_work_rule(log10_lr, 0).text
    # Nor would any LR make a report of 15 loci.
    assert judge(gates, support, 15.0, mismatches=0).gate == "lead"


def test_thresholds_are_those_of_the_practice() -> None:
    """Lead: LR of 100 N; report: 10,000 N and a posterior of 99.99 %."""
    gates = Gates(1_000_000, in_base=1.0)
    assert gates.lead == pytest.approx(8)
    assert gates.report == pytest.approx(10, abs=1e-4)
    # The prior that the family is there at all asks for more.
    assert Gates(1_000_000, in_base=0.1).report == pytest.approx(11, abs=1e-4)


@given(st.integers(1, 10**8), st.integers(1, 10**4), st.floats(1e-3, 1), st.floats(1e-6, 10), st.floats(1e-9, 1e-3))
def test_gates_grow_with_the_comparisons(families: int, children: int, in_base: float, lead: float, report: float) -> None:
    gates = Gates(families, children, in_base, lead, report)
    larger = Gates(families * 10, children, in_base, lead, report)
    assert larger.lead == pytest.approx(gates.lead + 1)
    assert larger.report > gates.report
    assert gates.report >= gates.lead
    assert Gates(families, children * 10, in_base, lead, report).lead == pytest.approx(gates.lead + 1)
    # Markov: with a stranger's mean LR of one, no more are expected than stated.
    assert gates.pairs * 10**-gates.lead <= lead * (1 + 1e-9)
    assert gates.pairs * 10**-gates.report <= report * (1 + 1e-9)
    assert gates.prior.posterior(gates.report) >= gates.report_posterior * (1 - 1e-9)
    assert Gates.from_json(gates.to_json()) == gates


@pytest.mark.parametrize("shape", ["couple", "mother", "two siblings", "two grandparents and aunt"])
def test_no_family_brings_more_than_stated(shape: str) -> None:
    gates = Gates(1_000_000, 10)
    power = family_power(one_family(shape, CHINA, KIT23), CHINA)
    assert power.adventitious(gates.lead, gates.families, gates.children).most <= gates.lead_expected
    assert power.adventitious(gates.report, gates.families, gates.children).most <= gates.report_expected


def test_a_couple_passes_and_says_why_not_below() -> None:
    gates = Gates(1_000_000)
    assert judge(gates, COUPLE, 12.0, mismatches=2).gate == "report"
    assert judge(gates, COUPLE, 12.0, mismatches=2).remarks == ()
    lead = judge(gates, COUPLE, 9.0, mismatches=0)
    assert lead.gate == "lead"
    assert [remark.code for remark in lead.remarks] == ["below_report", "posterior_low"]
    assert judge(gates, COUPLE, 12.0, mismatches=3).gate == "insufficient"
    assert judge(gates, COUPLE, -math.inf, mismatches=9).gate == "insufficient"
    assert judge(gates, COUPLE, math.nan, mismatches=0).gate == "insufficient"
    for remark in judge(gates, Support(1, 15), -math.inf, mismatches=9).remarks:
        assert remark.text


def test_rivals_hold_a_report_back() -> None:
    """Twins lost by two families: the LR is high, the posterior is shared."""
    verdict = judge(Gates(1_000_000), COUPLE, 15.0, mismatches=0, posterior=0.5)
    assert verdict.gate == "lead"
    assert [remark.code for remark in verdict.remarks] == ["posterior_low"]


def test_one_parent_needs_more_than_an_lr() -> None:
    gates = Gates(1_000_000)
    alone = judge(gates, ONE_PARENT, 14.0, mismatches=0)
    assert alone.gate == "lead"
    assert [remark.code for remark in alone.remarks] == ["one_side"]
    assert judge(gates, Support(1, 39), 14.0, mismatches=0).gate == "report"
    assert judge(gates, Support(1, 23, frozenset({"Y"})), 14.0, mismatches=0).gate == "report"
    few = judge(gates, Support(1, 19), 14.0, mismatches=0)
    assert {remark.code for remark in few.remarks} == {"one_side", "one_side_few_loci"}
    assert judge(gates, Support(0, 23), 14.0, mismatches=0).gate == "lead"


def test_sides_of_a_family() -> None:
    three = kinship.three_generations()
    assert typed_sides(three, "child", ["mother"]) == {"mother"}
    assert typed_sides(three, "child", ["father's mother"]) == {"father"}
    assert typed_sides(three, "child", ["father's mother", "mother"]) == {"father", "mother"}
    assert typed_sides(kinship.full_siblings(), "child", ["sibling 1"]) == {"father", "mother"}
    assert typed_sides(kinship.half_siblings(), "child", ["sibling 1"]) == {"mother"}
    assert typed_sides(kinship.avuncular(), "child", ["uncle"]) == {"father"}
    assert typed_sides(kinship.duo("mother"), "child", []) == frozenset()
    # Cousins married: an aunt may stand on both sides.
    assert typed_sides(kinship.first_cousin_marriage(), "child", ["great-grandmother"]) == {"father", "mother"}


@pytest.mark.parametrize(
    ("log10_lr", "mismatches", "code"),
    [
        (4.0, 0, "case_work_supports"),
        (3.99, 0, "case_work_undecided"),
        (9.0, 1, "case_work_undecided"),
        (9.0, 3, "case_work_excludes"),
        (-4.0, 0, "case_work_excludes"),
        (-math.inf, 0, "case_work_excludes"),
    ],
)
def test_the_rule_of_case_work(log10_lr: float, mismatches: int, code: str) -> None:
    assert case_work_rule(log10_lr, mismatches).code == code


@pytest.mark.parametrize(
    "wrong",
    [
        {"families": 0},
        {"children": 0},
        {"in_base": 0.0},
        {"in_base": 1.5},
        {"lead_expected": 0.0},
        {"report_expected": math.inf},
        {"report_posterior": 1.0},
        {"most_mismatches": -1},
    ],
)
def test_gates_that_cannot_be(wrong: dict[str, float]) -> None:
    with pytest.raises(kinship.InputError):
        Gates(**({"families": 10} | wrong))  # type: ignore[arg-type]
