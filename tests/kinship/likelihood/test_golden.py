"""Reference cases computed with the field's own programs, and a few of our own that need nothing beside the checkout.

The first lie in ../shared/golden (see the README there): pedprobr 1.1.0, cross-checked with Familias 2.6.4. The second are in
golden_small.json: inputs simulated with `kinship.gene_drop`, values by the enumeration in oracle.py (`make_golden_small.py`).
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from tests.kinship.likelihood import oracle
from tests.kinship.likelihood.golden_cases import computed, computed_together, expected, log10_lr, questions, read_cases, wrong

GROUPS = {
    "avuncular": 1e-9,
    "big_pedigrees": 1e-8,
    "duo": 1e-9,
    "full_siblings": 1e-9,
    "grandparents": 1e-9,
    "half_siblings": 1e-9,
    "inbred_loops": 1e-9,
    "incompatible_zero_rate": 1e-9,
    "microvariants_stepwise": 1e-9,
    "missing_child_family": 1e-9,
    "mutation_models": 1e-9,
    "silent_alleles": 1e-9,
    "snp_panels": 1e-8,
    "theta": 1e-9,
    "trio": 1e-9,
    "x_chromosomal": 1e-8,
}
BOTH_CONVENTIONS = {
    "avuncular": 6,
    "duo": 9,
    "full_siblings": 2,
    "grandparents": 9,
    "half_siblings": 8,
    "inbred_loops": 6,
    "microvariants_stepwise": 11,
    "mutation_models": 10,
}
"""How many cases of each group tell both."""
OTHER_FILES = {"dvi", "power"}
SMALL = read_cases(Path(__file__).with_name("golden_small.json"))


def test_every_group_is_read(golden: Path) -> None:
    assert {path.stem for path in golden.glob("*.json")} == GROUPS.keys() | OTHER_FILES


@pytest.mark.parametrize("group", GROUPS)
def test_log_likelihoods(golden: Path, group: str) -> None:
    tolerance = GROUPS[group]
    cases = read_cases(golden / f"{group}.json")
    assert len(cases) >= 9
    for case in cases:
        got = computed(case)
        assert not wrong(got, expected(case["expected"]["loglik"]), tolerance), case["id"]
        total = case["expected"]["log10_lr"]
        if total is None:  # neither hypothesis is possible
            assert math.isnan(log10_lr(got)), case["id"]
        else:
            assert not wrong({("all", "LR"): log10_lr(got)}, {("all", "LR"): float(total)}, tolerance), case["id"]


@pytest.mark.parametrize("group", GROUPS)
def test_loci_walked_together(golden: Path, group: str) -> None:
    for case in read_cases(golden / f"{group}.json"):
        assert not wrong(computed_together(case), expected(case["expected"]["loglik"]), GROUPS[group]), case["id"]


@pytest.mark.parametrize(("group", "number"), BOTH_CONVENTIONS.items())
def test_the_other_convention(golden: Path, group: str, number: int) -> None:
    """Where the programs differ by convention, ours do in the same way."""
    told = 0
    for case in read_cases(golden / f"{group}.json"):
        pruned = (case["cross_check"] or {}).get("default_mode_loglik")
        if pruned is not None:
            told += 1
            assert not wrong(computed(case, "pruned"), expected(pruned), 1e-9), case["id"]
            assert wrong(computed(case, "as_written"), expected(pruned), 1e-9), case["id"]
    assert told == number


@pytest.mark.parametrize("case", SMALL, ids=[case["id"] for case in SMALL])
def test_our_own_cases(case: dict[str, object]) -> None:
    assert not wrong(computed(case), expected(case["expected"]["loglik"]), 1e-10)  # type: ignore[index]
    assert not wrong(computed(case, "pruned"), expected(case["expected"]["pruned"]), 1e-10)  # type: ignore[index]


@pytest.mark.parametrize("case", SMALL, ids=[case["id"] for case in SMALL])
def test_our_own_cases_are_what_enumeration_gives(case: dict[str, object]) -> None:
    for key, convention in (("loglik", "as_written"), ("pruned", "pruned")):
        again = {
            (hypothesis, name): oracle.log_likelihood(pedigree, genotypes, locus, theta=case["theta"], convention=convention)  # type: ignore[arg-type]
            for hypothesis, name, pedigree, genotypes, locus in questions(case)
        }
        assert not wrong(again, expected(case["expected"][key]), 1e-12)  # type: ignore[index]
