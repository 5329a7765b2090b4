"""Kits on their way. All people are made up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from factories.families import asks
from factories.world import World
from wayhome.casework.children.models import Child
from wayhome.casework.families import actions as families
from wayhome.casework.families import queries as family_queries
from wayhome.casework.families.models import Consent, Relative
from wayhome.casework.laboratory.actions import kits as actions
from wayhome.casework.laboratory.models import Kit, KitHop

WAY = ("posted", "delivered", "taken", "sent", "received")
"""The usual way of a kit."""
ADDRESS = "广西百色市右江区中山路12号"


def mother_of(world: World, **told: Any) -> Relative:
    """The mother in a request of the police, who agreed to nothing yet."""
    request = asks(world, **told)
    return next(one.relative for one in family_queries.tree(request.pk, at=world.now()).values() if one.relative.sex == "F"
                and not one.relative.missing)  # fmt: skip


def agrees(world: World, relative: Relative, *, days: int = 365, by: str = "officer") -> Consent:
    """She agrees to a sample."""
    day = world.clock.date()
    paper = {"scope": "this_child", "given_by": "韦小兰", "form": "GX-2011-0417"}
    until = day + timedelta(days=days)
    return families.consent(relative=relative, **paper, signed_on=day, until=until, by=world.actor(by), at=world.now())


def ordered(world: World, person: Relative | Child, *, by: str = "officer", **more: Any) -> Kit:
    """A kit for somebody, to the laboratory of the world."""
    laboratory = world.agencies["laboratory"]
    return actions.order_kit(person=person, laboratory=laboratory, by=world.actor(by), at=world.now(), **more)


def told(world: World, kit: Kit, kind: str, *, by: str = "", **more: Any) -> KitHop:
    """What happened to a kit next, told by whose matter it is."""
    laboratorys = kind in ("received", "refused")
    whose = by or ("analyst" if laboratorys else kit.by.number)
    known: dict[str, Any] = {}
    if kind == "posted":
        known = {"place": ADDRESS}
    elif kind == "taken":
        witness = "nurse2" if whose != "nurse2" else "nurse"
        known = {"place": "右江区派出所", "witness": world.staff[witness]}
    elif kind == "refused":
        known = {"note": "the seal was broken"}
    return actions.tell_hop(kit=kit, kind=kind, by=world.actor(whose), at=world.now(), **(known | more))


def gone(world: World, kit: Kit, *kinds: str, **more: Any) -> Kit:
    """A kit after these hops."""
    for kind in kinds:
        told(world, kit, kind, **(more if kind not in ("received", "refused") else {}))
    return kit


def fill_kits(world: World) -> None:
    """Kits at many a hop, for pictures; numbers in `world.kits`."""
    mother = Consent.objects.get(pk=world.family["consent"]).relative
    father = Relative.objects.get(pk=world.family["relative"])
    agrees(world, father)
    ward, other = (world.in_hospital() for _ in range(2))
    kits = {
        "back": gone(world, ordered(world, father), "posted", "returned"),
        "new": ordered(world, ward, by="nurse"),
        "sent": gone(world, ordered(world, other, by="nurse"), "taken", "sent"),
        "received": gone(world, ordered(world, mother), *WAY),
    }
    kits["posted"] = gone(world, ordered(world, mother, second=True), "posted")
    world.kits = {name: kit.number for name, kit in kits.items()}
