"""What a home reads of a child that it is asked for: what it needs, while it needs it, and every look is noted."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from factories.api import Program
from factories.world import World
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.core.errors import NotAllowed, NotFound
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.placements import actions
from wayhome.casework.placements.models import Placement

SECRET = "found in flat 12 of the red house"


def text(answer: Any) -> str:
    """The page."""
    return str(answer.content.decode())


def ward(world: World) -> Child:
    """Cleared for nursing care, with a limit; a mark, a thing and a saying that are nobody else's business."""
    child = world.in_hospital()
    now = world.now
    nurse = world.actor("nurse")
    children.estimate_age(child=child, on=now().date(), least_days=40, most_days=70, method="growth", by=nurse, at=now())
    children.add_item(child=child, what=SECRET, by=nurse, at=now())
    children.say(child=child, field="origin", value=SECRET, said_by="suspect 4", by=nurse, at=now())
    limits, doctor = "no car for more than three hours", world.actor("doctor")
    custody.clear(child=child, fit=True, level="nursing", limits=limits, by=doctor, at=now())
    return child


def ask(world: World, child: Child, home: str = "home") -> Placement:
    """By the placement officer."""
    return actions.propose_placement(child=child, facility=world.facilities[home], by=world.actor("placement"), at=world.now())


def looks(child: Child) -> int:
    """How often a home read of a child."""
    return AuditEvent.objects.filter(child_id=child.pk, action="placements.read_asked").count()


def test_a_home_reads_what_it_needs_and_no_more(world: World, client_of) -> None:
    child = ward(world)
    asked = ask(world, child)
    page = text(client_of("caseworker").get(reverse("asked_child", args=[asked.pk])))
    for told in ("girl", "40–70 days", "nursing care", "no car for more than three hours", "东兴市人民医院", child.call_name):
        assert told in page
    assert SECRET not in page
    assert world.staff["nurse"].name not in page
    assert looks(child) == 1
    (event,) = AuditEvent.objects.filter(action="placements.read_asked")
    assert (event.staff_id, event.subject) == (world.staff["caseworker"].pk, f"placement:{asked.pk}")
    client_of("caseworker").get(reverse("answer_placement", args=[asked.pk]))
    assert looks(child) == 2, "the page on which it answers tells the same"
    assert client_of("caseworker").get(reverse("child", args=[child.number])).status_code == 404


def test_siblings_are_read_together_and_each_look_is_noted(world: World) -> None:
    pair = [world.in_hospital(cleared=True) for _ in range(2)]
    children.group_siblings(children=pair, ground="alleged", by=world.actor("nurse"), at=world.now())
    other = world.in_hospital(cleared=True)
    first, _second, alone = (ask(world, Child.objects.get(pk=child.pk)) for child in (*pair, other))
    read = actions.read_asked(placement_id=first.pk, by=world.actor("caseworker"), at=world.now())
    assert {(one.number, one.together) for one in read} == {(child.number, 1) for child in pair}
    assert [looks(child) for child in (*pair, other)] == [1, 1, 0]
    (single,) = actions.read_asked(placement_id=alone.pk, by=world.actor("caseworker"), at=world.now())
    assert single.together == 0


@pytest.mark.parametrize("who", ["caseworker_gd", "placement", "supervisor", "nurse", "officer", "administrator"])
def test_nobody_else_reads_it(world: World, who: str) -> None:
    asked = ask(world, ward(world))
    with pytest.raises((NotFound, NotAllowed)):
        actions.read_asked(placement_id=asked.pk, by=world.actor(who), at=world.now())
    assert looks(asked.child) == 0
    assert actions.read_asked(placement_id=asked.pk, by=world.actor("caseworker2"), at=world.now())


@pytest.mark.parametrize("then", ["refused", "ended", "accepted", "accepted and given back", "come"])
def test_it_is_read_while_there_is_something_to_answer_or_to_get_ready(world: World, client_of, then: str) -> None:
    child = ward(world)
    world.has_room("home", level=1)
    asked, caseworker, client = ask(world, child), world.actor("caseworker"), client_of("caseworker")
    address = reverse("asked_child", args=[asked.pk])
    assert client.get(address).status_code == 200
    if then == "refused":
        actions.refuse_placement(placement=asked, code="no_carer", by=caseworker, at=world.now())
    elif then == "ended":
        actions.end_placement(placement=asked, reason="nearer", by=world.actor("placement"), at=world.now())
    else:
        actions.accept_placement(placement=asked, by=caseworker, at=world.now())
        assert "You keep a place" in text(client.get(address))
        assert address in text(client.get(reverse("placements")))
    if then == "accepted and given back":
        actions.end_placement(placement=asked, reason="a nurse is ill", by=caseworker, at=world.now())
    if then == "come":
        world.hand_over(child, "home", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
    before = looks(child)
    assert client.get(address).status_code == (200 if then == "accepted" else 404)
    assert looks(child) - before == (then == "accepted")


def test_whoever_answers_too_late_is_told_so_and_it_is_no_attack(world: World, client_of) -> None:
    called_off, answered = ask(world, ward(world)), ask(world, ward(world))
    actions.end_placement(placement=called_off, reason="nearer", by=world.actor("placement"), at=world.now())
    actions.refuse_placement(placement=answered, code="no_carer", by=world.actor("caseworker2"), at=world.now())
    client = client_of("caseworker")
    for name, body in (("answer_placement", {}), ("refuse_placement", {"code": "no_bed", "note": ""})):
        late = client.post(reverse(name, args=[called_off.pk]), body | {"once": f"{name}-1"}, follow=True)
        assert "This placement was called off a moment ago." in text(late)
        twice = client.post(reverse(name, args=[answered.pk]), body | {"once": f"{name}-2"}, follow=True)
        assert "A colleague has answered this already." in text(twice)
    assert client_of("caseworker_gd").post(reverse("answer_placement", args=[called_off.pk])).status_code == 404
    assert not Alarm.objects.filter(kind=Alarm.Kind.REFUSED).exists()


def test_by_the_api(world: World) -> None:
    world.clock = timezone.now() - timedelta(minutes=30)
    world.has_room("home", level=1)
    child = ward(world)
    asked, api = ask(world, child), Program(world)
    answer = api.get("caseworker", f"/placements/{asked.pk}")
    (told,) = json.loads(answer.content)["children"]
    passed = (timezone.now().date() - child.ages.get().on).days
    assert told == {
        "placement": asked.pk,
        "number": child.number,
        "call_name": child.call_name,
        "sex": "F",
        "least_days": 40 + passed,
        "most_days": 70 + passed,
        "level": 1,
        "limits": "no car for more than three hours",
        "place": "hospital",
        "together": 0,
    }
    assert looks(child) == 1
    assert api.get("caseworker_gd", f"/placements/{asked.pk}").status_code == 404
    assert api.get("supervisor", f"/placements/{asked.pk}").status_code == 403
    actions.refuse_placement(placement=asked, code="no_carer", by=world.actor("caseworker"), at=world.now())
    assert api.get("caseworker", f"/placements/{asked.pk}").status_code == 404
