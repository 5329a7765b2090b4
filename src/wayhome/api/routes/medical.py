"""Observation, measures and samples."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from wayhome.api.calls import LARGEST, Body, Id, Key, Moment, Number, Receipt, actor, asks, named, reads, write
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody import queries as custody_queries
from wayhome.casework.medical import actions, queries

router = Router()


class PlanIn(Body):
    """How often a child is looked at."""

    every_minutes: int = Field(description="Minutes between two looks.", ge=5, le=1440)
    sedation: bool = Field(False, description="Whether it is watched for sedation.")


class ObservationIn(Body):
    """One look. A value not taken is left out, never zero."""

    taken_at: Moment = Field(description="When.")
    consciousness: Literal["alert", "voice", "pain", "unresponsive"] = Field(description="What the child responds to.")
    heart_rate: int | None = Field(None, description="Beats a minute.", ge=0, le=400)
    breaths: int | None = Field(None, description="Breaths a minute.", ge=0, le=200)
    temperature_c: Decimal | None = Field(None, description="Temperature in degrees Celsius.", ge=20, le=45, decimal_places=1)
    oxygen_percent: int | None = Field(None, description="Oxygen saturation in per cent.", ge=0, le=100)
    feeding: Literal["", "well", "poorly", "refused", "tube", "asleep"] = Field("", description="How it feeds.")
    feed_ml: int | None = Field(None, description="Millilitres taken.", ge=0, le=1000)
    note: str = Field("", description="What else is to be seen.", max_length=300)
    supersedes: int | None = Field(None, description="Number of the observation that this one corrects.", ge=1, le=LARGEST)


class MeasureIn(Body):
    """Length, weight, head."""

    taken_at: Moment = Field(description="When.")
    length_mm: int | None = Field(None, description="Length in millimetres.", ge=1, le=2500)
    weight_g: int | None = Field(None, description="Weight in grams.", ge=1, le=200_000)
    head_mm: int | None = Field(None, description="Head circumference in millimetres.", ge=1, le=1000)
    cord_stump: bool | None = Field(None, description="Whether the stump of the cord is there.")
    neglected: bool = Field(False, description="Whether the child seems underfed: its growth then tells less of its age.")


class SampleIn(Body):
    """A sample to learn what a child was sedated with."""

    barcode: str = Field(description="Barcode of the tube.", min_length=1, max_length=30)
    kind: Literal["urine", "blood", "hair"] = Field(description="Of what.")
    taken_at: Moment = Field(description="When.")


class ResultIn(Body):
    """What the laboratory found."""

    substance: str = Field(description="Which substance was looked for.", min_length=1, max_length=80)
    found: bool = Field(description="Whether it was found.")


class ObservationOut(Schema):
    """One look."""

    id: int = Field(description="Number of the record.")
    taken_at: datetime = Field(description="When.")
    consciousness: str = Field(description="What the child responded to.")
    heart_rate: int | None = Field(description="Beats a minute.")
    breaths: int | None = Field(description="Breaths a minute.")
    temperature_c: Decimal | None = Field(description="Temperature in degrees Celsius.")
    oxygen_percent: int | None = Field(description="Oxygen saturation in per cent.")
    feeding: str = Field(description="How it fed.")
    feed_ml: int | None = Field(description="Millilitres taken.")
    note: str = Field(description="What else was to be seen.")


class ChartOut(Schema):
    """A child's chart."""

    next_due: datetime | None = Field(description="When it must be looked at next; null if no plan holds.")
    items: list[ObservationOut] = Field(description="Observations, superseded ones left out.")


class DueOut(Schema):
    """A child that is to be looked at."""

    child: str = Field(description="The child's number.", alias="child.number")
    due_at: datetime = Field(description="When it must be looked at next.")
    last_at: datetime | None = Field(description="When it was last looked at; null if not yet.")
    every_minutes: int = Field(description="Minutes between two looks.")
    sample_due: bool = Field(description="Whether it was sedated and no sample was taken yet.")


class DuesOut(Schema):
    """Children that are to be looked at."""

    items: list[DueOut] = Field(description="The most overdue first.")


@router.get("/observations-due", summary="List what is due", **reads("medical:read", Permission.OBSERVE, answer=DuesOut))
def list_due(request: HttpRequest) -> dict[str, Any]:
    """Children in the caller's hospital that have a plan, the most overdue first."""
    return {"items": queries.due(actor(request), timezone.now())}


@router.post("/children/{number}/observation-plans", summary="Plan observation", **asks("medical:write", Permission.OBSERVE))
def plan_observation(request: HttpRequest, number: Number, body: PlanIn, key: Key = "") -> Any:
    """Say how often the child is looked at; the last plan holds. A look that is overdue is an alarm."""

    def work(by: Actor, at: datetime) -> Schema:
        child = custody_queries.visible_child(int(number), by=by, at=at)
        return Receipt(id=actions.plan_observation(child=child, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.get("/children/{number}/chart", summary="Read the chart", **reads("medical:read", Permission.READ_CHILD, answer=ChartOut))
def read_chart(request: HttpRequest, number: Number) -> dict[str, Any]:
    """A child's observations, and when it must be looked at next. The look is an event."""
    child = custody.read_file(child_id=int(number), by=actor(request), at=timezone.now())
    return {"next_due": queries.next_due(child), "items": list(queries.chart(child))}


@router.post("/children/{number}/observations", summary="Observe", **asks("medical:write", Permission.OBSERVE))
def observe(request: HttpRequest, number: Number, body: ObservationIn, key: Key = "") -> Any:
    """Enter one look at the child. A correction names what it supersedes."""

    def work(by: Actor, at: datetime) -> Schema:
        child = custody_queries.visible_child(int(number), by=by, at=at)
        given = body.model_dump(exclude={"supersedes"})
        with named("supersedes"):
            supersedes = queries.observation(child, body.supersedes) if body.supersedes else None
        return Receipt(id=actions.observe(child=child, supersedes=supersedes, by=by, at=at, **given).pk)

    return write(request, key, body, work)


@router.post("/children/{number}/measures", summary="Measure", **asks("medical:write", Permission.OBSERVE))
def measure(request: HttpRequest, number: Number, body: MeasureIn, key: Key = "") -> Any:
    """Enter length, weight and head circumference; an estimate of age follows from them."""

    def work(by: Actor, at: datetime) -> Schema:
        child = custody_queries.visible_child(int(number), by=by, at=at)
        return Receipt(id=actions.measure(child=child, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.post("/children/{number}/tox-samples", summary="Take a sample", **asks("medical:write", Permission.OBSERVE))
def take_sample(request: HttpRequest, number: Number, body: SampleIn, key: Key = "") -> Any:
    """Enter a sample that was taken to learn what the child was sedated with."""

    def work(by: Actor, at: datetime) -> Schema:
        child = custody_queries.visible_child(int(number), by=by, at=at)
        return Receipt(id=actions.take_tox_sample(child=child, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.post("/tox-samples/{id}/results", summary="Enter a result", **asks("medical:write", Permission.OBSERVE))
def record_result(request: HttpRequest, id: Id, body: ResultIn, key: Key = "") -> Any:  # noqa: A002
    """Enter what the laboratory found in a sample."""

    def work(by: Actor, at: datetime) -> Schema:
        sample = queries.tox_sample(by, id, at=at)
        return Receipt(id=actions.record_tox_result(sample=sample, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)
