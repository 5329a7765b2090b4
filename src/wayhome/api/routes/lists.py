"""Lists that leave the house, masked and encrypted."""

from __future__ import annotations

import base64
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Path, Query, Router, Schema

from wayhome.api.calls import actor, reads
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.overview.actions.exporting import export_list
from wayhome.casework.overview.rules.lists import LISTS, new_passphrase

router = Router()
Name = Annotated[str, Path(title="List", description=f"Which: {', '.join(LISTS)}.", max_length=20)]
Narrow = Annotated[str, Query(title="Narrow", description="A list's filter, where it has one.", max_length=20)]


class ExportOut(Schema):
    """A list to be taken away."""

    name: str = Field(description="What the file is called.")
    file: str = Field(description="A ZIP encrypted with AES-256 (WinZip AE-2), in base64.")
    passphrase: str = Field(description="What opens it. It is told here once, and kept nowhere.")
    sha256: str = Field(description="Of the file, in hex; the event has it too.")
    inside: str = Field(description="SHA-256 of what is in the file, in hex.")
    rows: int = Field(description="How many rows.")
    columns: list[str] = Field(description="Their columns.")


@router.get(
    "/lists/{name}/export",
    summary="Take a list away",
    **reads("lists:export", Permission.EXPORT_LISTS, answer=ExportOut),
)
def take_list(
    request: HttpRequest,
    name: Name,
    form: Literal["xlsx", "csv"] = "csv",
    state: Narrow = "",
    which: Narrow = "",
    month: Narrow = "",
) -> dict[str, Any]:
    """Rows that the caller may know of, without a name, an address, a picture, DNA or anything that was written freely; codes in
    place of words. `state` narrows kits, `which` (open, waiting or ended) candidates, and child_days want a `month` as 2011-07.
    Wants a step-up. Each call makes another file, with another passphrase, and is an event."""
    told = {"state": state, "which": which, "month": month}
    passphrase = new_passphrase()
    made = export_list(
        name=name,
        form=form,
        narrowed={key: value for key, value in told.items() if value},
        passphrase=passphrase,
        by=actor(request),
        at=timezone.now(),
    )
    with made.file.file as file:
        packed = base64.b64encode(file.read()).decode()
    return {
        "name": made.name,
        "file": packed,
        "passphrase": passphrase,
        "sha256": made.file.sha256,
        "inside": made.file.inside,
        "rows": made.file.rows,
        "columns": [column.code for column in LISTS[name].columns],
    }
