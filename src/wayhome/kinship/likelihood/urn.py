"""Founder alleles of a structured population, exactly.

With coancestry theta, alleles are drawn one after another from the Balding-Nichols urn (Balding & Nichols 1994, Forensic Sci
Int 64:125): the next one is a copy of each earlier one with weight theta, or new from the population with weight 1 - theta. In
Ewens' terms, with a = (1 - theta) / theta: which alleles are copies of one another is a random partition with probability

    a^k * prod (b_i - 1)! / (a (a + 1) ... (a + m - 1)),        k blocks of sizes b_i over m alleles,

and each block draws one allele from the population. Alleles already seen in typed founders only move the urn: it goes on with
a' = a + m and the frequencies (a p + counts) / (a + m). So only founder alleles that nobody saw need partitions.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from wayhome.kinship.arrays import FloatArray, IntArray
from wayhome.kinship.errors import TooComplex

MOST_UNSEEN_ALLELES = 8
"""Founder alleles that nobody saw: 8 are 4,140 partitions, four untyped founders with several children each."""


def log_founders(codes: IntArray, frequencies: FloatArray, theta: float) -> tuple[FloatArray, FloatArray, float]:
    """Probability of the alleles seen in typed founders, and the urn as they leave it.

    Parameters
    ----------
    codes : [batch, m] allele indices, in any order.
    frequencies : [n], or [batch, n] where each has its own.
    theta : 0 < theta < 1.

    Returns
    -------
    log_probability, frequencies, a
        [batch] natural log; [batch, n] predictive frequencies; the urn's concentration, (1 - theta) / theta + m.
    """
    batch, m = codes.shape
    a = (1 - theta) / theta
    frequencies = np.broadcast_to(frequencies, (batch, frequencies.shape[-1]))
    counts = np.zeros_like(frequencies)
    rows = np.arange(batch)
    log_probability = np.zeros(batch)
    for j in range(m):
        allele = codes[:, j]
        log_probability += np.log((a * frequencies[rows, allele] + counts[rows, allele]) / (a + j))
        counts[rows, allele] += 1
    return log_probability, (a * frequencies + counts) / (a + m), a + m


@lru_cache(maxsize=256)
def partitions(groups: tuple[int, ...]) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Set partitions of alleles, those merged that differ only by exchanging the alleles of one founder.

    Parameters
    ----------
    groups : for each unseen founder allele the founder it belongs to; alleles of one founder are interchangeable.

    Returns
    -------
    tuple of (block of each allele, how many partitions it stands for).

    Raises
    ------
    TooComplex
        beyond `MOST_UNSEEN_ALLELES`.
    """
    m = len(groups)
    if m > MOST_UNSEEN_ALLELES:
        count = _bell(m)
        raise TooComplex(
            f"theta with {m} unseen founder alleles needs {count:.1e} contractions a locus; {MOST_UNSEEN_ALLELES} are most",
            "Type a founder, leave out founders who add little, or use theta 0",
            operations=count,
        )
    swaps = [pair for pair in itertools.combinations(range(m), 2) if groups[pair[0]] == groups[pair[1]]]
    merged: Counter[tuple[int, ...]] = Counter()
    for blocks in _set_partitions(m):
        merged[min(_variants(blocks, swaps))] += 1
    return tuple(sorted(merged.items()))


def _variants(blocks: tuple[int, ...], swaps: Sequence[tuple[int, int]]) -> Iterator[tuple[int, ...]]:
    for chosen in itertools.product((False, True), repeat=len(swaps)):
        order = list(blocks)
        for (i, j), swap in zip(swaps, chosen, strict=True):
            if swap:
                order[i], order[j] = order[j], order[i]
        yield _numbered(order)


def _numbered(blocks: Sequence[int]) -> tuple[int, ...]:
    """Blocks renumbered in order of appearance."""
    names: dict[int, int] = {}
    return tuple(names.setdefault(b, len(names)) for b in blocks)


def _set_partitions(m: int) -> Iterator[tuple[int, ...]]:
    """Restricted growth strings: the block of each of m things."""
    if m == 0:
        yield ()
        return
    for head in _set_partitions(m - 1):
        for block in range(max(head, default=-1) + 2):
            yield (*head, block)


def _bell(m: int) -> float:
    row = [1.0]
    for _ in range(m - 1):
        new = [row[-1]]
        for value in row:
            new.append(new[-1] + value)
        row = new
    return row[-1]


def weight(blocks: tuple[int, ...], a: float) -> float:
    """Probability of a partition, given the urn's concentration a."""
    sizes = Counter(blocks).values()
    log_weight = sum(math.log(a) + math.lgamma(size) for size in sizes) - sum(math.log(a + j) for j in range(len(blocks)))
    return math.exp(log_weight)
