"""Families as numbers: each distinct form, kind of profile and genotype is told once, the rest is arrays of which of them.

Reading a profile's genotypes out of Python objects is the dearest step of a build, so it is done once, for the tables and for
what is written of the families.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple, TypeVar

import numpy as np

from wayhome.kinship.arrays import IntArray
from wayhome.kinship.errors import InputError
from wayhome.kinship.genetics.model import LocusModel
from wayhome.kinship.genetics.profiles import Genotype
from wayhome.kinship.likelihood.encoding import codes_of
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Member

UNTYPED = -1
OUTSIDE = -2
"""A genotype with an allele that the population's table does not hold."""

_T = TypeVar("_T", bound=Hashable)


class Vocabulary(dict[_T, int]):
    """Distinct values, numbered in the order in which they first come."""

    def __missing__(self, value: _T) -> int:
        number = self[value] = len(self)
        return number


class Form(NamedTuple):
    """What is the same in many families: the members, who of them is missing, and who has a profile, in the family's order."""

    members: tuple[Member, ...]
    missing: str
    typed: tuple[str, ...]


class Kind(NamedTuple):
    """What is the same in many profiles: the kit, the loci in the profile's order, and the flags."""

    kit: str | None
    loci: tuple[str, ...]
    flags: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Coded:
    """Families as numbers.

    families : in a fixed order.
    forms, kinds, genotypes : the vocabularies.
    form : [families].
    kind : [profiles], family by family, in the order of `Form.typed`.
    calls : [calls] genotypes, profile by profile, in the order of `Kind.loci`.
    """

    families: tuple[Family, ...]
    forms: tuple[Form, ...]
    kinds: tuple[Kind, ...]
    genotypes: tuple[Genotype, ...]
    form: IntArray
    kind: IntArray
    calls: IntArray

    @classmethod
    def of(cls, families: Sequence[Family]) -> Coded:
        """Encode families."""
        # Plain tuples as keys, and one list after the other: half of the time goes into reaching the objects in memory.
        forms = Vocabulary[tuple[tuple[Member, ...], str, tuple[str, ...]]]()
        kinds = Vocabulary[tuple[str | None, tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]]()
        genotypes = Vocabulary[Genotype]()
        form = [forms[family.pedigree.members, family.missing, tuple(family.profiles)] for family in families]
        profiles = [profile for family in families for profile in family.profiles.values()]
        kind = [kinds[p.kit, tuple(p.genotypes), tuple(p.flags.items())] for p in profiles]
        called = chain.from_iterable(profile.genotypes.values() for profile in profiles)
        calls = np.fromiter(map(genotypes.__getitem__, called), np.int64)
        return cls(
            tuple(families),
            tuple(map(Form._make, forms)),
            tuple(map(Kind._make, kinds)),
            tuple(genotypes),
            np.array(form, dtype=np.int64),
            np.array(kind, dtype=np.int64),
            calls,
        )

    @cached_property
    def first_profile(self) -> IntArray:
        """[families + 1] where each family's profiles start."""
        return _starts(np.array([len(form.typed) for form in self.forms], dtype=np.int64)[self.form])

    @cached_property
    def first_call(self) -> IntArray:
        """[profiles + 1] where each profile's calls start."""
        return _starts(np.array([len(kind.loci) for kind in self.kinds], dtype=np.int64)[self.kind])

    def by_form(self) -> Iterator[tuple[Form, IntArray]]:
        """Each form, and the indices of its families, rising."""
        order = np.argsort(self.form, kind="stable")
        ends = np.cumsum(np.bincount(self.form, minlength=len(self.forms)))
        yield from zip(self.forms, np.split(order, ends)[:-1], strict=True)

    def at(self, loci: Sequence[LocusModel]) -> IntArray:
        """[loci, profiles + 1] genotypes as one number each, a * n + b of both allele indices, `UNTYPED` or `OUTSIDE`; the last
        profile is nobody's.

        Raises
        ------
        ProfileError
            for a genotype of more than two alleles; it names the family.
        """
        place = {locus.name: k for k, locus in enumerate(loci)}
        at_kind = np.array([place.get(name, -1) for kind in self.kinds for name in kind.loci], dtype=np.int64)
        first_at = _starts(np.array([len(kind.loci) for kind in self.kinds], dtype=np.int64))[self.kind]
        profile = np.repeat(np.arange(len(self.kind)), np.diff(self.first_call))
        k = at_kind[np.arange(len(self.calls)) + (first_at - self.first_call[:-1])[profile]]
        called = np.flatnonzero(k >= 0)
        k, profile = k[called], profile[called]
        # A locus and a genotype as one number: few occur, and each is looked up once.
        both = k * len(self.genotypes) + self.calls[called]
        number = np.full(len(loci) * len(self.genotypes), UNTYPED)
        for one in np.flatnonzero(np.bincount(both)).tolist():
            locus, labels = loci[one // len(self.genotypes)], self.genotypes[one % len(self.genotypes)]
            try:
                number[one] = _number(labels, locus)
            except InputError as error:
                error.problem = f"{self._told(int(profile[np.argmax(both == one)]))}: {error.problem}"
                raise
        out = np.full((len(loci), len(self.kind) + 1), UNTYPED)
        out[k, profile] = number[both]
        return out

    def _told(self, profile: int) -> str:
        family = int(np.searchsorted(self.first_profile, profile, side="right")) - 1
        member = self.forms[self.form[family]].typed[profile - int(self.first_profile[family])]
        return f"family {self.families[family].id}, {member}"


def _number(labels: Genotype, locus: LocusModel) -> int:
    if not labels:
        return UNTYPED
    if any(label not in locus.index for label in labels):
        return OUTSIDE
    first, last = codes_of(labels, locus)
    return first * len(locus) + last


def _starts(lengths: IntArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(lengths)])
