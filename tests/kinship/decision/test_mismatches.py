"""Mismatch counts: published figures, the closed forms against enumeration, and the binomial that they add up to."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kinship.decision.builders import KIT23

from wayhome import kinship
from wayhome.kinship.decision.mismatches import MismatchLaw, Relation, exclusion_probability, kit_mismatches

AS_PUBLISHED = kinship.PopulationModel(kinship.population("china"), kinship.NO_MUTATION, minimum_count=0)
"""The Chinese table without a floor, each locus scaled to sum to one: what the figures were computed from."""
KITS = {
    "Identifiler 15": "Identifiler",
    "Goldeneye 20A 19": "Goldeneye 20A",
    "CODIS 20 (=GlobalFiler minus SE33)": "CODIS 20 core",
    "PowerPlex 21 20": "PowerPlex 21",
    "SiFaSTR 21": "SiFaSTR 23-plex",
    "Huaxia/Goldeneye25A 23": "Huaxia Platinum",
}


def loci_of(kit: str) -> tuple[str, ...]:
    """Loci behind a kit's name in the figures."""
    if not kit.startswith("39"):
        return kinship.panel(KITS[kit]).autosomal
    # Sixteen of the non-CODIS kit: without the locus whose name two kits use for different places.
    return (*KIT23, *(x for x in kinship.panel("AGCU 21+1").autosomal if x not in KIT23 and x != "D5S2800"))


def digits(text: str, value: float) -> str:
    """The value written with as many digits as the text has."""
    mantissa = text.split("e")[0].replace(".", "").lstrip("0")
    return f"{value:.{len(mantissa) - 1}e}" if "e" in text else f"{value:.{len(mantissa)}g}"


def test_the_table_of_adventitious_matches(golden: Path) -> None:
    """Every figure of the table, to the digits it gives."""
    with (golden.parent / "data" / "exact_adventitious.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 21
    for row in rows:
        loci = loci_of(row["kit"])
        assert len(loci) == int(row["autosomal_loci"])
        law = kit_mismatches(row["relation"], loci, AS_PUBLISHED)  # type: ignore[arg-type]
        for most, column in enumerate(("prob_unrelated_0_mismatch", "prob_<=1_mismatch", "prob_<=2_mismatch")):
            assert f"{law.at_most(most):.3e}" == row[column], (row["kit"], row["relation"], most)
            for base in (10_000, 100_000, 1_000_000, 10_000_000):
                told = row[f"expected_false_hits_DB_{base}_le{most}"]
                assert float(digits(told, base * law.at_most(most))) == pytest.approx(float(told), rel=1e-12)


@pytest.mark.parametrize("relation", ["duo", "trio", "couple"])
@given(st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_closed_forms_against_enumeration(relation: Relation, weights: list[int]) -> None:
    p = np.array(weights) / sum(weights)
    n = range(len(p))
    pairs = [((a, b), p[a] * p[b]) for a, b in itertools.product(n, n)]
    excluded = 0.0
    if relation == "duo":
        for (child, c), (parent, q) in itertools.product(pairs, pairs):
            excluded += c * q * (not set(child) & set(parent))
    elif relation == "trio":
        for ((m1, m2), m), (man, q), a in itertools.product(pairs, pairs, n):
            for passed in (m1, m2):
                # The child has `passed` of the mother's and `a` of an unknown father's.
                possible = {y for x, y in ((passed, a), (a, passed)) if x in (m1, m2)}
                excluded += m * q * p[a] / 2 * (not possible & set(man))
    else:
        for ((c1, c2), c), (man, q), (woman, w) in itertools.product(pairs, pairs, pairs):
            fits = (c1 in man and c2 in woman) or (c2 in man and c1 in woman)
            excluded += c * q * w * (not fits)
    assert exclusion_probability(relation, p) == pytest.approx(excluded, abs=1e-12)


@given(st.lists(st.floats(0, 1), max_size=12))
def test_counts_of_independent_loci(by_locus: list[float]) -> None:
    law = MismatchLaw.of(by_locus)
    assert len(law.probabilities) == len(by_locus) + 1
    assert law.probabilities.sum() == pytest.approx(1)
    assert law.mean == pytest.approx(sum(by_locus))
    assert law.at_most(-1) == 0
    for k in range(len(by_locus) + 1):
        assert law.at_most(k) + law.more_than(k) == pytest.approx(1)
    assert law.probabilities[0] == pytest.approx(np.prod([1 - p for p in by_locus]))


def test_an_unknown_relation_is_refused() -> None:
    with pytest.raises(kinship.UnknownName, match="cousin"):
        exclusion_probability("cousin", np.array([0.5, 0.5]))  # type: ignore[arg-type]
    with pytest.raises(kinship.UnknownName):
        kit_mismatches("duo", ["no such locus"], AS_PUBLISHED)
