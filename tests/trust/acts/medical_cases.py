"""What the actions at the bed are asked, legal and not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from trust.acts.bench import NOON, Case
from trust.acts.stage import Stage
from trust.acts.typed import typed
from wayhome.casework.children import actions as children
from wayhome.casework.custody.queries import head
from wayhome.casework.medical import actions as medical

DAY = date(2011, 7, 20)
NO_ZONE = datetime(2011, 7, 20, 8)
HOUR = timedelta(hours=1)
DENIED = "not allowed: not_allowed"


def at_the_bed() -> Iterator[Case]:
    """Medical."""

    def plan(s: Stage, by: str = "nurse", **given: Any) -> Any:
        return medical.plan_observation(child=s.patient, **{"every_minutes": 5} | given, **s.who(by))

    yield Case("plan_observation", "done", plan)
    yield Case("plan_observation: of a sedated child", "done", lambda s: plan(s, every_minutes=60, sedation=True))
    yield Case("plan_observation: an officer", DENIED, lambda s: plan(s, "officer"))
    yield Case(
        "plan_observation: of a child elsewhere",
        "refused: not_of_place",
        lambda s: medical.plan_observation(child=s.home, every_minutes=60, **s.who("nurse")),
    )
    yield from typed(
        "plan_observation",
        plan,
        seldom=({"every_minutes": 1440}, ""),
        never=({"every_minutes": 1441}, "every_minutes too_seldom"),
        often=({"every_minutes": 4}, "every_minutes too_often"),
        sedated=({"every_minutes": 61, "sedation": True}, "every_minutes too_seldom"),
    )

    def observe(s: Stage, by: str = "nurse", **given: Any) -> Any:
        old = given.pop("old", "")
        asked = {
            "taken_at": NOON,
            "consciousness": "alert",
            "heart_rate": 20,
            "breaths": 4,
            "temperature_c": 25,
            "oxygen_percent": 30,
            "feed_ml": 1,
            "feeding": "well",
            "note": " " + "n" * 300,
        }
        return medical.observe(child=s.patient, supersedes=getattr(s, old) if old else None, **asked | given, **s.who(by))

    yield Case("observe", "done", observe)
    yield Case(
        "observe: alone",
        "done",
        lambda s: medical.observe(child=s.patient, taken_at=NOON, consciousness="alert", **s.who("nurse")),
    )
    yield Case("observe: an officer", DENIED, lambda s: observe(s, "officer"))
    yield Case("observe: better", "done", lambda s: observe(s, old="observation"))
    yield Case("observe: superseded", "refused: already_superseded", lambda s: observe(s, old="observed_before"))
    yield Case(
        "observe: another's",
        "invalid: supersedes something_else",
        lambda s: medical.observe(
            child=s.cleared, taken_at=NOON, consciousness="alert", supersedes=s.observation, **s.who("nurse")
        ),
    )

    def from_the_first(s: Stage, before: timedelta, seconds: int = 0) -> Any:
        start = head(s.patient.pk).started_at.replace(second=0) - before
        return observe(s, taken_at=start + timedelta(seconds=seconds))

    yield Case("observe: in the first minute", "done", lambda s: from_the_first(s, timedelta(0)))
    yield Case("observe: before the stay", "invalid: taken_at before_stay", lambda s: from_the_first(s, timedelta(minutes=1)))
    yield from typed(
        "observe",
        observe,
        most=({"heart_rate": 300, "breaths": 120, "temperature_c": 43, "oxygen_percent": 100, "feed_ml": 500}, ""),
        half=({"temperature_c": 36.65, "feeding": ""}, ""),
        cold=({"temperature_c": 24.9}, "temperature_c implausible"),
        fast=({"heart_rate": 301}, "heart_rate implausible"),
        breathless=({"breaths": 3}, "breaths implausible"),
        blue=({"oxygen_percent": 29}, "oxygen_percent implausible"),
        greedy=({"feed_ml": 501}, "feed_ml implausible"),
        later=({"taken_at": NOON + HOUR}, "taken_at in_future"),
        nowhere=({"taken_at": NO_ZONE}, "taken_at no_time_zone"),
        asleep=({"consciousness": "asleep"}, "consciousness unknown_choice"),
        feeding=({"feeding": "often"}, "feeding unknown_choice"),
        long=({"note": "n" * 301}, "note too_long"),
    )

    def measure(s: Stage, by: str = "nurse", child: str = "patient", **given: Any) -> Any:
        return medical.measure(child=getattr(s, child), **{"taken_at": NOON} | given, **s.who(by))

    whole = {"length_mm": 500, "weight_g": 3400, "head_mm": 345}
    yield Case("measure", "done", lambda s: measure(s, **whole))
    for name, value in whole.items():
        yield Case(f"measure: {name} alone", "done", lambda s, n=name, v=value: measure(s, **{n: v}))
    yield Case("measure: a stump", "done", lambda s: measure(s, cord_stump=True))
    yield Case("measure: no stump", "done", lambda s: measure(s, cord_stump=False))
    yield Case("measure: with a stump, neglected", "done", lambda s: measure(s, cord_stump=True, neglected=True, **whole))
    yield Case("measure: that fits no age", "done", lambda s: measure(s, length_mm=500, weight_g=12000))
    yield Case("measure: that is of no infant", "done", lambda s: measure(s, length_mm=1900, weight_g=90000))
    yield Case("measure: an officer", DENIED, lambda s: measure(s, "officer", **whole))

    def after_midnight(s: Stage) -> Any:
        s.world.clock = NOON.replace(hour=18)
        return measure(s, taken_at=NOON.replace(hour=17), **whole)

    yield Case("measure: after midnight there", "done", after_midnight)

    def older(s: Stage, days: int = 731) -> Any:
        children.estimate_age(child=s.patient, on=DAY, least_days=days, most_days=900, method="document", **s.who("nurse"))
        return measure(s, **whole)

    yield Case("measure: of an older child", "done", older)
    yield Case("measure: of one of two years", "done", lambda s: older(s, 730))
    yield from typed(
        "measure",
        measure,
        nothing=({}, "length_mm nothing_measured"),
        small=({"length_mm": 249}, "length_mm implausible"),
        heavy=({"weight_g": 150_001}, "weight_g implausible"),
        head=({"head_mm": 651}, "head_mm implausible"),
        later=({"taken_at": NOON + HOUR, "length_mm": 500}, "taken_at in_future"),
    )

    def sample(s: Stage, by: str = "nurse", **given: Any) -> Any:
        return medical.take_tox_sample(
            child=s.patient, **{"barcode": " " + "b" * 30, "kind": "blood", "taken_at": NOON} | given, **s.who(by)
        )

    yield Case("take_tox_sample", "done", sample)
    yield Case("take_tox_sample: an officer", DENIED, lambda s: sample(s, "officer"))
    yield Case("take_tox_sample: a barcode used", "refused: already_there", lambda s: sample(s, barcode="T-1"))
    yield from typed(
        "take_tox_sample",
        sample,
        unnamed=({"barcode": " "}, "barcode required"),
        long=({"barcode": "b" * 31}, "barcode too_long"),
        tears=({"kind": "tears"}, "kind unknown_choice"),
        later=({"taken_at": NOON + HOUR}, "taken_at in_future"),
    )

    def result(s: Stage, by: str = "nurse", substance: str = " " + "s" * 80, found: bool = True) -> Any:
        return medical.record_tox_result(sample=s.sample, substance=substance, found=found, **s.who(by))

    yield Case("record_tox_result", "done", result)
    yield Case("record_tox_result: nothing found", "done", lambda s: result(s, found=False))
    yield Case("record_tox_result: an officer", DENIED, lambda s: result(s, "officer"))
    yield from typed(
        "record_tox_result",
        result,
        unnamed=({"substance": " "}, "substance required"),
        long=({"substance": "s" * 81}, "substance too_long"),
    )


SOURCES = (at_the_bed,)
