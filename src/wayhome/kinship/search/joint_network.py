"""The network of a pedigree with places: one for all ways to fill them.

As in `likelihood.network` a factor is an array over allele axes: founder frequencies p[a], transmissions

    T[a1, a2, c] = (M[a1, c] + M[a2, c]) / 2 = sum over s of U1[s, a1, c] U2[s, a2, c],

and emissions, 1 where the alleles of a member show as what was seen. An axis runs over the alleles that a member may have there:
all n of an untyped one, the two shown of a typed one. So it is with places, but row by row: a filled place leaves two of n, an
empty one without children a single "any", since what is passed on to it sums to one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wayhome.kinship.arrays import BoolArray, FloatArray, IntArray
from wayhome.kinship.likelihood import contraction
from wayhome.kinship.likelihood.contraction import BATCH, Plan
from wayhome.kinship.likelihood.network import State
from wayhome.kinship.search.places import PlacesAtLocus


@dataclass(frozen=True, slots=True)
class Part:
    """A factor.

    array, axes : as if no place were filled.
    place : the place whose alleles come from here, or which shows them here; -1 for none.
    any : the same where that place is empty and has no children, its axes of length 1; None where it has children.
    emission : whether this is what the place shows.
    """

    array: FloatArray
    axes: tuple[int, ...]
    place: int = -1
    any: FloatArray | None = None
    emission: bool = False


@dataclass(frozen=True, slots=True)
class PlacesNetwork:
    """All factors.

    place : axis -> the place it belongs to.
    childless : [k] which places have no children.
    sizes : axis -> its length where no place is filled.
    """

    parts: tuple[Part, ...]
    place: Mapping[int, int]
    childless: BoolArray
    sizes: Mapping[int, int]

    @classmethod
    def of(cls, problem: PlacesAtLocus, factored: bool) -> PlacesNetwork:
        """With transmissions whole, or as sums over which allele is passed on."""
        builder = _Builder(problem, factored)
        parts = tuple(builder.parts())
        return cls(parts, builder.place, problem.childless, builder.sizes)

    def plan(self, filled: Sequence[bool]) -> Plan:
        """An order of contraction for ways that fill these of the places with children; the others count as filled."""
        axes = [(BATCH, *p.axes) if self.place.keys() & set(p.axes) else p.axes for p in self.parts]
        short = {axis: 2 for axis, k in self.place.items() if self.childless[k] or filled[k]}
        return contraction.plan(axes, (BATCH,) if self.place else (), {**self.sizes, **short})


class _Builder:
    """Makes the factors.

    alleles : axis -> the alleles it runs over.
    axes : member -> its axes, paternal first.
    """

    def __init__(self, problem: PlacesAtLocus, factored: bool) -> None:
        self.problem = problem
        self.shape = problem.shape
        self.factored = factored
        n = len(problem.locus)
        self.matrices = [np.eye(n) if m is None else m for m in (problem.locus.female, problem.locus.male)]
        self.sizes: dict[int, int] = {}
        self.alleles: dict[int, IntArray] = {}
        self.axes: list[tuple[int, ...]] = []
        self.place: dict[int, int] = {}
        self.first_given: set[int] = set()
        places = {member: k for k, member in enumerate(problem.members)}
        children = self.shape.children()
        for i in range(len(self.shape.father)):
            slots = self._slots(i)
            # Of a founder nobody knows, who has one child, only the allele passed on matters.
            lone = self._founder(i) and i not in places and i not in problem.codes and len(children[i]) == 1
            seen = self._seen(i) if i in problem.codes else np.arange(n)
            self.axes.append(tuple(self._axis(seen) for _ in (slots[:1] if lone else slots)))
            if i in places:
                self.place |= dict.fromkeys(self.axes[i], places[i])

    def parts(self) -> Iterator[Part]:
        """All factors."""
        for i, axes in enumerate(self.axes):
            for axis, (paternal, parent) in zip(axes, self._slots(i), strict=False):
                if parent < 0:
                    yield self._given([(self.problem.locus.frequencies[self.alleles[axis]], (axis,))], axis)[0]
                else:
                    yield from self._given(list(self._transmitted(parent, paternal, axis)), axis)
            if axes[0] in self.place:
                place = self.place[axes[0]]
                nothing = np.ones((1,) * len(axes)) if self.problem.childless[place] else None
                yield Part(np.ones([self.sizes[a] for a in axes]), axes, place, nothing, emission=True)
            elif i in self.problem.codes and len(axes) == 2 and self.sizes[axes[0]] == 2:
                ambiguous = self.shape.states[i] == State.AMBIGUOUS
                yield Part(np.array([[float(ambiguous), 1.0], [1.0, 0.0]]), axes)

    def _axis(self, alleles: IntArray) -> int:
        axis = BATCH + 1 + len(self.sizes)
        self.sizes[axis] = len(alleles)
        self.alleles[axis] = alleles
        return axis

    def _slots(self, i: int) -> list[tuple[bool, int]]:
        """(from the father?, parent or -1) of each allele of a member."""
        both = [(True, self.shape.father[i]), (False, self.shape.mother[i])]
        return both[1:] if self.shape.x_linked and self.shape.male[i] else both

    def _founder(self, i: int) -> bool:
        return all(parent < 0 for _, parent in self._slots(i))

    def _seen(self, i: int) -> IntArray:
        """Alleles that a typed member may have: both, one, or the one shown and the silent one."""
        (codes,) = self.problem.codes[i]
        if self.shape.states[i] == State.AMBIGUOUS:
            return np.array([codes[0], self.problem.locus.silent])
        return np.unique(codes)

    def _transmitted(self, parent: int, paternal: bool, axis: int) -> Iterator[tuple[FloatArray, tuple[int, ...]]]:
        matrix = self.matrices[paternal]
        own = self.axes[parent]
        sent = [matrix[np.ix_(self.alleles[a], self.alleles[axis])] for a in own]
        # A founder's alleles are interchangeable, so the first child may have the first one.
        if len(own) == 1 or (self._founder(parent) and parent not in self.first_given):
            self.first_given.add(parent)
            yield sent[0], (own[0], axis)
        elif self.factored:
            selector = self._axis(np.arange(2))
            yield np.stack([sent[0], np.ones_like(sent[0])]) / 2, (selector, own[0], axis)
            yield np.stack([np.ones_like(sent[1]), sent[1]]), (selector, own[1], axis)
        else:
            yield (sent[0][:, None, :] + sent[1][None, :, :]) / 2, (*own, axis)

    def _given(self, factors: list[tuple[FloatArray, tuple[int, ...]]], axis: int) -> list[Part]:
        """Factors that give an allele to an axis, the last of theirs."""
        place = self.place.get(axis, -1)
        if place < 0 or not self.problem.childless[place]:
            return [Part(array, axes, place) for array, axes in factors]
        if len(factors) == 1:
            ((array, axes),) = factors
            return [Part(array, axes, place, array.sum(axis=-1, keepdims=True))]
        # For either allele passed on, U1 U2 sums to 1/2.
        return [
            Part(array, axes, place, np.full((*array.shape[:-1], 1), total))
            for (array, axes), total in zip(factors, (0.5, 1.0), strict=True)
        ]
