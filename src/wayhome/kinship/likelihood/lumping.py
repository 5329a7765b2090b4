"""Alleles that nobody carries, put together where that changes nothing.

A Markov chain may be lumped without error when every state of a class reaches each other class with the same probability (Kemeny
& Snell 1976, "Finite Markov Chains", theorem 6.3.2). Without mutation and under the equal and proportional models this holds for
any set of alleles; under stepwise models it does not, and all alleles are kept. The test is made on the matrix itself, so that
custom matrices are served as well.
"""

from __future__ import annotations

import numpy as np

from wayhome.kinship.arrays import FloatArray, IntArray
from wayhome.kinship.genetics.model import LocusModel

_SAME = 1e-15
"""Rounding of published matrices; an error of this size in a transition is far below the engine's own."""


def lumped(locus: LocusModel, codes: IntArray) -> tuple[LocusModel, IntArray]:
    """The locus with all alleles outside `codes` as one, and the index each old allele has in it.

    Parameters
    ----------
    codes : allele indices that somebody carries, any shape.

    Returns
    -------
    locus, index
        the very same locus and the identity where lumping is not exact or spares nothing.
    """
    n = len(locus)
    carried = np.zeros(n, dtype=bool)
    carried[codes] = True
    if locus.silent is not None:
        carried[locus.silent] = True
    rest = np.flatnonzero(~carried)
    if len(rest) < 2 or not (_lumpable(locus.female, carried) and _lumpable(locus.male, carried)):
        return locus, np.arange(n)
    kept = np.flatnonzero(carried)
    index = np.full(n, len(kept))
    index[kept] = np.arange(len(kept))
    lump = np.zeros((n, len(kept) + 1))
    lump[np.arange(n), index] = 1.0
    first = np.append(kept, rest[0])

    def matrix(full: FloatArray | None) -> FloatArray | None:
        return None if full is None else full[first] @ lump

    frequencies = locus.frequencies @ lump
    silent = None if locus.silent is None else int(index[locus.silent])
    rest_name = "rest"
    while rest_name in locus.index:
        rest_name += "'"
    names = (*(locus.alleles[i] for i in kept), rest_name)
    return LocusModel(locus.name, names, frequencies, matrix(locus.female), matrix(locus.male), silent, locus.x_linked), index


def _lumpable(matrix: FloatArray | None, carried: np.ndarray) -> bool:
    if matrix is None:
        return True
    out = matrix[np.ix_(~carried, carried)]
    return out.size == 0 or float(np.ptp(out, axis=0).max(initial=0.0)) <= _SAME
