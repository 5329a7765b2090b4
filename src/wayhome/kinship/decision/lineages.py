"""DNA that is handed down whole along one line: the Y chromosome from father to son, mtDNA from the mother.

Such a haplotype is one locus with two outcomes, same or not. What sameness is worth depends on how rare the haplotype is, for
which no table is shipped: the numbers below are assumptions, stated with every result, until those of a haplotype base are given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from wayhome.kinship.decision.genotypes import GenotypeLaw
from wayhome.kinship.errors import InputError
from wayhome.kinship.pedigrees.pedigree import Pedigree


@dataclass(frozen=True, slots=True)
class Lineage:
    """A haplotype system.

    Parameters
    ----------
    system : "Y" or "mtDNA".
    match : probability that a stranger has the same haplotype.
    mutation : probability that a child's haplotype differs from the parent's.
    source : where both numbers come from.
    """

    system: str
    match: float
    mutation: float
    source: str

    def __post_init__(self) -> None:
        if self.system not in ("Y", "mtDNA"):
            raise InputError(f'"{self.system}" is not handed down whole', "Give Y or mtDNA", field="system")
        for field, value in (("match", self.match), ("mutation", self.mutation)):
            if not 0 < value < 1:
                raise InputError(
                    f"{self.system}: the {field} probability {value} cannot be", "Give one above 0, below 1", field=field
                )

    def law(self, meioses: int) -> GenotypeLaw:
        """Same or not, for a child so many meioses from the relative."""
        same = (1 - self.mutation) ** meioses
        return GenotypeLaw(
            self.system, np.array([same, 1 - same]), np.array([self.match, 1 - self.match]), np.array([False, True])
        )


Y_CHROMOSOME = Lineage(
    "Y",
    1e-3,
    0.05,
    "assumed: not seen among 1,000 men (Brenner 2010, Forensic Sci Int Genet 4:281, argues for less); 17 loci, each with 84 "
    "mutations in 29,792 meioses (Goedbloed 2009, Int J Legal Med 123:471)",
)
MTDNA = Lineage("mtDNA", 0.02, 0.01, "assumed: a common haplotype, control region; to be replaced by that of a base")


def nearest(pedigree: Pedigree, child: str, members: Iterable[str], system: str) -> tuple[str, int] | None:
    """Of these members the one of the child's line with the fewest meioses between, and that number; None where there is none."""
    own = _line(pedigree, child, system)
    best: tuple[int, str] | None = None
    for member in members:
        if member == child or (system == "Y" and pedigree[member].sex != "M"):
            continue
        theirs = _line(pedigree, member, system)
        shared = next((one for one in own if one in theirs), None)
        if shared is None:
            continue
        found = (own.index(shared) + theirs.index(shared), member)
        best = found if best is None else min(best, found)
    return None if best is None else (best[1], best[0])


def _line(pedigree: Pedigree, member: str, system: str) -> list[str]:
    """The member, and father's father or mother's mother as far as they are known."""
    line = [member]
    while True:
        above = pedigree[line[-1]].father if system == "Y" else pedigree[line[-1]].mother
        if above is None:
            return line
        line.append(above)
