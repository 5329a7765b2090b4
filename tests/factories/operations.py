"""An investigation with its task force, for tests."""

from __future__ import annotations

from typing import Any

from factories.world import World
from wayhome.casework.operations import actions
from wayhome.casework.operations.models import Investigation


def investigation(world: World, *members: str, supervised: bool = False, lead: str = "officer", **told: Any) -> Investigation:
    """Opened by somebody, with others in its task force; supervised by the ministry's supervisor if asked for."""
    columns = {"code": "8.6.2011", "title": "Infants through Dongxing", "jurisdiction": world.jurisdictions["GX"]} | told
    opened = actions.open_investigation(**columns, by=world.actor(lead), at=world.now())
    for member in members:
        add(world, opened, member, by=lead)
    if supervised:
        at = world.now()
        actions.supervise(investigation=opened, since=at.date(), by=world.actor(lead), at=at)
        add(world, opened, "supervisor", "supervisor", by=lead)
    return opened


def add(world: World, opened: Investigation, member: str, function: str = "member", *, by: str = "officer") -> Any:
    """Somebody more in the task force."""
    return actions.add_member(
        investigation=opened, staff=world.staff[member], function=function, by=world.actor(by), at=world.now()
    )


def end(world: World, opened: Investigation, member: str, *, by: str = "officer") -> Any:
    """Somebody less."""
    return actions.end_member(investigation=opened, staff=world.staff[member], by=world.actor(by), at=world.now())
