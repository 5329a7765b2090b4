"""The two operations of July 2011, replayed with made-up people through the actions that the pages call.

What is told at the end is counted from the records, and nothing is told that was not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from wayhome.casework.audit import queries as audit
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.continuity import continuity
from wayhome.casework.custody.rules import Kind
from wayhome.casework.medical import actions as medical
from wayhome.casework.operations import actions as operations
from wayhome.casework.operations import queries as told
from wayhome.cli import demo_announcements, demo_families, demo_night, demo_returns
from wayhome.cli import demo_people as people
from wayhome.cli.demo_families import Story
from wayhome.cli.demo_registers import SUPERVISOR, Registers, fill

SHANGHAI = ZoneInfo("Asia/Shanghai")
CASE_1, CASE_2 = "8.6.2011", "2011.2.21"
MARKS = (("face", "mole"), ("back", "birthmark"), ("left_hand", "scar"))
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
        first.append(Site(code, code, _hideout(code, 1), infants, sedated=min(sedated, infants)))
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
            yield Site(province.code, people.COUNTY[0], _hideout(province.code, 3), people.COUNTY_INFANTS)
        on_clue = people.ON_SHANXIS_CLUES.get(province.code, 0)
        if on_clue:
            yield Site(province.code, province.code, _hideout(province.code, 4), on_clue, clue_of="CN-SX")
        if here - on_clue:
            yield Site(province.code, province.code, _hideout(province.code, 2), here - on_clue)


def _hideout(code: str, n: int) -> str:
    province = next(one for one in people.PROVINCES if one.code == code)
    return f"{province.zh}{province.town}柳巷{n}号{n + 1}单元"


def replay(*, seed: int = 2011, later: timedelta = timedelta(), families: int) -> None:
    """Write the story into an empty house, with every moment of it so much later; `families`: couples in the old base."""
    chance = random.Random(seed)
    with transaction.atomic():
        registers = fill(cases(later)[0].zero_hour - timedelta(days=30), chance)
    for case in cases(later):
        _replay(case, registers, chance)
    demo_night.place_everybody(registers, chance, demo_night.EVENING + later)
    demo_announcements.announce(registers, cases_by_code().values(), demo_announcements.DAY + later)
    story = Story(registers, demo_families.BEGINS + later, households=families, seed=seed)
    story.tell()
    demo_returns.Returns(story).tell()


def _replay(case: Case, registers: Registers, chance: random.Random) -> None:
    lead = registers.actors[case.officer]
    at = case.zero_hour + timedelta(minutes=30)
    with transaction.atomic():
        operation = operations.record_operation(
            code=case.code,
            title=case.title,
            zero_hour=case.zero_hour,
            jurisdiction=registers.jurisdictions["CN"],
            by=lead,
            at=case.zero_hour - timedelta(days=1),
        )
        for site in case.sites:
            _rescue(operation, case, site, registers, chance)
    # Those detained come from one list, and are written as one: whoever has a child is looked at once, at its end.
    with transaction.atomic():
        for suspect in people.suspects(chance, case.code[:1], case.suspects, case.from_vietnam):
            person = operations.record_person(label=suspect.label, facts=suspect.facts, by=lead, at=at, source="arrest report")
            operations.record_role(
                person=person, operation=operation, kind=suspect.role, by=lead, at=at, detained_at=case.zero_hour
            )
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


def is_told() -> bool:
    """Whether the story stands in the house already."""
    return set(cases_by_code()) >= {CASE_1, CASE_2}


def cases_by_code() -> dict[str, Any]:
    """Operations that the ministry sees."""
    from wayhome.casework.accounts import queries

    staff = queries.active_staff().filter(number=SUPERVISOR).first()
    if staff is None:
        return {}
    return {one.code: one for one in told.operations_of(queries.actor_of(staff))}


def began() -> datetime:
    """When the first operation struck, as the records say."""
    moment: datetime = cases_by_code()[CASE_1].zero_hour
    return moment


def counted_from_records() -> dict[str, Any]:
    """What the records say: every figure is a query."""
    found = cases_by_code()
    totals = {code: told.totals(found[code]) for code in (CASE_1, CASE_2)}
    chain = continuity()
    verified = audit.verify_chain()
    return {
        "children": chain.children,
        "rescued_by_case": {code: total.rescued for code, total in totals.items()},
        "suspects_by_case": {code: total.suspects for code, total in totals.items()},
        "detained_by_case": {code: total.detained for code, total in totals.items()},
        "rescued_by_province": _by_province(totals[CASE_2].by_jurisdiction),
        "rescued_by_jurisdiction": {code: dict(sorted(total.by_jurisdiction.items())) for code, total in totals.items()},
        "on_clue_of": dict(totals[CASE_2].on_clue_of),
        "custody": chain.by_kind,
        "episodes": chain.episodes,
        "custody_gaps": chain.gaps,
        **demo_night.told(),
        **demo_families.told(),
        **demo_returns.told(),
        **demo_announcements.told(),
        "audit_events": verified.events,
        "audit_chains": verified.chains,
        "audit_ok": verified.ok,
    }


def _by_province(by_jurisdiction: Any) -> dict[str, int]:
    """A county's children are its province's."""
    counts: dict[str, int] = {}
    for code, n in sorted(by_jurisdiction.items()):
        province = "-".join(code.split("-")[:2])
        counts[province] = counts.get(province, 0) + n
    return counts
