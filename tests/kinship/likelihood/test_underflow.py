"""Families so large, or so improbable, that their likelihood is below the smallest number a computer can hold.

Each value is worked out beside the engine as a sum of logs. Zero stays what cannot be: everything here can.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest

from wayhome import kinship
from wayhome.kinship import FloatArray, LocusModel, Pedigree, Sex
from wayhome.kinship.likelihood.encoding import encode
from wayhome.kinship.likelihood.evaluation import evaluate

P = np.array([0.2, 0.3, 0.5])
LOCUS = LocusModel("locus", ("A", "B", "C"), P)
Rows = list[tuple[str, str | None, str | None, Sex]]
SMALLEST = math.log(5e-324)


def rarely_mutating(rate: float) -> LocusModel:
    matrix = np.eye(3) * (1 - 3 * rate) + rate
    return LocusModel("locus", ("A", "B", "C"), P, matrix, matrix)


def test_five_hundred_generations_typed() -> None:
    rows: Rows = [("0", None, None, "M"), *((str(i), str(i - 1), None, "M") for i in range(1, 500))]
    value = kinship.log_likelihood(Pedigree.of(rows), {row[0]: ("A", "B") for row in rows}, LOCUS)
    assert value == pytest.approx(math.log(0.12) + 499 * math.log(0.25), rel=1e-12)


def test_every_second_generation_typed() -> None:
    """Between two typed A/B stands an untyped son, who passes on what came from his father, or from a mother unknown."""
    rows: Rows = [("0", None, None, "M"), *((str(i), str(i - 1), None, "M") for i in range(1, 1001))]
    value = kinship.log_likelihood(Pedigree.of(rows), {str(i): ("A", "B") for i in range(0, 1001, 2)}, LOCUS)
    sent = np.array([0.25, 0.25, 0]) + P / 2
    step = math.log(sent[0] * P[1] + sent[1] * P[0])
    expected = math.log(0.12) + 500 * step
    assert expected < SMALLEST
    assert value == pytest.approx(expected, rel=1e-12)


def unrelated_families(number: int) -> tuple[Pedigree, dict[str, tuple[str, ...]]]:
    """Untyped couples, each with a child A/B and a child B/C."""
    rows: Rows = []
    genotypes: dict[str, tuple[str, ...]] = {}
    for i in range(number):
        rows += [(f"f{i}", None, None, "M"), (f"m{i}", None, None, "F")]
        rows += [(f"a{i}", f"f{i}", f"m{i}", "U"), (f"b{i}", f"f{i}", f"m{i}", "U")]
        genotypes |= {f"a{i}": ("A", "B"), f"b{i}": ("B", "C")}
    return Pedigree.of(rows), genotypes


def test_three_hundred_unrelated_families() -> None:
    one = kinship.log_likelihood(*unrelated_families(1), LOCUS)
    assert 300 * one < SMALLEST
    assert kinship.log_likelihood(*unrelated_families(300), LOCUS) == pytest.approx(300 * one, rel=1e-12)


def test_a_man_with_four_hundred_wives() -> None:
    """A typed father's families are independent of one another, in one pedigree."""

    def family(wives: int) -> float:
        rows: Rows = [("father", None, None, "M")]
        genotypes: dict[str, tuple[str, ...]] = {"father": ("A", "B")}
        for i in range(wives):
            rows += [(f"m{i}", None, None, "F"), (f"a{i}", "father", f"m{i}", "U"), (f"b{i}", "father", f"m{i}", "U")]
            genotypes |= {f"a{i}": ("A", "C"), f"b{i}": ("B", "C")}
        return kinship.log_likelihood(Pedigree.of(rows), genotypes, LOCUS)

    alone = math.log(0.12)
    expected = alone + 400 * (family(1) - alone)
    assert expected < SMALLEST
    assert family(400) == pytest.approx(expected, rel=1e-12)


def siblings(number: int, father: bool) -> tuple[Pedigree, dict[str, tuple[str, ...]]]:
    """Children A, B and C in turn, of an untyped mother and a father who is A/A or untyped."""
    rows: Rows = [("father", None, None, "M"), ("mother", None, None, "F")]
    rows += [(str(i), "father", "mother", "U") for i in range(number)]
    genotypes: dict[str, tuple[str, ...]] = {str(i): ("ABC"[i % 3],) for i in range(number)}
    return Pedigree.of(rows), genotypes | ({"father": ("A",)} if father else {})


def by_parents(genotypes: Mapping[str, tuple[str, ...]], locus: LocusModel, theta: float) -> float:
    """Log-likelihood by enumeration of the parents' four alleles, children as a sum of logs."""
    assert locus.male is not None
    children = [locus.index[labels[0]] for member, labels in genotypes.items() if member != "father"]
    terms = []
    for four in np.ndindex(3, 3, 3, 3):
        if "father" in genotypes and four[:2] != (0, 0):
            continue
        log = 0.0
        for m, allele in enumerate(four):
            log += math.log((four[:m].count(allele) * theta + (1 - theta) * P[allele]) / (1 + (m - 1) * theta))
        paternal, maternal = (locus.male[four[k]] / 2 + locus.male[four[k + 1]] / 2 for k in (0, 2))
        terms.append(log + sum(math.log(paternal[x] * maternal[x]) for x in children))
    top = max(terms)
    return top + math.log(math.fsum(math.exp(term - top) for term in terms))


@pytest.mark.parametrize("theta", [0.0, 0.02])
@pytest.mark.parametrize("father", [False, True])
@pytest.mark.parametrize(("number", "rate"), [(6, 1e-60), (18, 1e-20), (36, 1e-10)])
def test_many_siblings_who_fit_by_mutation_alone(number: int, rate: float, father: bool, theta: float) -> None:
    pedigree, genotypes = siblings(number, father)
    locus = rarely_mutating(rate)
    value = kinship.log_likelihood(pedigree, genotypes, locus, theta=theta)
    assert value == pytest.approx(by_parents(genotypes, locus, theta), rel=1e-10)


def test_two_hundred_siblings() -> None:
    pedigree, genotypes = siblings(200, False)
    locus = rarely_mutating(1e-2)
    expected = by_parents(genotypes, locus, 0.0)
    assert expected < SMALLEST
    assert kinship.log_likelihood(pedigree, genotypes, locus) == pytest.approx(expected, rel=1e-10)


def test_a_wrong_father_of_many_under_the_default_model() -> None:
    """Twelve children 34 steps from the man recorded as their father: absurd, and possible."""
    labels = tuple(str(i) for i in range(5, 41))
    p = np.full(36, 1 / 36)
    female, male = kinship.DEFAULT_MUTATION.matrices("locus", labels, p)
    locus = LocusModel("locus", labels, p, female, male)
    pedigree, children = siblings(12, False)
    genotypes = {"father": ("40",)} | dict.fromkeys(children, ("6",))
    sent: FloatArray = (female[:, None, 1] + female[None, :, 1]) / 2
    expected = 2 * math.log(p[-1]) + 12 * math.log(male[-1, 1]) + math.log(float((sent**12).mean()))
    assert expected < SMALLEST
    assert kinship.log_likelihood(pedigree, genotypes, locus) == pytest.approx(expected, rel=1e-10)


def test_an_improbable_family_beside_a_probable_one() -> None:
    """In a batch, each family has a scale of its own."""
    pedigree, genotypes = siblings(40, True)
    locus = rarely_mutating(1e-10)
    shape, improbable = encode(pedigree, genotypes, locus)
    _, probable = encode(pedigree, dict.fromkeys(genotypes, ("A",)), locus)
    together = evaluate(shape, locus, np.concatenate([improbable, probable])).log_likelihood
    alone = [float(evaluate(shape, locus, codes).log_likelihood[0]) for codes in (improbable, probable)]
    assert together == pytest.approx(alone, rel=1e-10)
    assert alone[0] == pytest.approx(by_parents(genotypes, locus, 0.0), rel=1e-10)


def test_an_open_member_of_an_improbable_family() -> None:
    pedigree, genotypes = siblings(40, True)
    more = pedigree.replacing(kinship.Member("child", "father", "mother", "U"))
    table = kinship.conditional_genotypes(more, "child", genotypes, rarely_mutating(1e-12))
    assert table.sum() == pytest.approx(1, rel=1e-12)
    # Fourteen siblings are A/A, thirteen B/B, thirteen C/C: the mother has A, and B or C by their frequencies.
    np.testing.assert_allclose(table, [[0.5, 0.5 * 0.3 / 0.8, 0.5 * 0.5 / 0.8], [0, 0, 0], [0, 0, 0]], atol=1e-9)
