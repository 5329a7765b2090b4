"""Clues of three polices: some that two may read, some behind a hit, a pair that both opened, and one in a compartment."""

from __future__ import annotations

from typing import Any

from factories.clues import PHONE, clue, person, thing
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.clues import actions
from wayhome.casework.clues.rules import Relation
from wayhome.casework.operations.models import Investigation

OPENED, RUNG = "13977123456", "13677123456"


def clues_of(world: World, opened: Investigation) -> dict[str, Any]:
    """By name: `near` of another police of the same province, `far` of another's."""
    _neighbours(world)
    woman = person(("name", "农晓红"), ("alias", "Hong Jie"), ("phone", PHONE))
    it = {
        "clue": clue(world, woman, thing("place", "东兴市"), relations=[Relation(0, "seen_at", 1)], source="a neighbour"),
        "clue2": clue(world, thing("place", "东兴市"), by="officer2"),
        "near": clue(world, thing("phone", PHONE), by="officer_bs"),
        "near2": clue(world, thing("vehicle", "桂P12345"), by="officer_bs"),
        "far": clue(world, thing("phone", PHONE), by="officer_gd"),
        "shown": clue(world, thing("phone", OPENED)),
        "shown_too": clue(world, thing("phone", OPENED), by="officer_gd"),
        "asked": clue(world, thing("phone", RUNG)),
        "behind": clue(world, thing("phone", RUNG), by="officer_gd"),
        "shut": clue(world, thing("vehicle", "桂N00001")),
        "given": clue(world),
    }
    agrees(world, it["shown"], "police_gd")
    agrees(world, it["shown_too"], "police", by="officer_gd")
    agrees(world, it["asked"], "police_gd")
    # It came after the own side had agreed.
    it["behind2"] = clue(world, thing("phone", RUNG), by="officer_gd")
    who = {"by": world.actor("officer")}
    actions.put_in_compartment(clue=it["shut"], investigation=opened, **who, at=world.now())
    actions.triage(clue=it["shut"], state="triaged", **who, at=world.now())
    actions.judge_pair(clue=it["clue"], other=it["clue2"], confirmed=True, note="one coach", **who, at=world.now())
    for step in ({"state": "triaged"}, {"state": "assigned", "assigned_to": world.staff["officer2"]}):
        actions.triage(clue=it["given"], **step, **who, at=world.now())
    return it


def agrees(world: World, of: Any, agency: str, *, by: str = "officer") -> None:
    """One side of a hit does."""
    actions.agree_to_open(clue=of, agency=world.agencies[agency], by=world.actor(by), at=world.now())


def _neighbours(world: World) -> None:
    by = world.registrars
    assert by is not None
    told = {"code": "police_bs", "kind": "police", "name": "百色市公安局", "jurisdiction": world.jurisdictions["GX"]}
    world.agencies["police_bs"] = accounts.register_agency(by=by, at=world.now(), **told)
    who = {"number": "officer_bs", "name": "黄志明", "id_number": "450681197001010031", "role": "officer"}
    of = world.agencies["police_bs"]
    world.staff["officer_bs"] = accounts.register_staff(by=by, at=world.now(), agency=of, **who)
