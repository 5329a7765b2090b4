"""Who is looked at after a change: everybody whom it can have brought to an exclusion, and few beside."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection

from factories.world import World
from wayhome.casework.audit.models import Alarm
from wayhome.casework.custody import guards
from wayhome.casework.custody.actions import exclude, look_again
from wayhome.casework.custody.looks import change_of, worth_a_look
from wayhome.casework.custody.models import Exclusion, ExclusionKey
from wayhome.casework.custody.queries import head
from wayhome.casework.operations import actions as operations
from wayhome.casework.operations.models import Person, PersonKey, Tie

pytestmark = pytest.mark.django_db
PEOPLE = ("operations_personkey", "person_id")


def met_by_anybody() -> set[int]:
    """Asked of each person, in the words of the gate."""
    met = " OR ".join(guards.excluded(*PEOPLE, "o.id", None, kin=kin) for kin in (False, True))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT o.id FROM operations_person o WHERE {met}")
        return {one for (one,) in cursor.fetchall()}


@pytest.mark.parametrize("seed", range(12))
def test_whoever_meets_an_exclusion_by_a_change_is_looked_at(world: World, seed: int) -> None:
    chance, came = random.Random(seed), 0
    row: dict[str, Any] = {"by": world.staff["officer"], "at": world.now()}
    people = [Person.objects.create(label=f"p{n}", **row) for n in range(10)]
    before: set[int] = set()
    for n in range(40):
        one, other = chance.sample(people, 2)
        what = chance.choice(("fact", "fact", "tie", "exclude", "phone"))
        change = change_of([one.pk])
        if what == "fact":
            PersonKey.objects.create(person=one, kind="phone", key=str(chance.randrange(14)))
        elif what == "tie" and not Tie.objects.filter(person=one, other=other).exists():
            Tie.objects.create(person=one, other=other, kind="sibling", **row)
            change = change_of([one.pk, other.pk])
        elif what == "exclude" and n % 3 == 0:
            Exclusion.objects.create(person=one, subject="person", ground="buyer", scope="all", **row)
        elif what == "phone" and n % 5 == 0:
            made = Exclusion.objects.create(subject="phone", value="x", ground="buyer", scope="all", **row)
            ExclusionKey.objects.create(exclusion=made, kind="phone", key=str(chance.randrange(14)))
            change = change_of(exclusion=made.pk)
        after = met_by_anybody()
        looked = worth_a_look(*PEOPLE, change)
        assert after - before <= looked <= after, (seed, n, what)
        assert worth_a_look(*PEOPLE, None) == after
        came += len(after - before)
        before = after
    assert came


def test_a_change_of_nobody_asks_nothing(world: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert worth_a_look(*PEOPLE, change_of()) == set()


def test_a_namesake_on_the_staff_is_still_told_apart(world: World) -> None:
    """By the number that two registrars saw, in a look after a change too."""
    officer = world.staff["officer"]
    unknown = world.person("x", ("name", officer.name))
    known = world.person("y", ("name", officer.name), ("id", "450000197001010011"))
    for person, wanted in ((known, set()), (unknown, {officer.pk})):
        exclude(person=person, ground="buyer", by=world.actor("officer"), at=world.now(), look=False)
        assert worth_a_look("accounts_staffkey", "staff_id", change_of([person.pk]), of_staff=True) == wanted
    assert worth_a_look("accounts_staffkey", "staff_id", None, of_staff=True) == {officer.pk}


def test_the_custodian_of_whom_more_becomes_known_is_told(world: World) -> None:
    """By a fact of the excluded person, and by one that makes them kin of somebody."""
    child = world.in_home()
    by, who = world.actor("officer"), head(child.pk).responsible
    buyer, mother = world.person("x", ("name", "somebody else")), world.person("y", ("phone", "13877001234"))
    exclude(person=buyer, ground="buyer", by=by, at=world.now())
    assert look_again(by=by, at=world.now()) == []
    operations.add_fact(person=mother, kind="id", value=who.id_number, by=by, at=world.now())
    assert look_again(by=by, at=world.now()) == [], "nobody excluded has that number"
    operations.tie(person=buyer, other=mother, kind="parent", by=by, at=world.now())
    assert Alarm.objects.get(kind=Alarm.Kind.EXCLUDED_CUSTODIAN).child_id == child.pk
    assert look_again(by=by, at=world.now()) == [], "told when they were tied"
