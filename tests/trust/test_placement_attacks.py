"""Attempts to get a child into a home that must not have it. Each must fail to move the child and must leave an alarm.

By lies, through the actions and through the API; `test_placement_sql.py` has those by SQL.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from factories.api import EVERY, Program
from factories.world import KEEPERS, World
from trust.placing import (
    FULL,
    Attack,
    accepts,
    asked,
    new_colleague,
    new_home,
    offered,
    report,
    risk,
    separated,
    spouse_in_the_home,
    surge,
    to_home,
    twin_elsewhere,
)
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.core.errors import CaseworkError
from wayhome.casework.custody import queries as where
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.operations.models import Person
from wayhome.casework.placements import actions


def over_capacity(world: World, child: Child, **counted: int) -> None:
    world.has_room("home", **counted)
    to_home(world, child)


def over_a_kept_place(world: World, child: Child) -> None:
    other = world.in_hospital(cleared=True)
    world.has_room("home", beds=1)
    accepts(world, asked(world, other))
    to_home(world, child)


def accepted_beyond(world: World, child: Child) -> None:
    placement = asked(world, child)
    world.has_room("home", **FULL)
    accepts(world, placement)


def at_the_buyers_address(world: World, child: Child, *, ask: bool) -> None:
    new_home(world, "东兴市教育路8号2楼")
    asked(world, child, "new") if ask else to_home(world, child, "new", "caseworker")


def where_it_was_found(world: World, child: Child, *, ask: bool) -> None:
    new_home(world, "东兴市北仑大道12号")
    asked(world, child, "new") if ask else to_home(world, child, "new", "caseworker")


def kin_accepts(world: World, child: Child) -> None:
    spouse_in_the_home(world)
    accepts(world, asked(world, child), "spouse")


def kin_receives(world: World, child: Child) -> None:
    spouse_in_the_home(world)
    new_home(world, "广西钦州市永福西大街8号")
    accepts(world, asked(world, child, "new"))
    to_home(world, child, "new", "spouse")


def near_the_buyer(world: World, child: Child, *, ask: bool) -> None:
    risk(world, child)
    asked(world, child) if ask else to_home(world, child)


def near_the_buyer_since_it_was_asked(world: World, child: Child) -> None:
    placement = asked(world, child)
    risk(world, child)
    accepts(world, placement)


def near_the_buyer_of_a_record_merged_away(world: World, child: Child) -> None:
    twin = world.in_hospital(cleared=True)
    risk(world, twin)
    step = children.propose_merge(kept=child, absorbed=twin, reason="one child", by=world.actor("caseworker"), at=world.now())
    children.confirm_merge(step=step, by=world.actor("supervisor"), at=world.now())
    to_home(world, child)


def apart(world: World, child: Child, *votes: str, against: tuple[str, ...] = (), of_twin: bool = False) -> None:
    new_colleague(world, "doctor2", "hospital_agency", "doctor")
    twin = twin_elsewhere(world, child)
    if votes:
        separated(world, twin if of_twin else child, *votes, against=against)
    to_home(world, child)


def by_surge(world: World, child: Child, *approvers: str) -> None:
    new_colleague(world, "supervisor3", "ministry", "supervisor")
    surge(world, *approvers)
    to_home(world, child)


def by_a_surge_that_is_over(world: World, child: Child) -> None:
    surge(world, "supervisor", "supervisor2", hours=2)
    world.clock += timedelta(hours=3)
    to_home(world, child)


def by_a_surge_of_somebody_who_left(world: World, child: Child) -> None:
    surge(world, "supervisor", "supervisor2")
    assert world.registrars is not None
    accounts.end_staff(staff=world.staff["supervisor2"], reason="dismissed", by=world.registrars, at=world.now())
    to_home(world, child)


def on_an_old_report(world: World, child: Child, *, told: bool) -> None:
    if told:
        report(world, "caseworker", as_of=world.clock - timedelta(days=2))
    else:
        world.clock += timedelta(days=2)
    to_home(world, child)


def inflated(world: World, child: Child, by: str) -> None:
    world.has_room("home", **FULL)
    report(world, by)


BY_LIE: dict[str, tuple[str, Attack]] = {
    "into a home without a cot": ("no_bed", lambda w, c: over_capacity(w, c, **FULL)),
    "into cots that others are in": ("no_bed", lambda w, c: over_capacity(w, c, beds=5, other_children=5)),
    "into a home without a carer at night": ("no_carer", lambda w, c: over_capacity(w, c, carers_night=0)),
    "into a home without a carer by day": ("no_carer", lambda w, c: over_capacity(w, c, carers_day=0)),
    "into a place that is kept for another": ("no_bed", over_a_kept_place),
    "accepted beyond what there is": ("no_bed", accepted_beyond),
    "to a home registered yesterday at the buyer's address": ("excluded", lambda w, c: at_the_buyers_address(w, c, ask=False)),
    "asked of a home registered yesterday at the buyer's address": (
        "excluded",
        lambda w, c: at_the_buyers_address(w, c, ask=True),
    ),
    "accepted by the buyer's spouse": ("kin_of_excluded", kin_accepts),
    "received by the buyer's spouse in a home registered yesterday": ("kin_of_excluded", kin_receives),
    "near the buyer": ("risk_area", lambda w, c: near_the_buyer(w, c, ask=False)),
    "asked of a home near the buyer": ("risk_area", lambda w, c: near_the_buyer(w, c, ask=True)),
    "accepted near the buyer, who was heard of since": ("risk_area", near_the_buyer_since_it_was_asked),
    "near the buyer of a record that was merged into the child's": ("risk_area", near_the_buyer_of_a_record_merged_away),
    "away from its twin": ("siblings_apart", apart),
    "away from its twin, by two disciplines": ("siblings_apart", lambda w, c: apart(w, c, "caseworker", "supervisor")),
    "away from its twin, by one person three times": (
        "siblings_apart",
        lambda w, c: apart(w, c, "caseworker", "caseworker", "caseworker"),
    ),
    "away from its twin, by one discipline three times": (
        "siblings_apart",
        lambda w, c: apart(w, c, "caseworker", "caseworker2", "caseworker_gd"),
    ),
    "away from its twin, by two disciplines twice each": (
        "siblings_apart",
        lambda w, c: apart(w, c, "caseworker", "caseworker2", "doctor", "doctor2"),
    ),
    "away from its twin, by a nurse in place of a doctor": (
        "siblings_apart",
        lambda w, c: apart(w, c, "caseworker", "nurse", "supervisor"),
    ),
    "away from its twin, by a decision on the twin that lacks the law": (
        "siblings_apart",
        lambda w, c: apart(w, c, "caseworker", "doctor", of_twin=True),
    ),
    "away from its twin, against one voice": (
        "siblings_apart",
        lambda w, c: apart(w, c, "caseworker", "doctor", "supervisor", against=("supervisor2",)),
    ),
    "by a surge that nobody approved": ("no_bed", by_surge),
    "by a surge that one organisation approved": ("no_bed", lambda w, c: by_surge(w, c, "supervisor")),
    "by a surge that one person approved twice": ("no_bed", lambda w, c: by_surge(w, c, "supervisor", "supervisor")),
    "by a surge that two of one organisation approved": ("no_bed", lambda w, c: by_surge(w, c, "supervisor", "supervisor3")),
    "by a surge that the home's own organisation approved": ("no_bed", lambda w, c: by_surge(w, c, "supervisor", "placement")),
    "by a surge that a doctor approved": ("no_bed", lambda w, c: by_surge(w, c, "supervisor", "doctor")),
    "by a surge that is over": ("no_bed", by_a_surge_that_is_over),
    "by a surge that somebody approved who was dismissed": ("no_bed", by_a_surge_of_somebody_who_left),
    "back where it was found: no bed": ("place_of_rescue", lambda w, c: where_it_was_found(w, c, ask=False)),
    "asked of the place where it was found": ("place_of_rescue", lambda w, c: where_it_was_found(w, c, ask=True)),
    "on a report of two days ago": ("capacity_unknown", lambda w, c: on_an_old_report(w, c, told=False)),
    "on a report that tells of two days ago": ("capacity_unknown", lambda w, c: on_an_old_report(w, c, told=True)),
    "on a report by another home": ("not_of_place", lambda w, c: inflated(w, c, "caseworker_gd")),
    "on a report by the hospital": ("not_allowed", lambda w, c: inflated(w, c, "nurse")),
    "on a report by the administrator": ("not_allowed", lambda w, c: inflated(w, c, "administrator")),
    "accepted for one home by another": (
        "receiver_not_of_place",
        lambda w, c: accepts(w, asked(w, c), "caseworker_gd"),
    ),
    "accepted by the police": ("not_allowed", lambda w, c: accepts(w, asked(w, c), "officer")),
    "asked by the administrator": (
        "not_allowed",
        lambda w, c: actions.propose_placement(child=c, facility=w.facilities["home"], by=w.actor("administrator"), at=w.now()),
    ),
}


def told(code: str, child: Child, before: int, episodes: int) -> None:
    """The child is where it was, and the last alarm says why."""
    assert CustodyEpisode.objects.filter(child=child).count() == episodes
    assert where.head(child.pk).kind == "hospital"
    assert Alarm.objects.count() > before
    assert Alarm.objects.order_by("-pk")[0].code == code


@pytest.mark.parametrize("name", BY_LIE)
def test_a_lie_gets_nowhere(world: World, buyer: Person, name: str) -> None:
    code, attack = BY_LIE[name]
    child = world.in_hospital(cleared=True)
    before, episodes = Alarm.objects.count(), CustodyEpisode.objects.filter(child=child).count()
    with pytest.raises(CaseworkError) as refused:
        attack(world, child)
    assert code in (getattr(refused.value, "codes", None) or (refused.value.code,))
    told(code, child, before, episodes)


def test_a_home_that_was_asked_and_accepted_takes_a_child(world: World, buyer: Person) -> None:
    child, before = world.in_hospital(cleared=True), Alarm.objects.count()
    new_home(world, "广西钦州市永福西大街8号")
    accepts(world, asked(world, child, "new"))
    to_home(world, child, "new", "caseworker2")
    assert where.head(child.pk).facility == world.facilities["new"]
    assert Alarm.objects.count() == before


def test_two_organisations_and_three_disciplines_open_what_fewer_do_not(world: World, buyer: Person) -> None:
    child, before = world.in_hospital(cleared=True), Alarm.objects.count()
    twin = twin_elsewhere(world, child)
    separated(world, twin, "caseworker", "doctor", "supervisor")
    surge(world, "supervisor", "supervisor2")
    to_home(world, child)
    assert where.head(child.pk).facility == world.facilities["home"]
    assert Alarm.objects.count() == before


# the API ------------------------------------------------------------------------------------------------------------------------


Call = tuple[str, str, dict[str, Any]]


def acceptance(world: World, child: Child, home: str = "home") -> Call:
    """The home accepts a handover."""
    made = offered(world, child, home)
    return KEEPERS[home], f"/offers/{made.pk}/acceptance", {"wristband": child.number}


def full_by_api(world: World, child: Child) -> Call:
    world.has_room("home", **FULL)
    return acceptance(world, child)


def stale_by_api(world: World, child: Child) -> Call:
    report(world, "caseworker", as_of=world.clock - timedelta(days=2))
    return acceptance(world, child)


def apart_by_api(world: World, child: Child) -> Call:
    twin_elsewhere(world, child)
    return acceptance(world, child)


def near_by_api(world: World, child: Child) -> Call:
    risk(world, child)
    return "placement", f"/children/{child.number}/placements", {"facility": "home"}


def near_since_by_api(world: World, child: Child) -> Call:
    risk(world, child)
    return acceptance(world, child)


def kept_by_api(world: World, child: Child) -> Call:
    placement = asked(world, child)
    world.has_room("home", **FULL)
    return "caseworker", f"/placements/{placement.pk}/acceptance", {}


def kin_by_api(world: World, child: Child) -> Call:
    spouse_in_the_home(world)
    return "spouse", f"/placements/{asked(world, child).pk}/acceptance", {}


def address_by_api(world: World, child: Child) -> Call:
    new_home(world, "东兴市教育路8号2楼")
    return "placement", f"/children/{child.number}/placements", {"facility": "new"}


def found_by_api(world: World, child: Child) -> Call:
    new_home(world, "东兴市北仑大道12号")
    return "placement", f"/children/{child.number}/placements", {"facility": "new"}


def own_surge_by_api(world: World, child: Child) -> Call:
    return "placement", f"/surges/{surge(world).pk}/approvals", {}


def foreign_report_by_api(world: World, child: Child) -> Call:
    body = {"beds": 900, "carers_day": 90, "carers_night": 90, "children_per_carer": 9, "daily_cost": 1, "funds": 10**6}
    return "caseworker_gd", "/homes/home/reports", body


BY_API: dict[str, tuple[str, Callable[[World, Child], Call]]] = {
    "into a full home": ("no_bed", full_by_api),
    "on a report of two days ago": ("capacity_unknown", stale_by_api),
    "away from its twin": ("siblings_apart", apart_by_api),
    "asked of a home near the buyer": ("risk_area", near_by_api),
    "near the buyer": ("risk_area", near_since_by_api),
    "accepted beyond what there is": ("no_bed", kept_by_api),
    "accepted by the buyer's spouse": ("kin_of_excluded", kin_by_api),
    "asked of a home at the buyer's address": ("excluded", address_by_api),
    "asked of the place where it was found": ("place_of_rescue", found_by_api),
    "a surge approved by the own organisation": ("self_approval", own_surge_by_api),
    "a report by another home": ("not_of_place", foreign_report_by_api),
}


def of_today(world: World) -> Program:
    """A program that calls; the API goes by the clock on the wall."""
    world.clock = timezone.now() - timedelta(hours=2)
    world.has_room()
    return Program(world)


@pytest.mark.parametrize("name", BY_API)
def test_a_call_of_the_api_gets_nowhere(world: World, buyer: Person, name: str) -> None:
    code, attack = BY_API[name]
    api = of_today(world)
    child = world.in_hospital(cleared=True)
    who, path, body = attack(world, child)
    before, episodes = Alarm.objects.count(), CustodyEpisode.objects.filter(child=child).count()
    for _ in range(2):
        answer = api.post(who, path, body, scopes=(*EVERY, "approve"), key="once")
        assert (answer.status_code, answer.json()["code"]) == (409, code), answer.json()
    told(code, child, before, episodes)


def test_an_honest_call_of_the_api_moves_a_child_once(world: World, buyer: Person) -> None:
    api = of_today(world)
    child = world.in_hospital(cleared=True)
    before = Alarm.objects.count()
    number = api.post("placement", f"/children/{child.number}/placements", {"facility": "home"}).json()["id"]
    assert api.post("caseworker", f"/placements/{number}/acceptance").status_code == 201
    who, path, body = acceptance(world, child)
    for _ in range(2):
        assert api.post(who, path, body, key="once").status_code == 201
    assert where.head(child.pk).facility == world.facilities["home"]
    assert CustodyEpisode.objects.filter(child=child).count() == 3
    assert Alarm.objects.count() == before
