"""What a candidate may become: a lead, a report, or neither; from how many false ones a search may bring.

A stranger's LR has the mean one, whatever the family, the kit and the population. So among C comparisons of strangers, no more
than C / t are expected at an LR of t or above (Markov's inequality), and a threshold of t = C / e keeps the expected number of
adventitious matches of the whole search at e or below, in any base. Such a threshold grows with the base, as it must: the rule of
case work, LR 10,000, says nothing about how many families were asked.

    lead     worth an enquiry           LR >= C / 0.01
    report   worth two readers' time    LR >= C / 0.0001, and a posterior of 0.9999 or more with the prior of the search
    insufficient                        all others: `next_steps` says what would help

Two more conditions hold whatever the LR, since no LR accounts for a brother of the true father or for a mistaken pedigree: no
more than two mismatching loci; and for a report relatives of both sides of the family, or a second kit, or a second kind of DNA.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from wayhome.kinship.decision.posterior import Prior
from wayhome.kinship.decision.power import comparisons
from wayhome.kinship.decision.remarks import Remark
from wayhome.kinship.errors import InputError
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Pedigree

Gate = Literal["report", "lead", "insufficient"]

CASE_WORK_LR = 10_000.0
"""Paternity index that supports, or its inverse that excludes, in single cases in China (GB/T 37223-2018, by secondary pages)."""
CASE_WORK_MISMATCHES = 3
"""Mismatching loci that exclude by the same rule."""
ONE_SIDE_LOCI = 23
"""Below as many loci, a single parent finds several people in a million by chance."""
SECOND_KIT_LOCI = 39
"""Two kits: a single parent finds 0.0026 people in a million without a mismatch, 1.0 with two or less."""
BOTH_SIDES_LOCI = 19
"""From as many loci, a couple finds nobody in millions by chance."""


@dataclass(frozen=True, slots=True)
class Gates:
    """The gates of one search.

    Parameters
    ----------
    families : size of the base.
    children : children compared with it.
    in_base : prior probability that a child's family is in the base, 0..1.
    lead_expected, report_expected : adventitious matches expected per search at each gate, at most.
    report_posterior : least posterior of a report.
    most_mismatches : for both gates.

    Raises
    ------
    InputError
    """

    families: int
    children: int = 1
    in_base: float = 0.5
    lead_expected: float = 0.01
    report_expected: float = 1e-4
    report_posterior: float = 0.9999
    most_mismatches: int = 2

    def __post_init__(self) -> None:
        comparisons(self.families, self.children)
        for field, value in (("lead_expected", self.lead_expected), ("report_expected", self.report_expected)):
            if not 0 < value < math.inf:
                raise InputError(f"{value} adventitious matches cannot be", "Give a number above 0", field=field)
        if not 0 < self.report_posterior < 1:
            raise InputError(f"{self.report_posterior} is no posterior", "Give one above 0 and below 1", field="report_posterior")
        if not 0 < self.in_base <= 1:
            raise InputError(f"{self.in_base} is no prior of a search", "Give one above 0 and up to 1", field="in_base")
        if self.most_mismatches < 0:
            raise InputError(f"{self.most_mismatches} mismatches cannot be", "Give 0 or more", field="most_mismatches")

    @property
    def pairs(self) -> int:
        """Comparisons of the search."""
        return comparisons(self.families, self.children)

    @property
    def prior(self) -> Prior:
        """Every family alike."""
        return Prior(self.in_base, self.families)

    @property
    def lead(self) -> float:
        """Least log10 LR of a lead."""
        return math.log10(self.pairs / self.lead_expected)

    @property
    def report(self) -> float:
        """Least log10 LR of a report: what the expected number asks, and what the posterior does."""
        odds = self.report_posterior / (1 - self.report_posterior)
        return max(math.log10(self.pairs / self.report_expected), math.log10(odds) - self.prior.log10_odds, self.lead)

    def to_json(self) -> dict[str, Any]:
        """Parameters and thresholds."""
        return {
            "families": self.families,
            "children": self.children,
            "in_base": self.in_base,
            "lead_expected": self.lead_expected,
            "report_expected": self.report_expected,
            "report_posterior": self.report_posterior,
            "most_mismatches": self.most_mismatches,
            "lead_log10_lr": self.lead,
            "report_log10_lr": self.report,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Gates:
        """The gates that `to_json` told."""
        return cls(**{name: value[name] for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Support:
    """What kind of comparison an LR comes from.

    Parameters
    ----------
    sides : sides of the child's family of which somebody was typed: 0, 1 or 2.
    loci : autosomal loci compared.
    systems : other DNA that was compared and agrees: "Y", "X", "mtDNA".
    """

    sides: int
    loci: int
    systems: frozenset[str] = frozenset()

    @classmethod
    def of(cls, family: Family, loci: int, systems: Collection[str] = ()) -> Support:
        """The support of a family's typed relatives."""
        return cls(len(typed_sides(family.pedigree, family.missing, family.profiles)), loci, frozenset(systems))

    @property
    def report_barred(self) -> tuple[Remark, ...]:
        """Why no LR makes a report of this; empty where one can."""
        return tuple(self._barred())

    def _barred(self) -> Iterator[Remark]:
        if self.sides == 0:
            yield Remark("nobody_typed")
        elif self.sides == 1:
            if self.loci < SECOND_KIT_LOCI and not self.systems:
                yield Remark("one_side", {"least": SECOND_KIT_LOCI})
            if self.loci < ONE_SIDE_LOCI:
                yield Remark("one_side_few_loci", {"loci": self.loci, "least": ONE_SIDE_LOCI, "better": SECOND_KIT_LOCI})
        elif self.loci < BOTH_SIDES_LOCI:
            yield Remark("few_loci", {"loci": self.loci, "least": BOTH_SIDES_LOCI})


def typed_sides(pedigree: Pedigree, child: str, typed: Collection[str]) -> frozenset[str]:
    """Of "father" and "mother", those through whom somebody typed is related to the child."""
    parents = {"father": pedigree[child].father, "mother": pedigree[child].mother}
    return frozenset(
        side for side, parent in parents.items() if parent is not None and any(_related(pedigree, parent, one) for one in typed)
    )


def _related(pedigree: Pedigree, one: str, other: str) -> bool:
    return bool(lineage(pedigree, one) & lineage(pedigree, other))


def lineage(pedigree: Pedigree, member: str) -> frozenset[str]:
    """The member and all ancestors."""
    found: set[str] = set()
    waiting = [member]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += pedigree[current].parents
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Through which gate a candidate goes, and why not through the next."""

    gate: Gate
    remarks: tuple[Remark, ...]


def judge(gates: Gates, support: Support, log10_lr: float, *, mismatches: int, posterior: float | None = None) -> Verdict:
    """Judge one candidate.

    Parameters
    ----------
    gates : of the search that found it.
    support : what was compared.
    log10_lr : the least over the populations.
    mismatches : loci that fit only with a mutation.
    posterior : of this family among all, where it was computed; by default that of an even prior, the LR alone.
    """
    if posterior is None:
        posterior = gates.prior.posterior(log10_lr)
    lead = []
    if not log10_lr >= gates.lead:
        lead.append(Remark("below_lead", {"log10_lr": log10_lr, "threshold": gates.lead, "pairs": gates.pairs}))
    if mismatches > gates.most_mismatches:
        lead.append(Remark("mismatches", {"mismatches": mismatches, "most": gates.most_mismatches}))
    report = list(support.report_barred)
    if not log10_lr >= gates.report and not lead:
        report.append(Remark("below_report", {"log10_lr": log10_lr, "threshold": gates.report, "pairs": gates.pairs}))
    if not posterior >= gates.report_posterior * (1 - 1e-12):
        report.append(Remark("posterior_low", {"posterior": posterior, "least": gates.report_posterior}))
    gate: Gate = "insufficient" if lead else "lead" if report else "report"
    return Verdict(gate, (*lead, *report))


def case_work_rule(log10_lr: float, mismatches: int) -> Remark:
    """What the rule for single cases of parentage says; to be told beside, never instead: it is unsafe in a search."""
    least = math.log10(CASE_WORK_LR)
    if mismatches >= CASE_WORK_MISMATCHES or log10_lr <= -least:
        return Remark("case_work_excludes", {"threshold": CASE_WORK_LR, "mismatches": CASE_WORK_MISMATCHES})
    if log10_lr >= least and mismatches == 0:
        return Remark("case_work_supports", {"threshold": CASE_WORK_LR})
    return Remark("case_work_undecided")
