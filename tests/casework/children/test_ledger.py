"""The ledger of alleged victims: 21 moved, 8 rescued, 13 open, and it stays open."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from factories.operations import add, end, investigation
from factories.world import World
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import VictimTie, VictimTieEnd
from wayhome.casework.children.queries import ledger
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.custody import actions as custody
from wayhome.casework.operations import actions
from wayhome.casework.operations.models import AllegedState, AllegedVictim, Investigation
from wayhome.casework.operations.queries.victims import victim_of, victims_of


@pytest.fixture
def opened(world: World) -> Investigation:
    """With a second officer of the same police, and one of another province."""
    return investigation(world, "officer2", "officer_gd")


def victim(world: World, opened: Investigation, by: str = "officer", **told: Any) -> AllegedVictim:
    columns: dict[str, Any] = {
        "evidence": "a call about a price",
        "sex": "U",
        "seen_from": date(2011, 6, 2),
        "seen_to": date(2011, 6, 9),
    } | told
    return actions.tell_victim(investigation=opened, by=world.actor(by), at=world.now(), **columns)


def state(world: World, one: AllegedVictim, to: str, by: str = "officer", note: str = "a ticket") -> AllegedState:
    return actions.tell_state(victim=one, state=to, note=note, by=world.actor(by), at=world.now())


def tied(world: World, one: AllegedVictim, child: Any, by: str = "officer") -> VictimTie:
    return custody.tie_victim(victim=one, child_id=child.pk, by=world.actor(by), at=world.now())


def untied(world: World, one: AllegedVictim, by: str = "officer") -> VictimTieEnd:
    return custody.untie_victim(victim=one, reason="another blanket", by=world.actor(by), at=world.now())


def figures(world: World, opened: Investigation) -> tuple[int, int, int, int]:
    told = ledger(world.actor("officer"), opened.pk)
    return told.moved, told.rescued, told.open, told.disproved


def test_of_21_moved_8_are_rescued_and_13_open(world: World, opened: Investigation) -> None:
    victims = [victim(world, opened, seen_to=date(2011, 7, n % 15 + 1)) for n in range(21)]
    assert figures(world, opened) == (21, 0, 21, 0)
    for one in victims[:8]:
        tied(world, one, world.child())
    assert figures(world, opened) == (21, 8, 13, 0)
    for one in victims[8:10]:
        tied(world, one, world.child())
    state(world, victims[20], "disproved")
    state(world, victims[19], "located")
    assert figures(world, opened) == (20, 10, 10, 1)
    untied(world, victims[0])
    assert figures(world, opened) == (20, 9, 11, 1)
    said = {one.pk: one.said for one in victims_of(world.actor("officer_gd"), opened.pk)}
    assert [said[one.pk] for one in victims[18:]] == ["unseen", "located", "disproved"]


def test_of_two_records_that_are_one_child_one_was_rescued(world: World, opened: Investigation) -> None:
    one, other = victim(world, opened), victim(world, opened)
    kept, absorbed = world.child(), world.child()
    tied(world, one, kept)
    tied(world, other, absorbed)
    step = children.propose_merge(kept=kept, absorbed=absorbed, reason="same", by=world.actor("officer"), at=world.now())
    children.confirm_merge(step=step, by=world.actor("officer2"), at=world.now())
    assert figures(world, opened) == (2, 1, 1, 0)


def test_a_child_is_one_of_them_and_one_of_them_is_one_child(world: World, opened: Investigation) -> None:
    one, other, child = victim(world, opened), victim(world, opened), world.child()
    tied(world, one, child)
    with pytest.raises(Refused, match="victim_rescued"):
        tied(world, one, world.child())
    with pytest.raises(Refused, match="child_tied"):
        tied(world, other, child)
    with pytest.raises(Refused, match="victim_rescued"):
        state(world, one, "disproved")
    state(world, one, "located")
    untied(world, one)
    with pytest.raises(NotFound):
        untied(world, one)
    tied(world, other, child)
    state(world, one, "disproved")
    with pytest.raises(Refused, match="victim_disproved"):
        tied(world, one, world.child())
    state(world, one, "unseen")
    tied(world, one, world.child())
    assert not Alarm.objects.exists(), "an alarm would tell of the compartment"


def test_another_compartment_learns_nothing(world: World, opened: Investigation) -> None:
    child = world.child()
    tied(world, victim(world, opened), child)
    mine = investigation(world)
    tied(world, victim(world, mine), child)
    assert figures(world, mine) == (1, 1, 0, 0)


def test_others_and_former_members_see_and_tell_nothing(world: World, opened: Investigation) -> None:
    one, child = victim(world, opened), world.child()
    end(world, opened, "officer2")
    for name in ("officer2", "administrator", "supervisor"):
        by = world.actor(name)
        for look in (lambda by=by: ledger(by, opened.pk), lambda by=by: victim_of(by, one.pk)):
            with pytest.raises(NotFound):
                look()
        for act in (
            lambda name=name: victim(world, opened, name),
            lambda name=name: state(world, one, "located", name),
            lambda name=name: tied(world, one, child, name),
            lambda name=name: untied(world, one, name),
        ):
            with pytest.raises(NotFound if name == "officer2" else NotAllowed):
                act()
    assert not Alarm.objects.exists()


def test_a_child_whose_file_is_not_for_a_member_is_not_there(world: World, opened: Investigation) -> None:
    with pytest.raises(NotFound):
        tied(world, victim(world, opened), world.child(), "officer_gd")


def test_what_cannot_be_typed(world: World, opened: Investigation) -> None:
    with pytest.raises(Invalid) as wrong:
        victim(world, opened, evidence=" ", sex="X", seen_from=date(2011, 6, 10), seen_to=date(2011, 6, 9))
    assert wrong.value.fields == {"evidence": "required", "sex": "unknown_choice", "seen_from": "wrong_order"}
    with pytest.raises(Invalid) as wrong:
        victim(world, opened, seen_to=(world.clock + timedelta(days=3)).date())
    assert wrong.value.fields == {"seen_to": "in_future"}
    with pytest.raises(Invalid) as wrong:
        state(world, victim(world, opened), "rescued", note="")
    assert wrong.value.fields == {"state": "unknown_choice", "note": "required"}
    one = victim(world, opened)
    with pytest.raises(Invalid) as wrong:
        custody.untie_victim(victim=one, reason=" ", by=world.actor("officer"), at=world.now())
    assert wrong.value.fields == {"reason": "required"}


def test_events_name_the_investigation_alone(world: World, opened: Investigation) -> None:
    one = victim(world, opened)
    state(world, one, "located")
    tied(world, one, world.child())
    untied(world, one)
    verbs = ("operations.tell_victim", "operations.tell_state", "custody.tie_victim", "custody.untie_victim")
    events = AuditEvent.objects.filter(action__in=verbs).order_by("n")
    assert [(e.action, e.subject, e.child_id, e.data) for e in events] == [
        (verb, f"investigation:{opened.pk}", 0, "{}") for verb in verbs
    ]


def test_the_database_says_so_too(world: World, opened: Investigation) -> None:
    one, other, child = victim(world, opened), victim(world, opened), world.child()
    nobody = world.staff["caseworker"]
    tie = tied(world, one, child)
    columns = {"evidence": "x", "sex": "U", "seen_from": "2011-06-02", "seen_to": "2011-06-09", "at": world.now()}
    officer = {"by": world.staff["officer"], "at": world.now()}
    for code, row in (
        ("not_member", AllegedVictim(investigation=opened, by=nobody, **columns)),
        ("not_member", AllegedState(victim=one, state="located", note="x", by=nobody, at=world.now())),
        ("not_member", VictimTie(victim=other, child=world.child(), by=nobody, at=world.now())),
        ("not_member", VictimTieEnd(tie=tie, reason="x", by=nobody, at=world.now())),
        ("victim_rescued", VictimTie(victim=one, child=world.child(), **officer)),
        ("child_tied", VictimTie(victim=other, child=child, **officer)),
        ("victim_rescued", AllegedState(victim=one, state="disproved", note="x", **officer)),
    ):
        with expected_refusal(connection), pytest.raises(DatabaseError, match=code), transaction.atomic():
            row.save(force_insert=True)
    with expected_refusal(connection), pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        AllegedVictim.objects.update(evidence="another")


def test_questions_do_not_grow_with_the_ledger(world: World, opened: Investigation) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            ledger(world.actor("officer"), opened.pk)
        return len(captured)

    tied(world, victim(world, opened), world.child())
    few = asked()
    for _ in range(3):
        tied(world, victim(world, opened), world.child())
    assert asked() == few


def test_who_comes_back_sees_it_again(world: World, opened: Investigation) -> None:
    one = victim(world, opened, "officer2")
    end(world, opened, "officer2")
    add(world, opened, "officer2")
    assert victim_of(world.actor("officer2"), one.pk) == one
