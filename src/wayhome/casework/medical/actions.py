"""Plan observations, observe, measure, take samples: by a nurse or doctor of the hospital that has the child."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.children.actions import estimate_age
from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import age_on
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import Refused
from wayhome.casework.custody.gate import gate
from wayhome.casework.custody.queries import head
from wayhome.casework.medical.models import Measure, Observation, ObservationPlan, ToxResult, ToxSample
from wayhome.casework.medical.rules import (
    CONSCIOUSNESS,
    FEEDING,
    LAST_DAY,
    LONGEST_MINUTES,
    PLAUSIBLE,
    SAMPLES,
    SEDATED_MINUTES,
    SHORTEST_MINUTES,
    growth,
)


def plan_observation(*, child: Child, every_minutes: int, by: Actor, at: datetime, sedation: bool = False) -> ObservationPlan:
    """How often a child is looked at in this stay; the last plan holds.

    Parameters
    ----------
    sedation : it was given something: look every hour at least, and take a sample.
    """
    require(by, Permission.OBSERVE)
    checks = Checks()
    checks.must("every_minutes", every_minutes >= SHORTEST_MINUTES, "too_often")
    checks.must("every_minutes", every_minutes <= (SEDATED_MINUTES if sedation else LONGEST_MINUTES), "too_seldom")
    checks.done()
    with gate(by=by, at=at, child_id=child.pk, attempt="plan_observation"):
        plan = ObservationPlan.objects.create(
            child=child, episode=head(child.pk), every_minutes=every_minutes, sedation=sedation, by_id=by.staff_id, at=at
        )
        _told(by, at, "plan_observation", child, f"plan:{plan.pk}", every_minutes=every_minutes, sedation=sedation)
    return plan


def observe(
    *,
    child: Child,
    taken_at: datetime,
    consciousness: str,
    by: Actor,
    at: datetime,
    heart_rate: int | None = None,
    breaths: int | None = None,
    temperature_c: Decimal | float | None = None,
    oxygen_percent: int | None = None,
    feeding: str = "",
    feed_ml: int | None = None,
    note: str = "",
    supersedes: Observation | None = None,
) -> Observation:
    """One look at a child. What was not taken is None. A mistake is corrected by an observation that supersedes it."""
    require(by, Permission.OBSERVE)
    stay = head(child.pk)
    checks = Checks()
    checks.moment("taken_at", taken_at, not_after=at)
    if taken_at.tzinfo is not None:
        # To the minute: what is typed has no seconds.
        checks.must("taken_at", taken_at >= stay.started_at.replace(second=0, microsecond=0), "before_stay")
    checks.one_of("consciousness", consciousness, CONSCIOUSNESS)
    checks.one_of("feeding", feeding, FEEDING | {""})
    temperature = None if temperature_c is None else Decimal(str(temperature_c)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    values = {"heart_rate": heart_rate, "breaths": breaths, "oxygen_percent": oxygen_percent, "feed_ml": feed_ml}
    _plausible(checks, values | {"temperature_c": None if temperature is None else float(temperature)})
    note = checks.text("note", note, 300, required=False)
    if supersedes is not None:
        checks.must("supersedes", (supersedes.child_id, supersedes.episode_id) == (child.pk, stay.pk), "something_else")
    checks.done()
    with gate(by=by, at=at, child_id=child.pk, attempt="observe"):
        if supersedes is not None and Observation.objects.filter(supersedes=supersedes).exists():
            raise Refused(["already_superseded"], child=child.pk)
        observation = Observation.objects.create(
            child=child,
            episode=stay,
            taken_at=taken_at,
            consciousness=consciousness,
            temperature_c=temperature,
            feeding=feeding,
            note=note,
            supersedes=supersedes,
            by_id=by.staff_id,
            at=at,
            **values,
        )
        _told(
            by,
            at,
            "observe",
            child,
            f"observation:{observation.pk}",
            supersedes=supersedes.pk if supersedes else 0,
        )
    return observation


def measure(
    *,
    child: Child,
    taken_at: datetime,
    by: Actor,
    at: datetime,
    length_mm: int | None = None,
    weight_g: int | None = None,
    head_mm: int | None = None,
    cord_stump: bool | None = None,
    neglected: bool = False,
) -> Measure:
    """Size, and the age that it tells. What fits no age or an older child is kept and estimates nothing, as does a stump alone.

    Parameters
    ----------
    neglected : hungry, preterm or small at birth: size then tells less.
    """
    require(by, Permission.OBSERVE)
    sizes = {"length_mm": length_mm, "weight_g": weight_g, "head_mm": head_mm}
    checks = Checks()
    checks.moment("taken_at", taken_at, not_after=at)
    _plausible(checks, sizes)
    checks.must("length_mm", cord_stump is not None or any(size is not None for size in sizes.values()), "nothing_measured")
    checks.done()
    with gate(by=by, at=at, child_id=child.pk, attempt="measure"):
        measured = Measure.objects.create(
            child=child, taken_at=taken_at, cord_stump=cord_stump, neglected=neglected, by_id=by.staff_id, at=at, **sizes
        )
        _told(by, at, "measure", child, f"measure:{measured.pk}")
        _estimate(child, measured, by, at)
    return measured


def _estimate(child: Child, measured: Measure, by: Actor, at: datetime) -> None:
    if measured.length_mm is None and measured.weight_g is None and measured.head_mm is None:
        return
    day = measured.taken_at.astimezone(ZoneInfo(child.event.operation.time_zone)).date()
    known = age_on(child, day)
    if known is not None and known.least_days > LAST_DAY:
        return
    told = growth(
        sex=cast(Any, child.sex),
        length_mm=measured.length_mm,
        weight_g=measured.weight_g,
        head_mm=measured.head_mm,
        cord_stump=measured.cord_stump,
        neglected=measured.neglected,
    )
    if told is not None and told.usable:
        estimate_age(
            child=child,
            on=day,
            least_days=told.least_days,
            most_days=told.most_days,
            method="growth",
            by=by,
            at=at,
        )


def take_tox_sample(*, child: Child, barcode: str, kind: str, taken_at: datetime, by: Actor, at: datetime) -> ToxSample:
    """A sample to learn what a child was sedated with. A barcode is used once."""
    require(by, Permission.OBSERVE)
    checks = Checks()
    barcode = checks.text("barcode", barcode, 30)
    checks.one_of("kind", kind, SAMPLES)
    checks.moment("taken_at", taken_at, not_after=at)
    checks.done()
    with gate(by=by, at=at, child_id=child.pk, attempt="take_tox_sample"):
        sample = ToxSample.objects.create(child=child, barcode=barcode, kind=kind, taken_at=taken_at, by_id=by.staff_id, at=at)
        _told(by, at, "take_tox_sample", child, f"tox_sample:{sample.pk}")
    return sample


def record_tox_result(*, sample: ToxSample, substance: str, found: bool, by: Actor, at: datetime) -> ToxResult:
    """What the laboratory found, entered by the hospital that took the sample."""
    require(by, Permission.OBSERVE)
    checks = Checks()
    substance = checks.text("substance", substance, 80)
    checks.done()
    with gate(by=by, at=at, child_id=sample.child_id, attempt="record_tox_result"):
        result = ToxResult.objects.create(sample=sample, substance=substance, found=found, by_id=by.staff_id, at=at)
        _told(by, at, "record_tox_result", sample.child, f"tox_sample:{sample.pk}", result=result.pk)
    return result


def _plausible(checks: Checks, values: dict[str, int | None] | dict[str, int | float | None]) -> None:
    for field, value in values.items():
        checks.within(field, value, *PLAUSIBLE[field])


def _told(by: Actor, at: datetime, verb: str, child: Child, subject: str, **data: Any) -> None:
    record(by=by, at=at, action=f"medical.{verb}", subject=subject, child_id=child.pk, data=data)
