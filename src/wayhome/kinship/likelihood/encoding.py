"""From pedigrees and labels to the indices that the engine computes with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from wayhome.kinship.arrays import IntArray
from wayhome.kinship.errors import PedigreeError, ProfileError
from wayhome.kinship.genetics.model import LocusModel
from wayhome.kinship.likelihood.network import Shape, State
from wayhome.kinship.pedigrees.pedigree import Pedigree


@dataclass(frozen=True, slots=True)
class Wiring:
    """A pedigree without names: members from the oldest to the youngest, parents as indices, -1 where absent."""

    ids: tuple[str, ...]
    father: tuple[int, ...]
    mother: tuple[int, ...]
    male: tuple[bool, ...]

    def shape(self, typed: Sequence[str], *, x_linked: bool, open_member: str | None = None) -> Shape:
        """The shape with these members typed."""
        known = set(typed)
        states = tuple(int(State.TYPED if i in known else State.UNTYPED) for i in self.ids)
        male = self.male if x_linked else (False,) * len(self.ids)
        return Shape(self.father, self.mother, male, states, -1 if open_member is None else self.ids.index(open_member), x_linked)


@lru_cache(maxsize=65536)
def wiring(pedigree: Pedigree) -> Wiring:
    """The wiring of a pedigree."""
    ids = pedigree.from_the_oldest
    at: dict[str | None, int] = {None: -1} | {member: i for i, member in enumerate(ids)}
    members = [pedigree[member] for member in ids]
    return Wiring(
        ids,
        tuple(at[m.father] for m in members),
        tuple(at[m.mother] for m in members),
        tuple(m.sex == "M" for m in members),
    )


def check_sexes(pedigree: Pedigree, locus: LocusModel) -> None:
    """PedigreeError where an X-chromosomal locus meets a member whose sex is not known."""
    if not locus.x_linked:
        return
    for member in pedigree:
        if member.sex == "U":
            raise PedigreeError(
                f"{pedigree.name}: the sex of {member.id} must be known for the X-chromosomal locus {locus.name}",
                "Record it, or leave the locus out",
                member=member.id,
            )


def codes_of(labels: Sequence[str], locus: LocusModel, *, hemizygous: bool = False, member: str = "") -> tuple[int, int]:
    """Both allele indices of a genotype, smaller first; one label is a homozygote, or a male's one allele of the X.

    Raises
    ------
    ProfileError
        for no label, more than two, two different ones in a hemizygote, or a label that is not on the ladder.
    """
    found = sorted(locus.codes(labels))
    if not 1 <= len(found) <= 2:
        raise ProfileError(f"{member} has {len(found)} alleles at {locus.name}", "Give one or two", field=locus.name)
    if hemizygous and found[0] != found[-1]:
        raise ProfileError(
            f"{member} is male and has two alleles at the X-chromosomal locus {locus.name}",
            "Correct the sex or the alleles",
            field=locus.name,
        )
    return found[0], found[-1]


def encode(
    pedigree: Pedigree, genotypes: Mapping[str, Sequence[str]], locus: LocusModel, open_member: str | None = None
) -> tuple[Shape, IntArray]:
    """Shape and codes [1, typed, 2] of one family at one locus.

    Parameters
    ----------
    genotypes : member -> labels; members with no label are untyped, ids outside the pedigree are an error.
    """
    check_sexes(pedigree, locus)
    for member in (*genotypes, *(() if open_member is None else (open_member,))):
        pedigree[member]
    wired = wiring(pedigree)
    typed = tuple(i for i in wired.ids if genotypes.get(i))
    codes = [codes_of(genotypes[i], locus, hemizygous=locus.x_linked and pedigree[i].sex == "M", member=i) for i in typed]
    shape = _shape(wired, typed, locus.x_linked, open_member)
    return shape, np.array(codes, dtype=np.int64).reshape(1, len(typed), 2)


@lru_cache(maxsize=4096)
def _shape(wired: Wiring, typed: tuple[str, ...], x_linked: bool, open_member: str | None) -> Shape:
    return wired.shape(typed, x_linked=x_linked, open_member=open_member)
