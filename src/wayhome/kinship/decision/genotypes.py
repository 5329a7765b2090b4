"""What a family's missing child, and a stranger in its place, can show at each locus.

The LR of a genotype g at a locus is P(g | the child, relatives) / P(g | a stranger, relatives). Both distributions together are
all that error rates depend on. What counts is what a kit shows: with silent alleles, a/a and a/silent are one outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wayhome.kinship.arrays import BoolArray, FloatArray, IntArray
from wayhome.kinship.errors import InputError
from wayhome.kinship.genetics.model import LocusModel, PopulationModel
from wayhome.kinship.genetics.profiles import Genotype
from wayhome.kinship.likelihood.encoding import check_sexes, codes_of, wiring
from wayhome.kinship.likelihood.evaluation import evaluate
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
        return float(self.stranger[self.mismatch].sum())

    @property
    def mutation(self) -> float:
        """Probability that the missing child mismatches here."""
        return float(self.true[self.mismatch].sum())


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
    laws, impossible = [], []
    for name in names:
        seen = typed_at(family, name)
        if not seen:
            continue
        locus = model.locus(name, (label for labels in seen.values() for label in labels))
        law = locus_law(family.pedigree, family.missing, seen, locus, model.theta)
        if law is None:
            impossible.append(name)
        else:
            laws.append(law)
    if not laws and not impossible:
        raise InputError(
            f"no relative of {family.id} was typed at a locus of the population's table",
            "Type a relative, or choose another table",
            field=family.id,
        )
    return FamilyLaws(tuple(laws), tuple(impossible))


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
    heard = np.array([i for i in range(len(locus)) if i != locus.silent])
    a, b = np.triu_indices(len(heard))
    return heard[a], heard[b]


def mismatches(pedigree: Pedigree, child: str, codes: Mapping[str, IntArray], locus: LocusModel) -> BoolArray:
    """[families, outcomes] True where only a mutation explains what the child shows; nowhere if the relatives need one."""
    exact = LocusModel(locus.name, locus.alleles, locus.frequencies, None, None, locus.silent, locus.x_linked)
    with np.errstate(invalid="ignore"):
        return np.asarray(genotype_laws(pedigree, child, codes, exact) == 0)


def _hemizygous(pedigree: Pedigree, child: str, locus: LocusModel) -> bool:
    return locus.x_linked and pedigree[child].sex == "M"
