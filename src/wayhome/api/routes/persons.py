"""Adults who are not staff: what is known of them, and who belongs to whom."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from wayhome.api.calls import LARGEST, Body, Id, Key, Receipt, Text, actor, asks, named, reads, write
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.operations import actions, queries

router = Router()
FactKind = Literal["name", "alias", "id", "phone", "address", "vehicle"]


class FactIn(Body):
    """One thing known of a person."""

    kind: FactKind = Field(description="What is known.")
    value: str = Field(description="As it is written.", min_length=1, max_length=200)
    source: str = Field("", description="Who said so, or which document.", max_length=200)


class PersonFactIn(Body):
    """One thing known of a person when it is first recorded."""

    kind: FactKind = Field(description="What is known.")
    value: str = Field(description="As it is written.", min_length=1, max_length=200)


class PersonIn(Body):
    """An adult."""

    label: str = Field(description="How the case speaks of them.", min_length=1, max_length=80)
    facts: list[PersonFactIn] = Field(description="What is known of them.", min_length=1, max_length=40)
    source: str = Field("", description="Who said so, or which document.", max_length=200)


class TieIn(Body):
    """How two adults belong together."""

    other: int = Field(description="Number of the other person.", ge=1, le=LARGEST)
    kind: Literal["spouse", "parent", "sibling", "household", "other_kin"] = Field(description="What the other is to the person.")
    source: str = Field("", description="Who said so, or which document.", max_length=200)


class FactOut(Schema):
    """One thing known of a person."""

    kind: str = Field(description="What is known.")
    value: str = Field(description="As it was written.")
    source: str = Field(description="Who said so, or which document.")
    at: datetime = Field(description="When it was entered.")


class PersonRow(Schema):
    """A person in a list."""

    id: int = Field(description="Their number.")
    label: str = Field(description="How the case speaks of them.")


class PersonOut(PersonRow):
    """A person, and what is known of them."""

    facts: list[FactOut] = Field(description="Facts, the first entered first.")


class PersonsOut(Schema):
    """Persons who share a key with what was looked for."""

    items: list[PersonRow] = Field(description="The persons.")


@router.post("/persons", summary="Record a person", **asks("persons:write", Permission.RECORD_PERSON))
def record_person(request: HttpRequest, body: PersonIn, key: Key = "") -> Any:
    """Record an adult with the facts by which they are recognised."""

    def work(by: Actor, at: datetime) -> Schema:
        facts = [(fact.kind, fact.value) for fact in body.facts]
        return Receipt(id=actions.record_person(label=body.label, facts=facts, source=body.source, by=by, at=at).pk)

    return write(request, key, body, work)


@router.get(
    "/persons",
    summary="Look persons up",
    **reads("persons:read", Permission.RECORD_PERSON, Permission.READ_EXCLUSIONS, answer=PersonsOut),
)
def find_persons(
    request: HttpRequest,
    like: Annotated[
        Text,
        Query(title="Like", description="A name in any script, or a number, address or plate.", min_length=2, max_length=200),
    ],
) -> dict[str, Any]:
    """Persons that the caller has to do with and who go by a name like this, or share a number, address or vehicle."""
    return {"items": list(queries.persons_found(like, actor(request))[:50])}


@router.get(
    "/persons/{id}",
    summary="Read a person",
    **reads("persons:read", Permission.RECORD_PERSON, Permission.READ_EXCLUSIONS, answer=PersonOut),
)
def read_person(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002
    """A person and what is known of them."""
    person = queries.person_of(actor(request), id)
    return {"id": person.pk, "label": person.label, "facts": list(person.facts.order_by("pk"))}


@router.post("/persons/{id}/facts", summary="Add a fact", **asks("persons:write", Permission.RECORD_PERSON))
def add_fact(request: HttpRequest, id: Id, body: FactIn, key: Key = "") -> Any:  # noqa: A002
    """Add what became known of a person: another name, a number, an address. Nothing is taken away."""

    def work(by: Actor, at: datetime) -> Schema:
        person = queries.person_of(by, id)
        made = actions.add_fact(person=person, kind=body.kind, value=body.value, source=body.source, by=by, at=at)
        return Receipt(id=made.pk)

    return write(request, key, body, work)


@router.post("/persons/{id}/ties", summary="Tie two persons", **asks("persons:write", Permission.RECORD_PERSON))
def tie(request: HttpRequest, id: Id, body: TieIn, key: Key = "") -> Any:  # noqa: A002
    """Say that two adults are kin or live together: close kin of an excluded person are screened by people."""

    def work(by: Actor, at: datetime) -> Schema:
        person = queries.person_of(by, id)
        with named("other"):
            other = queries.person_of(by, body.other)
        actions.tie(person=person, other=other, kind=body.kind, source=body.source, by=by, at=at)
        return Receipt(id=person.pk)

    return write(request, key, body, work)
