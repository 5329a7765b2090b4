"""Profiles are compared with those that should, or should not, be like them."""

from __future__ import annotations

import random
from typing import Any

from factories.kits import agrees
from factories.laboratory import child_of, family, grandmother, sample, somebody, table
from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.laboratory.actions.comparing import compare_new
from wayhome.casework.laboratory.actions.files import import_file
from wayhome.casework.laboratory.models import Comparison, Kit, ProfileFlag


def imported(world: World, samples: Any) -> None:
    import_file(name="run.csv", data=table(samples), signature=None, by=world.actor("analyst"), at=world.now())


def flagged() -> set[tuple[Kit, str, Kit | None]]:
    return {(flag.kit, flag.kind, flag.other) for flag in ProfileFlag.objects.select_related("kit", "other")}


def test_a_second_sample_that_is_somebody_elses(world: World) -> None:
    chance = random.Random(1)
    child = world.in_hospital()
    first, second, third = (sample(world, child) for _ in range(3))
    mine = somebody(chance)
    imported(world, {first.number: mine})
    assert compare_new(at=world.now()) == 0
    imported(world, {second.number: mine | {"D8S1179": ("8", "8")}})
    assert compare_new(at=world.now()) == 0
    imported(world, {third.number: somebody(chance)})
    assert compare_new(at=world.now()) == 1
    assert flagged() == {(third, "second_differs", first), (third, "second_differs", second)}
    assert Comparison.objects.count() == 3
    assert compare_new(at=world.now()) == 0
    assert AuditEvent.objects.filter(action="laboratory.flag").count() == 1


def test_two_children_with_one_profile(world: World) -> None:
    one, other = sample(world, world.in_hospital()), sample(world, world.in_hospital())
    mine = somebody(random.Random(1))
    imported(world, {one.number: mine})
    compare_new(at=world.now())
    imported(world, {other.number: mine})
    assert compare_new(at=world.now()) == 1
    assert flagged() == {(other, "same_as", one)}


def test_a_family_that_fits_is_left_alone(world: World) -> None:
    chance = random.Random(2)
    _, kin = family(world)
    elder = grandmother(world, kin)
    agrees(world, elder)
    old, mother = sample(world, elder), sample(world, kin["mother"])
    theirs = somebody(chance)
    imported(world, {old.number: theirs, mother.number: child_of(theirs, somebody(chance), chance)})
    assert compare_new(at=world.now()) == 0
    assert flagged() == set()


def test_two_tubes_exchanged_in_a_batch_are_found(world: World) -> None:
    """Mother and grandmother of two families, with the mothers' tubes exchanged."""
    chance = random.Random(3)
    families_ = [family(world)[1], family(world, inquirer=[("name", "莫大娘"), ("phone", "13800000000")], child_name="阿宝")[1]]
    kits, calls = [], []
    for kin in families_:
        elder = grandmother(world, kin)
        agrees(world, elder)
        kits.append((sample(world, elder), sample(world, kin["mother"])))
        theirs = somebody(chance)
        calls.append((theirs, child_of(theirs, somebody(chance), chance)))
    run = {kits[0][0].number: calls[0][0], kits[1][0].number: calls[1][0]}
    imported(world, run | {kits[0][1].number: calls[1][1], kits[1][1].number: calls[0][1]})
    assert compare_new(at=world.now()) == 4
    mothers = [pair[1] for pair in kits]
    elders = [pair[0] for pair in kits]
    found = flagged()
    for here, there in ((0, 1), (1, 0)):
        assert (mothers[here], "not_kin", elders[here]) in found
        assert (elders[here], "not_kin", mothers[here]) in found
        assert (mothers[here], "exchanged", mothers[there]) in found
        # To exchange the grandmothers' would mend it as well: which of the two, people must find out.
        assert (elders[here], "exchanged", elders[there]) in found
    assert all(set(flag.detail) <= {"loci"} for flag in ProfileFlag.objects.all())
