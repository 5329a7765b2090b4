"""The buyer in the attacks, with kin. All people are made up."""

from __future__ import annotations

from factories.world import World
from wayhome.casework.custody import actions
from wayhome.casework.operations import actions as operations
from wayhome.casework.operations.models import Person

BUYER = (("name", "农晓红"), ("id", "452801197503120021"), ("phone", "13877001234"), ("address", "广西东兴市教育路8号"))
SPOUSE = (("name", "凌大伟"), ("id", "452801197303120031"))


def excluded_buyer(world: World) -> Person:
    """The buyer of every child, excluded, with spouse, mother and car known."""
    person = world.person("buyer", *BUYER, ("vehicle", "桂P 88A21"))
    spouse = world.person("spouse", *SPOUSE)
    mother = world.person("mother of the spouse", ("name", "岑桂芝"), ("id", "452801194503120042"))
    officer = world.actor("officer")
    operations.tie(person=person, other=spouse, kind="spouse", by=officer, at=world.now())
    operations.tie(person=spouse, other=mother, kind="parent", by=officer, at=world.now())
    actions.exclude(person=person, ground="buyer", by=officer, at=world.now())
    return person
