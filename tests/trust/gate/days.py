"""Who reports what of which province, and of whom it is told where they were detained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, leaves, signed
from trust.gate.stage import AT, Stage, insert
from wayhome.casework.accounts.rules import Role

CITY, AGENCY, CHIEF, BUREAU, HEAD = 820_001, 820_002, 820_003, 820_004, 820_005


def _staff(stage: Stage, pk: int, agency: int) -> str:
    person = {"number": f"d{pk}", "name": "d", "name_latin": "", "id_number": f"papers {pk}", "phone": "", "address": ""}
    return insert("accounts_staff", id=pk, **person, agency_id=agency, role="officer", **signed(stage), at=AT)


def _agency(stage: Stage, pk: int, jurisdiction: int) -> str:
    named = {"code": f"a{pk}", "kind": "police", "name": "x", "name_en": ""}
    return insert("accounts_agency", id=pk, **named, jurisdiction_id=jurisdiction, **signed(stage), at=AT)


def _elsewhere(stage: Stage) -> tuple[str, ...]:
    """A city of Guangxi with its police, and police of the whole country."""
    places = stage.world.jurisdictions
    named = {"name_en": "x", "name_zh": "x", "name_vi": "x"}
    city = insert(
        "accounts_jurisdiction",
        id=CITY,
        code="GX-6",
        kind="city",
        parent_id=places["GX"].pk,
        path=f"{places['GX'].path}GX-6/",
        **named,
    )
    return (
        city,
        _agency(stage, AGENCY, CITY),
        _staff(stage, CHIEF, AGENCY),
        _agency(stage, BUREAU, places["CN"].pk),
        _staff(stage, HEAD, BUREAU),
    )


def reports(stage: Stage) -> Iterator[Case]:
    """Of officers and of things seized."""
    places = {code: one.pk for code, one in stage.world.jurisdictions.items()} | {"city": CITY}
    for table, told in (
        ("deployment", {"officers": 1}),
        ("seizure", {"reference": "1", "kind": "money", "amount": 1, "unit": "CNY"}),
    ):
        guard = f"operations_{table}_insert_gate"

        def row(by: int, where: str, table: str = table, told: dict[str, Any] = told, **more: Any) -> str:
            columns = {"operation_id": stage.operation["this"], "counted_at": AT, "by_id": by, "at": AT} | told | more
            return insert(f"operations_{table}", jurisdiction_id=places[where], **columns)

        officer = stage.staff("officer")
        for name, by, where, legal in (
            ("the own province", officer, "GX", True),
            ("another province", officer, "GD", False),
            ("the country", officer, "CN", False),
            ("another country", officer, "VN", False),
            ("a city's police, their province", CHIEF, "GX", True),
            ("a city's police, their city", CHIEF, "city", False),
            ("a city's police, another province", CHIEF, "GD", False),
            ("a city's police, the country", CHIEF, "CN", False),
            ("the province's police, a city", officer, "city", False),
            ("the country's police, the country", HEAD, "CN", True),
            ("the country's police, a province", HEAD, "GX", False),
            ("the country's police, another country", HEAD, "VN", False),
        ):
            yield judged(guard, name, "" if legal else "not_own_province", *_elsewhere(stage), row(by, where))
        for role in Role:
            code = "" if role == "officer" else "not_own_province"
            yield judged(guard, f"a {role}", code, row(stage.member["police", role], "GX"))
        for who, code in (("officer", "not_own_province"), ("officer2", "")):
            yield judged(guard, f"after {who} left", code, leaves(stage, who), row(officer, "GX"))
        if table == "seizure":
            for amount, code in ((0, ""), (-1, "amount_below_nothing")):
                yield judged(guard, f"{amount} of it", code, row(officer, "GX", amount=amount))


def detentions(stage: Stage) -> Iterator[Case]:
    """Where somebody was detained."""
    guard = "operations_detention_insert_gate"
    officer, this, other = stage.staff("officer"), stage.operation["this"], stage.operation["other"]

    def role(person: str = "x", operation: int = this, at: str | None = AT) -> str:
        columns = {"person_id": stage.person[person], "operation_id": operation, "kind": "suspect", "detained_at": at}
        return insert("operations_personrole", **columns, by_id=officer, at=AT)

    def row(by: int = officer) -> str:
        columns = {"operation_id": this, "person_id": stage.person["x"], "jurisdiction_id": stage.world.jurisdictions["GD"].pk}
        return insert("operations_detention", **columns, by_id=by, at=AT)

    yield judged(guard, "somebody detained", "", role(), row())
    yield judged(guard, "somebody without a role", "not_detained", row())
    yield judged(guard, "somebody not detained", "not_detained", role(at=None), row())
    yield judged(guard, "somebody else detained", "not_detained", role("y"), row())
    yield judged(guard, "detained in another operation", "not_detained", role(operation=other), row())
    for one in Role:
        code = "" if one == "officer" else "not_own_province"
        yield judged(guard, f"by a {one}", code, role(), row(stage.member["police", one]))
    for who, code in (("officer", "not_own_province"), ("officer2", "")):
        yield judged(guard, f"after {who} left", code, role(), leaves(stage, who), row())


SOURCES = (reports, detentions)
