"""Operations, rescues and persons are recorded by those who may; what identifies nobody and no place is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from factories.world import RAID, World
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody import queries as custody_queries
from wayhome.casework.custody.rules import Kind
from wayhome.casework.operations import actions, queries
from wayhome.casework.operations.models import Operation, Person, RescueEvent, Tie

PLACE = "广西东兴市北仑大道21号"


def operation(world: World, by: str = "officer", **told: Any) -> Operation:
    columns: dict[str, Any] = {
        "code": "2011.2.21",
        "title": "Case 2",
        "zero_hour": RAID + timedelta(days=5),
        "jurisdiction": world.jurisdictions["GX"],
    } | told
    return actions.record_operation(by=world.actor(by), at=world.now(), **columns)


def rescue(world: World, by: str = "officer", **told: Any) -> RescueEvent:
    columns: dict[str, Any] = {
        "operation": world.operation,
        "jurisdiction": world.jurisdictions["GX"],
        "place": PLACE,
        "found_at": RAID,
    } | told
    return actions.record_rescue(by=world.actor(by), at=world.now(), **columns)


def person(world: World, *facts: tuple[str, str], by: str = "officer") -> Person:
    return actions.record_person(label="a buyer", facts=facts, by=world.actor(by), at=world.now())


def test_an_operation(world: World) -> None:
    made = operation(world, zero_hour=datetime(2011, 7, 19, 16, tzinfo=UTC))
    assert queries.operation(made.pk) == made
    assert made.time_zone == "Asia/Shanghai"
    with pytest.raises(Refused) as refused:
        operation(world)
    assert refused.value.codes == ("already_there",)
    with pytest.raises(NotFound):
        queries.operation(0)


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"code": " "}, {"code": "required"}),
        ({"title": "x" * 121}, {"title": "too_long"}),
        ({"zero_hour": datetime(2011, 7, 20)}, {"zero_hour": "no_time_zone"}),
        ({"time_zone": "Asia/Peking"}, {"time_zone": "unknown_choice"}),
    ],
)
def test_an_operation_that_cannot_be(world: World, told: dict[str, Any], wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        operation(world, **told)
    assert refused.value.fields == wrong


def test_whom_an_operation_concerns(world: World) -> None:
    places = world.jurisdictions
    national = operation(world, code="CN-1", jurisdiction=places["CN"])
    other = operation(world, code="GD-1", jurisdiction=places["GD"])
    assert set(queries.operations_of(world.actor("officer"))) == {world.operation, national}
    assert set(queries.operations_of(world.actor("officer_gd"))) == {other, national}
    assert set(queries.operations_of(world.actor("supervisor"))) == {world.operation, national, other}
    for name in ("administrator", "nurse", "auditor", "partner_liaison", "caseworker"):
        assert not queries.operations_of(world.actor(name)).exists()


def test_a_rescue_with_those_found_with_the_children(world: World) -> None:
    carrier = person(world, ("name", "阮氏梅"))
    event = rescue(world, found_with=[carrier, carrier], sedation_suspected=True, clue_of=world.jurisdictions["GD"])
    assert [row.person for row in event.found_with.all()] == [carrier]
    assert event.keys.filter(kind="address").exists()
    assert event in queries.rescue_events_of(world.actor("officer"))
    assert event not in queries.rescue_events_of(world.actor("officer_gd"))
    assert event in queries.rescue_events_of(world.actor("supervisor"))


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"place": "?"}, {"place": "not_recognisable"}),
        ({"place": ""}, {"place": "required"}),
        ({"found_at": RAID + timedelta(days=1)}, {"found_at": "in_future"}),
        ({"circumstances": "a\x07b"}, {"circumstances": "control_character"}),
    ],
)
def test_a_rescue_that_cannot_be(world: World, told: dict[str, Any], wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        rescue(world, **told)
    assert refused.value.fields == wrong


def test_a_rescue_is_recorded_in_an_operation_that_concerns_one(world: World) -> None:
    assert world.operation is not None
    case = world.operation
    with pytest.raises(NotFound):
        rescue(world, by="officer_gd")
    with pytest.raises(NotFound):
        actions.record_role(
            person=person(world, ("name", "阮氏梅")),
            operation=case,
            kind="suspect",
            by=world.actor("officer_gd"),
            at=world.now(),
        )
    other = operation(world, jurisdiction=world.jurisdictions["CN"])
    with pytest.raises(Invalid) as refused:
        rescue(world, operation=other, corrects=world.event)
    assert refused.value.fields == {"corrects": "other_operation"}
    rescue(world, by="officer_gd", operation=other, jurisdiction=world.jurisdictions["GD"])


def test_a_correction_closes_the_right_place_to_children_registered_before(world: World) -> None:
    """The first report named a house in the street; it was the welfare home."""
    child = world.in_hospital(cleared=True)
    assert world.event is not None
    once = rescue(world, corrects=world.event)
    rescue(world, place="防城港市迎宾街", facility=world.facilities["home"], corrects=once)
    assert queries.rescue_events_of(world.actor("officer")).count() == 1
    with pytest.raises(Refused) as refused:
        world.hand_over(child, "home", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
    assert refused.value.codes == ("place_of_rescue",)
    with (
        pytest.raises(DatabaseError, match="append_only"),
        expected_refusal(connection),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE operations_rescueevent SET place = 'x' WHERE id = {once.pk}")


def test_a_person_is_found_by_anything_that_is_known(world: World) -> None:
    buyer = person(
        world,
        ("name", "王建国"),
        ("id", "450681198001010011"),
        ("phone", "+86 138 0013 8000"),
        ("address", "广西东兴市北仑大道12号"),
        ("vehicle", "桂P·12345"),
    )
    other = person(world, ("name", "Trần Thị Bưởi"))
    for text in ("Wang Jianguo", "王建國", "13800138000", "桂P12345", "450681198001010011", "东兴市北仑大道12号"):
        assert list(queries.persons_like(text)) == [buyer], text
    assert list(queries.persons_like("tran thi buoi")) == [other]
    assert not queries.persons_like("赵钱孙").exists()
    assert not queries.persons_like("").exists()


def test_a_fact_learned_later_is_recognised_at_once(world: World) -> None:
    buyer = person(world, ("name", "王建国"))
    custody.exclude(by=world.actor("officer"), at=world.now(), ground="buyer", person=buyer)
    guest = person(world, ("name", "李大山"), ("phone", "13900139000"))
    subject = custody_queries.person_subject("person", guest.pk)
    assert custody_queries.matches([subject], None) == {}
    actions.add_fact(person=buyer, kind="alias", value="李大山", by=world.actor("caseworker"), at=world.now())
    assert custody_queries.matches([subject], None) == {"person": custody_queries.Match.SAME}
    known = buyer.keys.count()
    actions.add_fact(person=buyer, kind="alias", value="Li Dashan", by=world.actor("officer"), at=world.now())
    assert buyer.facts.count() == 3
    assert buyer.keys.count() - known < 12  # what is known already is not stored again


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ((), {"facts": "required"}),
        ((("shoe", "42"),), {"kind": "unknown_choice"}),
        ((("phone", "12"),), {"phone": "not_recognisable"}),
        ((("name", " "),), {"name": "required"}),
        ((("name", "x" * 201),), {"name": "too_long"}),
    ],
)
def test_a_person_that_nobody_would_recognise(world: World, facts: tuple[tuple[str, str], ...], wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        person(world, *facts)
    assert refused.value.fields == wrong
    assert not Person.objects.exists()


def test_ties_are_told_from_both_sides_once(world: World) -> None:
    buyer, wife = person(world, ("name", "王建国")), person(world, ("name", "刘秀兰"))
    by = world.actor("officer")
    actions.tie(person=buyer, other=wife, kind="spouse", by=by, at=world.now())
    assert set(Tie.objects.values_list("person", "other")) == {(buyer.pk, wife.pk), (wife.pk, buyer.pk)}
    with pytest.raises(Refused) as refused:
        actions.tie(person=wife, other=buyer, kind="spouse", by=by, at=world.now())
    assert refused.value.codes == ("already_there",)
    assert not Alarm.objects.exists()
    actions.tie(person=wife, other=buyer, kind="household", by=by, at=world.now())
    custody.exclude(by=by, at=world.now(), ground="buyer", person=buyer)
    found = custody_queries.matches([custody_queries.person_subject("person", wife.pk)], None)
    assert found == {"person": custody_queries.Match.KIN}
    for other, kind, wrong in (
        (buyer, "spouse", {"other": "tie_to_self"}),
        (wife, "friend", {"kind": "unknown_choice"}),
    ):
        with pytest.raises(Invalid) as invalid:
            actions.tie(person=buyer, other=other, kind=kind, by=by, at=world.now())
        assert invalid.value.fields == wrong


def test_the_ring_is_counted_by_person(world: World) -> None:
    assert world.operation is not None
    by = world.actor("officer")

    def role(who: Person, kind: str, **told: Any) -> None:
        actions.record_role(person=who, operation=world.operation, kind=kind, by=by, at=world.now(), **told)  # type: ignore[arg-type]

    one, two, three, four = (person(world, ("name", name)) for name in ("甲大明", "乙大明", "丙大明", "丁大明"))
    role(one, "organiser", detained_at=RAID)
    role(one, "transporter")
    role(two, "seller")
    role(three, "buyer", detained_at=RAID)
    role(four, "witness")
    totals = queries.totals(world.operation)
    assert (totals.suspects, totals.detained) == (2, 1)
    with pytest.raises(Refused) as refused:
        role(one, "organiser")
    assert refused.value.codes == ("already_there",)
    for kind, told, wrong in (
        ("boss", {}, {"kind": "unknown_choice"}),
        ("suspect", {"detained_at": RAID + timedelta(days=9)}, {"detained_at": "in_future"}),
    ):
        with pytest.raises(Invalid) as invalid:
            role(one, kind, **told)
        assert invalid.value.fields == wrong


def test_children_are_counted_where_they_were_rescued_and_clues_apart(world: World) -> None:
    assert world.operation is not None
    world.child()
    world.child()
    world.event = rescue(world, jurisdiction=world.jurisdictions["GD"], clue_of=world.jurisdictions["GX"])
    world.child()
    totals = queries.totals(world.operation)
    assert totals.rescued == 3
    assert totals.by_jurisdiction == {"GX": 2, "GD": 1}
    assert totals.on_clue_of == {"GX": 1}
    other = operation(world)
    assert queries.totals(other).rescued == 0


def test_each_action_needs_its_permission_and_leaves_an_event(world: World) -> None:
    one, two = person(world, ("name", "王建国")), person(world, ("name", "刘秀兰"))
    assert world.operation is not None
    case = world.operation

    def acts(name: str) -> list[Callable[[], object]]:
        by = world.actor(name)
        return [
            lambda: operation(world, by=name),
            lambda: rescue(world, by=name),
            lambda: person(world, ("name", "周大明"), by=name),
            lambda: actions.add_fact(person=one, kind="phone", value="13800138000", by=by, at=world.now()),
            lambda: actions.tie(person=one, other=two, kind="sibling", by=by, at=world.now()),
            lambda: actions.record_role(person=one, operation=case, kind="buyer", by=by, at=world.now()),
        ]

    for act in acts("nurse"):
        with pytest.raises(NotAllowed):
            act()
    before = AuditEvent.objects.count()
    for act in acts("officer"):
        act()
    verbs = AuditEvent.objects.filter(chain="CN/GX").order_by("-n").values_list("action", flat=True)
    assert AuditEvent.objects.count() - before == 6
    assert list(verbs[:6])[::-1] == [
        f"operations.{verb}" for verb in ("record_operation", "record_rescue", "record_person", "add_fact", "tie", "record_role")
    ]
