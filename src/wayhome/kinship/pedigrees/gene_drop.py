"""Made-up genotypes: founder alleles drawn from the population, dropped through the pedigree with mutation.

Used to simulate whole bases of families with their children, for tests, benchmarks and the demonstration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from wayhome.kinship.arrays import FloatArray, IntArray
from wayhome.kinship.errors import InputError, UnknownName
from wayhome.kinship.genetics.loci import allele_order
from wayhome.kinship.genetics.model import LocusModel, PopulationModel
from wayhome.kinship.genetics.profiles import Genotype, Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree, Sex


def gene_drop(
    pedigree: Pedigree, locus: LocusModel, replicates: int, rng: np.random.Generator, *, theta: float = 0.0
) -> IntArray:
    """Simulate a pedigree's genotypes at one locus.

    Parameters
    ----------
    replicates : how many families to make.
    rng : the source of chance; equal states give equal families.
    theta : coancestry; the founder alleles of one family then come from one Balding-Nichols urn.

    Returns
    -------
    IntArray
        [replicates, members, 2] paternal and maternal allele index, members as in `pedigree.ids`; a male at an X locus
        has his allele twice.
    """
    at = {member: i for i, member in enumerate(pedigree.ids)}
    urn = _Urn(locus.frequencies, replicates, rng, theta)
    alleles = np.empty((replicates, len(pedigree), 2), dtype=np.int64)
    rows = np.arange(replicates)
    for id_ in pedigree.from_the_oldest:
        member = pedigree[id_]
        i = at[id_]
        for slot, (parent, matrix) in enumerate(((member.father, locus.male), (member.mother, locus.female))):
            if locus.x_linked and member.sex == "M" and slot == 0:
                continue
            if parent is None:
                alleles[:, i, slot] = urn.draw()
                continue
            copy = 1 if locus.x_linked and slot == 0 else rng.integers(0, 2, replicates)
            alleles[:, i, slot] = _mutated(alleles[rows, at[parent], copy], matrix, rng)
        if locus.x_linked and member.sex == "M":
            alleles[:, i, 0] = alleles[:, i, 1]
    return alleles


def _mutated(alleles: IntArray, matrix: FloatArray | None, rng: np.random.Generator) -> IntArray:
    if matrix is None:
        return alleles
    steps = np.cumsum(matrix, axis=1)
    steps[:, -1] = 1.0
    chance = rng.random(len(alleles))
    return np.asarray((chance[:, None] >= steps[alleles]).sum(axis=1))


class _Urn:
    """Draws founder alleles, one per replicate at a time."""

    def __init__(self, frequencies: FloatArray, replicates: int, rng: np.random.Generator, theta: float) -> None:
        self._steps = np.cumsum(frequencies)
        self._steps[-1] = 1.0
        self._rng = rng
        self._theta = theta
        self._drawn: list[IntArray] = []
        self._replicates = replicates

    def draw(self) -> IntArray:
        new = np.searchsorted(self._steps, self._rng.random(self._replicates), side="right")
        if self._theta == 0:
            return new
        m = len(self._drawn)
        if m:
            # The next allele is a copy of an earlier one with weight theta for each, new with weight 1 - theta.
            copied = self._rng.random(self._replicates) < m * self._theta / (1 + (m - 1) * self._theta)
            which = self._rng.integers(0, m, self._replicates)
            earlier = np.stack(self._drawn)[which, np.arange(self._replicates)]
            new = np.where(copied, earlier, new)
        self._drawn.append(new)
        return new


def observed(alleles: IntArray, locus: LocusModel) -> Genotype:
    """What a kit shows of two alleles: the labels told once, silent ones not at all; empty where nothing shows."""
    seen = {int(a) for a in alleles} - {locus.silent}
    return tuple(sorted((locus.alleles[a] for a in seen if a is not None), key=allele_order))


@dataclass(frozen=True, slots=True)
class FamilyShape:
    """A kind of family: (id, father, mother, sex) of the members, and who of them was typed. The missing one is "child"."""

    members: tuple[tuple[str, str | None, str | None, Sex], ...]
    typed: tuple[str, ...]


_PARENTS: tuple[tuple[str, str | None, str | None, Sex], ...] = (("father", None, None, "M"), ("mother", None, None, "F"))
_GRANDPARENTS: tuple[tuple[str, str | None, str | None, Sex], ...] = (
    ("grandfather", None, None, "M"),
    ("grandmother", None, None, "F"),
    ("father", "grandfather", "grandmother", "M"),
    ("mother", None, None, "F"),
)
_CHILD: tuple[str, str | None, str | None, Sex] = ("child", "father", "mother", "U")

FAMILY_SHAPES: Mapping[str, FamilyShape] = MappingProxyType(
    {
        "couple": FamilyShape((*_PARENTS, _CHILD), ("father", "mother")),
        "mother": FamilyShape((*_PARENTS, _CHILD), ("mother",)),
        "father": FamilyShape((*_PARENTS, _CHILD), ("father",)),
        "mother and two siblings": FamilyShape(
            (*_PARENTS, ("brother", "father", "mother", "M"), ("sister", "father", "mother", "F"), _CHILD),
            ("mother", "brother", "sister"),
        ),
        "two siblings": FamilyShape(
            (*_PARENTS, ("brother", "father", "mother", "M"), ("sister", "father", "mother", "F"), _CHILD),
            ("brother", "sister"),
        ),
        "mother and half-brother": FamilyShape(
            (*_PARENTS, ("stepfather", None, None, "M"), ("half-brother", "stepfather", "mother", "M"), _CHILD),
            ("mother", "half-brother"),
        ),
        "two grandparents and aunt": FamilyShape(
            (*_GRANDPARENTS, ("aunt", "grandfather", "grandmother", "F"), _CHILD), ("grandfather", "grandmother", "aunt")
        ),
        "three generations": FamilyShape(
            (
                *_GRANDPARENTS,
                ("aunt", "grandfather", "grandmother", "F"),
                ("sister", "father", "mother", "F"),
                _CHILD,
            ),
            ("grandfather", "grandmother", "aunt", "mother", "sister"),
        ),
        "first-cousin marriage": FamilyShape(
            (
                ("great-grandfather", None, None, "M"),
                ("great-grandmother", None, None, "F"),
                ("paternal grandfather", "great-grandfather", "great-grandmother", "M"),
                ("paternal grandmother", None, None, "F"),
                ("maternal grandfather", None, None, "M"),
                ("maternal grandmother", "great-grandfather", "great-grandmother", "F"),
                ("father", "paternal grandfather", "paternal grandmother", "M"),
                ("mother", "maternal grandfather", "maternal grandmother", "F"),
                ("sister", "father", "mother", "F"),
                _CHILD,
            ),
            ("great-grandmother", "mother", "sister"),
        ),
    }
)
"""The kinds of family that `simulate_base` makes."""

DEFAULT_MIX: Mapping[str, float] = MappingProxyType(
    {
        "couple": 0.5,
        "mother": 0.15,
        "father": 0.05,
        "mother and two siblings": 0.1,
        "two siblings": 0.05,
        "mother and half-brother": 0.05,
        "two grandparents and aunt": 0.05,
        "three generations": 0.03,
        "first-cousin marriage": 0.02,
    }
)


@dataclass(frozen=True, slots=True)
class SimulatedBase:
    """A made-up base.

    families : each with relatives' profiles and a missing child.
    children : rescued children, those of the families in a random order and strangers among them.
    truth : child -> family, for children who have one.
    """

    families: tuple[Family, ...]
    children: tuple[Profile, ...]
    truth: Mapping[str, str]


def simulate_base(
    families: int,
    model: PopulationModel,
    *,
    loci: Sequence[str],
    seed: int,
    shapes: Mapping[str, float] | None = None,
    typed: float = 1.0,
    unrelated: int = 0,
    found: float = 1.0,
) -> SimulatedBase:
    """Make families that lost a child, and rescued children, by gene dropping.

    Parameters
    ----------
    families : how many.
    model : the population, with its mutation model and theta.
    loci : autosomal loci of its table; AMEL is added by the child's sex.
    seed : equal seeds give equal bases.
    shapes : kind of family (`FAMILY_SHAPES`) -> weight; `DEFAULT_MIX` where None.
    typed : share of loci read in each profile, 0..1.
    unrelated : rescued children without a family in the base.
    found : share of the families whose child is among the children.

    Raises
    ------
    UnknownName, InputError
    """
    mix = dict(shapes or DEFAULT_MIX)
    for name, weight in mix.items():
        if name not in FAMILY_SHAPES:
            raise UnknownName(f'no kind of family is called "{name}"', f"Known are: {', '.join(FAMILY_SHAPES)}", field="shapes")
        if not 0 <= weight < np.inf:
            what = "negative" if weight < 0 else f"{weight}"
            raise InputError(f'the weight of "{name}" is {what}', "Give a number of 0 or more", field="shapes")
    if not sum(mix.values()) > 0:
        raise InputError("all weights are zero", "Give one kind of family a weight", field="shapes")
    for field, share in (("typed", typed), ("found", found)):
        if not 0 <= share <= 1:
            raise InputError(f"{field} is {share}", "Give a share from 0 to 1", field=field)
    if families < 0 or unrelated < 0:
        raise InputError("a number of families or children is negative", "Give 0 or more", field="families")
    rng = np.random.default_rng(seed)
    kinds = list(mix)
    weights = np.array([mix[kind] for kind in kinds]) / sum(mix.values())
    chosen = rng.choice(len(kinds), size=families, p=weights)
    made: dict[int, Family] = {}
    own: dict[int, dict[str, Genotype]] = {}
    sexes: list[Sex] = ["M" if male else "F" for male in rng.random(families + unrelated) < 0.5]
    for k, kind in enumerate(kinds):
        members = np.flatnonzero(chosen == k)
        if len(members):
            _make(kind, members, model, loci, sexes, typed, rng, made, own)
    kept = [i for i in range(families) if rng.random() < found]
    strangers = _strangers(unrelated, model, loci, rng)
    pool = [(own[i], sexes[i], made[i].id) for i in kept]
    pool += [(genotypes, sexes[families + j], "") for j, genotypes in enumerate(strangers)]
    order = rng.permutation(len(pool))
    width = len(str(max(len(pool), 1)))
    children, truth = [], {}
    for number, position in enumerate(map(int, order), 1):
        genotypes, sex, family = pool[position]
        sample = f"C{number:0{width}}"
        children.append(_profile(sample, genotypes, sex, typed, rng))
        if family:
            truth[sample] = family
    return SimulatedBase(tuple(made[i] for i in range(families)), tuple(children), truth)


def _make(
    kind: str,
    members: IntArray,
    model: PopulationModel,
    loci: Sequence[str],
    sexes: Sequence[Sex],
    typed: float,
    rng: np.random.Generator,
    made: dict[int, Family],
    own: dict[int, dict[str, Genotype]],
) -> None:
    """All families of one kind."""
    shape = FAMILY_SHAPES[kind]
    pedigree = Pedigree.of(shape.members, "child")
    at = {id_: i for i, id_ in enumerate(pedigree.ids)}
    calls: dict[str, list[dict[str, Genotype]]] = {id_: [{} for _ in members] for id_ in (*shape.typed, "child")}
    for name in loci:
        locus = model.locus(name)
        alleles = gene_drop(pedigree, locus, len(members), rng, theta=model.theta)
        for id_, rows in calls.items():
            _record(rows, name, alleles[:, at[id_]], locus)
    width = len(str(len(sexes)))
    for j, i in enumerate(map(int, members)):
        family = f"F{i + 1:0{width}}"
        people = tuple(Member(m.id, m.father, m.mother, sexes[i] if m.id == "child" else m.sex) for m in pedigree)
        profiles = {id_: _profile(f"{family}/{id_}", calls[id_][j], pedigree[id_].sex, typed, rng) for id_ in shape.typed}
        made[i] = Family(Pedigree(people, "child", family), profiles)
        own[i] = calls["child"][j]


def _record(rows: Sequence[dict[str, Genotype]], name: str, alleles: IntArray, locus: LocusModel) -> None:
    """Note what shows of alleles [rows, 2]; equal genotypes are one object."""
    n = len(locus)
    coded = alleles[:, 0] * n + alleles[:, 1]
    shown = {one: observed(np.array(divmod(one, n)), locus) for one in np.unique(coded).tolist()}
    for row, one in zip(rows, coded.tolist(), strict=True):
        if labels := shown[one]:
            row[name] = labels


def _strangers(number: int, model: PopulationModel, loci: Iterable[str], rng: np.random.Generator) -> list[dict[str, Genotype]]:
    one = Pedigree((Member("child"),), "child")
    calls: list[dict[str, Genotype]] = [{} for _ in range(number)]
    for name in loci if number else ():
        locus = model.locus(name)
        _record(calls, name, gene_drop(one, locus, number, rng, theta=model.theta)[:, 0], locus)
    return calls


def _profile(sample: str, genotypes: Mapping[str, Genotype], sex: Sex, typed: float, rng: np.random.Generator) -> Profile:
    read = {name: labels for name, labels in genotypes.items() if typed >= 1 or rng.random() < typed}
    return Profile(sample, read | {"AMEL": ("X", "Y") if sex == "M" else ("X",)})
