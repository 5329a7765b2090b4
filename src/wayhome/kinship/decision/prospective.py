"""What typing somebody else, or more loci, would bring: laws averaged over what is not seen yet.

Loci are independent, so P(LR > t) after an act is the convolution of one law per locus, each averaged over the genotypes that the
new relative may turn out to have, with their probabilities given the relatives typed so far. No simulation is needed for that. At
loci where several relatives are yet to be typed their genotypes are too many to list; families are then drawn by gene dropping,
the child's law of each still exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from wayhome.kinship.arrays import FloatArray, IntArray
from wayhome.kinship.decision.genotypes import GenotypeLaw, child_laws, encoded, genotype_laws, mismatches, unordered
from wayhome.kinship.genetics.model import LocusModel
from wayhome.kinship.likelihood.encoding import check_sexes, wiring
from wayhome.kinship.likelihood.network import State
from wayhome.kinship.likelihood.pruning import pruned
from wayhome.kinship.likelihood.urn import partitions
from wayhome.kinship.pedigrees.gene_drop import gene_drop
from wayhome.kinship.pedigrees.pedigree import Pedigree

BATCHES = 8
"""Parts of a simulation, whose spread tells its error."""
_LEFT_OUT = 1e-7
"""Probability of the rarest genotypes of a new relative, left out together."""
_ROWS = 512
"""Families computed at a time."""
_MOST_CONTRACTIONS = 2000
"""For one law; beyond, families are drawn."""


def with_relative(
    pedigree: Pedigree,
    child: str,
    relative: str,
    seen: Mapping[str, Sequence[str]],
    locus: LocusModel,
    theta: float = 0.0,
    *,
    rng: np.random.Generator | None = None,
) -> list[GenotypeLaw]:
    """Laws of a relative's genotype and the child's together, before either is typed.

    Parameters
    ----------
    relative : an untyped member.
    seen : member -> labels of those typed.
    rng : the source of chance where theta makes an exact answer dear; without it the answer is exact at any price.

    Returns
    -------
    list
        one law, exact: an outcome is a pair of genotypes, its LR that of the child given all typed relatives, the new one among
        them. `BATCHES` laws where the relative's genotypes were drawn: each is without bias, their mean is the estimate and their
        spread its error. Empty where those typed are impossible together.

    Raises
    ------
    TooComplex, PedigreeError
    """
    codes = encoded(pedigree, seen, locus)
    weight = genotype_laws(pedigree, relative, codes, locus, theta)[0]
    if np.isnan(weight).any():
        return []
    a, b = unordered(locus)
    if locus.x_linked and pedigree[relative].sex == "M":
        a = b = np.array([i for i in range(len(locus)) if i != locus.silent])
        weight = weight[a]
    weight = weight[: len(a)]  # not those of which a kit shows nothing
    order = np.argsort(-weight)
    total = np.cumsum(weight[order])
    kept = order[: int(np.searchsorted(total, total[-1] * (1 - _LEFT_OUT))) + 1]
    share = weight[kept] / weight[kept].sum()
    dear = _affordable(len(kept), pedigree, child, (*codes, relative), locus, theta)
    if rng is None or dear >= len(kept):
        parts = [(kept, share)]
    else:
        parts = [(kept[_drawn(share, dear // BATCHES, rng)], np.full(dear // BATCHES, BATCHES / dear)) for _ in range(BATCHES)]
    laws = []
    for chosen, weights in parts:
        rows = {member: np.repeat(pair, len(chosen), axis=0) for member, pair in codes.items()}
        rows[relative] = np.stack([a[chosen], b[chosen]], axis=1)
        laws.append(_averaged(pedigree, child, rows, weights, locus, theta))
    return laws


def given_child(
    pedigree: Pedigree,
    child: str,
    relative: str,
    seen: Mapping[str, Sequence[str]],
    labels: Sequence[str],
    locus: LocusModel,
    theta: float = 0.0,
) -> GenotypeLaw | None:
    """The law of a relative's genotype given that of a child who was typed.

    The LR of an outcome is the factor by which it changes the child's LR, since

        P(new, child, typed | H1) / P(new, child, typed | H2) = LR so far * P(new | child, typed, H1) / P(new | child, typed, H2).

    Under a mutation model that is not stationary this holds but for the difference between a founder who is in the pedigree and
    one who is not (docs/decisions, 3): a few hundredths of log10 LR.

    Parameters
    ----------
    labels : what the child showed.

    Returns
    -------
    GenotypeLaw | None
        None where the typed are impossible together, or the child with them.

    Raises
    ------
    TooComplex, PedigreeError
    """
    codes = encoded(pedigree, {**seen, child: labels}, locus)
    true = genotype_laws(pedigree, relative, codes, locus, theta)[0]
    stranger = genotype_laws(pedigree.with_unrelated(child), relative, codes, locus, theta)[0]
    if np.isnan(true).any() or np.isnan(stranger).any():
        return None
    return GenotypeLaw(locus.name, true, stranger, np.zeros(len(true), dtype=bool))


def of_new_locus(
    pedigree: Pedigree,
    child: str,
    typed: Sequence[str],
    locus: LocusModel,
    theta: float = 0.0,
    *,
    draws: int,
    rng: np.random.Generator,
) -> list[GenotypeLaw]:
    """Laws of a locus that nobody was typed at yet, if these relatives and the child will be.

    Parameters
    ----------
    draws : families to simulate where there are several relatives; fewer where theta makes each dear.

    Returns
    -------
    list
        as `with_relative`.

    Raises
    ------
    TooComplex, PedigreeError
    """
    if len(typed) == 1:
        return with_relative(pedigree, child, typed[0], {}, locus, theta, rng=rng)
    check_sexes(pedigree, locus)
    draws = max(BATCHES, min(draws, _affordable(draws, pedigree, child, typed, locus, theta)))
    at = [pedigree.ids.index(member) for member in typed]
    alleles = np.sort(gene_drop(pedigree, locus, draws, rng, theta=theta)[:, at], axis=2)
    if locus.silent is not None:
        alleles = _heard(alleles, locus.silent)
    laws = []
    for some in np.array_split(alleles, BATCHES):
        rows = {member: some[:, i] for i, member in enumerate(typed)}
        laws.append(_averaged(pedigree, child, rows, np.full(len(some), 1 / len(some)), locus, theta))
    return laws


def merged(law: GenotypeLaw, width: float = 1e-3) -> GenotypeLaw:
    """The law with outcomes put together whose log10 LRs lie in one interval of this width; both its sums are kept.

    An averaged law has tens of thousands of outcomes. What becomes of a threshold is what a displacement by less than the width,
    at each locus, could do.
    """
    possible = (law.true > 0) & (law.stranger > 0)
    x = law.log10_lr[possible]
    if len(x) == 0:
        return law
    first = np.floor(x.min() / width)
    place = (np.floor(x / width) - first).astype(np.int64) * 2 + law.mismatch[possible]
    true, stranger = np.bincount(place, law.true[possible]), np.bincount(place, law.stranger[possible])
    kept = np.flatnonzero(true > 0)
    zero = law.stranger[~possible].sum()
    return GenotypeLaw(
        law.locus,
        np.append(true[kept], 0.0),
        np.append(stranger[kept], zero),
        np.append(kept % 2 == 1, True),
    )


def _heard(alleles: IntArray, silent: int) -> IntArray:
    """a/silent reads a/a; families in which somebody shows nothing are left out."""
    alleles = alleles[~(alleles == silent).all(axis=2).any(axis=1)]
    other = np.where(alleles[:, :, :1] == silent, alleles[:, :, 1:], alleles[:, :, :1])
    return np.sort(np.where(alleles == silent, other, alleles), axis=2)


def _affordable(rows: int, pedigree: Pedigree, child: str, typed: Sequence[str], locus: LocusModel, theta: float) -> int:
    """How many families of these to compute: all, or with theta, where each costs one contraction per partition, some."""
    if theta == 0:
        return rows
    cost = _partitions(pedigree, child, typed, locus)
    if rows * cost <= _MOST_CONTRACTIONS:
        return rows
    return min(rows, max(BATCHES, _MOST_CONTRACTIONS // 4 // cost // BATCHES * BATCHES))


def _partitions(pedigree: Pedigree, child: str, typed: Sequence[str], locus: LocusModel) -> int:
    """Partitions of the founder alleles that nobody showed."""
    shape = wiring(pedigree).shape(typed, x_linked=locus.x_linked, open_member=child)
    _, shape = pruned(shape, "pruned")
    unseen: list[int] = []
    for i, parents in enumerate(zip(shape.father, shape.mother, strict=True)):
        absent = sum(parent < 0 for parent in parents)
        if shape.states[i] == State.UNTYPED:
            unseen += [i] * absent
        elif absent == 1:
            unseen.append(i)
    return len(partitions(tuple(unseen)))


def _drawn(share: FloatArray, number: int, rng: np.random.Generator) -> IntArray:
    """Places drawn with these probabilities, spread evenly (systematic sampling)."""
    at = (rng.random() + np.arange(number)) / number
    return np.asarray(np.minimum(np.searchsorted(np.cumsum(share), at), len(share) - 1))


def _laws(
    pedigree: Pedigree, child: str, rows: Mapping[str, IntArray], locus: LocusModel, theta: float
) -> tuple[FloatArray, FloatArray]:
    """`child_laws` of many families, some at a time."""
    number = len(next(iter(rows.values())))
    parts = [
        child_laws(pedigree, child, {member: pairs[at : at + _ROWS] for member, pairs in rows.items()}, locus, theta)
        for at in range(0, number, _ROWS)
    ]
    return np.concatenate([true for true, _ in parts]), np.concatenate([stranger for _, stranger in parts])


def _averaged(
    pedigree: Pedigree, child: str, rows: Mapping[str, IntArray], weight: FloatArray, locus: LocusModel, theta: float
) -> GenotypeLaw:
    """The laws of many families as one, each with its weight."""
    true, stranger = (part * weight[:, None] for part in _laws(pedigree, child, rows, locus, theta))
    mismatch = np.broadcast_to(mismatches(pedigree, child, rows, locus), true.shape)
    return GenotypeLaw(locus.name, true.ravel(), stranger.ravel(), mismatch.ravel())
