"""Families compiled once, so that any child's LR against any of them is a sum of one table entry per locus.

For a family and a locus, the LR of a child with genotype g is

    P(missing member has g | typed relatives) / P(an unrelated child has g),

a table over all genotypes of the ladder. Families of one shape are computed together, and equal genotypes of the relatives once.

Untyped founders with a single child are taken out before (the "pruned" convention): whether somebody wrote the unknown father
down must not change the answer, and what the absent side contributes then cancels exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from wayhome.kinship.arrays import BoolArray, FloatArray, IntArray
from wayhome.kinship.errors import InputError, ProfileError
from wayhome.kinship.genetics.loci import Inheritance
from wayhome.kinship.genetics.loci import locus as locus_of
from wayhome.kinship.genetics.model import LocusModel, PopulationModel
from wayhome.kinship.genetics.profiles import Genotype, Profile
from wayhome.kinship.likelihood.encoding import Wiring, check_sexes, codes_of, wiring
from wayhome.kinship.likelihood.evaluation import evaluate
from wayhome.kinship.likelihood.network import Shape, State
from wayhome.kinship.pedigrees.family import Family

_LOG10_E = float(np.log10(np.e))

Progress = Callable[[int, int], None]
"""Called with (done, of)."""


@dataclass(frozen=True, slots=True)
class Block:
    """Families that share a table at one locus.

    locus : ladder and parameters; wider than the population's where a relative or the child has an allele outside it.
    families : [f] indices of the families.
    row : [f] row of the table for each.
    lr : [rows, genotypes], see `genotype_index`; [rows, n] by allele where the missing member is a male at an X locus.
        0 where the child's genotype is impossible, nan where those of the relatives are.
    hemizygous : whether the missing member has one allele here.
    """

    locus: LocusModel
    families: IntArray
    row: IntArray
    lr: FloatArray
    hemizygous: bool

    def column(self, labels: Genotype) -> FloatArray:
        """[f] log10 LR of a child with this genotype; a male with two alleles of the X is impossible."""
        first, last = (sorted(self.locus.codes(labels))[i] for i in (0, -1))
        if not self.hemizygous:
            column = self.lr[:, genotype_index(first, last, len(self.locus))]
        elif first == last:
            column = self.lr[:, first]
        else:
            column = np.zeros(len(self.lr))
        with np.errstate(divide="ignore"):
            return np.asarray(np.log10(column)[self.row])


_UNTYPED = -1
_OUTSIDE = -2


class _Codes(dict[Genotype | None, int]):
    """Genotype -> both allele indices as one number, a * n + b; worked out once for each genotype that occurs."""

    def __init__(self, locus: LocusModel) -> None:
        super().__init__({None: _UNTYPED, (): _UNTYPED})
        self._locus = locus

    def __missing__(self, labels: Genotype | None) -> int:
        assert labels is not None
        if all(label in self._locus.index for label in labels):
            first, last = codes_of(labels, self._locus)
            self[labels] = first * len(self._locus) + last
        else:
            self[labels] = _OUTSIDE
        return self[labels]


@dataclass(slots=True)
class _Group:
    """Families of one shape.

    wired, missing : of the first of them.
    families : their indices.
    packed : [loci, families, members] genotypes as one number each, `_UNTYPED` or `_OUTSIDE`.
    """

    wired: Wiring
    missing: str
    families: list[int] = field(default_factory=list)
    packed: IntArray = field(default_factory=lambda: np.empty((0, 0, 0), dtype=np.int64))

    def encode(self, families: Sequence[Family], loci: Sequence[str], codes: Sequence[_Codes]) -> None:
        """Fill `packed`."""
        nobody = [_UNTYPED] * len(loci)
        rows = []
        pairs = list(zip(loci, codes, strict=True))
        for i in self.families:
            profiles = families[i].profiles
            for member in wiring(families[i].pedigree).ids:
                profile = profiles.get(member)
                if profile is None:
                    rows.append(nobody)
                    continue
                genotypes = profile.genotypes
                try:
                    rows.append([code[genotypes.get(name)] for name, code in pairs])
                except InputError as error:
                    error.problem = f"family {families[i].id}, {member}: {error.problem}"
                    raise
        shape = (len(self.families), len(self.wired.ids), len(loci))
        self.packed = np.ascontiguousarray(np.array(rows, dtype=np.int64).reshape(shape).transpose(2, 0, 1))

    def shape(self, pattern: BoolArray, locus: LocusModel) -> Shape:
        """The shape with these members typed."""
        typed = [self.wired.ids[i] for i in np.flatnonzero(pattern)]
        return self.wired.shape(typed, x_linked=locus.x_linked, open_member=self.missing)


def _hemizygous(shape: Shape) -> bool:
    return shape.x_linked and shape.male[shape.open]


def _patterns(typed: BoolArray) -> Iterator[tuple[BoolArray, IntArray]]:
    """Families by who was typed: [families, members] -> (members typed, rows) for each pattern that occurs."""
    if not len(typed):
        return
    patterns, group = np.unique(typed, axis=0, return_inverse=True)
    group = group.reshape(-1)
    for g, pattern in enumerate(patterns):
        yield pattern, np.flatnonzero(group == g)


@dataclass
class CompiledFamilies:
    """Families ready for search under one population model.

    Parameters
    ----------
    families : in a fixed order; results refer to it.
    model : the population.
    loci : the loci compiled.
    """

    families: tuple[Family, ...]
    model: PopulationModel
    loci: tuple[str, ...]
    _blocks: dict[tuple[str, tuple[str, ...]], list[Block]] = field(default_factory=dict, repr=False)

    def blocks(self, locus: str, extra: Iterable[str] = ()) -> list[Block]:
        """The tables of a locus; `extra` are alleles of a child that the population's table does not hold.

        Families nobody of whom was typed at the locus are in no block: they do not tell about it, LR 1.
        """
        table = self.model.frequencies.loci[locus]
        key = (locus, tuple(sorted({label for label in extra if label not in table})))
        if key not in self._blocks:
            self._blocks[key] = list(self._compile(*key))
        return self._blocks[key]

    @cached_property
    def _groups(self) -> list[_Group]:
        """Families by shape, their genotypes encoded."""
        groups: dict[tuple[object, ...], _Group] = {}
        for i, family in enumerate(self.families):
            wired = wiring(family.pedigree)
            key = (wired.father, wired.mother, wired.male, wired.ids.index(family.missing))
            group = groups.setdefault(key, _Group(wired, family.missing))
            group.families.append(i)
        codes = [_Codes(self.model.locus(name)) for name in self.loci]
        for group in groups.values():
            group.encode(self.families, self.loci, codes)
        return list(groups.values())

    def _compile(self, name: str, extra: tuple[str, ...]) -> Iterator[Block]:
        k = self.loci.index(name)
        ladder = self.model.locus(name)
        for group in self._groups:
            packed = group.packed[k]
            if ladder.x_linked:
                self._check_x(group, packed, ladder)
            # Families that differ in who was typed, or need a wider ladder, go apart.
            inside = np.flatnonzero((packed != _OUTSIDE).all(axis=1))
            typed = packed[inside] != _UNTYPED
            for pattern, rows in _patterns(typed):
                if pattern.any():
                    yield self._block(self.model.locus(name, extra), ladder, group, pattern, inside[rows], packed)
            for row in np.flatnonzero((packed == _OUTSIDE).any(axis=1)):
                yield self._lone_block(name, extra, group, int(row))

    def _check_x(self, group: _Group, packed: IntArray, ladder: LocusModel) -> None:
        """PedigreeError for a sex that is not known, ProfileError for a man with two alleles."""
        for i in group.families:
            check_sexes(self.families[i].pedigree, ladder)
        first, last = np.divmod(packed, len(ladder))
        two = (packed >= 0) & (first != last) & np.array(group.wired.male)
        for row, position in np.argwhere(two):
            family = self.families[group.families[int(row)]]
            member = wiring(family.pedigree).ids[int(position)]
            raise ProfileError(
                f"family {family.id}, {member} is male and has two alleles at the X-chromosomal locus {ladder.name}",
                "Correct the sex or the alleles",
                field=ladder.name,
            )

    def _block(
        self, locus: LocusModel, ladder: LocusModel, group: _Group, pattern: BoolArray, rows: IntArray, packed: IntArray
    ) -> Block:
        """Families of one shape with the same members typed, all on the population's ladder."""
        shape = group.shape(pattern, locus)
        n = len(ladder)
        distinct, row = distinct_rows(packed[np.ix_(rows, np.flatnonzero(pattern))], n * n)
        codes = np.stack(np.divmod(distinct, n), axis=2)
        if len(locus) != n:
            codes = np.sort(np.array([locus.index[label] for label in ladder.alleles])[codes], axis=2)
        families = np.array(group.families)[rows]
        return Block(locus, families, row, lr_ratios(shape, locus, codes, self.model.theta), _hemizygous(shape))

    def _lone_block(self, name: str, extra: tuple[str, ...], group: _Group, row: int) -> Block:
        """A family in which somebody has an allele that the population's table does not hold."""
        family = self.families[group.families[row]]
        wired = wiring(family.pedigree)
        seen = [family.profiles[m].genotypes.get(name, ()) if m in family.profiles else () for m in wired.ids]
        locus = self.model.locus(name, (*(label for labels in seen for label in labels), *extra))
        pattern = np.array([bool(labels) for labels in seen])
        codes = [
            codes_of(labels, locus, hemizygous=locus.x_linked and male, member=f"family {family.id}, {member}")
            for member, male, labels in zip(wired.ids, wired.male, seen, strict=True)
            if labels
        ]
        shape = group.shape(pattern, locus)
        table = lr_ratios(shape, locus, np.array(codes).reshape(1, -1, 2), self.model.theta)
        return Block(locus, np.array([group.families[row]]), np.zeros(1, dtype=np.int64), table, _hemizygous(shape))

    def telling(self, family: int) -> set[str]:
        """Loci at which somebody of a family was typed."""
        return {name for profile in self.families[family].profiles.values() for name in profile.genotypes}

    def log10_lr(self, child: Profile) -> tuple[FloatArray, list[str]]:
        """LR of a child against every family.

        Returns
        -------
        log10_lr, loci
            [loci, families] log10 LR, 0 where a family does not tell; and the loci, those of `self.loci` that the child has.
        """
        names = [name for name in self.loci if child.genotypes.get(name)]
        table = np.zeros((len(names), len(self.families)))
        for k, name in enumerate(names):
            labels = child.genotypes[name]
            for block in self.blocks(name, labels):
                table[k, block.families] = block.column(labels)
        return table, names


def compile_families(
    families: Sequence[Family],
    model: PopulationModel,
    *,
    loci: Iterable[str] | None = None,
    progress: Progress | None = None,
) -> CompiledFamilies:
    """Compile families for search.

    Parameters
    ----------
    families : in the order that results refer to.
    model : the population.
    loci : by default `search_loci`.
    progress : called after each locus.

    Raises
    ------
    InputError, TooComplex
    """
    names = search_loci(families, [model]) if loci is None else tuple(loci)
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"the locus {name} is named twice", "Name it once", field="loci")
        model.locus(name)
    compiled = CompiledFamilies(tuple(families), model, names)
    for done, name in enumerate(compiled.loci):
        compiled.blocks(name)
        if progress is not None:
            progress(done + 1, len(compiled.loci))
    return compiled


def search_loci(families: Iterable[Family], models: Sequence[PopulationModel]) -> tuple[str, ...]:
    """Loci a search uses unless told otherwise: autosomal, in every population's table, typed in some relative, not doubtful."""
    typed = {name for family in families for profile in family.profiles.values() for name in profile.genotypes}
    return tuple(
        name
        for name in (models[0].loci if models else ())
        if name in typed
        and locus_of(name).inheritance is Inheritance.AUTOSOMAL
        and all(name in model.frequencies.loci and name not in model.frequencies.doubtful_loci for model in models)
    )


def lr_table(shape: Shape, locus: LocusModel, codes: IntArray, theta: float = 0.0) -> FloatArray:
    """log10 LR of every genotype of the open member, for each family.

    Parameters
    ----------
    shape : with the missing member open.
    codes : [families, typed, 2] allele indices of the relatives.

    Returns
    -------
    FloatArray
        [families, genotypes], or [families, n] for a male at an X locus; see `Block.log10_lr`.
    """
    table = lr_ratios(shape, locus, codes, theta)
    with np.errstate(divide="ignore"):
        np.log(table, out=table)
    table *= _LOG10_E
    return table


def lr_ratios(shape: Shape, locus: LocusModel, codes: IntArray, theta: float = 0.0) -> FloatArray:
    """As `lr_table`, but the LR itself: 0 where the child's genotype is impossible, nan where those of the relatives are."""
    joint = evaluate(shape, locus, codes, theta=theta, convention="pruned")
    table = _shown(_conditional(joint.table), locus, joint.table.ndim)
    if theta > 0:
        unrelated = _conditional(evaluate(_unrelated(shape), locus, codes, theta=theta, convention="pruned").table)
    else:
        p = locus.frequencies
        unrelated = p[None].copy() if joint.table.ndim == 2 else _unordered(np.multiply.outer(p, p)[None])
    table /= _shown(unrelated, locus, joint.table.ndim)
    table[joint.log_scale == -np.inf] = np.nan
    return table


def _conditional(joint: FloatArray) -> FloatArray:
    """Joint with the relatives -> [families, genotypes] given the relatives."""
    table = joint.copy() if joint.ndim == 2 else _unordered(joint)
    with np.errstate(divide="ignore", invalid="ignore"):
        table *= 1 / table.sum(axis=1, keepdims=True)
    return table


def _shown(table: FloatArray, locus: LocusModel, axes: int) -> FloatArray:
    """Probabilities by genotype -> by what a kit shows of it, where a silent allele exists: a/a and a/silent look the same."""
    silent, n = locus.silent, len(locus)
    if silent is not None and axes == 3:
        for a in range(n):
            if a != silent:
                alone = genotype_index(a, a, n)
                beside = genotype_index(min(a, silent), max(a, silent), n)
                table[:, alone] += table[:, beside]
                table[:, beside] = table[:, alone]
    return table


@lru_cache(maxsize=256)
def _pairs(n: int) -> tuple[IntArray, IntArray, IntArray]:
    """Of the unordered genotypes of n alleles: places of (a, b) and of (b, a) in a flat [n, n], and which are homozygous."""
    a, b = np.triu_indices(n)
    return a * n + b, b * n + a, np.flatnonzero(a == b)


def _unordered(table: FloatArray) -> FloatArray:
    """[families, n, n] by ordered alleles -> [families, n (n + 1) / 2] by unordered genotypes."""
    families, n, _ = table.shape
    there, back, homozygous = _pairs(n)
    flat = table.reshape(families, n * n)
    both = flat.take(there, axis=1)
    both += flat.take(back, axis=1)
    both[:, homozygous] /= 2
    return both


def genotype_index(a: int, b: int, n: int) -> int:
    """Place of the unordered genotype a <= b among the n (n + 1) / 2 of n alleles: 0/0, 0/1, ... 0/n-1, 1/1, 1/2, ..."""
    return a * n - a * (a - 1) // 2 + b - a


def _unrelated(shape: Shape) -> Shape:
    """The alternative: the child is a founder of its own; an untyped stand-in keeps its place in the family."""
    child = shape.open
    states = list(shape.states)
    states[child] = int(State.UNTYPED)
    return Shape(
        (*shape.father, -1),
        (*shape.mother, -1),
        (*shape.male, shape.male[child]),
        (*states, int(State.UNTYPED)),
        len(states),
        shape.x_linked,
    )


def distinct_rows(packed: IntArray, base: int) -> tuple[IntArray, IntArray]:
    """Distinct families of genotypes, and which of them each family has.

    Parameters
    ----------
    packed : [families, typed] genotypes as numbers below `base`.

    Returns
    -------
    distinct, row
        [rows, typed] and [families].
    """
    families, typed = packed.shape
    if typed and base**typed < 2**62:
        weights = np.array([base**k for k in range(typed)], dtype=np.int64)
        keys = packed @ weights
        if base**typed <= 16 * families:
            # Few enough to tick them off, which is quicker than sorting.
            seen = np.zeros(base**typed, dtype=np.int64)
            seen[keys] = 1
            distinct = np.flatnonzero(seen)
            seen[distinct] = np.arange(len(distinct))
            return np.stack([distinct // base**k % base for k in range(typed)], axis=1), seen[keys]
        _, first, row = np.unique(keys, return_index=True, return_inverse=True)
    else:
        _, first, row = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    return packed[first], row.reshape(-1)
