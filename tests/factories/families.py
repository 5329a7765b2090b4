"""A family that looks for a child. All people are made up."""

from __future__ import annotations

from datetime import date
from typing import Any

from factories.world import World
from wayhome.casework.families import actions
from wayhome.casework.families.models import TracingRequest

TOLD: dict[str, Any] = {
    "child_name": "李小妹 / Xiaoyue",
    "sex": "F",
    "born_from": date(2011, 1, 3),
    "born_to": date(2011, 1, 5),
    "lost_from": date(2011, 5, 1),
    "lost_to": date(2011, 5, 2),
    "place": "百色市右江区集市",
    "where": None,
    "cause": "abducted",
    "circumstances": "在集市上被一个陌生女人抱走",
    "looks": "",
    "blood_group": "",
}
MOTHER = [("name", "韦小兰"), ("phone", "13877001199")]


def asks(
    world: World, *, by: str = "officer", inquirer: Any = MOTHER, relation: str = "mother", **changes: Any
) -> TracingRequest:
    """A request as a mother in Guangxi might tell it."""
    told = TOLD | {"where": world.jurisdictions["GX"]} | changes
    return actions.record_request(inquirer=inquirer, relation=relation, told=told, by=world.actor(by), at=world.now())
