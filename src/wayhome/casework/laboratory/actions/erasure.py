"""A relative wants it no more: what their samples showed is gone, and that it was there stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import SYSTEM, Actor
from wayhome.casework.families.models import Consent
from wayhome.casework.laboratory.models import (
    Entry,
    EntryVerdict,
    Erasure,
    FileErasure,
    LabOriginal,
    ProfileFlag,
    RelativeProfile,
)
from wayhome.casework.laboratory.queries.results import original_key
from wayhome.casework.vault.actions import end_key


def on_withdrawal(*, relative: int, by: Actor, at: datetime, **_: Any) -> None:
    """Heard in the transaction of the withdrawal: another consent may still stand."""
    if not _stand([relative]):
        erase(relative=relative, by=by, at=at)


def erase(*, relative: int, by: Actor, at: datetime) -> int:
    """Take away every profile and entry of a relative whose consents are all withdrawn, the originals that hold one, and what
    was said of them, also in the samples of others.

    Call it inside a transaction.

    Returns
    -------
    How many profiles and entries there were. The database refuses it where a consent stands.
    """
    profiles = list(RelativeProfile.objects.filter(kit__relative=relative).defer("sealed").select_related("file"))
    entries = list(Entry.objects.filter(kit__relative=relative).defer("sealed"))
    if not profiles and not entries:
        return 0
    by_id = by.staff_id or None
    for what, rows in (("profile", profiles), ("entry", entries)):
        for row in rows:
            Erasure.objects.create(kit_id=row.kit_id, what=what, n=row.n, by_id=by_id, at=at)
    files = {row.file for row in profiles if row.file is not None}
    gone = set(FileErasure.objects.filter(file__in=files).values_list("file_id", flat=True))
    for file in sorted(files, key=lambda one: one.pk):
        if file.pk not in gone:
            FileErasure.objects.create(file=file, by_id=by_id, at=at)
            LabOriginal.objects.filter(file=file).delete()
            end_key(of=original_key(file.sha256), by_id=by_id, at=at)
    for row in profiles:
        end_key(of=f"relative:{row.kit_id}:{row.n}", by_id=by_id, at=at)
        row.delete()
    for row in entries:
        end_key(of=f"entry:{row.kit_id}:{row.n}", by_id=by_id, at=at)
        row.delete()
    kits = {*(row.kit_id for row in profiles), *(row.kit_id for row in entries)}
    EntryVerdict.objects.filter(kit__in=kits).delete()
    ProfileFlag.objects.filter(Q(kit__in=kits) | Q(other__in=kits)).delete()
    record(
        by=by,
        at=at,
        action="laboratory.erase",
        subject=f"relative:{relative}",
        data={"profiles": len(profiles), "entries": len(entries), "originals": len(files) - len(gone)},
    )
    return len(profiles) + len(entries)


def erase_withdrawn(*, by: Actor = SYSTEM, at: datetime) -> int:
    """What is left of relatives who withdrew: nothing, unless something failed between. Of how many something was taken away."""
    held = {
        *RelativeProfile.objects.values_list("kit__relative_id", flat=True),
        *Entry.objects.filter(kit__relative__isnull=False).values_list("kit__relative_id", flat=True),
    }
    left = sorted(held - _stand(held))
    for relative in left:
        with gate(by=by, at=at, attempt="erase_withdrawn"):
            erase(relative=relative, by=by, at=at)
    return len(left)


def _stand(relatives: Iterable[int]) -> set[int]:
    """Who of some relatives has a consent that was not withdrawn, whatever its end."""
    standing = Consent.objects.filter(withdrawal__isnull=True, relative__in=list(relatives))
    return set(standing.values_list("relative_id", flat=True))
