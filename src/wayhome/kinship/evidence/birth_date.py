"""The age of a child against the date of birth that a family reports.

    LR = sum_a g(a) f(seen | a) / sum_a prior(a) f(seen | a)

g is the age that the report makes the child have on the day of the examination, with the report's own uncertainty; prior is
the age of rescued children. Both sums are of densities over days.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from wayhome.kinship.arrays import FloatArray
from wayhome.kinship.errors import InputError
from wayhome.kinship.evidence.age import AgePosterior, normal_cdf
from wayhome.kinship.evidence.base import DEFAULT_CAP, Cap, Finding, missing
from wayhome.kinship.evidence.growth import LAST_DAY

MOST_SD_DAYS = 366.0
REPORT_ERROR = 0.02
"""Share of reports that have nothing to do with the child's birth. Assumed."""


@dataclass(frozen=True, slots=True)
class ReportedBirth:
    """A reported date of birth: any day from `earliest` to `latest` alike, blurred by a normal error of `sd_days`.

    Raises
    ------
    InputError
        where the days are in the wrong order, or sd_days is outside 0..366.
    """

    earliest: date
    latest: date
    sd_days: float = 0.0

    def __post_init__(self) -> None:
        if self.latest < self.earliest:
            raise InputError(f"born from {self.earliest} to {self.latest}", "Put the earlier day first", field="birth")
        if not 0 <= self.sd_days <= MOST_SD_DAYS:
            raise InputError(f"an sd of {self.sd_days} days", f"Give 0 to {MOST_SD_DAYS:g}", field="sd_days")

    @classmethod
    def on(cls, day: date, sd_days: float = 0.0) -> ReportedBirth:
        """A single day, with an error where the family is not sure (lunar calendar, memory)."""
        return cls(day, day, sd_days)

    @classmethod
    def aged(cls, youngest_days: int, oldest_days: int, on: date) -> ReportedBirth:
        """From an age in days that the child had on a day."""
        try:
            return cls(on - timedelta(oldest_days), on - timedelta(youngest_days))
        except OverflowError:
            raise InputError(f"an age of {oldest_days} days", "Give an age that a child can have", field="age") from None

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {"earliest": self.earliest.isoformat(), "latest": self.latest.isoformat(), "sd_days": self.sd_days}

    def ages(self, on: date) -> tuple[FloatArray, float]:
        """P(age = 0..730 days) on a day, [731], and P(older). What is left over is the share born later than that day."""
        youngest, oldest = (on - self.latest).days, (on - self.earliest).days
        share = 1 / (oldest - youngest + 1)
        reach = math.ceil(6 * self.sd_days)
        # Births too far off for the blur to bring them onto the grid are counted, not computed.
        low, high = max(youngest, -reach), min(oldest, LAST_DAY + reach)
        older = share * max(0, oldest - max(youngest - 1, LAST_DAY + reach))
        ages = np.zeros(LAST_DAY + 1 + 2 * reach)
        ages[low + reach : max(low, high + 1) + reach] = share
        if reach:
            steps = np.arange(-reach, reach + 1, dtype=np.float64)
            kernel = normal_cdf((steps + 0.5) / self.sd_days) - normal_cdf((steps - 0.5) / self.sd_days)
            ages = np.convolve(ages, kernel / kernel.sum())
        first = 2 * reach
        return ages[first : first + LAST_DAY + 1].copy(), older + float(ages[first + LAST_DAY + 1 :].sum())


def birth_date(
    age: AgePosterior | None,
    examined_on: date | None,
    reported: ReportedBirth | None,
    *,
    error: float = REPORT_ERROR,
    cap: Cap = DEFAULT_CAP,
) -> Finding:
    """Whether the reported date of birth fits the age that was seen; the finding is called "age".

    Parameters
    ----------
    age : of `age.age_posterior`; its model's prior is the population of rescued children.
    examined_on : day of the examination, in the calendar of the report.
    reported : the family's date.
    error : probability, above 0 and below 1, that the report is of no use.

    A reported age beyond the tables' 730 days is weighed as 730; a birth after the examination fits no age.
    """
    if not 0 < error < 1:
        raise InputError(f"a report error of {error}", "Give a probability above 0 and below 1", field="error")
    if age is None or age.examination.empty:
        return missing("age", "the child's size, stump or fontanelle", cap)
    if examined_on is None:
        return missing("age", "the day of the examination", cap)
    if reported is None:
        return missing("age", "the reported date of birth", cap)
    ages, older = reported.ages(examined_on)
    ages[-1] += older
    by_chance = _log_mean(age.log_likelihood, age.model.prior_probability)
    related = np.logaddexp(math.log1p(-error) + _log_mean(age.log_likelihood, ages), math.log(error) + by_chance)
    log10_lr = float(related - by_chance) / math.log(10)
    interval = age.interval()
    youngest, oldest = (examined_on - reported.latest).days, (examined_on - reported.earliest).days
    data = {
        "earliest_days": interval.earliest_days,
        "latest_days": interval.latest_days,
        "reported_youngest_days": youngest,
        "reported_oldest_days": oldest,
    }
    told = f"{youngest}" if youngest == oldest else f"{youngest} to {oldest}"
    text = (
        f"The child was {interval.earliest_days} to {interval.latest_days} days old when examined (95 %); "
        f"by the reported date of birth it was {told}"
    )
    inputs = {
        "examined_on": examined_on.isoformat(),
        "reported": reported.to_json(),
        "age": age.to_json(),
        "report_error": error,
    }
    return Finding("age", log10_lr, "age_compared", text, data, inputs, cap)


def _log_mean(log: FloatArray, weights: FloatArray) -> float:
    """ln sum w e^log; -inf where no weight is left."""
    some = weights > 0
    if not some.any():
        return -math.inf
    return float(np.logaddexp.reduce(log[some] + np.log(weights[some])))
