"""Likelihoods by enumeration: what the engine is held against.

Every ordered genotype of every member is written out as one row of a table, founders' alleles drawn one after another,
children's alleles sent by either of the parent's with probability a half and mutated on the way; the rows that show what was
typed are summed. Nothing is shared with the engine but the containers `Pedigree` and `LocusModel`; cost grows as n^(2 members).

With theta the m-th founder allele drawn is a with probability (x theta + (1 - theta) p_a) / (1 + (m - 2) theta), where x of the
m - 1 drawn before it were a (Balding & Nichols 1994, Forensic Sci Int 64:125; Weir 2007, Ann Appl Stat 1:322).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from wayhome.kinship import BoolArray, FloatArray, IntArray, LocusModel, Pedigree

Parents = dict[str, tuple[str | None, str | None]]


def log_likelihood(
    pedigree: Pedigree,
    genotypes: Mapping[str, Sequence[str]],
    locus: LocusModel,
    *,
    theta: float = 0.0,
    convention: str = "as_written",
) -> float:
    """Natural log of the probability of all genotypes; -inf where no row shows them."""
    _, weight = _rows(pedigree, genotypes, locus, theta, convention, None)
    total = math.fsum(weight)
    return math.log(total) if total else -math.inf


def joint(
    pedigree: Pedigree,
    member: str,
    genotypes: Mapping[str, Sequence[str]],
    locus: LocusModel,
    *,
    theta: float = 0.0,
    convention: str = "as_written",
) -> FloatArray:
    """Probability of all genotypes together with each of an untyped member: [n, n] by paternal and maternal allele, or [n]."""
    columns, weight = _rows(pedigree, genotypes, locus, theta, convention, member)
    own = [columns[key] for key in ((member, "father"), (member, "mother")) if key in columns]
    table = np.zeros((len(locus),) * len(own))
    np.add.at(table, tuple(own), weight)
    return table


def _rows(
    pedigree: Pedigree,
    genotypes: Mapping[str, Sequence[str]],
    locus: LocusModel,
    theta: float,
    convention: str,
    kept: str | None,
) -> tuple[dict[tuple[str, str], IntArray], FloatArray]:
    """Alleles by (member, parent's side) and probability of every row that shows the genotypes."""
    typed = {member for member, labels in genotypes.items() if labels}
    parents = {member.id: (member.father, member.mother) for member in pedigree}
    if convention == "pruned":
        sons = {member.id for member in pedigree if locus.x_linked and member.sex == "M"}
        parents = _pruned(parents, typed | {kept}, sons)
    n = len(locus)
    columns: dict[tuple[str, str], IntArray] = {}
    drawn: list[tuple[str, str]] = []
    weight = np.ones(1)

    def expand(key: tuple[str, str], probability: FloatArray) -> None:
        nonlocal weight
        row, allele = np.nonzero(weight[:, None] * probability)
        weight = weight[row] * probability[row, allele]
        for other in columns:
            columns[other] = columns[other][row]
        columns[key] = allele

    for member in _in_order(parents):
        hemizygous = locus.x_linked and pedigree[member].sex == "M"
        for side, parent, matrix in zip(("father", "mother"), parents[member], (locus.male, locus.female), strict=True):
            if hemizygous and side == "father":
                continue
            if parent is None:
                copies = sum((np.eye(n)[columns[key]] for key in drawn), np.zeros((len(weight), n)))
                expand((member, side), (theta * copies + (1 - theta) * locus.frequencies) / (1 + (len(drawn) - 1) * theta))
                drawn.append((member, side))
                continue
            sent = [columns[key] for key in ((parent, "father"), (parent, "mother")) if key in columns]
            arriving = np.eye(n) if matrix is None else matrix
            expand((member, side), sum(arriving[alleles] for alleles in sent) / len(sent))
        if member in typed:
            own = tuple(columns[key] for key in ((member, "father"), (member, "mother")) if key in columns)
            shows = _showing(genotypes[member], locus, len(own))[own]
            weight = weight[shows]
            for key in columns:
                columns[key] = columns[key][shows]
    return columns, weight


def _showing(labels: Sequence[str], locus: LocusModel, copies: int) -> BoolArray:
    """[n] or [n, n]: which alleles a kit shows as these labels."""
    table = np.zeros((len(locus),) * copies, dtype=bool)
    for alleles in np.ndindex(table.shape):
        table[alleles] = {locus.alleles[a] for a in alleles if a != locus.silent} == set(labels)
    return table


def _in_order(parents: Parents) -> list[str]:
    """Members after their parents."""
    order: list[str] = []
    while len(order) < len(parents):
        order += [m for m, both in parents.items() if m not in order and all(p is None or p in order for p in both)]
    return order


def _pruned(parents: Parents, kept: set[str | None], sons: set[str]) -> Parents:
    """Without untyped members who pass on to nobody, and untyped founders who pass on to one, until there is none.

    `sons` have nothing of their fathers: the males at an X-chromosomal locus.
    """
    for member, own in parents.items():
        children = [m for m, (father, mother) in parents.items() if member == mother or (member == father and m not in sons)]
        if member not in kept and (not children or (own == (None, None) and len(children) == 1)):
            left = {m: both for m, both in parents.items() if m != member}
            left = {m: (f if f != member else None, g if g != member else None) for m, (f, g) in left.items()}
            return _pruned(left, kept, sons)
    return parents
