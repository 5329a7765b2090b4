"""A laboratory where somebody lies: a match ready to be confirmed, another to be read, a liar's kits. All people are made up."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.test import override_settings

from factories.laboratory import colleague, sample, second_analyst
from factories.matching import House
from factories.world import World, small_world
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.core.guards import install, registry, remove
from wayhome.casework.matching.models import Confirmation
from wayhome.casework.matching.queries.candidates import frozen_confirmations, standing_confirmations


class Lab:
    """`house` wants the head's word alone, `fresh` two readings; `liar` wants the child of `house`, with two kits that came."""

    def __init__(self, world: World) -> None:
        self.world = world
        _colleagues(world)
        self.house = House(world, 1)
        self.ready = self.house.second()
        self.fresh = House(world, 2, inquirer=[("name", "覃桂花"), ("phone", "13877005511")], child_name="覃小雨")
        self.unread = self.fresh.proposed()
        told: dict[str, Any] = {"inquirer": [("name", "农晓红"), ("phone", "13877009999")], "child_name": "农小花"}
        self.liar = House(world, 3, child=self.house.child, **told)
        self.hers, self.his = (sample(world, self.liar.kin[who]) for who in ("mother", "father"))
        self.ward = world.in_hospital()
        self.wards = sample(world, self.ward, by="nurse")

    def who(self, name: str) -> dict[str, Any]:
        """As the keywords of an action."""
        return {"by": self.world.actor(name), "at": self.world.now()}

    def twin(self, of: str, role: str = "", agency: str = "laboratory") -> str:
        """Somebody twice in the register, as they could be before it refused that: what they sign counts once all the same."""
        gate = registry.guards["wayhome_accounts_staff_insert_gate"]
        connection.check_constraints()
        remove(connection, [gate])
        name = self.register(f"{of} twin", role or self.world.staff[of].role, agency, self.world.staff[of].id_number)
        # PostgreSQL changes no table that has rows to be looked at still.
        connection.check_constraints()
        install(connection, [gate])
        return name

    def register(self, number: str, role: str, agency: str, papers: str) -> str:
        """Somebody more."""
        assert self.world.registrars is not None
        person = {"number": number, "name": number, "id_number": papers, "role": role}
        at = self.world.now()
        self.world.staff[number] = accounts.register_staff(
            **person, agency=self.world.agencies[agency], by=self.world.registrars, at=at
        )
        return number


def _colleagues(world: World) -> None:
    second_analyst(world)
    colleague(world, "analyst3")
    assert world.registrars is not None
    told: dict[str, Any] = {"by": world.registrars, "at": world.now()}
    where = world.jurisdictions["GD"]
    world.agencies["lab_gd"] = accounts.register_agency(code="lab_gd", kind="laboratory", name="x", jurisdiction=where, **told)
    for number, role in (("analyst_gd", "analyst"), ("head_gd", "lab_supervisor")):
        person = {"number": number, "name": number, "id_number": f"44000019800101{len(world.staff):04}", "role": role}
        world.staff[number] = accounts.register_staff(agency=world.agencies["lab_gd"], **person, **told)


@contextlib.contextmanager
def a_lab(blocker: Any, folder: Path) -> Iterator[Lab]:
    """One for many tests: all that they write is undone, each on top of it."""
    with blocker.unblock(), override_settings(WAYHOME_INDEX=folder), transaction.atomic():
        yield Lab(small_world())
        transaction.set_rollback(True)


def anew(lab: Lab) -> Lab:
    """The same for one test: its clock, and what it remembers, are the test's own."""
    mine = copy.copy(lab)
    mine.world = copy.copy(lab.world)
    mine.world.staff = dict(lab.world.staff)
    for name in ("house", "fresh", "liar"):
        house = copy.copy(getattr(lab, name))
        house.world = mine.world
        setattr(mine, name, house)
    return mine


def believed() -> list[Confirmation]:
    """Confirmations that something may rest on."""
    ice = frozen_confirmations()
    return [one for one in standing_confirmations().order_by("pk") if one.pk not in ice]
