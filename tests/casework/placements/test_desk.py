"""The desk: who waits and where there is room becomes a plan, a bill and questions to homes; a refusal changes the next plan."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories.world import World
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.core.errors import Invalid, NotAllowed
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.placements import actions, queries
from wayhome.casework.placements.models import NightPlan, Placement
from wayhome.casework.placements.night import desk


def night(world: World) -> NightPlan:
    return actions.plan_night(jurisdiction=world.jurisdictions["CN"], nights=14, by=world.actor("supervisor"), at=world.now())


def places(plan: NightPlan) -> dict[int, str]:
    return {line.child_id: line.facility.code if line.facility else "" for line in plan.lines.select_related("facility")}


def closed(world: World, *homes: str) -> None:
    world.has_room(*homes, beds=0, carers_day=0, carers_night=0)


def crowd(world: World, number: int) -> list[Child]:
    return [world.in_hospital(cleared=True) for _ in range(number)]


def test_everybody_who_may_leave_gets_a_place_and_nobody_else(world: World) -> None:
    closed(world, "nursery", "relief")
    kids, ill = crowd(world, 3), world.in_hospital()
    world.has_room("home", beds=2)
    world.has_room("home_gd", beds=5)
    plan = night(world)
    # Each province bears about the same share of what it can.
    assert sorted(places(plan).values()) == ["home", "home_gd", "home_gd"]
    assert set(places(plan)) == {child.pk for child in kids}
    assert ill.pk not in places(plan)
    assert (plan.children, plan.result.status) == (3, "optimal")
    assert plan.result.bill["provinces"] == {}
    assert not Alarm.objects.filter(kind=Alarm.Kind.NO_PLACE).exists()


def test_who_finds_no_place_stays_in_hospital_and_the_bill_says_what_is_missing(world: World) -> None:
    closed(world, "nursery", "relief", "home_gd")
    crowd(world, 4)
    world.has_room("home", beds=3, carers_night=1, children_per_carer=2, surge_carers=0)
    plan = night(world)
    assert sorted(places(plan).values()) == ["", "", "home", "home"]
    alarm = Alarm.objects.get(kind=Alarm.Kind.NO_PLACE)
    assert (alarm.code, alarm.subject) == ("2", f"plan:{plan.pk}")
    (needed,) = plan.result.bill["provinces"].values()
    assert (needed["beds"], needed["carers"]) == (1, 1)
    # What the bill asks for is given: everybody has a place.
    world.has_room("home", beds=4, carers_night=2, children_per_carer=2)
    assert set(places(night(world)).values()) == {"home"}


def test_a_report_of_two_days_ago_is_not_trusted(world: World) -> None:
    closed(world, "nursery", "relief", "home_gd")

    world.has_room("home")
    (child,) = crowd(world, 1)
    world.clock += timedelta(hours=48)
    closed(world, "nursery", "relief", "home_gd")
    plan = night(world)
    assert places(plan) == {child.pk: ""}
    assert plan.lines.get().passed_over["untrusted"] == 1


def test_the_homes_are_asked_and_a_refusal_holds(world: World) -> None:
    closed(world, "nursery", "relief", "home_gd")
    crowd(world, 2)
    plan = night(world)
    assert set(places(plan).values()) == {"home"}
    world.has_room("home_gd")
    asked = actions.propose_plan(plan=plan, by=world.actor("supervisor"), at=world.now())
    assert len(asked) == 2
    assert actions.propose_plan(plan=plan, by=world.actor("supervisor"), at=world.now()) == []
    actions.accept_placement(placement=asked[0], by=world.actor("caseworker"), at=world.now())
    actions.refuse_placement(placement=asked[1], code="too_small", by=world.actor("caseworker"), at=world.now())
    again = night(world)
    assert places(again) == {asked[0].child_id: "home", asked[1].child_id: "home_gd"}
    assert again.lines.get(child_id=asked[1].child_id).passed_over["refused"] == 1


def test_a_child_held_back_keeps_its_sibling_back(world: World) -> None:
    kids = crowd(world, 3)
    children.group_siblings(children=kids[:2], ground="alleged", by=world.actor("caseworker"), at=world.now())
    plan = night(world)
    found = places(plan)
    assert found[kids[0].pk] == found[kids[1].pk]
    asked = actions.propose_plan(plan=plan, hold=[kids[0].pk], by=world.actor("supervisor"), at=world.now())
    assert [one.child_id for one in asked] == [kids[2].pk]


def test_where_it_was_found_and_where_a_buyer_lives(world: World) -> None:
    closed(world, "nursery", "relief")
    near, far = crowd(world, 2)
    actions.mark_risk_area(
        child=far, jurisdiction=world.jurisdictions["GX"], reason="buyer", by=world.actor("officer"), at=world.now()
    )
    plan = night(world)
    assert places(plan) == {near.pk: "home", far.pk: "home_gd"}
    assert plan.lines.get(child=far).passed_over["buyers_county"] >= 1


def test_a_doctor_s_level_counts(world: World) -> None:
    closed(world, "nursery", "relief")
    child = world.in_hospital()
    custody.clear(child=child, fit=True, level="medical", by=world.actor("doctor"), at=world.now())
    assert places(night(world)) == {child.pk: ""}
    world.has_room("home_gd", level=2)
    assert places(night(world)) == {child.pk: "home_gd"}


def test_who_may_plan_and_for_whom(world: World) -> None:
    with pytest.raises(NotAllowed):
        actions.plan_night(jurisdiction=world.jurisdictions["CN"], nights=14, by=world.actor("officer"), at=world.now())
    with pytest.raises(Invalid):
        actions.plan_night(jurisdiction=world.jurisdictions["CN"], nights=14, by=world.actor("placement"), at=world.now())
    with pytest.raises(Invalid):
        actions.plan_night(jurisdiction=world.jurisdictions["CN"], nights=0, by=world.actor("supervisor"), at=world.now())
    plan = actions.plan_night(jurisdiction=world.jurisdictions["GX"], nights=1, by=world.actor("placement"), at=world.now())
    assert plan.children == 0
    assert list(queries.plans(world.actor("placement"))) == [plan]


def test_a_child_in_the_nursery_waits_too(world: World) -> None:
    (child,) = crowd(world, 1)
    world.hand_over(child, "nursery", Kind.EMERGENCY_NURSERY, giver="nurse", receiver="caseworker")
    closed(world, "nursery", "relief")
    plan = night(world)
    assert places(plan) == {child.pk: "home"}
    asked = actions.propose_plan(plan=plan, by=world.actor("supervisor"), at=world.now())
    actions.accept_placement(placement=asked[0], by=world.actor("caseworker"), at=world.now())
    world.hand_over(child, "home", Kind.WELFARE_INSTITUTION, giver="caseworker2", receiver="caseworker")
    assert queries.waiting("/CN/") == []
    assert not queries.open_placements([child.pk])


def test_queries_do_not_grow_with_children(world: World) -> None:

    crowd(world, 2)
    with CaptureQueriesContext(connection) as few:
        desk(path="/CN/", nights=14, at=world.now())
    crowd(world, 6)
    with CaptureQueriesContext(connection) as many:
        desk(path="/CN/", nights=14, at=world.now())
    assert len(many) == len(few)
    assert Placement.objects.count() == 0
