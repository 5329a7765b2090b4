"""Mutation matrices: known rows by hand, and what holds for every one of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wayhome.kinship.errors import MutationError
from wayhome.kinship.genetics.mutation import (
    DEFAULT_MUTATION,
    KINDS,
    NO_MUTATION,
    CustomMatrices,
    Kind,
    MutationModel,
    MutationRates,
    check_matrix,
)

ALLELES = ("9", "9.3", "10", "11", "12.3", "14")
P = np.array([0.1, 0.3, 0.2, 0.2, 0.15, 0.05])


def matrices(
    kind: Kind,
    female: MutationRates,
    male: MutationRates | None = None,
    alleles: tuple[str, ...] = ("14", "15", "16"),
    p: tuple[float, ...] = (0.2, 0.3, 0.5),
    silent: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    return MutationModel(kind, female, male or female).matrices("vWA", alleles, np.array(p), silent)


# Known rows


def test_none() -> None:
    for matrix in NO_MUTATION.matrices("vWA", ("14", "15"), np.array([0.5, 0.5])):
        np.testing.assert_array_equal(matrix, np.eye(2))


def test_equal() -> None:
    female, male = matrices("equal", MutationRates(0.01), MutationRates(0.02))
    np.testing.assert_allclose(female, [[0.99, 0.005, 0.005], [0.005, 0.99, 0.005], [0.005, 0.005, 0.99]])
    np.testing.assert_allclose(male.diagonal(), 0.98)
    letters, _ = matrices("equal", MutationRates(0.01), alleles=("A", "C", "G"))
    np.testing.assert_array_equal(letters, female)


def test_proportional() -> None:
    # 1 - sum of squares is 0.62, so an allele becomes j with 0.01 / 0.62 times the frequency of j.
    female, _ = matrices("proportional", MutationRates(0.01))
    np.testing.assert_allclose(female[0], [1 - 0.01 / 0.62 * 0.8, 0.01 / 0.62 * 0.3, 0.01 / 0.62 * 0.5])
    np.testing.assert_allclose(female[0, 2], female[1, 2])


def test_onestep() -> None:
    female, _ = matrices("onestep", MutationRates(0.01))
    np.testing.assert_allclose(female, [[0.99, 0.01, 0], [0.005, 0.99, 0.005], [0, 0.01, 0.99]])


def test_onestep_keeps_to_its_microvariants() -> None:
    female, _ = matrices("onestep", MutationRates(0.01), alleles=("8.3", "9", "9.3", "10", "12"), p=(0.2,) * 5)
    expected = np.eye(5) * 0.99
    expected[0, 2] = expected[2, 0] = expected[1, 3] = expected[3, 1] = 0.01
    expected[4, 4] = 1.0  # no neighbour, nowhere to go
    np.testing.assert_allclose(female, expected)


def test_stepwise() -> None:
    female, _ = matrices("stepwise", MutationRates(0.003, 0.5, 0.0))
    np.testing.assert_allclose(female, [[0.997, 0.002, 0.001], [0.0015, 0.997, 0.0015], [0.001, 0.002, 0.997]])


def test_stepwise_over_a_gap_and_between_microvariants() -> None:
    female, _ = matrices("stepwise", MutationRates(0.01, 0.1, 1e-3), alleles=("9", "9.3", "10", "12"), p=(0.25,) * 4)
    # From 9: 10 is one step, 12 three, weights 0.1 and 0.001; 9.3 is the only allele of another group.
    np.testing.assert_allclose(female[0], [0.989, 1e-3, 0.01 / 1.01, 0.01 * 0.01 / 1.01])
    # 9.3 is alone in its group: no whole step leads anywhere, rate2 spreads over the three others.
    np.testing.assert_allclose(female[1], [1e-3 / 3, 0.999, 1e-3 / 3, 1e-3 / 3])


def test_the_order_of_alleles_does_not_matter() -> None:
    rates = MutationRates(0.01, 0.2, 1e-4)
    for kind in KINDS[:-1]:
        one, _ = MutationModel(kind, rates, rates).matrices("TH01", ALLELES, P)
        order = np.array([3, 0, 5, 1, 4, 2])
        two, _ = MutationModel(kind, rates, rates).matrices("TH01", tuple(ALLELES[i] for i in order), P[order])
        np.testing.assert_allclose(two, one[np.ix_(order, order)], atol=1e-15)


# What always holds

RATES = st.builds(
    MutationRates,
    st.floats(0, 0.5),
    st.floats(0.01, 1),
    st.floats(0, 0.01),
)


@given(
    kind=st.sampled_from(KINDS[:-1]),
    rates=RATES,
    alleles=st.lists(
        st.sampled_from(["8", "9", "9.1", "9.3", "10", "10.3", "11", "13", "20.2"]), min_size=1, max_size=8, unique=True
    ),
    weights=st.lists(st.integers(1, 20), min_size=8, max_size=8),
    with_silent=st.booleans(),
)
def test_every_matrix_is_stochastic(
    kind: Kind, rates: MutationRates, alleles: list[str], weights: list[int], with_silent: bool
) -> None:
    labels = (*alleles, "silent") if with_silent else tuple(alleles)
    p = np.array([*weights, 3][: len(labels)], dtype=float)
    p /= p.sum()
    silent = len(labels) - 1 if with_silent else None
    shown = p[: len(alleles)]
    if kind == "proportional" and len(alleles) > 1:
        # No allele can mutate more often than always: rate / (T^2 - S) (T - min p) <= 1, T and S sums of p and of its squares.
        most = (shown.sum() ** 2 - (shown**2).sum()) / (shown.sum() - shown.min())
        assume(abs(rates.rate - most) > 1e-9)
        if rates.rate > most:
            with pytest.raises(MutationError, match="too high"):
                matrices(kind, rates, alleles=labels, p=tuple(p), silent=silent)
            return
    matrix, _ = matrices(kind, rates, alleles=labels, p=tuple(p), silent=silent)
    check_matrix(matrix, len(labels))
    np.testing.assert_allclose(matrix.sum(axis=1), 1, atol=1e-12)
    assert (matrix >= 0).all()
    if silent is not None:
        np.testing.assert_array_equal(matrix[silent], np.eye(len(labels))[silent])
        np.testing.assert_array_equal(matrix[:, silent], np.eye(len(labels))[silent])
    if kind == "proportional" and len(alleles) > 1:
        np.testing.assert_allclose(p @ matrix, p, atol=1e-12)
        assert float(p @ (1 - matrix.diagonal())) == pytest.approx(rates.rate, abs=1e-12)
    elif kind == "equal" and len(alleles) > 1:
        np.testing.assert_allclose(matrix.diagonal()[: len(alleles)], 1 - rates.rate)
    elif kind != "none":
        assert (1 - matrix.diagonal() <= rates.rate + rates.rate2 + 1e-12).all()


@given(rates=st.builds(MutationRates, st.floats(1e-4, 0.05), st.floats(0.01, 1), st.just(0.0)), n=st.integers(3, 12))
def test_a_further_step_is_rarer_by_the_range(rates: MutationRates, n: int) -> None:
    matrix, _ = matrices("stepwise", rates, alleles=tuple(map(str, range(10, 10 + n))), p=(1 / n,) * n)
    np.testing.assert_allclose(matrix[0, 2:] / matrix[0, 1:-1], rates.range, rtol=1e-9)
    np.testing.assert_allclose(1 - matrix.diagonal(), rates.rate, rtol=1e-9)


# By locus, custom, parameters


def test_models_by_locus() -> None:
    model = MutationModel("none", by_locus={"vWA": MutationModel("equal", MutationRates(0.1), MutationRates(0.2))})
    female, male = model.matrices("vWA", ("14", "15"), np.array([0.5, 0.5]))
    assert (female[0, 1], male[0, 1]) == (0.1, 0.2)
    np.testing.assert_array_equal(model.matrices("FGA", ("14", "15"), np.array([0.5, 0.5]))[0], np.eye(2))


def custom(female: object, alleles: tuple[str, ...] = ("14", "15")) -> MutationModel:
    return MutationModel("custom", custom={"vWA": CustomMatrices(alleles, np.array(female), np.eye(len(alleles)))})


def test_custom_matrices_follow_the_ladder() -> None:
    model = custom([[0.9, 0.1], [0.3, 0.7]])
    female, male = model.matrices("vWA", ("15", "14"), np.array([0.5, 0.5]))
    np.testing.assert_array_equal(female, [[0.7, 0.3], [0.1, 0.9]])
    np.testing.assert_array_equal(male, np.eye(2))
    np.testing.assert_array_equal(model.matrices("FGA", ("20", "21", "22"), np.full(3, 1 / 3))[0], np.eye(3))


@pytest.mark.parametrize(
    ("model", "alleles", "problem"),
    [
        (custom([[0.9, 0.1], [0.3, 0.7]]), ("14", "16"), "16 are needed"),
        (custom([[0.9, 0.1], [0.3, 0.7]]), ("14",), "fewer are needed"),
        (custom([[0.9, 0.2], [0.3, 0.7]]), ("14", "15"), "row 1 of the female matrix sums to 1.1"),
        (custom([[1.1, -0.1], [0.3, 0.7]]), ("14", "15"), "no probability"),
        (custom([[math.nan, 1], [0.3, 0.7]]), ("14", "15"), "no probability"),
        (custom([[1.0]]), ("14", "15"), "1x1 for 2 alleles"),
        (MutationModel("stepwise"), ("14", "A"), "numbers as alleles"),
        (MutationModel("onestep"), ("X", "Y"), "numbers as alleles"),
        (MutationModel("proportional", MutationRates(0.9), MutationRates(0.9)), ("14", "15"), "too high"),
    ],
)
def test_matrices_that_cannot_be(model: MutationModel, alleles: tuple[str, ...], problem: str) -> None:
    p = np.array([0.95, 0.05][: len(alleles)])
    with pytest.raises(MutationError, match=problem) as caught:
        model.matrices("vWA", alleles, p / p.sum())
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("rates", "field"),
    [
        ((-0.1, 0.1, 0.0), "rate"),
        ((1.1, 0.1, 0.0), "rate"),
        ((math.nan, 0.1, 0.0), "rate"),
        ((0.1, -0.1, 0.0), "range"),
        ((0.1, 1.1, 0.0), "range"),
        ((0.1, 0.1, -1e-9), "rate2"),
    ],
)
def test_rates_that_cannot_be(rates: tuple[float, float, float], field: str) -> None:
    with pytest.raises(MutationError) as caught:
        MutationRates(*rates)
    assert caught.value.field == field


def test_an_unknown_model() -> None:
    with pytest.raises(MutationError, match='"sideways"') as caught:
        MutationModel("sideways")  # type: ignore[arg-type]
    assert "stepwise" in caught.value.remedy


def test_errors_name_the_locus() -> None:
    with pytest.raises(MutationError) as caught:
        MutationModel("stepwise").matrices("SE33", ("A", "B"), np.array([0.5, 0.5]))
    assert caught.value.field == "SE33"


def test_parameters_tell_what_makes_the_matrices() -> None:
    assert DEFAULT_MUTATION.parameters() == {
        "model": "stepwise",
        "female": {"rate": 0.0005, "range": 0.1, "rate2": 1e-6},
        "male": {"rate": 0.002, "range": 0.1, "rate2": 1e-6},
    }
    assert NO_MUTATION.parameters() == {"model": "none"}
    equal = MutationModel("equal", MutationRates(0.1, 0.5), MutationRates(0.1, 0.9))
    assert equal.parameters() == {"model": "equal", "female": {"rate": 0.1}, "male": {"rate": 0.1}}
    told = MutationModel("none", by_locus={"vWA": equal}, custom={}).parameters()
    assert told == {"model": "none", "by_locus": {"vWA": equal.parameters()}}
    told = custom([[0.9, 0.1], [0.3, 0.7]]).parameters()
    assert told["custom"] == {"vWA": {"alleles": ["14", "15"], "female": [[0.9, 0.1], [0.3, 0.7]], "male": [[1, 0], [0, 1]]}}


def test_rate_and_rate2_of_a_stepwise_model_share_one_meiosis() -> None:
    model = MutationModel("stepwise", MutationRates(0.6, 0.1, 0.5), MutationRates(0.6, 0.1, 0.4))
    with pytest.raises(MutationError, match="exceed 1"):
        model.matrices("TH01", ("9", "9.3", "10"), np.full(3, 1 / 3))
    MutationModel("equal", MutationRates(1.0), MutationRates(1.0)).matrices("TH01", ("9", "10"), np.full(2, 1 / 2))


def test_range_zero_is_the_one_step_model() -> None:
    alleles, frequencies = ("9", "10", "11", "12"), np.full(4, 1 / 4)
    rates = MutationRates(0.01, 0.0, 0.0)
    stepwise = MutationModel("stepwise", rates, rates).matrices("TH01", alleles, frequencies)[0]
    onestep = MutationModel("onestep", rates, rates).matrices("TH01", alleles, frequencies)[0]
    assert np.array_equal(stepwise, onestep)
