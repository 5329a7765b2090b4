"""What the attacks on placements are made of."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from factories.world import KEEPERS, World
from trust.buyer import SPOUSE
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.core.errors import CaseworkError
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody import queries as where
from wayhome.casework.custody.models import HandoverOffer
from wayhome.casework.custody.rules import Kind
from wayhome.casework.placements import actions
from wayhome.casework.placements.models import (
    Placement,
    RiskArea,
    Separation,
    Surge,
)

Attack = Callable[[World, Child], object]
FULL = {"beds": 0}


def to_home(world: World, child: Child, home: str = "home", receiver: str = "") -> None:
    """From the hospital, or from the home where it is."""
    giver = "nurse" if where.head(child.pk).kind == "hospital" else "caseworker2"
    world.hand_over(child, home, Kind.WELFARE_INSTITUTION, giver=giver, receiver=receiver or KEEPERS[home])


def asked(world: World, child: Child, home: str = "home") -> Placement:
    """A home is asked to take a child."""
    return actions.propose_placement(child=child, facility=world.facilities[home], by=world.actor("placement"), at=world.now())


def accepts(world: World, placement: Placement, by: str = "caseworker") -> None:
    """It does."""
    actions.accept_placement(placement=placement, by=world.actor(by), at=world.now())


def new_home(world: World, address: str) -> None:
    """Registered a moment ago, with room, by its own word."""
    assert world.registrars is not None
    world.facilities["new"] = accounts.register_facility(
        by=world.registrars,
        at=world.now(),
        code="new",
        agency=world.agencies["welfare"],
        kind="welfare_institution",
        name="爱心之家",
        address=address,
        jurisdiction=world.jurisdictions["GX"],
    )
    actions.report_capacity(
        facility=world.facilities["new"],
        beds=40,
        carers_day=9,
        carers_night=9,
        children_per_carer=6,
        daily_cost=100,
        funds=10**6,
        by=world.actor("caseworker"),
        at=world.now(),
    )


def new_colleague(
    world: World, name: str, agency: str, role: str, *, of: tuple[str, str] = ("莫小燕", "450600199001010089")
) -> None:
    """Somebody registered a moment ago."""
    assert world.registrars is not None
    world.staff[name] = accounts.register_staff(
        by=world.registrars,
        at=world.now(),
        number=name,
        name=of[0],
        id_number=of[1],
        agency=world.agencies[agency],
        role=role,
    )


def spouse_in_the_home(world: World) -> None:
    """Kin of the buyer is on the staff."""
    new_colleague(world, "spouse", "welfare", "caseworker", of=(SPOUSE[0][1], SPOUSE[1][1]))


def risk(world: World, child: Child) -> RiskArea:
    """The buyer lives in the province of the home."""
    return actions.mark_risk_area(
        child=child, jurisdiction=world.jurisdictions["GX"], reason="buyer", by=world.actor("officer"), at=world.now()
    )


def surge(world: World, *approvers: str, hours: int = 48) -> Surge:
    """A home without a cot asks for one more, and these are heard on it: a refusal of one is no end of the attack."""
    world.has_room("home", **FULL)
    asked_for = actions.ask_surge(
        facility=world.facilities["home"],
        beds=1,
        carers=1,
        until=world.clock + timedelta(hours=hours),
        reason="the raid",
        by=world.actor("caseworker"),
        at=world.now(),
    )
    for name in approvers:
        with contextlib.suppress(CaseworkError):
            actions.approve_surge(surge=asked_for, by=world.actor(name), at=world.now())
    return asked_for


def twin_elsewhere(world: World, child: Child) -> Child:
    """A twin who has settled in a home of another province."""
    twin = world.in_hospital(cleared=True)
    children.group_siblings(children=(child, twin), ground="dna", by=world.actor("caseworker"), at=world.now())
    to_home(world, twin, "home_gd")
    return twin


def separated(world: World, child: Child, *votes: str, against: tuple[str, ...] = ()) -> Separation:
    """A decision to part a child from its twin, and these are heard on it."""
    decision = actions.propose_separation(child=child, reason="no room", by=world.actor("caseworker"), at=world.now())
    for name in (*votes, *against):
        with contextlib.suppress(CaseworkError):
            actions.vote_on_separation(
                separation=decision, agrees=name not in against, note="x", by=world.actor(name), at=world.now()
            )
    return decision


def report(world: World, by: str, **more: Any) -> None:
    """A report of many cots in the home."""
    counted = {"beds": 900, "carers_day": 90, "carers_night": 90, "children_per_carer": 9, "daily_cost": 1, "funds": 10**6}
    actions.report_capacity(facility=world.facilities["home"], by=world.actor(by), at=world.now(), **counted | more)


def offered(world: World, child: Child, home: str = "home") -> HandoverOffer:
    """A child is offered to a home."""
    return custody.offer_handover(
        child=child,
        to_facility=world.facilities[home],
        kind=Kind.WELFARE_INSTITUTION,
        wristband=child.number,
        place="at the door",
        condition="asleep",
        by=world.actor("nurse"),
        at=world.now(),
    )
