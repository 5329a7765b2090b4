"""Handovers that are legal happen; those that are not are refused, by the action with all reasons and by the database."""

from __future__ import annotations

import pytest

from factories.world import World
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.errors import NotFound, Refused
from wayhome.casework.custody import actions, queries
from wayhome.casework.custody.rules import Kind


def test_a_child_goes_from_police_to_hospital_to_home(world: World) -> None:
    child = world.in_home()
    assert [(e.n, e.kind) for e in queries.timeline(child.pk)] == [
        (1, "police"),
        (2, "hospital"),
        (3, "welfare_institution"),
    ]
    assert queries.head(child.pk).responsible == world.staff["caseworker"]
    assert not Alarm.objects.exists()


def test_the_child_stays_with_the_giver_until_the_receiver_signs(world: World) -> None:
    child = world.child()
    offer = actions.offer_handover(
        child=child,
        to_facility=world.facilities["hospital"],
        kind=Kind.HOSPITAL,
        wristband=child.number,
        place="gate",
        condition="drowsy",
        by=world.actor("officer"),
        at=world.now(),
    )
    assert queries.head(child.pk).kind == "police"
    with pytest.raises(NotFound):
        actions.accept_handover(offer_id=offer.pk, wristband=child.number, by=world.actor("caseworker"), at=world.now())
    actions.accept_handover(offer_id=offer.pk, wristband=child.number, by=world.actor("nurse"), at=world.now())
    assert queries.head(child.pk).kind == "hospital"


def test_nobody_leaves_the_hospital_without_a_doctor(world: World) -> None:
    child = world.in_hospital()
    with pytest.raises(Refused) as refused:
        world.hand_over(child, "home", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
    assert refused.value.codes == ("not_cleared",)
    assert Alarm.objects.filter(code="not_cleared", child_id=child.pk).count() == 1
