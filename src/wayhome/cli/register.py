"""`wayhome register`: what two registrars put on the registers, from a table, all of it or nothing.

The columns say which register a table is for; see docs/how-to/run-the-house.md.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wayhome import kinship
from wayhome.cli.house import house, staff_at_work
from wayhome.cli.register_laboratory import end_staff_profiles
from wayhome.cli.wording import counted, listed

Row = Mapping[str, str]
REGISTERS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "jurisdiction": (("code", "kind", "parent", "name_en", "name_zh", "name_vi"), ()),
    "facility": (("code", "agency", "kind", "name", "address", "jurisdiction"), ("name_en", "phone")),
    "staff": (("number", "name", "id_number", "agency", "role"), ("name_latin", "phone", "address")),
    "agency": (("code", "kind", "name", "jurisdiction"), ("name_en",)),
}
"""Register -> columns that it needs, and that it takes."""


def import_table(path: Path, by: str | None, countersigned: str | None) -> None:
    """Put every row of a table on the register that its columns name."""
    if (by is None) != (countersigned is None):
        raise kinship.InputError(
            "--by and --countersigned go together", "Two registrars sign; leave out both for the very first rows"
        )
    rows = list(_rows(path))
    if not rows:
        raise kinship.FormatError("holds no row", "See docs/how-to/run-the-house.md", file=path)
    kind = _register(path, rows[0][1])
    with house():
        from django.db import DatabaseError, transaction

        from wayhome.casework.core.errors import CaseworkError

        registrars = _registrars(by, countersigned)
        write = _WRITERS[kind]
        at = datetime.now(UTC)
        with transaction.atomic():
            for line, row in rows:
                try:
                    write(row, registrars, at)
                except kinship.InputError as error:
                    raise error.at(file=path, line=line) from error
                except (CaseworkError, DatabaseError) as error:
                    raise kinship.InputError(f"refused ({_code(error)})", _mend(error), file=path, line=line) from error
    print(f"{path}: {counted(len(rows), 'row')} put on the register: {kind}")


def end(what: str, code: str, reason: str, by: str, countersigned: str) -> None:
    """From now on a place takes no child in, or a member of staff signs nothing."""
    if what not in ("facility", "staff", "staff-profile"):
        raise kinship.InputError(f'"{what}" cannot be ended', "Say facility or staff, or staff-profile", field="WHAT")
    if not reason.strip():
        raise kinship.InputError("is empty", "Say why", field="--reason")
    with house():
        from wayhome.casework.accounts import actions, queries

        registrars = _registrars(by, countersigned)
        assert registrars is not None
        at = datetime.now(UTC)
        if what == "facility":
            place = queries.open_facilities().filter(code=code).first()
            if place is None:
                raise kinship.InputError(f'no open facility has the code "{code}"', "Look it up in the register", field="CODE")
            actions.end_facility(facility=place, reason=reason.strip()[:200], by=registrars, at=at)
        elif what == "staff-profile":
            # Also of those who left: it is then that it goes.
            end_staff_profiles(code, registrars, at)
        else:
            staff = queries.active_staff().filter(number=code).first()
            if staff is None:
                raise kinship.InputError(f'nobody at work has the number "{code}"', "Look it up in the register", field="CODE")
            actions.end_staff(staff=staff, reason=reason.strip()[:200], by=registrars, at=at)
    print(f"{what} {code}: ended")


def _registrars(by: str | None, countersigned: str | None) -> tuple[Any, Any] | None:
    if by is None or countersigned is None:
        return None
    return staff_at_work(by, "--by"), staff_at_work(countersigned, "--countersigned")


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Lines with their cells by column, blank ones left out."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            for row in reader:
                if None in row or None in row.values():
                    raise kinship.FormatError(
                        "has another number of cells than the title", "Mend the line", file=path, line=reader.line_num
                    )
                cells = {name.strip(): value.strip() for name, value in row.items()}
                if any(cells.values()):
                    yield reader.line_num, cells
    except UnicodeDecodeError as error:
        raise kinship.FormatError("is not UTF-8", "Save it as CSV in UTF-8", file=path) from error
    except csv.Error as error:
        raise kinship.FormatError(f"is no CSV ({error})", "Save it as CSV in UTF-8", file=path) from error


def _register(path: Path, row: Row) -> str:
    """Which register a table's columns are those of."""
    columns = set(row)
    for kind, (needed, taken) in REGISTERS.items():
        if columns >= set(needed):
            unknown = sorted(columns - set(needed) - set(taken))
            if unknown:
                raise kinship.FormatError(
                    f"column {listed(unknown)} is unknown", f"{kind} takes {listed([*needed, *taken], 12)}", file=path
                )
            return kind
    told = "; ".join(f"{kind}: {', '.join(needed)}" for kind, (needed, _) in REGISTERS.items())
    raise kinship.FormatError("has the columns of no register", f"Needed are, {told}", file=path)


def _jurisdiction(row: Row, _: Any, __: datetime) -> None:
    from wayhome.casework.accounts import actions

    parent = _found("jurisdictions", row, "parent") if row["parent"] else None
    _chosen(row, "kind", {"country", "province", "city", "county"})
    actions.add_jurisdiction(**{**row, "parent": parent})  # type: ignore[arg-type]


def _agency(row: Row, by: Any, at: datetime) -> None:
    from wayhome.casework.accounts import actions
    from wayhome.casework.accounts.rules import AgencyKind

    _chosen(row, "kind", set(AgencyKind))
    actions.register_agency(by=by, at=at, **{**row, "jurisdiction": _found("jurisdictions", row, "jurisdiction")})


def _facility(row: Row, by: Any, at: datetime) -> None:
    from wayhome.casework.accounts import actions
    from wayhome.casework.accounts.rules import FacilityKind

    _chosen(row, "kind", set(FacilityKind))
    if by is None:
        raise kinship.InputError("two registrars must sign", "Name them with --by and --countersigned")
    found = {"agency": _found("agencies", row, "agency"), "jurisdiction": _found("jurisdictions", row, "jurisdiction")}
    actions.register_facility(by=by, at=at, **{**row, **found})


def _staff(row: Row, by: Any, at: datetime) -> None:
    from wayhome.casework.accounts import actions
    from wayhome.casework.accounts.rules import Role

    _chosen(row, "role", set(Role))
    actions.register_staff(by=by, at=at, **{**row, "agency": _found("agencies", row, "agency")})


_WRITERS: Mapping[str, Callable[[Row, Any, datetime], None]] = {
    "jurisdiction": _jurisdiction,
    "agency": _agency,
    "facility": _facility,
    "staff": _staff,
}


def _found(register: str, row: Row, field: str) -> Any:
    """The row of another register that a cell names by its code."""
    from wayhome.casework.accounts import queries

    found = getattr(queries, register)().filter(code=row[field]).first()
    if found is None:
        raise kinship.InputError(f'nothing on the register has the code "{row[field]}"', "Register that first", field=field)
    return found


def _chosen(row: Row, field: str, choices: set[Any]) -> None:
    if row[field] not in {str(choice) for choice in choices}:
        raise kinship.InputError(f'"{row[field]}" is unknown', f"Known are {listed(sorted(map(str, choices)), 12)}", field=field)


def _code(error: Exception) -> str:
    from wayhome.casework.core.errors import CaseworkError, Invalid, database_refusal

    if isinstance(error, Invalid):
        return ", ".join(error.fields.values())
    if isinstance(error, CaseworkError):
        return error.code
    return database_refusal(error) or str(error).strip().partition("\n")[0]


def _mend(error: Exception) -> str:
    from wayhome.cli.house import MEND

    return MEND.get(_code(error), "Mend the row; nothing of the table was written")
