"""From pedigrees and labels to the indices that the engine computes with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    if not 1 <= len(labels) <= 2:
        locus.codes(labels)
        raise ProfileError(f"{member} has {len(labels)} alleles at {locus.name}", "Give one or two", field=locus.name)
    found = locus.pair(labels)
    if hemizygous and found[0] != found[1]:
        raise _two_of_one(member, locus)
    return found


def _two_of_one(member: str, locus: LocusModel) -> ProfileError:
    return ProfileError(
        f"{member} is male and has two alleles at the X-chromosomal locus {locus.name}",
        "Correct the sex or the alleles",
        field=locus.name,
    )


@dataclass(frozen=True, slots=True)
class Together:
    """Loci at which the same people were typed, so that they can be worked out together.

    typed : the people.
    loci : all autosomal or all X-chromosomal, all with a silent allele or all without.
    codes : [loci, typed, 2] allele indices, smaller first.
    """

    typed: tuple[str, ...]
    loci: tuple[LocusModel, ...]
    codes: IntArray

    def under(self, pedigree: Pedigree, open_member: str | None = None) -> tuple[Shape, IntArray]:
        """Shape, and codes in the order of the pedigree's members.

        Raises
        ------
        PedigreeError, ProfileError, UnknownName
            for members whose sex is not known, or men with two alleles, at X-chromosomal loci; for people who are no members.
        """
        check_sexes(pedigree, self.loci[0])
        for member in self.typed if open_member is None else (*self.typed, open_member):
            pedigree[member]
        shape, columns = _placed(wiring(pedigree), self.typed, self.loci[0].x_linked, open_member)
        if shape.x_linked:
            for i, member in enumerate(self.typed):
                differ = self.codes[:, i, 0] != self.codes[:, i, 1]
                if pedigree[member].sex == "M" and differ.any():
                    raise _two_of_one(member, self.loci[int(differ.argmax())])
        return shape, self.codes if columns is None else self.codes[:, columns]


@lru_cache(maxsize=4096)
def _placed(
    wired: Wiring, typed: tuple[str, ...], x_linked: bool, open_member: str | None
) -> tuple[Shape, tuple[int, ...] | None]:
    """The shape, and which typed person comes when; None where they are in order."""
    columns = tuple(typed.index(i) for i in wired.ids if i in typed)
    in_order = columns == tuple(range(len(typed)))
    return wired.shape(typed, x_linked=x_linked, open_member=open_member), None if in_order else columns


def together(genotypes: Mapping[str, Mapping[str, Sequence[str]]], loci: Iterable[LocusModel]) -> list[Together]:
    """Genotypes as indices, loci grouped by who was typed at them.

    Parameters
    ----------
    genotypes : person -> locus -> one or two labels; no labels are no call.
    """
    groups: dict[tuple[tuple[str, ...], bool, bool], tuple[list[LocusModel], list[int]]] = {}
    people = tuple(genotypes.items())
    for locus in loci:
        name, known = locus.name, locus.known_pairs
        typed = []
        pairs: list[int] = []
        for person, told in people:
            labels = told.get(name)
            if labels:
                typed.append(person)
                pairs += known.get(tuple(labels)) or codes_of(labels, locus, member=person)
        members, codes = groups.setdefault((tuple(typed), locus.x_linked, locus.silent is None), ([], []))
        members.append(locus)
        codes += pairs
    return [
        Together(typed, tuple(members), np.array(codes, dtype=np.int64).reshape(len(members), len(typed), 2))
        for (typed, _, _), (members, codes) in groups.items()
    ]


def encode(
    pedigree: Pedigree, genotypes: Mapping[str, Sequence[str]], locus: LocusModel, open_member: str | None = None
) -> tuple[Shape, IntArray]:
    """Shape and codes [1, typed, 2] of one family at one locus.

    Parameters
    ----------
    genotypes : member -> labels; members with no label are untyped, ids outside the pedigree are an error.
    """
    for member in genotypes:
        pedigree[member]
    (one,) = together({member: {locus.name: labels} for member, labels in genotypes.items()}, (locus,))
    return one.under(pedigree, open_member)
