"""Joint answers: several children and several families at once, no child in two places and no place with two children.

An assignment puts children into places, each a missing member of a family; children in no place are strangers to all families.
Given an assignment the families are independent (theta 0), so

    L(assignment) = product over families f of L_f(who is in its places) * product over children in no place of P(child).

L_f is the likelihood of the whole pedigree: two children in one family are scored as the siblings, or whatever, that they then
are. The prior of an assignment is a product over its pairs too, hence

    posterior(assignment) ~ L(assignment) * product over its pairs of the prior odds of the pair against leaving it out.

All ways to fill the places of a family are computed together (`joint_likelihood`), and sums over assignments family by family
(`joint_posterior`): nothing is approximated, even where there are far too many assignments to list. The model is that of Vigeland
& Egeland 2021, Sci Rep 11, doi 10.1038/s41598-021-93071-5, whose R package dvir lists all assignments.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wayhome.kinship.arrays import BoolArray, FloatArray, IntArray
from wayhome.kinship.errors import InputError, TooComplex, UnknownName
from wayhome.kinship.genetics.model import LocusModel, PopulationModel
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.likelihood.network import Convention
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Sex
from wayhome.kinship.provenance import digest, provenance
from wayhome.kinship.search.compiled import Progress
from wayhome.kinship.search.joint_notes import interchangeable, notes
from wayhome.kinship.search.joint_posterior import Shares
from wayhome.kinship.search.joint_question import PriorOdds, Question
from wayhome.kinship.search.joint_scores import Case, Group, all_ways
from wayhome.kinship.search.places import NOBODY, Place, ReferenceFamily

MOST_WAYS = 200_000
"""Ways to fill the places of one family: a minute or so at 23 loci."""
_LN10 = math.log(10)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One joint answer.

    pairs : child -> place; children who are not named are in no place.
    log_likelihood : natural log of the probability of all genotypes, of children and relatives, at the loci compared.
    log10_lr : against nobody identified.
    posterior : see `JointResult`.
    loci : locus -> its part of log10_lr.
    """

    pairs: Mapping[str, Place]
    log_likelihood: float
    log10_lr: float
    posterior: float
    loci: Mapping[str, float] = field(repr=False)


@dataclass(frozen=True, eq=False)
class JointResult:
    """Children and places, matched with one another.

    children : c ids; of children with one profile only the first.
    places : p missing members.
    assignments : those kept, the largest posterior first.
    possible : how many assignments have a likelihood above zero.
    considered : how many there are of the pairs considered, impossible ones too; None where even counting would cost too much.
    log_likelihood_nobody : natural log of the probability of all genotypes if nobody is identified.
    pairing : [c, p + 1] posterior that a child is in a place, or in none (the last column).
    unfilled : [p] posterior that none of the children is in a place.
    pairwise_log10_lr : [c, p] log10 LR of that pair alone against nobody identified; -inf if impossible, nan if not considered.
    mismatches : [c, p] loci at which that pair alone would need a mutation; -1 where not considered.
    identical : children with one profile, treated as one child: registered twice, or identical twins.
    interchangeable : places of one family that no DNA can tell apart; a child's posterior is spread evenly over them.
    notes : what an analyst must know beside the numbers.
    provenance : see `provenance.provenance`.
    """

    children: tuple[str, ...]
    places: tuple[Place, ...]
    assignments: tuple[Assignment, ...]
    possible: int
    considered: int | None
    log_likelihood_nobody: float
    pairing: FloatArray
    unfilled: FloatArray
    pairwise_log10_lr: FloatArray
    mismatches: IntArray
    identical: tuple[tuple[str, ...], ...]
    interchangeable: tuple[tuple[Place, ...], ...]
    notes: tuple[str, ...]
    provenance: Mapping[str, Any]

    def posterior(self, child: str, place: Place | None) -> float:
        """Posterior that a child is in a place; None asks whether it is in none of them."""
        return float(self.pairing[self._child(child), -1 if place is None else self._place(place)])

    def family_posterior(self, child: str, family: str) -> float:
        """Posterior that a child belongs to a family, whichever place is its own."""
        mine = [j for j, place in enumerate(self.places) if place.family == family]
        if not mine:
            raise UnknownName(f"no family is called {family}", "Give the id of a family asked about", field="family")
        return float(self.pairing[self._child(child), mine].sum())

    def _child(self, child: str) -> int:
        name = next((group[0] for group in self.identical if child in group), child)
        if name not in self.children:
            raise UnknownName(f"no child is called {child}", "Give the id of a child asked about", field="child")
        return self.children.index(name)

    def _place(self, place: Place) -> int:
        if place not in self.places:
            raise UnknownName(f"{place.member} is no missing member of {place.family}", "Give a place asked about", field="place")
        return self.places.index(place)


def joint_assignments(
    children: Mapping[str, Profile],
    families: Sequence[Family | ReferenceFamily],
    model: PopulationModel | Mapping[str, LocusModel],
    *,
    loci: Iterable[str] | None = None,
    sexes: Mapping[str, Sex] | None = None,
    match_sex: bool = False,
    pairs: Mapping[str, Iterable[Place]] | None = None,
    prior_odds: PriorOdds = 1.0,
    least_log10_lr: float = -math.inf,
    merge_identical: bool = True,
    theta: float | None = None,
    convention: Convention = "pruned",
    keep: int = 100,
    most_ways: int = MOST_WAYS,
    progress: Progress | None = None,
) -> JointResult:
    """Who belongs where, jointly.

    Parameters
    ----------
    children : id -> profile.
    families : ids differ; each has one or more missing members.
    model : the population, or the numbers of each locus. One ladder serves all families.
    loci : by default all that some child was typed at; of a population the autosomal ones, without doubtful ones.
    sexes : child -> sex; by default that of the profile.
    match_sex : leave out pairs whose sexes are known to differ. At X-chromosomal loci they are left out anyway.
    pairs : child -> places considered; by default all, and none for a child not named.
    prior_odds : of each pair against leaving it out. 1 for all, or for those not named: assignments are equally likely before.
        Evidence beside DNA enters here. Of children treated as one the odds told last count.
    least_log10_lr : leave out pairs whose own log10 LR is lower. Others may need them, so use it only where there are too many.
    merge_identical : treat children with identical profiles as one child, who takes one place (`JointResult.identical`).
    theta : coancestry; by default the population's. With theta > 0 all families and children form one likelihood: exact,
        but feasible for small groups only.
    convention : what untyped founders pass on, as in a search ("pruned") or "as_written"; missing members stay in the pedigree.
    keep : how many assignments are listed; sums are over all.
    most_ways : refuse to compute more ways for one family.
    progress : called with (families done, families); with theta > 0 once.

    Raises
    ------
    TooComplex
        with an estimate, beyond `most_ways` or `joint_posterior.MOST_TRANSITIONS`.
    InputError
        for an id told twice or not known, prior odds that are none, and all that `likelihood` refuses.
    """
    given = None if pairs is None else {child: list(some) for child, some in pairs.items()}
    question = Question.of(
        children,
        families,
        sexes=sexes,
        match_sex=match_sex,
        pairs=given,
        prior_odds=prior_odds,
        merge_identical=merge_identical,
    )
    if theta is None:
        theta = model.theta if isinstance(model, PopulationModel) else 0.0
    if not 0 <= theta < 1:
        raise InputError(f"theta {theta} is outside 0..1", "Usual values are 0 to 0.03", field="theta")
    case = Case(question, model, loci, theta, convention)
    answers = []
    for group in case.groups:
        answers.append(_answered(case, question, group, least_log10_lr, most_ways))
        if progress is not None:
            progress(len(answers), len(case.groups))
    shares = Shares([a.ways for a in answers], [a.weights for a in answers], len(question.children))
    pairing, unfilled = _marginals(question, answers, shares)
    nobody = math.fsum(value for a in answers for value in a.base if value > -math.inf)
    nobody += 0.0 if theta else float(case.strangers.sum())
    assumed = {
        "loci": list(case.loci),
        "theta": theta,
        "convention": convention,
        "prior_odds": _told(prior_odds),
        "least_log10_lr": None if least_log10_lr == -math.inf else least_log10_lr,
        "pairs": None if given is None else {child: [list(place) for place in some] for child, some in given.items()},
        "match_sex": match_sex,
        "merge_identical": merge_identical,
    }
    kept = _kept(case, question, answers, shares, nobody, keep)
    unfit = {
        a.group.pedigree.name: [name for name, value in zip(case.loci, a.base, strict=True) if value == -math.inf]
        for a in answers
    }
    return JointResult(
        question.children,
        question.places,
        kept,
        shares.count(),
        shares.count() if all(a.complete for a in answers) else _count(case.considered),
        nobody,
        pairing,
        unfilled,
        _spread(question, answers, [a.pairwise for a in answers], np.nan),
        _spread(question, answers, [a.mismatches for a in answers], -1).astype(np.int64),
        question.identical,
        interchangeable(question.families),
        notes(question, unfit, kept[0].pairs if kept else {}),
        provenance(_parameters(model, case) | assumed, _inputs(children, question.families)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """What was found for one group of families.

    group : the families.
    base : [loci] see `Scores`.
    pairwise, mismatches : [children, k] see `JointResult`, for the places of the group.
    ways : [t, k] ways that are possible.
    log_lr : [loci, t] natural log of their LRs.
    weights : [t] natural log of LR times prior odds.
    complete : whether all ways that were considered are possible.
    """

    group: Group
    base: FloatArray
    pairwise: FloatArray
    mismatches: FloatArray
    ways: IntArray
    log_lr: FloatArray
    weights: FloatArray
    complete: bool


def _answered(case: Case, question: Question, group: Group, least_log10_lr: float, most_ways: int) -> _Answer:
    considered = case.considered[:, group.places]
    child, place = np.nonzero(considered)
    alone = np.full((len(child), len(group.members)), NOBODY, dtype=np.int64)
    alone[np.arange(len(child)), place] = child
    scores = case.score(group, alone)
    log10_lr = scores.log_lr.sum(axis=0) / _LN10
    pairwise = np.full(considered.shape, np.nan)
    pairwise[child, place] = log10_lr
    mismatches = np.full(considered.shape, -1.0)
    unmutated = case.score(group, alone, mutation=False) if case.mutates else scores
    mismatches[child, place] = (unmutated.log_lr == -np.inf).sum(axis=0)
    # What is impossible by itself is so with others beside it: P(all) <= P(this pair).
    possible = np.zeros(considered.shape, dtype=bool)
    possible[child, place] = (log10_lr > -np.inf) & (log10_lr >= least_log10_lr)
    ways = all_ways(possible, most_ways)
    if len(group.members) > 1:
        log_lr = case.score(group, ways).log_lr
    else:
        log_lr = np.column_stack([np.zeros(len(case.loci)), scores.log_lr[:, possible[child, place]]])
    weights = log_lr.sum(axis=0)
    for k, at in enumerate(group.places):
        filled = ways[:, k] != NOBODY
        weights[filled] += question.log_odds[ways[filled, k], at]
    finite = weights > -np.inf
    complete = bool(finite.all() and np.array_equal(possible, considered))
    return _Answer(group, scores.base, pairwise, mismatches, ways[finite], log_lr[:, finite], weights[finite], complete)


def _marginals(question: Question, answers: Sequence[_Answer], shares: Shares) -> tuple[FloatArray, FloatArray]:
    """`JointResult.pairing` and `JointResult.unfilled`."""
    pairing = np.zeros((len(question.children), len(question.places) + 1))
    unfilled = np.ones(len(question.places))
    for answer, share in zip(answers, shares.way_shares(), strict=True):
        for k, at in enumerate(answer.group.places):
            occupant = answer.ways[:, k]
            filled = occupant != NOBODY
            pairing[:, at] = np.bincount(occupant[filled], weights=share[filled], minlength=len(question.children))
            unfilled[at] = share[~filled].sum()
    pairing[:, -1] = shares.nobody_shares()
    return pairing, unfilled


def _kept(
    case: Case, question: Question, answers: Sequence[_Answer], shares: Shares, nobody: float, keep: int
) -> tuple[Assignment, ...]:
    found = []
    for log_weight, chosen in itertools.islice(shares.best(), max(0, keep)):
        pairs: dict[str, Place] = {}
        log_lr = np.zeros(len(case.loci))
        for answer, way in zip(answers, chosen, strict=True):
            log_lr += answer.log_lr[:, way]
            for k, child in enumerate(answer.ways[way].tolist()):
                if child != NOBODY:
                    pairs[question.children[child]] = question.places[answer.group.places[k]]
        total = float(log_lr.sum())
        ordered = {child: pairs[child] for child in question.children if child in pairs}
        loci = dict(zip(case.loci, (log_lr / _LN10).tolist(), strict=True))
        found.append(Assignment(ordered, nobody + total, total / _LN10, math.exp(log_weight - shares.log_total), loci))
    # Equal ones in a fixed order, whatever the last digits say.
    return tuple(sorted(found, key=lambda one: (-round(math.log(one.posterior or 1e-320), 9), sorted(one.pairs.items()))))


def _spread(question: Question, answers: Sequence[_Answer], parts: Sequence[FloatArray], empty: float) -> FloatArray:
    """[children, places] from the groups' own."""
    whole = np.full((len(question.children), len(question.places)), empty)
    for answer, part in zip(answers, parts, strict=True):
        whole[:, answer.group.places] = part
    return whole


def _count(considered: BoolArray) -> int | None:
    """How many assignments there are, by place."""
    ways = [np.concatenate([[NOBODY], np.flatnonzero(column)])[:, None] for column in considered.T]
    try:
        return Shares(ways, [np.zeros(len(w)) for w in ways], len(considered)).count()
    except TooComplex:
        return None


def _told(prior_odds: PriorOdds) -> object:
    if isinstance(prior_odds, Mapping):
        return [[child, *place, odds] for (child, place), odds in prior_odds.items()]
    return prior_odds


def _parameters(model: PopulationModel | Mapping[str, LocusModel], case: Case) -> dict[str, object]:
    if isinstance(model, PopulationModel):
        return model.parameters()
    return {"numbers": {locus.name: _digest(locus) for locus in case.models}}


def _digest(locus: LocusModel) -> str:
    arrays = (locus.frequencies, locus.female, locus.male)
    told = [None if array is None else array.tolist() for array in arrays]
    return digest([locus.name, list(locus.alleles), told, locus.silent, locus.x_linked])


def _inputs(children: Mapping[str, Profile], families: Sequence[ReferenceFamily]) -> dict[str, str]:
    def told(profile: Profile) -> list[object]:
        return [profile.sample, {name: list(labels) for name, labels in profile.genotypes.items()}]

    inputs = {f"child {child}": digest(told(profile)) for child, profile in children.items()}
    for family in families:
        members = [[m.id, m.father, m.mother, m.sex] for m in family.pedigree]
        relatives = {member: told(profile) for member, profile in family.profiles.items()}
        inputs[f"family {family.id}"] = digest([members, list(family.missing), relatives])
    return inputs
