"""Children and families at the loci compared: what each way to fill a family's places scores, locus by locus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from wayhome.kinship.arrays import BoolArray, FloatArray, IntArray
from wayhome.kinship.errors import FrequencyError, InputError, ProfileError, TooComplex
from wayhome.kinship.genetics.loci import Inheritance
from wayhome.kinship.genetics.loci import locus as locus_of
from wayhome.kinship.genetics.model import LocusModel, PopulationModel
from wayhome.kinship.genetics.profiles import Genotype, Profile
from wayhome.kinship.likelihood.network import Convention
from wayhome.kinship.likelihood.ratio import log_likelihood
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree, Sex
from wayhome.kinship.search.joint_likelihood import log_likelihoods
from wayhome.kinship.search.joint_question import Question, contradicting
from wayhome.kinship.search.places import NOBODY, ReferenceFamily, structured_log_likelihoods


@dataclass(frozen=True, slots=True)
class Group:
    """Families whose likelihood is one: each family for itself, or all of them where theta ties them together.

    pedigree : with everybody.
    relatives : member -> profile.
    members : the missing ones.
    places : [k] number of the place that each is.
    """

    pedigree: Pedigree
    relatives: Mapping[str, Profile]
    members: tuple[str, ...]
    places: IntArray


@dataclass(frozen=True, slots=True)
class Scores:
    """What ways of a group score.

    base : [loci] natural log-likelihood with nobody placed, with theta of all children too; -inf where the relatives do not fit
        one another: such a locus tells nothing.
    log_lr : [loci, ways] natural log of the LR against nobody placed.
    """

    base: FloatArray
    log_lr: FloatArray


class Case:
    """A joint question in numbers.

    mutates : whether any locus has a mutation model.
    considered : [children, places] pairs considered.
    strangers : [loci, children] natural log of the probability that a stranger shows the same; 0 where a child was not typed.

    Parameters
    ----------
    question : children and families.
    model, loci, theta, convention : see `joint.joint_assignments`.

    Raises
    ------
    InputError
    """

    def __init__(
        self,
        question: Question,
        model: PopulationModel | Mapping[str, LocusModel],
        loci: Iterable[str] | None,
        theta: float,
        convention: Convention,
    ) -> None:
        self.theta = theta
        self.convention = convention
        self.groups = _groups(question.families, theta)
        self.loci = _loci(question.profiles, model, loci)
        if not self.loci and question.considered.any():
            raise InputError(
                "the children were typed at no locus that the model holds", "Check the kits, and the table", field="loci"
            )
        relatives = [profile for family in question.families for profile in family.profiles.values()]
        self.models = [_locus(model, name, (*question.profiles, *relatives)) for name in self.loci]
        self.shown = [[profile.genotypes.get(name, ()) for profile in question.profiles] for name in self.loci]
        self.strangers = np.zeros((len(self.loci), len(question.children)))
        for k, locus in enumerate(self.models):
            if locus.x_linked and theta > 0:
                raise InputError(
                    f"theta is not offered with the X-chromosomal locus {locus.name}",
                    "Leave the locus out, or use theta 0",
                    field="theta",
                )
            for c, labels in enumerate(self.shown[k]):
                if labels:
                    self.strangers[k, c] = _stranger(question.children[c], question.sexes[c], labels, locus)
        self.mutates = any(locus.female is not None or locus.male is not None for locus in self.models)
        self.considered = question.considered
        if any(locus.x_linked for locus in self.models):
            # One allele or two: the sexes cannot be otherwise than told.
            self.considered = self.considered & ~contradicting(question.sexes, question.families)

    def score(self, group: Group, ways: IntArray, *, mutation: bool = True) -> Scores:
        """Scores of ways [t, k]; without mutation on demand, to see which loci need one."""
        every = np.concatenate([np.full((1, ways.shape[1]), NOBODY, dtype=np.int64), ways])
        table = np.array([self._log_likelihoods(group, k, every, mutation) for k in range(len(self.loci))])
        table = table.reshape(len(self.loci), len(every))
        base = table[:, 0]
        told = base > -np.inf
        lr = table[:, 1:] - np.where(told, base, 0.0)[:, None]
        if not self.theta:
            # With theta the strangers are in the group's likelihood already.
            apart = np.column_stack([self.strangers, np.zeros(len(self.loci))])
            lr -= apart[:, ways].sum(axis=2)
        lr[~told] = 0.0
        return Scores(base, lr)

    def _log_likelihoods(self, group: Group, k: int, ways: IntArray, mutation: bool) -> FloatArray:
        locus = self.models[k] if mutation else replace(self.models[k], female=None, male=None)
        genotypes = {m: p.genotypes[locus.name] for m, p in group.relatives.items() if p.genotypes.get(locus.name)}
        question = (group.pedigree, genotypes, group.members, self.shown[k], ways, locus)
        if self.theta:
            return structured_log_likelihoods(*question, theta=self.theta, convention=self.convention)
        return log_likelihoods(*question, convention=self.convention)


def all_ways(possible: BoolArray, most: int) -> IntArray:
    """All ways to fill k places.

    Parameters
    ----------
    possible : [children, k] who may be where.
    most : refuse to list more.

    Returns
    -------
    IntArray
        [t, k] index of the child in each place or `NOBODY`, no child twice; the first way is nobody anywhere.

    Raises
    ------
    TooComplex
    """
    ways = np.zeros((1, 0), dtype=np.int64)
    for place in range(possible.shape[1]):
        choices = np.concatenate([[NOBODY], np.flatnonzero(possible[:, place])])
        row, choice = np.nonzero((choices == NOBODY) | (ways[:, :, None] != choices).all(axis=1))
        if len(row) > most:
            at_most = min(float(np.prod(1.0 + possible.sum(axis=axis))) for axis in (0, 1))
            raise TooComplex(
                f"there are more than {most:,} ways to put the children into one family's places, at most {at_most:.1e}",
                "Raise the least likelihood ratio of a pair, name the pairs to consider, or raise the limit",
                operations=at_most,
            )
        ways = np.column_stack([ways[row], choices[choice]])
    return ways


def _groups(families: Sequence[ReferenceFamily], theta: float) -> tuple[Group, ...]:
    starts = np.cumsum([0, *(len(family.missing) for family in families)])
    if not theta:
        return tuple(
            Group(f.pedigree, f.profiles, f.missing, np.arange(start, start + len(f.missing)))
            for f, start in zip(families, starts, strict=False)
        )
    members: list[Member] = []
    relatives: dict[str, Profile] = {}
    missing: list[str] = []
    for i, family in enumerate(families):
        named = {member: f"{i}:{member}" for member in family.pedigree.ids}
        members += family.pedigree.relabelled(named).members
        relatives |= {named[member]: profile for member, profile in family.profiles.items()}
        missing += [named[member] for member in family.missing]
    return (Group(Pedigree(tuple(members), name="all families"), relatives, tuple(missing), np.arange(starts[-1])),)


def _loci(
    children: Sequence[Profile], model: PopulationModel | Mapping[str, LocusModel], loci: Iterable[str] | None
) -> tuple[str, ...]:
    typed = {name for profile in children for name, labels in profile.genotypes.items() if labels}
    if loci is not None:
        return tuple(name for name in loci if name in typed)
    if not isinstance(model, PopulationModel):
        return tuple(name for name in model if name in typed)
    return tuple(
        name
        for name in model.loci
        if name in typed and name not in model.frequencies.doubtful_loci and locus_of(name).inheritance is Inheritance.AUTOSOMAL
    )


def _locus(model: PopulationModel | Mapping[str, LocusModel], name: str, everybody: Iterable[Profile]) -> LocusModel:
    """One ladder for all families, so that their numbers belong together."""
    if isinstance(model, PopulationModel):
        return model.locus(name, {label for profile in everybody for label in profile.genotypes.get(name, ())})
    if name not in model:
        raise InputError(f"the model has no numbers for {name}", "Add them, or leave the locus out", field=name)
    return model[name]


def _stranger(child: str, sex: Sex, labels: Genotype, locus: LocusModel) -> float:
    """Natural log of the probability that a stranger shows this."""
    if locus.x_linked and sex == "U":
        raise ProfileError(
            f"the sex of {child} must be known for the X-chromosomal locus {locus.name}",
            "Give it, or leave the locus out",
            field=locus.name,
        )
    value = log_likelihood(Pedigree((Member(child, sex=sex),)), {child: labels}, locus)
    if value == -np.inf:
        raise FrequencyError(
            f"{child} has an allele of frequency 0 at {locus.name}", "Give every allele a frequency", field=locus.name
        )
    return value
