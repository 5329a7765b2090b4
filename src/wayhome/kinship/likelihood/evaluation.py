"""Likelihoods of a batch of families of one shape at one locus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from wayhome.kinship.arrays import FloatArray, IntArray
from wayhome.kinship.errors import InputError
from wayhome.kinship.genetics.model import LocusModel
from wayhome.kinship.likelihood import contraction, urn
from wayhome.kinship.likelihood.contraction import BATCH, Factor, Plan
from wayhome.kinship.likelihood.lumping import lumped
from wayhome.kinship.likelihood.network import CONVENTIONS, Builder, Convention, Network, Shape, State
from wayhome.kinship.likelihood.pruning import kept_columns
from wayhome.kinship.likelihood.stacking import Stack

_SAFE = 1e-200
"""A sum above this has lost nothing that counts to underflow: all its factors are at most one."""
_FEW = 3
"""Alleles in the network that a form is read off; any number that no phase or selector axis has."""
_CHEAP = 500.0
"""Multiply-adds per family up to which lumping costs more than it spares."""
_WORTH_LUMPING = 2e4
"""Multiply-adds per family from which families are lumped one by one."""
_FEW_GROUPINGS = 200
"""Groupings of the founder alleles up to which both ways to write transmissions are planned."""


@dataclass(frozen=True, slots=True)
class _Component:
    """Factors that hang together: which they are, and how to sum them."""

    members: tuple[int, ...]
    axes: tuple[tuple[int, ...], ...]
    output: tuple[int, ...]
    plan: Plan


@dataclass(frozen=True)
class _Form:
    """What is known of a network before its numbers are: for each partition of the founder alleles its weight's blocks, how many
    partitions it stands for, and its components. One trivial partition at theta 0."""

    factored: bool
    cases: tuple[tuple[tuple[int, ...], int, tuple[_Component, ...]], ...]
    answer: int
    """Elements of the answer, per family."""

    @cached_property
    def operations(self) -> float:
        """Multiply-adds per family."""
        return sum(c.plan.operations for _, _, parts in self.cases for c in parts)

    @cached_property
    def largest(self) -> float:
        """Elements per family of the largest array."""
        return max((float(self.answer), *(c.plan.largest for _, _, parts in self.cases for c in parts)))

    def check(self) -> None:
        """Raise `TooComplex` where the answer is beyond the limits."""
        contraction.check_cost(self.operations, self.largest)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Likelihoods of a batch.

    log_scale : [batch] natural log; -inf where the data are impossible.
    table : [batch] or, with an open member, [batch, n, n] (paternal, maternal allele) or [batch, n] (X, male).
        The likelihood is table * exp(log_scale).
    """

    log_scale: FloatArray
    table: FloatArray

    @property
    def log_likelihood(self) -> FloatArray:
        """[batch, ...] natural log."""
        with np.errstate(divide="ignore"):
            scale = self.log_scale.reshape(-1, *(1,) * (self.table.ndim - 1))
            return np.asarray(np.log(self.table) + scale)


def evaluate(
    shape: Shape,
    locus: LocusModel | Stack,
    codes: IntArray,
    *,
    theta: float = 0.0,
    convention: Convention = "as_written",
) -> Evaluated:
    """Likelihood of every family of a batch.

    Parameters
    ----------
    shape : members from the oldest to the youngest; every state `TYPED` or `UNTYPED` (ambiguous ones are found here).
    locus : alleles, frequencies, mutation; or several loci, stacked, of one family: the batch.
    codes : [batch, typed members, 2] allele indices in the order of the members, smaller first; at X-chromosomal loci a male has
        his allele twice.
    theta : coancestry, 0 <= theta < 1.
    convention : see `network.Convention`.

    Raises
    ------
    TooComplex
        before anything is computed.
    """
    if not 0 <= theta < 1:
        raise InputError(f"theta {theta} is outside 0..1", "Usual values are 0 to 0.03", field="theta")
    if convention not in CONVENTIONS:
        raise InputError(f'no convention is called "{convention}"', f"Known are: {', '.join(CONVENTIONS)}", field="convention")
    batch = len(codes)
    if not batch:
        axes = 0 if shape.open < 0 else 1 if shape.x_linked and shape.male[shape.open] else 2
        return Evaluated(np.zeros(0), np.zeros((0, *(len(locus),) * axes)))
    if locus.silent is not None:
        return _by_ambiguity(shape, locus, codes, theta, convention)
    shape, columns = kept_columns(shape, convention)
    member_codes = {member: codes[:, column] for member, column in columns}
    if isinstance(locus, Stack):
        return _evaluate(shape, locus, member_codes, theta, batch)
    if batch > 1 and shape.open < 0 and _worth_lumping(shape, locus, codes, theta):
        return _joined(
            [_evaluate(shape, locus, {m: c[i : i + 1] for m, c in member_codes.items()}, theta, 1) for i in range(batch)]
        )
    return _evaluate(shape, locus, member_codes, theta, batch)


def _worth_lumping(shape: Shape, locus: LocusModel, codes: IntArray, theta: float) -> bool:
    """Whether alleles should be lumped for each family alone: where it is exact and the batch as a whole would cost too much."""
    together = lumped(locus, codes)[0]
    return lumped(locus, codes[:1])[0] is not locus and _form(shape, len(together), theta > 0).operations > _WORTH_LUMPING


def _joined(parts: Sequence[Evaluated]) -> Evaluated:
    if len(parts) == 1:
        return parts[0]
    return Evaluated(np.concatenate([p.log_scale for p in parts]), np.concatenate([p.table for p in parts]))


def _by_ambiguity(shape: Shape, locus: LocusModel, codes: IntArray, theta: float, convention: Convention) -> Evaluated:
    """With silent alleles: families grouped by which typed members are homozygotes, who may carry one."""
    typed = [i for i, state in enumerate(shape.states) if state != State.UNTYPED]
    single = np.array([shape.x_linked and shape.male[i] for i in typed], dtype=bool)
    unsure = (codes[:, :, 0] == codes[:, :, 1]) & ~single
    patterns, group = np.unique(unsure, axis=0, return_inverse=True)
    group = group.reshape(-1)
    log_scale = np.zeros(len(codes))
    table: FloatArray | None = None
    for g, pattern in enumerate(patterns):
        rows = np.flatnonzero(group == g)
        states = list(shape.states)
        for i, maybe in zip(typed, pattern, strict=True):
            states[i] = State.AMBIGUOUS if maybe else State.TYPED
        unsure_shape = Shape(shape.father, shape.mother, shape.male, tuple(states), shape.open, shape.x_linked)
        small, columns = kept_columns(unsure_shape, convention)
        part = _evaluate(small, locus, {member: codes[rows, column] for member, column in columns}, theta, batch=len(rows))
        if table is None:
            table = np.zeros((len(codes), *part.table.shape[1:]))
        log_scale[rows], table[rows] = part.log_scale, part.table
    assert table is not None
    return Evaluated(log_scale, table)


def stackable(shape: Shape, n: int, theta: float, convention: Convention) -> bool:
    """Whether loci of up to n alleles may share one walk through the pedigree: where padding costs little."""
    return _form(kept_columns(shape, convention)[0], n, theta > 0).operations <= _WORTH_LUMPING


def _evaluate(shape: Shape, locus: LocusModel | Stack, codes: Mapping[int, IntArray], theta: float, batch: int) -> Evaluated:
    stacked = isinstance(locus, Stack)
    if isinstance(locus, LocusModel) and shape.open < 0 and codes and _form(shape, len(locus), theta > 0).operations > _CHEAP:
        locus, index = lumped(locus, np.stack(list(codes.values())))
        if len(index) != len(locus):
            codes = {m: np.sort(index[c], axis=-1) for m, c in codes.items()}
    form = _form(shape, len(locus), theta > 0, stacked)
    form.check()
    size = max(1, min(batch, int(contraction.CHUNK_ELEMENTS / form.largest)))
    if size == batch:
        return _chunk(shape, form, locus, codes, batch, theta)
    parts = []
    for start in range(0, batch, size):
        stop = min(start + size, batch)
        some = locus.part(start, stop) if isinstance(locus, Stack) else locus
        parts.append(_chunk(shape, form, some, {m: c[start:stop] for m, c in codes.items()}, stop - start, theta))
    return _joined(parts)


@lru_cache(maxsize=2048)
def _form(shape: Shape, n: int, structured: bool, stacked: bool = False) -> _Form:
    """The cheaper of both ways to write transmissions; of very many groupings, the way that is cheaper for one of them."""
    if not structured:
        return min((_plan_form(shape, n, False, factored, stacked) for factored in (False, True)), key=_cost)
    likely = _plan_form(shape, n, True, _form(shape, n, False, stacked).factored, stacked)
    if len(likely.cases) > _FEW_GROUPINGS:
        return likely
    return min(likely, _plan_form(shape, n, True, not likely.factored, stacked), key=_cost)


def _cost(form: _Form) -> float:
    return form.operations + 8 * form.largest


def _plan_form(shape: Shape, n: int, structured: bool, factored: bool, stacked: bool = False) -> _Form:
    # The form does not depend on the numbers: a family of one, all homozygous for the first of three alleles, stands for all.
    silent = _FEW - 1 if any(s == State.AMBIGUOUS for s in shape.states) else None
    locus = LocusModel("form", tuple("123"), np.full(_FEW, 1 / _FEW), silent=silent)
    numbers = Stack(locus.frequencies[None], None, None, shape.x_linked) if stacked else locus
    nobody = np.zeros((1, 2), dtype=np.int64)
    codes = {i: nobody for i, state in enumerate(shape.states) if state != State.UNTYPED}
    network = Builder(shape, numbers, codes, factored=factored, structured=structured).build()
    sizes = {axis: n if size == _FEW else size for axis, size in network.sizes.items()}
    axes = [factor_axes for _, factor_axes in network.factors]
    answer = n ** len(network.output)
    if not structured:
        return _Form(factored, (((), 1, _components(axes, network.output, sizes)),), answer)
    cases = []
    for blocks, times in urn.partitions(tuple(founder for _, founder in network.sources)):
        merged, draws = _merge(network.sources, blocks)
        all_axes = [_distinct(merged, one) for one in axes] + [(BATCH, axis) for axis in draws]
        cases.append((blocks, times, _components(all_axes, _distinct(merged, network.output), sizes)))
    return _Form(factored, tuple(cases), answer)


def _merge(sources: Sequence[tuple[int, int]], blocks: tuple[int, ...]) -> tuple[dict[int, int], tuple[int, ...]]:
    """Source axis -> axis of its block, and one axis per block."""
    first: dict[int, int] = {}
    merged = {axis: first.setdefault(block, axis) for (axis, _), block in zip(sources, blocks, strict=True)}
    return merged, tuple(first.values())


def _distinct(merged: Mapping[int, int], axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(merged.get(a, a) for a in axes))


def _components(axes: Sequence[tuple[int, ...]], output: tuple[int, ...], sizes: Mapping[int, int]) -> tuple[_Component, ...]:
    """Split factors into parts that share no axis but the batch, and plan each."""
    leader: dict[int, int] = {}

    def find(a: int) -> int:
        while leader.setdefault(a, a) != a:
            a = leader[a]
        return a

    for one in axes:
        own = [a for a in one if a != BATCH]
        for a in own[1:]:
            leader[find(a)] = find(own[0])
    groups: dict[int, list[int]] = {}
    for i, one in enumerate(axes):
        groups.setdefault(find(next(a for a in one if a != BATCH)), []).append(i)
    parts = []
    for members in groups.values():
        theirs = tuple(axes[i] for i in members)
        kept = tuple(a for a in (BATCH, *output) if any(a in one for one in theirs))
        parts.append(_Component(tuple(members), theirs, kept, contraction.plan(theirs, kept, sizes)))
    return tuple(parts)


def _chunk(
    shape: Shape, form: _Form, locus: LocusModel | Stack, codes: Mapping[int, IntArray], batch: int, theta: float
) -> Evaluated:
    with np.errstate(divide="ignore"):
        return _sum(shape, form, locus, codes, batch, theta)


def _sum(
    shape: Shape, form: _Form, locus: LocusModel | Stack, codes: Mapping[int, IntArray], batch: int, theta: float
) -> Evaluated:
    network = Builder(shape, locus, codes, factored=form.factored, structured=theta > 0).build()
    log_scale = np.zeros(batch) + network.log_constant
    if theta > 0:
        log_seen, draws, a = urn.log_founders(_seen_in_founders(shape, codes, batch), locus.frequencies, theta)
        log_scale = log_scale + log_seen
    else:
        draws, a = np.empty((batch, 0)), 0.0
    if not network.factors and not network.sources:
        return Evaluated(log_scale, np.ones(batch))
    for careful in (False, True):
        table, more = _mixture(form, network, batch, draws, a, careful)
        # A sum so small may have lost something to underflow: once more, with every intermediate kept near one.
        if careful or _is_safe(table):
            break
    return Evaluated(log_scale + more, table)


def _is_safe(table: FloatArray) -> bool:
    """Whether each family's largest sum is above `_SAFE`; most often one of its sums tells, and the others need not be read."""
    sums = table.reshape(len(table), -1)
    return bool(sums[:, 0].min(initial=1.0) > _SAFE or sums.max(axis=1).min(initial=1.0) > _SAFE)


def _mixture(
    form: _Form, network: Network, batch: int, draws: FloatArray, a: float, careful: bool
) -> tuple[FloatArray, FloatArray]:
    """The sum over groupings of the founder alleles, as [batch, *output] and [batch] logs of what was taken out."""
    if not network.sources:
        ((_, _, parts),) = form.cases
        return _product(parts, network.factors, network.output, network.sizes, batch, careful)
    total: FloatArray | None = None
    scale = np.zeros(batch)
    for blocks, times, parts in form.cases:
        merged, block_axes = _merge(network.sources, blocks)
        factors = [_diagonal(array, tuple(merged.get(x, x) for x in axes)) for array, axes in network.factors]
        factors += [(draws, (BATCH, axis)) for axis in block_axes]
        output = _distinct(merged, network.output)
        table, more = _product(parts, factors, output, network.sizes, batch, careful)
        table = times * urn.weight(blocks, a) * table
        if len(output) < len(network.output):
            # Both alleles of the open member are one draw.
            table = table[:, :, None] * np.eye(table.shape[1])
        if total is None:
            total, scale = table, more
        elif careful:
            top = np.maximum(scale, more)
            top[top == -np.inf] = 0.0
            wide = (-1, *(1,) * (table.ndim - 1))
            total = total * np.exp(scale - top).reshape(wide) + table * np.exp(more - top).reshape(wide)
            scale = top
        else:
            total += table
    assert total is not None
    if len({axis for axis, _ in network.sources} & set(network.output)) == 2:
        # Groupings that differ by exchanging the alleles of an open founder were merged: one stands for both.
        total = (total + total.swapaxes(1, 2)) / 2
    return total, scale


def _seen_in_founders(shape: Shape, codes: Mapping[int, IntArray], batch: int) -> IntArray:
    """[batch, m] alleles of typed founders."""
    columns = []
    for i, state in enumerate(shape.states):
        hemizygous = shape.x_linked and shape.male[i]
        founder = shape.mother[i] < 0 and (hemizygous or shape.father[i] < 0)
        if state == State.TYPED and founder:
            columns.append(codes[i][:, :1] if hemizygous else codes[i])
    return np.concatenate(columns, axis=1) if columns else np.zeros((batch, 0), dtype=np.int64)


def _diagonal(array: FloatArray, axes: tuple[int, ...]) -> Factor:
    """The part of a factor where axes that became one agree."""
    distinct = tuple(dict.fromkeys(axes))
    if len(distinct) == len(axes):
        return array, axes
    letter = {axis: chr(ord("a") + i) for i, axis in enumerate(distinct)}
    diagonal: FloatArray = np.einsum("".join(letter[a] for a in axes) + "->" + "".join(letter.values()), array)
    return diagonal, distinct


def _product(
    parts: Sequence[_Component],
    factors: Sequence[Factor],
    output: Sequence[int],
    sizes: Mapping[int, int],
    batch: int,
    careful: bool,
) -> tuple[FloatArray, FloatArray]:
    """Product of the components as [batch, *output], and [batch] logs of what was taken out of it."""
    lengths = [sizes[a] for a in output]
    table: FloatArray | None = None
    log_scale = np.zeros(batch)
    for part in parts:
        chosen = [factors[i] for i in part.members]
        axes = [one for _, one in chosen] if careful else None
        array, more = contraction.contract([array for array, _ in chosen], part.plan, axes)
        log_scale = log_scale + more
        widths = [batch if BATCH in part.output else 1]
        widths += [size if a in part.output else 1 for a, size in zip(output, lengths, strict=True)]
        array = array.reshape(widths)
        if careful and array.ndim == 1:
            log_scale = log_scale + np.log(array)
            continue
        table = array if table is None else table * array
    shape = (batch, *lengths)
    return (np.ones(shape) if table is None else np.broadcast_to(table, shape)), log_scale
