"""What could be done for a family, and how the LR would be distributed after each act; `next_steps` weighs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from wayhome.kinship.decision.distribution import LrDistribution
from wayhome.kinship.decision.genotypes import GenotypeLaw, locus_law, typed_at
from wayhome.kinship.decision.lineages import Lineage, nearest
from wayhome.kinship.decision.prospective import given_child, merged, of_new_locus, with_relative
from wayhome.kinship.decision.remarks import Remark
from wayhome.kinship.decision.thresholds import Gates, Support, lineage, typed_sides
from wayhome.kinship.genetics.loci import Inheritance, panels
from wayhome.kinship.genetics.loci import locus as locus_of
from wayhome.kinship.genetics.model import LocusModel, PopulationModel
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree, Sex
from wayhome.kinship.search.compiled import compile_families

KITS = 3
"""Second kits proposed, those with the most new loci first."""

_ANCESTORS = (
    ("father",),
    ("mother",),
    ("father", "father"),
    ("father", "mother"),
    ("mother", "father"),
    ("mother", "mother"),
)


@dataclass(frozen=True)
class Outcome:
    """One way an act may end.

    true, stranger : its probability under both hypotheses.
    laws : of what is yet to be seen then.
    before : log10 LR of what has been seen.
    support : what the LR will rest on.
    """

    laws: Sequence[GenotypeLaw]
    before: float
    support: Support
    true: float = 1.0
    stranger: float = 1.0

    @cached_property
    def lr(self) -> LrDistribution:
        """The distribution of what is yet to be seen."""
        return LrDistribution(self.laws)


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `outcomes` gives the ways it may end, and the same for every part of a simulation."""

    remark: Remark
    outcomes: Callable[[], tuple[list[Outcome], list[list[Outcome]]]]
    note: str = ""


@dataclass(frozen=True)
class Case:
    """A family, or a child as its candidate, as `next_steps` takes them.

    Parameters
    ----------
    loci : autosomal loci compared; of a candidate, those that the child has.
    """

    family: Family
    model: PopulationModel
    gates: Gates
    child: Profile | None
    loci: tuple[str, ...]
    systems: frozenset[str]
    given_posterior: float | None
    lineages: Sequence[Lineage]
    draws: int
    seed: int

    # -- where it stands ------------------------------------------------------------------------------------------------------

    @property
    def pedigree(self) -> Pedigree:
        return self.family.pedigree

    @property
    def missing(self) -> str:
        return self.family.missing

    def locus(self, name: str) -> tuple[dict[str, tuple[str, ...]], LocusModel]:
        """Who showed what at a locus, and its numbers."""
        seen = typed_at(self.family, name)
        labels = [label for one in seen.values() for label in one]
        if self.child is not None:
            labels += self.child.genotypes.get(name, ())
        return seen, self.model.locus(name, labels)

    @cached_property
    def laws(self) -> tuple[GenotypeLaw, ...]:
        """The child's laws now."""
        found = []
        for name in self.loci:
            seen, locus = self.locus(name)
            if seen and (law := locus_law(self.pedigree, self.missing, seen, locus, self.model.theta)) is not None:
                found.append(law)
        return tuple(found)

    @cached_property
    def log10_lr(self) -> float:
        """The candidate's LR now."""
        assert self.child is not None
        table, _ = compile_families([self.family], self.model, loci=self.loci).log10_lr(self.child)
        return float(np.where(np.isnan(table), 0.0, table).sum())

    @cached_property
    def posterior(self) -> float:
        if self.given_posterior is not None:
            return self.given_posterior
        return self.gates.prior.posterior(self.log10_lr)

    @cached_property
    def support(self) -> Support:
        return Support.of(self.family, len(self.loci), self.systems)

    @cached_property
    def now(self) -> float:
        """P(decisive) as it stands."""
        if self.child is None:
            return self.decisive([Outcome(self.laws, 0.0, self.support)])
        return self.posterior * self.reported + (1 - self.posterior) * (self.log10_lr < 0)

    @property
    def reported(self) -> bool:
        """Whether the candidate has passed the report gate."""
        return self.log10_lr >= self.gates.report and not self.support.report_barred

    def decisive(self, outcomes: Sequence[Outcome]) -> float:
        """P(decisive) over all ways an act may end."""
        reached = fallen = 0.0
        for one in outcomes:
            lr = one.lr
            if not one.support.report_barred:
                reached += one.true * lr.true_above(self.gates.report - one.before).value
            if self.child is not None:
                fallen += one.stranger * (1 - lr.stranger_above(-one.before).value)
        return reached if self.child is None else self.posterior * reached + (1 - self.posterior) * fallen

    # -- acts -----------------------------------------------------------------------------------------------------------------

    def acts(self) -> Iterator[Act]:
        """Everything that can be done."""
        yield from self._relatives()
        if self.family.profiles:
            # Where nobody is typed, there is nobody to type at more loci.
            yield from self._kits()
            yield from self._x_loci()
        yield from self._lineages()

    @property
    def _seen(self) -> tuple[list[GenotypeLaw], float]:
        """What is left to be seen without a further act, and the log10 LR of what has been: a candidate's is known."""
        return (list(self.laws), 0.0) if self.child is None else ([], self.log10_lr)

    def _relatives(self) -> Iterator[Act]:
        """Untyped members who are of the child's blood, and relatives whom nobody wrote down; not those behind a typed parent."""
        person = self.pedigree[self.missing]
        parents = [parent for parent in person.parents if parent not in self.family.profiles]
        unseen = frozenset[str]().union(*(lineage(self.pedigree, parent) for parent in parents))
        for member in self.pedigree.ids:
            if member != self.missing and member not in self.family.profiles and lineage(self.pedigree, member) & unseen:
                yield self._relative(self.pedigree, member, Remark("type_member", {"member": member}))
        for path in _ANCESTORS:
            found = self._added(path)
            if found is not None:
                pedigree, member = found
                remark = Remark("type_new_relative", {"relation": f"the {_named(path)}", "member": member})
                yield self._relative(pedigree, member, remark)
        if len(parents) + (person.father is None) + (person.mother is None):
            pedigree, member = self._with_sibling()
            yield self._relative(
                pedigree, member, Remark("type_new_relative", {"relation": "a brother or sister", "member": member})
            )

    def _added(self, path: tuple[str, ...]) -> tuple[Pedigree, str] | None:
        """The pedigree with an ancestor who is not in it; None where the ancestor is there, or stands behind a typed one."""
        pedigree, member = self.pedigree, self.missing
        new = False
        for k, side in enumerate(path):
            if member in self.family.profiles:
                return None
            person = pedigree[member]
            above = person.father if side == "father" else person.mother
            if above is None:
                above = _free(pedigree, _named(path[: k + 1]))
                sex: Sex = "M" if side == "father" else "F"
                changed = replace(person, father=above) if side == "father" else replace(person, mother=above)
                pedigree = pedigree.replacing(Member(above, sex=sex), changed)
                new = True
            else:
                new = False
            member = above
        return (pedigree, member) if new else None

    def _with_sibling(self) -> tuple[Pedigree, str]:
        pedigree = self.pedigree
        for side in ("father", "mother"):
            person = pedigree[self.missing]
            if (person.father if side == "father" else person.mother) is None:
                parent = _free(pedigree, side)
                changed = replace(person, father=parent) if side == "father" else replace(person, mother=parent)
                pedigree = pedigree.replacing(Member(parent, sex="M" if side == "father" else "F"), changed)
        person = pedigree[self.missing]
        sibling = _free(pedigree, "sibling")
        return pedigree.replacing(Member(sibling, person.father, person.mother)), sibling

    def _relative(self, pedigree: Pedigree, member: str, remark: Remark) -> Act:
        support = replace(self.support, sides=len(typed_sides(pedigree, self.missing, (*self.family.profiles, member))))

        def outcomes() -> tuple[list[Outcome], list[list[Outcome]]]:
            rng = np.random.default_rng(self.seed)
            new: list[list[GenotypeLaw]] = []
            for name in self.loci:
                seen, locus = self.locus(name)
                if self.child is None:
                    laws = with_relative(pedigree, self.missing, member, seen, locus, self.model.theta, rng=rng)
                else:
                    labels = self.child.genotypes[name]
                    law = given_child(pedigree, self.missing, member, seen, labels, locus, self.model.theta)
                    laws = [] if law is None else [law]
                if laws:
                    new.append([merged(law) for law in laws])
            return self._simulated([], 0.0 if self.child is None else self.log10_lr, new, support)

        return Act(remark, outcomes)

    def _simulated(
        self, known: Sequence[GenotypeLaw], before: float, new: Sequence[Sequence[GenotypeLaw]], support: Support
    ) -> tuple[list[Outcome], list[list[Outcome]]]:
        """The one outcome of an act by the mean of every locus' laws, and the same by each of them."""
        number = max((len(laws) for laws in new), default=1)
        parts = [[Outcome([*known, *(laws[k % len(laws)] for laws in new)], before, support)] for k in range(number)]
        return [Outcome([*known, *map(_mean, new)], before, support)], parts if number > 1 else []

    def _kits(self) -> Iterator[Act]:
        """Kits that hold loci which nobody of the family was typed at."""
        have = {name for profile in self.family.profiles.values() for name in profile.genotypes}
        table = self.model.frequencies
        offers: dict[tuple[str, ...], str] = {}
        for name, kit in panels().items():
            new = tuple(one for one in kit.autosomal if one in table.loci and one not in have and one not in table.doubtful_loci)
            if new:
                offers.setdefault(tuple(sorted(new)), name)
        for new, name in sorted(offers.items(), key=lambda offer: -len(offer[0]))[:KITS]:
            support = replace(self.support, loci=self.support.loci + len(new))
            yield Act(Remark("second_kit", {"kit": name, "loci": len(new)}), self._new_loci(new, support))

    def _x_loci(self) -> Iterator[Act]:
        new = tuple(name for name in self.model.loci if locus_of(name).inheritance is Inheritance.X)
        if not new:
            yield Act(Remark("no_x_frequencies"), lambda: ([], []))
            return
        support = replace(self.support, systems=self.support.systems | {"X"})
        note = "X-chromosomal loci count as independent, though they are linked in groups"
        yield Act(Remark("x_loci", {"loci": len(new)}), self._new_loci(new, support), note)

    def _new_loci(self, names: Sequence[str], support: Support) -> Callable[[], tuple[list[Outcome], list[list[Outcome]]]]:
        def outcomes() -> tuple[list[Outcome], list[list[Outcome]]]:
            rng = np.random.default_rng(self.seed)
            typed = [member for member in self.pedigree.ids if member in self.family.profiles]
            model = self.model
            new = [
                [
                    merged(law)
                    for law in of_new_locus(
                        self.pedigree, self.missing, typed, model.locus(name), model.theta, draws=self.draws, rng=rng
                    )
                ]
                for name in names
            ]
            return self._simulated(*self._seen, new, support)

        return outcomes

    def _lineages(self) -> Iterator[Act]:
        """Haplotypes of a typed relative's line; a boy's alone for Y."""
        for system in self.lineages:
            found = nearest(self.pedigree, self.missing, self.family.profiles, system.system)
            applies = self._boy if system.system == "Y" else 1.0
            if system.system not in self.systems and found is not None and applies > 0:
                member, meioses = found
                note = f"haplotype shared by chance {system.match:g}, mutation {system.mutation:g} a generation; {system.source}"
                outcomes = self._haplotypes(system, meioses, applies)
                yield Act(Remark("lineage", {"system": system.system, "member": member}), outcomes, note)

    def _haplotypes(
        self, system: Lineage, meioses: int, applies: float
    ) -> Callable[[], tuple[list[Outcome], list[list[Outcome]]]]:
        def outcomes() -> tuple[list[Outcome], list[list[Outcome]]]:
            laws, before = self._seen
            law = system.law(meioses)
            same, other = (float(value) for value in law.log10_lr)
            agreeing = replace(self.support, systems=self.support.systems | {system.system})
            ways = [
                Outcome(laws, before + same, agreeing, applies * float(law.true[0]), applies * float(law.stranger[0])),
                Outcome(laws, before + other, self.support, applies * float(law.true[1]), applies * float(law.stranger[1])),
                Outcome(laws, before, self.support, 1 - applies, 1 - applies),
            ]
            return [way for way in ways if way.true > 0], []

        return outcomes

    @property
    def _boy(self) -> float:
        """Probability that the child is a boy."""
        sex = (self.child.genetic_sex if self.child is not None else None) or self.pedigree[self.missing].sex
        return {"M": 1.0, "F": 0.0}.get(sex, 0.5)


def _mean(laws: Sequence[GenotypeLaw]) -> GenotypeLaw:
    """Laws of equal weight as one."""
    if len(laws) == 1:
        return laws[0]
    return GenotypeLaw(
        laws[0].locus,
        np.concatenate([law.true for law in laws]) / len(laws),
        np.concatenate([law.stranger for law in laws]) / len(laws),
        np.concatenate([law.mismatch for law in laws]),
    )


def _named(path: tuple[str, ...]) -> str:
    """ "father's mother" """
    return "'s ".join(path)


def _free(pedigree: Pedigree, name: str) -> str:
    """The name, or one like it that nobody has."""
    while name in pedigree:
        name += "'"
    return name
