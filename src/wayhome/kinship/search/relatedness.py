"""Who among many people is related to whom: siblings sold apart, a family spread over two reports.

For two people and a relationship, the LR at a locus depends on their two genotypes only. The genotypes that occur are few, so the
engine computes a table over all pairs of them, and

    log10 LR of a pair = sum over loci of table[genotype of the one, genotype of the other]

is exact for any pair of the crowd. To find the pairs at or above a threshold the tables are first rounded *up* to bytes, whose
sums are quick (`crowd`). Such a sum can only overstate, so no pair is lost; those that pass are summed exactly.

Loci are taken as independent. For siblings linkage changes an LR a little (`genetics.loci.linked_pairs`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic

import numpy as np

from wayhome.kinship.arrays import FloatArray, IntArray
from wayhome.kinship.errors import InputError
from wayhome.kinship.genetics.loci import Inheritance
from wayhome.kinship.genetics.loci import locus as locus_of
from wayhome.kinship.genetics.model import LocusModel, PopulationModel
from wayhome.kinship.genetics.profiles import Genotype, Profile
from wayhome.kinship.likelihood.encoding import codes_of, wiring
from wayhome.kinship.likelihood.evaluation import evaluate
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree
from wayhome.kinship.pedigrees.relationships import duo, full_siblings, half_siblings
from wayhome.kinship.search.crowd import Crowd
from wayhome.kinship.search.duplicates import Person
from wayhome.kinship.search.scan import LIMIT, SUMS, ByteArray


@dataclass(frozen=True, slots=True)
class Relationship:
    """How two people may be related.

    name : what results call it.
    pedigree : with both of them.
    first, second : their ids in it.
    directed : whether it matters who of two people is the first; both are then tried.
    """

    name: str
    pedigree: Pedigree
    first: str
    second: str
    directed: bool = False


FULL_SIBLINGS = Relationship("full siblings", full_siblings(), "sibling 1", "child")
HALF_SIBLINGS = Relationship("half siblings", half_siblings(), "sibling 1", "child")
PARENT_AND_CHILD = Relationship("parent and child", duo("father"), "father", "child", directed=True)
"""With a father's mutation rates, which are the higher ones."""
RELATIONSHIPS = (FULL_SIBLINGS, HALF_SIBLINGS, PARENT_AND_CHILD)


@dataclass(frozen=True, slots=True)
class RelatedPair(Generic[Person]):
    """Two people who may be related.

    first, second : who, in the order given.
    log10_lr : relationship -> log10 LR against unrelated, of every relationship asked for; of a directed one the larger.
    reversed : directed relationships whose larger LR has the second person as the first of its pedigree.
    loci : how many loci both show.
    """

    first: Person
    second: Person
    log10_lr: Mapping[str, float]
    reversed: frozenset[str] = field(default_factory=frozenset)
    loci: int = 0

    @property
    def best(self) -> str:
        """The relationship with the largest LR."""
        return max(self.log10_lr, key=lambda name: self.log10_lr[name])


def related_pairs(
    profiles: Mapping[Person, Profile],
    model: PopulationModel,
    *,
    least_log10_lr: float,
    relationships: Sequence[Relationship] = RELATIONSHIPS,
    loci: Iterable[str] | None = None,
    together: Mapping[Person, object] | None = None,
) -> tuple[RelatedPair[Person], ...]:
    """All pairs of people for whom some relationship reaches an LR against "unrelated", by exact LRs.

    Parameters
    ----------
    profiles : who -> profile.
    model : the population; an allele outside its table takes part with the minimum frequency.
    least_log10_lr : the threshold.
    relationships : those to try; names differ. Their LRs are those of `likelihood_ratio` under the "pruned" convention.
    loci : by default all autosomal loci of the table, doubtful ones left out.
    together : who -> group; pairs of one group are left out, such as relatives whom a family reported itself.

    Returns
    -------
    tuple of RelatedPair
        largest LR first, then in the order given.

    Raises
    ------
    InputError, TooComplex
    """
    names = [relationship.name for relationship in relationships]
    if not names or len(set(names)) < len(names):
        raise InputError("relationships must be given, each with a name of its own", "Name them apart", field="relationships")
    if math.isnan(least_log10_lr):
        raise InputError("the least log10 LR is not a number", "Give a threshold, such as 4", field="least_log10_lr")
    people = list(profiles)
    crowd = Crowd.of(list(profiles.values()), _loci(model, profiles.values(), loci))
    tables = {
        relationship.name: [_table(relationship, model, *one) for one in zip(crowd.loci, crowd.genotypes, strict=True)]
        for relationship in relationships
    }
    pairs = set[tuple[int, int]]()
    for relationship in relationships:
        for found in _reaching(crowd, tables[relationship.name], least_log10_lr, relationship.directed):
            pairs.update(map(tuple, np.sort(found, axis=1).tolist()))
    group = {} if together is None else {i: together[p] for i, p in enumerate(people) if p in together}
    chosen = [(i, j) for i, j in sorted(pairs) if i not in group or j not in group or group[i] != group[j]]
    if not chosen:
        return ()
    first, second = np.array(chosen).T
    lrs: dict[str, FloatArray] = {}
    turned: dict[str, FloatArray] = {}
    for relationship in relationships:
        lrs[relationship.name] = _log10_lr(crowd, tables[relationship.name], first, second)
        if relationship.directed:
            turned[relationship.name] = _log10_lr(crowd, tables[relationship.name], second, first)
    shared = crowd.loci_shared(first, second)
    results = []
    for at, (i, j) in enumerate(chosen):
        back = frozenset(name for name, values in turned.items() if values[at] > lrs[name][at])
        told = {name: float((turned if name in back else lrs)[name][at]) for name in names}
        results.append(RelatedPair(people[i], people[j], told, back, int(shared[at])))
    return tuple(sorted(results, key=lambda pair: -pair.log10_lr[pair.best]))


def _loci(model: PopulationModel, profiles: Iterable[Profile], loci: Iterable[str] | None) -> tuple[str, ...]:
    if loci is None:
        doubtful = model.frequencies.doubtful_loci
        loci = (n for n in model.loci if n not in doubtful and locus_of(n).inheritance is Inheritance.AUTOSOMAL)
    typed = {name for profile in profiles for name in profile.genotypes}
    return tuple(name for name in loci if name in typed)


def _log10_lr(crowd: Crowd, tables: Sequence[FloatArray], first: IntArray, second: IntArray) -> FloatArray:
    """[pairs] exactly."""
    total = np.zeros(len(first))
    for table, codes in zip(tables, crowd.codes, strict=True):
        total += table[codes[first], codes[second]]
    return total


def _reaching(crowd: Crowd, tables: Sequence[FloatArray], least: float, directed: bool) -> Iterator[IntArray]:
    """[pairs, 2] of those at or above the threshold, i < j unless directed."""
    top = max((float(table.max(initial=0.0)) for table in tables), default=0.0)
    scale = max(top, 1e-3) / crowd.most
    entries = [quantised(table, scale, crowd.most) for table in tables]
    # A sum of entries is at least the log10 LR / scale, but for the rounding of either.
    threshold = math.ceil(min(max(least / scale - 1e-6, SUMS[0]), SUMS[1] + 1))
    for first, second in crowd.reaching(entries, threshold, directed=directed):
        enough = _log10_lr(crowd, tables, first, second) >= least
        yield np.column_stack([first[enough], second[enough]])


def quantised(log10_lr: FloatArray, scale: float, limit: int = LIMIT) -> ByteArray:
    """Bytes with scale * byte >= log10 LR, for log10 LRs up to scale * limit; those below -scale * limit are lifted to it."""
    return np.clip(np.ceil(log10_lr / scale), -limit, limit).astype(np.int8)


def _table(relationship: Relationship, model: PopulationModel, name: str, genotypes: Sequence[Genotype]) -> FloatArray:
    """[genotypes + 1, genotypes + 1] log10 LR by the genotypes of the first and second person; the last is "not typed", 0.

    Pairs with alleles outside the population's table are computed on a ladder that has just theirs.
    """
    known = model.locus(name).index
    outside: dict[tuple[str, ...], list[int]] = {}
    for i, genotype in enumerate(genotypes):
        outside.setdefault(tuple(sorted({label for label in genotype if label not in known})), []).append(i)
    table = np.zeros((len(genotypes) + 1, len(genotypes) + 1))
    apart = Pedigree((Member(relationship.first), Member(relationship.second)))
    for one, rows in outside.items():
        for other, columns in outside.items():
            locus = model.locus(name, (*one, *other))
            first, second = (_codes([genotypes[i] for i in some], locus) for some in (rows, columns))
            h1, h2 = (_log_joint(p, relationship, locus, first, second, model.theta) for p in (relationship.pedigree, apart))
            table[np.ix_(rows, columns)] = (h1 - h2) / math.log(10)
    # A genotype that is impossible in this population tells nothing.
    table[np.isnan(table)] = 0.0
    return table


def _codes(genotypes: Sequence[Genotype], locus: LocusModel) -> IntArray:
    return np.array([codes_of(labels, locus, member="a person") for labels in genotypes], dtype=np.int64)


def _log_joint(
    pedigree: Pedigree, relationship: Relationship, locus: LocusModel, first: IntArray, second: IntArray, theta: float
) -> FloatArray:
    """[rows, columns] natural log of the probability that the first person shows first[row] and the second second[column]."""
    wired = wiring(pedigree)
    shape = wired.shape([relationship.first], x_linked=False, open_member=relationship.second)
    joint = evaluate(shape, locus, first[:, None], theta=theta, convention="pruned")
    a, b = second.T
    shown = joint.table[:, a, b] + np.where(a == b, 0.0, joint.table[:, b, a])
    if locus.silent is not None:
        s = np.full_like(a, locus.silent)
        shown = shown + np.where(a == b, joint.table[:, a, s] + joint.table[:, s, b], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(shown) + joint.log_scale[:, None])
