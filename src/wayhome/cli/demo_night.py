"""The night of placements in the demonstration: 40 homes in 14 provinces, too few beds, a bill, and a bed for every child.

Figures of this night are made up; they come from the records like all others.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from wayhome.casework.custody import actions as custody
from wayhome.casework.custody import queries as where
from wayhome.casework.custody.rules import Kind
from wayhome.casework.placements import actions as placements
from wayhome.casework.placements import queries
from wayhome.cli.demo_people import home_codes
from wayhome.cli.demo_registers import SUPERVISOR, Registers

EVENING = datetime(2011, 7, 20, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LAST_ACT = EVENING + timedelta(hours=4, minutes=40)
"""When the last child has come into its home."""
NIGHTS = 14
CAPITALS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "CN-SX": (37.87, 112.55),
        "CN-HA": (34.75, 113.63),
        "CN-HE": (38.04, 114.51),
        "CN-SD": (36.65, 117.12),
        "CN-AH": (31.82, 117.23),
        "CN-JS": (32.06, 118.80),
        "CN-FJ": (26.07, 119.30),
        "CN-SC": (30.57, 104.07),
        "CN-YN": (25.04, 102.71),
        "CN-GD": (23.13, 113.26),
        "CN-GZ": (26.65, 106.63),
        "CN-HB": (30.59, 114.31),
        "CN-SN": (34.34, 108.94),
        "CN-JX": (28.68, 115.86),
        "CN-GX": (22.82, 108.37),
    }
)
"""Latitude and longitude of provincial capitals, to a hundredth of a degree."""
LATE = (("CN-GD", "CN-GD-home1"), ("CN-YN", "CN-YN-home1"))
"""Provinces and homes that make room for children found later."""


def place_everybody(registers: Registers, chance: random.Random, at: datetime) -> None:
    """Clear, count, plan, ask, be refused, plan again, hand over; then the bill is paid, and the rest follow."""
    ministry = registers.actors[SUPERVISOR]
    with transaction.atomic():
        for code, (latitude, longitude) in CAPITALS.items():
            placements.tell_position(
                jurisdiction=registers.jurisdictions[code], latitude=latitude, longitude=longitude, by=ministry, at=at
            )
        _clear(registers, at)
        for province, code in home_codes():
            beds = chance.choice((1, 1, 2, 2))
            _count(registers, province, code, at, beds=beds, carers=1)
    at += timedelta(minutes=30)
    plan = placements.plan_night(jurisdiction=registers.jurisdictions["CN"], nights=NIGHTS, by=ministry, at=at)
    _ask(registers, plan, at, refuse=("not_a_foundling", "too_small"))
    at += timedelta(minutes=30)
    plan = placements.plan_night(jurisdiction=registers.jurisdictions["CN"], nights=NIGHTS, by=ministry, at=at)
    _ask(registers, plan, at)
    _carry(registers, at + timedelta(minutes=30))
    at += timedelta(hours=2)
    plan = placements.plan_night(jurisdiction=registers.jurisdictions["CN"], nights=NIGHTS, by=ministry, at=at)
    _pay(registers, plan, at + timedelta(minutes=10))
    at += timedelta(minutes=30)
    plan = placements.plan_night(jurisdiction=registers.jurisdictions["CN"], nights=NIGHTS, by=ministry, at=at)
    _ask(registers, plan, at)
    _carry(registers, at + timedelta(minutes=30))


def place_late(registers: Registers, at: datetime) -> None:
    """Children found later: cleared, counted for, planned, asked for and carried as on that night."""
    _clear(registers, at)
    for province, code in LATE:
        report = queries.snapshots([registers.facilities[code]])[registers.facilities[code].pk]
        _count(registers, province, code, at, beds=report.beds + 1, carers=report.carers_night + 1)
    at += timedelta(minutes=30)
    ministry = registers.actors[SUPERVISOR]
    plan = placements.plan_night(jurisdiction=registers.jurisdictions["CN"], nights=NIGHTS, by=ministry, at=at)
    _ask(registers, plan, at)
    _carry(registers, at + timedelta(minutes=30))


def told(until: datetime) -> dict[str, Any]:
    """What the plans and the custody of children say: how many had a place before the bill was paid, and after."""
    night = queries.last_shortage()
    return {
        "homes": len(queries.homes("/CN/")),
        "placed_before_bill": queries.had_a_place(None if night is None else night.at),
        "unplaced": 0 if night is None else night.lines.filter(facility__isnull=True).count(),
        "shortage_bill": {} if night is None else night.result.bill["provinces"],
        "placed_after_bill": queries.had_a_place(until),
        "refusals": dict(sorted(Counter(queries.refusals().values_list("answer__code", flat=True)).items())),
    }


def _clear(registers: Registers, at: datetime) -> None:
    """Every child in a hospital is fit to go."""
    here = where.heads().filter(kind=Kind.HOSPITAL).select_related("child__event__jurisdiction", "facility__jurisdiction")
    for episode in here.order_by("child_id"):
        province = _province(episode.facility.jurisdiction.path)
        custody.clear(child=episode.child, fit=True, level="ordinary", by=registers.actors[f"{province}-doctor"], at=at)


def _province(path: str) -> str:
    return path.strip("/").split("/")[1]


def _count(registers: Registers, province: str, code: str, at: datetime, *, beds: int, carers: int, funds: int = 5_000) -> None:
    placements.report_capacity(
        facility=registers.facilities[code],
        beds=beds,
        carers_day=carers,
        carers_night=carers,
        children_per_carer=2,
        daily_cost=120,
        funds=funds,
        by=registers.actors[f"{province}-caseworker"],
        at=at,
    )


def _ask(registers: Registers, plan: Any, at: datetime, refuse: Sequence[str] = ()) -> None:
    """Homes are asked and answer within a quarter of an hour; the first ones refuse for reasons that no rule knows."""
    reasons = list(refuse)
    with transaction.atomic():
        asked = placements.propose_plan(plan=plan, by=registers.actors[SUPERVISOR], at=at + timedelta(minutes=5))
        for one in asked:
            home = registers.actors[f"{_province(one.facility.jurisdiction.path)}-caseworker"]
            if reasons:
                placements.refuse_placement(placement=one, code=reasons.pop(0), by=home, at=at + timedelta(minutes=15))
            else:
                placements.accept_placement(placement=one, by=home, at=at + timedelta(minutes=15))


def _carry(registers: Registers, at: datetime) -> None:
    """Every child whose place is kept goes there, with two signatures."""
    with transaction.atomic():
        for one in queries.open_acceptances().select_related("child", "facility__jurisdiction").order_by("pk"):
            here = where.head(one.child_id)
            offer = custody.offer_handover(
                child=one.child,
                to_facility=one.facility,
                kind=Kind.WELFARE_INSTITUTION,
                wristband=one.child.number,
                place="ward door",
                condition="fed, asleep",
                by=registers.actors[f"{_province(here.facility.jurisdiction.path)}-nurse"],
                at=at,
            )
            custody.accept_handover(
                offer_id=offer.pk,
                wristband=one.child.number,
                by=registers.actors[f"{_province(one.facility.jurisdiction.path)}-caseworker"],
                at=at + timedelta(minutes=40),
            )


def _pay(registers: Registers, plan: Any, at: datetime) -> None:
    """Each home of the bill gets what stands there for it, and counts again."""
    homes = {str(place.pk): code for code, place in registers.facilities.items()}
    reports = queries.snapshots(registers.facilities.values())
    with transaction.atomic():
        for key, given in plan.result.bill["homes"].items():
            code = homes[key]
            report = reports[registers.facilities[code].pk]
            _count(
                registers,
                code.rpartition("-")[0],
                code,
                at,
                beds=report.beds + given["beds"],
                carers=report.carers_night + given["carers"],
                funds=report.funds + given["yuan"],
            )
