"""Mutation between parent and child, as a matrix per locus and sex.

`M[i, j]` is the probability that a parent's allele i arrives as allele j; every row sums to one. Models (Egeland, Kling &
Mostad 2016, "Relationship Inference with Familias and R", chapter 5; Simonsson & Mostad 2016 for the extended stepwise one):

| model        | an allele that mutates (probability `rate`) becomes                                           | lumpable |
|--------------|------------------------------------------------------------------------------------------------|----------|
| none         | never                                                                                          | always   |
| equal        | any other allele, all alike                                                                    | always   |
| proportional | j with probability proportional to its frequency; `rate` is the expected rate over alleles      | always   |
| onestep      | the next allele up or down, half each; all of it inward at the ends                              | never    |
| stepwise     | an allele s whole steps away with weight `range`^s; one of another microvariant group with `rate2` | never    |
| custom       | as the given matrix says                                                                        | tested   |

"Lumpable" tells whether alleles that nobody carries may be put together without changing any likelihood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from wayhome.kinship.arrays import FloatArray
from wayhome.kinship.errors import MutationError

Kind = Literal["none", "equal", "proportional", "onestep", "stepwise", "custom"]
KINDS: tuple[Kind, ...] = ("none", "equal", "proportional", "onestep", "stepwise", "custom")


@dataclass(frozen=True, slots=True)
class MutationRates:
    """Parameters of one sex.

    rate : mutations per meiosis, 0..1.
    range : weight of each further whole step, 0..1 (stepwise).
    rate2 : mutations per meiosis into another microvariant group, 0..1 (stepwise).
    """

    rate: float = 0.0
    range: float = 0.1
    rate2: float = 1e-6

    def __post_init__(self) -> None:
        for name, value in (("rate", self.rate), ("range", self.range), ("rate2", self.rate2)):
            if not 0 <= value <= 1:
                raise MutationError(f"mutation {name} {value} is outside 0..1", "Give a probability", field=name)


@dataclass(frozen=True, eq=False, slots=True)
class CustomMatrices:
    """Matrices of one locus in the order of `alleles`; each [n, n], rows sum to one."""

    alleles: tuple[str, ...]
    female: FloatArray
    male: FloatArray


@dataclass(frozen=True, slots=True)
class MutationModel:
    """A mutation model for all loci, with rates per sex and, where wanted, per locus.

    Parameters
    ----------
    kind : see the module's table.
    female, male : rates of maternal and of paternal meioses.
    by_locus : locus -> a model of its own.
    custom : locus -> matrices, for kind "custom"; other loci do not mutate.
    """

    kind: Kind = "stepwise"
    female: MutationRates = MutationRates(0.0005)
    male: MutationRates = MutationRates(0.002)
    by_locus: Mapping[str, MutationModel] = field(default_factory=dict)
    custom: Mapping[str, CustomMatrices] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise MutationError(f'no mutation model is called "{self.kind}"', f"Known are: {', '.join(KINDS)}", field="mutation")

    def matrices(
        self, locus: str, alleles: Sequence[str], frequencies: FloatArray, silent: int | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Female and male matrix of a locus, each [n, n].

        Parameters
        ----------
        alleles : n labels. For the stepwise kinds numbers, save the silent one.
        frequencies : [n], sum to one.
        silent : index of the silent allele, which neither mutates nor arises by mutation.

        Raises
        ------
        MutationError
            where an allele is no number, or a rate is too high for the frequencies.
        """
        if locus in self.by_locus:
            return self.by_locus[locus].matrices(locus, alleles, frequencies, silent)
        if self.kind == "custom":
            given = self.custom.get(locus)
            if given is None:
                identity = np.eye(len(alleles))
                return identity, identity
            return _reorder(given, alleles, locus)
        try:
            female, male = (_matrix(self.kind, alleles, frequencies, one, silent) for one in (self.female, self.male))
        except MutationError as error:
            raise error.at(field=locus) from None
        return female, male

    @classmethod
    def from_parameters(cls, made: Mapping[str, Any]) -> MutationModel:
        """The model that `parameters` told."""
        return cls(
            made["model"],
            MutationRates(**made["female"]) if "female" in made else MutationRates(0.0005),
            MutationRates(**made["male"]) if "male" in made else MutationRates(0.002),
            {locus: cls.from_parameters(model) for locus, model in made.get("by_locus", {}).items()},
            {
                locus: CustomMatrices(tuple(c["alleles"]), np.array(c["female"]), np.array(c["male"]))
                for locus, c in made.get("custom", {}).items()
            },
        )

    def parameters(self) -> dict[str, object]:
        """For provenance: everything that makes the matrices."""

        def told(rates: MutationRates) -> dict[str, float]:
            if self.kind == "stepwise":
                return {"rate": rates.rate, "range": rates.range, "rate2": rates.rate2}
            return {"rate": rates.rate}

        made: dict[str, object] = {"model": self.kind}
        if self.kind not in ("none", "custom"):
            made |= {"female": told(self.female), "male": told(self.male)}
        if self.by_locus:
            made["by_locus"] = {locus: model.parameters() for locus, model in sorted(self.by_locus.items())}
        if self.custom:
            made["custom"] = {
                k: {"alleles": list(c.alleles), "female": c.female.tolist(), "male": c.male.tolist()}
                for k, c in sorted(self.custom.items())
            }
        return made


NO_MUTATION = MutationModel("none")
DEFAULT_MUTATION = MutationModel()
"""Stepwise, range 0.1, 0.002 paternal and 0.0005 maternal: Chinese family studies find 0.7 to 1.3e-3 per meiosis over both sexes
and four to six paternal mutations to a maternal one (Jin 2016 Forensic Sci Int Genet 23:86-90; Lu 2012,
doi 10.1007/s00414-011-0630-1);
the default leans to the cautious side. rate2 of 1e-6 keeps a step between microvariants, such as 9.3 to 10, rare but possible."""


def check_matrix(matrix: FloatArray, n: int, what: str = "mutation matrix") -> FloatArray:
    """The matrix as [n, n] floats, rows summing to one within 1e-6; MutationError otherwise."""
    matrix = np.asarray(matrix, dtype=float)
    if matrix.shape != (n, n):
        raise MutationError(f"{what} is {'x'.join(map(str, matrix.shape))} for {n} alleles", "Give one row and column per allele")
    if not np.isfinite(matrix).all() or (matrix < 0).any():
        raise MutationError(f"{what} holds a value that is no probability", "Give values from 0 to 1")
    if np.abs(matrix.sum(axis=1) - 1).max(initial=0.0) > 1e-6:
        row = int(np.abs(matrix.sum(axis=1) - 1).argmax())
        raise MutationError(f"row {row + 1} of the {what} sums to {matrix[row].sum():.6g}", "Make every row sum to 1")
    return matrix


def _reorder(given: CustomMatrices, alleles: Sequence[str], locus: str) -> tuple[FloatArray, FloatArray]:
    at = {label: i for i, label in enumerate(given.alleles)}
    unknown = [label for label in alleles if label not in at]
    if unknown or len(alleles) != len(given.alleles):
        raise MutationError(
            f"the custom matrix has the alleles {', '.join(given.alleles)}, but {', '.join(unknown) or 'fewer'} are needed",
            "Give a matrix over all alleles of the frequency table",
            field=locus,
        )
    order = np.array([at[label] for label in alleles])
    n = len(alleles)
    pick = np.ix_(order, order)
    female, male = check_matrix(given.female, n, "female matrix"), check_matrix(given.male, n, "male matrix")
    return np.asarray(female[pick]), np.asarray(male[pick])


def _matrix(kind: Kind, alleles: Sequence[str], frequencies: FloatArray, rates: MutationRates, silent: int | None) -> FloatArray:
    audible = np.array([i for i in range(len(alleles)) if i != silent])
    n = len(audible)
    matrix = np.eye(len(alleles))
    if kind == "none" or n < 2:
        return matrix
    if kind == "equal":
        part = np.full((n, n), rates.rate / (n - 1))
        np.fill_diagonal(part, 1 - rates.rate)
    elif kind == "proportional":
        part = _proportional(frequencies[audible], rates.rate)
    else:
        part = _steps(kind, [alleles[i] for i in audible], rates)
    matrix[np.ix_(audible, audible)] = part
    return matrix


def _proportional(frequencies: FloatArray, rate: float) -> FloatArray:
    """`rate` is the expectation over all alleles; silent ones, left out here, do not mutate, so the others mutate the more."""
    total = float(frequencies.sum())
    spread = total**2 - float((frequencies**2).sum())
    factor = rate / spread if spread > 0 else 0.0
    matrix = np.tile(factor * frequencies, (len(frequencies), 1))
    np.fill_diagonal(matrix, 1 - factor * (total - frequencies))
    if (matrix < 0).any():
        raise MutationError(f"a proportional mutation rate of {rate} is too high for these frequencies", "Give a smaller rate")
    return matrix


def _steps(kind: Kind, alleles: Sequence[str], rates: MutationRates) -> FloatArray:
    """One-step and stepwise matrices: distance within a group of equal microvariants, `rate2` between groups."""
    try:
        lengths = np.array([float(label) for label in alleles])
    except ValueError:
        raise MutationError(
            f"a {kind} mutation model needs numbers as alleles, not {', '.join(alleles)}", "Use the equal model"
        ) from None
    n = len(lengths)
    group = np.round((lengths - np.floor(lengths)) * 100).astype(int)
    same = group[:, None] == group[None, :]
    distance = np.round(np.abs(lengths[:, None] - lengths[None, :]))
    if kind == "onestep":
        weight = np.where(same & (distance == 1), 1.0, 0.0)
        between = 0.0
    else:
        if rates.rate + rates.rate2 > 1:
            raise MutationError(f"rate {rates.rate} and rate2 {rates.rate2} together exceed 1", "Give smaller rates")
        weight = np.where(same & (distance > 0), np.power(rates.range, np.maximum(distance - 1, 0)), 0.0)
        between = rates.rate2
    total = weight.sum(axis=1, keepdims=True)
    matrix = np.divide(rates.rate * weight, total, out=np.zeros_like(weight), where=total > 0)
    others = n - same.sum(axis=1)
    for i in range(n):
        if others[i] and between:
            matrix[i, ~same[i]] = between / others[i]
    matrix[np.arange(n), np.arange(n)] = 0
    np.fill_diagonal(matrix, 1 - matrix.sum(axis=1))
    return np.asarray(matrix)
