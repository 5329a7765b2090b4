"""A laboratory's file comes in: looked at without a trace, then taken whole or not at all; the original is kept, sealed."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wayhome import kinship
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import Invalid, Refused
from wayhome.casework.laboratory.models import (
    ChildProfile,
    Kit,
    LabFile,
    LabKey,
    LabOriginal,
    ProfileFlag,
    RelativeProfile,
)
from wayhome.casework.laboratory.queries import results
from wayhome.casework.laboratory.rules import profiles as rules
from wayhome.casework.laboratory.signals import typed
from wayhome.casework.vault.actions import make_key
from wayhome.casework.vault.rules import Purpose, seal

MOST_BYTES = 8 * 1024 * 1024
"""Of a file: a run of 96 samples has some 200 kB."""
SIGNATURE = 64


@dataclass(frozen=True, slots=True)
class Row:
    """A sample in a file, and what would become of it.

    Parameters
    ----------
    kit : None where the sample is no kit of this laboratory, such as a control.
    code : why it cannot be taken; "" if it can.
    """

    sample: str
    kit: Kit | None
    loci: int
    panel: str
    flags: tuple[rules.Flag, ...]
    code: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds and would change; nothing is written.

    Parameters
    ----------
    signed : whether the laboratory's signature was given and is right; None where the laboratory has no key on the register.
    before : when the same file was taken already.
    """

    name: str
    format: str
    sha256: str
    size: int
    signed: bool | None
    before: datetime | None
    rows: tuple[Row, ...]
    notes: tuple[str, ...]

    @property
    def taken(self) -> tuple[Row, ...]:
        """Rows that would become profiles."""
        return tuple(row for row in self.rows if not row.code)

    @property
    def left(self) -> tuple[Row, ...]:
        """Rows that cannot."""
        return tuple(row for row in self.rows if row.code)


def preview(*, name: str, data: bytes, signature: bytes | None, by: Actor, at: datetime) -> Preview:
    """Look at a file without taking it.

    Raises
    ------
    Invalid
        "file": too_large, empty, or unreadable (with `told`, `line` and `where` of what the reader found); "signature":
        signature_missing where the laboratory signs its files.
    Refused
        signature_wrong, with an alarm, where the signature is not over this file.
    """
    return _look(name, data, signature, by, at)[0]


def import_file(
    *, name: str, data: bytes, signature: bytes | None, leave_out: Collection[str] = (), by: Actor, at: datetime
) -> LabFile:
    """Take a file: a profile for each of its samples, the original sealed beside them.

    Parameters
    ----------
    leave_out : samples that are not taken, such as controls. Whoever imports names each that cannot be taken: none is dropped
        without somebody's having seen it.

    Raises
    ------
    Invalid
        as `preview`; "leave_out": rows_left where a sample cannot be taken and is not named (`samples`), unknown_sample.
    """
    found, profiles = _look(name, data, signature, by, at)
    checks = Checks()
    checks.must("leave_out", set(leave_out) <= {row.sample for row in found.rows}, "unknown_sample")
    checks.must("file", found.before is None, "taken_before")
    checks.done()
    left = [row.sample for row in found.left if row.sample not in leave_out]
    if left:
        raise Invalid({"leave_out": "rows_left"}, samples=left)
    rows = [row for row in found.taken if row.sample not in leave_out]
    if not rows:
        raise Invalid({"file": "nothing_to_take"})
    with gate(by=by, at=at, attempt="import_lab_file"):
        file = LabFile.objects.create(
            laboratory_id=by.agency_id,
            name=found.name,
            format=found.format,
            sha256=found.sha256,
            size=found.size,
            signature=signature,
            by_id=by.staff_id,
            at=at,
        )
        key = make_key(purpose=Purpose.RELATIVES, of=results.original_key(found.sha256), at=at)
        LabOriginal.objects.create(file=file, sealed=seal(data, key=key, place=results.original_place(found.sha256)))
        for row in rows:
            assert row.kit is not None
            store(row.kit, profiles[row.sample], row.flags, file=file, by_id=by.staff_id, at=at)
        record(
            by=by,
            at=at,
            action="laboratory.import_file",
            subject=f"lab_file:{file.pk}",
            data={
                "sha256": found.sha256,
                "signed": found.signed is True,
                "kits": [row.kit.pk for row in rows if row.kit],
                "left_out": len(found.rows) - len(rows),
            },
        )
    return file


def store(
    kit: Kit, profile: kinship.Profile, flags: Sequence[rules.Flag], *, file: LabFile | None, by_id: int, at: datetime
) -> None:
    """Seal a profile into its place, with what is to be looked at in it."""
    table: type[ChildProfile] | type[RelativeProfile] = ChildProfile if kit.child_id is not None else RelativeProfile
    n = table.objects.filter(kit=kit).count() + 1
    key = make_key(purpose=results.purpose_of(kit), of=f"{results.kind_of(kit)}:{kit.pk}:{n}", at=at)
    table.objects.create(
        kit=kit,
        n=n,
        file=file,
        panel=profile.kit or "",
        loci=len(rules.autosomal(profile)),
        sealed=seal(rules.written(profile), key=key, place=results.profile_place(kit, n)),
        by_id=by_id,
        at=at,
    )
    flag(kit, n, flags, at=at)
    typed.send(table, kit=kit, at=at)


def flag(kit: Kit, n: int, flags: Sequence[rules.Flag], *, at: datetime) -> None:
    """What is to be looked at in a profile."""
    for one in flags:
        detail = dict(one.detail) if kit.child_id is not None else rules.counted(one.detail)
        ProfileFlag.objects.create(kit=kit, n=n, kind=one.kind, other_id=one.other, detail=detail, at=at)


def _look(
    name: str, data: bytes, signature: bytes | None, by: Actor, at: datetime
) -> tuple[Preview, Mapping[str, kinship.Profile]]:
    require(by, Permission.WORK_SAMPLE)
    checks = Checks()
    name = checks.text("name", Path(name).name, 120)
    checks.must("file", bool(data), "empty")
    checks.must("file", len(data) <= MOST_BYTES, "too_large")
    checks.done()
    signed = _signed(data, signature, by, at)
    read = _read(data)
    sha256 = hashlib.sha256(data).hexdigest()
    kits = _kits(read.profiles, by)
    barred = results.barred(kits.values(), at=at)
    by_kit = {kits[profile.sample].pk: profile for profile in read.profiles if profile.sample in kits}
    rows = []
    for profile in read.profiles:
        kit = kits.get(profile.sample)
        if kit is None:
            rows.append(Row(profile.sample, None, len(profile.genotypes), profile.kit or "", (), "kit_unknown"))
            continue
        code = barred.get(kit.pk, "" if profile.genotypes else "nothing_read")
        others = {other: same for other, same in by_kit.items() if other != kit.pk}
        flags = (*rules.flags_alone(profile, results.recorded_sex(kit)), *rules.flags_of_same(profile, others))
        rows.append(Row(profile.sample, kit, len(profile.genotypes), profile.kit or "", flags, code))
    before = LabFile.objects.filter(sha256=sha256).values_list("at", flat=True).first()
    told = Preview(name, read.format, sha256, len(data), signed, before, tuple(rows), read.notes)
    # A profile is the kit's from here on, whatever the laboratory called the sample.
    renamed = {
        profile.sample: kinship.Profile(kits[profile.sample].number, profile.genotypes, profile.kit, profile.flags)
        for profile in read.profiles
        if profile.sample in kits
    }
    return told, renamed


def _kits(profiles: Sequence[kinship.Profile], by: Actor) -> dict[str, Kit]:
    """Kits of this laboratory, by the sample that is called by their number."""
    # A spreadsheet on the way may have taken leading zeros off; the check digit tells whether it was that.
    called = {profile.sample: numbers.plain_number(profile.sample).zfill(numbers.LENGTH) for profile in profiles}
    asked = {int(plain): sample for sample, plain in called.items() if numbers.is_number(plain)}
    return {asked[kit.pk]: kit for kit in results.own_kits(by).filter(pk__in=list(asked))}


def _signed(data: bytes, signature: bytes | None, by: Actor, at: datetime) -> bool | None:
    key = LabKey.objects.filter(laboratory_id=by.agency_id).order_by("-pk").first()
    if key is None:
        return None
    if not signature:
        raise Invalid({"signature": "signature_missing"})
    try:
        Ed25519PublicKey.from_public_bytes(bytes(key.public)).verify(signature, data)
    except InvalidSignature:
        # A file that was altered on its way is somebody's doing, and alarms.
        with gate(by=by, at=at, attempt="import_lab_file"):
            raise Refused(["signature_wrong"]) from None
    return True


def _read(data: bytes) -> kinship.ProfileFile:
    """The profiles in a file's bytes, by the library, which reads files and bounds them."""
    with tempfile.TemporaryDirectory(prefix="wayhome-import-") as folder:
        # Not as it is called: that may be no name for a file here, or too long for one.
        path = Path(folder) / "file"
        path.write_bytes(data)
        try:
            return kinship.read_profiles(path)
        except kinship.InputError as error:
            where: dict[str, Any] = {"line": error.line, "where": error.field, "told": error.problem, "mend": error.remedy}
            raise Invalid({"file": "unreadable"}, **where) from error
