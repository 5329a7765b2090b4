"""Random pedigrees, loci and genotypes: loops, single parents, several components, untyped members, any matrix.

Genotypes are dropped through the pedigree by hypothesis' own choices and then sometimes spoilt, so that most cases are possible
and some are not. Sizes are kept where enumerating every ordered genotype stays cheap, unless `deep` asks for more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from wayhome.kinship import FloatArray, LocusModel, Pedigree, Sex

RATES = (1e-3, 0.01, 0.3)
_LABELS = ("10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21")


@dataclass(frozen=True)
class Case:
    """A pedigree typed at one locus.

    genotypes : member -> labels as a kit shows them; those left out are untyped.
    """

    pedigree: Pedigree
    locus: LocusModel
    genotypes: Mapping[str, tuple[str, ...]]
    theta: float = 0.0


@st.composite
def families_of_any_shape(draw: st.DrawFn, *, most: int = 6, sexes_known: bool = True) -> Pedigree:
    """Directed acyclic graphs of 1..most members in any order; either parent may be missing."""
    size = draw(st.integers(1, most))
    names = draw(st.permutations("abcdefghijkl"[:size]))
    rows: list[tuple[str, str | None, str | None, Sex]] = []
    males: list[str] = []
    females: list[str] = []
    for name in names:
        # Parents are likelier than none, so that most pedigrees hang together.
        father = draw(st.sampled_from([*males, *males, None]))
        mother = draw(st.sampled_from([*females, *females, None]))
        sex: Sex = draw(st.sampled_from(["F", "M"]))
        (males if sex == "M" else females).append(name)
        rows.append((name, father, mother, sex))
    if not sexes_known and draw(st.booleans()):
        rows = [(name, father, mother, "U") for name, father, mother, _ in rows]
    return Pedigree.of(draw(st.permutations(rows)))


@st.composite
def _matrix(draw: st.DrawFn, p: FloatArray, kinds: tuple[str, ...]) -> FloatArray | None:
    n = len(p)
    rate = draw(st.sampled_from(RATES))
    match draw(st.sampled_from(kinds)):
        case "none":
            return None
        case "equal":
            return np.eye(n) * (1 - rate) + rate * (1 - np.eye(n)) / (n - 1) if n > 1 else np.eye(1)
        case "proportional":
            return np.eye(n) * (1 - rate) + rate * p
        case "one target":
            return np.eye(n) * (1 - rate) + rate * draw(_shares(n))
        case "stepwise":
            steps = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
            weight = np.where(steps > 0, 0.1 ** (steps - 1.0), 0.0)
            return np.eye(n) * (1 - rate) + rate * weight / weight.sum(axis=1, keepdims=True) if n > 1 else np.eye(1)
        case _:
            return np.stack([draw(_shares(n)) for _ in range(n)])


@st.composite
def _shares(draw: st.DrawFn, n: int, least: int = 0) -> FloatArray:
    """[n], sum one, some of them zero where `least` is."""
    weights = draw(st.lists(st.integers(least, 9), min_size=n, max_size=n).filter(any))
    return np.array(weights) / sum(weights)


LUMPABLE = ("none", "equal", "proportional", "one target")
ANY_MATRIX = (*LUMPABLE, "stepwise", "any")


@st.composite
def loci_of_any_kind(
    draw: st.DrawFn,
    n: int,
    *,
    x_linked: bool = False,
    silent: bool = False,
    matrices: tuple[str, ...] = ANY_MATRIX,
    least: int = 0,
) -> LocusModel:
    """A ladder of n alleles with any frequencies, an own matrix for each sex and, if wanted, a silent allele at any place."""
    p = draw(_shares(n, least))
    where = draw(st.integers(0, n - 1)) if silent else None
    female, male = draw(_matrix(p, matrices)), draw(_matrix(p, matrices))
    return LocusModel("locus", _LABELS[:n], p, female, male, where, x_linked)


def _unseen(pedigree: Pedigree, typed: set[str], *, silent: bool) -> int:
    """How many founder alleles nobody sees, at the most."""
    return sum(
        (member.father is None) + (member.mother is None)
        for member in pedigree
        if member.parents or member.id not in typed or silent
    )


@st.composite
def cases(
    draw: st.DrawFn,
    *,
    x_linked: bool | None = None,
    silent: bool | None = None,
    structured: bool | None = None,
    deep: bool = False,
    matrices: tuple[str, ...] = ANY_MATRIX,
    least: int = 0,
) -> Case:
    """A typed pedigree; None leaves the choice to hypothesis.

    Parameters
    ----------
    structured : whether theta > 0.
    deep : larger pedigrees and ladders than can be enumerated.
    least : 1 keeps every frequency above zero.
    """
    x_linked = draw(st.booleans()) if x_linked is None else x_linked
    silent = draw(st.booleans()) if silent is None else silent
    structured = draw(st.booleans()) if structured is None else structured
    pedigree = draw(families_of_any_shape(most=9 if deep else 6, sexes_known=x_linked))
    typed = {name for name in pedigree.ids if draw(st.integers(0, 2))}
    theta = 0.0
    if structured:
        # Each unseen allele multiplies the engine's partitions: type members until few are left.
        for name in pedigree.ids:
            if _unseen(pedigree, typed, silent=silent) > 5:
                typed.add(name)
        if _unseen(pedigree, typed, silent=silent) <= 6:
            theta = draw(st.sampled_from([1e-4, 0.01, 0.3, 0.9]))
    # Who has two silent alleles shows nothing, and is as good as untyped.
    hidden = len(pedigree) - (0 if silent else len(typed))
    n = draw(st.integers(2 if silent else 1, 12 if deep else {5: 3, 6: 3 if silent else 2}.get(hidden, 4)))
    locus = draw(loci_of_any_kind(n, x_linked=x_linked, silent=silent, matrices=matrices, least=least))
    return Case(pedigree, locus, draw(_genotypes(pedigree, locus, typed)), theta)


@st.composite
def _genotypes(draw: st.DrawFn, pedigree: Pedigree, locus: LocusModel, typed: set[str]) -> dict[str, tuple[str, ...]]:
    codes = st.integers(0, len(locus) - 1)
    alleles: dict[str, tuple[int, ...]] = {}
    shown: dict[str, tuple[str, ...]] = {}
    for name in pedigree.from_the_oldest:
        member = pedigree[name]
        hemizygous = locus.x_linked and member.sex == "M"
        parents = (member.mother,) if hemizygous else (member.father, member.mother)
        spoilt = draw(st.integers(0, 7)) == 7
        alleles[name] = tuple(
            draw(codes) if parent is None or spoilt else draw(st.sampled_from(alleles[parent])) for parent in parents
        )
        labels = sorted({locus.alleles[a] for a in alleles[name] if a != locus.silent})
        if name in typed and labels:
            # A homozygote may be told once or twice, in any order.
            twice = len(labels) == 1 and draw(st.booleans())
            shown[name] = tuple(draw(st.permutations(labels * 2 if twice else labels)))
    return shown
