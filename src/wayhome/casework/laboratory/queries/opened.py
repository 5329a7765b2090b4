"""Profiles opened. `.importlinter` says who may: what compares and searches, and a laboratory that reads a child's."""

from __future__ import annotations

from collections.abc import Iterable

from wayhome import kinship
from wayhome.casework.laboratory.models import ChildProfile, Entry, LabFile, LabOriginal, RelativeProfile, StaffProfile
from wayhome.casework.laboratory.queries.results import (
    entry_place,
    original_key,
    original_place,
    profile_place,
    purpose_of,
    staff_place,
)
from wayhome.casework.laboratory.rules import profiles as rules
from wayhome.casework.vault.queries import opened
from wayhome.casework.vault.rules import Purpose, unseal


def children(rows: Iterable[ChildProfile]) -> dict[tuple[int, int], kinship.Profile]:
    """Children's profiles, by kit and n."""
    return _profiles(Purpose.CHILDREN, list(rows), "child")


def relatives(rows: Iterable[RelativeProfile]) -> dict[tuple[int, int], kinship.Profile]:
    """Relatives' profiles, by kit and n; one whose key is gone is left out. Locked in a process that does not search."""
    return _profiles(Purpose.RELATIVES, list(rows), "relative")


def _profiles(
    purpose: Purpose, rows: list[ChildProfile] | list[RelativeProfile], kind: str
) -> dict[tuple[int, int], kinship.Profile]:
    keys = opened(purpose, [f"{kind}:{row.kit_id}:{row.n}" for row in rows])
    found = {}
    for row in rows:
        key = keys.get(f"{kind}:{row.kit_id}:{row.n}")
        if key is not None:
            plain = unseal(bytes(row.sealed), key=key, place=profile_place(row.kit, row.n))
            found[row.kit_id, row.n] = rules.read(plain)
    return found


def staff() -> dict[str, kinship.Profile]:
    """The last profile of everybody who handles samples and gave one, by their number; for those who compare."""
    rows = list(StaffProfile.objects.select_related("staff").order_by("staff", "n"))
    keys = opened(Purpose.RELATIVES, [f"staff:{row.staff_id}:{row.n}" for row in rows])
    found = {}
    for row in rows:
        if key := keys.get(f"staff:{row.staff_id}:{row.n}"):
            found[row.staff.number] = rules.read(unseal(bytes(row.sealed), key=key, place=staff_place(row.staff_id, row.n)))
    return found


def entries(rows: Iterable[Entry]) -> dict[int, kinship.Profile]:
    """What was typed, by the number of the row; one whose key is gone is left out."""
    found = {}
    for row in rows:
        of = f"entry:{row.kit_id}:{row.n}"
        key = opened(purpose_of(row.kit), [of]).get(of)
        if key is not None:
            found[row.pk] = rules.read(unseal(bytes(row.sealed), key=key, place=entry_place(row.kit, row.n)))
    return found


def original(file: LabFile) -> bytes | None:
    """The bytes of a file as they came; None where they were erased."""
    row = LabOriginal.objects.filter(file=file).first()
    key = opened(Purpose.RELATIVES, [original_key(file.sha256)]).get(original_key(file.sha256))
    if row is None or key is None:
        return None
    return unseal(bytes(row.sealed), key=key, place=original_place(file.sha256))
