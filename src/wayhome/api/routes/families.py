"""Tracing requests: a family looks for a child. Record one, tell it anew, read it, take it back."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, UploadedFile

from wayhome.api.calls import LARGEST, After, Body, Id, Key, Limit, Page, Receipt, Text, actor, asks, named, page, reads, write
from wayhome.api.routes.persons import PersonFactIn
from wayhome.api.routes.request_duplicates import RequestDuplicateOut, RequestNumber, duplicates
from wayhome.api.routes.trees import RelativeOut, relatives
from wayhome.casework.accounts import queries as registers
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid
from wayhome.casework.core.photos import MOST_BYTES, clean_photo
from wayhome.casework.families import actions, queries
from wayhome.casework.operations import queries as operations

router = Router()
Inquirer = Literal["mother", "father", "grandparent", "sibling", "guardian", "other_kin", "authority"]


class DescriptionIn(Body):
    """The missing child, and how it was lost."""

    child_name: str = Field(description="Its names, with slashes between them.", min_length=1, max_length=120)
    sex: Literal["F", "M", "U"] = Field(description="Its sex; U if nobody can tell.")
    born_from: date = Field(description="First day on which it may have been born.")
    born_to: date = Field(description="Last day on which it may have been born.")
    lost_from: date = Field(description="First day on which it may have been lost.")
    lost_to: date = Field(description="Last day on which it may have been lost.")
    place: str = Field(description="Where it was lost, in words.", min_length=1, max_length=200)
    where: str = Field("", description="Code of the jurisdiction where it was lost; empty if not known.", max_length=20)
    cause: Literal["abducted", "deceived", "sold", "unknown"] = Field(description="How it was lost.")
    circumstances: str = Field("", description="What happened.", max_length=4000)
    looks: str = Field("", description="What it looks like.", max_length=2000)
    blood_group: Literal["", "A", "B", "AB", "O"] = Field("", description="Its blood group; empty if not known.")


class DescriptionAnewIn(DescriptionIn):
    """The missing child as it is told anew, in full."""

    n: int = Field(description="`n` of the description as it was read.", ge=1, le=2**31 - 1)


class TracingRequestIn(Body):
    """A family that looks for a child."""

    person: int | None = Field(None, description="Number of who asks, if on record.", ge=1, le=LARGEST)
    facts: list[PersonFactIn] = Field(
        [], description="What is known of who asks, a name at least; instead of their number.", max_length=40
    )
    relation: Inquirer = Field(description="What they are to the child.")
    description: DescriptionIn = Field(description="The child, and how it was lost.")


class TracingRequestReceipt(Receipt):
    """A tracing request that was recorded."""

    number: str = Field(description="Its number, nine digits.")
    duplicates: list[RequestDuplicateOut] = Field(description="Other requests that may be for the same child.")


class DescriptionReceipt(Receipt):
    """A description that was written."""

    n: int = Field(description="How often the child was described by now.")
    duplicates: list[RequestDuplicateOut] = Field(description="Other requests that may be for the same child.")


class MissingMarkIn(Body):
    """A mark on the body that the family remembers."""

    place: str = Field(description="Coded place on the body.", min_length=1, max_length=40)
    kind: str = Field(description="Coded kind of mark.", min_length=1, max_length=40)
    note: str = Field("", description="What else the family remembers of it.", max_length=200)


class MissingItemIn(Body):
    """Clothes or a thing that the child had with it."""

    what: str = Field(description="What it is.", min_length=1, max_length=200)


class WithdrawalIn(Body):
    """Why a family takes its request back."""

    note: str = Field(description="Why.", min_length=1, max_length=300)


class MissingOut(Schema):
    """The missing child, and where and when it was lost."""

    child_name: str = Field(description="The child's names.")
    sex: str = Field(description="The child's sex: F, M or U.")
    born_from: date = Field(description="First day on which it may have been born.")
    born_to: date = Field(description="Last day on which it may have been born.")
    lost_from: date = Field(description="First day on which it may have been lost.")
    lost_to: date = Field(description="Last day on which it may have been lost.")
    place: str = Field(description="Where it was lost, in words.")
    where: str = Field(description="Code of the jurisdiction where it was lost; empty if not known.")

    @staticmethod
    def resolve_where(row: Any) -> str:
        """The code of the jurisdiction."""
        return row.where.code if row.where is not None else ""


class TracingRequestRow(MissingOut):
    """A tracing request in a list."""

    number: str = Field(description="Its number, nine digits.", alias="request.number")
    agency: str = Field(description="Code of the agency that keeps it.", alias="request.by.agency.code")
    at: datetime = Field(description="When it was recorded.", alias="asked")
    typable: int = Field(description="Relatives of whom a sample can be had.")
    consented: int = Field(description="Relatives whose consent is in force.")


class DescriptionOut(MissingOut):
    """What was said of the missing child, once."""

    n: int = Field(description="The first that was said of it has 1; a new description names the last.")
    cause: str = Field(description="How it was lost.")
    circumstances: str = Field(description="What happened.")
    looks: str = Field(description="What it looks like.")
    blood_group: str = Field(description="Its blood group; empty if not known.")
    at: datetime = Field(description="When it was told.")


class DescriptionsOut(Schema):
    """All that was said of a missing child."""

    items: list[DescriptionOut] = Field(description="The last first.")


class MissingMarkOut(Schema):
    """A mark that the family remembers."""

    id: int = Field(description="Number of the record.")
    place: str = Field(description="Coded place on the body.")
    kind: str = Field(description="Coded kind of mark.")
    note: str = Field(description="What else the family remembers of it.")


class MissingItemOut(Schema):
    """Clothes or a thing that the child had with it."""

    id: int = Field(description="Number of the record.")
    what: str = Field(description="What it is.")


class RequestPhotoOut(Schema):
    """A picture under a tracing request."""

    id: int = Field(description="Its number.")
    shows: str = Field(description="Whom it shows.")
    at: datetime = Field(description="When it was kept.")


class RequestEndOut(Schema):
    """Why nobody follows a request any more."""

    reason: str = Field(description="withdrawn or duplicate.")
    kept: str = Field(description="Number of the request that goes on instead; empty if the family took it back.")
    note: str = Field(description="In words.")
    at: datetime = Field(description="When it ended.")


class TracingRequestOut(Schema):
    """A family's file."""

    number: str = Field(description="Its number, nine digits.")
    jurisdiction: str = Field(description="Code of the jurisdiction where it was recorded.")
    agency: str = Field(description="Code of the agency that keeps it.")
    inquirer: int = Field(description="Number of the person who asks.")
    inquirer_label: str = Field(description="How the case speaks of them.")
    relation: str = Field(description="What they are to the child.")
    at: datetime = Field(description="When it was recorded.")
    description: DescriptionOut = Field(title="Description", description="What was last said of the child; `n` tells how often.")
    marks: list[MissingMarkOut] = Field(description="Marks that the family remembers.")
    items: list[MissingItemOut] = Field(description="Clothes and things that the child had with it.")
    photos: list[RequestPhotoOut] = Field(description="Pictures, each to be read by its number.")
    relatives: list[RelativeOut] = Field(description="The tree, in the order in which it was entered; the child is the first.")
    end: RequestEndOut | None = Field(title="End", description="Its end; null while it goes on.")


@router.post(
    "/tracing-requests",
    summary="Record a tracing request",
    **asks("families:write", Permission.RECORD_REQUEST, answer=TracingRequestReceipt),
)
def record_request(request: HttpRequest, body: TracingRequestIn, key: Key = "") -> Any:
    """Record that a family looks for a child. Its tree begins with the child and its parents; requests that may be for the same
    child are proposed at once."""

    def work(by: Actor, at: datetime) -> Schema:
        if (body.person is None) == (not body.facts):
            raise Invalid({"person": "required" if body.person is None else "person_twice"})
        with named("person"):
            known = operations.person_of(by, body.person) if body.person is not None else None
        facts = [(fact.kind, fact.value) for fact in body.facts]
        told = _told(body.description)
        made = actions.record_request(inquirer=known or facts, relation=body.relation, told=told, by=by, at=at)
        actions.propose_duplicates(request=made, at=at)
        return TracingRequestReceipt(id=made.pk, number=made.number, duplicates=duplicates(made, by))

    return write(request, key, body, work)


@router.get(
    "/tracing-requests",
    summary="List tracing requests",
    **reads("families:read", Permission.READ_REQUEST, answer=Page[TracingRequestRow]),
)
def list_requests(
    request: HttpRequest,
    name: Annotated[
        str, Query(title="Name", description="A child's name in any script; all if empty.", max_length=120, pattern=r"^[^\x00]*$")
    ] = "",
    after: After = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Requests that go on and that the caller may know of, the youngest first."""
    by = actor(request)
    rows = queries.named(by, name) if name else queries.listed(by)
    return page(rows, after=after, limit=limit, by="asked", newest=True, shown=_rows)


@router.get(
    "/tracing-requests/{number}",
    summary="Read a tracing request",
    **reads("families:read", Permission.READ_REQUEST, answer=TracingRequestOut),
)
def read_request(request: HttpRequest, number: RequestNumber) -> dict[str, Any]:
    """A family's file. The look is an event."""
    at = timezone.now()
    found = actions.read_request(request_id=int(number), by=actor(request), at=at)
    end = getattr(found, "end", None)
    kept = f"{end.kept_id:09d}" if end is not None and end.kept_id is not None else ""
    return {
        "number": found.number,
        "jurisdiction": found.jurisdiction.code,
        "agency": found.by.agency.code,
        "inquirer": found.inquirer_id,
        "inquirer_label": found.inquirer.label,
        "relation": found.relation,
        "at": found.at,
        "description": queries.description(found.pk),
        "marks": list(found.marks.order_by("pk")),
        "items": list(found.items.order_by("pk")),
        "photos": list(queries.photos(found.pk)),
        "relatives": relatives(found.pk, at=at),
        "end": {"reason": end.reason, "kept": kept, "note": end.note, "at": end.at} if end is not None else None,
    }


@router.get(
    "/tracing-requests/{number}/descriptions",
    summary="Read all descriptions",
    **reads("families:read", Permission.READ_REQUEST, answer=DescriptionsOut),
)
def read_descriptions(request: HttpRequest, number: RequestNumber) -> dict[str, Any]:
    """What was said of the child, time after time. The look is an event."""
    found = actions.read_request(request_id=int(number), by=actor(request), at=timezone.now())
    return {"items": queries.descriptions(found.pk)}


@router.post(
    "/tracing-requests/{number}/descriptions",
    summary="Describe anew",
    **asks("families:write", Permission.RECORD_REQUEST, answer=DescriptionReceipt),
)
def describe(request: HttpRequest, number: RequestNumber, body: DescriptionAnewIn, key: Key = "") -> Any:
    """Say anew what the child is like and how it was lost. If somebody else was quicker, the answer is a 409 that tells what
    they changed. Requests that may now be for the same child are proposed."""

    def work(by: Actor, at: datetime) -> Schema:
        found = queries.request_of(by, int(number))
        made = actions.describe(request=found, n=body.n, told=_told(body), by=by, at=at)
        actions.propose_duplicates(request=found, at=at)
        return DescriptionReceipt(id=made.pk, n=made.n, duplicates=duplicates(found, by))

    return write(request, key, body, work)


@router.post("/tracing-requests/{number}/marks", summary="Add a mark", **asks("families:write", Permission.RECORD_REQUEST))
def add_mark(request: HttpRequest, number: RequestNumber, body: MissingMarkIn, key: Key = "") -> Any:
    """Add a mark on the child's body that the family remembers."""

    def work(by: Actor, at: datetime) -> Schema:
        found = queries.request_of(by, int(number))
        return Receipt(id=actions.add_mark(request=found, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.post("/tracing-requests/{number}/items", summary="Add a thing", **asks("families:write", Permission.RECORD_REQUEST))
def add_item(request: HttpRequest, number: RequestNumber, body: MissingItemIn, key: Key = "") -> Any:
    """Add clothes or a thing that the child had with it."""

    def work(by: Actor, at: datetime) -> Schema:
        found = queries.request_of(by, int(number))
        return Receipt(id=actions.add_item(request=found, what=body.what, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/tracing-requests/{number}/photos", summary="Add a picture", **asks("families:write", Permission.RECORD_REQUEST))
def add_photo(
    request: HttpRequest,
    number: RequestNumber,
    file: Annotated[UploadedFile, File(title="File", description="A JPEG, PNG or WebP picture of at most 10 MB.")],
    shows: Annotated[
        Text,
        Form(title="Shows", description="Whom it shows: the child, or a parent at its age.", min_length=1, max_length=120),
    ],
    key: Key = "",
) -> Any:
    """Add a picture. It is rebuilt from its pixels: no place, device or comment is kept."""
    if (file.size or 0) > MOST_BYTES:
        raise Invalid({"file": "too_large"})
    data = file.read()
    try:
        # Cleaning takes its time, and a write is inside a transaction.
        jpeg = clean_photo(data)
    except Invalid as error:
        raise Invalid({"file": error.fields["photo"]}) from error

    def work(by: Actor, at: datetime) -> Schema:
        found = queries.request_of(by, int(number))
        return Receipt(id=actions.keep_photo(request=found, jpeg=jpeg, shows=shows, by=by, at=at).pk)

    return write(request, key, {"file": hashlib.sha256(data).hexdigest(), "shows": shows}, work)


@router.get(
    "/tracing-requests/{number}/photos/{id}",
    summary="Read a picture",
    **reads("families:read", Permission.READ_REQUEST, answer=Any),
)
def read_request_photo(request: HttpRequest, number: RequestNumber, id: Id) -> HttpResponse:  # noqa: A002
    """A picture as a JPEG of pixels alone. The look is an event."""
    found = actions.read_request(request_id=int(number), by=actor(request), at=timezone.now())
    answer = HttpResponse(bytes(queries.photo_of(found, id).jpeg), content_type="image/jpeg")
    answer["Content-Disposition"] = "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@router.post(
    "/tracing-requests/{number}/withdrawal", summary="Withdraw a request", **asks("families:write", Permission.RECORD_REQUEST)
)
def withdraw_request(request: HttpRequest, number: RequestNumber, body: WithdrawalIn, key: Key = "") -> Any:
    """The family takes its request back; what its members agreed to ends with it."""

    def work(by: Actor, at: datetime) -> Schema:
        found = queries.request_of(by, int(number))
        return Receipt(id=actions.withdraw(request=found, note=body.note, by=by, at=at).pk)

    return write(request, key, body, work)


def _told(body: DescriptionIn) -> dict[str, Any]:
    """As the casework takes it: the jurisdiction itself in place of its code."""
    with named("where"):
        where = registers.jurisdiction(body.where) if body.where else None
    return body.model_dump(exclude={"n"}) | {"where": where}


def _rows(found: list[Any]) -> list[Any]:
    progress = queries.progress([said.request_id for said in found], at=timezone.now())
    for said in found:
        said.typable, said.consented = progress.get(said.request_id, (0, 0))
    return found
