"""Posteriors against Bayes' rule written out, ties, impossible families and what may not be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome import kinship
from wayhome.kinship.decision.posterior import Prior, posterior

LRS = st.dictionaries(
    st.sampled_from([f"F{i}" for i in range(8)]), st.one_of(st.just(-math.inf), st.floats(-20, 20)), min_size=1, max_size=8
)


@given(LRS, st.floats(0, 0.999), st.integers(0, 5), st.floats(-2, 2))
def test_bayes_rule(log10_lr: dict[str, float], in_base: float, more: int, cut: float) -> None:
    prior = Prior(in_base, len(log10_lr) + more)
    found = posterior(log10_lr, prior, unlisted_log10_lr=cut)
    weights = [in_base / prior.families * 10**x for x in log10_lr.values()]
    rest = more * in_base / prior.families * 10**cut
    total = math.fsum(weights) + rest + 1 - in_base
    assert found.of_family == pytest.approx(np.array(weights) / total, abs=1e-12)
    assert found.not_in_base == pytest.approx((1 - in_base) / total, abs=1e-12)
    assert found.of_unlisted == pytest.approx(rest / total, abs=1e-12)
    assert found.of_family.sum() + found.of_unlisted + found.not_in_base == pytest.approx(1)


@given(st.floats(-10, 300), st.integers(1, 10**9), st.floats(0.01, 0.99))
def test_one_family_alone_is_the_usual_formula(log10_lr: float, families: int, in_base: float) -> None:
    """P = LR p / (LR p + 1 - p), p = P(in the base) / N."""
    prior = Prior(in_base, families)
    found = posterior({"F": log10_lr}, prior).of_family[0]
    p = in_base / families
    odds = log10_lr + math.log10(p) - math.log10(1 - p)
    assert found == pytest.approx(1 / (1 + 10**-odds) if odds > -300 else 0, rel=1e-9)
    assert prior.posterior(log10_lr) == pytest.approx(found, rel=1e-9, abs=1e-300)


def test_factors_are_told_one_by_one() -> None:
    found = posterior(
        {"A": 8.0, "B": 7.0},
        Prior(0.5, 1000),
        evidence={"age": {"A": -1.0, "B": 0.5}, "place": {"B": 0.25}},
    )
    stages = found.stages("A")
    assert [stage.name for stage in stages] == ["prior", "DNA", "age", "place"]
    assert [stage.log10_lr for stage in stages] == [0.0, 8.0, -1.0, 0.0]
    assert stages[0].posterior == 0.0005
    assert stages[-1].posterior == pytest.approx(found.of_family[0])
    # A missing item is neutral for that family, but not for its rivals.
    assert stages[3].posterior < stages[2].posterior < stages[1].posterior
    assert found.ranks.tolist() == [2, 1]
    for k, name in enumerate(("prior", "DNA", "age", "place")):
        told = sum(found.stages(family)[k].posterior for family in ("A", "B"))
        assert told <= 1 + 1e-12, name
    with pytest.raises(kinship.InputError, match="not among"):
        found.stages("C")


def test_ties_share_a_rank() -> None:
    found = posterior({"A": 3.0, "B": 5.0, "C": 5.0, "D": -math.inf, "E": -math.inf}, Prior(0.5, 5))
    assert found.ranks.tolist() == [3, 1, 1, 4, 4]
    assert found.of_family[1] == found.of_family[2]
    assert found.of_family[3] == 0


def test_where_every_family_is_impossible_the_child_belongs_to_none() -> None:
    found = posterior({"A": -math.inf, "B": -math.inf}, Prior(0.7, 2))
    assert found.not_in_base == 1
    assert found.of_family.tolist() == [0, 0]
    with pytest.raises(kinship.InputError, match="prior below 1"):
        posterior({"A": -math.inf}, Prior(1.0, 1))


def test_a_prior_of_nought_or_one() -> None:
    assert posterior({"A": 50.0}, Prior(0.0, 1)).of_family[0] == 0
    assert posterior({"A": -50.0}, Prior(1.0, 1)).of_family[0] == 1
    assert Prior(1.0, 1).posterior(3.0) == 1
    assert Prior(0.0, 4).posterior(3.0) == 0
    assert Prior(0.5, 4).posterior(-math.inf) == 0


def test_very_large_and_very_small_lrs_keep_their_ratio() -> None:
    found = posterior({"A": 400.0, "B": 397.0, "C": -4000.0}, Prior(0.5, 3))
    assert found.of_family[0] / found.of_family[1] == pytest.approx(1000)
    assert found.of_family[2] == 0


def test_weights_share_the_prior() -> None:
    found = posterior({"A": 0.0, "B": 0.0}, Prior(0.6, 4), weights={"A": 3, "B": 1})
    # Two more families have the mean weight of 2 each.
    assert found.prior.tolist() == pytest.approx([0.6 * 3 / 8, 0.6 / 8])
    assert found.of_unlisted == pytest.approx(0.3)
    assert found.not_in_base == pytest.approx(0.4)
    none = posterior({"A": 0.0}, Prior(0.6, 2), weights={"A": 0, "B": 1})
    assert none.of_family[0] == 0
    assert none.of_unlisted == pytest.approx(0.6)


def test_a_base_of_a_million() -> None:
    rng = np.random.default_rng(1)
    lrs = dict(zip(map(str, range(100_000)), rng.normal(-8, 2, 100_000), strict=True)) | {"true": 9.0}
    found = posterior(lrs, Prior(0.5, 1_000_000))
    assert found.of_family.sum() + found.of_unlisted + found.not_in_base == pytest.approx(1)
    assert found.ranks[-1] == 1
    assert 0.99 < found.of_family[-1] < 0.999


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"log10_lr": {"A": math.nan}}, "DNA gives A"),
        ({"log10_lr": {"A": math.inf}}, "DNA gives A"),
        ({"log10_lr": {"A": 0.0, "B": 0.0, "C": 0.0}}, "of a base of 2"),
        ({"evidence": {"age": {"A": -math.inf}}}, "excludes A"),
        ({"evidence": {"DNA": {"A": 1.0}}}, "called DNA"),
        ({"unlisted_log10_lr": math.inf}, "no log10 LR"),
        ({"weights": {"B": 1.0}}, "A has no weight"),
        ({"weights": {"A": -1.0}}, "has the weight"),
        ({"weights": {"A": 0.0}}, "all weights are zero"),
        ({"weights": {"A": 1.0, "B": 1.0, "C": 1.0}}, "3 weights for 2"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], message: str) -> None:
    arguments: dict[str, object] = {"log10_lr": {"A": 1.0}, "prior": Prior(0.5, 2)} | change
    with pytest.raises(kinship.InputError, match=message):
        posterior(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(("in_base", "families"), [(-0.1, 1), (1.1, 1), (0.5, 0), (math.nan, 3)])
def test_priors_that_cannot_be(in_base: float, families: int) -> None:
    with pytest.raises(kinship.InputError):
        Prior(in_base, families)
