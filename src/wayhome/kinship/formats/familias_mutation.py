"""The mutation models of Familias 3 as matrices, and matrices as Familias 3 would state them.

| code | Familias calls it      | here                                                                               |
|------|------------------------|------------------------------------------------------------------------------------|
| 0    | equal                  | equal                                                                              |
| 1    | proportional           | proportional                                                                       |
| 2    | stepwise, unstationary | stepwise                                                                           |
| 3    | stepwise, stationary   | M[i, j] = c range^d / p[i] over d steps, c such that the expected rate is `rate`     |
| 4    | extended stepwise      | stepwise                                                                           |

Sources: Egeland, Kling & Mostad 2016, "Relationship Inference with Familias and R"; Dawid, Mortera & Pascali 2001, Forensic Sci
Int 124:55-61 for code 3; Simonsson & Mostad 2016, Forensic Sci Int Genet 23:217-225; the manual of FamiliasLocus in the R package
Familias, whose versions 1 ("step", "stable") and 2.6 ("Stepwise", stabilised by "PM") agree on codes 2 and 3 where the alleles
are whole numbers without a gap. Elsewhere they do not: version 1 counts places in the list of alleles, 2.6 counts repeats, so
such a locus is refused. A silent allele neither mutates nor arises by mutation, as in version 2.6.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wayhome.kinship.arrays import FloatArray
from wayhome.kinship.errors import FormatError, MutationError
from wayhome.kinship.genetics.model import SILENT
from wayhome.kinship.genetics.mutation import CustomMatrices, Kind, MutationModel, MutationRates

EQUAL, PROPORTIONAL, STEPWISE, STATIONARY, EXTENDED = range(5)
KINDS: dict[int, Kind] = {EQUAL: "equal", PROPORTIONAL: "proportional", STEPWISE: "stepwise", EXTENDED: "stepwise"}
Stated = tuple[int, MutationRates]
"""A model's code and its parameters, as a file states them for one sex."""


def rates_of(code: int, rate: float, range_: float, rate2: float) -> MutationRates:
    """The parameters a model uses; those it does not use are left at their defaults, whatever the file says.

    Raises
    ------
    MutationError
        for a value that is no probability, or a range of 0 beside a rate.
    """
    if code in (EQUAL, PROPORTIONAL):
        return MutationRates(rate)
    if rate > 0 and range_ == 0:
        raise MutationError("a stepwise model has the range 0", "Give a range above 0, usually 0.1", field="range")
    return MutationRates(rate, range_, rate2 if code == EXTENDED else 0.0)


def model_of(
    name: str, female: Stated, male: Stated, alleles: Sequence[str], frequencies: FloatArray, silent: float
) -> MutationModel:
    """The mutation model of one locus.

    Parameters
    ----------
    name : the locus.
    female, male : as stated.
    alleles, frequencies : [n] the alleles that show, frequencies summing to one.
    silent : frequency of the silent allele, 0 where there is none.

    Raises
    ------
    FormatError
        for codes 2 and 3 where the alleles are not whole numbers without a gap.
    MutationError
        for rates too high for the model.
    """
    if _still(female) and _still(male):
        return MutationModel("none")
    # A sex that does not mutate fits any model of the other.
    if _still(female):
        female = (male[0], MutationRates(0.0, male[1].range, 0.0))
    if _still(male):
        male = (female[0], MutationRates(0.0, female[1].range, 0.0))
    ladder = (*alleles, SILENT) if silent else tuple(alleles)
    matrices = [matrix_of(name, stated, alleles, frequencies, silent) for stated in (female, male)]
    kinds = {KINDS.get(code) for code, _ in (female, male)}
    kind = kinds.pop()
    if kinds or kind is None:
        return MutationModel("custom", custom={name: CustomMatrices(ladder, *matrices)})
    return MutationModel(kind, female[1], male[1])


def _still(stated: Stated) -> bool:
    return stated[1].rate == 0 and (stated[0] != EXTENDED or stated[1].rate2 == 0)


def matrix_of(name: str, stated: Stated, alleles: Sequence[str], frequencies: FloatArray, silent: float) -> FloatArray:
    """The matrix of one sex, [n, n], or [n + 1, n + 1] with the silent allele last; as `model_of`."""
    code, rates = stated
    if code in (STEPWISE, STATIONARY) and rates.rate and not _gapless(alleles):
        raise FormatError(
            f"{name} has a stepwise model of Familias 2 over alleles that are not whole numbers without a gap, and the "
            "programs disagree on what it means there",
            'Choose "Extended stepwise" for the locus in Familias, or read the file with a mutation model of your own',
            field=name,
        )
    if code != STATIONARY:
        model = MutationModel(KINDS[code], rates, rates)
        shares = np.append(frequencies * (1 - silent), silent) if silent else frequencies
        return model.matrices(name, (*alleles, SILENT) if silent else alleles, shares, len(alleles) if silent else None)[0]
    matrix = np.eye(len(alleles) + bool(silent))
    matrix[: len(alleles), : len(alleles)] = _stationary(name, rates, frequencies)
    return matrix


def _gapless(alleles: Sequence[str]) -> bool:
    if not all(label.isascii() and label.isdigit() for label in alleles):
        return False
    lengths = [int(label) for label in alleles]
    return lengths == list(range(lengths[0], lengths[0] + len(lengths)))


def _stationary(name: str, rates: MutationRates, frequencies: FloatArray) -> FloatArray:
    n = len(frequencies)
    place = np.arange(n)
    steps = np.power(rates.range, np.abs(place[:, None] - place[None, :]).astype(float))
    np.fill_diagonal(steps, 0)
    if n < 2 or not rates.rate:
        return np.eye(n)
    if (frequencies <= 0).any():
        raise MutationError("a stationary model needs every frequency above 0", "Remove the allele", field=name)
    matrix: FloatArray = rates.rate / steps.sum() * steps / frequencies[:, None]
    np.fill_diagonal(matrix, 1 - matrix.sum(axis=1))
    if (matrix < 0).any():
        raise MutationError(
            f"a stationary mutation rate of {rates.rate} is too high for the frequencies of {name}",
            "Give a smaller rate",
            field=name,
        )
    return matrix


def state(
    name: str, model: MutationModel, alleles: Sequence[str], frequencies: FloatArray, silent: float
) -> tuple[Stated, Stated]:
    """How Familias states the model of a locus, female and male; the inverse of `model_of`.

    Raises
    ------
    MutationError
        where no model of Familias gives these matrices.
    """
    model = model.by_locus.get(name, model)
    if model.kind == "none" or (model.kind == "custom" and name not in model.custom):
        return (EQUAL, MutationRates(0.0)), (EQUAL, MutationRates(0.0))
    code = next((code for code, kind in KINDS.items() if kind == model.kind and code != STEPWISE), None)
    if code is not None:
        for rates in (model.female, model.male):
            rates_of(code, rates.rate, rates.range, rates.rate2)
        return (code, model.female), (code, model.male)
    if model.kind != "custom":
        raise MutationError(f"Familias has no {model.kind} mutation model", "Choose stepwise, equal or proportional")
    ladder = (*alleles, SILENT) if silent else tuple(alleles)
    shares = np.append(frequencies * (1 - silent), silent) if silent else frequencies
    female, male = model.matrices(name, ladder, shares, len(alleles) if silent else None)
    return _recognise(name, female, alleles, frequencies, silent), _recognise(name, male, alleles, frequencies, silent)


def _recognise(name: str, matrix: FloatArray, alleles: Sequence[str], frequencies: FloatArray, silent: float) -> Stated:
    """Try the parameters that each model would need for this matrix, and keep the model that gives it back."""
    n = len(alleles)
    off = matrix[:n, :n].copy()
    np.fill_diagonal(off, 0)
    if not off.any():
        return EQUAL, MutationRates(0.0)
    mean = float(frequencies @ off.sum(axis=1))
    tries = [(EQUAL, float(off[0].sum()), 0.1, 0.0), (PROPORTIONAL, mean * (1 - silent), 0.1, 0.0)]
    if _gapless(alleles):
        tries.append((STATIONARY, mean, float(off[0, 2] / off[0, 1]) if n > 2 and off[0, 1] else 0.1, 0.0))
    tries.append((EXTENDED, *_extended(alleles, off)))
    for code, *values in tries:
        rate, range_, rate2 = (float(f"{value:.12g}") for value in values)
        try:
            stated = code, rates_of(code, rate, range_, rate2)
            again = matrix_of(name, stated, alleles, frequencies, silent)
        except (MutationError, FormatError):
            continue
        if np.allclose(again, matrix, rtol=1e-9, atol=1e-12):
            return stated
    raise MutationError(f"Familias has no model that gives the custom mutation matrix of {name}", "Choose stepwise", field=name)


def _extended(alleles: Sequence[str], off: FloatArray) -> tuple[float, float, float]:
    """Rate, range and rate2 that an extended stepwise matrix would have."""
    lengths = np.array([float(label) for label in alleles if label not in "XY"])
    if len(lengths) != len(alleles):
        return 0.0, 0.1, 0.0
    group = np.round(lengths % 1 * 100)
    same = group[:, None] == group[None, :]
    rate = float(np.where(same, off, 0).sum(axis=1).max())
    rate2 = float(np.where(same, 0, off).sum(axis=1).max())
    for i in range(len(lengths)):
        steps = np.abs(lengths - lengths[i])
        kin = [j for j in np.argsort(steps, kind="stable") if same[i, j] and j != i and off[i, j] > 0]
        far = next((j for j in kin if round(steps[j] - steps[kin[0]]) > 0), None)
        if far is not None:
            return rate, float((off[i, far] / off[i, kin[0]]) ** (1 / round(steps[far] - steps[kin[0]]))), rate2
    return rate, 0.1, rate2
