"""How many loci mismatch: those that a relationship explains only by a mutation, counted over a kit.

Counting needs no frequencies of the child's genotype and no mutation model, so it is what laboratories look at first; the LR says
more. For a family whose relatives are typed the counts follow from its laws; for a kit as such, before anybody is typed, from the
exclusion probabilities that Jamieson & Taylor (1997, Anim Genet 28:397-400) give in sums of powers of the frequencies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from wayhome.kinship.arrays import FloatArray
from wayhome.kinship.errors import UnknownName
from wayhome.kinship.genetics.model import PopulationModel

Relation = Literal["duo", "trio", "couple"]
"""duo: one parent and a child. trio: one parent, the child's other parent being known and typed. couple: both parents at once."""


@dataclass(frozen=True, eq=False, slots=True)
class MismatchLaw:
    """The number of mismatching loci. `probabilities` [loci + 1]: that of 0, 1, 2, ..."""

    probabilities: FloatArray

    @classmethod
    def of(cls, by_locus: Iterable[float]) -> MismatchLaw:
        """The number of successes in independent trials (Poisson's binomial), from the probability at each locus."""
        law = [1.0]
        for p in by_locus:
            law = [fits * (1 - p) + not_yet * p for fits, not_yet in zip([*law, 0.0], [0.0, *law], strict=True)]
        return cls(np.array(law))

    def at_most(self, mismatches: int) -> float:
        """Probability of no more mismatches than that."""
        return min(float(self.probabilities[: max(mismatches + 1, 0)].sum()), 1.0)

    def more_than(self, mismatches: int) -> float:
        """Probability of more mismatches than that."""
        return min(float(self.probabilities[max(mismatches + 1, 0) :].sum()), 1.0)

    @property
    def mean(self) -> float:
        """Mean number of mismatches."""
        return float(self.probabilities @ np.arange(len(self.probabilities)))


def kit_mismatches(relation: Relation, loci: Sequence[str], model: PopulationModel) -> MismatchLaw:
    """Mismatches of unrelated people at these loci, before anybody is typed.

    Parameters
    ----------
    relation : what is claimed and not so.
    loci : autosomal loci of the population's table.
    model : its frequencies as used, floor and scaling included; mutation, theta and silent alleles do not take part.

    Raises
    ------
    UnknownName
        for a relation or a locus nobody knows.
    """
    return MismatchLaw.of(exclusion_probability(relation, model.locus(name).frequencies) for name in loci)


def exclusion_probability(relation: Relation, frequencies: FloatArray) -> float:
    """Probability that unrelated people are excluded at a locus without mutation.

    Parameters
    ----------
    frequencies : [n], sum to one.

    Source: Jamieson & Taylor (1997); checked against enumeration of all genotypes.
    """
    s = {power: float((frequencies**power).sum()) for power in range(2, 7)}
    if relation == "duo":
        found = 1 - 4 * s[2] + 2 * s[2] ** 2 + 4 * s[3] - 3 * s[4]
    elif relation == "trio":
        found = 1 - 2 * s[2] + s[3] + 2 * s[4] - 3 * s[5] - 2 * s[2] ** 2 + 3 * s[2] * s[3]
    elif relation == "couple":
        found = 1 + 4 * s[4] - 4 * s[5] - 3 * s[6] - 8 * s[2] ** 2 + 8 * s[2] * s[3] + 2 * s[3] ** 2
    else:
        raise UnknownName(f'no relation is called "{relation}"', f"Known are: {', '.join(get_args(Relation))}", field="relation")
    return min(max(found, 0.0), 1.0)
