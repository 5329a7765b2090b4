"""Children against families: every pair scored exactly, the best kept, each with its reasons.

Families are taken in slices, so that memory does not grow with their number. With several populations a candidate's LR is the
smallest of them: Ge & Budowle (2012, PLoS ONE 7:e37474) found the minimum rule the safest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from wayhome.kinship.errors import InputError
from wayhome.kinship.genetics.model import LocusModel, PopulationModel
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.likelihood.ratio import log_likelihoods
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.search.compiled import CompiledFamilies, Progress, compile_families, search_loci

SLICE = 4096
"""Families compiled at a time: some hundred megabytes of tables."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One family as the origin of one child.

    family : the family's id.
    log10_lr : the smallest over the populations.
    by_population : population -> log10 LR.
    loci : locus -> log10 LR under the population that gives the smallest; a locus a family does not tell about is absent.
    mismatch_loci : loci at which child and relatives fit only if an allele mutated.
    notes : what an analyst must know beside the number.
    """

    family: str
    log10_lr: float
    by_population: Mapping[str, float]
    loci: Mapping[str, float]
    mismatch_loci: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def mismatches(self) -> int:
        """How many loci fit only with a mutation."""
        return len(self.mismatch_loci)


@dataclass(frozen=True, slots=True)
class ChildResult:
    """The candidates of one child, best first, and the loci it was searched with."""

    child: str
    candidates: tuple[Candidate, ...]
    loci: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A search's answer.

    children : in the order asked.
    loci : all loci compared.
    families : how many families were searched.
    notes : what concerns the search as a whole.
    named : the families of the candidates, by id.
    """

    children: tuple[ChildResult, ...]
    loci: tuple[str, ...]
    families: int
    notes: tuple[str, ...] = ()
    named: Mapping[str, Family] = field(default_factory=dict)


def find(
    children: Sequence[Profile],
    families: Sequence[Family],
    models: Sequence[PopulationModel],
    *,
    top: int | None = 10,
    min_lr: float = 100.0,
    loci: Iterable[str] | None = None,
    progress: Progress | None = None,
) -> Found:
    """Rank the families of each child by their exact LR.

    Parameters
    ----------
    children : sample ids must differ.
    families : family ids must differ.
    models : one or more populations; their names must differ.
    top : keep so many candidates of each child; None keeps all.
    min_lr : leave out candidates below this LR; 0 keeps all.
    loci : by default every autosomal locus in all tables that some relative was typed at (`compiled.search_loci`).
    progress : called with (families done, families).

    Raises
    ------
    InputError
        for an id told twice, no population, or no locus in common.
    TooComplex
    """
    check_ids("child", [child.sample for child in children])
    check_ids("family", [family.id for family in families])
    check_ids("population", [model.frequencies.name for model in models])
    if not models:
        raise InputError("no population is given", "Name one", field="population")
    names = tuple(loci) if loci is not None else search_loci(families, models)
    typed = {name for child in children for name in child.genotypes}
    if families and children and not typed.intersection(names):
        raise InputError(
            "children and families share no locus that the population's table holds",
            "Check that both were typed with overlapping kits, and the table",
            field="loci",
        )
    least = math.log10(min_lr) if min_lr > 0 else -math.inf
    drafts: list[list[tuple[float, int, Candidate]]] = [[] for _ in children]
    inconsistent: list[str] = []
    for start in range(0, len(families), SLICE):
        some = families[start : start + SLICE]
        compiled = [compile_families(some, model, loci=names) for model in models]
        inconsistent += _inconsistent(compiled[0])
        for child, kept in zip(children, drafts, strict=True):
            _score(child, compiled, start, kept, top, least)
        if progress is not None:
            progress(min(start + SLICE, len(families)), len(families))
    by_id = {family.id: family for family in families}
    results = []
    for child, kept in zip(children, drafts, strict=True):
        finished = tuple(_explained(candidate, child, by_id[candidate.family], models[0]) for _, _, candidate in kept)
        results.append(ChildResult(child.sample, finished, tuple(n for n in names if n in child.genotypes)))
    named = {candidate.family: by_id[candidate.family] for result in results for candidate in result.candidates}
    return Found(tuple(results), names, len(families), tuple(inconsistent), named)


def check_ids(what: str, ids: Sequence[str]) -> None:
    """InputError for an id told twice."""
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise InputError(f"the {what} {one} is told twice", f"Give every {what} an id of its own", field=what)
        seen.add(one)


def _score(
    child: Profile,
    compiled: Sequence[CompiledFamilies],
    start: int,
    kept: list[tuple[float, int, Candidate]],
    top: int | None,
    least: float,
) -> None:
    """Score a child against a slice of families, and keep the best seen so far in `kept`, best first, ties in file order."""
    tables = [one.log10_lr(child) for one in compiled]
    # Impossible relatives give nan: such a locus tells nothing about the child.
    totals = np.array([np.where(np.isnan(table), 0.0, table).sum(axis=0) for table, _ in tables])
    smallest = totals.min(axis=0)
    chosen = np.flatnonzero(smallest >= least)
    chosen = chosen[np.argsort(-smallest[chosen], kind="stable")][:top]
    for f in map(int, chosen):
        which = int(totals[:, f].argmin())
        table, names = tables[which]
        told = compiled[which].telling(f)
        candidate = Candidate(
            compiled[0].families[f].id,
            float(smallest[f]),
            {one.model.frequencies.name: float(totals[k, f]) for k, one in enumerate(compiled)},
            {name: float(table[k, f]) for k, name in enumerate(names) if name in told},
        )
        kept.append((candidate.log10_lr, start + f, candidate))
    kept.sort(key=lambda item: (-item[0], item[1]))
    if top is not None:
        del kept[top:]


def _explained(candidate: Candidate, child: Profile, family: Family, model: PopulationModel) -> Candidate:
    """The candidate with mismatches counted and remarks made."""
    notes = []
    sex = family.pedigree[family.missing].sex
    if child.genetic_sex is not None and sex != "U" and sex != child.genetic_sex:
        notes.append(f"the missing child is recorded as {_SEX[sex]}, the rescued child's profile is {_SEX[child.genetic_sex]}")
    seen = {member: p.genotypes for member, p in family.profiles.items()}
    loci = [
        _without_mutation(model.locus(name, (a for told in (*seen.values(), child.genotypes) for a in told.get(name, ()))))
        for name in candidate.loci
    ]
    alone = log_likelihoods(family.pedigree, seen, loci, convention="pruned")
    notes += [f"the relatives do not fit one another at {name} without a mutation" for name in alone if alone[name] == -math.inf]
    boy = sex == "M"
    two_x = {one.name for one in loci if one.x_linked and boy and len(child.genotypes[one.name]) > 1}
    together = log_likelihoods(
        family.pedigree,
        {**seen, family.missing: {name: labels for name, labels in child.genotypes.items() if name not in two_x}},
        loci,
        convention="pruned",
    )
    mismatches = [name for name in candidate.loci if alone[name] > -math.inf and (name in two_x or together[name] == -math.inf)]
    return Candidate(
        candidate.family, candidate.log10_lr, candidate.by_population, candidate.loci, tuple(mismatches), tuple(notes)
    )


_SEX = {"M": "male", "F": "female"}


def _without_mutation(locus: LocusModel) -> LocusModel:
    return LocusModel(locus.name, locus.alleles, locus.frequencies, None, None, locus.silent, locus.x_linked)


def _inconsistent(compiled: CompiledFamilies) -> list[str]:
    """One remark for each family whose relatives cannot be as recorded at some locus."""
    loci: dict[str, list[str]] = {}
    for name in compiled.loci:
        for block in compiled.blocks(name):
            impossible = np.asarray(np.isnan(block.lr).all(axis=1))
            if impossible.any():
                for f in block.families[impossible[block.row]]:
                    loci.setdefault(compiled.families[int(f)].id, []).append(name)
    return [
        f"the relatives of {family} cannot be related as recorded at {', '.join(names)}; check samples and pedigree"
        for family, names in loci.items()
    ]
