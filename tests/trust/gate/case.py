"""What the gate must say to one write at a time, and pieces of SQL that many cases share.

The last statement of a case is the one that is judged; those before it must succeed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trust.gate.stage import AFTER, AT, Stage, insert


@dataclass(frozen=True)
class Case:
    """A write that a guard, known by the name of its trigger, judges; `code` of the refusal, "" for a legal write."""

    guard: str
    name: str
    code: str
    statements: tuple[str, ...]


def judged(guard: str, name: str, code: str, *statements: str) -> Case:
    """A case of the guard of this name."""
    return Case(f"wayhome_{guard}", name, code, statements)


def request_columns(stage: Stage, **more: Any) -> dict[str, Any]:
    """A foster request."""
    return {
        "child_id": stage.child["welfare_institution"],
        "institution_id": stage.place("home"),
        "person_id": stage.person["household"],
        "address": "x",
        "reason": "x",
        "digest": "d",
        "valid_until": AFTER,
        "by_id": stage.staff("caseworker"),
        "at": AT,
    } | more


def admission_columns(stage: Stage, **more: Any) -> dict[str, Any]:
    """A visit."""
    return {
        "facility_id": stage.place("home"),
        "child_id": None,
        "person_id": stage.person["stranger"],
        "purpose": "visit",
        "by_id": stage.staff("caseworker"),
        "at": AT,
    } | more


def leaves(stage: Stage, who: str) -> str:
    """SQL: a member of staff leaves the service."""
    return insert("accounts_staffend", staff_id=stage.staff(who), reason="x", **signed(stage), at=AT)


def closes(stage: Stage, place: str) -> str:
    """SQL: a place closes."""
    return insert("accounts_facilityend", facility_id=stage.place(place), reason="x", **signed(stage), at=AT)


def signed(stage: Stage) -> dict[str, int]:
    """By both registrars."""
    return {"registered_by_id": stage.staff("registrar"), "countersigned_by_id": stage.staff("registrar1")}


def twin_of(stage: Stage, who: str) -> tuple[int, str]:
    """SQL: somebody is once more in the register, under another number."""
    columns = ("name", "name_latin", "phone", "address", "agency_id", "role", "registered_by_id", "countersigned_by_id", "at")
    told = ", ".join(columns)
    return 700_009, (
        f"INSERT INTO accounts_staff (id, number, id_number, {told}) SELECT 700009, 'twin', id_number, {told}"
        f" FROM accounts_staff WHERE id = {stage.staff(who)}"
    )


def doctor_elsewhere(stage: Stage) -> tuple[int, tuple[str, str]]:
    agency = insert(
        "accounts_agency",
        id=700_002,
        code="elsewhere",
        kind="hospital",
        name="x",
        name_en="",
        jurisdiction_id=stage.world.jurisdictions["GD"].pk,
        **signed(stage),
        at=AT,
    )
    person = {"number": "d", "name": "d", "name_latin": "", "id_number": "papers of d", "phone": "", "address": ""}
    return 700_003, (
        agency,
        insert("accounts_staff", id=700_003, **person, agency_id=700_002, role="doctor", **signed(stage), at=AT),
    )
