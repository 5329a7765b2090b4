"""Sixty reports and nobody typed: what families tell brings their own child near the top (scenario D10)."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from factories.families import asks
from factories.matching import House
from factories.world import World
from wayhome import kinship
from wayhome.casework.children import actions as children
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import TracingRequest
from wayhome.casework.matching.queries.ranking import untyped_requests_for
from wayhome.casework.medical import actions as medical

PLACE = min(kinship.body_places())
MARKS = [(name, kind.places or (PLACE,)) for name, kind in kinship.mark_kinds().items() if not kind.no_weight]
KIND = next(name for name, kind in kinship.mark_kinds().items() if not kind.places)
NAMES = "韦覃黄莫陆农蒙罗梁卢岑班"


def told(chance: random.Random, sex: str, born: date, lost: date) -> dict[str, Any]:
    name = chance.choice(NAMES) + "小" + chance.choice("雨星禾云溪竹月杏枫露晴荷")
    phone = f"139{chance.randrange(10**8):08d}"
    return {
        "inquirer": [("name", name + "家"), ("phone", phone)],
        "child_name": name,
        "sex": sex,
        "born_from": born - timedelta(days=1),
        "born_to": born + timedelta(days=1),
        "lost_from": lost,
        "lost_to": lost + timedelta(days=1),
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_true_children_are_among_the_first_five(world: World, seed: int) -> None:
    chance = random.Random(seed)
    day = world.clock.date()
    true: list[tuple[Any, TracingRequest]] = []
    for n in range(60):
        sex, age = chance.choice("FM"), chance.randrange(20, 200)
        born = day - timedelta(days=age)
        lost = born + timedelta(days=chance.randrange(5, age))
        request = asks(world, **told(chance, sex, born, lost))
        kind, places = chance.choice(MARKS)
        if n % 2 == 0:
            families.add_mark(request=request, place=chance.choice(places), kind=kind, by=world.actor("officer"), at=world.now())
        if n < 5:
            child = world.in_hospital()
            if child.sex != sex:
                children.correct(child_id=child.pk, version=1, changes={"sex": sex}, by=world.actor("nurse"), at=world.now())
                child.refresh_from_db()
            measured(world, child, age, sex, chance)
            for mark in request.marks.all():
                children.add_mark(child=child, place=mark.place, kind=mark.kind, by=world.actor("nurse"), at=world.now())
            true.append((child, request))
    places_ = [[one.request for one in untyped_requests_for(child, top=60)].index(request) for child, request in true]
    assert sum(place < 5 for place in places_) >= 4


def measured(world: World, child: Any, age: int, sex: str, chance: random.Random) -> None:
    """A healthy infant of that age, give or take."""
    length = 49.5 + 0.11 * age - 0.00013 * age * age + (0.8 if sex == "M" else 0)
    weight = 3300 + 25 * age - 0.04 * age * age
    medical.measure(
        child=child,
        length_mm=round(10 * (length + chance.gauss(0, 1.5))),
        weight_g=round(weight * (1 + chance.gauss(0, 0.08))),
        head_mm=None,
        taken_at=world.clock,
        by=world.actor("nurse"),
        at=world.now(),
    )


def test_a_blank_field_never_lowers_a_rank(world: World) -> None:
    child = world.in_hospital()
    plain = asks(world)
    (ranked,) = untyped_requests_for(child)
    assert {one.name for one in ranked.evidence.findings if one.missing} == {"age", "marks", "belongings", "names"}
    families.add_mark(request=plain, place=PLACE, kind=KIND, by=world.actor("officer"), at=world.now())
    assert untyped_requests_for(child)[0].evidence.log10_lr == pytest.approx(ranked.evidence.log10_lr)


def test_who_was_typed_is_searched_by_dna(world: World) -> None:
    house = House(world)
    assert [one.request for one in untyped_requests_for(house.child)] == [house.request]
    house.sampled("mother")
    assert untyped_requests_for(house.child) == []
