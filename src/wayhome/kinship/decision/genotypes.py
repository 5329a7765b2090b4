"""What a family's missing child, and a stranger in its place, can show at each locus.

The LR of a genotype g at a locus is P(g | the child, relatives) / P(g | a stranger, relatives). Both distributions together are
all that error rates depend on. What counts is what a kit shows: with silent alleles, a/a and a/silent are one outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from wayhome.kinship.arrays import BoolArray, FloatArray, IntArray
from wayhome.kinship.errors import InputError
from wayhome.kinship.genetics.model import LocusModel, PopulationModel
from wayhome.kinship.genetics.profiles import Genotype
from wayhome.kinship.likelihood.encoding import check_sexes, codes_of, wiring
from wayhome.kinship.likelihood.evaluation import evaluate, stackable
from wayhome.kinship.likelihood.network import Shape
from wayhome.kinship.likelihood.stacking import Stack
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Pedigree
from wayhome.kinship.search.compiled import search_loci


@dataclass(frozen=True, eq=False, slots=True)
class GenotypeLaw:
    """Outcomes at one locus, each with its probability under both hypotheses.

    Parameters
    ----------
    locus : the locus, or another system that is read as one.
    true : [k] probability if this is the missing child; sums to one.
    stranger : [k] probability if it is not; sums to one, and is above zero where `true` is.
    mismatch : [k] True where the relationship explains the outcome only by a mutation.
    """

    locus: str
    true: FloatArray
    stranger: FloatArray
    mismatch: BoolArray

    @property
    def log10_lr(self) -> FloatArray:
        """[k] log10 LR of each outcome; -inf where only a stranger can have it, nan where nobody can."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.log10(self.true / self.stranger))

    @property
    def exclusion(self) -> float:
        """Probability that a stranger mismatches here."""
        return float(self.stranger @ self.mismatch)

    @property
    def mutation(self) -> float:
        """Probability that the missing child mismatches here."""
        return float(self.true @ self.mismatch)


@dataclass(frozen=True, slots=True)
class FamilyLaws:
    """The laws of a family's missing child.

    Parameters
    ----------
    laws : one for each locus that tells about the child.
    impossible : loci at which the relatives cannot be related as recorded; they tell nothing about the child.
    """

    laws: tuple[GenotypeLaw, ...]
    impossible: tuple[str, ...] = ()

    @property
    def loci(self) -> tuple[str, ...]:
        """Names of the loci that tell."""
        return tuple(law.locus for law in self.laws)


def family_laws(family: Family, model: PopulationModel, loci: Iterable[str] | None = None) -> FamilyLaws:
    """The laws of a family's missing child given the relatives typed, as a search scores it.

    Parameters
    ----------
    family : with its relatives' profiles.
    model : frequencies, mutation, theta.
    loci : loci the child will be typed at; by default every locus that `find` would use. X-chromosomal ones by name only.

    Raises
    ------
    InputError
        where no relative was typed at any of the loci.
    TooComplex, UnknownName, PedigreeError
    """
    names = search_loci([family], [model]) if loci is None else tuple(loci)
    seen = {name: shown for name in names if (shown := typed_at(family, name))}
    if not seen:
        raise InputError(
            f"no relative of {family.id} was typed at a locus of the population's table",
            "Type a relative, or choose another table",
            field=family.id,
        )
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, shown in seen.items():
        alike.setdefault(tuple(shown), []).append(name)
    found: dict[str, GenotypeLaw | None] = {}
    for some in alike.values():
        models = [model.locus(name, (label for labels in seen[name].values() for label in labels)) for name in some]
        found |= zip(some, _laws_of(family, [seen[name] for name in some], models, model.theta), strict=True)
    told = {name: found[name] for name in seen}
    return FamilyLaws(
        tuple(law for law in told.values() if law is not None), tuple(name for name, law in told.items() if law is None)
    )


def _laws_of(
    family: Family, seen: Sequence[Mapping[str, Sequence[str]]], loci: Sequence[LocusModel], theta: float
) -> list[GenotypeLaw | None]:
    """The laws of loci at which the same relatives were typed: all in one, or each alone where padding would cost too much."""
    pedigree, child = family.pedigree, family.missing
    if len(loci) > 1 and not any(locus.x_linked or locus.silent is not None for locus in loci):
        typed = [i for i in wiring(pedigree).ids if i in seen[0]]
        claimed = wiring(pedigree).shape(typed, x_linked=False, open_member=child)
        apart = wiring(pedigree.with_unrelated(child)).shape(typed, x_linked=False, open_member=child) if theta > 0 else None
        longest = max(len(locus) for locus in loci)
        if all(shape is None or stackable(shape, longest, theta, "pruned") for shape in (claimed, apart)):
            rows = [encoded(pedigree, labels, locus) for labels, locus in zip(seen, loci, strict=True)]
            codes = np.array([[row[i][0] for i in typed] for row in rows])
            return _stacked_laws(claimed, apart, codes, tuple(loci), theta)
    return [locus_law(pedigree, child, labels, locus, theta) for labels, locus in zip(seen, loci, strict=True)]


def _stacked_laws(
    claimed: Shape, apart: Shape | None, codes: IntArray, loci: tuple[LocusModel, ...], theta: float
) -> list[GenotypeLaw | None]:
    """Laws of several loci of one family by one walk through the pedigree.

    Parameters
    ----------
    claimed, apart : with the child as claimed, and as a stranger; None where strangers are independent, theta 0.
    codes : [loci, typed, 2] allele indices of the relatives.
    """
    stack = Stack.of(loci)
    exact = Stack(stack.frequencies, None, None)
    places = _places(tuple(len(locus) for locus in loci))

    def shown(shape: Shape, numbers: Stack, theta: float) -> FloatArray:
        joint = evaluate(shape, numbers, codes, theta=theta, convention="pruned")
        both = places.shown(joint.table)
        total = np.add.reduceat(both, places.starts)
        total[joint.log_scale == -np.inf] = np.nan
        with np.errstate(invalid="ignore"):
            return np.asarray(both / np.repeat(total, places.sizes))

    true = shown(claimed, stack, theta)
    if apart is None:
        p = stack.frequencies
        stranger = places.shown(p[:, :, None] * p[:, None, :])
    else:
        stranger = shown(apart, stack, theta)
    mismatch = shown(claimed, exact, 0.0) == 0
    return [
        None if np.isnan(true[start]) else GenotypeLaw(locus.name, true[start:stop], stranger[start:stop], mismatch[start:stop])
        for locus, start, stop in zip(loci, places.starts, places.stops, strict=True)
    ]


def typed_at(family: Family, locus: str) -> dict[str, Genotype]:
    """Member -> genotype of the relatives typed at a locus."""
    return {member: labels for member, p in family.profiles.items() if (labels := p.genotypes.get(locus))}


def locus_law(
    pedigree: Pedigree, child: str, seen: Mapping[str, Sequence[str]], locus: LocusModel, theta: float = 0.0
) -> GenotypeLaw | None:
    """The law of a child at one locus; None where the relatives' genotypes are impossible together.

    Parameters
    ----------
    seen : member -> labels of the typed relatives.
    """
    codes = encoded(pedigree, seen, locus)
    true, stranger = child_laws(pedigree, child, codes, locus, theta)
    if np.isnan(true[0]).any():
        return None
    return GenotypeLaw(locus.name, true[0], stranger[0], mismatches(pedigree, child, codes, locus)[0])


def encoded(pedigree: Pedigree, seen: Mapping[str, Sequence[str]], locus: LocusModel) -> dict[str, IntArray]:
    """Member -> [1, 2] allele indices."""
    check_sexes(pedigree, locus)
    return {
        member: np.array([codes_of(labels, locus, hemizygous=locus.x_linked and pedigree[member].sex == "M", member=member)])
        for member, labels in seen.items()
    }


def child_laws(
    pedigree: Pedigree, child: str, codes: Mapping[str, IntArray], locus: LocusModel, theta: float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Distributions of what the child shows, for a batch of families of one pedigree.

    Parameters
    ----------
    codes : typed member -> [families, 2] allele indices, smaller first.

    Returns
    -------
    true, stranger
        [families, outcomes] each, outcomes as in `outcomes`; nan where the relatives are impossible together.

    Raises
    ------
    TooComplex
    """
    true = genotype_laws(pedigree, child, codes, locus, theta)
    if theta > 0:
        stranger = genotype_laws(pedigree.with_unrelated(child), child, codes, locus, theta)
    else:
        p = locus.frequencies
        alone = p[None] if _hemizygous(pedigree, child, locus) else np.multiply.outer(p, p)[None]
        stranger = np.broadcast_to(outcomes(alone, locus), true.shape)
    return true, stranger


def genotype_laws(
    pedigree: Pedigree, member: str, codes: Mapping[str, IntArray], locus: LocusModel, theta: float = 0.0, batch: int = 1
) -> FloatArray:
    """[families, outcomes] distribution of what a member shows given others; nan where those are impossible together.

    Parameters
    ----------
    codes : typed member -> [families, 2] allele indices, smaller first; `member` is not among them.
    batch : families where nobody is typed.
    """
    wired = wiring(pedigree)
    typed = [i for i in wired.ids if i in codes]
    shape = wired.shape(typed, x_linked=locus.x_linked, open_member=member)
    rows = np.stack([codes[i] for i in typed], axis=1) if typed else np.zeros((batch, 0, 2), dtype=np.int64)
    joint = evaluate(shape, locus, rows, theta=theta, convention="pruned")
    table = outcomes(joint.table, locus)
    with np.errstate(divide="ignore", invalid="ignore"):
        table = np.asarray(table / table.sum(axis=1, keepdims=True))
    table[joint.log_scale == -np.inf] = np.nan
    return table


def outcomes(table: FloatArray, locus: LocusModel) -> FloatArray:
    """What a kit shows of a member's alleles.

    Parameters
    ----------
    table : [families, n, n] by paternal and maternal allele, or [families, n] for a male at an X-chromosomal locus.

    Returns
    -------
    FloatArray
        [families, k]: the unordered genotypes a/b of `unordered`, then, with a silent allele, nothing at all. By allele where
        there is one.
    """
    if table.ndim == 2:
        return table
    both = table + table.transpose(0, 2, 1)
    a, b = unordered(locus)
    shown = both[:, a, b]
    alike = np.flatnonzero(a == b)
    shown[:, alike] /= 2
    if locus.silent is None:
        return np.asarray(shown)
    shown[:, alike] += both[:, a[alike], locus.silent]
    return np.concatenate([shown, both[:, locus.silent, locus.silent][:, None] / 2], axis=1)


def unordered(locus: LocusModel) -> tuple[IntArray, IntArray]:
    """Indices a <= b of the genotypes that a kit can show, in the order of the outcomes."""
    return _pairs(len(locus), locus.silent)


@lru_cache(maxsize=256)
def _pairs(n: int, silent: int | None) -> tuple[IntArray, IntArray]:
    heard = np.array([i for i in range(n) if i != silent])
    a, b = np.triu_indices(len(heard))
    return heard[a], heard[b]


class _Places:
    """Where the outcomes of `unordered` of several loci, one behind the other, lie in a padded [loci, n, n] table.

    there, back : [outcomes] places of a/b and b/a.
    share : [outcomes] 1 of a heterozygote; 1/2 of a homozygote, whose places are the same.
    starts, stops : [loci] of each locus' outcomes.
    """

    def __init__(self, lengths: tuple[int, ...]) -> None:
        n = max(lengths)
        pairs = [_pairs(length, None) for length in lengths]
        self.there = np.concatenate([(k * n + a) * n + b for k, (a, b) in enumerate(pairs)])
        self.back = np.concatenate([(k * n + b) * n + a for k, (a, b) in enumerate(pairs)])
        self.share = np.where(self.there == self.back, 0.5, 1.0)
        self.sizes = [len(a) for a, _ in pairs]
        self.stops: IntArray = np.cumsum(self.sizes, dtype=np.int64)
        self.starts: IntArray = self.stops - np.array(self.sizes, dtype=np.int64)

    def shown(self, table: FloatArray) -> FloatArray:
        """[outcomes] of [loci, n, n] by paternal and maternal allele."""
        flat = table.reshape(-1)
        both = flat.take(self.there)
        both += flat.take(self.back)
        both *= self.share
        return both


_places = lru_cache(maxsize=256)(_Places)


def mismatches(pedigree: Pedigree, child: str, codes: Mapping[str, IntArray], locus: LocusModel) -> BoolArray:
    """[families, outcomes] True where only a mutation explains what the child shows; nowhere if the relatives need one."""
    exact = LocusModel(locus.name, locus.alleles, locus.frequencies, None, None, locus.silent, locus.x_linked)
    with np.errstate(invalid="ignore"):
        return np.asarray(genotype_laws(pedigree, child, codes, exact) == 0)


def _hemizygous(pedigree: Pedigree, child: str, locus: LocusModel) -> bool:
    return locus.x_linked and pedigree[child].sex == "M"
