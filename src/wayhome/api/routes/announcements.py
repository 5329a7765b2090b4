"""Announcements: counted from the records, approved by another person, with their versions and the difference between them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema

from wayhome.api.calls import Body, Key, Receipt, actor, asks, reads, write
from wayhome.api.routes.releases import SignatureIn
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.operations.queries import operation_of
from wayhome.casework.overview.actions import announcing
from wayhome.casework.overview.queries import announced as queries

router = Router()
AnnouncementNumber = Annotated[
    str, Path(title="Announcement", description="Number of an announcement.", pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")
]
Version = Annotated[int, Path(title="Version", description="Which version; the first has 1.", ge=1, le=9999)]


class StatedIn(Body):
    """What no record tells of a case of which no province reported its officers."""

    operation: int = Field(description="Number of the operation.", ge=1, le=2**31)
    officers: int = Field(description="How many officers took part.", ge=0, le=announcing.MOST_OFFICERS)
    source: str = Field("", description="Who says so. Kept in the house, not published.", max_length=200)


class AnnouncementIn(Body):
    """What is counted, until when."""

    number: str = Field(description="Number of the announcement: one that there is gets another version.", max_length=20)
    operations: list[Annotated[int, Field(ge=1, le=2**31)]] = Field(description="Numbers of the operations.", max_length=50)
    cutoff: datetime = Field(description="Records until this moment are counted.")
    stated: list[StatedIn] = Field([], description="What no record tells.", max_length=50)


class CaseOut(Schema):
    """One case of an announcement."""

    code: str = Field(description="Code of the operation.")
    title: str = Field(description="Its title.")
    zero_hour: str = Field(description="When it began, with its offset from UTC.")
    rescued: int = Field(description="Children rescued.")
    arrested: int = Field(description="Suspects arrested.")
    provinces: int = Field(description="Provinces in which children were rescued.")
    officers: int = Field(
        description="Officers who took part, as provinces reported or, where none did, as stated; 0 where nobody said."
    )


class ChangeOut(Schema):
    """Why a figure differs from the version before."""

    case: str = Field(description="Code of the operation.")
    what: str = Field(description="The reason.")
    n: int = Field(description="How many more, or fewer.")


class TableOut(Schema):
    """What the public reads of provinces."""

    version: int = Field(description="Of which version the table is.")
    shown: dict[str, int] = Field(description="Code of the province, and children rescued or people arrested there.")
    together: list[str] = Field(description="Provinces that are told together.")
    rest: int = Field(description="How many in these.")


class AnnouncementOut(Schema):
    """One version of an announcement."""

    number: str = Field(description="Number of the announcement.")
    version: int = Field(description="Which version.")
    public: bool = Field(description="Whether another supervisor approved it.")
    recorded_until: datetime = Field(description="Records until this moment were counted.")
    definitions: int = Field(description="By which definitions.")
    rescued: int = Field(description="Children rescued.")
    arrested: int = Field(description="Suspects arrested.")
    cases: list[CaseOut] = Field(description="Each case.")
    provinces: TableOut = Field(description="The table of provinces as published: children.")
    provinces_arrested: TableOut = Field(description="The same of arrests.")
    changes: list[ChangeOut] = Field(description="Why it differs from the version before.")
    texts: dict[str, Any] = Field(description="Title and paragraphs by language.")
    sha256: str = Field(description="Digest of all of it: what an approval signs.")


class AnnouncementsOut(Schema):
    """Announcements, the latest first."""

    items: list[AnnouncementOut] = Field(description="Each version.")


def _told(row: Any) -> dict[str, Any]:
    return {**queries.feed_of(row), "public": getattr(row, "approval", None) is not None}


@router.get(
    "/announcements",
    summary="List announcements",
    **reads("announcements:read", Permission.ANNOUNCE, answer=AnnouncementsOut),
)
def list_announcements(request: HttpRequest) -> Any:
    """Every version, approved or not, two hundred at the most."""
    return {"items": [_told(row) for row in queries.announcements_of(actor(request))[:200]]}


@router.post("/announcements", summary="Propose an announcement", **asks("announcements:write", Permission.ANNOUNCE))
def propose(request: HttpRequest, body: AnnouncementIn, key: Key = "") -> Any:
    """Count, and write the next version of an announcement."""

    def work(by: Actor, at: datetime) -> Schema:
        operations = [operation_of(by, number) for number in dict.fromkeys(body.operations)]
        stated = {one.operation: queries.Stated(one.officers, one.source) for one in body.stated}
        made = announcing.propose_announcement(
            number=body.number, operations=operations, cutoff=body.cutoff, stated=stated, by=by, at=at
        )
        return Receipt(id=made.pk)

    return write(request, key, body, work)


@router.get(
    "/announcements/{number}/{n}",
    summary="Read an announcement",
    **reads("announcements:read", Permission.ANNOUNCE, answer=AnnouncementOut),
)
def read_announcement(request: HttpRequest, number: AnnouncementNumber, n: Version) -> Any:
    """One version."""
    return _told(queries.announcement_of(actor(request), number, n))


@router.post(
    "/announcements/{number}/{n}/approval",
    summary="Approve an announcement",
    **asks("announcements:write", Permission.APPROVE_ANNOUNCEMENT),
)
def approve(request: HttpRequest, number: AnnouncementNumber, n: Version, body: SignatureIn, key: Key = "") -> Any:
    """Another supervisor signs what they read: from then on everybody may read it."""

    def work(by: Actor, at: datetime) -> Schema:
        found = queries.announcement_of(by, number, n)
        return Receipt(id=announcing.approve_announcement(announcement=found, digest=body.digest, by=by, at=at).pk)

    return write(request, key, body, work)
