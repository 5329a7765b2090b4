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
from functools import cached_property

import numpy as np

from wayhome.kinship.arrays import BoolArray, FloatArray, IntArray
from wayhome.kinship.errors import InputError, ProfileError
from wayhome.kinship.genetics.loci import Inheritance
from wayhome.kinship.genetics.loci import locus as locus_of
from wayhome.kinship.genetics.model import LocusModel, PopulationModel
from wayhome.kinship.genetics.profiles import Genotype, Profile
from wayhome.kinship.likelihood.encoding import Wiring, check_sexes, codes_of, wiring
from wayhome.kinship.likelihood.network import Shape
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.search.coding import OUTSIDE, UNTYPED, Coded
from wayhome.kinship.search.tables import distinct_rows, genotype_index, in_pieces, lr_ratios, ratios

Progress = Callable[[int, int], None]
"""Called with (done, of)."""


@dataclass(frozen=True)
class Block:
    """Families that share a table at one locus.

    locus : ladder and parameters; wider than the population's where a relative or the child has an allele outside it.
    families : [f] indices of the families, rising.
    row : [f] row of the table for each.
    shape : the pedigree, the missing member open.
    codes : [rows, typed, 2] allele indices of the relatives.
    theta : coancestry.
    """

    locus: LocusModel
    families: IntArray
    row: IntArray
    shape: Shape
    codes: IntArray
    theta: float

    @property
    def hemizygous(self) -> bool:
        """Whether the missing member has one allele here."""
        return self.shape.x_linked and self.shape.male[self.shape.open]

    @cached_property
    def lr(self) -> FloatArray:
        """[rows, genotypes], see `genotype_index`; [rows, n] by allele where the missing member is a male at an X locus.

        0 where the child's genotype is impossible, nan where those of the relatives are.
        """
        return lr_ratios(self.shape, self.locus, self.codes, self.theta)

    def pieces(self) -> Iterator[FloatArray]:
        """The rows of `lr` some at a time, none of them kept."""
        for codes in in_pieces(self.codes, len(self.locus)):
            yield ratios(self.shape, self.locus, codes, self.theta)

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


@dataclass(frozen=True, slots=True)
class _Group:
    """Families of one wiring.

    wired, missing : the wiring, and which of its members is missing.
    families : [f] their indices, rising.
    profiles : [f, members] the profile of each member, the last one of `Coded.at` for nobody's.
    """

    wired: Wiring
    missing: str
    families: IntArray
    profiles: IntArray

    def shape(self, pattern: BoolArray, locus: LocusModel) -> Shape:
        """The shape with these members typed."""
        typed = [self.wired.ids[i] for i in np.flatnonzero(pattern)]
        return self.wired.shape(typed, x_linked=locus.x_linked, open_member=self.missing)


def _grouped(coded: Coded, *, by_sex: bool) -> Iterator[_Group]:
    """Families by wiring, in order of appearance; only the X asks who is male."""
    nobody = len(coded.kind)
    alike: dict[tuple[object, ...], list[_Group]] = {}
    for form, families in coded.by_form():
        wired = wiring(coded.families[int(families[0])].pedigree)
        profiles = np.full((len(families), len(wired.ids)), nobody)
        typed = [wired.ids.index(member) for member in form.typed]
        profiles[:, typed] = coded.first_profile[families][:, None] + np.arange(len(typed))
        key = (wired.father, wired.mother, wired.male if by_sex else (), wired.ids.index(form.missing))
        alike.setdefault(key, []).append(_Group(wired, form.missing, families, profiles))
    for parts in alike.values():
        families = np.concatenate([part.families for part in parts])
        order = np.argsort(families)
        profiles = np.concatenate([part.profiles for part in parts])[order]
        yield _Group(parts[0].wired, parts[0].missing, families[order], profiles)


def _patterns(typed: BoolArray) -> Iterator[tuple[BoolArray, IntArray]]:
    """Families by who was typed: [families, members] -> (members typed, rows) for each pattern that occurs."""
    if not len(typed):
        return
    patterns, group = distinct_rows(typed.astype(np.int64), 2)
    for g, pattern in enumerate(patterns == 1):
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
            blocks = list(self.fresh_blocks(*key))
            for block in blocks:
                _ = block.lr  # now, not in the middle of a search
            self._blocks[key] = blocks
        return self._blocks[key]

    @cached_property
    def coded(self) -> Coded:
        """The families as numbers."""
        return Coded.of(self.families)

    @cached_property
    def _groups(self) -> list[_Group]:
        return list(_grouped(self.coded, by_sex=False))

    @cached_property
    def _groups_by_sex(self) -> list[_Group]:
        return list(_grouped(self.coded, by_sex=True))

    @cached_property
    def _packed(self) -> IntArray:
        """[loci, profiles + 1], see `Coded.at`."""
        return self.coded.at([self.model.locus(name) for name in self.loci])

    def fresh_blocks(self, name: str, extra: tuple[str, ...] = ()) -> Iterator[Block]:
        """As `blocks`, for whoever needs each only once: they are not kept."""
        k = self.loci.index(name)
        ladder = self.model.locus(name)
        for group in self._groups_by_sex if ladder.x_linked else self._groups:
            packed = self._packed[k][group.profiles]
            if ladder.x_linked:
                self._check_x(group, packed, ladder)
            # Families that differ in who was typed, or need a wider ladder, go apart.
            inside = np.flatnonzero((packed != OUTSIDE).all(axis=1))
            typed = packed[inside] != UNTYPED
            for pattern, rows in _patterns(typed):
                if pattern.any():
                    yield self._block(self.model.locus(name, extra), ladder, group, pattern, inside[rows], packed)
            for row in np.flatnonzero((packed == OUTSIDE).any(axis=1)):
                yield self._lone_block(name, extra, group, int(row))

    def _check_x(self, group: _Group, packed: IntArray, ladder: LocusModel) -> None:
        """PedigreeError for a sex that is not known, ProfileError for a man with two alleles."""
        for i in group.families.tolist():
            check_sexes(self.families[i].pedigree, ladder)
        first, last = np.divmod(packed, len(ladder))
        two = (packed >= 0) & (first != last) & np.array(group.wired.male)
        for row, position in np.argwhere(two):
            family = self.families[int(group.families[row])]
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
        return Block(locus, group.families[rows], row, shape, codes, self.model.theta)

    def _lone_block(self, name: str, extra: tuple[str, ...], group: _Group, row: int) -> Block:
        """A family in which somebody has an allele that the population's table does not hold."""
        family = self.families[int(group.families[row])]
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
        code_array = np.array(codes).reshape(1, -1, 2)
        return Block(locus, group.families[[row]], np.zeros(1, dtype=np.int64), shape, code_array, self.model.theta)

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
