"""One candidate, with every number, what it assumes and what made it, as one value.

An assessment signs nothing. It says through which gate the candidate goes and why, in codes with their data; what an expert
concludes from it is the expert's.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

from wayhome.kinship.decision.distribution import Bounded
from wayhome.kinship.decision.explanations import hypotheses, mismatches, table_sizes
from wayhome.kinship.decision.next_steps import NextSteps, next_steps
from wayhome.kinship.decision.posterior import Posterior, Stage, posterior
from wayhome.kinship.decision.power import family_power
from wayhome.kinship.decision.remarks import Remark, read_number, told
from wayhome.kinship.decision.thresholds import Gates, Support, Verdict, case_work_rule, judge
from wayhome.kinship.errors import InputError
from wayhome.kinship.genetics.loci import linked_pairs
from wayhome.kinship.genetics.model import PopulationModel
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.provenance import digest, provenance
from wayhome.kinship.search.find import find


@dataclass(frozen=True)
class Assessment:
    """One child as the missing one of one family.

    Parameters
    ----------
    child, family : sample id and family id.
    missing, pedigree : the missing member, and (id, father, mother, sex) of all members.
    hypotheses : H1 and H2 in words.
    log10_lr : the least over the populations; `population` is the one that gives it.
    by_population : population -> log10 LR.
    loci : locus -> log10 LR under `population`.
    mismatch_loci, mismatches : loci that fit only with a mutation, and what does not fit there.
    genotypes : locus -> member -> labels, as compared; the child stands in the missing member's place.
    samples : member -> sample id, and kit or None; likewise.
    gates, support, verdict : the thresholds, what the LR rests on, the gate and why.
    stages : from the prior through DNA and every other factor to the posterior.
    case_work : what the rule for single cases says; unsafe in a search.
    stranger_above : probability that a stranger's LR is above this one, under `population`.
    adventitious : strangers above it to be expected in the whole search, if all families were like this one.
    exclusion : probability that a stranger mismatches these relatives at one locus at least.
    true_below : share of missing children whose LR would be no higher than this one.
    next_steps : acts that would help, best first; None where they were not asked for.
    assumptions, not_tested : what the numbers rest on, and what was left open.
    provenance : version, tables, parameters and inputs, with digests.
    """

    child: str
    family: str
    missing: str
    pedigree: tuple[tuple[str, str | None, str | None, str], ...]
    hypotheses: tuple[Remark, ...]
    log10_lr: float
    population: str
    by_population: Mapping[str, float]
    loci: Mapping[str, float]
    mismatch_loci: tuple[str, ...]
    mismatches: tuple[Remark, ...]
    genotypes: Mapping[str, Mapping[str, tuple[str, ...]]]
    samples: Mapping[str, tuple[str, str | None]]
    gates: Gates
    support: Support
    verdict: Verdict
    stages: tuple[Stage, ...]
    case_work: Remark
    stranger_above: Bounded
    adventitious: Bounded
    exclusion: float
    true_below: Bounded
    next_steps: NextSteps | None
    assumptions: tuple[Remark, ...]
    not_tested: tuple[Remark, ...]
    provenance: Mapping[str, Any]

    def __post_init__(self) -> None:
        for name in ("by_population", "loci", "samples", "provenance"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        frozen = {locus: MappingProxyType(dict(seen)) for locus, seen in self.genotypes.items()}
        object.__setattr__(self, "genotypes", MappingProxyType(frozen))

    @property
    def prior(self) -> float:
        """Prior of this family."""
        return self.stages[0].posterior

    @property
    def posterior(self) -> float:
        """Posterior of this family, all factors in."""
        return self.stages[-1].posterior

    @property
    def log10_lr_range(self) -> tuple[float, float]:
        """Least and greatest log10 LR over the populations."""
        return min(self.by_population.values()), max(self.by_population.values())

    def to_json(self) -> dict[str, Any]:
        """Everything as JSON values; infinities as strings."""
        return {
            "child": self.child,
            "family": self.family,
            "missing": self.missing,
            "pedigree": [list(row) for row in self.pedigree],
            "hypotheses": [remark.to_json() for remark in self.hypotheses],
            "log10_lr": told(self.log10_lr),
            "population": self.population,
            "by_population": {name: told(value) for name, value in self.by_population.items()},
            "loci": {name: told(value) for name, value in self.loci.items()},
            "mismatch_loci": list(self.mismatch_loci),
            "mismatches": [remark.to_json() for remark in self.mismatches],
            "genotypes": {locus: {who: list(labels) for who, labels in seen.items()} for locus, seen in self.genotypes.items()},
            "samples": {who: list(sample) for who, sample in self.samples.items()},
            "gates": self.gates.to_json(),
            "support": {"sides": self.support.sides, "loci": self.support.loci, "systems": sorted(self.support.systems)},
            "gate": self.verdict.gate,
            "reasons": [remark.to_json() for remark in self.verdict.remarks],
            "stages": [[stage.name, told(stage.log10_lr), stage.posterior] for stage in self.stages],
            "prior": self.prior,
            "posterior": self.posterior,
            "case_work": self.case_work.to_json(),
            "stranger_above": list(self.stranger_above),
            "comparisons": self.gates.pairs,
            "adventitious": list(self.adventitious),
            "exclusion": self.exclusion,
            "true_below": list(self.true_below),
            "next_steps": None if self.next_steps is None else self.next_steps.to_json(),
            "assumptions": [remark.to_json() for remark in self.assumptions],
            "not_tested": [remark.to_json() for remark in self.not_tested],
            "provenance": json.loads(json.dumps(dict(self.provenance))),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Assessment:
        """The assessment that `to_json` told.

        Raises
        ------
        InputError
            for something else.
        """
        try:
            return cls._read(value)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(
                f"this is no assessment: {error!r}", "Give the JSON that an assessment was stored as", field="assessment"
            ) from None

    @classmethod
    def _read(cls, value: Mapping[str, Any]) -> Assessment:
        def remarks(name: str) -> tuple[Remark, ...]:
            return tuple(Remark.from_json(one) for one in value[name])

        support = value["support"]
        made: dict[str, Any] = {field.name: value[field.name] for field in fields(cls) if field.name in value} | {
            "log10_lr": read_number(value["log10_lr"]),
            "by_population": {name: read_number(one) for name, one in value["by_population"].items()},
            "loci": {name: read_number(one) for name, one in value["loci"].items()},
            "mismatch_loci": tuple(value["mismatch_loci"]),
            "mismatches": remarks("mismatches"),
            "pedigree": tuple((id_, father, mother, sex) for id_, father, mother, sex in value["pedigree"]),
            "hypotheses": remarks("hypotheses"),
            "genotypes": {
                locus: {who: tuple(labels) for who, labels in seen.items()} for locus, seen in value["genotypes"].items()
            },
            "samples": {who: (sample, kit) for who, (sample, kit) in value["samples"].items()},
            "gates": Gates.from_json(value["gates"]),
            "support": Support(support["sides"], support["loci"], frozenset(support["systems"])),
            "verdict": Verdict(value["gate"], remarks("reasons")),
            "stages": tuple(Stage(name, read_number(lr), after) for name, lr, after in value["stages"]),
            "case_work": Remark.from_json(value["case_work"]),
            "stranger_above": Bounded(*value["stranger_above"]),
            "adventitious": Bounded(*value["adventitious"]),
            "true_below": Bounded(*value["true_below"]),
            "next_steps": None if value["next_steps"] is None else NextSteps.from_json(value["next_steps"]),
            "assumptions": remarks("assumptions"),
            "not_tested": remarks("not_tested"),
        }
        return cls(**made)


def assess(
    child: Profile,
    family: Family,
    models: Sequence[PopulationModel],
    gates: Gates,
    *,
    whole_base: Posterior | None = None,
    evidence: Mapping[str, float] | None = None,
    systems: Collection[str] = (),
    loci: Iterable[str] | None = None,
    steps: bool = True,
    inputs: Mapping[str, str] | None = None,
) -> Assessment:
    """Assess one candidate.

    Parameters
    ----------
    child : the rescued child.
    family : the family it may belong to.
    models : the plausible populations; the least LR counts.
    gates : of the search: its size, its prior, its thresholds.
    whole_base : posteriors over the base with this family and its rivals; by default the family stands alone, the others count
        with an LR of one.
    evidence : factor -> log10 LR beside DNA, where `whole_base` does not hold it.
    systems : other DNA that was compared and agrees, of "Y", "X", "mtDNA".
    loci : by default those that `find` would use.
    steps : whether to compute what would help; it takes a second or more.
    inputs : file -> SHA-256, for provenance; digests of the profiles are added.

    Raises
    ------
    InputError
        for profiles without a locus in common, or evidence told twice.
    TooComplex
    """
    found = find([child], [family], models, top=1, min_lr=0, loci=loci)
    (candidate,) = found.children[0].candidates
    if whole_base is not None and evidence:
        raise InputError("evidence is told beside the posteriors that hold it", "Tell it once", field="evidence")
    if whole_base is None:
        named = {name: {family.id: value} for name, value in (evidence or {}).items()}
        whole_base = posterior({family.id: candidate.log10_lr}, gates.prior, evidence=named)
    stages = whole_base.stages(family.id)
    model = min(models, key=lambda one: candidate.by_population[one.frequencies.name])
    told_loci = {name: value for name, value in candidate.loci.items() if not math.isnan(value)}
    support = Support.of(family, len(told_loci), systems)
    power = family_power(family, model, told_loci)
    verdict = judge(gates, support, candidate.log10_lr, mismatches=candidate.mismatches, posterior=stages[-1].posterior)
    people = {**family.profiles, family.missing: child}
    compared = {name: {who: p.genotypes[name] for who, p in people.items() if name in p.genotypes} for name in told_loci}
    after = None
    if steps:
        posterior_now = stages[-1].posterior
        after = next_steps(family, model, gates, child=child, posterior=posterior_now, systems=systems, loci=told_loci)
    parameters = {
        "populations": [one.parameters() for one in models],
        "loci": list(told_loci),
        "convention": "pruned",
        "gates": gates.to_json(),
    }
    digests = {
        f"{family.id}/{who}": digest([p.sample, {name: list(labels) for name, labels in p.genotypes.items()}])
        for who, p in people.items()
    }
    return Assessment(
        child.sample,
        family.id,
        family.missing,
        tuple((one.id, one.father, one.mother, one.sex) for one in family.pedigree),
        hypotheses(child, family),
        candidate.log10_lr,
        model.frequencies.name,
        candidate.by_population,
        told_loci,
        candidate.mismatch_loci,
        tuple(mismatches(family, compared, candidate.mismatch_loci)),
        compared,
        {who: (p.sample, p.kit) for who, p in people.items()},
        gates,
        support,
        verdict,
        stages,
        case_work_rule(candidate.log10_lr, candidate.mismatches),
        power.lr.stranger_above(candidate.log10_lr),
        power.adventitious(candidate.log10_lr, gates.families, gates.children),
        power.exclusion,
        power.lr.true_below(candidate.log10_lr),
        after,
        tuple(_assumptions(family, models, told_loci, candidate.notes, power.impossible, whole_base.unlisted)),
        tuple(_not_tested(child, family, models[0], systems)),
        json.loads(json.dumps(provenance(parameters, {**(inputs or {}), **digests}))),
    )


def _assumptions(
    family: Family,
    models: Sequence[PopulationModel],
    loci: Mapping[str, float],
    notes: Iterable[str],
    impossible: Iterable[str],
    unlisted: int,
) -> Iterator[Remark]:
    """What the numbers rest on."""
    yield Remark("unrelated_alternative")
    yield Remark("no_twins")
    yield Remark("independent_loci")
    if not set(family.profiles) <= set(family.pedigree[family.missing].parents):
        # Between parent and child linkage changes nothing.
        for pair in linked_pairs():
            if pair.first in loci and pair.second in loci:
                recombination = "unknown" if pair.recombination is None else f"{pair.recombination:g}"
                yield Remark("linked_loci", {"first": pair.first, "second": pair.second, "recombination": recombination})
    yield Remark("no_dropout")
    yield from table_sizes(models, loci)
    for text in dict.fromkeys(_mutation(model) for model in models):
        yield Remark("mutation_model", {"model": text})
    for model in models:
        name = model.frequencies.name
        yield Remark("theta", {"theta": model.theta, "population": name})
        yield Remark("minimum_frequency", {"minimum": f"{model.minimum_count:g}/2N", "population": name})
        for caution in model.frequencies.cautions:
            yield Remark("caution", {"population": name, "text": caution})
    for locus in impossible:
        yield Remark("impossible_locus", {"locus": locus})
    if unlisted:
        yield Remark("only_named_families", {"families": unlisted})
    for note in notes:
        yield Remark("note", {"text": note})


def _mutation(model: PopulationModel) -> str:
    """The mutation model in a few words; provenance has all of it."""
    mutation = model.mutation
    rates = (
        "" if mutation.kind in ("none", "custom") else f", {mutation.female.rate:g} maternal and {mutation.male.rate:g} paternal"
    )
    return f"{mutation.kind}{rates}{', other models at some loci' if mutation.by_locus else ''}"


def _not_tested(child: Profile, family: Family, model: PopulationModel, systems: Collection[str]) -> Iterator[Remark]:
    """What was left open."""
    person = family.pedigree[family.missing]
    for role, parent in (("father", person.father), ("mother", person.mother)):
        if parent is None or parent not in family.profiles:
            yield Remark("untested_parent", {"parent": role})
    typed = {name for profile in family.profiles.values() for name in profile.genotypes}
    for name in model.loci:
        if name in typed and name not in child.genotypes:
            yield Remark("untested_locus", {"locus": name})
    for system in ("Y", "X", "mtDNA"):
        if system not in systems:
            yield Remark("untested_system", {"system": system})
