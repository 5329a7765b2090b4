"""Whoever has a child, or is to carry one, is looked at again when an exclusion is entered; of nobody else is anything told."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories.world import World
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.custody import actions
from wayhome.casework.custody.rules import Kind
from wayhome.casework.operations import actions as operations

FAMILY = (("name", "蒙晓兰"), ("id", "450102198001010023"))


def to_hospital(world: World, child: Child, **more: Any) -> None:
    """The home offers a child."""
    world.offer(child, "hospital", Kind.HOSPITAL, giver="caseworker", **more)


def to_family(world: World, child: Child) -> None:
    """A family takes a child in."""
    request = actions.propose_foster(
        child=child,
        institution=world.facilities["home"],
        person=world.person("foster mother", *FAMILY),
        address="广西钦州市安州大道77号",
        reason="family care",
        by=world.actor("caseworker"),
        at=world.now(),
    )
    for name in ("officer", "supervisor"):
        actions.approve_foster(request=request, digest=request.digest, by=world.actor(name), at=world.now())
    world.hand_over(child, "home", Kind.FOSTER, giver="caseworker", receiver="caseworker2", foster=request)


def excluded(world: World, **more: Any) -> None:
    actions.exclude(ground="suspect", by=world.actor("officer"), at=world.now(), **more)


def excluded_person(world: World, *facts: tuple[str, str]) -> None:
    excluded(world, person=world.person("suspect", *facts))


def excluded_kin(world: World, name: str) -> None:
    """Somebody's spouse, and nothing more is known of either."""
    suspect, kin = world.person("suspect", ("name", "农晓红")), world.person("kin", ("name", name))
    operations.tie(person=suspect, other=kin, kind="spouse", by=world.actor("officer"), at=world.now())
    excluded(world, person=suspect)


@pytest.mark.parametrize(
    ("who", "prepare", "exclude"),
    [
        ("responsible", None, lambda w: excluded_person(w, ("name", "黄美玲"))),
        ("responsible", None, lambda w: excluded_kin(w, "黄美玲")),
        ("facility", None, lambda w: excluded(w, subject="address", value="广西防城港市迎宾街30号")),
        ("household", to_family, lambda w: excluded_person(w, FAMILY[1])),
        ("household", to_family, lambda w: excluded_kin(w, "蒙晓兰")),
        (
            "vehicle",
            lambda w, c: to_hospital(w, c, vehicle="桂A 12345"),
            lambda w: excluded(w, subject="vehicle", value="桂A12345"),
        ),
        ("escort", lambda w, c: to_hospital(w, c, escort=w.person("driver", *FAMILY)), lambda w: excluded_person(w, FAMILY[1])),
    ],
    ids=["carer", "kin of the carer", "place", "family", "kin of the family", "car", "driver"],
)
def test_a_child_in_the_wrong_hands_is_told_and_another_is_not(world: World, who: str, prepare: Any, exclude: Any) -> None:
    child = world.in_home()
    world.in_hospital()
    if prepare is not None:
        prepare(world, child)
    excluded_person(world, ("name", "somebody else"))
    excluded(world, subject="vehicle", value="粤B 99999")
    assert not Alarm.objects.exists()
    exclude(world)
    [alarm] = Alarm.objects.all()
    assert (alarm.kind, alarm.child_id, alarm.code) == ("excluded_custodian", child.pk, who)


def test_children_in_good_hands_cost_no_question(world: World) -> None:
    """However many there are, and however many records were merged: nobody waits for an exclusion to be entered."""

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            excluded(world, subject="phone", value="13900007777")
        return len(asked)

    world.in_home()
    few = questions()
    for _ in range(4):
        child, twice = world.in_home(), world.child()
        to_hospital(world, child, vehicle="桂A 12345")
        step = children.propose_merge(kept=child, absorbed=twice, reason="same marks", by=world.actor("officer"), at=world.now())
        children.confirm_merge(step=step, by=world.actor("officer2"), at=world.now())
    assert questions() == few
