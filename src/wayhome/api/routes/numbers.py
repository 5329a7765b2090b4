"""What a number is of."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Path, Router, Schema

from wayhome.api.calls import actor, reads
from wayhome.casework.overview.actions import finding
from wayhome.casework.overview.queries.numbered import KINDS

router = Router()
Typed = Annotated[
    str,
    Path(
        title="Number",
        description="Nine digits as typed or scanned; blanks, hyphens and `WH` before them do not matter.",
        max_length=30,
    ),
]


class NumberedOut(Schema):
    """Something with this number."""

    kind: str = Field(description="child, request or kit.")
    number: str = Field(description="The number of what it is: of the child, where the number is that of the band it wears.")


class FoundOut(Schema):
    """Everything with this number that the caller may know of."""

    items: list[NumberedOut] = Field(description="One, in all but very few cases.")


@router.get("/find/{number}", summary="Find by a number", **reads("numbers:read", *KINDS.values(), answer=FoundOut))
def find(request: HttpRequest, number: Typed) -> dict[str, Any]:
    """What has this number. A number of nothing and a number of what the caller may not know of answer alike, 404, and are an
    event alike; one with a slip answers 422."""
    return {"items": finding.find(typed=number, by=actor(request), at=timezone.now())}
