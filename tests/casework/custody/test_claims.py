"""A buyer asks for "her" child: those who oversee are told, the desk where she sits is not."""

from __future__ import annotations

from typing import Any

import pytest

from factories.families import MOTHER, asks
from factories.world import World
from wayhome.casework.audit.models import Alarm
from wayhome.casework.audit.queries import open_alarms
from wayhome.casework.custody import actions as custody
from wayhome.casework.families import actions, queries
from wayhome.casework.operations import actions as operations
from wayhome.casework.operations.models import Person

BUYER = (("name", "农晓红"), ("id", "452801197503120021"), ("phone", "13877001234"))


def told(world: World, who: str) -> list[str]:
    return [one.code for one in open_alarms(world.actor(who)).filter(kind=Alarm.Kind.EXCLUDED_CLAIMS)]


@pytest.fixture
def buyer(world: World) -> Person:
    person = world.person("the buyer", *BUYER)
    custody.exclude(person=person, ground="buyer", by=world.actor("officer"), at=world.now())
    return person


@pytest.mark.parametrize(
    "facts",
    [
        [("name", "农晓红"), ("phone", "13800000000")],
        [("name", "Nong Xiaohong"), ("phone", "13800000000")],
        [("name", "Nong Xiaohng"), ("phone", "13800000000")],
        [("name", "黄阿姨"), ("phone", "+86 138 7700 1234")],
        [("name", "黄阿姨"), ("phone", "13800000000"), ("id", "452801 19750312 0021")],
    ],
)
def test_the_buyer_under_any_name(world: World, buyer: Person, facts: Any) -> None:
    request = asks(world, inquirer=facts)
    assert told(world, "supervisor") == ["excluded"]
    assert told(world, "officer") == told(world, "officer_gd") == []
    assert Alarm.objects.get(kind=Alarm.Kind.EXCLUDED_CLAIMS).subject == f"request:{request.pk}:{request.inquirer_id}"


def test_her_husband_is_close_kin(world: World, buyer: Person) -> None:
    husband = world.person("her husband", ("name", "凌大伟"), ("id", "452801197303120031"))
    operations.tie(person=buyer, other=husband, kind="spouse", by=world.actor("officer"), at=world.now())
    asks(world, inquirer=husband, relation="father")
    assert told(world, "supervisor") == ["kin_of_excluded"]


def test_as_a_relative_of_somebody_else(world: World, buyer: Person) -> None:
    request = asks(world)
    assert told(world, "supervisor") == []
    child, _, father = (one.relative for one in queries.tree(request.pk, at=world.now()).values())
    by = world.actor("officer")
    actions.add_relative(to=child, relation="sister", state={"person": buyer}, by=by, at=world.now())
    assert told(world, "supervisor") == ["excluded"]
    actions.tell_relative(relative=father, n=1, state={"person": buyer}, by=by, at=world.now())
    assert told(world, "supervisor") == ["excluded"], "told once for a request and a person"


def test_an_exclusion_that_comes_later_and_a_request_that_is_over(world: World) -> None:
    request = asks(world)
    over = asks(world, inquirer=[("name", "黄丽"), ("phone", "13877005555")], child_name="黄小宝")
    actions.withdraw(request=over, note="x", by=world.actor("officer"), at=world.now())
    for person in (request.inquirer, over.inquirer):
        custody.exclude(person=person, ground="seller", by=world.actor("officer"), at=world.now())
    custody.exclude(subject="phone", value="13999999999", ground="suspect", by=world.actor("officer"), at=world.now())
    assert told(world, "supervisor") == ["excluded"]


def test_an_honest_mother_is_told_of_to_nobody(world: World, buyer: Person) -> None:
    request = asks(world, inquirer=MOTHER)
    kin = queries.tree(request.pk, at=world.now())
    actions.add_relative(
        to=next(iter(kin.values())).relative,
        relation="brother",
        state={"name": "李小龙"},
        by=world.actor("officer"),
        at=world.now(),
    )
    assert not Alarm.objects.filter(kind=Alarm.Kind.EXCLUDED_CLAIMS).exists()
