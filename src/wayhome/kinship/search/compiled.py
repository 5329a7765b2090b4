"""Families compiled once, so that any child's LR against any of them is a sum of one table entry per locus.

For a family and a locus, the LR of a child with genotype g is

    P(missing member has g | typed relatives) / P(an unrelated child has g),

a table over all genotypes of the ladder. Families of one shape are computed together, and equal genotypes of the relatives once.

Untyped founders with a single child are taken out before (the "pruned" convention): whether somebody wrote the unknown father
down must not change the answer, and what the absent side contributes then cancels exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from wayhome.kinship.arrays import FloatArray, IntArray
from wayhome.kinship.errors import InputError
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
    log10_lr : [rows, genotypes], see `genotype_index`; [rows, n] by allele where the missing member is a male at an X locus.
        -inf where the child's genotype is impossible, nan where those of the relatives are.
    hemizygous : whether the missing member has one allele here.
    """

    locus: LocusModel
    families: IntArray
    row: IntArray
    log10_lr: FloatArray
    hemizygous: bool

    def column(self, labels: Genotype) -> FloatArray:
        """[f] log10 LR of a child with this genotype; a male with two alleles of the X is impossible."""
        first, last = (sorted(self.locus.codes(labels))[i] for i in (0, -1))
        if not self.hemizygous:
            column = self.log10_lr[:, genotype_index(first, last, len(self.locus))]
        elif first == last:
            column = self.log10_lr[:, first]
        else:
            column = np.full(len(self.log10_lr), -np.inf)
        return np.asarray(column[self.row])


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
    def _groups(self) -> list[tuple[Wiring, str, list[int]]]:
        """Families by shape: wiring of the first, id of its missing member, indices."""
        groups: dict[tuple[object, ...], tuple[Wiring, str, list[int]]] = {}
        for i, family in enumerate(self.families):
            wired = wiring(family.pedigree)
            key = (wired.father, wired.mother, wired.male, wired.ids.index(family.missing))
            groups.setdefault(key, (wired, family.missing, []))[2].append(i)
        return list(groups.values())

    def _compile(self, name: str, extra: tuple[str, ...]) -> Iterable[Block]:
        known = self.model.frequencies.loci[name]
        for wired, missing, members in self._groups:
            # Families that differ in who was typed, or need a wider ladder, go apart.
            apart: dict[tuple[tuple[int, ...], tuple[str, ...]], tuple[list[int], list[tuple[Genotype, ...]]]] = {}
            for i in members:
                family = self.families[i]
                ids = wiring(family.pedigree).ids
                typed, seen = [], []
                for position, member in enumerate(ids):
                    profile = family.profiles.get(member)
                    labels = profile.genotypes.get(name) if profile is not None else None
                    if labels:
                        typed.append(position)
                        seen.append(labels)
                if not typed:
                    continue
                outside = tuple(sorted({a for labels in seen for a in labels if a not in known}))
                indices, genotypes = apart.setdefault((tuple(typed), outside), ([], []))
                indices.append(i)
                genotypes.append(tuple(seen))
            for (typed_at, outside), (indices, genotypes) in apart.items():
                locus = self.model.locus(name, (*outside, *extra))
                yield self._block(locus, wired, missing, typed_at, np.array(indices), genotypes)

    def _block(
        self,
        locus: LocusModel,
        wired: Wiring,
        missing: str,
        typed_at: tuple[int, ...],
        indices: IntArray,
        genotypes: Sequence[tuple[Genotype, ...]],
    ) -> Block:
        for i in indices if locus.x_linked else ():
            check_sexes(self.families[int(i)].pedigree, locus)
        shape = wired.shape([wired.ids[t] for t in typed_at], x_linked=locus.x_linked, open_member=missing)
        cache: dict[tuple[Genotype, bool], tuple[int, int]] = {}
        codes = np.empty((len(genotypes), len(typed_at), 2), dtype=np.int64)
        for f, seen in enumerate(genotypes):
            for m, (labels, position) in enumerate(zip(seen, typed_at, strict=True)):
                key = (labels, locus.x_linked and wired.male[position])
                if key not in cache:
                    try:
                        cache[key] = codes_of(labels, locus, hemizygous=key[1], member=wired.ids[position])
                    except InputError as error:
                        raise error.at(field=f"family {self.families[int(indices[f])].id}") from None
                codes[f, m] = cache[key]
        rows, row = distinct_rows(codes, len(locus))
        hemizygous = locus.x_linked and shape.male[shape.open]
        return Block(locus, indices, row, lr_table(shape, locus, rows, self.model.theta), hemizygous)

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
    if loci is None:
        loci = search_loci(families, [model])
    compiled = CompiledFamilies(tuple(families), model, tuple(loci))
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
    joint = evaluate(shape, locus, codes, theta=theta, convention="pruned")
    table = _conditional(joint.table)
    if theta > 0:
        table /= _conditional(evaluate(_unrelated(shape), locus, codes, theta=theta, convention="pruned").table)
    else:
        p = locus.frequencies
        table /= p if joint.table.ndim == 2 else _unordered(np.multiply.outer(p, p)[None])
    table[joint.log_scale == -np.inf] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        np.log(table, out=table)
    table *= _LOG10_E
    return table


def _conditional(joint: FloatArray) -> FloatArray:
    """Joint with the relatives -> [families, genotypes] given the relatives."""
    table = joint.copy() if joint.ndim == 2 else _unordered(joint)
    with np.errstate(divide="ignore", invalid="ignore"):
        table *= 1 / table.sum(axis=1, keepdims=True)
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


def distinct_rows(codes: IntArray, n: int) -> tuple[IntArray, IntArray]:
    """Distinct families of genotypes, and which of them each family has.

    Parameters
    ----------
    codes : [families, typed, 2] allele indices below n.

    Returns
    -------
    distinct, row
        [rows, typed, 2] and [families].
    """
    families, typed, _ = codes.shape
    if typed and (n * n) ** typed < 2**62:
        weights = np.array([n**k for k in range(2 * typed)], dtype=np.int64)
        _, first, row = np.unique(codes.reshape(families, -1) @ weights, return_index=True, return_inverse=True)
    else:
        _, first, row = np.unique(codes.reshape(families, -1), axis=0, return_index=True, return_inverse=True)
    return codes[first], row.reshape(-1)
