"""Several loci of one family at once: the batch axis runs over loci in place of families.

A single family asked about at 23 loci would pay for 23 walks through the same pedigree. Ladders are padded to one length with
alleles of frequency zero, which change nothing; then frequencies and matrices carry the batch axis themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from wayhome.kinship.arrays import FloatArray
from wayhome.kinship.genetics.model import LocusModel


@dataclass(frozen=True, eq=False)
class Stack:
    """Loci stacked.

    frequencies : [loci, n].
    female, male : [loci, n, n] mutation matrices; None without mutation.
    x_linked : whether all are X-chromosomal; none is otherwise.
    """

    frequencies: FloatArray
    female: FloatArray | None
    male: FloatArray | None
    x_linked: bool = False
    silent: None = None

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, loci: tuple[LocusModel, ...]) -> Stack:
        """Stack loci without silent alleles, all autosomal or all X-chromosomal. The last stacks are kept: some 300 kB each."""
        n = max(len(locus) for locus in loci)
        frequencies = np.zeros((len(loci), n))
        for k, locus in enumerate(loci):
            frequencies[k, : len(locus)] = locus.frequencies
        return cls(
            frequencies,
            _padded([locus.female for locus in loci], n),
            _padded([locus.male for locus in loci], n),
            loci[0].x_linked,
        )

    def __len__(self) -> int:
        return int(self.frequencies.shape[1])

    def passed_on(self, paternal: bool) -> FloatArray:
        """[loci, n] what an unknown father (or mother) passes on."""
        return self._passed_on[paternal]

    @cached_property
    def _passed_on(self) -> tuple[FloatArray, FloatArray]:
        """From mothers, from fathers."""
        p = self.frequencies
        female, male = (p if m is None else np.einsum("la,lab->lb", p, m) for m in (self.female, self.male))
        return female, male

    def part(self, start: int, stop: int) -> Stack:
        """Some of the loci; all of them are this very stack."""
        if start == 0 and stop >= len(self.frequencies):
            return self
        some = slice(start, stop)
        return Stack(
            self.frequencies[some],
            None if self.female is None else self.female[some],
            None if self.male is None else self.male[some],
            self.x_linked,
        )


def _padded(matrices: Sequence[FloatArray | None], n: int) -> FloatArray | None:
    if all(matrix is None for matrix in matrices):
        return None
    stacked = np.tile(np.eye(n), (len(matrices), 1, 1))
    for k, matrix in enumerate(matrices):
        if matrix is not None:
            stacked[k, : len(matrix), : len(matrix)] = matrix
    return stacked
