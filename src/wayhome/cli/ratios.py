"""Cases with their likelihoods: what `wayhome lr` computes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from wayhome import kinship


@dataclass(frozen=True, slots=True)
class Result:
    """A case with its likelihoods.

    Parameters
    ----------
    log_likelihoods : hypothesis -> marker -> natural log, -inf where the genotypes are impossible.
    compared : the hypotheses whose ratio is told: H1 over H2, else the first over the second.
    """

    case: kinship.Case
    log_likelihoods: dict[str, dict[str, float]]
    compared: tuple[str, str]

    def total(self, hypothesis: str) -> float:
        """Natural log over all markers."""
        return math.fsum(self.log_likelihoods[hypothesis].values())

    @property
    def loci(self) -> dict[str, float]:
        """log10 LR by marker."""
        first, second = (self.log_likelihoods[hypothesis] for hypothesis in self.compared)
        return {marker: kinship.log10_ratio(first[marker], second[marker]) for marker in first}

    @property
    def log10_lr(self) -> float:
        """log10 LR over all markers."""
        first, second = self.compared
        return kinship.log10_ratio(self.total(first), self.total(second))


def compute(case: kinship.Case, convention: kinship.Convention) -> Result:
    """Every hypothesis at every marker; a TooComplex names the case, the hypothesis and the marker."""
    logs: dict[str, dict[str, float]] = {}
    for hypothesis, pedigree in case.hypotheses.items():
        logs[hypothesis] = {}
        for locus in case.loci:
            genotypes = {person: calls[locus.name] for person, calls in case.genotypes.items() if locus.name in calls}
            try:
                log = kinship.log_likelihood(pedigree, genotypes, locus, theta=case.theta, convention=convention)
            except kinship.TooComplex as error:
                error.problem = f"{case.id}, {hypothesis}, {locus.name}: {error.problem}"
                raise
            logs[hypothesis][locus.name] = log
    named = {"H1", "H2"} <= logs.keys()
    first, second = ("H1", "H2") if named else list(logs)[:2]
    return Result(case, logs, (first, second))
