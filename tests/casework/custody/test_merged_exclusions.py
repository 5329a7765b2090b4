"""A merge may bring an exclusion onto a child that is in the wrong hands already: confirming it raises the alarm at once."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from factories.api import EVERY, Program
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child, MergeConfirmation, MergeStep
from wayhome.casework.custody import actions
from wayhome.casework.operations.actions import record_operation, record_rescue

NURSE = "王秀英"


def elsewhere(world: World) -> Child:
    """A child of another operation, at the police still."""
    officer, mine = world.actor("officer"), world.event
    operation = record_operation(
        code="9.1", title="Case 2", zero_hour=world.now(), jurisdiction=world.jurisdictions["GX"], by=officer, at=world.now()
    )
    world.event = record_rescue(
        operation=operation,
        jurisdiction=world.jurisdictions["GX"],
        place="广西凭祥市北大路66号",
        found_at=world.clock,
        by=officer,
        at=world.now(),
    )
    child = world.child("another")
    world.event = mine
    return child


def exclude_namesake(world: World, child: Child, scope: str) -> None:
    """Somebody whom the nurse passes for may never have this child, or any of its operation."""
    actions.exclude(
        person=world.person("seller", ("name", NURSE)),
        scope=scope,
        child=child if scope == "child" else None,
        operation=child.event.operation if scope == "operation" else None,
        ground="seller",
        by=world.actor("officer"),
        at=world.now(),
    )


def proposed(world: World, kept: Child, absorbed: Child) -> MergeStep:
    return children.propose_merge(kept=kept, absorbed=absorbed, reason="same marks", by=world.actor("officer"), at=world.now())


def confirm(world: World, step: MergeStep) -> None:
    children.confirm_merge(step=step, by=world.actor("officer2"), at=world.now())


@pytest.mark.parametrize("scope", ["operation", "child"])
@pytest.mark.parametrize("kept_is_excluded", [False, True], ids=["from the record merged away", "from the record kept"])
def test_the_child_with_the_wrong_nurse_is_told_at_once(world: World, scope: str, kept_is_excluded: bool) -> None:
    """The child may be where the record merged away says: it is told for either, under the number by which the nurse has it."""
    there, twin = world.in_hospital(), elsewhere(world)
    exclude_namesake(world, twin, scope)
    assert not Alarm.objects.exists(), "the nurse has another child"
    step = proposed(world, twin, there) if kept_is_excluded else proposed(world, there, twin)
    assert not Alarm.objects.exists(), "one person alone says nothing"
    confirm(world, step)
    [alarm] = Alarm.objects.all()
    assert (alarm.kind, alarm.level, alarm.code, alarm.child_id) == ("excluded_custodian", 3, "responsible", there.pk)
    assert (alarm.staff_id, alarm.jurisdiction) == (world.staff["officer2"].pk, "/CN/GX/")
    assert alarm.at == MergeConfirmation.objects.get().at
    told = AuditEvent.objects.get(action="audit.alarm")
    assert (told.child_id, json.loads(told.data)["kind"]) == (there.pk, "excluded_custodian")


def test_a_merge_that_brings_nothing_alarms_nobody(world: World) -> None:
    there, twin, other = world.in_hospital(), elsewhere(world), world.child()
    exclude_namesake(world, twin, "operation")
    confirm(world, proposed(world, there, other))
    assert not Alarm.objects.exists()
    assert MergeConfirmation.objects.count() == 1


def test_a_split_alarms_nobody_and_a_second_merge_tells_once(world: World) -> None:
    there, twin = world.in_hospital(), elsewhere(world)
    exclude_namesake(world, twin, "operation")
    confirm(world, proposed(world, there, twin))
    split = children.propose_split(absorbed=twin, reason="two after all", by=world.actor("officer"), at=world.now())
    confirm(world, split)
    assert Alarm.objects.count() == 1
    confirm(world, proposed(world, there, twin))
    assert Alarm.objects.count() == 1, "the same custody is told once"


def test_a_split_does_not_look(world: World) -> None:
    """The alarm that was missed stays missed: a split says nothing of custodians."""
    there, twin = world.in_hospital(), elsewhere(world)
    confirm(world, proposed(world, there, twin))
    split = children.propose_split(absorbed=twin, reason="two after all", by=world.actor("officer"), at=world.now())
    actions.exclude(
        person=world.person("seller", ("name", NURSE)), ground="seller", by=world.actor("officer"), at=world.now(), look=False
    )
    confirm(world, split)
    assert not Alarm.objects.exists()


def test_without_the_look_there_is_no_merge(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The alarm is of the merge's transaction: if it cannot be raised, nothing was confirmed."""
    there, twin = world.in_hospital(), elsewhere(world)
    exclude_namesake(world, twin, "operation")
    step = proposed(world, there, twin)

    def breaks(**_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("wayhome.casework.custody.actions.exclusions.raise_alarm", breaks)
        with pytest.raises(OSError, match="full"):
            confirm(world, step)
    assert not MergeConfirmation.objects.exists()
    confirm(world, step)
    assert Alarm.objects.get().child_id == there.pk


@pytest.mark.parametrize("face", ["page", "api"])
def test_from_every_face(world: World, client: Client, monkeypatch: pytest.MonkeyPatch, face: str) -> None:
    there, twin = world.in_hospital(), elsewhere(world)
    exclude_namesake(world, twin, "operation")
    step = proposed(world, there, twin)
    staff = world.staff["officer2"]
    if face == "page":
        monkeypatch.setattr("wayhome.web.clock.now", world.now)
        monkeypatch.setattr("wayhome.web.desk.proved_lately", lambda request: True)
        user = accounts.open_account(staff=staff, username="officer2", password=None)
        user.authenticator_set.create(type="totp", data={"secret": "none"})
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.post(reverse("confirm_merge", args=[step.pk]), {"once": "d"}).status_code == 302
    else:
        answer = Program(world, client).post("officer2", f"/merge-steps/{step.pk}/confirmation", {}, scopes=(*EVERY, "approve"))
        assert answer.status_code == 201, answer.content
    assert Alarm.objects.get().child_id == there.pk
