"""The likelihood of a family for every way to put children into the places of its missing members.

One network for each way would be as many networks as there are ways. Here there is one (`joint_network`): a way changes numbers
only, and only near the places that it fills, so each intermediate array is computed once for every distinct choice of the places
*it depends on*, and shared by all ways that agree in it:

    L(x_1 .. x_k) = sum over alleles of the product over j of factor_j(alleles, choices x of the places that factor j touches).

An intermediate array has rows, one for each of those distinct choices. As filled places have shorter axes, rows are kept in
blocks, by which of the places that still have an axis are filled.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wayhome.kinship.arrays import BoolArray, FloatArray, IntArray
from wayhome.kinship.errors import TooComplex
from wayhome.kinship.genetics.model import LocusModel
from wayhome.kinship.genetics.profiles import Genotype
from wayhome.kinship.likelihood import contraction
from wayhome.kinship.likelihood.contraction import BATCH, Plan
from wayhome.kinship.likelihood.network import Convention
from wayhome.kinship.pedigrees.pedigree import Pedigree
from wayhome.kinship.search.joint_network import Part, PlacesNetwork
from wayhome.kinship.search.places import PlacesAtLocus
from wayhome.kinship.search.tables import distinct_rows

MOST_PLACES = 31
"""Places of one family that a state can tell apart."""
MOST_ELEMENTS = 1 << 24
"""Elements of an intermediate array over all its rows, 128 MB; beyond, the ways are computed in parts."""
_CHEAP = 1e5
"""Multiply-adds up to which the other way to write transmissions is not tried."""
_WORTH_A_PLAN = 1e9
"""Elements over all ways that an order of contraction of its own must spare; to find it takes some tenth of a second."""
_TINY = 1e-150
_OTHER = 1 << 30
"""Axis of the second operand's rows, where every row meets every row."""


def log_likelihoods(
    pedigree: Pedigree,
    genotypes: Mapping[str, Genotype],
    places: Sequence[str],
    children: Sequence[Genotype],
    ways: IntArray,
    locus: LocusModel,
    *,
    convention: Convention = "pruned",
) -> FloatArray:
    """Log-likelihood of a family at one locus for each way to fill its places; theta is 0.

    Parameters
    ----------
    genotypes : relative -> one or two labels; places are not among them.
    places : k missing members.
    children : labels of each child here, none where it was not typed.
    ways : [t, k] index of the child in each place, `places.NOBODY` where there is none.
    convention : what untyped founders pass on (`likelihood.network.Convention`); places stay in the pedigree under both.

    Returns
    -------
    FloatArray
        [t] natural log; -inf where a way is impossible.

    Raises
    ------
    TooComplex, ProfileError, PedigreeError, UnknownName
    """
    problem = PlacesAtLocus.of(pedigree, genotypes, places, children, ways, locus, convention)
    if len(problem.members) < 2:
        # Two networks at the most, filled and empty: the engine's own.
        return problem.by_engine(np.zeros((len(ways), 0), dtype=bool), 0.0)
    if len(problem.members) > MOST_PLACES:
        raise TooComplex(
            f"{pedigree.name} has {len(problem.members)} places to fill; {MOST_PLACES} are most",
            "Name the pairs to consider, so that fewer places are in question",
            operations=2.0 ** len(problem.members),
        )
    distinct, row = distinct_rows(problem.choices, len(problem.shown) + 1)
    return np.asarray(_values(problem, distinct)[row])


def _values(problem: PlacesAtLocus, choices: IntArray) -> FloatArray:
    """[t] log-likelihood of choices [t, k], all different and sorted."""
    networks = [PlacesNetwork.of(problem, factored=False)]
    if not networks[0].parts:
        return np.zeros(len(choices))
    nobody = np.zeros(len(problem.members), dtype=bool)
    network, plan = _cheapest(networks, nobody)
    if plan.operations > _CHEAP:
        networks.append(PlacesNetwork.of(problem, factored=True))
        network, plan = _cheapest(networks, nobody)
    filled = (choices > 0) & ~problem.childless
    kinds, kind = np.unique(filled, axis=0, return_inverse=True)
    if plan.largest * len(choices) <= _WORTH_A_PLAN * len(kinds):
        return _in_parts(problem, network, plan, choices)
    # Places with children are dear while they are empty, so each set of those that are filled has an order of its own.
    plans = [_cheapest(networks, one) for one in kinds]
    for _, plan in plans:
        contraction.check_cost(plan.operations, plan.largest)
    values = np.zeros(len(choices))
    for g, (network, plan) in enumerate(plans):
        chosen = np.flatnonzero(kind.reshape(-1) == g)
        values[chosen] = _in_parts(problem, network, plan, choices[chosen])
    return values


def _cheapest(networks: Sequence[PlacesNetwork], filled: BoolArray) -> tuple[PlacesNetwork, Plan]:
    found = [(network, network.plan(filled.tolist())) for network in networks]
    return min(found, key=lambda one: one[1].operations + 8 * one[1].largest)


def _in_parts(problem: PlacesAtLocus, network: PlacesNetwork, plan: Plan, choices: IntArray) -> FloatArray:
    try:
        return _Pass(problem, network, plan, choices).values()
    except _Split:
        half = len(choices) // 2
        return np.concatenate([_in_parts(problem, network, plan, some) for some in (choices[:half], choices[half:])])


class _Split(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _Rows:
    """Distinct choices of some places: `of` [t] is the row of each way, `first` [rows] a way that has it."""

    of: IntArray
    first: IntArray


@dataclass(frozen=True, slots=True)
class _Node:
    """An array with rows.

    axes : its axes beside the rows.
    places : those whose choices the rows tell apart.
    status : [rows] the block of each row: which of the places that have an axis here are filled, as bits.
    at : [rows] where in its block a row is.
    blocks : status -> [rows of the block, *axes].
    """

    axes: tuple[int, ...]
    places: frozenset[int]
    status: IntArray
    at: IntArray
    blocks: Mapping[int, FloatArray]


class _Pass:
    """One pass over a network for some ways."""

    def __init__(self, problem: PlacesAtLocus, network: PlacesNetwork, plan: Plan, choices: IntArray) -> None:
        self.problem = problem
        self.network = network
        self.plan = plan
        self.choices = choices
        self.log_scale = 0.0
        alike = _Rows(np.zeros(len(choices), dtype=np.int64), np.zeros(1, dtype=np.int64))
        self._rows = {frozenset[int](): alike}

    def values(self) -> FloatArray:
        """[t] log-likelihoods."""
        nodes = [self._leaf(part) for part in self.network.parts]
        for step in self.plan.steps:
            b, a = nodes.pop(step.second), nodes.pop(step.first)
            wanted = {axis for node in nodes for axis in node.axes}
            nodes.append(self._scaled(self._product(a, b, wanted)))
        (node,) = nodes
        totals = np.zeros(len(node.at))
        for bits, block in node.blocks.items():
            mine = node.status == bits
            totals[mine] = block.reshape(len(block), -1).sum(axis=1)[node.at[mine]]
        with np.errstate(divide="ignore"):
            return np.asarray((np.log(totals) + self.log_scale)[self.rows(node.places).of])

    def rows(self, places: frozenset[int]) -> _Rows:
        """The rows of an array that depends on these places."""
        if places not in self._rows:
            last = max(places)
            key = self.rows(places - {last}).of * (len(self.problem.shown) + 1) + self.choices[:, last]
            _, first, of = np.unique(key, return_index=True, return_inverse=True)
            self._rows[places] = _Rows(of.reshape(-1), first)
        return self._rows[places]

    def _status(self, axes: Sequence[int], ways: IntArray) -> IntArray:
        status = np.zeros(len(ways), dtype=np.int64)
        for place in {self.network.place[a] for a in axes if a in self.network.place}:
            status |= (self.choices[ways, place] > 0).astype(np.int64) << place
        return status

    def _leaf(self, part: Part) -> _Node:
        """A factor, the axes of places shortened."""
        places = frozenset(self.network.place[a] for a in part.axes if a in self.network.place)
        first = self.rows(places).first
        status = self._status(part.axes, first)
        at = np.zeros(len(first), dtype=np.int64)
        blocks: dict[int, FloatArray] = {}
        for bits in _different(status):
            rows = np.flatnonzero(status == bits)
            filled = part.place >= 0 and bits >> part.place & 1
            array = part.array if part.any is None or filled else part.any
            if not bits:
                blocks[bits] = array[None]
                continue
            at[rows] = np.arange(len(rows))
            if part.emission:
                blocks[bits] = self.problem.emission(part.place, self.choices[first[rows], part.place])
            else:
                blocks[bits] = self._shortened(array, part.axes, bits, first[rows])
        return _Node(part.axes, places, status, at, blocks)

    def _shortened(self, array: FloatArray, axes: tuple[int, ...], bits: int, ways: IntArray) -> FloatArray:
        """[ways, ...] only the alleles that filled places may hold."""
        index = []
        for position, axis in enumerate(axes):
            place = self.network.place.get(axis)
            shape = [1] * (len(axes) + 1)
            shape[position + 1] = -1
            if place is not None and bits >> place & 1:
                shape[0] = len(ways)
                index.append(self.problem.on_axes(self.choices[ways, place]).reshape(shape))
            else:
                index.append(np.arange(array.shape[position]).reshape(shape))
        return np.asarray(array[tuple(index)])

    def _product(self, a: _Node, b: _Node, wanted: set[int]) -> _Node:
        """Two nodes multiplied, and summed over axes that nobody else has."""
        axes = tuple(x for x in dict.fromkeys((*a.axes, *b.axes)) if x in wanted)
        rows = self.rows(a.places | b.places)
        row_a, row_b = self.rows(a.places).of[rows.first], self.rows(b.places).of[rows.first]
        status_a, status_b = a.status[row_a], b.status[row_b]
        status = self._status(axes, rows.first)
        at = np.zeros(len(status), dtype=np.int64)
        parts: dict[int, list[FloatArray]] = {}
        elements = 0
        kind = status_a << MOST_PLACES | status_b
        for bits in _different(kind):
            chosen = np.flatnonzero(kind == bits)
            bits_a, bits_b = bits >> MOST_PLACES, bits & ((1 << MOST_PLACES) - 1)
            part = _multiplied(a.blocks[bits_a], a.axes, a.at[row_a[chosen]], b.blocks[bits_b], b.axes, b.at[row_b[chosen]], axes)
            elements += part.size
            if elements > MOST_ELEMENTS and len(self.choices) > 1:
                raise _Split
            before = parts.setdefault(int(status[chosen[0]]), [])
            at[chosen] = sum(map(len, before)) + np.arange(len(chosen))
            before.append(part)
        blocks = {bits: np.concatenate(some) if len(some) > 1 else some[0] for bits, some in parts.items()}
        return _Node(axes, a.places | b.places, status, at, blocks)

    def _scaled(self, node: _Node) -> _Node:
        """Kept away from underflow."""
        top = max(float(block.max(initial=0.0)) for block in node.blocks.values())
        if not 0.0 < top < _TINY:
            return node
        self.log_scale += math.log(top)
        blocks = {bits: block / top for bits, block in node.blocks.items()}
        return _Node(node.axes, node.places, node.status, node.at, blocks)


def _different(values: IntArray) -> list[int]:
    if (values == values[0]).all():
        return [int(values[0])]
    return [int(value) for value in np.unique(values)]


def _multiplied(
    a: FloatArray,
    axes_a: tuple[int, ...],
    at_a: IntArray,
    b: FloatArray,
    axes_b: tuple[int, ...],
    at_b: IntArray,
    axes: tuple[int, ...],
) -> FloatArray:
    """[rows, *axes] of a[at_a] * b[at_b], the other axes summed."""
    sizes = dict(zip(axes_a, a.shape[1:], strict=True)) | dict(zip(axes_b, b.shape[1:], strict=True))
    a, at_a = _used(a, at_a)
    b, at_b = _used(b, at_b)
    if len(a) * len(b) <= 4 * len(at_a):
        # Most rows meet most rows, or one row meets all: one matrix product, and the wanted ones taken from it.
        every = _contracted(a, (BATCH, *axes_a), b, (_OTHER, *axes_b), (BATCH, _OTHER, *axes), sizes | {_OTHER: len(b)})
        return np.asarray(every[at_a, at_b])
    step = max(1, MOST_ELEMENTS // (8 * math.prod(sizes.values())))
    return np.concatenate(
        [
            _contracted(a[at_a[i : i + step]], (BATCH, *axes_a), b[at_b[i : i + step]], (BATCH, *axes_b), (BATCH, *axes), sizes)
            for i in range(0, len(at_a), step)
        ]
    )


def _used(array: FloatArray, at: IntArray) -> tuple[FloatArray, IntArray]:
    """The rows that are used, and where each of `at` is among them."""
    used = np.zeros(len(array), dtype=bool)
    used[at] = True
    if used.all():
        return array, at
    return array[used], (np.cumsum(used) - 1)[at]


def _contracted(
    a: FloatArray,
    axes_a: tuple[int, ...],
    b: FloatArray,
    axes_b: tuple[int, ...],
    output: tuple[int, ...],
    sizes: Mapping[int, int],
) -> FloatArray:
    array, _ = contraction.contract((a, b), contraction.plan((axes_a, axes_b), output, sizes))
    return array
