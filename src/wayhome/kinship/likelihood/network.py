"""A pedigree at one locus as a network of factors over allele axes.

Each untyped member has a paternal and a maternal allele axis of n alleles (one axis for a male at an X-chromosomal locus). A
founder's axis carries the allele frequencies. A transmission from parent to child is

    T[child, a1, a2] = (M[a1, child] + M[a2, child]) / 2,

kept either whole or as a sum over which allele was passed on, a selector axis s of length 2:

    T[child, a1, a2] = sum_s U1[s, a1, child] U2[s, a2, child].

The second form lets parents be summed out one allele at a time; the cheaper one is taken. A typed member cuts the network: their
children depend on the genotype, not on which allele came from whom, so their two alleles shrink to one phase axis of length 2.

Axes: `contraction.BATCH` runs over families; all others are numbered here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np

from wayhome.kinship.arrays import FloatArray, IntArray
from wayhome.kinship.genetics.model import LocusModel
from wayhome.kinship.likelihood.contraction import BATCH, Factor
from wayhome.kinship.likelihood.stacking import Stack

Convention = Literal["as_written", "pruned"]
"""What an untyped founder with one child passes on under a mutation model that changes the allele frequencies:

as_written: frequencies times the mutation matrix, as every member who is in the pedigree does; an absent parent passes on the
    frequencies themselves.
pruned: such a founder is taken out first, so that it does not matter whether an unknown parent was written down.
"""
CONVENTIONS: tuple[Convention, ...] = ("as_written", "pruned")


class State(IntEnum):
    """What is known of a member at a locus."""

    UNTYPED = 0
    TYPED = 1
    AMBIGUOUS = 2
    """A typed homozygote where a silent allele exists: a/a or a/silent."""


@dataclass(frozen=True, slots=True)
class Shape:
    """All that a network's form depends on. Members are numbered from the oldest to the youngest.

    father, mother : index of each member's parent, -1 where absent.
    male : which members are male; read at X-chromosomal loci only.
    states : `State` of each member.
    open : member whose genotype is kept open, -1 for none.
    """

    father: tuple[int, ...]
    mother: tuple[int, ...]
    male: tuple[bool, ...]
    states: tuple[int, ...]
    open: int = -1
    x_linked: bool = False

    def children(self) -> list[list[int]]:
        """Children of each member; at X-chromosomal loci a father's sons are not among his."""
        found: list[list[int]] = [[] for _ in self.father]
        for child, (father, mother) in enumerate(zip(self.father, self.mother, strict=True)):
            if father >= 0 and not (self.x_linked and self.male[child]):
                found[father].append(child)
            if mother >= 0:
                found[mother].append(child)
        return found


@lru_cache(maxsize=4096)
def _layout(shape: Shape) -> tuple[list[list[int]], list[int]]:
    """Children of each member, and the members in the order in which they are written."""
    # Who comes first takes a founder's first allele outright; best where it spares an axis.
    order = sorted(range(len(shape.father)), key=lambda i: (i != shape.open, shape.states[i] == State.TYPED))
    return shape.children(), order


@dataclass(slots=True)
class _Member:
    """Axes of one member: allele axes where it is not typed, else a phase axis where both parents' sides need it."""

    alleles: tuple[int, ...] = ()
    founder_like: bool = False
    """Its alleles are interchangeable sources, so the first transmission may be taken from the first of them."""


@dataclass(slots=True)
class Network:
    """Factors of one pedigree at one locus for a batch of families.

    factors : arrays with their axes.
    output : axes of the open member, paternal first; empty where none is open.
    log_constant : [batch] natural log of what needs no summation.
    sources : founder allele axes that still need the population's frequencies (theta > 0), each with its founder's number. Those
        of an open founder are axes of the output.
    """

    factors: list[Factor] = field(default_factory=list)
    output: tuple[int, ...] = ()
    log_constant: FloatArray | float = 0.0
    sources: list[tuple[int, int]] = field(default_factory=list)
    sizes: dict[int, int] = field(default_factory=dict)


class Builder:
    """Builds the network of a shape.

    Parameters
    ----------
    shape : pruned.
    locus : the locus' numbers, or those of several loci of one family, the batch.
    codes : member -> [batch, 2] allele indices, smaller first, for members typed or ambiguous.
    factored : keep transmissions from untyped parents as sums over a selector axis.
    structured : theta > 0; founder alleles then stay open as `Network.sources` for the urn.
    """

    def __init__(
        self,
        shape: Shape,
        locus: LocusModel | Stack,
        codes: Mapping[int, IntArray],
        *,
        factored: bool,
        structured: bool,
    ) -> None:
        self.shape = shape
        self.locus = locus
        self.codes = codes
        self.factored = factored
        self.structured = structured
        self.n = len(locus)
        self.stacked = locus.frequencies.ndim == 2
        self.network = Network()
        self._next = BATCH + 1
        self._members = [_Member() for _ in shape.father]
        self._vectors: dict[tuple[int, bool], FloatArray] = {}
        self._certain: list[FloatArray] = []
        """[batch, k] probabilities that need no summation."""
        self._diploid: list[IntArray] = []
        """[batch, 2] alleles of each typed member with two, founders first."""
        self._diploid_founders = 0
        self._taken: set[int] = set()
        self._lone: set[int] = set()
        """Untyped founders whose only child is typed: no axis is needed for what they pass on."""

    def build(self) -> Network:
        """The network. A zero probability gives log(0): the caller lets NumPy divide by zero in silence."""
        children, order = _layout(self.shape)
        for i, kids in enumerate(children):
            self._give_axes(i, kids)
        for i in order:
            if self.shape.states[i] == State.TYPED:
                self._typed(i)
            elif i not in self._lone:
                self._untyped(i)
        self._genotypes()
        if self._certain:
            self.network.log_constant = np.log(np.concatenate(self._certain, axis=1)).sum(axis=1)
        return self.network

    # -- axes ---------------------------------------------------------------------------------------------------------------

    def _axis(self, size: int) -> int:
        axis = self._next
        self._next += 1
        self.network.sizes[axis] = size
        return axis

    def _slots(self, i: int) -> tuple[tuple[bool, int], ...]:
        """(from the father?, parent or -1) of each allele of a member."""
        maternal = (False, self.shape.mother[i])
        if self.shape.x_linked and self.shape.male[i]:
            return (maternal,)
        return ((True, self.shape.father[i]), maternal)

    def _give_axes(self, i: int, children: Sequence[int]) -> None:
        if self.shape.states[i] == State.TYPED:
            return
        slots = self._slots(i)
        founder = all(parent < 0 for _, parent in slots)
        member = self._members[i]
        untouched = self.shape.states[i] == State.UNTYPED and i != self.shape.open
        if founder and untouched and len(children) == 1:
            slots = slots[:1]
            if not self.structured and self.shape.states[children[0]] == State.TYPED:
                self._lone.add(i)
                return
        member.alleles = tuple(self._axis(self.n) for _ in slots)
        member.founder_like = founder and i != self.shape.open and not self.structured

    # -- factors ------------------------------------------------------------------------------------------------------------

    def _add(self, array: FloatArray, *axes: int) -> None:
        self.network.factors.append((array, axes))

    def _shared(self, array: FloatArray, *axes: int) -> None:
        """A factor that all families of a batch share; of stacked loci each has its own."""
        self._add(array, *((BATCH,) if self.stacked else ()), *axes)

    @cached_property
    def _identity(self) -> FloatArray:
        return np.eye(self.n)

    @cached_property
    def _rows(self) -> IntArray:
        """[batch, 1] numbers of the families."""
        return np.arange(len(next(iter(self.codes.values()))))[:, None]

    def _matrix(self, paternal: bool) -> FloatArray:
        """[n, n], or [batch, n, n] of stacked loci."""
        matrix = self.locus.male if paternal else self.locus.female
        if matrix is not None:
            return matrix
        return np.broadcast_to(self._identity, (len(self.locus.frequencies), self.n, self.n)) if self.stacked else self._identity

    def _at(self, table: FloatArray, alleles: IntArray) -> FloatArray:
        """Entries of a table [n, ...], or [batch, n, ...] of stacked loci, at alleles [batch] or [batch, k]."""
        if not self.stacked:
            return table[alleles]
        return table[self._rows if alleles.ndim == 2 else self._rows[:, 0], alleles]

    def _source(self, axis: int, founder: int) -> None:
        """A founder allele."""
        if self.structured:
            self.network.sources.append((axis, founder))
        else:
            self._shared(self.locus.frequencies, axis)

    def _untyped(self, i: int) -> None:
        """Origins of the alleles of a member without a certain genotype."""
        member = self._members[i]
        is_open = i == self.shape.open
        if is_open:
            self.network.output = member.alleles
        for axis, (paternal, parent) in zip(member.alleles, self._slots(i), strict=False):
            if parent >= 0:
                self._transmit(parent, paternal, axis)
            else:
                self._source(axis, i if len(member.alleles) == 2 else -1 - axis)
        if self.shape.states[i] == State.AMBIGUOUS:
            self._add(self._emission(i), BATCH, *member.alleles)

    def _emission(self, i: int) -> FloatArray:
        """[batch, n, n] of 0 and 1: genotypes that show as the homozygote seen."""
        silent = self.locus.silent
        assert silent is not None
        seen = self.codes[i][:, 0]
        rows = np.arange(len(seen))
        emission = np.zeros((len(seen), self.n, self.n))
        emission[rows, seen, seen] = emission[rows, seen, silent] = emission[rows, silent, seen] = 1.0
        return emission

    def _vector(self, parent: int, paternal: bool) -> FloatArray:
        """[batch, n]: what a typed parent passes on."""
        key = (parent, paternal)
        if key not in self._vectors:
            matrix = self._matrix(paternal)
            codes = self.codes[parent]
            if self.shape.x_linked and paternal:
                self._vectors[key] = self._at(matrix, codes[:, 0])
            else:
                both = self._at(matrix, codes)
                self._vectors[key] = (both[:, 0] + both[:, 1]) / 2
        return self._vectors[key]

    def _sent(self, parent: int, paternal: bool, alleles: IntArray) -> FloatArray:
        """[batch, k]: probability that a typed parent passes on these alleles."""
        codes = self.codes[parent][:, :1] if self.shape.x_linked and paternal else self.codes[parent]
        matrix = self._matrix(paternal)
        pairs = (codes[:, :, None], alleles[:, None, :])
        both = matrix[self._rows[:, :, None], *pairs] if self.stacked else matrix[pairs]
        return np.asarray(both[:, 0] if codes.shape[1] == 1 else (both[:, 0] + both[:, 1]) / 2)

    def _single(self, parent: int) -> int | None:
        """The one axis a child's allele comes from, or None where it may come from two."""
        member = self._members[parent]
        if len(member.alleles) == 1:
            return member.alleles[0]
        if member.founder_like and parent not in self._taken:
            self._taken.add(parent)
            return member.alleles[0]
        return None

    def _transmit(self, parent: int, paternal: bool, axis: int) -> None:
        """An allele axis receives an allele from a parent."""
        if self.shape.states[parent] == State.TYPED:
            self._add(self._vector(parent, paternal), BATCH, axis)
            return
        matrix = self._matrix(paternal)
        single = self._single(parent)
        if single is not None:
            self._shared(matrix, single, axis)
            return
        a1, a2 = self._members[parent].alleles
        if not self.factored:
            self._shared((matrix[..., :, None, :] + matrix[..., None, :, :]) / 2, a1, a2, axis)
            return
        selector = self._axis(2)
        ones = np.ones_like(matrix)
        self._shared(np.stack([matrix, ones], axis=-3) / 2, selector, a1, axis)
        self._shared(np.stack([ones, matrix], axis=-3), selector, a2, axis)

    def _typed(self, i: int) -> None:
        """The genotype of a typed member, given the parents."""
        slots = self._slots(i)
        codes = self.codes[i]
        if len(slots) == 1:
            if slots[0][1] >= 0:
                self._received(codes[:, :1], 1.0, slots)
            elif not self.structured:
                self._certain.append(self._at(self.locus.frequencies, codes[:, :1]))
        elif all(parent < 0 for _, parent in slots):
            self._diploid.insert(self._diploid_founders, codes)
            self._diploid_founders += 1
        else:
            # Phases: which allele came from the father. A homozygote has one, told as two halves; a heterozygote's second half
            # comes with the founders' 2 p q.
            self._received(codes, 0.5, slots)
            self._diploid.append(codes)

    def _genotypes(self) -> None:
        """For each typed member 2 where the alleles differ; for each founder p q. With theta the urn counts founders' alleles."""
        if not self._diploid:
            return
        codes = self._diploid[0] if len(self._diploid) == 1 else np.concatenate(self._diploid, axis=1)
        self._certain.append(1.0 + (codes[:, ::2] != codes[:, 1::2]))
        if self._diploid_founders and not self.structured:
            self._certain.append(self._at(self.locus.frequencies, codes[:, : 2 * self._diploid_founders]))

    def _received(self, codes: IntArray, weight: FloatArray | float, slots: tuple[tuple[bool, int], ...]) -> None:
        """Factors of a typed child, of whom each phase has this weight.

        `codes` [batch, phases] are the first slot's alleles; the second's are those reversed.
        """
        links: list[tuple[bool, int, IntArray]] = []
        for slot, (paternal, parent) in enumerate(slots):
            alleles = codes if slot == 0 else codes[:, ::-1]
            if parent >= 0 and self.shape.states[parent] == State.TYPED:
                weight = weight * self._sent(parent, paternal, alleles)
            elif parent < 0 and not self.structured:
                weight = weight * self._at(self.locus.frequencies, alleles)
            elif parent in self._lone:
                weight = weight * self._at(self.locus.passed_on(paternal), alleles)
            else:
                links.append((paternal, parent, alleles))
        if not links:
            self._certain.append(np.asarray(weight).sum(axis=1, keepdims=True))
            return
        phases = codes.shape[1]
        weight = np.broadcast_to(weight, codes.shape)
        if len(links) == 1:
            paternal, parent, alleles = links[0]
            # The phase is summed at once: [batch, n] by parental allele.
            seen = sum(weight[:, z, None] * self._columns(paternal, parent, alleles[:, z]) for z in range(phases))
            self._link(parent, np.asarray(seen), (BATCH,))
            return
        phase = self._axis(phases)
        self._add(weight, BATCH, phase)
        for paternal, parent, alleles in links:
            self._link(parent, self._columns(paternal, parent, alleles), (BATCH, phase))

    def _columns(self, paternal: bool, parent: int, alleles: IntArray) -> FloatArray:
        """[..., n]: probability of arriving as the allele seen, by the allele sent."""
        if parent < 0:
            return np.asarray(self._identity[alleles])
        return self._at(self._matrix(paternal).swapaxes(-1, -2), alleles)

    def _link(self, parent: int, seen: FloatArray, lead: tuple[int, ...]) -> None:
        """A typed child's allele comes from an untyped parent, or from the population where there is none (theta > 0)."""
        if parent < 0:
            source = self._axis(self.n)
            self._source(source, -1 - source)
            self._add(seen, *lead, source)
            return
        single = self._single(parent)
        if single is not None:
            self._add(seen, *lead, single)
            return
        a1, a2 = self._members[parent].alleles
        if not self.factored:
            self._add((seen[..., :, None] + seen[..., None, :]) / 2, *lead, a1, a2)
            return
        selector = self._axis(2)
        ones = np.ones_like(seen)
        self._add(np.stack([seen, ones], axis=-2) / 2, *lead, selector, a1)
        self._add(np.stack([ones, seen], axis=-2), *lead, selector, a2)
