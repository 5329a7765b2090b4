"""A home takes a child where it has told today that it has a cot and a carer for it, and no two take the last one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.core.errors import Invalid, NotAllowed, Refused
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody import queries as where
from wayhome.casework.custody.rules import Kind
from wayhome.casework.placements import actions, queries, tasks
from wayhome.casework.placements.models import Placement, Separation


def to_home(world: World, child: Child, home: str = "home") -> None:
    """From the hospital."""
    receiver = "caseworker_gd" if home == "home_gd" else "caseworker"
    world.hand_over(child, home, Kind.WELFARE_INSTITUTION, giver="nurse", receiver=receiver)


def refused(world: World, child: Child, home: str = "home") -> str:
    """The code with which a home is closed to a child, who stays in hospital."""
    with pytest.raises(Refused) as caught:
        to_home(world, child, home)
    assert where.head(child.pk).kind == "hospital"
    offer = where.pending_offers().get(child=child)
    custody.end_offer(offer_id=offer.pk, code="withdrawn", by=world.actor("nurse"), at=world.now())
    return caught.value.codes[0]


def twins(world: World) -> tuple[Child, Child]:
    """Two in hospital, fit to move."""
    pair = world.in_hospital(cleared=True), world.in_hospital(cleared=True)
    children.group_siblings(children=pair, ground="alleged", by=world.actor("caseworker"), at=world.now())
    for child in pair:
        child.refresh_from_db()
    return pair


def test_the_last_cot_and_the_last_carer(world: World) -> None:
    first, second, third = (world.in_hospital(cleared=True) for _ in range(3))
    world.has_room("home", beds=1)
    to_home(world, first)
    assert refused(world, second) == "no_bed"
    world.has_room("home", beds=9, carers_day=3, carers_night=1, children_per_carer=2)
    to_home(world, second)
    assert refused(world, third) == "no_carer"
    world.has_room("home", beds=9, carers_day=1, carers_night=3, children_per_carer=2)
    assert refused(world, third) == "no_carer"
    world.has_room("home", beds=3, other_children=1)
    assert refused(world, third) == "no_bed"
    assert Alarm.objects.filter(code="no_bed").count() == 2
    world.has_room("home", beds=3)
    to_home(world, third)
    room = queries.room(world.facilities["home"], at=world.now())
    assert (room.there, room.free_beds, room.free) == (3, 0, 0)


def test_who_left_makes_room(world: World) -> None:
    first, second = (world.in_hospital(cleared=True) for _ in range(2))
    world.has_room("home", beds=1)
    to_home(world, first)
    world.hand_over(first, "hospital", Kind.HOSPITAL, giver="caseworker", receiver="nurse")
    to_home(world, second)
    assert where.head(second.pk).facility == world.facilities["home"]


def test_a_report_is_trusted_for_a_day(world: World) -> None:
    child = world.in_hospital(cleared=True)
    world.clock += timedelta(hours=25)
    assert refused(world, child) == "capacity_unknown"
    actions.report_capacity(
        facility=world.facilities["home"],
        beds=9,
        carers_day=2,
        carers_night=2,
        children_per_carer=3,
        daily_cost=90,
        funds=10_000,
        as_of=world.clock - timedelta(hours=48),
        by=world.actor("caseworker"),
        at=world.now(),
    )
    assert refused(world, child) == "capacity_unknown"
    world.has_room("home")
    to_home(world, child)


def test_a_home_that_never_told_what_it_has(world: World) -> None:
    assert world.registrars is not None
    world.facilities["new"] = accounts.register_facility(
        by=world.registrars,
        at=world.now(),
        code="new",
        agency=world.agencies["welfare"],
        kind="welfare_institution",
        name="新福利院",
        address="广西钦州市永福西大街8号",
        jurisdiction=world.jurisdictions["GX"],
    )
    assert refused(world, world.in_hospital(cleared=True), "new") == "capacity_unknown"


def test_a_kept_place_is_kept(world: World) -> None:
    first, second = (world.in_hospital(cleared=True) for _ in range(2))
    world.has_room("home", beds=1)
    placement = actions.propose_placement(
        child=first, facility=world.facilities["home"], by=world.actor("placement"), at=world.now()
    )
    actions.accept_placement(placement=placement, by=world.actor("caseworker"), at=world.now())
    assert refused(world, second) == "no_bed"
    other = actions.propose_placement(
        child=second, facility=world.facilities["home"], by=world.actor("placement"), at=world.now()
    )
    with pytest.raises(Refused) as caught:
        actions.accept_placement(placement=other, by=world.actor("caseworker"), at=world.now())
    assert caught.value.codes[0] == "no_bed"
    to_home(world, first)
    assert not queries.open_acceptances().exists()
    world.has_room("home", beds=2)
    actions.accept_placement(placement=other, by=world.actor("caseworker"), at=world.now())
    actions.end_placement(placement=other, reason="the other home is nearer", by=world.actor("placement"), at=world.now())
    third = world.in_hospital(cleared=True)
    to_home(world, third)


def test_a_home_refuses_and_the_ministry_hears_of_it(world: World) -> None:
    child = world.in_hospital(cleared=True)
    home = world.facilities["home"]
    placement = actions.propose_placement(child=child, facility=home, by=world.actor("placement"), at=world.now())
    with pytest.raises(Refused) as twice:
        actions.propose_placement(child=child, facility=home, by=world.actor("placement"), at=world.now())
    assert twice.value.codes[0] == "already_proposed"
    with pytest.raises(Invalid):
        actions.refuse_placement(placement=placement, code="no", by=world.actor("caseworker"), at=world.now())
    actions.refuse_placement(placement=placement, code="not_a_foundling", by=world.actor("caseworker"), at=world.now())
    alarm = Alarm.objects.get(kind=Alarm.Kind.PLACEMENT_REFUSED)
    assert (alarm.level, alarm.code, alarm.child_id) == (3, "not_a_foundling", child.pk)
    assert queries.refused_by([child.pk]) == {child.pk: {home.pk}}
    actions.propose_placement(child=child, facility=world.facilities["home_gd"], by=world.actor("supervisor"), at=world.now())


def test_only_the_home_answers(world: World) -> None:
    child = world.in_hospital(cleared=True)
    placement = actions.propose_placement(
        child=child, facility=world.facilities["home"], by=world.actor("placement"), at=world.now()
    )
    for name in ("nurse", "officer", "supervisor", "administrator"):
        with pytest.raises(NotAllowed):
            actions.accept_placement(placement=placement, by=world.actor(name), at=world.now())
    with pytest.raises(Refused) as caught:
        actions.accept_placement(placement=placement, by=world.actor("caseworker_gd"), at=world.now())
    assert caught.value.codes[0] == "receiver_not_of_place"


def test_a_surge_that_two_others_approve(world: World) -> None:
    first, second = (world.in_hospital(cleared=True) for _ in range(2))
    world.has_room("home", beds=1, carers_day=1, carers_night=1, children_per_carer=1)
    to_home(world, first)
    until = world.clock + timedelta(hours=48)
    surge = actions.ask_surge(
        facility=world.facilities["home"],
        beds=1,
        carers=1,
        until=until,
        reason="the raid",
        by=world.actor("caseworker"),
        at=world.now(),
    )
    with pytest.raises(Refused) as own:
        actions.approve_surge(surge=surge, by=world.actor("placement"), at=world.now())
    assert own.value.codes[0] == "self_approval"
    actions.approve_surge(surge=surge, by=world.actor("supervisor"), at=world.now())
    assert refused(world, second) == "no_bed"
    with pytest.raises(NotAllowed):
        actions.approve_surge(surge=surge, by=world.actor("supervisor2", stepped_up=False), at=world.now())
    actions.approve_surge(surge=surge, by=world.actor("supervisor2"), at=world.now())
    to_home(world, second)
    with pytest.raises(Invalid):
        actions.ask_surge(
            facility=world.facilities["home"],
            beds=1,
            carers=0,
            until=world.clock + timedelta(days=9),
            reason="for ever",
            by=world.actor("caseworker"),
            at=world.now(),
        )


def test_twins_stay_together(world: World) -> None:
    one, other = twins(world)
    to_home(world, one)
    assert refused(world, other, "home_gd") == "siblings_apart"
    to_home(world, other)
    # Both move on: the first may go because the second is on its way.
    offers = [
        custody.offer_handover(
            child=child,
            to_facility=world.facilities["home_gd"],
            kind=Kind.WELFARE_INSTITUTION,
            wristband=child.number,
            place="gate",
            condition="well",
            by=world.actor("caseworker"),
            at=world.now(),
        )
        for child in (one, other)
    ]
    custody.end_offer(offer_id=offers[1].pk, code="withdrawn", by=world.actor("caseworker"), at=world.now())
    with pytest.raises(Refused) as caught:
        custody.accept_handover(offer_id=offers[0].pk, wristband=one.number, by=world.actor("caseworker_gd"), at=world.now())
    assert caught.value.codes[0] == "siblings_apart"
    custody.offer_handover(
        child=other,
        to_facility=world.facilities["home_gd"],
        kind=Kind.WELFARE_INSTITUTION,
        wristband=other.number,
        place="gate",
        condition="well",
        by=world.actor("caseworker"),
        at=world.now(),
    )
    custody.accept_handover(offer_id=offers[0].pk, wristband=one.number, by=world.actor("caseworker_gd"), at=world.now())
    assert where.head(one.pk).facility == world.facilities["home_gd"]


def test_three_disciplines_separate_twins(world: World) -> None:
    one, other = twins(world)
    to_home(world, one)
    decision = actions.propose_separation(
        child=other, reason="one was the other's sister's child", by=world.actor("caseworker"), at=world.now()
    )
    for name in ("caseworker", "doctor"):
        actions.vote_on_separation(separation=decision, agrees=True, by=world.actor(name), at=world.now())
    assert refused(world, other, "home_gd") == "siblings_apart"
    actions.vote_on_separation(separation=decision, agrees=True, by=world.actor("supervisor"), at=world.now())
    to_home(world, other, "home_gd")
    assert tasks.raise_apart(at=world.now()) == []


def test_one_discipline_keeps_twins_together(world: World) -> None:
    one, other = twins(world)
    to_home(world, one)
    decision = actions.propose_separation(child=other, reason="no room", by=world.actor("caseworker"), at=world.now())
    for name in ("caseworker", "doctor", "supervisor"):
        actions.vote_on_separation(separation=decision, agrees=True, by=world.actor(name), at=world.now())
    actions.vote_on_separation(separation=decision, agrees=False, note="no reason", by=world.actor("supervisor2"), at=world.now())
    assert Separation.objects.get().votes.count() == 4
    assert refused(world, other, "home_gd") == "siblings_apart"


def test_siblings_known_too_late_are_told(world: World) -> None:
    one, other = world.in_hospital(cleared=True), world.in_hospital(cleared=True)
    to_home(world, one)
    to_home(world, other, "home_gd")
    assert tasks.raise_apart(at=world.now()) == []
    children.group_siblings(children=(one, other), ground="dna", by=world.actor("caseworker"), at=world.now())
    (alarm,) = tasks.raise_apart(at=world.now())
    assert (alarm.kind, alarm.level) == (Alarm.Kind.SIBLINGS_APART, 2)
    assert tasks.raise_apart(at=world.now()) == []


def test_siblings_are_answered_together(world: World) -> None:
    pair = twins(world)
    world.has_room("home", beds=1)
    asked = [
        actions.propose_placement(child=child, facility=world.facilities["home"], by=world.actor("placement"), at=world.now())
        for child in pair
    ]
    with pytest.raises(Refused) as caught:
        actions.accept_placement(placement=asked[0], by=world.actor("caseworker"), at=world.now())
    assert caught.value.codes[0] == "no_bed"
    assert not Placement.objects.filter(answer__isnull=False).exists()
    world.has_room("home", beds=2)
    assert len(actions.accept_placement(placement=asked[1], by=world.actor("caseworker"), at=world.now())) == 2


def test_never_where_a_buyer_lives(world: World) -> None:
    child, other = world.in_hospital(cleared=True), world.in_hospital(cleared=True)
    actions.mark_risk_area(
        child=child, jurisdiction=world.jurisdictions["GX"], reason="the buyer's kin", by=world.actor("officer"), at=world.now()
    )
    assert refused(world, child) == "risk_area"
    with pytest.raises(Refused) as caught:
        actions.propose_placement(child=child, facility=world.facilities["home"], by=world.actor("placement"), at=world.now())
    assert caught.value.codes[0] == "risk_area"
    to_home(world, child, "home_gd")
    to_home(world, other)


def test_where_a_buyer_lives_is_known_of_every_record_of_a_child(world: World) -> None:
    child, twin, other = (world.in_hospital(cleared=True) for _ in range(3))
    actions.mark_risk_area(
        child=twin, jurisdiction=world.jurisdictions["GX"], reason="the buyer", by=world.actor("officer"), at=world.now()
    )
    ids = [child.pk, other.pk]
    assert queries.risk_areas(ids) == {}
    step = children.propose_merge(kept=child, absorbed=twin, reason="one child", by=world.actor("caseworker"), at=world.now())
    children.confirm_merge(step=step, by=world.actor("supervisor"), at=world.now())
    assert queries.risk_areas(ids) == {child.pk: {world.jurisdictions["GX"].path}}
    assert refused(world, child) == "risk_area"
    back = children.propose_split(absorbed=twin, reason="two", by=world.actor("caseworker"), at=world.now())
    children.confirm_merge(step=back, by=world.actor("supervisor"), at=world.now())
    assert queries.risk_areas(ids) == {}
    to_home(world, child)


def test_who_was_dismissed_approves_no_surge_any_more(world: World) -> None:
    assert world.registrars is not None
    world.has_room("home", beds=0)
    surge = actions.ask_surge(
        facility=world.facilities["home"],
        beds=1,
        carers=0,
        until=world.clock + timedelta(hours=48),
        reason="the raid",
        by=world.actor("caseworker"),
        at=world.now(),
    )
    for name in ("supervisor", "supervisor2"):
        actions.approve_surge(surge=surge, by=world.actor(name), at=world.now())
    assert queries.room(world.facilities["home"], at=world.now()).free_beds == 1
    accounts.end_staff(staff=world.staff["supervisor2"], reason="dismissed", by=world.registrars, at=world.now())
    assert queries.room(world.facilities["home"], at=world.now()).free_beds == 0
    assert refused(world, world.in_hospital(cleared=True)) == "no_bed"


def test_a_day_without_a_place(world: World) -> None:
    assert world.event is not None
    waiting, placed = world.in_hospital(cleared=True), world.in_home()
    assert tasks.raise_unplaced(at=world.event.found_at + timedelta(hours=23)) == []
    (alarm,) = tasks.raise_unplaced(at=world.event.found_at + timedelta(hours=24))
    assert (alarm.kind, alarm.child_id) == (Alarm.Kind.PLACEMENT_DUE, waiting.pk)
    assert tasks.raise_unplaced(at=world.event.found_at + timedelta(hours=30)) == []
    assert where.head(placed.pk).kind == "welfare_institution"


def test_what_cannot_be_is_no_report(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        world.has_room("home", beds=-1, children_per_carer=0, level=9)
    assert set(caught.value.fields) == {"beds", "children_per_carer", "level"}
    with pytest.raises(Refused):
        actions.report_capacity(
            facility=world.facilities["home"],
            beds=9,
            carers_day=1,
            carers_night=1,
            children_per_carer=3,
            daily_cost=90,
            funds=0,
            by=world.actor("caseworker_gd"),
            at=world.now(),
        )
