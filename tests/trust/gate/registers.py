"""Registers of agencies, places and staff; logins and tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, leaves
from trust.gate.stage import AFTER, AT, BEFORE, Raw, Stage, insert
from wayhome.casework.accounts.rules import FACILITIES_OF, ROLES_OF, AgencyKind, FacilityKind, Role
from wayhome.casework.custody.rules import Kind


def logins(stage: Stage) -> Iterator[Case]:
    """A login stays, and stays its owner's."""
    user = stage.plant(
        "accounts_user",
        password="x",
        username="x",
        email="",
        staff_id=stage.staff("officer"),
        language="en",
        is_active=True,
        first_password=False,
    )
    set_staff = f"UPDATE accounts_user SET staff_id = {{}} WHERE id = {user}"
    yield judged("accounts_user_update_gate", "another", "account_frozen", set_staff.format(stage.staff("nurse")))
    yield judged("accounts_user_update_gate", "the same", "", set_staff.format(stage.staff("officer")))
    for name, code, marked, what in (
        ("changed, no longer marked", "", True, "first_password = FALSE, password = 'y'"),
        ("no longer marked", "same_password", True, "first_password = FALSE"),
        ("marked still", "", True, "first_password = TRUE"),
        ("not marked", "", False, "first_password = FALSE"),
        ("marked", "", False, "first_password = TRUE"),
    ):
        mark = f"UPDATE accounts_user SET first_password = {str(marked).upper()} WHERE id = {user}"
        write = f"UPDATE accounts_user SET {what} WHERE id = {user}"
        yield judged("accounts_user_update_first_password", name, code, *(mark,) * marked, write)
    yield judged("accounts_user_delete_gate", "any", "append_only", f"DELETE FROM accounts_user WHERE id = {user}")


def tokens(stage: Stage) -> Iterator[Case]:
    """Secrets of programs: they end, and nothing else."""
    common = {"staff_id": stage.staff("officer"), "scopes": '["read"]', "label": "x", "created_at": AT, "expires_at": AFTER}
    valid = stage.plant("accounts_apitoken", digest="a", **common, revoked_at=None)
    revoked = stage.plant("accounts_apitoken", digest="b", **common, revoked_at=AT)
    ends, frozen = f"revoked_at = '{AFTER}'", "account_frozen"
    for name, code, token, what in (
        ("revoked", "", valid, ends),
        ("revoked, said over again", "", valid, f"{ends}, scopes = '[\"read\"]', label = 'x', staff_id = staff_id"),
        ("revoked twice", frozen, revoked, ends),
        ("valid again", frozen, revoked, "revoked_at = NULL"),
        ("nothing", frozen, valid, "revoked_at = NULL"),
        ("another id", frozen, valid, f"{ends}, id = 1"),
        ("another's", frozen, valid, f"{ends}, staff_id = {stage.staff('nurse')}"),
        ("another secret", frozen, valid, f"{ends}, digest = 'c'"),
        ("another label", frozen, valid, f"{ends}, label = 'y'"),
        ("made at another time", frozen, valid, f"{ends}, created_at = '{BEFORE}'"),
        ("for longer", frozen, valid, f"{ends}, expires_at = '2012-01-01 00:00:00'"),
        ("for more", frozen, valid, f'{ends}, scopes = \'["read", "approve"]\''),
    ):
        yield judged("accounts_apitoken_update_gate", name, code, f"UPDATE accounts_apitoken SET {what} WHERE id = {token}")
    yield judged("accounts_apitoken_delete_gate", "any", "append_only", f"DELETE FROM accounts_apitoken WHERE id = {valid}")


def registers(stage: Stage) -> Iterator[Case]:
    """Agencies, places and staff, each by two registrars, and their keys."""
    registrar, second = stage.staff("registrar"), stage.staff("registrar1")
    both = {"registered_by_id": registrar, "countersigned_by_id": second}
    neither = {"registered_by_id": None, "countersigned_by_id": None}
    agency: dict[str, Any] = {"code": "x", "kind": "police", "name": "x", "name_en": "", "jurisdiction_id": 1, "at": AT}
    place: dict[str, Any] = {
        "code": "x",
        "kind": "police_post",
        "name": "x",
        "name_en": "",
        "address": "x",
        "phone": "",
        "jurisdiction_id": 1,
    }
    place |= {"agency_id": stage.world.agencies["police"].pk, "at": AT}
    person: dict[str, Any] = {
        "number": "x",
        "name": "x",
        "name_latin": "",
        "id_number": "123456",
        "phone": "",
        "address": "",
        "role": "officer",
    }
    person |= {"agency_id": stage.world.agencies["police"].pk, "at": AT}
    wrong = "two_registrars"
    for table, columns in (
        ("accounts_agency", agency),
        ("accounts_facility", place),
        ("accounts_staff", person),
        ("accounts_facilityend", {"facility_id": stage.place("post"), "reason": "x", "at": AT}),
        ("accounts_staffend", {"staff_id": stage.staff("nurse"), "reason": "x", "at": AT}),
    ):
        for name, code, signatures, before in (
            ("both", "", both, ()),
            ("neither", wrong, neither, ()),
            ("one alone", wrong, both | {"countersigned_by_id": None}, ()),
            ("the other alone", wrong, both | {"registered_by_id": None}, ()),
            ("one twice", wrong, both | {"countersigned_by_id": registrar}, ()),
            ("an officer first", wrong, both | {"registered_by_id": stage.staff("officer")}, ()),
            ("an officer second", wrong, both | {"countersigned_by_id": stage.staff("officer")}, ()),
            ("nobody first", wrong, both | {"registered_by_id": 999_999}, ()),
            ("the first left", wrong, both, (leaves(stage, "registrar"),)),
            ("the second left", wrong, both, (leaves(stage, "registrar1"),)),
            ("somebody else left", "", both, (leaves(stage, "doctor"),)),
        ):
            write = insert(table, **columns, **signatures)
            yield judged(f"{table}_insert_gate", name, code, *before, write)
    first = agency | {"kind": "ministry"}
    unsigned = person | {"role": "registrar", "agency_id": stage.world.agencies["ministry"].pk}
    nothing, nobody = ("DELETE FROM accounts_agency",), ("DELETE FROM accounts_staff",)
    alone = insert("accounts_staff", **unsigned | neither | {"number": "y", "id_number": "223456"})
    another = insert("accounts_staff", **unsigned | neither | {"number": "z", "id_number": "323456"})
    for name, code, there in (
        ("the first", "", nobody),
        ("the second", "", (*nobody, alone)),
        ("a third", wrong, (*nobody, alone, another)),
    ):
        write = insert("accounts_staff", **unsigned | neither)
        yield judged("accounts_staff_insert_gate", f"{name} registrar, unsigned", code, *there, write)
    yield judged("accounts_agency_insert_gate", "the first ministry", "", *nothing, insert("accounts_agency", **first | neither))
    yield judged("accounts_agency_insert_gate", "a second ministry", wrong, insert("accounts_agency", **first | neither))
    write = insert("accounts_agency", **agency | neither)
    yield judged("accounts_agency_insert_gate", "the police first", wrong, *nothing, write)
    write = insert("accounts_staff", **person | neither)
    yield judged("accounts_staff_insert_gate", "an officer first", wrong, *nobody, write)
    for half in both:
        one = neither | {half: both[half]}
        yield judged(
            "accounts_agency_insert_gate", f"the first, {half}", wrong, *nothing, insert("accounts_agency", **first | one)
        )
        yield judged(
            "accounts_staff_insert_gate", f"the first, {half}", wrong, *nobody, insert("accounts_staff", **unsigned | one)
        )
    for odd in sorted({*map(str, Kind)} - {*map(str, FacilityKind)}):
        for kind in FACILITIES_OF:
            of = {"agency_id": next(one.pk for one in stage.world.agencies.values() if one.kind == kind)}
            write = insert("accounts_facility", **place | {"kind": odd} | of | both)
            yield judged("accounts_facility_insert_gate", f"{odd} of {kind}", "not_this_agency", write)
    yield judged(
        "accounts_staff_insert_gate",
        "a short number",
        "id_number_missing",
        insert("accounts_staff", **person | {"id_number": "12345"} | both),
    )
    yield judged(
        "accounts_staff_insert_gate", "a longer number", "", insert("accounts_staff", **person | {"id_number": "1234567"} | both)
    )
    there = insert("accounts_staff", **person | {"number": "y"} | both)
    gone = (
        "INSERT INTO accounts_staffend (staff_id, reason, registered_by_id, countersigned_by_id, at)"
        f" SELECT id, 'x', {registrar}, {second}, '{AT}' FROM accounts_staff WHERE number = "
    )
    write = insert("accounts_staff", **person | both)
    for name, code, before in (
        ("on it already", "registered_already", (there,)),
        ("somebody else on it", "", (insert("accounts_staff", **person | {"number": "y", "id_number": "1234567"} | both),)),
        ("back again", "", (there, gone + "'y'")),
        ("on it, and another left", "registered_already", (there, leaves(stage, "nurse"))),
    ):
        yield judged("accounts_staff_insert_gate", name, code, *before, write)
    agencies = {one.kind: one.pk for one in stage.world.agencies.values()}
    for kind in AgencyKind:
        for place_kind in FacilityKind:
            code = "" if place_kind in FACILITIES_OF.get(kind, ()) else "not_this_agency"
            write = insert("accounts_facility", **place | {"kind": str(place_kind), "agency_id": agencies[kind]} | both)
            yield judged("accounts_facility_insert_gate", f"{place_kind} of {kind}", code, write)
        for role in Role:
            code = "" if role in ROLES_OF[kind] else "not_this_agency"
            write = insert("accounts_staff", **person | {"role": str(role), "agency_id": agencies[kind]} | both)
            yield judged("accounts_staff_insert_gate", f"{role} of {kind}", code, write)
    for table, owner, last in (
        ("accounts_facilitykey", "facility_id", "(SELECT MAX(facility_id) FROM accounts_facilitykey)"),
        ("accounts_staffkey", "staff_id", "(SELECT MAX(staff_id) FROM accounts_staffkey)"),
    ):
        for name, code, value in (
            ("of the last", "", last),
            ("of the next", "", f"{last} + 1"),
            ("of an older", "keys_closed", f"{last} - 1"),
        ):
            write = insert(table, **{owner: Raw(value)}, kind="phone", key="x")
            yield judged(f"{table}_insert_gate", name, code, write)
