"""How old an infant is: a distribution over days of age, from its size, umbilical stump and fontanelle.

    posterior(a) ~ prior(a) * f(length, weight, head | a) * P(stump | a) * P(fontanelle | a),    a = 0..730 days

f takes the z-scores of one child as correlated normals and carries the Jacobian of each. Children of the WHO standard were
healthy and born at term; for others `Widening` stretches the spread at every age.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from wayhome.kinship.arrays import FloatArray
from wayhome.kinship.errors import InputError
from wayhome.kinship.evidence.growth import LAST_DAY, MEASURES, Measure, growth_table

RANGES: dict[Measure, tuple[float, float]] = {
    "length_cm": (25.0, 120.0),
    "weight_kg": (0.3, 30.0),
    "head_circumference_cm": (18.0, 65.0),
}
"""What may be entered; outside, the unit is wrong."""

UNUSUAL = 0.001
"""Measurements this improbable at the likeliest age are remarked upon."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What one examination of an infant found; None where it was not looked at.

    Parameters
    ----------
    length_cm, weight_kg, head_circumference_cm : within `RANGES`.
    sex : "U" where not known; both tables then count half.
    stump : whether the umbilical stump is still there.
    fontanelle_open : whether the anterior fontanelle can be felt.

    Raises
    ------
    InputError
        for a measurement outside `RANGES` or a sex that is none of M, F, U.
    """

    length_cm: float | None = None
    weight_kg: float | None = None
    head_circumference_cm: float | None = None
    sex: Literal["M", "F", "U"] = "U"
    stump: bool | None = None
    fontanelle_open: bool | None = None

    def __post_init__(self) -> None:
        if self.sex not in ("M", "F", "U"):
            raise InputError(f'"{self.sex}" is no sex', "Write M, F, or U where it is not known", field="sex")
        for measure, value in self.measured.items():
            lowest, highest = RANGES[measure]
            if not lowest <= value <= highest:
                raise InputError(
                    f"{measure} of {value} cannot be an infant's",
                    f"Give {lowest:g} to {highest:g}; lengths are in cm, weights in kg",
                    field=measure,
                )

    @property
    def measured(self) -> dict[Measure, float]:
        """The measurements taken, in the order of `MEASURES`."""
        told: dict[Measure, float | None] = {
            "length_cm": self.length_cm,
            "weight_kg": self.weight_kg,
            "head_circumference_cm": self.head_circumference_cm,
        }
        return {measure: float(value) for measure, value in told.items() if value is not None}

    @property
    def empty(self) -> bool:
        """Whether nothing was seen that tells an age."""
        return not self.measured and self.stump is None and self.fontanelle_open is None

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        signs = {"sex": self.sex, "stump": self.stump, "fontanelle_open": self.fontanelle_open}
        return dict(self.measured) | signs


@dataclass(frozen=True, slots=True)
class Widening:
    """Factors >= 1 on the spread S of each measure: 1 for healthy children born at term."""

    length: float = 1.0
    weight: float = 1.0
    head: float = 1.0

    def __post_init__(self) -> None:
        for name, value in (("length", self.length), ("weight", self.weight), ("head", self.head)):
            if not 1 <= value <= 5:
                raise InputError(f"a widening of {value} makes no sense", "Give a factor from 1 to 5", field=name)

    def of(self, measure: Measure) -> float:
        """The factor of a measure."""
        return {"length_cm": self.length, "weight_kg": self.weight, "head_circumference_cm": self.head}[measure]


NEGLECTED = Widening(length=1.4, weight=1.5, head=1.3)
"""For neglected, preterm or low-birth-weight infants: hunger tells on weight first, on the head last. Assumed."""


@dataclass(frozen=True, slots=True)
class StumpRegime:
    """One way of cord care: its share, and the day on which the stump falls off, as a normal distribution."""

    share: float
    mean_days: float
    sd_days: float

    def present(self, days: FloatArray) -> FloatArray:
        """P(stump still there) at these ages."""
        return 1 - normal_cdf((days - self.mean_days) / self.sd_days)


DRY_CARE = StumpRegime(0.4, 6.61, 2.33)
"""Kept dry: Lopez-Medina 2020, PLoS ONE 15:e0227209, 106 newborns."""

OTHER_CARE = StumpRegime(0.4, 9.0, 3.0)
"""Care not known. Assumed."""

ANTISEPTIC_CARE = StumpRegime(0.2, 12.9, 4.2)
"""Hospital routine of the eighties, vaginal births: Novack 1988, Am J Dis Child 142:220-223."""

FONTANELLE_CLOSED = ((6, 0.03), (12, 0.265), (24, 0.93))
"""Month of age and share of closed fontanelles: Wu & Li 2012, Chin J Pediatr 50:493-497, healthy children born at term."""


def flat_prior(earliest: int = 0, latest: int = 365) -> tuple[float, ...]:
    """Every day from `earliest` to `latest` alike; InputError outside 0..730 days."""
    if not 0 <= earliest <= latest <= LAST_DAY:
        raise InputError(f"{earliest} to {latest} days is no prior", f"Stay within 0 and {LAST_DAY} days", field="prior")
    return (0.0,) * earliest + (1.0,) * (latest - earliest + 1)


@dataclass(frozen=True, slots=True)
class AgeModel:
    """Everything assumed about ages.

    Parameters
    ----------
    prior : weight of each day of age from 0, among rescued children; need not sum to one.
    length_weight, weight_head, length_head : correlations of the z-scores. Assumed.
    widening : see `Widening`.
    stump : ways of cord care; shares need not sum to one.
    stump_error, fontanelle_error : probability that the sign is recorded wrongly, above 0 and below 1/2.

    Raises
    ------
    InputError
        for a prior or shares without weight, correlations that cannot be, or errors outside 0..1/2.
    """

    prior: tuple[float, ...] = field(default_factory=flat_prior)
    length_weight: float = 0.72
    weight_head: float = 0.62
    length_head: float = 0.5
    widening: Widening = Widening()
    stump: tuple[StumpRegime, ...] = (DRY_CARE, OTHER_CARE, ANTISEPTIC_CARE)
    stump_error: float = 0.0005
    fontanelle_error: float = 0.05

    def __post_init__(self) -> None:
        object.__setattr__(self, "prior", tuple(map(float, self.prior)))
        _check_weights("prior", self.prior)
        if len(self.prior) > LAST_DAY + 1:
            raise InputError(f"the prior has {len(self.prior)} days", f"Stop at day {LAST_DAY}", field="prior")
        _check_weights("stump", [regime.share for regime in self.stump])
        if any(not (math.isfinite(regime.mean_days) and 0 < regime.sd_days < math.inf) for regime in self.stump):
            raise InputError("a way of cord care has no spread", "Give a mean and a positive sd in days", field="stump")
        correlations = (self.length_weight, self.weight_head, self.length_head)
        if not (all(abs(r) < 1 for r in correlations) and np.linalg.eigvalsh(self.correlation).min() > 1e-9):
            raise InputError(f"{correlations} are no correlations of three measures", "Lower them", field="correlation")
        for name, error in (("stump_error", self.stump_error), ("fontanelle_error", self.fontanelle_error)):
            if not 0 < error < 0.5:
                raise InputError(f"{name} is {error}", "Give a probability above 0 and below 1/2", field=name)

    @property
    def correlation(self) -> FloatArray:
        """Correlations in the order of `MEASURES`, [3, 3]."""
        lw, wh, lh = self.length_weight, self.weight_head, self.length_head
        return np.array([[1, lw, lh], [lw, 1, wh], [lh, wh, 1]], dtype=float)

    @property
    def prior_probability(self) -> FloatArray:
        """The prior over days 0..730, [731], sum one."""
        weights = np.zeros(LAST_DAY + 1)
        weights[: len(self.prior)] = self.prior
        prior: FloatArray = weights / weights.sum()
        return prior

    def parameters(self) -> dict[str, Any]:
        """For provenance, as JSON values; the prior as runs [first day, last day, probability of each]."""
        prior = self.prior_probability
        edges = [0, *(np.flatnonzero(np.diff(prior)) + 1).tolist(), len(prior)]
        runs = [[first, end - 1, float(prior[first])] for first, end in pairwise(edges) if prior[first] > 0]
        return {
            "prior": runs,
            "correlation": [self.length_weight, self.weight_head, self.length_head],
            "widening": [self.widening.length, self.widening.weight, self.widening.head],
            "stump": [[regime.share, regime.mean_days, regime.sd_days] for regime in self.stump],
            "stump_error": self.stump_error,
            "fontanelle_error": self.fontanelle_error,
        }


@dataclass(frozen=True, slots=True)
class AgeInterval:
    """An age in days, from `earliest_days` to `latest_days`, which holds it with probability `level`; and the method."""

    earliest_days: int
    latest_days: int
    level: float
    method: str

    def born(self, examined_on: date) -> tuple[date, date]:
        """Earliest and latest day of birth."""
        return examined_on - timedelta(self.latest_days), examined_on - timedelta(self.earliest_days)


@dataclass(frozen=True, eq=False, slots=True)
class AgePosterior:
    """What an examination says about age.

    Parameters
    ----------
    examination, model : what it was made of.
    log_likelihood : natural log of the density of all that was seen, at each age, [731].
    probability : posterior, [731], sum one.
    cautions : codes of remarks: "unusual_size" (improbable at any age: consider illness, preterm birth, a wrong unit),
        "prior_ends" (the child may be older than the prior allows).
    """

    examination: Examination
    model: AgeModel
    log_likelihood: FloatArray
    probability: FloatArray
    cautions: tuple[str, ...] = ()

    @property
    def mean_days(self) -> float:
        """Mean age, days."""
        return float(self.probability @ np.arange(LAST_DAY + 1))

    @property
    def sd_days(self) -> float:
        """Standard deviation of age, days."""
        return math.sqrt(float(self.probability @ (np.arange(LAST_DAY + 1) - self.mean_days) ** 2))

    @property
    def method(self) -> str:
        """What the age was told from, such as "who-2006 length weight head_circumference + stump"."""
        size = " ".join(measure.rpartition("_")[0] for measure in self.examination.measured)
        parts = [f"who-2006 {size}"] if size else []
        parts += ["stump"] * (self.examination.stump is not None)
        parts += ["fontanelle"] * (self.examination.fontanelle_open is not None)
        return " + ".join(parts) or "prior alone"

    def interval(self, level: float = 0.95) -> AgeInterval:
        """The central interval of a probability 0 < level < 1; for estimates an age is always told so, never in years."""
        if not 0 < level < 1:
            raise InputError(f"a level of {level} is none", "Give a probability between 0 and 1", field="level")
        below = np.cumsum(self.probability)
        tail = (1 - level) / 2
        first, last = np.searchsorted(below, [tail, (1 - tail) * below[-1]])
        return AgeInterval(int(first), int(last), level, self.method)

    def to_json(self) -> dict[str, Any]:
        """Summary as JSON values."""
        interval = self.interval()
        return {
            "earliest_days": interval.earliest_days,
            "latest_days": interval.latest_days,
            "level": interval.level,
            "mean_days": self.mean_days,
            "method": self.method,
            "cautions": list(self.cautions),
            "examination": self.examination.to_json(),
            "model": self.model.parameters(),
        }


def age_posterior(examination: Examination, model: AgeModel | None = None) -> AgePosterior:
    """The age of an infant; where nothing was seen, the prior."""
    model = model or AgeModel()
    size, distance = _size(examination, model)
    log_likelihood = size + _signs(examination, model)
    prior = model.prior_probability
    with np.errstate(divide="ignore"):
        log = np.log(prior) + log_likelihood
    probability = np.exp(log - log.max())
    probability /= probability.sum()
    return AgePosterior(examination, model, log_likelihood, probability, _cautions(examination, probability, distance, model))


def _size(examination: Examination, model: AgeModel) -> tuple[FloatArray, FloatArray]:
    """Log density of the measurements and their squared distance from the median child, [731] each."""
    measured = examination.measured
    if not measured:
        return np.zeros(LAST_DAY + 1), np.zeros(LAST_DAY + 1)
    chosen = [i for i, measure in enumerate(MEASURES) if measure in measured]
    precision = np.linalg.inv(model.correlation[np.ix_(chosen, chosen)])
    constant = 0.5 * np.linalg.slogdet(precision)[1] - 0.5 * len(chosen) * math.log(2 * math.pi)
    logs, distances = [], []
    for sex in ("M", "F"):
        if examination.sex not in (sex, "U"):
            continue
        scores, slope = [], np.zeros(LAST_DAY + 1)
        for measure, value in measured.items():
            table, widening = growth_table(measure, "M" if sex == "M" else "F"), model.widening.of(measure)
            scores.append(table.z(value, widening))
            slope += table.log_slope(value, widening)
        z = np.array(scores)
        distances.append(np.einsum("in,ij,jn->n", z, precision, z))
        logs.append(constant + slope - 0.5 * distances[-1])
    log: FloatArray = np.logaddexp.reduce(logs, axis=0) - math.log(len(logs))
    return log, np.min(distances, axis=0)


def _signs(examination: Examination, model: AgeModel) -> FloatArray:
    """Log probability of stump and fontanelle as recorded, [731]."""
    days = np.arange(LAST_DAY + 1, dtype=float)
    log = np.zeros(LAST_DAY + 1)
    for seen, there, error in (
        (examination.stump, stump_present(days, model.stump), model.stump_error),
        (examination.fontanelle_open, 1 - fontanelle_closed(days), model.fontanelle_error),
    ):
        if seen is not None:
            recorded = (1 - error) * there + error * (1 - there)
            log += np.log(recorded if seen else 1 - recorded)
    return log


def stump_present(days: FloatArray, regimes: Sequence[StumpRegime]) -> FloatArray:
    """P(umbilical stump still there) at ages in days, whatever the cord care was."""
    total = sum(regime.share for regime in regimes)
    present: FloatArray = sum((regime.share / total * regime.present(days) for regime in regimes), np.zeros(np.shape(days)))
    return present


def fontanelle_closed(days: FloatArray) -> FloatArray:
    """P(anterior fontanelle closed) at ages in days: the logit is linear between the published ages, and before the first."""
    ages = [month * 365.25 / 12 for month, _ in FONTANELLE_CLOSED]
    logits = [math.log(p / (1 - p)) for _, p in FONTANELLE_CLOSED]
    slope = (logits[1] - logits[0]) / (ages[1] - ages[0])
    logit = np.where(days < ages[0], logits[0] + slope * (days - ages[0]), np.interp(days, ages, logits))
    closed: FloatArray = 1 / (1 + np.exp(-logit))
    return closed


_erf = np.frompyfunc(math.erf, 1, 1)


def normal_cdf(x: FloatArray) -> FloatArray:
    """Distribution function of the standard normal."""
    return (1 + np.asarray(_erf(np.asarray(x, dtype=float) / math.sqrt(2)), dtype=float)) / 2


_CHI_SQUARE = {1: 10.828, 2: 13.816, 3: 16.266}
"""Exceeded with probability `UNUSUAL` by so many measures."""


def _cautions(examination: Examination, probability: FloatArray, distance: FloatArray, model: AgeModel) -> tuple[str, ...]:
    cautions = []
    if examination.measured and distance[probability.argmax()] > _CHI_SQUARE[len(examination.measured)]:
        cautions.append("unusual_size")
    allowed = np.flatnonzero(model.prior_probability)
    last = allowed[max(0, math.ceil(0.95 * len(allowed)) - 1) :]
    if not examination.empty and len(allowed) > 20 and probability[last].sum() > 0.2:
        cautions.append("prior_ends")
    return tuple(cautions)


def _check_weights(name: str, weights: Sequence[float]) -> None:
    if not (all(math.isfinite(w) and w >= 0 for w in weights) and sum(weights) > 0):
        raise InputError(f"the weights of the {name} are no distribution", "Give shares of 0 or more, some above 0", field=name)
