"""The enumeration is held against figures worked out by hand, before anything is held against it."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kinship.likelihood import oracle
from tests.strategies import Case, cases

from wayhome.kinship import LocusModel, Pedigree, duo, trio

P = np.array([0.2, 0.3, 0.5])
LOCUS = LocusModel("locus", ("A", "B", "C"), P)
ONE = Pedigree.of([("x", None, None, "M")])


def value(
    pedigree: Pedigree, locus: LocusModel = LOCUS, theta: float = 0.0, convention: str = "as_written", **typed: str
) -> float:
    """Likelihood with genotypes as words, one letter an allele."""
    return math.exp(oracle.log_likelihood(pedigree, typed, locus, theta=theta, convention=convention))


def test_one_person() -> None:
    assert value(ONE, x="A") == pytest.approx(0.04)
    assert value(ONE, x="AB") == pytest.approx(0.12)
    assert value(ONE) == pytest.approx(1)
    # A homozygote by descent has one draw: p^2 + theta p (1 - p).
    assert value(ONE, theta=0.1, x="A") == pytest.approx(0.04 + 0.1 * 0.2 * 0.8)
    assert value(ONE, theta=0.1, x="AB") == pytest.approx(2 * 0.9 * 0.06)


def test_the_x_and_the_silent_allele() -> None:
    assert value(ONE, LocusModel("locus", ("A", "B", "C"), P, x_linked=True), x="A") == pytest.approx(0.2)
    silent = LocusModel("locus", ("A", "B", "C"), P, silent=2)
    assert value(ONE, silent, x="A") == pytest.approx(0.04 + 2 * 0.2 * 0.5)
    assert value(ONE, silent, x="AB") == pytest.approx(0.12)


def test_parents_and_children() -> None:
    assert value(duo(), mother="A", child="A") == pytest.approx(0.04 * 0.2)
    assert value(duo(), mother="AB", child="AC") == pytest.approx(0.12 * 0.25)
    assert value(duo(), mother="A", child="B") == 0
    assert value(trio(), father="AB", mother="AC", child="A") == pytest.approx(0.12 * 0.2 / 4)


def test_mutation_and_the_conventions() -> None:
    female = np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0], [0.0, 0.0, 1.0]])
    male = np.array([[0.7, 0.0, 0.3], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    locus = LocusModel("locus", ("A", "B", "C"), P, female, male)
    assert value(duo(), locus, mother="A", child="B") == pytest.approx(0.04 * 0.1 * 0.3)
    assert value(duo("father"), locus, father="A", child="C") == pytest.approx(0.04 * 0.3 * 0.5)
    # An untyped mother who was written down passes B on with 0.2 x 0.1 + 0.3 x 0.8.
    assert value(trio(), locus, father="A", child="AB") == pytest.approx(0.04 * 0.7 * (0.2 * 0.1 + 0.3 * 0.8))
    assert value(trio(), locus, convention="pruned", father="A", child="AB") == pytest.approx(0.04 * 0.7 * 0.3)


def test_the_next_founder_allele_is_a_copy_with_weight_theta() -> None:
    two = Pedigree.of([("x", None, None, "M"), ("y", None, None, "M")])
    # A, B, then A again (0.03 + 0.97 x 0.2) / 1.03, then C 0.97 x 0.5 / 1.06; two phases each.
    expected = 4 * 0.2 * (0.97 * 0.3) * (0.03 + 0.97 * 0.2) / 1.03 * (0.97 * 0.5) / 1.06
    assert value(two, theta=0.03, x="AB", y="AC") == pytest.approx(expected)


@given(case=cases(silent=False), convention=st.sampled_from(["as_written", "pruned"]))
def test_all_genotypes_of_two_members_sum_to_one(case: Case, convention: str) -> None:
    total = 0.0
    members = [case.pedigree[name] for name in case.pedigree.ids[:2]]
    shown = []
    for member in members:
        copies = 1 if case.locus.x_linked and member.sex == "M" else 2
        shown.append(list(itertools.combinations_with_replacement(case.locus.alleles, copies)))
    for genotypes in itertools.product(*shown):
        typed = {member.id: labels for member, labels in zip(members, genotypes, strict=True)}
        total += math.exp(oracle.log_likelihood(case.pedigree, typed, case.locus, theta=case.theta, convention=convention))
    assert total == pytest.approx(1, rel=1e-12)
