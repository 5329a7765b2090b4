"""Two investigations with their task forces, the ledger of children whom the first ring moved, and the reports of both days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from wayhome.casework.accounts.queries import active_staff
from wayhome.casework.children.queries import ledger
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import actions as custody
from wayhome.casework.operations import actions as operations
from wayhome.casework.operations.queries import officers
from wayhome.casework.operations.queries.investigations import investigations_of, task_force
from wayhome.cli.demo_people import PROVINCES
from wayhome.cli.demo_raids import CASE_1, Case
from wayhome.cli.demo_registers import SUPERVISOR, Registers

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENED = datetime(2011, 2, 21, 9, 0, tzinfo=SHANGHAI)
MOVED = 21
"""Infants that the first ring moved from 2 June on, as calls and tickets tell."""
FIRST_MOVE = date(2011, 6, 2)
OFFICERS_1: Mapping[str, int] = MappingProxyType({"CN-GD": 180, "CN-GX": 120})
OFFICERS_2 = 2_600


def open_investigations(cases: Iterable[Case], registers: Registers, at: datetime) -> dict[str, Any]:
    """One for each case: the ministry supervises it, and officers of every province that takes part belong to its task force."""
    made = {}
    with transaction.atomic():
        for case in cases:
            lead = registers.actors[case.officer]
            one = operations.open_investigation(
                code=case.code, title=case.title, jurisdiction=registers.jurisdictions["CN"], by=lead, at=at
            )
            operations.supervise(investigation=one, since=at.astimezone(SHANGHAI).date(), by=lead, at=at)
            others = {f"{site.province}-officer" for site in case.sites} - {case.officer}
            for number, function in ((SUPERVISOR, "supervisor"), *((number, "member") for number in sorted(others))):
                staff = active_staff().get(number=number)
                operations.add_member(investigation=one, staff=staff, function=function, by=lead, at=at)
            made[case.code] = one
    return made


def tell_of_children(investigation: Any, case: Case, registers: Registers, at: datetime) -> list[Any]:
    """The ledger of a ring: children of whom there is evidence, and whom nobody has seen."""
    first = case.zero_hour.date() - (date(2011, 7, 15) - FIRST_MOVE)
    with transaction.atomic():
        return [
            operations.tell_victim(
                investigation=investigation,
                evidence=f"call about a price, {i + 1} of {MOVED}",
                sex="U",
                seen_from=first + timedelta(days=2 * i),
                seen_to=first + timedelta(days=2 * i + 1),
                by=registers.actors[case.officer],
                at=at,
            )
            for i in range(MOVED)
        ]


def are_rescued(victims: list[Any], children: Iterable[Any], registers: Registers, at: datetime) -> None:
    """Whoever found a child says which of those it is, and takes it off this list."""
    with transaction.atomic():
        for child in children:
            province = child.event.jurisdiction.path.strip("/").split("/")[1]
            custody.tie_victim(victim=victims.pop(0), child_id=child.pk, by=registers.actors[f"{province}-officer"], at=at)


def report_day(operation: Any, counts: Mapping[str, int], registers: Registers, at: datetime) -> None:
    """Every province tells how many officers it has out."""
    with transaction.atomic():
        for code, n in counts.items():
            by = registers.actors[f"{code}-officer"]
            operations.report_officers(operation=operation, officers=n, counted_at=at, by=by, at=at)


def officers_of_case_2() -> dict[str, int]:
    """2,600 over fourteen provinces, as many children as each found."""
    infants = {one.code: one.infants for one in PROVINCES if one.infants}
    share = {code: OFFICERS_2 * n // sum(infants.values()) for code, n in infants.items()}
    first = next(iter(share))
    return share | {first: share[first] + OFFICERS_2 - sum(share.values())}


def told(by: Actor, cases: Iterable[Any]) -> dict[str, Any]:
    """What a member of both task forces reads."""
    forces = {one.code: one for one in investigations_of(by)}
    open_ = ledger(by, forces[CASE_1].pk)
    return {
        "task_forces": {code: task_force(by, one.pk).count() for code, one in sorted(forces.items())},
        "officers": {one.code: officers(one) for one in cases},
        "ledger": {"moved": open_.moved, "rescued": open_.rescued, "open": open_.open},
    }
