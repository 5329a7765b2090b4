"""What a number is of, as far as the actor may know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody.queries import child_of_wristband, visible_among
from wayhome.casework.families.queries import requests_of
from wayhome.casework.laboratory.queries.kits import kits_of

KINDS = {"child": Permission.READ_CHILD, "request": Permission.READ_REQUEST, "kit": Permission.READ_SAMPLE}
"""What has a number, and what one must be permitted to know of it. Drawn apart from each other, two can have the same."""
_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Numbered:
    """Something with a number: "child", "request" or "kit"."""

    kind: str
    number: str


def numbered(plain: str, *, by: Actor, at: datetime) -> list[Numbered]:
    """What a number without a slip is of, as far as the actor may know: children first, then requests, then kits.

    The same questions are asked whatever the number is of, so that neither the answer nor its time tells of what the actor may
    not know. The band that a child wears leads to it, and a band that was replaced does not.
    """
    number = int(plain)
    found: list[tuple[str, int]] = []
    if may(by.role, KINDS["child"]):
        wearer = child_of_wristband(plain)
        asked = [_NOBODY if wearer is None or wearer == number else wearer, number]
        found += [("child", pk) for pk in visible_among(asked, by=by, at=at)]
    if may(by.role, KINDS["request"]):
        found += [("request", pk) for pk in requests_of(by).filter(pk=number).values_list("pk", flat=True)]
    if may(by.role, KINDS["kit"]):
        found += [("kit", pk) for pk in kits_of(by, at=at).filter(pk=number).values_list("pk", flat=True)]
    return [Numbered(kind, f"{pk:0{numbers.LENGTH}d}") for kind, pk in found]
