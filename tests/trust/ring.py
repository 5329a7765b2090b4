"""Clues of two provinces with one telephone, one of them in a compartment: what the attacks on clues are tried on."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from factories.clues import PHONE, clue, person, thing
from factories.operations import add, investigation
from factories.world import World, small_world
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.clues import actions
from wayhome.casework.clues.models import Clue, Compartment, Opening
from wayhome.casework.core.errors import CaseworkError
from wayhome.casework.operations.models import Investigation
from wayhome.casework.operations.queries.investigations import is_member

PLATE = "桂P12345"
WHO = ("officer", "officer2", "officer_gd", "supervisor", "supervisor2", "administrator", "auditor", "nurse", "registrar")


@dataclass
class Ring:
    """`mine` and `second` share a telephone with `theirs`, a clue of another province; `shut` shares a plate with `far`.

    One officer and the ministry's supervisor2 are in the task force of `opened`; no colleague is.
    """

    world: World
    mine: Clue = field(init=False)
    second: Clue = field(init=False)
    shut: Clue = field(init=False)
    theirs: Clue = field(init=False)
    far: Clue = field(init=False)
    opened: Investigation = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        places = world.jurisdictions
        city = accounts.add_jurisdiction(code="GX1", kind="city", parent=places["GX"], name_en="x", name_zh="钦州", name_vi="x")
        self.mine = clue(world, person(("name", "王秀英"), ("phone", PHONE)), source="a neighbour", protected=True)
        self.second = clue(world, thing("phone", PHONE), jurisdiction=city)
        self.shut = clue(world, person(("name", "莫桂珍"), ("vehicle", PLATE)), thing("vehicle", PLATE), source="her sister")
        self.theirs = clue(world, thing("phone", PHONE), by="officer_gd")
        self.far = clue(world, thing("vehicle", PLATE), by="officer_gd")
        self.opened = investigation(world, code="GX-0613", title="the bus", supervised=True)
        add(world, self.opened, "supervisor2", "supervisor")
        actions.put_in_compartment(clue=self.shut, investigation=self.opened, **self.who("officer"))

    def who(self, name: str) -> dict[str, Any]:
        """As the keywords of an action."""
        return {"by": self.world.actor(name), "at": self.world.now()}

    def back(self, of: str, agency: str, role: str = "officer") -> str:
        """Somebody leaves the service and comes back under another number, to another agency."""
        world = self.world
        assert world.registrars is not None
        papers, told = world.staff[of].id_number, {"by": world.registrars, "at": world.now()}
        accounts.end_staff(staff=world.staff[of], reason="left", **told)
        name = f"{of} again"
        world.staff[name] = accounts.register_staff(
            number=name, name="x", id_number=papers, agency=world.agencies[agency], role=role, **told
        )
        return name

    def agree(self, made: Clue, agency: str, by: str) -> None:
        """One side of a hit agrees."""
        actions.agree_to_open(clue=made, agency=self.world.agencies[agency], **self.who(by))

    def reads(self, who: str, made: Clue) -> bool:
        """Whether somebody is shown a clue."""
        try:
            actions.read_clue(clue_id=made.pk, **self.who(who))
        except CaseworkError:
            return False
        return True

    def leaks(self) -> list[str]:
        """What somebody reads who, by the rows of compartments and openings, must not: worked out here, and not by the house."""
        every = (self.mine, self.second, self.shut, self.theirs, self.far)
        return [f"{who} reads {made.pk}" for who in WHO for made in every if self.reads(who, made) and not self._may(who, made)]

    def _may(self, who: str, made: Clue) -> bool:
        staff = self.world.staff[who]
        if staff.role not in ("officer", "supervisor"):
            return False
        kept = Compartment.objects.filter(clue=made).first()
        concern = staff.agency_id == made.agency_id or staff.role == "supervisor"
        if concern if kept is None else is_member(self.world.actor(who), kept.investigation_id):
            return True
        both = {(one.clue_id, one.other_id) for one in Opening.objects.all()}
        own = {clue for clue, other in both if other == made.pk and (made.pk, clue) in both}
        return any(self._may(who, one) for one in Clue.objects.filter(pk__in=own, agency=staff.agency))


@contextlib.contextmanager
def a_ring(blocker: Any) -> Iterator[Ring]:
    """One for many tests: all that they write is undone, each on top of it."""
    with blocker.unblock(), transaction.atomic():
        yield Ring(small_world())
        transaction.set_rollback(True)


def anew(ring: Ring) -> Ring:
    """The same for one test: its clock, and whom it registers, are the test's own."""
    mine = copy.copy(ring)
    mine.world = copy.copy(ring.world)
    mine.world.staff = dict(ring.world.staff)
    return mine
