"""Whoever asks and however they ask, one child or everybody: the same children are known to them."""

from __future__ import annotations

from dataclasses import replace

from factories.world import World
from wayhome.casework.children.models import Child
from wayhome.casework.custody import queries as custody
from wayhome.casework.custody.rules import Kind


def test_one_or_some_or_all(world: World) -> None:
    found, treated, moved, offered = world.child(), *(world.in_hospital(cleared=cleared) for cleared in (False, True, True))
    world.has_room("home_gd")
    world.hand_over(moved, "home_gd", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker_gd")
    world.offer(offered, "home_gd", Kind.WELFARE_INSTITUTION, giver="nurse")
    everybody = {found.pk, treated.pk, moved.pk, offered.pk}
    guangxi = world.actor("placement")
    guangdong = replace(
        guangxi, agency_id=world.agencies["welfare_gd"].pk, jurisdiction=world.jurisdictions["GD"].path, staff_id=10**6
    )
    nowhere = replace(guangdong, agency_id=10**6, jurisdiction=world.jurisdictions["VN"].path)
    known = {
        world.actor("officer"): everybody,
        world.actor("nurse"): {treated.pk, offered.pk},
        world.actor("caseworker_gd"): {moved.pk, offered.pk},
        world.actor("officer_gd"): set(),
        world.actor("supervisor"): everybody,
        guangxi: everybody,
        guangdong: {moved.pk, offered.pk},
        replace(guangdong, agency_id=10**6): {moved.pk},
        nowhere: set(),
    }
    at = world.now()
    for by, children in known.items():
        assert {one.pk for one in custody.visible_children(by, at=at)} == children
        assert {one.pk for one in custody.visible_children(by, at=at, among=Child.objects.all())} == children
        assert custody.visible_numbers([*everybody, 1], by=by, at=at) == children
        assert set(custody.visible_among(everybody, by=by, at=at)) == children
        assert {one for one in everybody if custody.is_visible(one, by=by, at=at)} == children
