"""A place whose children were not all counted by 22:00 is an alarm, once a night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from factories.world import World
from wayhome.casework.audit.models import Alarm
from wayhome.casework.audit.queries import open_alarms
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.custody import actions
from wayhome.casework.custody.rules import Kind
from wayhome.casework.custody.tasks import last_evening, raise_head_counts

NIGHT = date(2011, 7, 15)
TEN = datetime(2011, 7, 15, 14, tzinfo=UTC)
"""22:00 in Shanghai."""


def count(world: World, child: Child, *, seen: bool = True, at: datetime = TEN) -> None:
    actions.count_head(
        facility=world.facilities["home"],
        night=NIGHT,
        child=child,
        seen=seen,
        by=world.actor("caseworker"),
        at=at - timedelta(minutes=10),
    )


def test_a_count_that_is_not_complete_is_told_once(world: World) -> None:
    one, _ = world.in_home(), world.in_home()
    count(world, one)
    assert raise_head_counts(at=TEN - timedelta(seconds=1)) == []
    [alarm] = raise_head_counts(at=TEN)
    assert (alarm.kind, alarm.level, alarm.subject) == (
        Alarm.Kind.HEAD_COUNT_DUE,
        2,
        f"facility:{world.facilities['home'].pk}:2011-07-15",
    )
    assert alarm in open_alarms(world.actor("caseworker"))
    assert alarm in open_alarms(world.actor("supervisor"))
    assert alarm not in open_alarms(world.actor("caseworker_gd"))
    assert raise_head_counts(at=TEN + timedelta(hours=3)) == []
    assert raise_head_counts(at=TEN + timedelta(hours=23)) == []
    [next_night] = raise_head_counts(at=TEN + timedelta(hours=24))
    assert next_night.subject.endswith("2011-07-16")


def test_a_complete_count_is_no_alarm_and_who_is_not_seen_has_one_of_their_own(world: World) -> None:
    one, other = world.in_home(), world.in_home()
    count(world, one)
    count(world, other, seen=False)
    assert raise_head_counts(at=TEN) == []
    assert Alarm.objects.get().kind == Alarm.Kind.NOT_SEEN


def test_a_worker_that_slept_tells_it_in_the_morning(world: World) -> None:
    world.in_home()
    [alarm] = raise_head_counts(at=TEN + timedelta(hours=9))
    assert alarm.subject.endswith("2011-07-15")


def test_every_place_with_a_child_counts(world: World) -> None:
    world.child()
    world.in_hospital()
    subjects = {alarm.subject.split(":")[1] for alarm in raise_head_counts(at=TEN)}
    assert subjects == {str(world.facilities[place].pk) for place in ("post", "hospital")}


def test_a_child_counts_where_it_was_at_ten(world: World) -> None:
    child = world.in_hospital(cleared=True)
    world.clock = TEN + timedelta(minutes=30)
    world.hand_over(child, "home", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
    [alarm] = raise_head_counts(at=world.now())
    assert alarm.agency_id == world.agencies["hospital_agency"].pk


def test_records_merged_away_and_the_dead_are_not_counted(world: World) -> None:
    kept, absorbed, dead = world.in_home(), world.in_home(), world.in_hospital()
    step = children.propose_merge(kept=kept, absorbed=absorbed, reason="one", by=world.actor("officer"), at=world.now())
    children.confirm_merge(step=step, by=world.actor("officer2"), at=world.now())
    actions.record_death(child=dead, died_at=world.now(), condition="", by=world.actor("doctor"), at=world.now())
    count(world, kept)
    assert raise_head_counts(at=TEN) == []


@pytest.mark.parametrize(
    ("path", "at", "night"),
    [
        ("/CN/GX/", TEN, NIGHT),
        ("/CN/GX/", TEN - timedelta(seconds=1), NIGHT - timedelta(days=1)),
        ("/VN/", TEN, NIGHT - timedelta(days=1)),
        ("/VN/", TEN + timedelta(hours=1), NIGHT),
        ("/XX/", TEN, NIGHT),
    ],
)
def test_ten_is_ten_where_the_place_is(path: str, at: datetime, night: date) -> None:
    found, moment = last_evening(path, at)
    assert found == night
    assert moment <= at
