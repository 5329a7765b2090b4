"""The distribution of a family's log10 LR for its missing child and for a stranger, tails included.

The total over loci is a sum of independent terms, so its distribution is a convolution. Three things make it exact where it
matters:

- **One law serves both hypotheses.** An outcome's probability for the child is its probability for a stranger times its LR, so
  that P(x | child) = 10^x P(x | stranger), term by term and for the sum.
- **Tilting.** The convolution is done by FFT on q(x) ~ 10^(s x) P(x | stranger), s = 3/4. Rounding errors of an FFT are absolute;
  divided by 10^(s t) they shrink with the threshold t, and a tail of 1e-15 keeps its digits.
- **A grid that keeps both sums.** Each value is split over its two neighbours on the grid so that its probability is kept under
  both hypotheses: both distributions still sum to one, and the mean LR of a stranger is still one.

What the grid, the window and the rounding can have done is bounded, and the bounds are given with every probability; see
docs/explanation/decision.md for the proof.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from wayhome.kinship.arrays import FloatArray
from wayhome.kinship.decision.genotypes import GenotypeLaw
from wayhome.kinship.decision.terms import Terms
from wayhome.kinship.errors import InputError

POINTS = 3 << 12
"""Points of the grid, a number that an FFT likes."""
TILT = 0.75
_LN10 = math.log(10)
_UNIT = 2.0**-53
_OUTSIDE = 1e-14
"""Tilted probability that may lie outside the window, on each side."""
_UNLIKELY = 1e-6
"""Probability, given the outcomes, with which the roundings of all loci may add up to more than `shift`."""
_SAME = 1e-9
"""log10 LRs that differ by less are equal: they come from different sums of the same likelihoods."""
_TOGETHER = 4  # loci transformed at a time: their numbers stay in the cache
_CHERNOFF = (0.08, 0.16, 0.32, 0.64)


class Bounded(NamedTuple):
    """A number and what it lies between for certain."""

    value: float
    least: float
    most: float


class LrDistribution:
    """The distribution of log10 LR over the loci of one family, X below.

    Parameters
    ----------
    laws : one for each independent locus.
    points : points of the grid; twice as many halve the distance of the bounds.
    """

    def __init__(self, laws: Sequence[GenotypeLaw], points: int = POINTS) -> None:
        if points < 256:
            raise InputError(f"{points} points are too few for a grid", "Give 256 or more", field="points")
        self.laws = tuple(laws)
        self._terms = Terms.of(self.laws)
        self._grid = _Grid(self._terms, TILT, points)
        self._points = points

    @cached_property
    def _bulk(self) -> _Grid:
        """Without tilt: where strangers mostly are."""
        return _Grid(self._terms, 0.0, self._points)

    # -- what it says -------------------------------------------------------------------------------------------------------

    def stranger_above(self, log10_lr: float) -> Bounded:
        """P(X > log10_lr) for a stranger: the false positive rate of one comparison."""
        if log10_lr == -math.inf:
            return Bounded(self._terms.finite, self._terms.finite, self._terms.finite)
        best = self._grid.stranger_above(log10_lr)
        if best.most - best.least > best.value:
            other = self._bulk.stranger_above(log10_lr)
            if other.most - other.least < best.most - best.least:
                best = other
        # E[LR | stranger] <= 1, so P(LR > t | stranger) <= 1 / t (Markov).
        most = min(best.most, 10.0 ** -max(log10_lr, 0.0))
        return Bounded(min(best.value, most), min(best.least, most), most)

    def true_above(self, log10_lr: float) -> Bounded:
        """P(X > log10_lr) for the missing child."""
        below = self.true_below(log10_lr)
        if below.value <= 0.5:
            return Bounded(1 - below.value, 1 - below.most, 1 - below.least)
        return self._grid.true_above(log10_lr)

    def true_below(self, log10_lr: float) -> Bounded:
        """P(X <= log10_lr) for the missing child: the false negative rate of the threshold."""
        return Bounded(0.0, 0.0, 0.0) if log10_lr == -math.inf else self._grid.true_below(log10_lr)

    def true_quantile(self, share: float) -> Bounded:
        """The log10 LR that this share of missing children does not exceed; 0 < share < 1."""
        _check_share(share)
        return self._grid.quantile(self._grid.true, share)

    def stranger_quantile(self, share: float) -> Bounded:
        """The log10 LR that this share of strangers does not exceed, -inf where so many have an LR of zero; 0 < share < 1."""
        _check_share(share)
        if share <= self.stranger_zero:
            return Bounded(-math.inf, -math.inf, -math.inf)
        return self._bulk.quantile(self._bulk.stranger, share - self.stranger_zero)

    @property
    def median(self) -> float:
        """Median log10 LR of the missing child."""
        return self.true_quantile(0.5).value

    @property
    def stranger_zero(self) -> float:
        """Probability that a stranger's LR is zero."""
        return abs(math.expm1(self._terms.log_finite))

    @property
    def stranger_possible(self) -> float:
        """Probability that a stranger's LR is not zero."""
        return self._terms.finite

    @property
    def mean(self) -> float:
        """Mean log10 LR of the missing child, exact."""
        return float(self._terms.true @ self._terms.x)

    @property
    def sd(self) -> float:
        """Standard deviation of the missing child's log10 LR, exact."""
        terms = self._terms
        first = terms.sums(terms.true * terms.x)
        return math.sqrt(max(float((terms.sums(terms.true * terms.x**2) - first**2).sum()), 0.0))

    @property
    def highest(self) -> float:
        """The largest log10 LR there can be."""
        return self._terms.highest

    @property
    def shift(self) -> float:
        """Displacement of the threshold, in log10 LR, that accounts for the grid in all bounds."""
        return self._grid.shift

    def threshold(self, probability: float) -> float:
        """The least log10 LR of 0 or more that a stranger exceeds with no more than this probability, bounds included.

        Parameters
        ----------
        probability : above 0, at most 1.
        """
        if not 0 < probability <= 1:
            raise InputError(
                f"{probability} is no probability of a stranger", "Give one above 0 and up to 1", field="probability"
            )
        low, high = 0.0, max(self._terms.highest, 0.0)
        if self.stranger_above(low).most <= probability:
            return low
        while high - low > 1e-6:
            middle = (low + high) / 2
            low, high = (middle, high) if self.stranger_above(middle).most > probability else (low, middle)
        return high

    def density(self, *, stranger: bool, cells: int = 400) -> tuple[FloatArray, FloatArray]:
        """For drawing: log10 LR [cells] and probability per unit of it [cells], where the law's bulk is, LR zero left out."""
        grid = self._bulk if stranger else self._grid
        mass = grid.stranger if stranger else grid.true
        inside = np.flatnonzero(np.cumsum(mass) > 1e-4 * mass.sum())
        first = int(inside[0]) if len(inside) else 0
        last = len(mass) - int(np.argmax(np.cumsum(mass[::-1]) > 1e-4 * mass.sum())) if mass.sum() > 0 else len(mass)
        width = max(1, math.ceil((last - first) / cells))
        edges = np.arange(first, last, width)
        return grid.x[edges] + (width - 1) / 2 * grid.step, np.add.reduceat(mass[:last], edges) / (width * grid.step)


def _power(exponent: FloatArray) -> FloatArray:
    """10 to the power; `exp` is several times as fast as NumPy's `power`."""
    return np.asarray(np.exp(exponent * _LN10))


def _powers(first: float, step: float, number: int) -> FloatArray:
    """10 to the power of first, first + step, ...: an outer product of two short rows."""
    width = math.isqrt(number) + 1
    short = _power(np.asarray(np.arange(width) * step, dtype=np.float64))
    long = _power(np.asarray(first + np.arange(-(-number // width)) * (width * step), dtype=np.float64))
    return np.asarray(np.multiply.outer(long, short).ravel()[:number])


def _ten(exponent: float) -> float:
    return math.pow(10.0, exponent)


def _check_share(share: float) -> None:
    if not 0 < share < 1:
        raise InputError(f"{share} is no share", "Give one above 0 and below 1", field="share")


class _Grid:
    """The convolution under one tilt s: `stranger` [points], P(x | stranger) = scale q(x) 10^(-s x), and `true` [points]."""

    def __init__(self, terms: Terms, tilt: float, points: int) -> None:
        self.terms, self.tilt = terms, tilt
        loci = len(terms.starts)
        weight = terms.stranger * _power(tilt * terms.x)
        sums = terms.sums(weight)
        self.log10_scale = float(np.log10(sums).sum())
        weight /= terms.spread(sums)
        low, high = _window(terms, weight)
        # The grid's law lies within loci x step of the exact one; room for that on both sides.
        self.step = max((high - low) / (points - 2 * loci - 4), 100 * _SAME)
        first = math.floor(low / self.step) - loci - 1
        q = np.roll(self._convolved(weight, points), -(first % points))
        np.maximum(q, 0.0, out=q)
        self.x = np.asarray(np.arange(first, first + points) * self.step, dtype=np.float64)
        self.low = float(self.x[0])
        self.stranger = q * _powers(self.log10_scale - tilt * self.low, -tilt * self.step, points)
        self.true = q * _powers(self.log10_scale + (1 - tilt) * self.low, (1 - tilt) * self.step, points)
        self._above = np.append(np.cumsum(self.stranger[::-1])[::-1], 0.0)
        self._below = np.append(0.0, np.cumsum(self.true))
        # No term's norm is above one, nor is that of a product's spectrum.
        self._noise = _UNIT * (8 * math.log2(points) * (loci + 1) + 3 * loci)
        self.shift, self._unlikely = self._coupling(loci)

    def _convolved(self, weight: FloatArray, points: int) -> FloatArray:
        """[points] the law of the sum on the grid; places are counted modulo `points`."""
        terms, step = self.terms, self.step
        place = terms.x / step
        floor = np.floor(place)
        part = (place - floor) * step
        share = np.expm1(part * _LN10) / math.expm1(step * _LN10)  # of a stranger's probability, goes up
        weight = weight * _power(-self.tilt * part)
        cells = np.stack([weight * (1 - share), weight * share * _ten(self.tilt * step)], axis=1).ravel()
        low = floor.astype(np.int64) % points
        starts, stops = terms.starts, terms.stops
        row = np.repeat(np.arange(len(starts)) % _TOGETHER * points, stops - starts)
        at = np.stack([low + row, (low + 1) % points + row], axis=1).ravel()
        product = np.ones(points // 2 + 1, dtype=np.complex128)
        for first in range(0, len(starts), _TOGETHER):
            last = min(first + _TOGETHER, len(starts))
            some = slice(2 * starts[first], 2 * stops[last - 1])
            rows = np.bincount(at[some], cells[some], (last - first) * points).reshape(-1, points)
            for one in np.fft.rfft(rows):
                product *= one
        return np.fft.irfft(product, points)

    @cached_property
    def _true_above(self) -> FloatArray:
        return np.append(np.cumsum(self.true[::-1])[::-1], 0.0)

    def _coupling(self, loci: int) -> tuple[float, float]:
        """How far exact and rounded sums may lie apart, and the probability of more.

        For certain less than loci x step. Given the outcomes, the roundings are independent, within a step and nearly without
        mean, so that Hoeffding's inequality says less for many loci.
        """
        certain = loci * self.step
        likely = math.sqrt(loci * math.log(1 / _UNLIKELY) / 2) * self.step + loci * self.step**2 * _LN10 / 8
        return (certain, 0.0) if certain <= likely else (likely, _UNLIKELY)

    def _wrong(self, weight: float) -> float:
        """Rounding, spread over weights of this norm, and the probability outside the window, which wraps around."""
        return self._noise * min(weight, math.sqrt(len(self.x))) + 2 * _OUTSIDE * math.pow(
            10.0, len(self.terms.starts) * self.step
        )

    def _stranger_error(self, t: float) -> float:
        """What may be wrong with the sum of `stranger` above t."""
        fades = -math.expm1(-2 * self.tilt * self.step * _LN10)
        return _ten(self.log10_scale - self.tilt * t) * self._wrong(1 / math.sqrt(fades) if fades else math.inf)

    def _true_error(self, t: float) -> float:
        """What may be wrong with the sum of `true` up to t."""
        grows = -math.expm1(-2 * (1 - self.tilt) * self.step * _LN10)
        return _ten(self.log10_scale + (1 - self.tilt) * t) * self._wrong(1 / math.sqrt(grows))

    def _place(self, t: float) -> int:
        """Number of grid points at or below t."""
        return int(np.clip(math.floor((t + _SAME - self.low) / self.step) + 1, 0, len(self.x)))

    def _between(self, sums: FloatArray, t: float) -> float:
        """The estimate at t: a point of the grid stands for the step around it, and a sum changes evenly in its logarithm."""
        place = min(max((t - self.low) / self.step + 0.5, 0.0), len(self.x) - 1.0)
        k = math.floor(place)
        first, last = float(sums[k]), float(sums[k + 1])
        if first <= 0 or last <= 0:
            return first + (last - first) * (place - k)
        return float(first * (last / first) ** (place - k))

    def stranger_above(self, t: float) -> Bounded:
        """P(X > t | stranger)."""
        terms = self.terms
        if t >= terms.highest - _SAME:
            return Bounded(0.0, 0.0, 0.0)
        if t < terms.lowest - _SAME:
            return Bounded(terms.finite, terms.finite, terms.finite)

        def above(at: float) -> float:
            return float(self._above[self._place(at)])

        shift, unlikely = self.shift, self._unlikely
        most = (above(t - shift) + self._stranger_error(t - shift)) / (1 - unlikely)
        least = above(t + shift) - self._stranger_error(t + shift)
        if unlikely:
            far = t + shift - 2 * len(terms.starts) * self.step
            least -= unlikely * (above(far) + self._stranger_error(far))
        return _bounded(self._between(self._above, t), least, most, terms.finite)

    def true_below(self, t: float) -> Bounded:
        """P(X <= t | the child)."""
        terms = self.terms
        if t >= terms.highest - _SAME:
            return Bounded(1.0, 1.0, 1.0)
        if t < terms.lowest - _SAME:
            return Bounded(0.0, 0.0, 0.0)

        def below(at: float) -> float:
            return float(self._below[self._place(at)])

        shift, unlikely = self.shift, self._unlikely
        most = (below(t + shift) + self._true_error(t + shift)) / (1 - unlikely)
        least = below(t - shift) - self._true_error(t - shift)
        if unlikely:
            far = t - shift + 2 * len(terms.starts) * self.step
            least -= unlikely * (below(far) + self._true_error(far))
        return _bounded(self._between(self._below, t), least, most, 1.0)

    def true_above(self, t: float) -> Bounded:
        """P(X > t | the child), where that is small."""
        terms = self.terms
        if t >= terms.highest - _SAME:
            return Bounded(0.0, 0.0, 0.0)
        error = self._true_error(float(self.x[-1]))

        def above(at: float) -> float:
            return float(self._true_above[self._place(at)])

        shift, unlikely = self.shift, self._unlikely
        most = (above(t - shift) + error) / (1 - unlikely)
        least = above(t + shift) - error
        if unlikely:
            least -= unlikely * (above(t + shift - 2 * len(terms.starts) * self.step) + error)
        return _bounded(self._between(self._true_above, t), least, most, 1.0)

    def quantile(self, mass: FloatArray, share: float) -> Bounded:
        """Where the cumulated mass reaches a share."""
        total = np.cumsum(mass)
        at = float(self.x[min(int(np.searchsorted(total, share)), len(total) - 1)])
        reach = (len(self.terms.starts) + 1) * self.step
        return Bounded(at, at - reach, at + reach)


def _bounded(value: float, least: float, most: float, limit: float) -> Bounded:
    least, most = min(max(least, 0.0), limit), min(max(most, 0.0), limit)
    return Bounded(min(max(value, least), most), least, most)


def _window(terms: Terms, weight: FloatArray) -> tuple[float, float]:
    """Limits beyond which the sum lies with a tilted probability of less than `_OUTSIDE` on each side (Chernoff's bound)."""
    if not len(terms.starts):
        return 0.0, 0.0
    least = math.log10(_OUTSIDE)
    lows, highs = [], []
    power = _power(_CHERNOFF[0] * terms.x)
    for r in _CHERNOFF:
        highs.append((float(np.log10(terms.sums(weight * power)).sum()) - least) / r)
        lows.append((least - float(np.log10(terms.sums(weight / power)).sum())) / r)
        power = power * power
    low, high = max(lows), min(highs)
    return max(low, terms.lowest), min(high, terms.highest)
