"""What absent and untyped parents pass on: as_written and pruned, by hand and for any family.

A child of a typed mother has its other allele from the population: as pi where the father is absent, as pi M where he was written
down and is taken as he is. Under a stationary model pi M = pi and nothing differs.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from tests.strategies import Case, cases

from wayhome import kinship
from wayhome.kinship import Convention, LocusModel
from wayhome.kinship.genetics.mutation import Kind

P = np.array([0.1, 0.2, 0.3, 0.4])
LABELS = ("12", "13", "14", "15")
CONVENTIONS: tuple[Convention, ...] = ("as_written", "pruned")
KINDS = ("equal", "onestep", "stepwise")


def locus(kind: Kind, p: np.ndarray = P) -> LocusModel:
    model = kinship.MutationModel(kind, kinship.MutationRates(0.02), kinship.MutationRates(0.05))
    return LocusModel("locus", LABELS, p, *model.matrices("locus", LABELS, p))


def child_of_mother(where: LocusModel, passed_on: np.ndarray) -> float:
    """P(mother 12/13, child 13/15), the father's allele drawn from `passed_on`."""
    assert where.female is not None
    sent = (where.female[0] + where.female[1]) / 2
    return float(2 * P[0] * P[1] * (sent[1] * passed_on[3] + sent[3] * passed_on[1]))


GENOTYPES = {"mother": ("12", "13"), "child": ("13", "15")}


@pytest.mark.parametrize("kind", KINDS)
def test_a_father_who_was_written_down(kind: Kind) -> None:
    where = locus(kind)
    assert where.male is not None
    values = {c: kinship.log_likelihood(kinship.trio(), GENOTYPES, where, convention=c) for c in CONVENTIONS}
    assert math.exp(values["as_written"]) == pytest.approx(child_of_mother(where, P @ where.male), rel=1e-12)
    assert math.exp(values["pruned"]) == pytest.approx(child_of_mother(where, P), rel=1e-12)
    assert abs(values["as_written"] - values["pruned"]) > 1e-3


@pytest.mark.parametrize("kind", [*KINDS, "proportional"])
def test_an_absent_father_passes_on_the_frequencies(kind: Kind) -> None:
    where = locus(kind)
    for convention in CONVENTIONS:
        value = kinship.log_likelihood(kinship.duo(), GENOTYPES, where, convention=convention)
        assert math.exp(value) == pytest.approx(child_of_mother(where, P), rel=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_a_founder_with_two_children_stays(kind: Kind) -> None:
    """Half-siblings by an untyped mother: her allele reaches both through the matrix, under both conventions."""
    where = locus(kind)
    assert where.female is not None
    genotypes = {"sibling 1": ("12",), "child": ("15",)}
    sent = [(where.female[x] + where.female[y]) / 2 for x in range(4) for y in range(4)]
    shares = [P[x] * P[y] for x in range(4) for y in range(4)]
    expected = sum(share * s[0] * s[3] for share, s in zip(shares, sent, strict=True)) * P[0] * P[3]
    for convention in CONVENTIONS:
        value = kinship.log_likelihood(kinship.half_siblings(), genotypes, where, convention=convention)
        assert math.exp(value) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_of_untyped_ancestors(kind: Kind) -> None:
    """pi, M and M again for a child whose father and father's mother were written down; pruned takes out one after another."""
    where = locus(kind)
    assert where.female is not None
    assert where.male is not None
    pedigree = kinship.grandparents(both=False)
    halfway = (P @ where.female + P) / 2
    for convention, paternal in zip(CONVENTIONS, (halfway @ where.male, P), strict=True):
        value = kinship.log_likelihood(pedigree, {"child": ("12", "13")}, where, convention=convention)
        assert math.exp(value) == pytest.approx(paternal[0] * P[1] + paternal[1] * P[0], rel=1e-12)


def test_pruning_starts_again_when_a_leaf_is_gone() -> None:
    """The father has two children, but one of them is untyped and childless: he is taken out after that child."""
    where = locus("stepwise")
    value = kinship.log_likelihood(kinship.full_siblings(), GENOTYPES, where, convention="pruned")
    assert math.exp(value) == pytest.approx(child_of_mother(where, P), rel=1e-12)


def test_the_default_is_as_written() -> None:
    where = locus("stepwise")
    as_written = kinship.log_likelihood(kinship.trio(), GENOTYPES, where, convention="as_written")
    assert kinship.log_likelihood(kinship.trio(), GENOTYPES, where) == as_written


@given(case=cases(matrices=("none", "proportional"), deep=True))
def test_they_agree_under_a_stationary_model(case: Case) -> None:
    values = [kinship.log_likelihood(case.pedigree, case.genotypes, case.locus, convention=c) for c in CONVENTIONS]
    assert values[0] == pytest.approx(values[1], rel=1e-10, abs=1e-10)


@given(case=cases(deep=True))
def test_they_agree_where_everybody_is_typed(case: Case) -> None:
    typed = {member: case.genotypes.get(member, case.locus.alleles[:1]) for member in case.pedigree.ids}
    values = [kinship.log_likelihood(case.pedigree, typed, case.locus, convention=c) for c in CONVENTIONS]
    assert values[0] == values[1]
