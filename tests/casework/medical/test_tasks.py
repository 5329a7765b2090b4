"""An observation that nobody made becomes an alarm, louder with time, each once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from factories.world import World
from wayhome.casework.audit.models import Alarm
from wayhome.casework.audit.queries import open_alarms
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody import queries as custody_queries
from wayhome.casework.custody.rules import Kind
from wayhome.casework.medical import actions, queries
from wayhome.casework.medical.rules import due_at, level
from wayhome.casework.medical.tasks import raise_overdue


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def planned(world: World, every: int = 30, **told: bool) -> tuple[Child, datetime]:
    """A child with a plan, and when it is due."""
    child = world.in_hospital()
    at = world.now()
    actions.plan_observation(child=child, every_minutes=every, by=world.actor("nurse"), at=at, **told)
    return child, at + minutes(every)


def told(alarms: list[Alarm]) -> list[tuple[int, str]]:
    return [(alarm.level, alarm.code) for alarm in alarms]


def test_a_late_observation_grows_louder_and_each_level_is_told_once(world: World) -> None:
    child, due = planned(world)
    seen = [(late, told(raise_overdue(at=due + minutes(late)))) for late in (-5, 0, 14.9, 15, 16, 29, 30, 45, 60, 61, 500)]
    assert {late: alarms for late, alarms in seen if alarms} == {15: [(1, "")], 30: [(2, "")], 60: [(3, "")]}
    alarm = Alarm.objects.latest("pk")
    assert alarm.child_id == child.pk
    assert alarm.agency_id == world.agencies["hospital_agency"].pk
    assert alarm in open_alarms(world.actor("nurse"))
    assert alarm in open_alarms(world.actor("supervisor"))
    assert alarm not in open_alarms(world.actor("caseworker_gd"))


def test_a_run_that_comes_late_tells_the_loudest_alone(world: World) -> None:
    _, due = planned(world)
    assert told(raise_overdue(at=due + minutes(75))) == [(3, "")]
    assert raise_overdue(at=due + minutes(76)) == []


def test_looking_at_the_child_ends_it_and_the_next_time_counts_anew(world: World) -> None:
    child, due = planned(world)
    assert queries.next_due(child) == due
    assert len(raise_overdue(at=due + minutes(20))) == 1
    at = due + minutes(21)
    actions.observe(child=child, taken_at=at, consciousness="alert", by=world.actor("nurse"), at=at)
    assert queries.next_due(child) == at + minutes(30)
    assert raise_overdue(at=at + minutes(44)) == []
    assert told(raise_overdue(at=at + minutes(45))) == [(1, "")]


def test_a_new_plan_puts_nothing_off(world: World) -> None:
    child, due = planned(world)
    actions.plan_observation(child=child, every_minutes=30, by=world.actor("nurse"), at=due + minutes(10))
    assert queries.next_due(child) == due
    assert told(raise_overdue(at=due + minutes(15))) == [(1, "")]


def test_a_corrected_observation_counts_once(world: World) -> None:
    child, due = planned(world)
    nurse = world.actor("nurse")
    wrong = actions.observe(child=child, taken_at=due, consciousness="alert", by=nurse, at=due)
    earlier = due - minutes(10)
    actions.observe(child=child, taken_at=earlier, consciousness="alert", supersedes=wrong, by=nurse, at=due + minutes(1))
    assert queries.next_due(child) == earlier + minutes(30)


def test_a_sedated_child_without_a_sample(world: World) -> None:
    child, due = planned(world, 60, sedation=True)
    start = due - minutes(60)
    assert raise_overdue(at=start + minutes(59)) == []
    assert told(raise_overdue(at=start + minutes(60))) == [(2, "tox_sample_due")]
    assert raise_overdue(at=start + minutes(61)) == []
    other, _ = planned(world, 60, sedation=True)
    at = world.now()
    actions.take_tox_sample(child=other, barcode="U-2", kind="urine", taken_at=at, by=world.actor("nurse"), at=at)
    later = raise_overdue(at=at + minutes(62))
    assert [alarm for alarm in later if alarm.code == "tox_sample_due"] == []
    assert child.pk != other.pk


def test_a_child_without_a_plan(world: World) -> None:
    child = world.in_hospital()
    came = custody_queries.head(child.pk).started_at
    assert queries.next_due(child) is None
    assert raise_overdue(at=came + minutes(59)) == []
    assert told(raise_overdue(at=came + minutes(60))) == [(2, "no_plan")]
    assert raise_overdue(at=came + minutes(90)) == []


@pytest.mark.parametrize("fit", [True, False])
def test_a_doctors_word_makes_a_plan_unnecessary(world: World, fit: bool) -> None:
    child = world.in_hospital()
    custody.clear(child=child, fit=fit, level="ordinary", by=world.actor("doctor"), at=world.now())
    assert len(raise_overdue(at=world.now() + minutes(90))) == (0 if fit else 1)


def test_a_child_that_left_or_died_is_not_waited_for(world: World) -> None:
    child, due = planned(world)
    dead, _ = planned(world)
    doctor = world.actor("doctor")
    custody.clear(child=child, fit=True, level="ordinary", by=doctor, at=world.now())
    world.hand_over(child, "home", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
    custody.record_death(child=dead, died_at=world.now(), condition="", by=doctor, at=world.now())
    assert queries.next_due(child) is None
    assert raise_overdue(at=due + minutes(90)) == []


def test_a_record_merged_away_is_not_looked_at_twice(world: World) -> None:
    kept, due = planned(world)
    absorbed, _ = planned(world)
    step = children.propose_merge(kept=kept, absorbed=absorbed, reason="one", by=world.actor("officer"), at=world.now())
    children.confirm_merge(step=step, by=world.actor("officer2"), at=world.now())
    assert [alarm.child_id for alarm in raise_overdue(at=due + minutes(60))] == [kept.pk]


def test_who_is_due_in_ones_own_hospital(world: World) -> None:
    first, _ = planned(world, 60)
    second, soon = planned(world, 5)
    now = world.now()
    dues = queries.due(world.actor("nurse"), now)
    assert [(one.child, one.last_at, one.every_minutes, one.sedation) for one in dues] == [
        (second, None, 5, False),
        (first, None, 60, False),
    ]
    assert dues[0].due_at == soon
    assert queries.due(world.actor("officer"), now) == []
    assert queries.due(world.actor("supervisor"), now) == []


def test_the_levels() -> None:
    assert [level(minutes(n)) for n in (-1, 14, 15, 29, 30, 59, 60, 600)] == [0, 0, 1, 1, 2, 2, 3, 3]
    start = datetime(2011, 7, 15)
    assert due_at(planned_at=start, last_at=None, every_minutes=30) == start + minutes(30)
    assert due_at(planned_at=start, last_at=start + minutes(9), every_minutes=30) == start + minutes(39)
