"""ABO blood groups: what the relatives' groups make of the child's.

    LR = P(child's group as recorded | relatives' groups as recorded) / P(child's group as recorded)

Genotypes of all founders are summed over, with Hardy-Weinberg frequencies of p (A), q (B), r (O); every record is wrong with a
small probability, which also stands for cis-AB, the Bombay type and the weak antigens of newborns. So nothing is excluded.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from wayhome.kinship.arrays import FloatArray
from wayhome.kinship.errors import InputError, UnknownName
from wayhome.kinship.evidence.base import DEFAULT_CAP, Cap, Finding, missing

Group = Literal["A", "B", "O", "AB"]
GROUPS: tuple[Group, ...] = ("A", "B", "O", "AB")
GROUP_ERROR = 0.01
_ALL_BUT_NONE = 1e-12
"""An error rate that leaves only what genotypes can explain."""

_SHOWN = np.array([[0, 3, 0], [3, 1, 1], [0, 1, 2]])
"""Index of the group that two alleles show, alleles in the order A, B, O."""


@dataclass(frozen=True, slots=True)
class BloodGroupFrequencies:
    """Frequencies of the alleles A, B and O: positive; scaled to sum to one."""

    a: float
    b: float
    o: float
    source: str = ""

    def __post_init__(self) -> None:
        if not all(0 < p <= 1 for p in (self.a, self.b, self.o)) or abs(self.a + self.b + self.o - 1) > 0.02:
            raise InputError(f"{self.a}, {self.b}, {self.o} are no allele frequencies", "They must sum to 1", field="ABO")

    @classmethod
    def from_groups(cls, shares: Mapping[Group, float], source: str = "") -> BloodGroupFrequencies:
        """Estimated from shares of the groups (Bernstein 1925): 1 - sqrt(B + O), 1 - sqrt(A + O), sqrt(O), scaled."""
        try:
            a, b, o = (1 - math.sqrt(shares["B"] + shares["O"]), 1 - math.sqrt(shares["A"] + shares["O"]), math.sqrt(shares["O"]))
        except (KeyError, ValueError):
            raise InputError("shares of blood groups A, B and O are lacking or negative", "Give all", field="ABO") from None
        return cls(a / (a + b + o), b / (a + b + o), o / (a + b + o), source)

    @property
    def alleles(self) -> FloatArray:
        """Frequencies of A, B, O, [3], sum one."""
        p = np.array([self.a, self.b, self.o])
        scaled: FloatArray = p / p.sum()
        return scaled


@cache
def blood_group_frequencies() -> Mapping[str, BloodGroupFrequencies]:
    """The shipped tables (data/markers/blood_groups.csv). One is chosen for a whole search, never by a family's origin."""
    tables: dict[str, BloodGroupFrequencies] = {}
    for row in _rows():
        if row["p_A"]:
            table = BloodGroupFrequencies(float(row["p_A"]), float(row["q_B"]), float(row["r_O"]), row["source"])
        else:
            table = BloodGroupFrequencies.from_groups({group: float(row[group]) for group in GROUPS}, row["source"])
        tables[row["population"]] = table
    return MappingProxyType(tables)


@dataclass(frozen=True, slots=True)
class RelativesGroups:
    """Recorded groups of relatives; None where not known.

    `siblings` have both parents in common with the missing child.
    """

    father: Group | None = None
    mother: Group | None = None
    siblings: Sequence[Group] = field(default=())
    fathers_father: Group | None = None
    fathers_mother: Group | None = None
    mothers_father: Group | None = None
    mothers_mother: Group | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "siblings", tuple(self.siblings))
        for group in self.to_json().values():
            for one in group if isinstance(group, list) else [group]:
                _check_group(one)

    def to_json(self) -> dict[str, Any]:
        """The known ones, as JSON values."""
        names = ("father", "mother", "fathers_father", "fathers_mother", "mothers_father", "mothers_mother")
        told: dict[str, Any] = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        return told | ({"siblings": list(self.siblings)} if self.siblings else {})


def blood_group(
    child: Group | None,
    relatives: RelativesGroups | None,
    *,
    population: str | BloodGroupFrequencies = "china",
    error: float = GROUP_ERROR,
    cap: Cap = DEFAULT_CAP,
) -> Finding:
    """The child's recorded group against its relatives'.

    Parameters
    ----------
    population : a shipped table or frequencies of your own; the same for every family of a search.
    error : probability, above 0 and below 1, that a record is wrong; then any other group is recorded alike often.

    Raises
    ------
    UnknownName
        for a population that is not shipped.
    InputError
        for a group that is none, or an error outside 0..1.
    """
    _check_group(child)
    if not 0 < error < 1:
        raise InputError(f"an error of {error}", "Give a probability above 0 and below 1", field="error")
    frequencies = _frequencies(population)
    if child is None:
        return missing("blood_group", "the child's blood group", cap)
    known = relatives.to_json() if relatives is not None else {}
    if relatives is None or not known:
        return missing("blood_group", "the blood group of any relative", cap)
    related = child_groups(relatives, frequencies, error)
    by_chance = child_groups(RelativesGroups(), frequencies, error)
    i = GROUPS.index(child)
    told = ", ".join(f"{name.replace('s_', chr(39) + 's ')} {_joined(group)}" for name, group in known.items())
    possible = child_groups(relatives, frequencies, _ALL_BUT_NONE)[i] > 100 * _ALL_BUT_NONE
    text = f"The child's blood group is {child}; relatives: {told}" + ("" if possible else "; explained only by an error")
    inputs = {
        "child": child,
        "relatives": known,
        "alleles": frequencies.alleles.tolist(),
        "source": frequencies.source,
        "error": error,
    }
    code = "blood_group_fits" if possible else "blood_group_needs_error"
    return Finding(
        "blood_group", math.log10(related[i] / by_chance[i]), code, text, {"child": child, "relatives": known}, inputs, cap
    )


def child_groups(relatives: RelativesGroups, frequencies: BloodGroupFrequencies, error: float) -> FloatArray:
    """P(child's recorded group | relatives' recorded groups), [4] in the order of `GROUPS`, sum one."""
    p = frequencies.alleles
    father = _parent(relatives.father, relatives.fathers_father, relatives.fathers_mother, p, error)
    mother = _parent(relatives.mother, relatives.mothers_father, relatives.mothers_mother, p, error)
    # Axes: father's two alleles, mother's two alleles.
    weight = np.einsum("ab,cd->abcd", father, mother)
    for sibling in relatives.siblings:
        weight = weight * np.einsum("kabcd,k->abcd", _OF_COUPLE, _recorded(sibling, error))
    shown = np.einsum("abcd,kabcd->k", weight, _OF_COUPLE)
    recorded = np.array([shown @ _recorded(group, error) for group in GROUPS])
    probability: FloatArray = recorded / recorded.sum()
    return probability


def _recorded(group: Group, error: float) -> FloatArray:
    """P(this group is recorded | group shown), [4]."""
    return np.where(np.arange(4) == GROUPS.index(group), 1 - error, error / 3)


def _person(group: Group | None, error: float) -> FloatArray:
    """P(record | two alleles), [3, 3]."""
    return np.ones((3, 3)) if group is None else _recorded(group, error)[_SHOWN]


def _parent(own: Group | None, father: Group | None, mother: Group | None, p: FloatArray, error: float) -> FloatArray:
    """P(parent's paternal and maternal allele, records of parent and grandparents), [3, 3]."""
    # Both alleles of a grandparent are alike, so summing out either one gives what is passed on.
    passed = [(np.outer(p, p) * _person(grandparent, error)).sum(axis=1) for grandparent in (father, mother)]
    genotype: FloatArray = np.outer(*passed) * _person(own, error)
    return genotype


def _couples() -> FloatArray:
    """P(child shows a group | father's two alleles, mother's two alleles), [4, 3, 3, 3, 3]."""
    table = np.zeros((4, 3, 3, 3, 3))
    for a, b, c, d in np.ndindex(3, 3, 3, 3):
        for paternal in (a, b):
            for maternal in (c, d):
                table[_SHOWN[paternal, maternal], a, b, c, d] += 0.25
    return table


_OF_COUPLE = _couples()


def _frequencies(population: str | BloodGroupFrequencies) -> BloodGroupFrequencies:
    if isinstance(population, BloodGroupFrequencies):
        return population
    table = blood_group_frequencies().get(population)
    if table is None:
        known = ", ".join(blood_group_frequencies())
        raise UnknownName(
            f'no blood groups of "{population}" are shipped', f"Known are {known}; or give frequencies", field="population"
        )
    return table


def _check_group(group: object) -> None:
    if group is not None and group not in GROUPS:
        raise InputError(
            f'"{group}" is no blood group', f"Write {', '.join(GROUPS)}, or nothing where it is not known", field="ABO"
        )


def _joined(group: Any) -> str:
    return " ".join(group) if isinstance(group, list) else str(group)


def _rows() -> Iterator[dict[str, str]]:
    text = resources.files("wayhome.kinship").joinpath("data", "markers", "blood_groups.csv").read_text("utf-8")
    return csv.DictReader(text.splitlines())
