"""The clocks of a placement, as the worker looks at them: each alarm once, and none where nothing is late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factories.world import World
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import SYSTEM
from wayhome.casework.core.errors import Refused
from wayhome.casework.custody.rules import Kind
from wayhome.casework.placements import actions, tasks
from wayhome.casework.placements.models import Placement
from wayhome.casework.placements.rules import ANSWER_DUE, HOLDS, PLACEMENT_DUE
from wayhome.cli.worker import _jobs

MINUTE = timedelta(minutes=1)


def ask(world: World, child: Child) -> Placement:
    """The home, by the placement officer."""
    home = world.facilities["home"]
    return actions.propose_placement(child=child, facility=home, by=world.actor("placement"), at=world.now())


def test_a_day_without_a_place(world: World) -> None:
    waits, placed = world.in_hospital(cleared=True), world.in_home()
    due = waits.event.found_at + PLACEMENT_DUE
    assert tasks.raise_unplaced(at=due - MINUTE) == []
    (alarm,) = tasks.raise_unplaced(at=due)
    assert (alarm.kind, alarm.child_id) == (Alarm.Kind.PLACEMENT_DUE, waits.pk)
    assert alarm.jurisdiction == world.jurisdictions["GX"].path
    assert placed.pk != waits.pk
    assert tasks.raise_unplaced(at=due + MINUTE) == []


def test_brothers_and_sisters_apart(world: World) -> None:
    one, other = (world.in_hospital(cleared=True) for _ in range(2))
    for child, home, keeper in ((one, "home", "caseworker"), (other, "home_gd", "caseworker_gd")):
        world.hand_over(child, home, Kind.WELFARE_INSTITUTION, giver="nurse", receiver=keeper)
    assert tasks.raise_apart(at=world.now()) == []
    children.group_siblings(children=[one, other], ground="dna", by=world.actor("caseworker"), at=world.now())
    (alarm,) = tasks.raise_apart(at=world.now())
    assert alarm.kind == Alarm.Kind.SIBLINGS_APART
    assert tasks.raise_apart(at=world.now()) == []


@pytest.mark.parametrize("answered", ["accepted", "refused", "ended"])
def test_a_home_that_does_not_answer(world: World, answered: str) -> None:
    late, done = (ask(world, world.in_hospital(cleared=True)) for _ in range(2))
    if answered == "accepted":
        actions.accept_placement(placement=done, by=world.actor("caseworker"), at=world.now())
    elif answered == "refused":
        actions.refuse_placement(placement=done, code="no_bed", by=world.actor("caseworker"), at=world.now())
    else:
        actions.end_placement(placement=done, reason="elsewhere", by=world.actor("placement"), at=world.now())
    assert tasks.raise_unanswered(at=late.at + ANSWER_DUE - MINUTE) == []
    (alarm,) = tasks.raise_unanswered(at=done.at + ANSWER_DUE)
    assert (alarm.kind, alarm.subject, alarm.child_id) == (Alarm.Kind.ANSWER_OVERDUE, f"placement:{late.pk}", late.child_id)
    assert alarm.agency_id == world.agencies["welfare"].pk
    assert tasks.raise_unanswered(at=done.at + 2 * ANSWER_DUE) == []


def test_a_home_that_is_waited_for_and_has_not_told_its_room(world: World) -> None:
    home = world.facilities["home"]
    world.has_room("home")
    told = world.clock
    assert tasks.raise_stale(at=told + HOLDS + MINUTE) == [], "no child is to come"
    ask(world, world.in_hospital(cleared=True))
    assert tasks.raise_stale(at=told + HOLDS) == []
    (alarm,) = tasks.raise_stale(at=told + HOLDS + MINUTE)
    assert (alarm.kind, alarm.agency_id) == (Alarm.Kind.CAPACITY_STALE, home.agency_id)
    assert tasks.raise_stale(at=told + HOLDS + 2 * MINUTE) == []
    world.clock = told + HOLDS + 3 * MINUTE
    world.has_room("home")
    assert tasks.raise_stale(at=world.now()) == []
    (again,) = tasks.raise_stale(at=world.clock + HOLDS + MINUTE)
    assert again.pk != alarm.pk, "the next report grew old as well"


def test_the_worker_looks_at_all_of_them(world: World) -> None:
    jobs = dict(_jobs())
    child = world.in_hospital(cleared=True)
    asked = ask(world, child)
    late = asked.at + HOLDS + 2 * MINUTE
    done = {what: job(late) for what, job in jobs.items()}
    assert done["children without a place for a day"] == 1
    assert done["homes that have not answered"] == 1
    assert done["homes that have not told their room"] == 1
    assert done["placements that a rule bars"] == 0
    assert done["brothers and sisters apart"] == 0
    late_ones = [what for what in done if what.startswith(("children without", "homes", "brothers"))]
    assert [jobs[what](late) for what in late_ones] == [0, 0, 0, 0], "each once"
    actions.mark_risk_area(
        child=child, jurisdiction=world.jurisdictions["GX"], reason="buyer", by=world.actor("officer"), at=world.now()
    )
    assert actions.flag_barred(by=SYSTEM, at=world.now()) == [], "told when the area was marked"


def test_a_question_asked_twice_is_no_attack(world: World) -> None:
    """Two people at two desks, and a home that answers a moment after the question was called off."""
    child = world.in_hospital(cleared=True)
    asked = ask(world, child)
    with pytest.raises(Refused) as twice:
        ask(world, child)
    assert twice.value.codes == ("already_proposed",)
    actions.end_placement(placement=asked, reason="elsewhere", by=world.actor("placement"), at=world.now())
    with pytest.raises(Refused) as late:
        actions.accept_placement(placement=asked, by=world.actor("caseworker"), at=world.now())
    assert late.value.codes == ("already_ended",)
    assert not Alarm.objects.filter(kind=Alarm.Kind.REFUSED).exists()
    with pytest.raises(Refused):
        actions.propose_placement(child=child, facility=world.facilities["post"], by=world.actor("placement"), at=world.now())
    assert Alarm.objects.filter(kind=Alarm.Kind.REFUSED, code="wrong_kind_of_place").exists(), "an attempt is still told"
