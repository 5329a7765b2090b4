"""A kit goes from hand to hand, each told once; nothing is taken of somebody who does not agree, and two people seal."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from factories.kits import WAY, agrees, gone, mother_of, ordered, told
from factories.world import World
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.audit.queries import open_alarms
from wayhome.casework.children import actions as children
from wayhome.casework.core import numbers
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import Relative
from wayhome.casework.laboratory.actions import kits as actions
from wayhome.casework.laboratory.models import Kit, KitHop
from wayhome.casework.laboratory.queries import kits as queries
from wayhome.casework.laboratory.rules.kits import ENDS, HOPS, MOST_SCANNED, NEXT, OVERDUE, REPLACEABLE, is_overdue
from wayhome.casework.laboratory.tasks import raise_overdue_kits

TO: dict[str, tuple[str, ...]] = {
    "ordered": (),
    "posted": ("posted",),
    "delivered": ("posted", "delivered"),
    "returned": ("posted", "returned"),
    "taken": ("posted", "delivered", "taken"),
    "sent": ("posted", "delivered", "taken", "sent"),
    "received": WAY,
    "refused": ("taken", "sent", "refused"),
    "lost": ("posted", "lost"),
}
"""A way to each state."""


@pytest.fixture
def mother(world: World) -> Relative:
    """A relative who agreed."""
    relative = mother_of(world)
    agrees(world, relative)
    return relative


def seen(world: World, kit: Kit, by: str) -> queries.Seen:
    (one,) = queries.seen([queries.kit_of(world.actor(by), kit.number, at=world.clock)], by=world.actor(by), at=world.clock)
    return one


def test_a_kit_goes_its_way_and_every_hop_is_on_record(world: World, mother: Relative) -> None:
    kit = gone(world, ordered(world, mother), *WAY)
    assert numbers.is_number(kit.number)
    one = seen(world, kit, "officer")
    assert [(hop.n, hop.kind) for hop in one.hops] == list(enumerate(WAY, 1))
    assert (one.state, one.ways, one.of, one.sex) == ("received", (), "relative", "F")
    assert one.taken is not None
    assert one.taken.witness == world.staff["nurse2"]
    assert one.whose == queries.Whose(mother.request.number, mother.pk, "", "韦小兰", may_read=True)
    events = AuditEvent.objects.filter(subject=f"kit:{kit.pk}").order_by("at")
    assert [event.action for event in events] == ["laboratory.order_kit", *["laboratory.tell_hop"] * 5]
    assert set(events.values_list("child_id", flat=True)) == {0}


@pytest.mark.parametrize("state", NEXT)
def test_what_may_follow_what(world: World, mother: Relative, state: str) -> None:
    kit = gone(world, ordered(world, mother), *TO[state])
    agency, laboratory = seen(world, kit, "officer").ways, seen(world, kit, "analyst").ways
    assert {*agency, *laboratory} == set(NEXT[state])
    assert set(laboratory) <= {"received", "refused"}
    for kind in set(HOPS) - set(NEXT[state]):
        with pytest.raises(Refused, match="no_such_hop"):
            told(world, kit, kind)
    for kind in NEXT[state]:
        other = mother_of(world, child_name=f"莫{kind}")
        agrees(world, other)
        assert told(world, gone(world, ordered(world, other), *TO[state]), kind).kind == kind


def test_a_kit_that_came_back_is_posted_again_or_replaced_and_not_both(world: World, mother: Relative) -> None:
    kit = gone(world, ordered(world, mother), "posted", "returned")
    assert seen(world, kit, "officer").replaceable
    gone(world, kit, "posted", "returned")
    other = ordered(world, mother, replaces=kit)
    old = seen(world, kit, "officer")
    assert (old.ways, old.replaceable) == ((), False)
    with pytest.raises(Refused, match="kit_replaced"):
        told(world, kit, "posted")
    with pytest.raises(Refused, match="kit_replaced"):
        ordered(world, mother, replaces=kit)
    with pytest.raises(Refused, match="not_replaceable"):
        ordered(world, mother, replaces=other)
    stranger = mother_of(world, child_name="莫小宝")
    agrees(world, stranger)
    lost = gone(world, ordered(world, stranger), "lost")
    with pytest.raises(Refused, match="not_replaceable"):
        ordered(world, mother, replaces=lost)
    with pytest.raises(Refused, match="not_replaceable"):
        ordered(world, stranger, replaces=lost, second=True)
    assert ordered(world, stranger, replaces=lost).replaces == lost


@pytest.mark.parametrize("state", [state for state in NEXT if state not in ENDS])
def test_one_kit_at_a_time(world: World, mother: Relative, state: str) -> None:
    gone(world, ordered(world, mother), *TO[state])
    with pytest.raises(Refused, match="kit_under_way"):
        ordered(world, mother)
    assert not Alarm.objects.filter(code="kit_under_way").exists()


@pytest.mark.parametrize("state", sorted(ENDS))
def test_after_the_end_another_may_follow(world: World, mother: Relative, state: str) -> None:
    kit = gone(world, ordered(world, mother), *TO[state])
    assert (state in REPLACEABLE) == seen(world, kit, "officer").replaceable
    assert ordered(world, mother).pk != kit.pk


def test_a_sample_needs_consent_when_ordered_taken_and_sent(world: World) -> None:
    mother = mother_of(world)
    with pytest.raises(Refused, match="no_consent"):
        ordered(world, mother)
    agrees(world, mother, days=20)
    kit = gone(world, ordered(world, mother), "posted", "delivered")
    world.clock += timedelta(days=20)
    assert seen(world, kit, "officer").consented
    world.clock += timedelta(days=1)
    assert seen(world, kit, "officer").withdrawn
    with pytest.raises(Refused, match="no_consent"):
        told(world, kit, "taken")
    again = agrees(world, mother)
    told(world, kit, "taken")
    families.withdraw_consent(consent=again, by=world.actor("officer"), at=world.now())
    with pytest.raises(Refused, match="no_consent"):
        told(world, kit, "sent")
    told(world, kit, "lost")


def test_nobody_signs_before_they_agreed(world: World, mother: Relative) -> None:
    early = mother_of(world, child_name="莫小宝")
    world.clock += timedelta(days=3)
    agrees(world, early)
    kit = ordered(world, early)
    with pytest.raises(Refused, match="before_last"):
        told(world, kit, "taken", happened_at=kit.at - timedelta(minutes=1))
    with pytest.raises(Invalid) as wrong:
        told(world, kit, "taken", happened_at=world.clock + timedelta(hours=1))
    assert wrong.value.fields == {"happened_at": "in_future"}
    assert told(world, kit, "taken", happened_at=kit.at).at == kit.at


def test_whom_no_kit_is_ordered_for(world: World, mother: Relative) -> None:
    with pytest.raises(Refused, match="sample_of_missing"):
        ordered(world, mother.request.relatives.get(missing=True))
    other = mother_of(world, child_name="莫小宝")
    families.strike(relative=other, reason="x", by=world.actor("officer"), at=world.now())
    with pytest.raises(Refused, match="relative_struck"):
        ordered(world, other)
    families.withdraw(request=mother.request, note="x", by=world.actor("officer"), at=world.now())
    with pytest.raises(Refused, match="request_over"):
        ordered(world, mother)
    dead, kept, absorbed = world.in_hospital(), world.in_hospital(), world.in_hospital()
    custody.record_death(child=dead, died_at=world.now(), condition="", by=world.actor("doctor"), at=world.now())
    with pytest.raises(Refused, match="not_in_care"):
        ordered(world, dead, by="nurse")
    step = children.propose_merge(kept=kept, absorbed=absorbed, reason="one", by=world.actor("officer"), at=world.now())
    children.confirm_merge(step=step, by=world.actor("officer2"), at=world.now())
    with pytest.raises(Refused, match="merged_away"):
        ordered(world, absorbed, by="nurse")
    assert ordered(world, kept, by="nurse").child == kept
    with pytest.raises(Refused, match="not_a_laboratory"):
        actions.order_kit(
            person=world.in_hospital(), laboratory=world.agencies["police"], by=world.actor("nurse"), at=world.now()
        )


def test_who_may_order_and_tell(world: World, mother: Relative) -> None:
    for who, wrong in (("officer_gd", NotFound), ("caseworker", NotFound), ("nurse", NotFound), ("analyst", NotAllowed)):
        with pytest.raises(wrong):
            ordered(world, mother, by=who)
    for who in ("supervisor", "auditor", "administrator", "partner_liaison", "placement"):
        with pytest.raises(NotAllowed):
            ordered(world, mother, by=who)
    kit = ordered(world, mother)
    for who in ("officer_gd", "caseworker", "nurse"):
        with pytest.raises(NotFound):
            told(world, kit, "posted", by=who)
    for who in ("analyst", "supervisor", "auditor"):
        with pytest.raises(NotAllowed):
            told(world, kit, "posted", by=who)
    gone(world, kit, "taken", "sent", by="officer2")
    with pytest.raises(NotAllowed):
        told(world, kit, "received", by="officer")
    told(world, kit, "received")


def test_a_childs_kit_is_ordered_by_those_whom_it_concerns(world: World) -> None:
    child = world.in_home()
    for who in ("nurse", "officer_gd", "caseworker_gd"):
        with pytest.raises(NotFound):
            ordered(world, child, by=who)
    for who in ("officer", "caseworker"):
        assert queries.may_order(child, by=world.actor(who))
        told(world, ordered(world, child, by=who), "lost")
    assert not queries.may_order(child, by=world.actor("nurse"))
    assert not queries.may_order(child, by=world.actor("supervisor"))
    custody.assign(child=child, staff=world.staff["nurse"], by=world.actor("supervisor"), at=world.now())
    assert queries.may_order(child, by=world.actor("nurse"))
    kit = ordered(world, child, by="nurse")
    assert AuditEvent.objects.get(subject=f"kit:{kit.pk}").child_id == child.pk


def test_who_sees_a_file_and_did_not_rescue_or_keep_the_child_orders_nothing(world: World) -> None:
    child = world.in_home()
    custody.break_glass(child_id=child.pk, reason="a reason of some length", by=world.actor("doctor"), at=world.now())
    assert not queries.may_order(child, by=world.actor("doctor"))
    with pytest.raises(Refused, match="not_of_file"):
        ordered(world, child, by="doctor")
    assert Alarm.objects.filter(code="not_of_file").exists()


def test_two_people_seal(world: World, mother: Relative) -> None:
    kit = ordered(world, mother)
    for witness, code in ((None, "required"), (world.staff["officer"], "witness_is_self")):
        with pytest.raises(Invalid) as wrong:
            told(world, kit, "taken", witness=witness)
        assert wrong.value.fields == {"witness": code}
    with pytest.raises(Invalid) as wrong:
        told(world, kit, "posted", witness=world.staff["nurse"], place="")
    assert wrong.value.fields == {"witness": "unknown_field", "place": "required"}
    told(world, kit, "taken", place="x")
    told(world, kit, "sent")
    with pytest.raises(Invalid) as wrong:
        told(world, kit, "refused", note=" ")
    assert wrong.value.fields == {"note": "required"}
    with pytest.raises(Invalid) as wrong:
        told(world, kit, "eaten")
    assert wrong.value.fields == {"kind": "unknown_choice"}


def test_the_second_sample_is_independent(world: World) -> None:
    child = world.in_hospital()
    with pytest.raises(Refused, match="no_first_sample"):
        ordered(world, child, by="nurse", second=True)
    first = ordered(world, child, by="nurse")
    refused = gone(world, first, "taken", "sent", "refused")
    with pytest.raises(Refused, match="no_first_sample"):
        ordered(world, child, by="nurse", second=True)
    first = ordered(world, child, by="nurse", replaces=refused)
    gone(world, first, "taken", "sent", "received", by="doctor")
    second = ordered(world, child, by="nurse", second=True)
    with pytest.raises(Refused, match="same_hands"):
        told(world, second, "taken", by="doctor")
    assert told(world, second, "taken", by="nurse").by == world.staff["nurse"]


def test_the_second_sample_is_independent_under_another_record_too(world: World) -> None:
    kept, absorbed = world.in_hospital(), world.in_hospital()
    gone(world, ordered(world, absorbed, by="nurse"), "taken", "sent", "received")
    waiting = gone(world, ordered(world, kept, by="nurse"), "taken", "sent")
    step = children.propose_merge(kept=kept, absorbed=absorbed, reason="one", by=world.actor("officer"), at=world.now())
    children.confirm_merge(step=step, by=world.actor("officer2"), at=world.now())
    with pytest.raises(Refused, match="kit_under_way"):
        ordered(world, kept, by="nurse", second=True)
    told(world, waiting, "lost")
    second = ordered(world, kept, by="nurse", second=True)
    with pytest.raises(Refused, match="same_hands"):
        told(world, second, "taken", by="nurse")
    told(world, second, "taken", by="nurse2")


def test_what_a_laboratory_sees(world: World, mother: Relative) -> None:
    child = world.in_hospital()
    of_mother = gone(world, ordered(world, mother), "posted", "delivered", "taken")
    of_child = gone(world, ordered(world, child, by="nurse"), "taken", "sent", "refused")
    one, other = seen(world, of_mother, "analyst"), seen(world, of_child, "analyst")
    assert (one.of, one.sex, one.whose, other.of, other.whose) == ("relative", "F", None, "child", None)
    assert {(hop.place, hop.note, hop.by, hop.witness) for hop in one.hops} == {("", "", None, None)}
    assert [hop.agency for hop in one.hops] == [world.agencies["police"]] * 3
    assert one.taken is not None
    assert [hop.note for hop in other.hops] == ["", "", "the seal was broken"]
    assert other.hops[-1].by == world.staff["analyst"]


def test_who_sees_which_kits(world: World, mother: Relative) -> None:
    child = world.in_hospital()
    of_mother, of_child = ordered(world, mother), ordered(world, child, by="nurse")
    for who, whose in (
        ("officer", {of_mother, of_child}),
        ("nurse", {of_child}),
        ("caseworker", set()),
        ("officer_gd", set()),
        ("analyst", {of_mother, of_child}),
        ("supervisor", {of_mother, of_child}),
        ("supervisor2", {of_mother, of_child}),
        ("auditor", set()),
        ("placement", set()),
        ("partner_liaison", set()),
    ):
        assert set(queries.kits_of(world.actor(who), at=world.clock)) == whose, who
    custody.clear(child=child, fit=True, level="ordinary", by=world.actor("doctor"), at=world.now())
    world.hand_over(child, "home", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
    assert set(queries.kits_of(world.actor("caseworker"), at=world.clock)) == {of_child}
    kept = seen(world, of_child, "nurse").whose
    assert kept is not None
    assert (kept.child, kept.may_read) == (child.number, False)
    assert seen(world, of_child, "caseworker").ways == ()
    for typed in ("", "x", "123", of_child.number[:-1] + str((int(of_child.number[-1]) + 1) % 10), "000000000"):
        with pytest.raises(NotFound):
            queries.kit_of(world.actor("nurse"), typed, at=world.clock)
    assert queries.kit_of(world.actor("nurse"), numbers.grouped(of_child.number), at=world.clock) == of_child


def test_kits_under_way_come_first(world: World) -> None:
    kits = []
    for name, kinds in (("a", ("lost",)), ("b", ()), ("c", ("posted",)), ("d", ("taken", "sent", "received"))):
        mother = mother_of(world, child_name=name)
        agrees(world, mother)
        kits.append(gone(world, ordered(world, mother), *kinds))
    ended, new, posted, received = kits
    assert list(queries.kits_of(world.actor("officer"), at=world.clock)) == [posted, new, received, ended]
    assert list(queries.kits_of_request(world.actor("officer"), new.relative.request_id, at=world.clock)) == [new]


def test_many_are_told_at_once_and_each_is_answered_for_itself(world: World) -> None:
    kits = []
    for name in "abc":
        mother = mother_of(world, child_name=name)
        agrees(world, mother)
        kits.append(ordered(world, mother))
    one, other, lost = kits
    told(world, lost, "lost")
    father = mother_of(world, by="caseworker")
    agrees(world, father, by="caseworker")
    stranger = ordered(world, father, by="caseworker")
    typed = [numbers.grouped(one.number), "WH" + other.number, one.number, lost.number, stranger.number, "", "12345"]
    officer = world.actor("officer")
    answers = actions.tell_hops(numbers_read=typed, kind="posted", place="a station", by=officer, at=world.now())
    assert [(one.number, one.code) for one in answers] == [
        (one.number, ""),
        (other.number, ""),
        (lost.number, "no_such_hop"),
        (stranger.number, "not_found"),
        ("12345", "check_digit"),
    ]


def test_what_is_told_of_many_is_looked_at_first(world: World) -> None:
    officer, at = world.actor("officer"), world.now()

    def wrong(**more: Any) -> dict[str, str]:
        known = {"numbers_read": ["123456789"], "kind": "posted", "place": "x"} | more
        with pytest.raises(Invalid) as found:
            actions.tell_hops(**known, by=officer, at=at)
        return found.value.fields

    assert wrong(kind="taken") == {"kind": "unknown_choice"}
    assert wrong(place=" ") == {"place": "required"}
    assert wrong(numbers_read=["", " "]) == {"numbers": "required"}
    assert wrong(numbers_read=[str(n) for n in range(MOST_SCANNED + 1)]) == {"numbers": "too_long"}
    for who, kind in (("officer", "received"), ("analyst", "sent"), ("supervisor", "sent"), ("auditor", "received")):
        with pytest.raises(NotAllowed):
            actions.tell_hops(numbers_read=["123456789"], kind=kind, by=world.actor(who), at=at)


@pytest.mark.parametrize("state", OVERDUE)
def test_a_kit_that_stays_is_told_once_for_each_hop(world: World, mother: Relative, state: str) -> None:
    kit = gone(world, ordered(world, mother), *TO[state])
    due = KitHop.objects.latest("pk").at + OVERDUE[state]
    assert raise_overdue_kits(at=due - timedelta(minutes=1)) == []
    assert queries.to_see_to(world.actor("officer"), at=due - timedelta(minutes=1)) == []
    (alarm,) = raise_overdue_kits(at=due)
    assert (alarm.agency_id, alarm.code, alarm.child_id) == (world.agencies["police"].pk, state, 0)
    assert alarm in open_alarms(world.actor("officer"))
    assert raise_overdue_kits(at=due + timedelta(days=30)) == []
    assert [one.kit for one in queries.to_see_to(world.actor("officer"), at=due)] == [kit]
    assert [one.kit for one in queries.to_see_to(world.actor("analyst"), at=due)] == ([kit] if state == "sent" else [])
    assert is_overdue(state, due - OVERDUE[state], due)
    assert not is_overdue("received", due - timedelta(days=900), due)


def test_a_hop_more_is_waited_for_anew(world: World, mother: Relative) -> None:
    kit = gone(world, ordered(world, mother), "posted")
    world.clock += OVERDUE["posted"]
    assert len(raise_overdue_kits(at=world.now())) == 1
    gone(world, kit, "returned", "posted")
    assert raise_overdue_kits(at=world.now()) == []
    assert len(raise_overdue_kits(at=world.now() + OVERDUE["posted"])) == 1


def test_what_wants_to_be_seen_to(world: World) -> None:
    mothers = [mother_of(world, child_name=name) for name in "abcde"]
    papers = [agrees(world, mother) for mother in mothers]
    back, refused, lost, posted, delivered = kits = [ordered(world, mother) for mother in mothers]
    for kit, kinds in zip(
        kits, itertools.chain(map(TO.get, ("returned", "refused", "lost", "posted", "delivered"))), strict=True
    ):
        gone(world, kit, *(kinds or ()))

    def rows(who: str = "officer") -> list[Kit]:
        return [one.kit for one in queries.to_see_to(world.actor(who), at=world.clock)]

    assert rows() == [back, refused, lost]
    assert rows("nurse") == rows("analyst") == rows("supervisor") == []
    ordered(world, mothers[0], replaces=back)
    ordered(world, mothers[2])
    assert rows() == [refused]
    for paper in papers[3:]:
        families.withdraw_consent(consent=paper, by=world.actor("officer"), at=world.now())
    assert rows() == [refused, posted, delivered]
    told(world, posted, "lost")
    assert rows() == [refused, delivered, posted]


def test_what_can_be_ordered_next(world: World, mother: Relative) -> None:
    def kind() -> str:
        kits = queries.kits_of_request(world.actor("officer"), mother.request_id, at=world.clock)
        return queries.orderable(queries.seen(kits, by=world.actor("officer"), at=world.clock))

    assert queries.may_order(mother, by=world.actor("officer"))
    assert not queries.may_order(mother, by=world.actor("caseworker"))
    assert kind() == "first"
    kit = ordered(world, mother)
    assert kind() == ""
    gone(world, kit, "posted", "returned")
    assert kind() == ""
    again = ordered(world, mother, replaces=kit)
    assert kind() == ""
    gone(world, again, "taken", "sent", "refused")
    assert kind() == "first"
    gone(world, ordered(world, mother, replaces=again), "taken", "sent", "received")
    assert kind() == "second"


def test_the_table_of_hops() -> None:
    assert set(NEXT) == {"ordered", *HOPS}
    assert {kind for after in NEXT.values() for kind in after} == set(HOPS)
    assert {"received", "refused", "lost"} == ENDS
    assert OVERDUE.keys().isdisjoint(ENDS)
