"""How large infants of an age are: WHO Child Growth Standards, days 0 to 730 (data/growth/SOURCES.md).

At each age a measurement y is z-distributed after Cole's transform (Cole & Green 1992, Stat Med 11:1305-1319):

    z = ((y / M)^L - 1) / (L S),  ln(y / M) / S where L = 0;    |dz/dy| = (y / M)^(L - 1) / (S M)
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import numpy as np

from wayhome.kinship.arrays import FloatArray

Measure = Literal["length_cm", "weight_kg", "head_circumference_cm"]
MEASURES: tuple[Measure, ...] = ("length_cm", "weight_kg", "head_circumference_cm")
LAST_DAY = 730
"""The tables' last day; they begin with the day of birth, 0."""


@dataclass(frozen=True, eq=False, slots=True)
class GrowthTable:
    """One measure of one sex: power L, median M (cm or kg), coefficient of variation S, each [731] by day of age."""

    L: FloatArray
    M: FloatArray
    S: FloatArray

    def z(self, value: float, widening: float = 1.0) -> FloatArray:
        """z-score of a measurement (> 0, cm or kg) at every age, [731]; S is multiplied by `widening`."""
        ratio = np.log(value / self.M)
        powered = np.expm1(self.L * ratio)
        zero = self.L == 0
        return np.where(zero, ratio, powered / np.where(zero, 1.0, self.L)) / (self.S * widening)

    def value(self, z: float, day: int, widening: float = 1.0) -> float:
        """The measurement that has this z-score on a day of age; nan where none has."""
        power, median, spread = float(self.L[day]), float(self.M[day]), float(self.S[day]) * widening
        if power == 0:
            return float(median * np.exp(spread * z))
        base = 1 + power * spread * z
        return float(median * base ** (1 / power)) if base > 0 else float("nan")

    def log_slope(self, value: float, widening: float = 1.0) -> FloatArray:
        """ln |dz/dy| at every age, [731]: what turns a density of z into one of the measurement."""
        return (self.L - 1) * np.log(value / self.M) - np.log(self.S * widening * self.M)


@cache
def growth_table(measure: Measure, sex: Literal["M", "F"]) -> GrowthTable:
    """The shipped table of a measure and sex."""
    name = f"{measure.rpartition('_')[0]}_for_age_0_730d.csv"
    text = resources.files("wayhome.kinship").joinpath("data", "growth", name).read_text("utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["sex"] == sex]
    assert [int(row["age_days"]) for row in rows] == list(range(LAST_DAY + 1))
    columns = [np.array([float(row[key]) for row in rows]) for key in "LMS"]
    for column in columns:
        column.setflags(write=False)
    return GrowthTable(*columns)
