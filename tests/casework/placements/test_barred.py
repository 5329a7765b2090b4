"""A rule that comes after a home accepted: the night is planned for everybody, people are told, and the child is planned anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from factories.world import World
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.placements import actions, queries
from wayhome.casework.placements.barred import barred, barred_below
from wayhome.casework.placements.models import NightPlan, Placement

ADDRESS = "广西防城港市迎宾街30号"


def kept(world: World, child: Child, home: str = "home") -> Placement:
    """A home asked and accepting."""
    place = world.facilities[home]
    asked = actions.propose_placement(child=child, facility=place, by=world.actor("supervisor"), at=world.now())
    keeper = {"home": "caseworker", "home_gd": "caseworker_gd"}[home]
    actions.accept_placement(placement=asked, by=world.actor(keeper), at=world.now())
    return Placement.objects.get(pk=asked.pk)


def night(world: World, where: str = "CN") -> NightPlan:
    return actions.plan_night(jurisdiction=world.jurisdictions[where], nights=14, by=world.actor("supervisor"), at=world.now())


def places(plan: NightPlan) -> dict[int, str]:
    return {line.child_id: line.facility.code if line.facility else "" for line in plan.lines.select_related("facility")}


def codes(world: World) -> dict[int, str]:
    return {one.placement.pk: one.code for one in barred_below("/CN/", at=world.now())}


def alarms() -> list[tuple[str, str]]:
    told = Alarm.objects.filter(kind=Alarm.Kind.PLACEMENT_BARRED).order_by("pk")
    return list(told.values_list("subject", "code"))


def a_buyer_nearby(world: World, child: Child) -> None:
    actions.mark_risk_area(
        child=child, jurisdiction=world.jurisdictions["GX"], reason="buyer", by=world.actor("officer"), at=world.now()
    )


def an_exclusion(world: World, child: Child) -> None:
    custody.exclude(
        by=world.actor("officer"),
        at=world.now(),
        ground="buyer",
        subject="address",
        value=ADDRESS,
        scope="child",
        child=child,
    )


def a_doctor_s_word(world: World, child: Child) -> None:
    custody.clear(child=child, fit=True, level="nursing", by=world.actor("doctor"), at=world.now())
    world.has_room("home_gd", level=1)


@pytest.fixture
def small(world: World) -> World:
    """One home near, one far; nursery and station have no room."""
    world.has_room("nursery", "relief", beds=0, carers_day=0, carers_night=0)
    return world


@pytest.mark.parametrize(
    ("later", "code"),
    [(a_buyer_nearby, "risk_area"), (an_exclusion, "excluded"), (a_doctor_s_word, "level")],
    ids=["risk", "exclusion", "level"],
)
def test_what_came_later_bars_the_home_and_the_night_is_planned(
    small: World, later: Callable[[World, Child], None], code: str
) -> None:
    world = small
    child, other = (world.in_hospital(cleared=True) for _ in range(2))
    held, good = kept(world, child), kept(world, other)
    assert codes(world) == {}
    assert places(night(world)) == {child.pk: "home", other.pk: "home"}, "the legal case: what is accepted stays"
    later(world, child)
    assert codes(world) == {held.pk: code}
    plan = night(world)
    assert places(plan) == {child.pk: "home_gd", other.pk: "home"}
    assert alarms() == [(f"placement:{held.pk}", code)]
    night(world)
    assert len(alarms()) == 1, "told once"
    asked = actions.propose_plan(plan=plan, by=world.actor("supervisor"), at=world.now())
    assert [(one.child_id, one.facility.code) for one in asked] == [(child.pk, "home_gd")]
    held.refresh_from_db()
    good.refresh_from_db()
    assert held.end.reason == code
    assert getattr(good, "end", None) is None
    assert codes(world) == {}


@pytest.mark.parametrize("later", [a_buyer_nearby, an_exclusion], ids=["risk", "exclusion"])
def test_people_are_told_at_the_same_moment(small: World, later: Callable[[World, Child], None]) -> None:
    held = kept(small, small.in_hospital(cleared=True))
    later(small, held.child)
    alarm = Alarm.objects.get(kind=Alarm.Kind.PLACEMENT_BARRED)
    assert (alarm.child_id, alarm.level, alarm.subject) == (held.child_id, 3, f"placement:{held.pk}")
    assert actions.flag_barred(by=small.actor("supervisor"), at=small.now()) == []


def test_a_question_that_is_not_answered_is_barred_too(small: World) -> None:
    child = small.in_hospital(cleared=True)
    asked = actions.propose_placement(
        child=child, facility=small.facilities["home"], by=small.actor("supervisor"), at=small.now()
    )
    assert barred([asked], at=small.now()) == []
    a_buyer_nearby(small, child)
    (one,) = barred([asked], at=small.now())
    assert (one.code, one.kept) == ("risk_area", False)


def test_less_room_than_it_keeps_bars_those_whom_it_accepted_last(small: World) -> None:
    world = small
    rows = [kept(world, world.in_hospital(cleared=True)) for _ in range(3)]
    world.has_room("home", beds=3)
    assert alarms() == [], "room for all three"
    world.has_room("home", beds=2)
    assert alarms() == [(f"placement:{rows[2].pk}", "no_bed")]
    assert places(night(world)) == {
        rows[0].child_id: "home",
        rows[1].child_id: "home",
        rows[2].child_id: "home_gd",
    }
    world.has_room("home", beds=9, carers_night=1, children_per_carer=1)
    assert codes(world) == {rows[1].pk: "no_carer", rows[2].pk: "no_carer"}
    world.has_room("home", beds=9)
    assert codes(world) == {}


def test_siblings_keep_their_places_together_or_not_at_all(small: World) -> None:
    world = small
    pair = [world.in_hospital(cleared=True) for _ in range(2)]
    children.group_siblings(children=pair, ground="alleged", by=world.actor("caseworker"), at=world.now())
    for child in pair:
        child.refresh_from_db()
    supervisor = world.actor("supervisor")
    asked = [
        actions.propose_placement(child=child, facility=world.facilities["home"], by=supervisor, at=world.now()) for child in pair
    ]
    actions.accept_placement(placement=asked[0], by=world.actor("caseworker"), at=world.now())
    world.has_room("home", beds=1)
    assert codes(world) == {one.pk: "no_bed" for one in asked}
    assert set(places(night(world)).values()) == {"home_gd"}


def test_children_found_to_be_siblings_after_two_homes_accepted(small: World) -> None:
    world = small
    first, second = (world.in_hospital(cleared=True) for _ in range(2))
    here, there = kept(world, first), kept(world, second, "home_gd")
    children.group_siblings(children=[first, second], ground="dna", by=world.actor("caseworker"), at=world.now())
    assert codes(world) == {there.pk: "siblings_apart"}
    assert places(night(world)) == {first.pk: "home", second.pk: "home"}
    assert here.pk not in codes(world)


def test_a_child_goes_where_its_sibling_lives_already_or_waits(small: World) -> None:
    world = small
    first, second = (world.in_hospital(cleared=True) for _ in range(2))
    children.group_siblings(children=[first, second], ground="dna", by=world.actor("caseworker"), at=world.now())
    world.hand_over(first, "home", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
    assert places(night(world)) == {second.pk: "home"}
    world.has_room("home", beds=1)
    plan = night(world)
    assert places(plan) == {second.pk: ""}
    assert plan.lines.get().passed_over["siblings"] >= 1
    separation = actions.propose_separation(child=second, reason="hurts it", by=world.actor("doctor"), at=world.now())
    for who in ("doctor", "caseworker", "supervisor"):
        actions.vote_on_separation(separation=separation, agrees=True, by=world.actor(who), at=world.now())
    assert places(night(world)) == {second.pk: "home_gd"}


def test_a_home_that_refused_first_and_took_the_child_then(small: World) -> None:
    world = small
    child = world.in_hospital(cleared=True)
    asked = actions.propose_placement(
        child=child, facility=world.facilities["home"], by=world.actor("supervisor"), at=world.now()
    )
    actions.refuse_placement(placement=asked, code="too_small", by=world.actor("caseworker"), at=world.now())
    held = kept(world, child)
    assert places(night(world)) == {child.pk: "home"}
    assert held.pk not in codes(world)


def test_a_purse_that_is_empty_keeps_who_was_accepted_and_takes_no_more(small: World) -> None:
    world = small
    held = kept(world, world.in_hospital(cleared=True))
    world.has_room("home", funds=0)
    new = world.in_hospital(cleared=True)
    assert places(night(world)) == {held.child_id: "home", new.pk: "home_gd"}
    assert codes(world) == {}


def test_an_old_report_keeps_the_place_and_asks_for_a_new_one(small: World) -> None:
    world = small
    held = kept(world, world.in_hospital(cleared=True))
    world.clock += timedelta(hours=30)
    assert codes(world) == {}
    assert places(night(world)) == {held.child_id: "home"}


def test_a_place_kept_in_another_province_is_no_matter_of_this_plan(small: World) -> None:
    world = small
    away, here = (world.in_hospital(cleared=True) for _ in range(2))
    kept(world, away, "home_gd")
    assert places(night(world, "GX")) == {here.pk: "home"}
    assert places(night(world)) == {away.pk: "home_gd", here.pk: "home"}


def test_an_excluded_home_is_not_proposed(small: World) -> None:
    world = small
    child, other = (world.in_hospital(cleared=True) for _ in range(2))
    an_exclusion(world, child)
    plan = night(world)
    assert places(plan)[child.pk] == "home_gd"
    assert plan.lines.get(child=child).passed_over["excluded"] == 1
    assert "excluded" not in plan.lines.get(child=other).passed_over
    assert queries.waiting("/CN/")
