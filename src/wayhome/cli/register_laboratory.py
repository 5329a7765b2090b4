"""`wayhome register lab-key` and `staff-profiles`: what is registered of laboratories beside their places and people."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wayhome import kinship
from wayhome.cli.audit import public_key
from wayhome.cli.house import house, staff_at_work
from wayhome.cli.wording import counted, listed


def lab_key(laboratory: str, key: Path, by: str, countersigned: str) -> None:
    """From now on a laboratory's files come signed with this key."""
    public = public_key(key)
    with house():
        from wayhome.casework.core.errors import NotFound
        from wayhome.casework.laboratory.actions import registers
        from wayhome.casework.laboratory.queries.kits import laboratory as found

        registrars = _registrars(by, countersigned)
        try:
            where = found(laboratory)
        except NotFound:
            raise kinship.InputError(
                f'no laboratory has the code "{laboratory}"', "Look it up in the register", field="CODE"
            ) from None
        registers.register_lab_key(laboratory=where, public=public.public_bytes_raw(), by=registrars, at=datetime.now(UTC))
    print(f"{laboratory}: files are taken only with a signature of this key")


def staff_profiles(path: Path, by: str, countersigned: str) -> None:
    """Profiles of those who handle samples; the file itself is not kept."""
    profiles = kinship.read_profiles(path).profiles
    with house():
        from wayhome.casework.accounts import queries
        from wayhome.casework.laboratory.actions import registers

        registrars = _registrars(by, countersigned)
        numbers = [profile.sample for profile in profiles]
        staff = {one.number: one for one in queries.active_staff().filter(number__in=numbers)}
        if unknown := sorted({number for number in numbers if number not in staff}):
            raise kinship.InputError(
                f"nobody at work has the number {listed(unknown)}", "Call each sample by a number on the register", file=path
            )
        found = {staff[profile.sample]: profile for profile in profiles}
        n = registers.register_staff_profiles(profiles=found, by=registrars, at=datetime.now(UTC))
    print(f"{path}: {counted(n, 'profile')} of staff put on the register; destroy the file")


def end_staff_profiles(number: str, registrars: Any, at: datetime) -> None:
    """Somebody's profiles are erased, who may have left already."""
    from wayhome.casework.accounts import queries
    from wayhome.casework.laboratory.actions import registers

    staff = queries.staff_ever(number)
    if staff is None or not registers.end_staff_profiles(staff=staff, by=registrars, at=at):
        raise kinship.InputError(f'no profile of "{number}" is on the register', "Look up the number", field="CODE")


def _registrars(by: str, countersigned: str) -> tuple[Any, Any]:
    return staff_at_work(by, "--by"), staff_at_work(countersigned, "--countersigned")
