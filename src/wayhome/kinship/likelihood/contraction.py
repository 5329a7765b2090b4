"""Sums of products over many axes, in a good order, for a batch of families at once.

A network is a list of factors: an array and the ids of its axes. Axis `BATCH` runs over families; every other axis not in the
output is summed out. opt_einsum (Smith & Gray 2018, J Open Source Softw 3:753) finds the order once per network of one form;
each step is then one matrix product. A network that would cost too much is refused before anything is computed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import opt_einsum

from wayhome.kinship.arrays import FloatArray
from wayhome.kinship.errors import TooComplex

BATCH = 0
MOST_OPERATIONS = 4e10
"""Multiply-adds for one family at one locus: some twenty seconds."""
MOST_BYTES = 2e9
"""The largest intermediate array."""
CHUNK_ELEMENTS = 1 << 18
"""Elements of the largest intermediate in one pass over the batch: 2 MB, so that it stays in the cache."""
_STEPS = (1, 2, 4, 16, 24, 32, 48, 64, 96)

Factor = tuple[FloatArray, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class _Step:
    """One pairwise product: which operands, how to lay them out, how to put the result in order."""

    first: int
    second: int
    sum_first: tuple[int, ...]
    sum_second: tuple[int, ...]
    order_first: tuple[int, ...]
    order_second: tuple[int, ...]
    shared: int
    summed: int
    kept_first: int
    kept_second: int
    batch: int
    """Place of the batch axis in the result, -1 without."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The order of contraction of one network, with its cost per family.

    operations : multiply-adds per family.
    largest : elements per family of the largest intermediate array.
    """

    steps: tuple[_Step, ...]
    final_sum: tuple[int, ...]
    final_order: tuple[int, ...]
    operations: float
    largest: float


def check_cost(operations: float, largest: float) -> None:
    """Raise `TooComplex` for more than `MOST_OPERATIONS` multiply-adds, or an array of more than `MOST_BYTES`, per family."""
    if operations > MOST_OPERATIONS or largest * 8 > MOST_BYTES:
        raise TooComplex(
            f"an exact answer would take about {operations:.1e} multiplications and {largest * 8 / 1e9:.1f} GB per locus",
            "Leave out relatives that add little, or choose a mutation model that lets alleles nobody carries be lumped",
            operations=operations,
            bytes_needed=largest * 8,
        )


def plan(axes: Sequence[tuple[int, ...]], output: tuple[int, ...], sizes: Mapping[int, int]) -> Plan:
    """The plan for factors with these axes.

    Parameters
    ----------
    axes : axis ids of each factor, no id twice within one.
    output : axis ids to keep, in the order wanted.
    sizes : axis id -> length; `BATCH` counts as one family.
    """
    # Axes renumbered in order of appearance, so that networks of one form share a plan.
    number: dict[int, int] = {BATCH: BATCH}
    for one in axes:
        for a in one:
            number.setdefault(a, len(number))
    return _plan(
        tuple(tuple(number[a] for a in one) for one in axes),
        tuple(number[a] for a in output if a in number),
        tuple((number[a], sizes[a]) for a in number if a != BATCH),
    )


@lru_cache(maxsize=16384)
def _plan(axes: tuple[tuple[int, ...], ...], output: tuple[int, ...], sizes: tuple[tuple[int, int], ...]) -> Plan:
    size = dict(sizes)
    if len(axes) == 1:
        return _finish((), axes[0], output, float(math.prod(size.get(a, 1) for a in axes[0])), 0.0, size)
    path = _path(axes, output, tuple((a, _rounded(length)) for a, length in sizes))
    current = list(axes)
    steps = []
    operations = largest = 0.0
    for pair in path:
        if len(pair) == 1:
            continue
        first, second = sorted(pair)
        b, a = current.pop(second), current.pop(first)
        rest = {x for one in current for x in one} | set(output)
        step, result = _step(first, second, a, b, rest)
        operations += math.prod(size.get(x, 1) for x in {*a, *b})
        largest = max(largest, math.prod(size.get(x, 1) for x in result))
        steps.append(step)
        current.append(result)
    return _finish(tuple(steps), current[0], output, operations, largest, size)


@lru_cache(maxsize=16384)
def _path(
    axes: tuple[tuple[int, ...], ...], output: tuple[int, ...], sizes: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, ...], ...]:
    """The cheapest order found: the usual search, then a random one with fixed seeds where the network is dear."""
    size = dict(sizes)
    symbol = {a: opt_einsum.get_symbol(i) for i, a in enumerate(dict.fromkeys(a for one in axes for a in one))}
    inputs = ["".join(symbol[a] for a in one) for one in axes]
    equation = ",".join(inputs) + "->" + "".join(symbol[a] for a in output if a in symbol)
    # The batch counts as a few families, so that work that all families share is done first.
    shapes = [tuple(size.get(a, 8) for a in one) for one in axes]

    def search(optimize: object) -> tuple[float, tuple[tuple[int, ...], ...]]:
        path, info = opt_einsum.contract_path(equation, *shapes, shapes=True, optimize=optimize)
        return float(info.opt_cost) + 8 * float(info.largest_intermediate), tuple(path)

    best = search("auto")
    state = random.getstate()  # opt_einsum seeds the global generator
    try:
        for trials, dear in ((16, 1e8), (64, 4e9)):
            if best[0] > dear:
                best = min(best, search(opt_einsum.RandomGreedy(max_repeats=trials)))
    finally:
        random.setstate(state)
    return best[1]


def _rounded(length: int) -> int:
    """A length near this one, so that loci with a few alleles more or less share the search for an order."""
    return next((step for step in _STEPS if step >= length), length)


def _finish(
    steps: tuple[_Step, ...],
    axes: tuple[int, ...],
    output: tuple[int, ...],
    operations: float,
    largest: float,
    size: Mapping[int, int],
) -> Plan:
    final_sum = tuple(i for i, a in enumerate(axes) if a not in output)
    left = [a for a in axes if a in output]
    order = tuple(left.index(a) for a in output if a in left)
    largest = max(largest, float(math.prod(size.get(a, 1) for a in left)))
    return Plan(steps, final_sum, order, operations, largest)


def _step(first: int, second: int, a: tuple[int, ...], b: tuple[int, ...], rest: set[int]) -> tuple[_Step, tuple[int, ...]]:
    sum_a = tuple(i for i, x in enumerate(a) if x not in rest and x not in b)
    sum_b = tuple(i for i, x in enumerate(b) if x not in rest and x not in a)
    a = tuple(x for x in a if x in rest or x in b)
    b = tuple(x for x in b if x in rest or x in a)
    shared = [x for x in a if x in b and x in rest]
    summed = [x for x in a if x in b and x not in rest]
    kept_a = [x for x in a if x not in b]
    kept_b = [x for x in b if x not in a]
    order_a = tuple(a.index(x) for x in (*shared, *kept_a, *summed))
    order_b = tuple(b.index(x) for x in (*shared, *summed, *kept_b))
    result = (*shared, *kept_a, *kept_b)
    batch = result.index(BATCH) if BATCH in result else -1
    return _Step(first, second, sum_a, sum_b, order_a, order_b, len(shared), len(summed), len(kept_a), len(kept_b), batch), result


def contract(
    factors: Sequence[FloatArray], the_plan: Plan, axes: Sequence[tuple[int, ...]] | None = None
) -> tuple[FloatArray, FloatArray | float]:
    """Carry out a plan.

    Parameters
    ----------
    factors : arrays with the axes the plan was made for.
    axes : these axes, to keep every intermediate near one, so that nothing is lost to underflow; None does without.

    Returns
    -------
    array, log_scale
        the array over the output axes that occur in the factors; its true value is array * exp(log_scale), which is
        [batch] or one number.
    """
    current = list(factors)
    log_scale: FloatArray | float = 0.0
    if axes is not None:
        for i, one in enumerate(axes):
            current[i], more = _near_one(current[i], one.index(BATCH) if BATCH in one else -1)
            log_scale = log_scale + more
    for step in the_plan.steps:
        b = current.pop(step.second)
        a = current.pop(step.first)
        if step.sum_first:
            a = a.sum(axis=step.sum_first)
        if step.sum_second:
            b = b.sum(axis=step.sum_second)
        product = _multiply(a.transpose(step.order_first), b.transpose(step.order_second), step)
        if axes is not None:
            product, more = _near_one(product, step.batch)
            log_scale = log_scale + more
        current.append(product)
    (result,) = current
    if the_plan.final_sum:
        result = result.sum(axis=the_plan.final_sum)
    return result.transpose(the_plan.final_order), log_scale


def _near_one(array: FloatArray, batch: int) -> tuple[FloatArray, FloatArray | float]:
    """An array divided by its largest entry, per family where axis `batch` says so, and the log of that entry."""
    others = tuple(i for i in range(array.ndim) if i != batch)
    top = array.max(axis=others, keepdims=True)
    top = np.where(top > 0, top, 1.0)
    return array / top, np.log(top.reshape(-1) if batch >= 0 else float(top.reshape(())))


def _multiply(a: FloatArray, b: FloatArray, step: _Step) -> FloatArray:
    """Product of [shared, kept_a, summed] and [shared, summed, kept_b] axes as [shared, kept_a, kept_b]."""
    s, ka, kb = step.shared, step.kept_first, step.kept_second
    shape = (*a.shape[: s + ka], *b.shape[b.ndim - kb :])
    if not step.summed:
        left = a.reshape(*a.shape[: s + ka], *(1,) * kb)
        right = b.reshape(*b.shape[:s], *(1,) * ka, *b.shape[s:])
        return left * right
    inner = math.prod(a.shape[s + ka :])
    if s == 0:
        return np.asarray(a.reshape(-1, inner) @ b.reshape(inner, -1)).reshape(shape)
    batch = math.prod(a.shape[:s])
    left, right = a.reshape(batch, -1, inner), b.reshape(batch, inner, -1)
    product: FloatArray
    if not ka and not kb:
        product = np.einsum("bc,bc->b", left[:, 0], right[:, :, 0])
    elif not ka:
        product = np.einsum("bc,bck->bk", left[:, 0], right)
    elif not kb:
        product = np.einsum("bkc,bc->bk", left, right[:, :, 0])
    else:
        product = np.matmul(left, right)
    return product.reshape(shape)
