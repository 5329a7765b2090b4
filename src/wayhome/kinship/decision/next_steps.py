"""Which act brings a family, or a candidate, nearest to a decision.

For every act the distribution of the LR after it is computed, over the genotypes that the new relative or the new loci may show,
given what is typed. Acts are ranked by how much they add to

    P(decisive) = P(report gate | the child)                                           of a family,
    P(decisive) = p P(report gate | the child) + (1 - p) P(LR < 1 | a stranger)         of a candidate with the posterior p,

where the report gate has both its LR and its conditions (`thresholds.Support`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wayhome.kinship.decision.acts import Act, Case
from wayhome.kinship.decision.lineages import MTDNA, Y_CHROMOSOME, Lineage
from wayhome.kinship.decision.remarks import Remark
from wayhome.kinship.decision.thresholds import Gates
from wayhome.kinship.errors import PedigreeError, TooComplex
from wayhome.kinship.genetics.model import PopulationModel
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.search.compiled import Progress, search_loci


@dataclass(frozen=True, slots=True)
class NextStep:
    """One act and what it is worth.

    Parameters
    ----------
    act : what to do; `act.text` is the English sentence.
    decisive : probability of a decision after it; None where it could not be computed, with the reason in `note`.
    gain : by how much that is more than now.
    median_log10_lr : median LR of the missing child after it; for a candidate, of this child if it is the missing one.
    standard_error : of `decisive`, where it was simulated; 0 where it is exact.
    note : an assumption behind it, or why it was not computed.
    """

    act: Remark
    decisive: float | None = None
    gain: float | None = None
    median_log10_lr: float | None = None
    standard_error: float = 0.0
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "act": self.act.to_json(),
            "decisive": self.decisive,
            "gain": self.gain,
            "median_log10_lr": self.median_log10_lr,
            "standard_error": self.standard_error,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> NextStep:
        """The step that `to_json` told."""
        return cls(**{**value, "act": Remark.from_json(value["act"])})


@dataclass(frozen=True, slots=True)
class NextSteps:
    """Acts for a family or a candidate.

    Parameters
    ----------
    now : P(decisive) without any.
    steps : best first; those that could not be computed come last, with the reason.
    """

    now: float
    steps: tuple[NextStep, ...]

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {"now": self.now, "steps": [step.to_json() for step in self.steps]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> NextSteps:
        """The steps that `to_json` told."""
        return cls(value["now"], tuple(NextStep.from_json(step) for step in value["steps"]))


def next_steps(
    family: Family,
    model: PopulationModel,
    gates: Gates,
    *,
    child: Profile | None = None,
    posterior: float | None = None,
    systems: Iterable[str] = (),
    lineages: Sequence[Lineage] = (Y_CHROMOSOME, MTDNA),
    loci: Iterable[str] | None = None,
    draws: int = 256,
    seed: int = 1,
    progress: Progress | None = None,
) -> NextSteps:
    """Acts for a family, or for one child as its candidate.

    Parameters
    ----------
    family : with the relatives typed so far.
    model : the population that gives the least LR.
    gates : of the search.
    child : a candidate; without one the acts are those for the family as such.
    posterior : that the candidate is the missing child; by default from the LR and the prior of the gates.
    systems : other DNA compared already, of "Y", "X", "mtDNA".
    lineages : assumptions on haplotypes.
    loci : autosomal loci compared so far; by default those that `find` would use.
    progress : called with (done, of) acts; with theta and two untyped parents of several children an act takes seconds.
    draws, seed : families simulated where the genotypes of several relatives are yet unknown, and where theta makes each dear.

    Returns
    -------
    NextSteps
        no steps for a candidate who is impossible, or has passed the report gate.

    Raises
    ------
    InputError, TooComplex
        where not even the present state can be computed.
    """
    names = search_loci([family], [model]) if loci is None else tuple(loci)
    if child is not None:
        names = tuple(name for name in names if name in child.genotypes)
    case = Case(family, model, gates, child, names, frozenset(systems), posterior, lineages, draws, seed)
    if child is not None and (case.log10_lr == -math.inf or case.reported):
        return NextSteps(case.now, ())
    acts = list(case.acts())
    found = []
    for done, act in enumerate(acts, 1):
        found.append(_weighed(case, act))
        if progress is not None:
            progress(done, len(acts))
    return NextSteps(case.now, tuple(sorted(found, key=lambda step: (step.gain is None, -(step.gain or 0.0)))))


def _weighed(case: Case, act: Act) -> NextStep:
    """What an act is worth."""
    try:
        outcomes, parts = act.outcomes()
    except (TooComplex, PedigreeError) as error:
        return NextStep(act.remark, note=Remark("not_computed", {"reason": error.problem}).text)
    if not outcomes:
        return NextStep(act.remark, note=act.note)
    decisive = case.decisive(outcomes)
    spread = [case.decisive(part) for part in parts]
    standard_error = float(np.std(spread, ddof=1) / math.sqrt(len(spread))) if len(spread) > 1 else 0.0
    likely = max(outcomes, key=lambda one: one.true)
    median = likely.before + likely.lr.median
    return NextStep(act.remark, decisive, decisive - case.now, median, standard_error, act.note)
