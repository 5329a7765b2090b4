"""The two operations as they struck: who was found where, who was detained, and how each child came to a hospital."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.medical import actions as medical
from wayhome.casework.operations import actions as operations
from wayhome.cli import demo_people as people
from wayhome.cli.demo_registers import Registers

SHANGHAI = ZoneInfo("Asia/Shanghai")
CASE_1, CASE_2 = "8.6.2011", "2011.2.21"
FIRST_LOOK = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Site:
    """Infants found at one place."""

    province: str
    jurisdiction: str
    place: str
    infants: int
    sedated: int = 0
    clue_of: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What an operation found."""

    code: str
    title: str
    zero_hour: datetime
    officer: str
    sites: tuple[Site, ...]
    suspects: int
    from_vietnam: int
    oldest_days: int


def cases(later: timedelta = timedelta()) -> tuple[Case, Case]:
    """The two of them, in July 2011 or so much later."""
    sedated = people.CASE_1_SEDATED
    first = []
    for code, infants in people.CASE_1_INFANTS.items():
        first.append(Site(code, code, hideout(code, 1), infants, sedated=min(sedated, infants)))
        sedated -= first[-1].sedated
    return (
        Case(
            CASE_1,
            "Cross-border ring, with Vietnam",
            datetime(2011, 7, 15, 14, 0, tzinfo=SHANGHAI) + later,
            "CN-GX-officer",
            tuple(first),
            people.CASE_1_SUSPECTS,
            people.CASE_1_FROM_VIETNAM,
            oldest_days=210,
        ),
        Case(
            CASE_2,
            "Ring in fourteen provinces",
            datetime(2011, 7, 20, 0, 0, tzinfo=SHANGHAI) + later,
            "CN-HA-officer",
            tuple(_sites_of_case_2()),
            people.CASE_2_SUSPECTS,
            from_vietnam=0,
            oldest_days=120,
        ),
    )


def _sites_of_case_2() -> Iterator[Site]:
    for province in people.PROVINCES:
        here = province.infants
        if province.code == "CN-SX":
            here -= people.COUNTY_INFANTS
            yield Site(province.code, people.COUNTY[0], hideout(province.code, 3), people.COUNTY_INFANTS)
        on_clue = people.ON_SHANXIS_CLUES.get(province.code, 0)
        if on_clue:
            yield Site(province.code, province.code, hideout(province.code, 4), on_clue, clue_of="CN-SX")
        if here - on_clue:
            yield Site(province.code, province.code, hideout(province.code, 2), here - on_clue)


def hideout(code: str, n: int) -> str:
    """Address of a place where children were found."""
    province = next(one for one in people.PROVINCES if one.code == code)
    return f"{province.zh}{province.town}柳巷{n}号{n + 1}单元"


def strike(case: Case, registers: Registers, chance: random.Random) -> Any:
    """All of an operation: recorded the day before, children found, people detained."""
    with transaction.atomic():
        operation = operations.record_operation(
            code=case.code,
            title=case.title,
            zero_hour=case.zero_hour,
            jurisdiction=registers.jurisdictions["CN"],
            by=registers.actors[case.officer],
            at=case.zero_hour - timedelta(days=1),
        )
    come_upon(operation, case, registers, chance, label=case.code[:1])
    return operation


def come_upon(operation: Any, case: Case, registers: Registers, chance: random.Random, *, label: str) -> None:
    """Children of a case found, and people detained, of whom the list begins with a label."""
    lead = registers.actors[case.officer]
    at = case.zero_hour + timedelta(minutes=30)
    with transaction.atomic():
        for site in case.sites:
            _rescue(operation, case, site, registers, chance)
    # Those detained come from one list, and are written as one: whoever has a child is looked at once, at its end. They were
    # detained in the provinces where children were found, more where there were more of them.
    where = [site.province for site in case.sites for _ in range(site.infants)]
    with transaction.atomic():
        for n, suspect in enumerate(people.suspects(chance, label, case.suspects, case.from_vietnam)):
            person = operations.record_person(label=suspect.label, facts=suspect.facts, by=lead, at=at, source="arrest report")
            operations.record_role(
                person=person, operation=operation, kind=suspect.role, by=lead, at=at, detained_at=case.zero_hour
            )
            place = registers.jurisdictions[where[n % len(where)]]
            operations.place_detention(operation=operation, person=person, jurisdiction=place, by=lead, at=at)
            custody.exclude(person=person, ground="suspect", by=lead, at=at, look=False)
        custody.look_again(by=lead, at=at)


def _rescue(operation: Any, case: Case, site: Site, registers: Registers, chance: random.Random) -> None:
    """Children found, taken into care, handed to the hospital and observed there."""
    actors = registers.actors
    officer, nurse = actors[f"{site.province}-officer"], actors[f"{site.province}-nurse"]
    found_at = case.zero_hour + timedelta(minutes=10)
    event = operations.record_rescue(
        operation=operation,
        jurisdiction=registers.jurisdictions[site.jurisdiction],
        place=site.place,
        found_at=found_at,
        by=officer,
        at=found_at + timedelta(minutes=5),
        clue_of=registers.jurisdictions.get(site.clue_of),
        sedation_suspected=site.sedated > 0,
    )
    for i in range(site.infants):
        sedated = i < site.sedated
        at = found_at + timedelta(minutes=6 + i)
        least = chance.randrange(10, case.oldest_days - 20)
        child = custody.take_into_care(
            intake=custody.Intake(
                event=event,
                post=registers.facilities[f"{site.province}-police"],
                sex="F" if chance.random() < 0.8 else "M",
                call_name=chance.choice(people.CALL_NAMES),
                started_at=found_at,
                condition="drowsy, hard to wake" if sedated else "awake, crying",
                age=(least, least + 20, "sight"),
                items=("cotton wrap",),
            ),
            by=officer,
            at=at,
        )
        offer = custody.offer_handover(
            child=child,
            to_facility=registers.facilities[f"{site.province}-hospital"],
            kind=Kind.HOSPITAL,
            wristband=child.number,
            place="admission",
            condition="drowsy" if sedated else "awake",
            by=officer,
            at=at + timedelta(minutes=50),
        )
        arrived = at + timedelta(hours=1)
        custody.accept_handover(offer_id=offer.pk, wristband=child.number, by=nurse, at=arrived)
        _observe(child, nurse, arrived, chance, sedated=sedated)


def _observe(child: Any, nurse: Any, arrived: datetime, chance: random.Random, *, sedated: bool) -> None:
    medical.plan_observation(child=child, every_minutes=15 if sedated else 240, sedation=sedated, by=nurse, at=arrived)
    if sedated:
        taken = arrived + timedelta(minutes=5)
        medical.take_tox_sample(child=child, barcode=f"T{child.number}", kind="urine", taken_at=taken, by=nurse, at=taken)
    looks = ("voice", "voice", "alert") if sedated else ("alert",)
    for i, consciousness in enumerate(looks):
        at = arrived + FIRST_LOOK + i * timedelta(minutes=15)
        medical.observe(
            child=child,
            taken_at=at,
            consciousness=consciousness,
            by=nurse,
            at=at,
            heart_rate=chance.randrange(115, 155),
            breaths=chance.randrange(30, 50),
            temperature_c=round(36.4 + chance.random(), 1),
            feeding="poorly" if sedated else "well",
        )
