"""How long clocks run: set by one supervisor, counted once another agrees, and never longer than the law says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from factories.world import World, small_world
from wayhome.casework.core.errors import Invalid, NotAllowed, Refused
from wayhome.casework.overview.actions.limits import approve_limit, set_limit
from wayhome.casework.overview.models import Limit
from wayhome.casework.overview.queries.clocks import clocks, every_clock
from wayhome.casework.overview.queries.limits import limits_of, runs
from wayhome.casework.overview.rules.clocks import LIMITED, RUNS, most_hours
from wayhome.casework.overview.tasks import raise_up

DAY = timedelta(days=1)


@pytest.fixture
def world(db: None) -> World:
    return small_world()


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
