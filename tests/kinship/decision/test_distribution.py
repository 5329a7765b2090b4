"""The convolution against enumeration, exact lattices, and what must hold for any law."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kinship.decision.builders import CHINA, KIT23, STEPWISE, TOWN, law, listed, one_family

from wayhome import kinship
from wayhome.kinship.decision.distribution import LrDistribution
from wayhome.kinship.decision.genotypes import GenotypeLaw, family_laws

LADDER = kinship.PopulationModel(TOWN, STEPWISE)


@st.composite
def laws(draw: st.DrawFn) -> list[GenotypeLaw]:
    """One to three loci of two to five outcomes; LRs over many orders of magnitude, some zero."""
    made = []
    for _ in range(draw(st.integers(1, 3))):
        k = draw(st.integers(2, 5))
        p = draw(st.lists(st.floats(1e-4, 1), min_size=k, max_size=k))
        lr = draw(st.lists(st.one_of(st.just(0.0), st.floats(-9, 3).map(lambda x: 10.0**x)), min_size=k, max_size=k).filter(any))
        made.append(law(p, lr))
    return made


@settings(max_examples=60)
@given(laws(), st.lists(st.floats(-30, 12), min_size=1, max_size=6))
def test_the_bounds_hold_what_enumeration_gives(some: list[GenotypeLaw], thresholds: list[float]) -> None:
    x, p0, p1 = listed(some)
    lr = LrDistribution(some, points=2048)
    # At the outcomes themselves as well: a shift of the grid must not hide behind a lucky threshold.
    for t in (*thresholds, *(float(v) for v in x[np.isfinite(x)][:5])):
        stranger, child = p0[x > t + 1e-9].sum(), p1[x > t + 1e-9].sum()
        found = lr.stranger_above(t)
        assert found.least - 1e-15 <= stranger <= found.most + 1e-15
        assert found.least <= found.value <= found.most
        found = lr.true_above(t)
        assert found.least - 1e-12 <= child <= found.most + 1e-12
        assert found.least <= found.value <= found.most
    assert lr.stranger_zero == pytest.approx(p0[x == -np.inf].sum(), abs=1e-12)
    assert lr.mean == pytest.approx((p1[p1 > 0] * x[p1 > 0]).sum(), abs=1e-9)


@settings(max_examples=40)
@given(laws())
def test_both_sums_are_kept_and_tails_fall(some: list[GenotypeLaw]) -> None:
    lr = LrDistribution(some, points=2048)
    bulk = lr._bulk
    assert bulk.stranger.sum() + lr.stranger_zero == pytest.approx(1, abs=1e-9)
    assert bulk.true.sum() == pytest.approx(1, abs=1e-7)  # the mean LR of a stranger
    assert lr._grid.true.sum() == pytest.approx(1, abs=1e-9)
    across = np.linspace(-20, 12, 65)
    for above in (lr.stranger_above, lr.true_above):
        tail = [above(t) for t in across]
        for before, after in itertools.pairwise(tail):
            assert after.least <= before.most
        assert all(0 <= one.least <= one.value <= one.most <= 1 for one in tail)


@pytest.mark.parametrize("shape", ["two siblings", "couple", "mother"])
def test_tails_of_a_family_fall_and_keep_markovs_bound(shape: str) -> None:
    lr = LrDistribution(family_laws(one_family(shape, CHINA, KIT23), CHINA).laws)
    for t in range(15):
        assert lr.stranger_above(t).most <= 10.0**-t
    for above in (lr.stranger_above, lr.true_above):
        for before, after in itertools.pairwise(above(t) for t in np.linspace(-5, 20, 101)):
            assert after.value <= before.value
            assert after.least <= before.least
            assert after.most <= before.most


def _lattice(loci: int) -> tuple[list[GenotypeLaw], dict[int, Fraction]]:
    """Laws whose LRs are powers of two, the probabilities of a stranger by exact fractions; LR 2^k -> probability."""
    stranger = {-6: Fraction(3, 8), -2: Fraction(1, 4), 0: Fraction(1, 8), 1: Fraction(3, 16)}
    rest = 1 - sum(stranger.values())
    # The last LR makes the mean one.
    stranger[3] = rest
    mean = sum(p * Fraction(2) ** k for k, p in stranger.items())
    true = {k: p * Fraction(2) ** k / mean for k, p in stranger.items()}
    one = GenotypeLaw(
        "L", np.array([float(p) for p in true.values()]), np.array([float(p) for p in stranger.values()]), np.zeros(5, dtype=bool)
    )
    total = {0: Fraction(1)}
    for _ in range(loci):
        following: defaultdict[int, Fraction] = defaultdict(Fraction)
        for k, p in total.items():
            for j, q in stranger.items():
                following[k + j] += p * q
        total = dict(following)
    return [one] * loci, total


@pytest.mark.parametrize("loci", [8, 23, 39])
def test_tails_beyond_1e_15_keep_their_digits(loci: int) -> None:
    """Against exact fractions, in the middle between two points of the lattice."""
    some, exact = _lattice(loci)
    mean = float(sum(q * Fraction(2) ** k for k, q in zip((-6, -2, 0, 1, 3), _stranger_of(some[0]), strict=True)))
    lr = LrDistribution(some)
    assert lr.shift < math.log10(2) / 2
    reached = 1.0
    for k in range(-4 * loci, 3 * loci):
        t = (k + 0.5) * math.log10(2) - loci * math.log10(mean)
        if t < -2:
            continue
        tail = float(sum(p for j, p in exact.items() if j > k))
        found = lr.stranger_above(t)
        assert found.least <= tail * (1 + 1e-9)
        assert found.most >= tail * (1 - 1e-9)
        if tail > 1e-25:
            reached = min(reached, tail)
            assert found.value == pytest.approx(tail, rel=1e-6)
            assert found.most - found.least < 1e-3 * tail + 1e-30
    assert loci < 23 or reached < 1e-15


def _stranger_of(one: GenotypeLaw) -> list[Fraction]:
    return [Fraction(float(p)) for p in one.stranger]


def test_false_negatives_keep_their_digits() -> None:
    """P(X <= t | child) = the sum of 10^x P(x | stranger) up to t."""
    some, exact = _lattice(23)
    mean = sum(q * Fraction(2) ** k for k, q in zip((-6, -2, 0, 1, 3), _stranger_of(some[0]), strict=True))
    lr = LrDistribution(some)
    for k in range(-40, 30, 5):
        t = (k + 0.5) * math.log10(2) - 23 * math.log10(float(mean))
        below = float(sum(p * Fraction(2) ** j / mean**23 for j, p in exact.items() if j <= k))
        if below > 1e-14:
            assert lr.true_below(t).value == pytest.approx(below, rel=1e-6)


def test_more_points_bring_the_bounds_together() -> None:
    some = family_laws(one_family("mother", CHINA, KIT23), CHINA).laws
    coarse, fine = LrDistribution(some, points=1 << 13), LrDistribution(some, points=1 << 16)
    assert fine.shift < coarse.shift / 6
    for t in (0, 4, 8, 10):
        wide, narrow = coarse.stranger_above(t), fine.stranger_above(t)
        assert narrow.most - narrow.least < (wide.most - wide.least) / 4
        assert wide.least <= narrow.value <= wide.most
        assert wide.value == pytest.approx(narrow.value, rel=1e-2)


def test_quantiles_and_moments_of_a_family() -> None:
    some = family_laws(one_family("couple", LADDER, ("TH01", "D3S1358", "FGA")), LADDER).laws
    x, p0, p1 = listed(some)
    lr = LrDistribution(some)
    assert lr.mean == pytest.approx((p1[p1 > 0] * x[p1 > 0]).sum())
    assert lr.sd == pytest.approx(math.sqrt((p1[p1 > 0] * (x[p1 > 0] - lr.mean) ** 2).sum()))
    assert lr.highest == pytest.approx(x.max())
    for share in (0.05, 0.5, 0.9):
        for quantile, p in ((lr.true_quantile, p1), (lr.stranger_quantile, p0)):
            found = quantile(share)
            assert p[x <= found.least - 1e-9].sum() <= share + 1e-9
            assert p[x <= found.most + 1e-9].sum() >= share - 1e-9


def test_impossible_strangers_are_a_mass_of_their_own() -> None:
    some = [law([0.9, 0.1], [0, 1], str(k)) for k in range(20)]
    lr = LrDistribution(some)
    assert lr.stranger_zero == pytest.approx(1 - 1e-20)
    assert lr.stranger_possible == pytest.approx(1e-20)
    assert lr.stranger_above(19).value == pytest.approx(1e-20)
    assert lr.stranger_above(20.5).most == 0
    assert lr.stranger_above(-math.inf).value == pytest.approx(1e-20)
    assert lr.stranger_quantile(0.5).value == -math.inf
    assert lr.true_below(19.9).value == 0
    assert lr.true_above(-math.inf).value == 1


def test_no_locus_leaves_an_lr_of_one() -> None:
    lr = LrDistribution([])
    assert lr.stranger_above(-1).value == 1
    assert lr.stranger_above(0).value == 0
    assert lr.true_below(0).value == 1
    assert lr.mean == 0


def test_threshold_is_the_least_that_keeps_the_probability() -> None:
    lr = LrDistribution(family_laws(one_family("mother", CHINA, KIT23), CHINA).laws)
    for probability in (1e-6, 1e-9, 1e-12):
        t = lr.threshold(probability)
        assert lr.stranger_above(t).most <= probability
        assert lr.stranger_above(t - 1e-3).most > probability * 0.99
    assert lr.threshold(1.0) == 0


@pytest.mark.parametrize("wrong", [0.0, -1.0, 2.0])
def test_what_is_no_probability_is_refused(wrong: float) -> None:
    lr = LrDistribution([law([0.5, 0.5], [0.5, 1.5])])
    with pytest.raises(kinship.InputError):
        lr.threshold(wrong)
    with pytest.raises(kinship.InputError):
        lr.true_quantile(wrong)
    with pytest.raises(kinship.InputError):
        LrDistribution([], points=8)
