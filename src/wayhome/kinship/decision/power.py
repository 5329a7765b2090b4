"""How far a family's typed relatives can carry a search, exactly and before any child is compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wayhome.kinship.decision.distribution import POINTS, Bounded, LrDistribution
from wayhome.kinship.decision.genotypes import family_laws
from wayhome.kinship.decision.mismatches import MismatchLaw
from wayhome.kinship.errors import InputError
from wayhome.kinship.genetics.model import PopulationModel
from wayhome.kinship.pedigrees.family import Family

THRESHOLDS = (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0)
"""log10 LRs that a report tells by default."""


@dataclass(frozen=True, eq=False, slots=True)
class FamilyPower:
    """What a search can expect of one family.

    Parameters
    ----------
    family : the family's id.
    population : name of the frequency table.
    loci : loci that tell about the missing child.
    impossible : loci at which the relatives cannot be related as recorded.
    lr : the distribution of log10 LR for the missing child and for a stranger.
    true_mismatches, stranger_mismatches : the number of mismatching loci of both.
    exclusion_by_locus : locus -> probability that a stranger mismatches there.
    """

    family: str
    population: str
    loci: tuple[str, ...]
    impossible: tuple[str, ...]
    lr: LrDistribution
    true_mismatches: MismatchLaw
    stranger_mismatches: MismatchLaw
    exclusion_by_locus: Mapping[str, float]

    @property
    def exclusion(self) -> float:
        """Exclusion power: probability that a stranger mismatches at one locus at least."""
        return self.stranger_mismatches.more_than(0)

    def adventitious(self, log10_lr: float, families: int, children: int = 1) -> Bounded:
        """Expected adventitious matches: pairs of strangers above a log10 LR.

        Parameters
        ----------
        families : size of the base, as if all its families were like this one.
        children : children compared with each.
        """
        pairs = comparisons(families, children)
        return Bounded(*(pairs * p for p in self.lr.stranger_above(log10_lr)))

    def threshold(self, expected: float, families: int, children: int = 1) -> float:
        """The least log10 LR of 0 or more above which no more adventitious matches than `expected` are to be expected."""
        return self.lr.threshold(min(expected / comparisons(families, children), 1.0))

    def to_json(self, families: int = 1, children: int = 1, thresholds: Iterable[float] = THRESHOLDS) -> dict[str, Any]:
        """The numbers as JSON values; a probability with its bounds is [value, least, most]."""
        lr = self.lr
        return {
            "family": self.family,
            "population": self.population,
            "loci": list(self.loci),
            "impossible_loci": list(self.impossible),
            "mean_log10_lr": lr.mean,
            "sd_log10_lr": lr.sd,
            "highest_log10_lr": lr.highest,
            "quantiles": {f"{share:g}": list(lr.true_quantile(share)) for share in (0.05, 0.25, 0.5, 0.75, 0.95)},
            "stranger_lr_zero": lr.stranger_zero,
            "grid_shift": lr.shift,
            "exclusion_power": self.exclusion,
            "mismatches": {
                f"{k}": {"true": self.true_mismatches.at_most(k), "stranger": self.stranger_mismatches.at_most(k)}
                for k in range(3)
            },
            "thresholds": [
                {
                    "log10_lr": t,
                    "true_above": list(lr.true_above(t)),
                    "stranger_above": list(lr.stranger_above(t)),
                    "adventitious": list(self.adventitious(t, families, children)),
                }
                for t in thresholds
            ],
        }


def family_power(
    family: Family, model: PopulationModel, loci: Iterable[str] | None = None, *, points: int = POINTS
) -> FamilyPower:
    """The power of a family under one population.

    Parameters
    ----------
    family : with its relatives' profiles.
    model : frequencies, mutation, theta.
    loci : loci the child will be typed at; by default those that `find` would use.
    points : see `LrDistribution`.

    Raises
    ------
    InputError
        where no relative was typed at any of the loci.
    TooComplex, UnknownName, PedigreeError
    """
    found = family_laws(family, model, loci)
    exclusion = {law.locus: law.exclusion for law in found.laws}
    return FamilyPower(
        family.id,
        model.frequencies.name,
        found.loci,
        found.impossible,
        LrDistribution(found.laws, points),
        MismatchLaw.of(law.mutation for law in found.laws),
        MismatchLaw.of(exclusion.values()),
        exclusion,
    )


def comparisons(families: int, children: int) -> int:
    """Pairs of child and family in a search; InputError for less than one of either."""
    for field, number in (("families", families), ("children", children)):
        if number < 1:
            raise InputError(f"a search of {number} {field} compares nothing", "Give 1 or more", field=field)
    return families * children
