"""What a value can be, when a child is looked at next, and how old its size says it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from wayhome import kinship

CONSCIOUSNESS = frozenset({"alert", "voice", "pain", "unresponsive"})
FEEDING = frozenset({"well", "poorly", "refused", "tube", "asleep"})
SAMPLES = frozenset({"urine", "blood", "hair"})

PLAUSIBLE: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "heart_rate": (20, 300),
        "breaths": (4, 120),
        "temperature_c": (25, 43),
        "oxygen_percent": (30, 100),
        "feed_ml": (1, 500),
        "length_mm": (250, 2000),
        "weight_g": (300, 150_000),
        "head_mm": (180, 650),
    }
)
"""What a living child can show, very ill ones included; outside, it is a slip or another unit."""

SHORTEST_MINUTES, LONGEST_MINUTES = 5, 1440
SEDATED_MINUTES = 60
"""A sedated child is looked at once an hour at least."""

LAST_DAY = 730
"""Where the growth tables end."""

LEVELS = ((timedelta(minutes=60), 3), (timedelta(minutes=30), 2), (timedelta(minutes=15), 1))
"""How late an observation is, and how loud the alarm."""
UNPLANNED = timedelta(minutes=60)
"""A child that came to a hospital has a plan within this time, or a doctor's clearance."""
SAMPLE_WITHIN = timedelta(minutes=60)
"""Sleeping pills leave an infant's urine within hours."""


def due_at(*, planned_at: datetime, last_at: datetime | None, every_minutes: int) -> datetime:
    """When a child is looked at next: an interval after it was last, or after the first plan. A new plan puts nothing off."""
    return (last_at or planned_at) + timedelta(minutes=every_minutes)


def level(late: timedelta) -> int:
    """How loud the alarm for an observation so late is; 0 for none."""
    return next((loudness for limit, loudness in LEVELS if late >= limit), 0)


@dataclass(frozen=True, slots=True)
class Growth:
    """What size says of age: an interval of days, or what was odd where it says nothing."""

    least_days: int
    most_days: int
    cautions: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether it is an estimate: a size that fits no age is an illness or a slip, and no age."""
        return not self.cautions


def growth(
    *,
    sex: Literal["F", "M", "U"],
    length_mm: int | None,
    weight_g: int | None,
    head_mm: int | None,
    cord_stump: bool | None,
    neglected: bool,
) -> Growth | None:
    """Age by size and umbilical stump, 95 %; None for sizes beyond the tables of infants."""
    try:
        examination = kinship.Examination(
            length_cm=None if length_mm is None else length_mm / 10,
            weight_kg=None if weight_g is None else weight_g / 1000,
            head_circumference_cm=None if head_mm is None else head_mm / 10,
            sex=sex,
            stump=cord_stump,
        )
    except kinship.InputError:
        return None
    model = kinship.AgeModel(
        prior=kinship.flat_prior(0, LAST_DAY), widening=kinship.NEGLECTED if neglected else kinship.Widening()
    )
    posterior = kinship.age_posterior(examination, model)
    interval = posterior.interval()
    return Growth(interval.earliest_days, interval.latest_days, posterior.cautions)
