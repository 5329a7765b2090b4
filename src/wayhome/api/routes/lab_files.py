"""What laboratories found: files and their dry run, profiles typed by two, what is to be looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, File, Form, Path, Router, Schema, UploadedFile
from ninja.responses import Status

from wayhome.api.calls import After, Body, Key, Limit, Page, Receipt, actor, asks, page, reads, write
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid
from wayhome.casework.laboratory.actions import entries, files, reading
from wayhome.casework.laboratory.queries import results

router = Router()
KitNumber = Annotated[
    str, Path(title="Kit number", description="The number on the kit's barcode, nine digits.", pattern=r"^[0-9]{9}$")
]
Upload = Annotated[UploadedFile, File(title="File", description="The laboratory's file, at most 8 MiB.")]
LocusName = Annotated[str, Field(max_length=40)]
Alleles = Annotated[list[Annotated[str, Field(max_length=12)]], Field(max_length=4)]
Signature = Annotated[
    UploadedFile | None, File(title="Signature", description="The laboratory's Ed25519 signature over the file, 64 bytes.")
]


class FlagOut(Schema):
    """Something about a profile that somebody should look at."""

    kind: str = Field(description="partial, mixture, sex_differs, same_as, second_differs, not_kin, exchanged or staff_match.")
    other: str | None = Field(description="Number of the other kit, if it is about two.")
    detail: dict[str, Any] = Field(
        description="Names of loci and counts, of a relative counts alone; number of a member of staff."
    )


class RowOut(Schema):
    """A sample in a file."""

    sample: str = Field(description="As the file calls it.")
    kit: str | None = Field(description="Number of the kit; null where it is none of this laboratory's.")
    loci: int = Field(description="How many loci gave a result.")
    panel: str = Field(description="The kit of markers, as the file tells it.")
    code: str = Field(description="Why it cannot be taken; empty if it can.")
    flags: list[FlagOut] = Field(description="What is to be looked at.")


class PreviewOut(Schema):
    """What a file holds and would change. Nothing was written."""

    format: str = Field(description="What the file is.")
    sha256: str = Field(description="Digest of its bytes.")
    size: int = Field(description="How many bytes it has.")
    signed: bool | None = Field(description="Whether it is signed; null where the laboratory has no key on the register.")
    taken_before: datetime | None = Field(description="When the same file was taken already.", alias="before")
    rows: list[RowOut] = Field(description="Its samples.")
    notes: list[str] = Field(description="What the reader skipped or set aside.")

    @staticmethod
    def resolve_rows(found: files.Preview) -> list[dict[str, Any]]:
        """Rows with the numbers of their kits."""
        return [
            {
                "sample": row.sample,
                "kit": row.kit.number if row.kit else None,
                "loci": row.loci,
                "panel": row.panel,
                "code": row.code,
                "flags": [
                    {"kind": flag.kind, "other": f"{flag.other:09d}" if flag.other else None, "detail": dict(flag.detail)}
                    for flag in row.flags
                ],
            }
            for row in found.rows
        ]


class FileOut(Schema):
    """A file that was taken."""

    id: int = Field(description="Its number.")
    name: str = Field(description="As it was called.")
    format: str = Field(description="What it is.")
    sha256: str = Field(description="Digest of its bytes.")
    size: int = Field(description="How many bytes it has.")
    signed: bool = Field(description="Whether the laboratory signed it.")
    erased: bool = Field(description="Whether the original was erased, because somebody in it withdrew.")
    at: datetime = Field(description="When it was taken.")

    @staticmethod
    def resolve_signed(file: Any) -> bool:
        """Whether there is a signature."""
        return file.signature is not None

    @staticmethod
    def resolve_erased(file: Any) -> bool:
        """Whether there is a tombstone."""
        return hasattr(file, "erasure")


class ProfileOut(Schema):
    """A profile of a sample, without what it shows."""

    n: int = Field(description="Which of the sample's profiles.")
    file: int | None = Field(description="Number of the file; null where two people typed it.", alias="file_id")
    panel: str = Field(description="The kit of markers.")
    loci: int = Field(description="How many autosomal loci gave a result.")
    at: datetime = Field(description="When it was taken.")
    flags: list[FlagOut] = Field(description="What is to be looked at.")


class GenotypesOut(Schema):
    """What a rescued child's sample showed."""

    panel: str = Field(description="The kit of markers.")
    genotypes: dict[str, list[str]] = Field(description="Locus: alleles, one where both are alike.")
    set_aside: dict[str, list[str]] = Field(description="Locus: why it is not told.")


class EntryIn(Body):
    """A profile as one person types it."""

    panel: str = Field("", description="The kit of markers; empty if it is not known.", max_length=40)
    calls: dict[
        Annotated[str, Field(max_length=40)], Annotated[list[Annotated[str, Field(max_length=12)]], Field(max_length=4)]
    ] = Field(description="Locus: alleles as they stand in the electropherogram.", max_length=120)


_TAKES = asks("samples:write", Permission.WORK_SAMPLE)
_TAKES["response"] = _TAKES["response"] | {200: PreviewOut}


@router.post("/lab-files", summary="Take a laboratory's file", **_TAKES)
def import_file(
    request: HttpRequest,
    file: Upload,
    signature: Signature = None,
    leave_out: Annotated[
        list[str], Form(title="Leave out", description="Samples that are not taken; each that cannot be must be named.")
    ] = [],  # noqa: B006
    dry_run: Annotated[
        bool, Form(title="Dry run", description="Tell what the file holds and would change, and write nothing.")
    ] = False,
    key: Key = "",
) -> Any:
    """Take a file: a profile for each of its samples, the original kept as it came, sealed. Look at it by a dry run first."""
    data, signed = _bytes(file, signature)
    if dry_run:
        found = files.preview(name=file.name or "", data=data, signature=signed, by=actor(request), at=timezone.now())
        return Status(200, found)

    def work(by: Actor, at: datetime) -> Schema:
        taken = files.import_file(name=file.name or "", data=data, signature=signed, leave_out=leave_out, by=by, at=at)
        return Receipt(id=taken.pk)

    return write(request, key, {"file": hashlib.sha256(data).hexdigest(), "leave_out": sorted(leave_out)}, work)


@router.get(
    "/lab-files", summary="List files that were taken", **reads("samples:read", Permission.WORK_SAMPLE, answer=Page[FileOut])
)
def list_files(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Files of the caller's laboratory."""
    by = actor(request)
    require(by, Permission.WORK_SAMPLE)
    return page(results.files(by).order_by("pk"), after=after, limit=limit)


@router.get(
    "/kits/{number}/profiles",
    summary="List a sample's profiles",
    **reads("samples:read", Permission.WORK_SAMPLE, answer=list[ProfileOut]),
)
def list_profiles(request: HttpRequest, number: KitNumber) -> list[dict[str, Any]]:
    """The profiles that were made of a sample, and what is to be looked at in them; not what they show. The look is an event."""
    kit = reading.read_results(number=number, by=actor(request), at=timezone.now())
    flags = list(results.flags([kit]))
    return [
        {
            "n": row.n,
            "file_id": row.file_id,
            "panel": row.panel,
            "loci": row.loci,
            "at": row.at,
            "flags": _flags([flag for flag in flags if flag.n == row.n]),
        }
        for row in results.typed(kit)
    ]


@router.get(
    "/kits/{number}/profiles/{n}",
    summary="Read a child's profile",
    **reads("samples:read", Permission.WORK_SAMPLE, answer=GenotypesOut),
)
def read_profile(
    request: HttpRequest,
    number: KitNumber,
    n: Annotated[int, Path(title="n", description="Which of the sample's profiles.", ge=1, le=10_000)],
) -> dict[str, Any]:
    """What a rescued child's sample showed. The look is an event. A relative's profile is read by nobody."""
    by = actor(request)
    profile = reading.read_profile(kit=results.own_kit(by, number), n=n, by=by, at=timezone.now())
    return {
        "panel": profile.kit or "",
        "genotypes": {locus: list(alleles) for locus, alleles in profile.genotypes.items()},
        "set_aside": {locus: list(why) for locus, why in profile.flags.items()},
    }


@router.post("/kits/{number}/entries", summary="Type a profile in", **asks("samples:write", Permission.WORK_SAMPLE))
def enter(request: HttpRequest, number: KitNumber, body: EntryIn, key: Key = "") -> Any:
    """Type a profile in, for the first time or, by another person, for the second: alike, the two become a profile."""

    def work(by: Actor, at: datetime) -> Schema:
        kit = results.own_kit(by, number)
        return Receipt(id=entries.enter(kit=kit, panel=body.panel, calls=body.calls, by=by, at=at).pk)

    return write(request, key, body, work)


def _flags(flags: Sequence[Any]) -> list[dict[str, Any]]:
    return [{"kind": one.kind, "other": one.other.number if one.other else None, "detail": one.detail} for one in flags]


def _bytes(file: UploadedFile, signature: UploadedFile | None) -> tuple[bytes, bytes | None]:
    if (file.size or 0) > files.MOST_BYTES:
        raise Invalid({"file": "too_large"})
    if signature is not None and signature.size != files.SIGNATURE:
        raise Invalid({"signature": "signature_wrong"})
    return file.read(), signature.read() if signature is not None else None
