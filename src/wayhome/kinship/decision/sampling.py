"""Whom to sample first, before anybody of a family was: what each group of relatives can be expected to show.

`next_steps` weighs one more relative beside those who are typed. A family that comes to be registered has none yet, and one
relative alone seldom decides; so groups are weighed here, over genotypes that the family may have (`gene_drop`).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wayhome.kinship.decision.power import family_power
from wayhome.kinship.decision.remarks import Remark
from wayhome.kinship.decision.thresholds import Gates, Support, lineage, typed_sides
from wayhome.kinship.errors import InputError
from wayhome.kinship.genetics.model import PopulationModel
from wayhome.kinship.genetics.profiles import Genotype, Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.gene_drop import gene_drop, observed
from wayhome.kinship.pedigrees.pedigree import Pedigree

PROMISING = 4
"""Larger groups are made of so many of the best smaller ones."""


@dataclass(frozen=True, slots=True)
class SamplingPlan:
    """What a search can expect once these relatives are typed.

    Parameters
    ----------
    members : ids.
    median_log10_lr : of the missing child, the mean over families.
    lead, report : probability that the missing child passes the gate of a lead and, by its LR, that of a report.
    standard_error : of `report`, from the number of families simulated.
    barred : why no LR makes a report of it; then it is a lead at best.
    """

    members: tuple[str, ...]
    median_log10_lr: float
    lead: float
    report: float
    standard_error: float
    barred: tuple[Remark, ...] = field(default=())

    @property
    def decisive(self) -> float:
        """Probability of a report."""
        return 0.0 if self.barred else self.report

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "members": list(self.members),
            "median_log10_lr": self.median_log10_lr,
            "lead": self.lead,
            "report": self.report,
            "standard_error": self.standard_error,
            "barred": [remark.to_json() for remark in self.barred],
        }


def sampling_plans(
    pedigree: Pedigree,
    typable: Iterable[str],
    model: PopulationModel,
    gates: Gates,
    *,
    loci: Sequence[str],
    most: int = 2,
    draws: int = 24,
    seed: int = 1,
) -> list[SamplingPlan]:
    """Groups of relatives to sample, best first: by the chance of a report, then of a lead, then the smaller group.

    A group of which a part would do as well is left out.

    Parameters
    ----------
    pedigree : with `missing` set; nobody in it is typed.
    typable : members of whom a sample can be had; those who are no blood relatives of the child are passed over.
    gates : of the search.
    loci : autosomal loci that child and relatives will be typed at.
    most : relatives in a group.
    draws, seed : families simulated; equal seeds give equal answers.

    Raises
    ------
    InputError
        for a group of nobody, or of families simulated less than one.
    PedigreeError
        where nobody is missing.
    TooComplex, UnknownName
    """
    if most < 1 or draws < 1:
        raise InputError("a plan needs a relative and a family to try", "Give 1 or more", field="most" if most < 1 else "draws")
    child = Family(pedigree).missing
    line = lineage(pedigree, child)
    useful = [one for one in pedigree.ids if one in set(typable) - {child} and _kin(pedigree, one, line)]
    drawn = _drawn(pedigree, useful, model, loci, draws, seed)
    found: list[SamplingPlan] = []
    groups: list[tuple[str, ...]] = [(one,) for one in useful]
    for size in range(1, most + 1):
        told = sorted((_told(pedigree, group, drawn, model, gates, loci) for group in groups), key=_rank)
        found += told
        best = {one for plan in told[:PROMISING] for one in plan.members}
        groups = list(itertools.combinations([one for one in useful if one in best], size + 1))
    return [plan for plan in sorted(found, key=_rank) if not any(_as_good(one, plan) for one in found)]


def _kin(pedigree: Pedigree, member: str, line: Collection[str]) -> bool:
    return not lineage(pedigree, member).isdisjoint(line)


def _rank(plan: SamplingPlan) -> tuple[float, float, int, tuple[str, ...]]:
    # A hundredth more or less is chance.
    return -round(plan.decisive, 2), -round(plan.lead, 2), len(plan.members), plan.members


def _as_good(one: SamplingPlan, plan: SamplingPlan) -> bool:
    """Whether fewer of the same relatives do as well."""
    return set(one.members) < set(plan.members) and _rank(one)[:2] <= _rank(plan)[:2]


def _drawn(
    pedigree: Pedigree, members: Iterable[str], model: PopulationModel, loci: Iterable[str], draws: int, seed: int
) -> list[dict[str, dict[str, Genotype]]]:
    """Per simulated family: member -> locus -> genotype."""
    rng = np.random.default_rng(seed)
    at = {member: i for i, member in enumerate(pedigree.ids)}
    wanted = tuple(members)
    families: list[dict[str, dict[str, Genotype]]] = [{member: {} for member in wanted} for _ in range(draws)]
    for name in loci:
        locus = model.locus(name)
        alleles = gene_drop(pedigree, locus, draws, rng, theta=model.theta)
        for k, family in enumerate(families):
            for member in wanted:
                family[member][name] = observed(alleles[k, at[member]], locus)
    return families


def _told(
    pedigree: Pedigree,
    group: tuple[str, ...],
    drawn: Sequence[Mapping[str, Mapping[str, Genotype]]],
    model: PopulationModel,
    gates: Gates,
    loci: Sequence[str],
) -> SamplingPlan:
    median, lead, report = [], [], []
    for simulated in drawn:
        profiles = {one: Profile(one, simulated[one]) for one in group}
        power = family_power(Family(pedigree, profiles), model, loci)
        median.append(power.lr.true_quantile(0.5).value)
        lead.append(power.lr.true_above(gates.lead).value)
        report.append(power.lr.true_above(gates.report).value)
    support = Support(len(typed_sides(pedigree, Family(pedigree).missing, group)), len(loci))
    spread = float(np.std(report, ddof=1)) / math.sqrt(len(report)) if len(report) > 1 else math.nan
    return SamplingPlan(
        group, float(np.mean(median)), float(np.mean(lead)), float(np.mean(report)), spread, support.report_barred
    )
