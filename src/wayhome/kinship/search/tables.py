"""The LR of every genotype that a missing child may have at one locus, for many families of one shape at once.

    P(missing member has g | typed relatives) / P(an unrelated child has g)

is 0 where the child's genotype is impossible and nan where those of the relatives are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np

from wayhome.kinship.arrays import FloatArray, IntArray
from wayhome.kinship.genetics.model import LocusModel
from wayhome.kinship.likelihood.evaluation import evaluate
from wayhome.kinship.likelihood.network import Shape, State

_LOG10_E = math.log10(math.e)
_PIECE = 131_072
"""Ordered genotypes worked on at a time: 1 MB, as a core's own cache holds."""


def lr_table(shape: Shape, locus: LocusModel, codes: IntArray, theta: float = 0.0) -> FloatArray:
    """log10 LR of every genotype of the open member, for each family.

    Parameters
    ----------
    shape : with the missing member open.
    codes : [families, typed, 2] allele indices of the relatives.

    Returns
    -------
    FloatArray
        [families, genotypes], or [families, n] for a male at an X locus; see `Block.log10_lr`.
    """

    def logarithms(some: IntArray) -> FloatArray:
        table = ratios(shape, locus, some, theta)
        with np.errstate(divide="ignore"):
            np.log(table, out=table)
        table *= _LOG10_E
        return table

    return _by_pieces(logarithms, codes, len(locus))


def lr_ratios(shape: Shape, locus: LocusModel, codes: IntArray, theta: float = 0.0) -> FloatArray:
    """As `lr_table`, but the LR itself: 0 where the child's genotype is impossible, nan where those of the relatives are."""
    return _by_pieces(lambda some: ratios(shape, locus, some, theta), codes, len(locus))


def in_pieces(codes: IntArray, n: int) -> Iterator[IntArray]:
    """[families, ...] so few families at a time that their tables stay in the cache."""
    size = max(1, _PIECE // n**2)
    return (codes[start : start + size] for start in range(0, max(1, len(codes)), size))


def _by_pieces(work: Callable[[IntArray], FloatArray], codes: IntArray, n: int) -> FloatArray:
    """The tables of all families, worked out piece by piece."""
    tables = [work(piece) for piece in in_pieces(codes, n)]
    return tables[0] if len(tables) == 1 else np.concatenate(tables)


def ratios(shape: Shape, locus: LocusModel, codes: IntArray, theta: float) -> FloatArray:
    joint = evaluate(shape, locus, codes, theta=theta, convention="pruned")
    table = _shown(_conditional(joint.table), locus, joint.table.ndim)
    if theta > 0:
        unrelated = _conditional(evaluate(_unrelated(shape), locus, codes, theta=theta, convention="pruned").table)
    else:
        p = locus.frequencies
        unrelated = p[None].copy() if joint.table.ndim == 2 else _unordered(np.multiply.outer(p, p)[None])
    table /= _shown(unrelated, locus, joint.table.ndim)
    table[joint.log_scale == -np.inf] = np.nan
    return table


def _conditional(joint: FloatArray) -> FloatArray:
    """Joint with the relatives -> [families, genotypes] given the relatives."""
    table = joint.copy() if joint.ndim == 2 else _unordered(joint)
    with np.errstate(divide="ignore", invalid="ignore"):
        table *= 1 / table.sum(axis=1, keepdims=True)
    return table


def _shown(table: FloatArray, locus: LocusModel, axes: int) -> FloatArray:
    """Probabilities by genotype -> by what a kit shows of it, where a silent allele exists: a/a and a/silent look the same."""
    silent, n = locus.silent, len(locus)
    if silent is not None and axes == 3:
        for a in range(n):
            if a != silent:
                alone = genotype_index(a, a, n)
                beside = genotype_index(min(a, silent), max(a, silent), n)
                table[:, alone] += table[:, beside]
                table[:, beside] = table[:, alone]
    return table


@lru_cache(maxsize=256)
def _pairs(n: int) -> tuple[IntArray, IntArray, IntArray]:
    """Of the unordered genotypes of n alleles: places of (a, b) and of (b, a) in a flat [n, n], and which are homozygous."""
    a, b = np.triu_indices(n)
    return a * n + b, b * n + a, np.flatnonzero(a == b)


def _unordered(table: FloatArray) -> FloatArray:
    """[families, n, n] by ordered alleles -> [families, n (n + 1) / 2] by unordered genotypes."""
    families, n, _ = table.shape
    there, back, homozygous = _pairs(n)
    flat = table.reshape(families, n * n)
    both = flat.take(there, axis=1, mode="clip")
    both += flat.take(back, axis=1, mode="clip")
    both[:, homozygous] /= 2
    return both


def genotype_index(a: int, b: int, n: int) -> int:
    """Place of the unordered genotype a <= b among the n (n + 1) / 2 of n alleles: 0/0, 0/1, ... 0/n-1, 1/1, 1/2, ..."""
    return a * n - a * (a - 1) // 2 + b - a


def _unrelated(shape: Shape) -> Shape:
    """The alternative: the child is a founder of its own; an untyped stand-in keeps its place in the family."""
    child = shape.open
    states = list(shape.states)
    states[child] = int(State.UNTYPED)
    return Shape(
        (*shape.father, -1),
        (*shape.mother, -1),
        (*shape.male, shape.male[child]),
        (*states, int(State.UNTYPED)),
        len(states),
        shape.x_linked,
    )


def distinct_rows(packed: IntArray, base: int) -> tuple[IntArray, IntArray]:
    """Distinct families of genotypes, and which of them each family has.

    Parameters
    ----------
    packed : [families, typed] genotypes as numbers below `base`.

    Returns
    -------
    distinct, row
        [rows, typed] and [families].
    """
    families, typed = packed.shape
    # Few of the possible genotypes occur: numbered anew, families of them fit a table far more often.
    occurring, packed = _ticked(packed, base)
    base = len(occurring)
    if base**typed <= 16 * families:
        weights = base ** np.arange(typed)
        keys, row = _ticked(packed @ weights, base**typed)
        return occurring[keys[:, None] // weights % base], row
    if base**typed < 2**62:
        _, first, row = np.unique(packed @ base ** np.arange(typed), return_index=True, return_inverse=True)
    else:
        _, first, row = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    return occurring[packed[first]], row.reshape(-1)


def _ticked(numbers: IntArray, base: int) -> tuple[IntArray, IntArray]:
    """Distinct numbers below `base`, and which of them each is: for a small base quicker than sorting."""
    place = np.zeros(base, dtype=np.int64)
    place[numbers] = 1
    distinct = np.flatnonzero(place)
    place[distinct] = np.arange(len(distinct))
    return distinct, place[numbers]
