"""Families with places to fill: as they are told, at one locus in indices, and as the engine computes one way to fill them.

A place is a missing member of a pedigree. A way puts a child, or nobody, into every place of a family.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from wayhome.kinship.arrays import BoolArray, FloatArray, IntArray
from wayhome.kinship.errors import PedigreeError
from wayhome.kinship.genetics.model import LocusModel
from wayhome.kinship.genetics.profiles import Genotype, Profile
from wayhome.kinship.likelihood.encoding import check_sexes, codes_of, wiring
from wayhome.kinship.likelihood.evaluation import evaluate
from wayhome.kinship.likelihood.lumping import lumped
from wayhome.kinship.likelihood.network import Convention, Shape, State
from wayhome.kinship.likelihood.pruning import pruned
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Pedigree

NOBODY = -1


class Place(NamedTuple):
    """A missing member: the family's id and the member's."""

    family: str
    member: str


@dataclass(frozen=True)
class ReferenceFamily:
    """A family that misses one or more members.

    Parameters
    ----------
    pedigree : its name is the family's id; `pedigree.missing` plays no part.
    missing : ids of those who are looked for, at least one.
    profiles : member id -> profile, for relatives who were typed.

    Raises
    ------
    PedigreeError
        where nobody is missing, somebody is told twice, has a profile, or is not in the pedigree; or a profile is nobody's.
    """

    pedigree: Pedigree
    missing: tuple[str, ...]
    profiles: Mapping[str, Profile] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "missing", tuple(self.missing))
        object.__setattr__(self, "profiles", MappingProxyType(dict(self.profiles)))
        if not self.missing:
            raise PedigreeError(f"{self.id}: nobody is missing", "Name those who are looked for")
        for i, member in enumerate(self.missing):
            if member not in self.pedigree:
                raise PedigreeError(
                    f"{self.id}: the missing member {member} is not in the pedigree", "Add the member", member=member
                )
            if member in self.missing[:i]:
                raise PedigreeError(f"{self.id}: {member} is told as missing twice", "Name everybody once", member=member)
            if member in self.profiles:
                raise PedigreeError(
                    f"{self.id}: the missing member {member} has a profile", "Leave out one or the other", member=member
                )
        for member in self.profiles:
            if member not in self.pedigree:
                raise PedigreeError(
                    f"{self.id}: a profile belongs to {member}, who is not in the pedigree", "Add the member", member=member
                )

    @classmethod
    def of(cls, family: Family | ReferenceFamily) -> ReferenceFamily:
        """A family that looks for one child, as one that may look for several."""
        return family if isinstance(family, ReferenceFamily) else cls(family.pedigree, (family.missing,), family.profiles)

    @property
    def id(self) -> str:
        """The family's name."""
        return self.pedigree.name

    def __reduce__(self) -> tuple[object, ...]:
        return ReferenceFamily, (self.pedigree, self.missing, dict(self.profiles))


def reference_families(families: Iterable[Family]) -> tuple[ReferenceFamily, ...]:
    """Families with all their places: those that hold the same people and miss different ones become one, named "F1+F2".

    A file marks one missing member of a family, so a family that lost two children stands there twice. The people are the same
    where members (id, parents, sex) and typed relatives (id, genotypes) are, with one typed at least. Families that also miss
    the same member stay apart: that is one family reported twice.
    """
    joined: list[list[Family]] = []
    alike: dict[object, list[list[Family]]] = {}
    for family in families:
        typed = frozenset(
            (member, frozenset((name, frozenset(labels)) for name, labels in profile.genotypes.items()))
            for member, profile in family.profiles.items()
        )
        same = alike.setdefault((frozenset(family.pedigree), typed), [])
        found = next((g for g in same if family.profiles and family.missing not in {f.missing for f in g}), None)
        if found is None:
            found = []
            joined.append(found)
            same.append(found)
        found.append(family)
    return tuple(
        ReferenceFamily(
            Pedigree(group[0].pedigree.members, name="+".join(family.id for family in group)),
            tuple(family.missing for family in group),
            group[0].profiles,
        )
        for group in joined
    )


@dataclass(frozen=True, slots=True)
class PlacesAtLocus:
    """A family with k places at one locus, and t ways to fill them.

    shape : the members whom the convention keeps; places are `AMBIGUOUS`, whoever is in them. Under both conventions they keep
        their parents and children in every way, so that ways can be compared.
    locus : alleles that nobody carries lumped, where that is exact.
    codes : typed relative -> [1, 2] allele indices.
    members : [k] the member in each place; places that are never filled and have no children are left out.
    single : [k] whether a place has one allele here (a male's X).
    childless : [k] whether a place has no children.
    choices : [t, k] 0 for nobody, or a child not typed here, else 1 + index of the genotype.
    shown : [g, 2] the children's distinct genotypes, smaller allele first.
    child : [children, 2] the same by child; meaningless for a child not typed here.
    """

    shape: Shape
    locus: LocusModel
    codes: Mapping[int, IntArray]
    members: tuple[int, ...]
    single: BoolArray
    childless: BoolArray
    choices: IntArray
    shown: IntArray
    child: IntArray

    @classmethod
    def of(
        cls,
        pedigree: Pedigree,
        genotypes: Mapping[str, Genotype],
        places: Sequence[str],
        children: Sequence[Genotype],
        ways: IntArray,
        locus: LocusModel,
        convention: Convention,
    ) -> PlacesAtLocus:
        """See `joint_likelihood.log_likelihoods`.

        Raises
        ------
        ProfileError, PedigreeError, UnknownName
        """
        check_sexes(pedigree, locus)
        for member in (*genotypes, *places):
            pedigree[member]
        wired = wiring(pedigree)
        typed = [i for i in wired.ids if genotypes.get(i)]
        male = [locus.x_linked and male for male in wired.male]
        single = {i: male[at] for at, i in enumerate(wired.ids)}
        relatives = _codes([codes_of(genotypes[i], locus, hemizygous=single[i], member=i) for i in typed])
        child = _codes([codes_of(labels, locus) if labels else (0, 0) for labels in children])
        # Children who show the same are the same choice.
        number = {labels: 1 + j for j, labels in enumerate(dict.fromkeys(c for c in children if c))}
        shown = _codes([codes_of(labels, locus) for labels in number])
        choice = np.array([0, *(number.get(labels, 0) for labels in children)], dtype=np.int64)
        locus, index = lumped(locus, np.concatenate([relatives, shown]))
        relatives, shown, child = (np.sort(index[x], axis=1) for x in (relatives, shown, child))

        filled = (ways != NOBODY).any(axis=0)
        parents = {parent for member in pedigree for parent in member.parents}
        kept_places = [j for j, place in enumerate(places) if filled[j] or place in parents]
        states = dict.fromkeys(wired.ids, int(State.UNTYPED))
        for row, i in enumerate(typed):
            unsure = locus.silent is not None and relatives[row, 0] == relatives[row, 1] and not single[i]
            states[i] = int(State.AMBIGUOUS if unsure else State.TYPED)
        states |= {places[j]: int(State.AMBIGUOUS) for j in kept_places}
        kept, shape = pruned(
            Shape(wired.father, wired.mother, tuple(male), tuple(states.values()), -1, locus.x_linked), convention
        )
        new = {wired.ids[old]: i for i, old in enumerate(kept)}
        return cls(
            shape,
            locus,
            {new[i]: relatives[row : row + 1] for row, i in enumerate(typed)},
            tuple(new[places[j]] for j in kept_places),
            np.array([single[places[j]] for j in kept_places], dtype=bool),
            np.array([places[j] not in parents for j in kept_places], dtype=bool),
            choice[ways + 1].reshape(len(ways), len(places))[:, kept_places],
            shown,
            child,
        )

    def on_axes(self, choices: IntArray) -> IntArray:
        """[..., 2] the alleles that may be in a place that shows these genotypes: both, or the one shown and the silent one."""
        alleles = self.shown[choices - 1]
        if self.locus.silent is not None:
            homozygous = alleles[..., 0] == alleles[..., 1]
            alleles[..., 1] = np.where(homozygous, self.locus.silent, alleles[..., 1])
        return alleles

    def emission(self, place: int, choices: IntArray) -> FloatArray:
        """[rows, 2, 2], or [rows, 2] where a place has one allele: which of the alleles `on_axes` show as the genotype."""
        homozygous = self.shown[choices - 1, 0] == self.shown[choices - 1, 1]
        if self.single[place]:
            return np.stack([homozygous, np.zeros_like(homozygous)], axis=1).astype(float)
        emission = np.zeros((len(choices), 2, 2))
        emission[:, 0, 0] = homozygous
        emission[:, 0, 1] = emission[:, 1, 0] = ~homozygous if self.locus.silent is None else 1.0
        return emission

    def by_engine(self, apart: BoolArray, theta: float) -> FloatArray:
        """[t] log-likelihood of each way, with a network for each set of filled places.

        Parameters
        ----------
        apart : [t, children] children who take part as strangers.
        """
        values = np.zeros(len(self.choices))
        kinds, kind = np.unique(np.column_stack([self.choices > 0, apart.sum(axis=1)]), axis=0, return_inverse=True)
        for g in range(len(kinds)):
            chosen = np.flatnonzero(kind.reshape(-1) == g)
            strangers = self.child[np.nonzero(apart[chosen])[1]].reshape(len(chosen), -1, 2)
            values[chosen] = self._of_one_kind(self.choices[chosen], strangers, theta)
        return values

    def _of_one_kind(self, choices: IntArray, strangers: IntArray, theta: float) -> FloatArray:
        """[t] of ways that fill the same places, beside as many strangers [t, s, 2]."""
        states = [int(State.TYPED if i in self.codes else State.UNTYPED) for i in range(len(self.shape.states))]
        codes = {i: np.repeat(c, len(choices), axis=0) for i, c in self.codes.items()}
        fits = np.ones(len(choices), dtype=bool)
        for k in np.flatnonzero(choices[0]):
            states[self.members[k]] = int(State.TYPED)
            codes[self.members[k]] = alleles = self.shown[choices[:, k] - 1]
            fits &= ~self.single[k] | (alleles[:, 0] == alleles[:, 1])
        s, extra = self.shape, strangers.shape[1]
        shape = Shape(
            s.father + (-1,) * extra,
            s.mother + (-1,) * extra,
            s.male + (False,) * extra,
            (*states, *(int(State.TYPED),) * extra),
            -1,
            s.x_linked,
        )
        columns = [codes[i] for i in sorted(codes)] + [strangers[:, j] for j in range(extra)]
        rows = np.stack(columns, axis=1) if columns else np.zeros((len(choices), 0, 2), dtype=np.int64)
        # The convention was applied with all places kept; nothing more may be pruned.
        log_likelihood = evaluate(shape, self.locus, rows, theta=theta, convention="as_written").log_likelihood
        return np.where(fits, log_likelihood, -np.inf)


def structured_log_likelihoods(
    pedigree: Pedigree,
    genotypes: Mapping[str, Genotype],
    places: Sequence[str],
    children: Sequence[Genotype],
    ways: IntArray,
    locus: LocusModel,
    *,
    theta: float,
    convention: Convention = "pruned",
) -> FloatArray:
    """As `joint_likelihood.log_likelihoods`, with theta, and with the children who are in no place as strangers.

    All founder alleles, those of strangers too, come from one urn: `pedigree` must hold all families. Every set of filled places
    is a network of its own, so this costs far more than without theta. At X-chromosomal loci strangers count as females.

    Raises
    ------
    TooComplex, ProfileError, PedigreeError, UnknownName
    """
    problem = PlacesAtLocus.of(pedigree, genotypes, places, children, ways, locus, convention)
    apart = np.tile(np.array([bool(labels) for labels in children], dtype=bool), (len(ways), 1))
    way, place = np.nonzero(ways != NOBODY)
    apart[way, ways[way, place]] = False
    return problem.by_engine(apart, theta)


def _codes(pairs: Sequence[tuple[int, int]]) -> IntArray:
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)
