"""How long clocks run: set by one supervisor, counted once another agrees, and never longer than the law says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from factories.kits import gone, ordered
from factories.world import World
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.errors import Invalid, NotAllowed, Refused
from wayhome.casework.laboratory import tasks as laboratory
from wayhome.casework.laboratory.models import KitHop
from wayhome.casework.laboratory.rules.kits import OVERDUE
from wayhome.casework.overview import tasks
from wayhome.casework.overview.actions.limits import approve_limit, set_limit
from wayhome.casework.overview.models import Limit
from wayhome.casework.overview.queries.clocks import clocks, every_clock
from wayhome.casework.overview.queries.limits import limits_of, runs
from wayhome.casework.overview.rules.clocks import LIMITED, RUNS, most_hours
from wayhome.casework.overview.tasks import raise_up
from wayhome.casework.placements import tasks as placements
from wayhome.casework.placements.actions import propose_placement
from wayhome.casework.placements.rules import ANSWER_DUE

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def today(world: World) -> date:
    return timezone.localtime(world.clock).date()


def limit(world: World, *, who: str = "supervisor", **more: Any) -> Limit:
    told: dict[str, Any] = {"kind": "placement", "hours": 12, "since": today(world), "reason": "many are infants"} | more
    return set_limit(**told, by=world.actor(who), at=world.now())


def agreed(world: World, made: Limit, who: str = "supervisor2") -> None:
    approve_limit(limit=made, by=world.actor(who), at=world.now())


def test_it_counts_when_another_agreed_and_from_its_day_on(world: World) -> None:
    made = limit(world, since=today(world) + DAY)
    assert runs(world.actor("supervisor"), at=world.clock + 2 * DAY) == RUNS, "one person alone changes nothing"
    agreed(world, made)
    assert runs(world.actor("supervisor"), at=world.clock) == RUNS, "its day has not come"
    assert runs(world.actor("supervisor"), at=world.clock + DAY) == {**RUNS, "placement": timedelta(hours=12)}
    agreed(world, limit(world, hours=6, since=today(world) + 2 * DAY))
    later = limit(world, hours=24, since=today(world) + 3 * DAY)
    assert runs(world.actor("supervisor"), at=world.clock + 3 * DAY)["placement"] == timedelta(hours=6)
    agreed(world, later)
    assert runs(world.actor("supervisor"), at=world.clock + 3 * DAY) == RUNS, "back to what the law says"
    assert limits_of(world.actor("supervisor"))[0] == later


def test_the_clock_and_its_steps_up_follow(world: World) -> None:
    child = world.in_hospital(cleared=True)
    rescued = child.event.found_at
    agreed(world, limit(world))
    ((told, _),) = clocks(world.actor("nurse"), at=rescued + timedelta(hours=11), kind="placement").rows
    assert told.due == rescued + timedelta(hours=12)
    assert dict(clocks(world.actor("nurse"), at=rescued + timedelta(hours=12)).overdue) == {"placement": 1}
    assert raise_up(at=rescued + timedelta(hours=23)) == []
    assert [one.level for one in raise_up(at=rescued + timedelta(hours=24))] == [2]


@pytest.mark.parametrize("kind", LIMITED)
def test_none_is_longer_than_the_laws(world: World, kind: str) -> None:
    with pytest.raises(Invalid):
        limit(world, kind=kind, hours=most_hours(kind) + 1)
    with pytest.raises(Invalid):
        limit(world, kind=kind, hours=0)
    agreed(world, limit(world, kind=kind, hours=most_hours(kind)))
    assert runs(world.actor("supervisor"), at=world.clock) == RUNS


def test_another_countrys_clocks_run_as_before(world: World) -> None:
    agreed(world, limit(world))
    abroad = replace(world.actor("supervisor"), jurisdiction="/VN/")
    assert runs(abroad, at=world.clock) == RUNS
    assert list(limits_of(abroad)) == []
    child = world.in_hospital(cleared=True)
    (told,) = every_clock(at=child.event.found_at + timedelta(hours=12), ahead=timedelta())[0]
    assert (told.kind, told.due - told.since) == ("placement", timedelta(hours=12)), "as the worker sees it"


def test_what_cannot_be(world: World) -> None:
    for wrong in ({"kind": "visit"}, {"since": today(world) - DAY}, {"reason": " "}):
        with pytest.raises(Invalid):
            limit(world, **wrong)
    with pytest.raises(NotAllowed):
        limit(world, who="officer")
    made = limit(world)
    with pytest.raises(Refused, match="self_approval"):
        agreed(world, made, "supervisor")
    with pytest.raises(NotAllowed):
        approve_limit(limit=made, by=world.actor("supervisor2", stepped_up=False), at=world.now())
    agreed(world, made)
    with pytest.raises(Refused, match="already_there"):
        agreed(world, made)


# Alarms of other rooms. --------------------------------------------------------------------------------------------------------


def test_the_alarm_of_a_child_without_a_place_comes_as_early(world: World) -> None:
    child = world.in_hospital(cleared=True)
    rescued = child.event.found_at
    limit(world, hours=6)
    assert tasks.raise_unplaced(at=rescued + timedelta(hours=23)) == [], "one person alone changes nothing"
    agreed(world, limit(world))
    assert tasks.raise_unplaced(at=rescued + timedelta(hours=12) - MINUTE) == []
    (alarm,) = tasks.raise_unplaced(at=rescued + timedelta(hours=12))
    assert (alarm.kind, alarm.child_id) == (Alarm.Kind.PLACEMENT_DUE, child.pk)
    assert tasks.raise_unplaced(at=rescued + timedelta(hours=25)) == [], "and once"
    assert placements.raise_unplaced(at=rescued + timedelta(hours=25)) == []


def test_another_countrys_alarms_come_as_before(world: World) -> None:
    child = world.in_hospital(cleared=True)
    twelve = {"/VN/": timedelta(hours=12)}
    assert placements.raise_unplaced(at=child.event.found_at + timedelta(hours=23), within=twelve) == []
    assert len(placements.raise_unplaced(at=child.event.found_at + timedelta(hours=24), within=twelve)) == 1


def test_the_alarm_of_a_home_that_does_not_answer_comes_as_early(world: World) -> None:
    home = world.facilities["home"]
    asked = propose_placement(child=world.in_hospital(cleared=True), facility=home, by=world.actor("placement"), at=world.now())
    agreed(world, limit(world, kind="answer", hours=1))
    hour = asked.at + timedelta(hours=1)
    assert tasks.raise_unanswered(at=hour - MINUTE) == []
    assert placements.raise_unanswered(at=hour) == []
    assert placements.raise_unanswered(at=hour, within={"/VN/": timedelta(hours=1)}) == []
    (alarm,) = tasks.raise_unanswered(at=hour)
    assert alarm.subject == f"placement:{asked.pk}"
    assert tasks.raise_unanswered(at=asked.at + ANSWER_DUE) == []


def test_a_kits_alarm_and_its_clock_come_as_early(world: World) -> None:
    gone(world, ordered(world, world.in_hospital()), "posted")
    posted = KitHop.objects.latest("pk").at
    agreed(world, limit(world, kind="kit_posted", hours=48))
    due = posted + timedelta(hours=48)
    assert tasks.raise_overdue_kits(at=due - MINUTE) == []
    assert clocks(world.actor("supervisor"), at=due - MINUTE, kind="kit").rows == []
    assert laboratory.raise_overdue_kits(at=due) == []
    assert laboratory.raise_overdue_kits(at=due, within={"posted": {"/VN/": timedelta(hours=48)}}) == []
    ((told, _),) = clocks(world.actor("supervisor"), at=due, kind="kit").rows
    assert told.due == due
    (alarm,) = tasks.raise_overdue_kits(at=due)
    assert alarm.code == "posted"
    assert tasks.raise_overdue_kits(at=posted + OVERDUE["posted"]) == []
