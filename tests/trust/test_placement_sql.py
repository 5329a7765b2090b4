"""Attempts by SQL to bring a child to a home that must not have it, or to change what a gate reads of homes.

With the rights of the web role and with the owner's; each must fail, and the connection must have noted it for an alarm.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from factories.world import World
from trust.placing import (
    FULL,
    Attack,
    asked,
    new_colleague,
    new_home,
    offered,
    report,
    risk,
    separated,
    surge,
    twin_elsewhere,
)
from trust.raw_sql import copied, in_vain, web_role
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.core import guards
from wayhome.casework.custody import queries as where
from wayhome.casework.custody.models import HandoverOffer
from wayhome.casework.operations.models import Person
from wayhome.casework.placements import actions
from wayhome.casework.placements.models import (
    CapacitySnapshot,
    Placement,
    PlacementAnswer,
    SeparationVote,
    SurgeApproval,
)


def arrival(offer: HandoverOffer, receiver: int) -> str:
    """SQL of the episode that an offer leads to."""
    return (
        "INSERT INTO custody_custodyepisode"
        " (child_id, n, kind, facility_id, responsible_id, offer_id, wristband, condition, started_at, at)"
        f" SELECT o.child_id, h.n + 1, o.kind, o.to_facility_id, {receiver}, o.id, o.wristband, o.condition, o.at, o.at"
        f" FROM custody_handoveroffer o JOIN custody_custodyepisode h ON h.id = o.from_episode_id WHERE o.id = {offer.pk}"
    )


Offered = Callable[[World, Child], HandoverOffer]


def offer_after(prepare: Attack, home: str = "home") -> Offered:
    """Something is prepared, and the child offered to a home."""

    def made(world: World, child: Child) -> HandoverOffer:
        prepare(world, child)
        return offered(world, child, home)

    return made


ARRIVALS: dict[str, Offered] = {
    "no_bed": offer_after(lambda w, c: w.has_room("home", **FULL)),
    "no_carer": offer_after(lambda w, c: w.has_room("home", carers_night=0)),
    "capacity_unknown": offer_after(lambda w, c: report(w, "caseworker", as_of=w.clock - timedelta(days=2))),
    "risk_area": offer_after(risk),
    "siblings_apart": offer_after(twin_elsewhere),
}


@pytest.mark.parametrize("role", ["web", "owner"])
@pytest.mark.parametrize("code", ARRIVALS)
def test_sql_brings_no_child_to_a_home(world: World, buyer: Person, code: str, role: str) -> None:
    child = world.in_hospital(cleared=True)
    sql = arrival(ARRIVALS[code](world, child), world.staff["caseworker"].pk)
    with web_role() if role == "web" else contextlib.nullcontext(), in_vain(code), connection.cursor() as cursor:
        cursor.execute(sql)
    assert where.head(child.pk).kind == "hospital"


def test_the_same_sql_is_good_where_there_is_room(world: World, buyer: Person) -> None:
    child = world.in_hospital(cleared=True)
    sql = arrival(offered(world, child), world.staff["caseworker"].pk)
    with web_role(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert where.head(child.pk).facility == world.facilities["home"]


def _text(value: str) -> str:
    return f"'{value}'"


Rows = dict[str, Any]
RAW: dict[str, Callable[[World, Rows], str]] = {
    "another home than was asked": lambda w, r: (
        f"UPDATE placements_placement SET facility_id = {w.facilities['home_gd'].pk} WHERE id = {r['placement'].pk}"
    ),
    "another child than was asked for": lambda w, r: f"UPDATE placements_placement SET child_id = {r['twin'].pk}",
    "a placement less": lambda w, r: "DELETE FROM placements_placement",
    "a refusal that becomes an acceptance": lambda w, r: "UPDATE placements_placementanswer SET accepted = (1 = 1)",
    "an answer of another home": lambda w, r: copied(
        r["refused"], placement_id=r["placement"].pk, by_id=w.staff["caseworker_gd"].pk
    ),
    "an acceptance where there is no room": lambda w, r: copied(
        r["refused"], placement_id=r["placement"].pk, by_id=w.staff["caseworker"].pk, accepted="(1 = 1)", at=r["now"]
    ),
    "a home asked near the buyer": lambda w, r: copied(
        r["placement"], child_id=r["risk"].child_id, facility_id=w.facilities["nursery"].pk
    ),
    "a home asked at the buyer's address": lambda w, r: copied(
        r["placement"], child_id=r["other"].pk, facility_id=w.facilities["new"].pk
    ),
    "a home asked by the administrator": lambda w, r: copied(
        r["placement"], child_id=r["other"].pk, by_id=w.staff["administrator"].pk
    ),
    "a report with more cots": lambda w, r: f"UPDATE placements_capacitysnapshot SET beds = 900 WHERE id = {r['report'].pk}",
    "a report that is newer": lambda w, r: f"UPDATE placements_capacitysnapshot SET as_of = {_text('2099-01-01 00:00:00+00:00')}",
    "a report less": lambda w, r: f"DELETE FROM placements_capacitysnapshot WHERE id = {r['report'].pk}",
    "a report by another home": lambda w, r: copied(r["report"], beds=900, by_id=w.staff["caseworker_gd"].pk),
    "a report by the hospital": lambda w, r: copied(r["report"], beds=900, by_id=w.staff["nurse"].pk),
    "a report of tomorrow": lambda w, r: copied(r["report"], beds=900, as_of=_text("2099-01-01 00:00:00+00:00")),
    "a larger surge": lambda w, r: "UPDATE placements_surge SET beds = 900",
    "a longer surge": lambda w, r: "UPDATE placements_surge SET until = '2099-01-01 00:00:00+00:00'",
    "a surge for ever": lambda w, r: copied(r["surge"], until=_text("2099-01-01 00:00:00+00:00")),
    "a surge by somebody else": lambda w, r: copied(r["surge"], by_id=w.staff["officer"].pk),
    "an approval of another surge": lambda w, r: f"UPDATE placements_surgeapproval SET surge_id = {r['surge'].pk}",
    "an approval by the same organisation": lambda w, r: copied(r["approval"], by_id=w.staff["supervisor3"].pk),
    "an approval by the same person": lambda w, r: copied(r["approval"]),
    "an approval by the own organisation": lambda w, r: copied(r["approval"], by_id=w.staff["placement"].pk),
    "an approval by a doctor": lambda w, r: copied(r["approval"], by_id=w.staff["doctor"].pk),
    "an approval by nobody": lambda w, r: copied(r["approval"], by_id=987654),
    "no buyer in the county": lambda w, r: "DELETE FROM placements_riskarea",
    "a buyer in another county": lambda w, r: f"UPDATE placements_riskarea SET jurisdiction_id = {w.jurisdictions['GD'].pk}",
    "a voice that agrees": lambda w, r: "UPDATE placements_separationvote SET agrees = (1 = 1)",
    "a voice less": lambda w, r: "DELETE FROM placements_separationvote",
    "a voice of a nurse": lambda w, r: copied(r["vote"], by_id=w.staff["nurse"].pk),
    "a second voice of one person": lambda w, r: copied(r["vote"]),
    "a decision on another child": lambda w, r: f"UPDATE placements_separation SET child_id = {r['other'].pk}",
    "no sibling any more": lambda w, r: (
        f"UPDATE children_child SET siblings_id = NULL, version = version + 1 WHERE id = {r['twin'].pk}"
    ),
    "an end of nothing": lambda w, r: "DELETE FROM placements_placementend",
}
ON_SQLITE: dict[str, Callable[[World, Rows], str]] = {
    "a report in place of another": lambda w, r: (
        "INSERT OR REPLACE INTO placements_capacitysnapshot SELECT * FROM placements_capacitysnapshot"
        f" WHERE id = {r['report'].pk}"
    ),
}
ON_POSTGRESQL: dict[str, Callable[[World, Rows], str]] = {
    "no reports at all": lambda w, r: "TRUNCATE placements_capacitysnapshot",
}
ALL_RAW = RAW | (ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL)


def prepared(world: World) -> Rows:
    """A home that is full and asked, one at the buyer's address, a surge that one approved, twins and a vote against parting."""
    new_home(world, "东兴市教育路8号2楼")
    new_colleague(world, "supervisor3", "ministry", "supervisor")
    child, twin, other, near = (world.in_hospital(cleared=True) for _ in range(4))
    children.group_siblings(children=(child, twin), ground="dna", by=world.actor("caseworker"), at=world.now())
    placement, elsewhere = asked(world, child), asked(world, twin, "home_gd")
    (refused,) = actions.refuse_placement(placement=elsewhere, code="no_bed", by=world.actor("caseworker_gd"), at=world.now())
    ended = asked(world, other)
    actions.end_placement(placement=ended, reason="x", by=world.actor("placement"), at=world.now())
    asked_for = surge(world, "supervisor")
    decision = separated(world, twin, against=("supervisor",))
    now = world.now()
    return {
        "child": child,
        "twin": twin,
        "other": other,
        "placement": placement,
        "refused": refused,
        "risk": risk(world, near),
        "surge": asked_for,
        "approval": SurgeApproval.objects.get(surge=asked_for),
        "vote": SeparationVote.objects.get(separation=decision),
        "report": CapacitySnapshot.objects.filter(facility=world.facilities["home"]).latest("pk"),
        "now": _text(now.strftime("%Y-%m-%d %H:%M:%S") + ("" if connection.vendor == "sqlite" else "+00:00")),
    }


@pytest.mark.parametrize("role", ["web", "owner"])
@pytest.mark.parametrize("name", ALL_RAW)
def test_sql_changes_nothing_that_a_gate_reads(world: World, buyer: Person, name: str, role: str) -> None:
    rows = prepared(world)
    sql = ALL_RAW[name](world, rows)
    connection.check_constraints()  # as after a commit: PostgreSQL truncates no table with rows still to be checked
    with web_role() if role == "web" else contextlib.nullcontext(), in_vain(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert PlacementAnswer.objects.filter(accepted=True).count() == 0
    assert where.head(rows["child"].pk).kind == "hospital"
    assert not guards.differences(connection)


def test_bulk_changes_are_no_way_round(world: World, buyer: Person) -> None:
    rows = prepared(world)
    with in_vain("append_only"):
        Placement.objects.filter(pk=rows["placement"].pk).update(facility=world.facilities["home_gd"])
    with in_vain("append_only"):
        CapacitySnapshot.objects.filter(pk=rows["report"].pk).update(beds=900)
    with in_vain("not_of_place"):
        report_row = rows["report"]
        report_row.pk, report_row.by = None, world.staff["caseworker_gd"]
        CapacitySnapshot.objects.bulk_create([report_row])
