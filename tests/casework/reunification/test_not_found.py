"""Whose certificate is due: of children in care, while no family is in question, the first before the last."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from factories.laboratory import second_analyst
from factories.matching import House
from factories.world import World
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.custody import actions
from wayhome.casework.matching.actions import reading
from wayhome.casework.reunification.actions import afterwards
from wayhome.casework.reunification.queries.not_found import certificates_due

pytestmark = pytest.mark.django_db


def due(world: World, who: str = "officer", *, days: float = 31) -> list[tuple[Child, str]]:
    """As it is so many days after the first child of the world came into care."""
    first = Child.objects.order_by("pk")[0].first_episode
    assert first is not None
    at = max(first.started_at + timedelta(days=days), world.clock)
    return [(child, kind) for child, kind, _ in certificates_due(world.actor(who), at=at)]


def test_the_first_certificate_and_then_after_a_notice_the_last(world: World) -> None:
    child = world.in_home()
    by: dict[str, Any] = {"by": world.actor("officer")}
    assert due(world, days=29.9) == []
    assert due(world) == [(child, "one_month")]
    assert due(world, "officer_gd") == [], "of another agency"
    assert due(world, days=400) == [(child, "one_month")], "the first comes first, however late"
    world.clock += timedelta(days=31)
    afterwards.certify(child=child, kind="one_month", document="x", at=world.clock, **by)
    assert due(world, days=400) == [], "no notice was published"
    afterwards.publish_notice(child=child, published_on=world.clock.date(), published_in="x", at=world.clock, **by)
    noticed = world.clock
    assert due(world, days=364) == []
    assert due(world, days=366) == [(child, "twelve_months")]
    world.clock = noticed + timedelta(days=366)
    afterwards.certify(child=child, kind="twelve_months", document="x", at=world.clock, **by)
    assert due(world, days=800) == []


def test_a_notice_stands_for_thirty_days_first(world: World) -> None:
    child = world.in_home()
    by: dict[str, Any] = {"by": world.actor("officer")}
    world.clock += timedelta(days=370)
    afterwards.certify(child=child, kind="one_month", document="x", at=world.clock, **by)
    afterwards.publish_notice(child=child, published_on=world.clock.date(), published_in="x", at=world.clock, **by)
    assert due(world, days=371) == []
    assert due(world, days=402) == [(child, "twelve_months")]


def test_none_while_a_family_is_in_question(world: World) -> None:
    house = House(world)
    candidate = house.proposed()
    second_analyst(world)
    assert due(world) == []
    for who, told in (("analyst", []), ("analyst2", [(house.child, "one_month")])):
        reading.read(candidate=candidate, conclusion="excludes", note="x", by=world.actor(who), at=world.now())
        assert due(world) == told, f"after {who}"


def test_none_of_a_record_that_was_merged_away(world: World) -> None:
    kept, absorbed = world.in_hospital(), world.in_hospital()
    assert {child for child, _ in due(world)} == {kept, absorbed}
    step = children.propose_merge(kept=kept, absorbed=absorbed, reason="one child", by=world.actor("officer"), at=world.now())
    children.confirm_merge(step=step, by=world.actor("officer2"), at=world.now())
    assert [child for child, _ in due(world)] == [kept]


def test_none_of_a_child_that_is_in_care_no_more(world: World) -> None:
    child, other = world.in_hospital(), world.in_hospital()
    assert {one for one, _ in due(world)} == {child, other}
    at = world.now()
    told: dict[str, Any] = {"died_at": at, "condition": "x", "by": world.actor("doctor"), "at": at}
    actions.record_death(child=child, **told)
    assert [one for one, _ in due(world)] == [other]
