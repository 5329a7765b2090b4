"""Allele frequencies as published and as used."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import FrequencyError, ProfileError, UnknownName
from wayhome.kinship.genetics.frequencies import (
    PEOPLE_WHERE_NOT_STATED,
    SUM_TOLERANCE,
    AlleleFrequencies,
    population,
    population_names,
    population_title,
)
from wayhome.kinship.genetics.loci import Inheritance, allele_order, locus

TABLE = {"14": 0.7, "9.3": 0.299, "15": 0.001}


@pytest.fixture
def frequencies() -> AlleleFrequencies:
    return AlleleFrequencies("test", {"TH01": TABLE, "vWA": {"16": 0.5, "17": 0.5}}, {"TH01": 100})


def test_the_ladder_as_published(frequencies: AlleleFrequencies) -> None:
    labels, p = frequencies.ladder("TH01", minimum_count=0)
    assert labels == ("9.3", "14", "15")
    np.testing.assert_allclose(p, [0.299, 0.7, 0.001], rtol=1e-15)


def test_the_floor(frequencies: AlleleFrequencies) -> None:
    # 5 / (2 x 100) = 0.025 lifts the 15; the rest of the ladder shrinks by 1.024.
    assert frequencies.minimum("TH01") == 0.025
    _, p = frequencies.ladder("TH01")
    np.testing.assert_allclose(p, np.array([0.299, 0.7, 0.025]) / 1.024)
    assert frequencies.minimum("vWA") == 5 / (2 * PEOPLE_WHERE_NOT_STATED)
    assert frequencies.minimum("vWA", 1) == 1 / (2 * PEOPLE_WHERE_NOT_STATED)
    few = AlleleFrequencies("test", {"vWA": {"16": 0.5, "17": 0.5}}, {"vWA": None}, people_where_not_stated=50)
    assert few.minimum("vWA") == 0.05


def test_an_allele_outside_the_table_gets_the_minimum(frequencies: AlleleFrequencies) -> None:
    labels, p = frequencies.ladder("TH01", extra=["10", "9.3", "10", "20"])
    assert labels == ("9.3", "10", "14", "15", "20")
    assert p.sum() == pytest.approx(1)
    np.testing.assert_allclose(p[[1, 4]], 0.025)
    np.testing.assert_allclose(p[[0, 2, 3]], np.array([0.299, 0.7, 0.025]) / 1.024 * 0.95)
    # Without a floor an unseen allele still counts as seen once.
    _, p = frequencies.ladder("TH01", minimum_count=0, extra=["10"])
    assert p[1] == pytest.approx(1 / 200)


def test_an_allele_of_frequency_zero() -> None:
    frequencies = AlleleFrequencies("test", {"TH01": {"6": 0.4, "7": 0.6, "8": 0.0}}, {"TH01": 100})
    assert frequencies.ladder("TH01", minimum_count=0)[0] == ("6", "7")
    labels, p = frequencies.ladder("TH01")
    assert labels == ("6", "7", "8")
    assert p[2] == pytest.approx(0.025 / 1.025)


def test_an_unknown_locus(frequencies: AlleleFrequencies) -> None:
    with pytest.raises(UnknownName, match="no frequencies for FGA") as caught:
        frequencies.ladder("FGA")
    assert caught.value.field == "FGA"


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({}, "no alleles"),
        ({"6": -0.1, "7": 1.1}, "frequency -0.1"),
        ({"6": 1.2}, "frequency 1.2"),
        ({"6": math.nan, "7": 0.5}, "frequency nan"),
        ({"6": math.inf}, "frequency inf"),
        ({"6": 0.5, "7": 0.5 + SUM_TOLERANCE * 1.01}, "sum to 1.02"),
        ({"6": 0.5, "7": 0.5 - SUM_TOLERANCE * 1.01}, "sum to 0.97"),
        ({"6": 0.0}, "sum to 0"),
    ],
)
def test_tables_that_cannot_be(table: dict[str, float], problem: str) -> None:
    with pytest.raises(FrequencyError, match=problem) as caught:
        AlleleFrequencies("test", {"TH01": table})
    assert caught.value.field == "TH01"
    assert caught.value.remedy


def test_sums_within_the_tolerance_pass() -> None:
    for total in (1 - SUM_TOLERANCE * 0.99, 1 + SUM_TOLERANCE * 0.99):
        _, p = AlleleFrequencies("test", {"TH01": {"6": total / 2, "7": total / 2}}).ladder("TH01", minimum_count=0)
        assert p.sum() == pytest.approx(1, abs=1e-15)


def test_rows() -> None:
    rows = [("VWA", "16.0", 0.5, None), ("THO1", "6", 1.0, 200), ("vWA", "17", 0.5, 300)]
    frequencies = AlleleFrequencies.from_rows("test", rows, source="somewhere")
    assert frequencies.loci == {"vWA": {"16": 0.5, "17": 0.5}, "TH01": {"6": 1.0}}
    assert frequencies.people == {"vWA": 300, "TH01": 200}
    assert frequencies.source == "somewhere"
    with pytest.raises(FrequencyError, match="allele 16 of vWA is told twice"):
        AlleleFrequencies.from_rows("test", [*rows, ("vWA", "016", 0.1, None)])
    with pytest.raises(ProfileError):
        AlleleFrequencies.from_rows("test", [("vWA", "rare", 1.0, None)])


def test_tables_do_not_change(frequencies: AlleleFrequencies) -> None:
    with pytest.raises(TypeError):
        frequencies.loci["FGA"] = {}  # type: ignore[index]
    with pytest.raises(TypeError):
        frequencies.loci["TH01"]["6"] = 1.0  # type: ignore[index]


def test_the_digest_tells_tables_apart(frequencies: AlleleFrequencies) -> None:
    reordered = AlleleFrequencies("test", {"vWA": {"17": 0.5, "16": 0.5}, "TH01": dict(reversed(TABLE.items()))}, {"TH01": 100})
    assert reordered.digest == frequencies.digest
    others = [
        AlleleFrequencies("other", frequencies.loci, {"TH01": 100}),
        AlleleFrequencies("test", frequencies.loci, {"TH01": 101}),
        AlleleFrequencies("test", frequencies.loci, {"TH01": 100}, people_where_not_stated=7),
        AlleleFrequencies("test", {**frequencies.loci, "vWA": {"16": 0.4, "17": 0.6}}, {"TH01": 100}),
    ]
    assert len({frequencies.digest, *(other.digest for other in others)}) == 5


@given(
    weights=st.lists(st.integers(1, 1000), min_size=1, max_size=12),
    people=st.integers(50, 5000),
    count=st.sampled_from([0.0, 1.0, 5.0]),
    extra=st.lists(st.sampled_from(["30", "31", "9.3"]), max_size=3),
)
def test_what_is_used_is_a_distribution(weights: list[int], people: int, count: float, extra: list[str]) -> None:
    table = {str(i + 5): w / sum(weights) for i, w in enumerate(weights)}
    frequencies = AlleleFrequencies("test", {"TH01": table}, {"TH01": people})
    labels, p = frequencies.ladder("TH01", minimum_count=count, extra=extra)
    assert list(labels) == sorted({*table, *extra}, key=allele_order)
    assert p.sum() == pytest.approx(1)
    assert (p > 0).all()
    # Making room for floors and unlisted alleles shrinks the rest, and by no more than it takes.
    room = 1 + count / (2 * people) * len(table)
    assert p.min() >= min(min(table.values()), 1 / (2 * people)) / room * (1 - 3 * max(count, 1) / (2 * people)) * (1 - 1e-12)


# The shipped tables


@pytest.mark.parametrize("name", population_names())
def test_a_shipped_table(name: str) -> None:
    table = population(name)
    assert table is population(name)
    assert table.name == name
    assert table.source
    assert population_title(name)
    assert table.doubtful_loci <= set(table.loci)
    for marker, alleles in table.loci.items():
        assert locus(marker).name == marker
        assert locus(marker).inheritance is Inheritance.AUTOSOMAL
        assert abs(sum(alleles.values()) - 1) <= 0.005, marker
        n = table.people.get(marker) or table.people_where_not_stated
        assert n > 50
        labels, p = table.ladder(marker)
        assert len(labels) == len(alleles)
        assert p.min() >= table.minimum(marker) * 0.8


def test_an_unknown_population() -> None:
    with pytest.raises(UnknownName, match=population_names()[0]) as caught:
        population("atlantis")
    assert caught.value.field == "population"
