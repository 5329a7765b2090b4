"""Children: register, describe, correct, read the file."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, File, Router, Schema, UploadedFile

from wayhome.api.calls import (
    LARGEST,
    After,
    Body,
    Key,
    Limit,
    Moment,
    Number,
    Page,
    Receipt,
    actor,
    asks,
    named,
    page,
    reads,
    write,
)
from wayhome.casework.accounts import queries as registers
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.children import actions, queries
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, NotFound
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody import known
from wayhome.casework.custody import queries as custody_queries
from wayhome.casework.operations import queries as operations

router = Router()
LARGEST_PHOTO = 10 * 1024 * 1024
AgeMethod = Literal["sight", "cord_stump", "growth", "teeth", "document", "statement"]


class AgeIn(Body):
    """An age in days, as an interval."""

    least_days: int = Field(description="At least so many days.", ge=0, le=6600)
    most_days: int = Field(description="At most so many days.", ge=0, le=6600)
    method: AgeMethod = Field(description="How it was estimated.")


class AgeOnIn(AgeIn):
    """An age in days on a day."""

    on: date = Field(description="The day on which the child had this age.")


class MarkIn(Body):
    """A mark on the body."""

    place: str = Field(description="Coded place on the body.", min_length=1, max_length=40)
    kind: str = Field(description="Coded kind of mark.", min_length=1, max_length=40)
    size_mm: int | None = Field(None, description="Largest extent in millimetres.", ge=1, le=2000)
    note: str = Field("", description="What else is to be seen.", max_length=200)


class ItemIn(Body):
    """Something found with the child."""

    what: str = Field(description="What it is.", min_length=1, max_length=200)
    kept_at: str = Field("", description="Where it is kept.", max_length=120)


class ChildIn(Body):
    """A child that was just found."""

    event: int = Field(description="Number of the rescue event.", ge=1, le=LARGEST)
    post: str = Field(description="Code of the police post that takes the child.", max_length=30)
    sex: Literal["F", "M", "U"] = Field(description="Sex as observed; U if it cannot be told.")
    call_name: str = Field(description="A neutral name to call the child by; never the buyer's.", min_length=1, max_length=40)
    started_at: Moment = Field(description="When the police took the child.")
    condition: str = Field("", description="How the child is.", max_length=200)
    number: str = Field("", description="Number of a wristband printed before; a new one if empty.", max_length=14)
    age: AgeIn | None = Field(None, title="Age", description="Estimated age.")
    marks: list[MarkIn] = Field([], description="Marks on the body.", max_length=50)
    items: list[str] = Field([], description="Things found with the child.", max_length=50)


class ChildReceipt(Receipt):
    """A child that was registered."""

    number: str = Field(description="Its number, nine digits, as on its wristband.")


class AssertionIn(Body):
    """What somebody says of a child."""

    field: Literal["name", "birth_date", "nationality", "origin", "language", "parent", "blood_group", "note"] = Field(
        description="What it is about."
    )
    value: str = Field(description="What is said.", min_length=1, max_length=300)
    said_by: str = Field(description="Who says so.", min_length=1, max_length=120)
    supersedes: int | None = Field(None, description="Number of the assertion that this one corrects.", ge=1, le=LARGEST)


class CorrectionIn(Body):
    """A correction of what was observed."""

    version: int = Field(description="Version of the record as it was read.", ge=1, le=2**31 - 1)
    changes: dict[Literal["call_name", "sex"], Annotated[str, Field(max_length=60)]] = Field(
        description="Field: what it should be.", min_length=1
    )


class SiblingsIn(Body):
    """Children who belong together."""

    children: list[Annotated[str, Field(pattern=r"^[0-9]{9}$")]] = Field(
        description="Numbers of the children.", min_length=2, max_length=12
    )
    ground: Literal["alleged", "dna"] = Field(description="How it is known.")


class WristbandOut(Receipt):
    """A new wristband."""

    code: str = Field(description="Its code; the old one opens nothing any more.")


class ChildRow(Schema):
    """A child in a list."""

    number: str = Field(description="Its number, nine digits.")
    call_name: str = Field(description="What it is called.")
    sex: str = Field(description="Sex as observed.")
    custody: str = Field(description="Kind of custody that it is in.")
    facility: str = Field(description="Code of the facility that answers for it.")
    since: datetime = Field(description="Since when.")


class AgeOut(Schema):
    """An age today, moved on from the day of its estimate."""

    least_days: int = Field(description="At least so many days.")
    most_days: int = Field(description="At most so many days.")
    method: str = Field(description="How it was estimated.")


class MarkOut(Schema):
    """A mark on the body."""

    id: int = Field(description="Number of the record.")
    place: str = Field(description="Coded place on the body.")
    kind: str = Field(description="Coded kind of mark.")
    size_mm: int | None = Field(description="Largest extent in millimetres.")
    note: str = Field(description="What else is to be seen.")


class ItemOut(Schema):
    """Something found with the child."""

    id: int = Field(description="Number of the record.")
    what: str = Field(description="What it is.")
    kept_at: str = Field(description="Where it is kept.")


class AssertionOut(Schema):
    """What somebody says of the child."""

    id: int = Field(description="Number of the record.")
    field: str = Field(description="What it is about.")
    value: str = Field(description="What is said.")
    said_by: str = Field(description="Who says so.")
    at: datetime = Field(description="When it was entered.")


class ChildOut(Schema):
    """A child's file."""

    number: str = Field(description="Its number, nine digits.")
    call_name: str = Field(description="What it is called.")
    sex: str = Field(description="Sex as observed.")
    event: int = Field(description="Number of the rescue event.")
    version: int = Field(description="Version of the record; a correction must name it.")
    absorbed: bool = Field(description="Whether two people said that this record is another child's.")
    missing: int | None = Field(description="Number of the report that the child is missing, if it stands.")
    age: AgeOut | None = Field(title="Age", description="Age today.")
    marks: list[MarkOut] = Field(description="Marks on the body.")
    items: list[ItemOut] = Field(description="Things found with the child.")
    assertions: list[AssertionOut] = Field(description="What is said of it, superseded sayings left out.")


@router.post("/children", summary="Take into care", **asks("children:write", Permission.REGISTER_CHILD, answer=ChildReceipt))
def take_into_care(request: HttpRequest, body: ChildIn, key: Key = "") -> Any:
    """Register a child that was just found and open its chain of custody, in one transaction."""

    def work(by: Actor, at: datetime) -> Schema:
        with named("event"):
            event = operations.rescue_event_of(by, body.event)
        with named("post"):
            post = registers.facility(body.post)
        intake = custody.Intake(
            event=event,
            post=post,
            sex=body.sex,
            call_name=body.call_name,
            started_at=body.started_at,
            condition=body.condition,
            number=body.number,
            age=(body.age.least_days, body.age.most_days, body.age.method) if body.age else None,
            marks=tuple((mark.place, mark.kind, mark.size_mm, mark.note) for mark in body.marks),
            items=tuple(body.items),
        )
        child = custody.take_into_care(intake=intake, by=by, at=at)
        return ChildReceipt(id=child.pk, number=child.number)

    return write(request, key, body, work)


@router.get("/children", summary="List children", **reads("children:read", Permission.READ_CHILD, answer=Page[ChildRow]))
def list_children(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Children whose file the caller has need to know, and where they are."""
    children = custody_queries.visible_children(actor(request), at=timezone.now())
    return page(children, after=after, limit=limit, shown=_rows)


@router.get("/children/{number}", summary="Read a child's file", **reads("children:read", Permission.READ_CHILD, answer=ChildOut))
def read_child(request: HttpRequest, number: Number) -> dict[str, Any]:
    """A child's file. The look is an event."""
    at = timezone.now()
    child = custody.read_file(child_id=int(number), by=actor(request), at=at)
    missing = custody_queries.open_missing(child.pk)
    return {
        "number": child.number,
        "call_name": child.call_name,
        "sex": child.sex,
        "event": child.event_id,
        "version": child.version,
        "absorbed": custody_queries.is_absorbed(child.pk),
        "missing": missing.pk if missing else None,
        "age": queries.age_on(child, at.date()),
        "marks": list(queries.marks(child)),
        "items": list(queries.items(child)),
        "assertions": list(queries.assertions(child)),
    }


@router.get(
    "/children/{number}/photo",
    summary="Read a child's photo",
    **reads("children:read", Permission.READ_CHILD, answer=Any),
)
def read_photo(request: HttpRequest, number: Number) -> HttpResponse:
    """The latest photo as a JPEG of pixels alone. The look is an event."""
    child = custody.read_file(child_id=int(number), by=actor(request), at=timezone.now())
    photo = queries.photo(child)
    if photo is None:
        raise NotFound()
    answer = HttpResponse(bytes(photo.jpeg), content_type="image/jpeg")
    answer["Content-Disposition"] = "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@router.post("/children/{number}/photos", summary="Add a photo", **asks("children:write", Permission.DESCRIBE_CHILD))
def add_photo(
    request: HttpRequest,
    number: Number,
    file: Annotated[UploadedFile, File(title="File", description="A JPEG, PNG or WebP picture of at most 10 MB.")],
    key: Key = "",
) -> Any:
    """Add a photo. It is rebuilt from its pixels: no place, device or comment is kept."""
    if (file.size or 0) > LARGEST_PHOTO:
        raise Invalid({"file": "too_large"})
    data = file.read()

    def work(by: Actor, at: datetime) -> Schema:
        child = custody_queries.visible_child(int(number), by=by, at=at)
        return Receipt(id=actions.add_photo(child=child, data=data, by=by, at=at).pk)

    return write(request, key, {"file": hashlib.sha256(data).hexdigest()}, work)


@router.post("/children/{number}/ages", summary="Estimate the age", **asks("children:write", Permission.DESCRIBE_CHILD))
def estimate_age(request: HttpRequest, number: Number, body: AgeOnIn, key: Key = "") -> Any:
    """Say how old the child was on a day, as an interval of days with its method. The latest estimate holds."""

    def work(by: Actor, at: datetime) -> Schema:
        child = custody_queries.visible_child(int(number), by=by, at=at)
        made = actions.estimate_age(child=child, by=by, at=at, **body.model_dump())
        return Receipt(id=made.pk)

    return write(request, key, body, work)


@router.post("/children/{number}/marks", summary="Add a mark", **asks("children:write", Permission.DESCRIBE_CHILD))
def add_mark(request: HttpRequest, number: Number, body: MarkIn, key: Key = "") -> Any:
    """Add a mark on the child's body."""

    def work(by: Actor, at: datetime) -> Schema:
        child = custody_queries.visible_child(int(number), by=by, at=at)
        return Receipt(id=actions.add_mark(child=child, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.post("/children/{number}/items", summary="Add a thing found", **asks("children:write", Permission.DESCRIBE_CHILD))
def add_item(request: HttpRequest, number: Number, body: ItemIn, key: Key = "") -> Any:
    """Add clothes or a thing found with the child."""

    def work(by: Actor, at: datetime) -> Schema:
        child = custody_queries.visible_child(int(number), by=by, at=at)
        return Receipt(id=actions.add_item(child=child, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.post("/children/{number}/assertions", summary="Say something", **asks("children:write", Permission.DESCRIBE_CHILD))
def say(request: HttpRequest, number: Number, body: AssertionIn, key: Key = "") -> Any:
    """Enter who says what of the child. A correction names what it supersedes; nothing is overwritten."""

    def work(by: Actor, at: datetime) -> Schema:
        child = custody_queries.visible_child(int(number), by=by, at=at)
        with named("supersedes"):
            supersedes = known.assertion(child, body.supersedes) if body.supersedes else None
        made = actions.say(
            child=child, field=body.field, value=body.value, said_by=body.said_by, supersedes=supersedes, by=by, at=at
        )
        return Receipt(id=made.pk)

    return write(request, key, body, work)


@router.post("/children/{number}/corrections", summary="Correct", **asks("children:write", Permission.DESCRIBE_CHILD))
def correct(request: HttpRequest, number: Number, body: CorrectionIn, key: Key = "") -> Any:
    """Correct call name or sex as observed. If somebody else was quicker, the answer is a 409 that tells what they changed."""

    def work(by: Actor, at: datetime) -> Schema:
        child = custody_queries.visible_child(int(number), by=by, at=at)
        actions.correct(
            child_id=child.pk,
            version=body.version,
            changes={str(field): value for field, value in body.changes.items()},
            by=by,
            at=at,
        )
        return ChildReceipt(id=child.pk, number=child.number)

    return write(request, key, body, work)


@router.post(
    "/children/{number}/wristbands",
    summary="Replace the wristband",
    **asks("children:write", Permission.DESCRIBE_CHILD, answer=WristbandOut),
)
def replace_wristband(request: HttpRequest, number: Number, key: Key = "") -> Any:
    """Give the child a new band for a lost one."""

    def work(by: Actor, at: datetime) -> Schema:
        child = custody_queries.visible_child(int(number), by=by, at=at)
        band = custody.replace_wristband(child=child, by=by, at=at)
        return WristbandOut(id=band.pk, code=band.code)

    return write(request, key, {}, work)


@router.post("/sibling-groups", summary="Group siblings", **asks("children:write", Permission.DESCRIBE_CHILD))
def group_siblings(request: HttpRequest, body: SiblingsIn, key: Key = "") -> Any:
    """Say that children are twins or siblings: they are placed together."""

    def work(by: Actor, at: datetime) -> Schema:
        with named("children"):
            children = [custody_queries.visible_child(int(one), by=by, at=at) for one in body.children]
        return Receipt(id=actions.group_siblings(children=children, ground=body.ground, by=by, at=at).pk)

    return write(request, key, body, work)


def _rows(children: list[Any]) -> list[ChildRow]:
    heads = known.heads_of([child.pk for child in children])
    return [
        ChildRow(
            number=child.number,
            call_name=child.call_name,
            sex=child.sex,
            custody=heads[child.pk].kind,
            facility=heads[child.pk].facility.code,
            since=heads[child.pk].started_at,
        )
        for child in children
    ]
