"""Likelihood ratios that the textbooks write down.

Duos and trios: Evett & Weir 1998, "Interpreting DNA Evidence", chapter 6; with theta, from the sampling formula of Balding &
Nichols 1994 (Forensic Sci Int 64:125). Further relatives: k0 + k1 LR(parent) + k2 LR(same person), with the probabilities k of
sharing 0, 1 and 2 alleles by descent (Thompson 1975, Ann Hum Genet 39:173).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from tests.kinship.likelihood import oracle

from wayhome import kinship
from wayhome.kinship import LocusModel, Member, Pedigree

LETTERS = ("a", "b", "c", "d")
SHARES = {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4}
LOCUS = LocusModel("locus", LETTERS, np.array([SHARES[x] for x in LETTERS]))
a, b, c, d = SHARES.values()


def lr(h1: Pedigree, h2: Pedigree, genotypes: Mapping[str, str], locus: LocusModel = LOCUS, theta: float = 0.0) -> float:
    """LR with genotypes as words, one letter an allele."""
    one, two = (kinship.log_likelihood(h, {m: tuple(w) for m, w in genotypes.items()}, locus, theta=theta) for h in (h1, h2))
    return math.exp(one - two)


def unrelated(pedigree: Pedigree, member: str = "child") -> Pedigree:
    return pedigree.with_unrelated(member)


# One parent and a child: every class of genotypes

DUOS = [
    ("aa", "aa", 1 / a, lambda t: (1 + 2 * t) / (3 * t + (1 - t) * a)),
    ("aa", "ab", 1 / (2 * a), lambda t: (1 + 2 * t) / (2 * (2 * t + (1 - t) * a))),
    ("ab", "aa", 1 / (2 * a), lambda t: (1 + 2 * t) / (2 * (2 * t + (1 - t) * a))),
    (
        "ab",
        "ab",
        (a + b) / (4 * a * b),
        lambda t: (1 + 2 * t) * (2 * t + (1 - t) * (a + b)) / (4 * (t + (1 - t) * a) * (t + (1 - t) * b)),
    ),
    ("ab", "ac", 1 / (4 * a), lambda t: (1 + 2 * t) / (4 * (t + (1 - t) * a))),
    ("aa", "bb", 0.0, lambda _: 0.0),
    ("aa", "bc", 0.0, lambda _: 0.0),
    ("ab", "cc", 0.0, lambda _: 0.0),
    ("ab", "cd", 0.0, lambda _: 0.0),
]


@pytest.mark.parametrize(("parent", "child", "expected", "structured"), DUOS)
@pytest.mark.parametrize("sex", ["mother", "father"])
def test_duo(sex: str, parent: str, child: str, expected: float, structured: Callable[[float], float]) -> None:
    pedigree = kinship.duo(sex)  # type: ignore[arg-type]
    genotypes = {sex: parent, "child": child}
    assert lr(pedigree, unrelated(pedigree), genotypes) == pytest.approx(expected, rel=1e-12)
    for theta in (0.01, 0.03, 0.3):
        assert lr(pedigree, unrelated(pedigree), genotypes, theta=theta) == pytest.approx(structured(theta), rel=1e-12)


def test_every_duo_belongs_to_a_class() -> None:
    """All 100 pairs of genotypes, each by the formula of its class: shared alleles over their frequencies."""
    for parent, child in itertools.product(itertools.combinations_with_replacement(LETTERS, 2), repeat=2):
        sent = [(x, 0.5) for x in parent]
        expected = 0.0
        for (x, half), y in itertools.product(sent, set(child)):
            other = child[1] if x == child[0] else child[0]
            if x == y:
                expected += half * SHARES[other]
        population = SHARES[child[0]] * SHARES[child[1]] * (1 if child[0] == child[1] else 2)
        genotypes = {"mother": "".join(parent), "child": "".join(child)}
        assert lr(kinship.duo(), unrelated(kinship.duo()), genotypes) == pytest.approx(expected / population, rel=1e-12)


# Mother, child and alleged father

TRIOS = [
    ("aa", "aa", "aa", 1 / a),
    ("aa", "aa", "ab", 1 / (2 * a)),
    ("ab", "aa", "aa", 1 / a),
    ("ab", "aa", "ac", 1 / (2 * a)),
    ("aa", "ab", "bb", 1 / b),
    ("aa", "ab", "ab", 1 / (2 * b)),
    ("aa", "ab", "bc", 1 / (2 * b)),
    ("bc", "ab", "aa", 1 / a),
    ("bc", "ab", "ad", 1 / (2 * a)),
    ("ab", "ab", "aa", 1 / (a + b)),
    ("ab", "ab", "ab", 1 / (a + b)),
    ("ab", "ab", "ac", 1 / (2 * (a + b))),
    ("aa", "aa", "bc", 0.0),
    ("ab", "ab", "cd", 0.0),
    ("aa", "ab", "ac", 0.0),
]


@pytest.mark.parametrize(("mother", "child", "father", "expected"), TRIOS)
def test_trio(mother: str, child: str, father: str, expected: float) -> None:
    h1 = kinship.trio()
    h2 = h1.replacing(Member("child", None, "mother"))
    genotypes = {"mother": mother, "child": child, "father": father}
    assert lr(h1, h2, genotypes) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("theta", [0.0, 0.01, 0.05])
def test_trio_with_theta(theta: float) -> None:
    """Mother aa, child ab, father b?: 1 / P(next allele is b), four of them seen before; (1 + 3 theta) above."""
    h1 = kinship.trio()
    h2 = h1.replacing(Member("child", None, "mother"))
    for father, seen, share in (("bb", 2, 1.0), ("bc", 1, 0.5)):
        expected = share * (1 + 3 * theta) / (seen * theta + (1 - theta) * b)
        assert lr(h1, h2, {"mother": "aa", "child": "ab", "father": father}, theta=theta) == pytest.approx(expected, rel=1e-12)


# Further relatives

RELATIVES: list[tuple[Pedigree, str, tuple[float, float, float]]] = [
    (kinship.full_siblings(), "sibling 1", (1 / 4, 1 / 2, 1 / 4)),
    (kinship.half_siblings(), "sibling 1", (1 / 2, 1 / 2, 0)),
    (kinship.half_siblings(shared="father"), "sibling 1", (1 / 2, 1 / 2, 0)),
    (kinship.grandparents(), "grandmother", (1 / 2, 1 / 2, 0)),
    (kinship.grandparents("mother", both=False), "grandmother", (1 / 2, 1 / 2, 0)),
    (kinship.avuncular(), "uncle", (1 / 2, 1 / 2, 0)),
    (kinship.first_cousins("mother", "aunt"), "cousin", (3 / 4, 1 / 4, 0)),
    (kinship.double_first_cousins(), "cousin", (9 / 16, 6 / 16, 1 / 16)),
    (kinship.three_generations(), "mother's father", (1 / 2, 1 / 2, 0)),
]


@pytest.mark.parametrize(("pedigree", "relative", "shared"), RELATIVES, ids=[p.name for p, _, _ in RELATIVES])
def test_relatives_who_are_not_inbred(pedigree: Pedigree, relative: str, shared: tuple[float, float, float]) -> None:
    k0, k1, k2 = shared
    for one, child, parentage, _ in DUOS:
        identity = 0.0
        if one == child:
            identity = 1 / (SHARES[one[0]] * SHARES[one[1]] * (1 if one[0] == one[1] else 2))
        value = lr(pedigree, unrelated(pedigree), {relative: one, "child": child})
        assert value == pytest.approx(k0 + k1 * parentage + k2 * identity, rel=1e-12)


def test_the_child_of_cousins_is_inbred() -> None:
    """F = 1/16: homozygotes p^2 + F p (1 - p), heterozygotes 2 p q (1 - F)."""
    table = kinship.conditional_genotypes(kinship.first_cousin_marriage(), "child", {}, LOCUS)
    assert table[0, 0] == pytest.approx(a**2 + a * (1 - a) / 16, rel=1e-12)
    assert table[0, 1] + table[1, 0] == pytest.approx(2 * a * b * 15 / 16, rel=1e-12)


# The traps

ABC = LocusModel("locus", ("A", "B", "C"), np.array([0.2, 0.3, 0.5]))
PAIR = {"mother": ("A", "B"), "child": ("A", "C")}


def test_unrelated_people_share_one_sampling() -> None:
    """Two strangers A/B and A/C with p = .2, .3, .5 and theta .03 are seen with 0.0231649, not the product 0.0225816."""
    apart = unrelated(kinship.duo())
    together = math.exp(kinship.log_likelihood(apart, PAIR, ABC, theta=0.03))
    assert together == pytest.approx(0.0231649, abs=5e-8)
    one = [math.exp(kinship.log_likelihood(apart, {m: PAIR[m]}, ABC, theta=0.03)) for m in PAIR]
    assert math.prod(one) == pytest.approx(0.0225816, abs=5e-8)
    assert together == pytest.approx(math.exp(oracle.log_likelihood(apart, PAIR, ABC, theta=0.03)), rel=1e-12)


def test_theta_counts_a_parents_allele_once() -> None:
    """The child's copy is no further draw: A/B, then C alone."""
    seen = math.exp(kinship.log_likelihood(kinship.duo(), PAIR, ABC, theta=0.03))
    assert seen == pytest.approx(2 * 0.2 * 0.97 * 0.3 * (0.97 * 0.5 / 1.03) / 2, rel=1e-12)


@pytest.mark.parametrize("theta", [0.0, 0.01, 0.3])
def test_an_incompatible_trio_is_impossible(theta: float) -> None:
    genotypes = {"father": ("A",), "mother": ("A", "B"), "child": ("C",)}
    assert kinship.log_likelihood(kinship.trio(), genotypes, ABC, theta=theta) == -math.inf
    assert kinship.log_likelihood(unrelated(kinship.trio()), genotypes, ABC, theta=theta) > -math.inf
