"""The day of an operation: what provinces report, and the board that counts it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import AfterValidator

from wayhome.api.calls import LARGEST, Body, Id, Key, Moment, Receipt, actor, asks, named, reads, write
from wayhome.casework.accounts import queries as registers
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.operations import actions, queries

router = Router()
Seizable = Literal["money", "vehicle", "phone", "drug", "document", "other"]
Unit = Literal["CNY", "VND", "USD", "piece", "g", "ml"]
Amount = Annotated[Decimal, AfterValidator(lambda amount: amount.quantize(Decimal("0.01")))]


class DeploymentIn(Body):
    """Officers of the caller's province."""

    officers: int = Field(description="How many are out.", ge=0, le=100_000)
    counted_at: Moment = Field(description="When they were counted. The report counted last stands, whichever comes in last.")


class SeizureIn(Body):
    """A line of the list of things that the caller's province seized."""

    reference: str = Field(description="Number of the line; told again, it is corrected.", min_length=1, max_length=40)
    kind: Seizable = Field(description="What it is.")
    amount: Decimal = Field(description="How much.", ge=0, max_digits=14, decimal_places=2)
    unit: Unit = Field(description="In what.")
    counted_at: Moment = Field(description="When it was counted. Of a line, the report counted last stands.")


class DetentionIn(Body):
    """Where somebody was detained."""

    person: int = Field(description="Number of the person.", ge=1, le=LARGEST)
    jurisdiction: str = Field(description="Code of the jurisdiction: there the arrest is counted.", max_length=20)


class SeizedOut(Schema):
    """How much of one kind, in one unit."""

    kind: str = Field(description="What it is.")
    unit: str = Field(description="In what.")
    amount: Amount = Field(description="How much.")


class FiguresOut(Schema):
    """What was counted."""

    officers: int = Field(description="Officers out, as last reported.")
    arrests: int = Field(description="Persons of the ring who were detained, each once.")
    rescues: int = Field(description="Children, each once, where it was rescued.")
    on_clue: int = Field(description="Children rescued on this place's clue, wherever; never to be added to rescues.")
    seized: list[SeizedOut] = Field(description="Things seized.")


class ProvinceOut(FiguresOut):
    """What was counted in a province."""

    province: str = Field(description="Code of the province.")


class BoardOut(Schema):
    """What has come in so far."""

    operation: int = Field(description="Number of the operation.")
    latest: datetime | None = Field(description="When something last came in; none where nothing has.")
    national: FiguresOut = Field(description="Over all provinces.")
    provinces: list[ProvinceOut] = Field(description="Each province of which something is known.")


@router.post("/operations/{id}/officers", summary="Report officers", **asks("operations:write", Permission.RECORD_OPERATION))
def report_officers(request: HttpRequest, id: Id, body: DeploymentIn, key: Key = "") -> Any:  # noqa: A002
    """Say how many officers the caller's province has out."""

    def work(by: Actor, at: datetime) -> Schema:
        operation = queries.operation_of(by, id)
        made = actions.report_officers(operation=operation, officers=body.officers, counted_at=body.counted_at, by=by, at=at)
        return Receipt(id=made.pk)

    return write(request, key, body, work)


@router.post("/operations/{id}/seizures", summary="Report a seizure", **asks("operations:write", Permission.RECORD_OPERATION))
def report_seizure(request: HttpRequest, id: Id, body: SeizureIn, key: Key = "") -> Any:  # noqa: A002
    """Tell a line of the list of things that the caller's province seized, for the first time or anew."""

    def work(by: Actor, at: datetime) -> Schema:
        operation = queries.operation_of(by, id)
        made = actions.report_seizure(
            operation=operation,
            reference=body.reference,
            kind=body.kind,
            amount=body.amount,
            unit=body.unit,
            counted_at=body.counted_at,
            by=by,
            at=at,
        )
        return Receipt(id=made.pk)

    return write(request, key, body, work)


@router.post(
    "/operations/{id}/detentions",
    summary="Say where somebody was detained",
    **asks("persons:write", Permission.RECORD_OPERATION),
)
def place_detention(request: HttpRequest, id: Id, body: DetentionIn, key: Key = "") -> Any:  # noqa: A002
    """Of somebody whose role in the operation says that they were: their arrest is counted there, once."""

    def work(by: Actor, at: datetime) -> Schema:
        operation = queries.operation_of(by, id)
        with named("person"):
            person = queries.person(body.person)
        with named("jurisdiction"):
            jurisdiction = registers.jurisdiction(body.jurisdiction)
        made = actions.place_detention(operation=operation, person=person, jurisdiction=jurisdiction, by=by, at=at)
        return Receipt(id=made.pk)

    return write(request, key, body, work)


@router.get(
    "/operations/{id}/board", summary="Read the board", **reads("operations:read", Permission.READ_CHILD, answer=BoardOut)
)
def read_board(request: HttpRequest, id: Id) -> Any:  # noqa: A002
    """Arrests, rescues, seizures and officers by province, counted from the records at this moment."""
    told = queries.board(actor(request), id)
    return {
        "operation": told.operation.pk,
        "latest": told.latest,
        "national": _figures(told.national),
        "provinces": [{"province": place.code} | _figures(row) for place, row in told.provinces],
    }


def _figures(row: queries.Figures) -> dict[str, Any]:
    return {
        "officers": row.officers,
        "arrests": row.arrests,
        "rescues": row.rescues,
        "on_clue": row.on_clue,
        "seized": [{"kind": one.kind, "unit": one.unit, "amount": one.amount} for one in row.seized],
    }
