"""The outcomes of all loci in one row, as the convolution takes them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from wayhome.kinship.arrays import FloatArray, IntArray
from wayhome.kinship.decision.genotypes import GenotypeLaw


class Terms:
    """The finite log10 LRs x of all loci and both their probabilities [k], and where each locus starts and stops [loci].

    log_finite : natural log of the probability that a stranger's LR is not zero; `finite` is that probability.
    highest, lowest : the extremes of the sum over loci.
    """

    def __init__(self, x: FloatArray, stranger: FloatArray, true: FloatArray, starts: IntArray, log_finite: float) -> None:
        self.x, self.stranger, self.true, self.starts = x, stranger, true, starts
        self.stops = np.append(starts[1:], len(x))[: len(starts)]
        self.log_finite = log_finite
        self.finite = math.exp(log_finite)
        self.highest = float(np.maximum.reduceat(x, starts).sum()) if len(starts) else 0.0
        self.lowest = float(np.minimum.reduceat(x, starts).sum()) if len(starts) else 0.0

    @classmethod
    def of(cls, laws: Sequence[GenotypeLaw]) -> Terms:
        """Those outcomes of the laws that both can have; what a stranger alone can have is LR zero."""
        stranger = np.concatenate([law.stranger for law in laws]) if laws else np.zeros(0)
        true = np.concatenate([law.true for law in laws]) if laws else np.zeros(0)
        locus = np.repeat(np.arange(len(laws)), [len(law.true) for law in laws])
        kept = (true > 0) & (stranger > 0)
        zero = np.bincount(locus[~kept], stranger[~kept], len(laws))
        stranger, true, locus = stranger[kept], true[kept], locus[kept]
        starts = np.searchsorted(locus, np.arange(len(laws)))
        return cls(np.log10(true / stranger), stranger, true, starts, float(np.log1p(-zero).sum()))

    def sums(self, values: FloatArray) -> FloatArray:
        """[loci] sums over the outcomes of each."""
        return np.asarray(np.add.reduceat(values, self.starts)) if len(self.starts) else np.zeros(0)

    def spread(self, values: FloatArray) -> FloatArray:
        """[loci] -> [k]."""
        return np.repeat(values, self.stops - self.starts)
