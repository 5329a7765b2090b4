"""Plans for a night: asked for, made, read, and turned into questions to homes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema
from ninja.responses import Status

from wayhome.api.calls import After, Body, Id, Key, Limit, Page, Receipt, actor, asks, named, page, reads, write
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.placements import actions, known, queries

router = Router()
NumberIn = Annotated[str, Field(pattern=r"^[0-9]{9}$")]


class PlanIn(Body):
    """For how many nights."""

    nights: int = Field(description="Nights that the money must last, 1 to 60.")
    jurisdiction: str = Field("", description="Code of a jurisdiction below the caller's own; its own by default.", max_length=20)


class LineOut(Schema):
    """Where a child is to go, or nowhere tonight."""

    child: str = Field(description="The child's number.", alias="child.number")
    facility: str | None = Field(None, description="Code of the home; null if the child stays where it is.")
    hours: float | None = Field(description="Hours of travel.")
    passed_over: dict[str, int] = Field(description="Why not a nearer home: reason -> number of homes.")

    @staticmethod
    def resolve_facility(row: Any) -> str | None:
        """Its code."""
        return row.facility.code if row.facility else None


class PlanOut(Schema):
    """A plan."""

    id: int = Field(description="Its number.")
    jurisdiction: str = Field(description="Code of the jurisdiction.", alias="jurisdiction.code")
    nights: int = Field(description="Nights that the money must last.")
    children: int = Field(description="Children who waited.")
    homes: int = Field(description="Homes that were looked at.")
    at: datetime = Field(description="When it was made.")
    status: str = Field(description="optimal, within_gap or stopped: how far it is proven.", alias="result.status")
    gap: float = Field(description="How much better it could be at most, as a part.", alias="result.gap")


class WholePlanOut(PlanOut):
    """A plan with its lines and the shortage bill."""

    lines: list[LineOut] = Field(description="The longest way first, then those who stay.")
    objectives: dict[str, float] = Field(description="Value of each aim.", alias="result.objectives")
    bill: dict[str, Any] = Field(
        description="What places everybody whom a grant helps: cots, carers and yuan, by province and by home.",
        alias="result.bill",
    )

    @staticmethod
    def resolve_lines(row: Any) -> list[Any]:
        """In order."""
        return known.lines(row.pk)


class PlanJobOut(Schema):
    """A plan that was asked for."""

    id: int = Field(description="Number of the job.", alias="job.pk")
    url: str = Field(description="Where to look how far it is.")
    jurisdiction: str = Field(description="Code of the jurisdiction.", alias="job.jurisdiction.code")
    nights: int = Field(description="Nights that the money must last.", alias="job.nights")
    at: datetime = Field(description="When it was asked for.", alias="job.at")
    state: Literal["waiting", "working", "done", "cancelled", "failed"] = Field(description="How far it is.")
    doing: str = Field(description="begun, then each aim in its order, then bill; empty while it waits.")
    step: int = Field(description="Number of the step.")
    steps: int = Field(description="Of how many.")
    until: datetime | None = Field(description="When it should end at the latest; null while it waits.")
    code: str = Field(description="Why it failed; empty otherwise.")
    plan: int | None = Field(None, description="Number of the plan; null until it is there.", alias="plan_id")

    @staticmethod
    def resolve_url(row: Any) -> str:
        """Of the job."""
        return f"/api/v1/plan-jobs/{row.job.pk}"


class ProposeIn(Body):
    """Which children are not asked for yet."""

    hold: list[NumberIn] = Field([], description="Their numbers; their siblings are held with them.", max_length=1000)


class ProposedOut(Schema):
    """Which homes were asked."""

    placements: list[int] = Field(description="Numbers of the placements; who could not be asked for is left out.")


@router.post("/plans", summary="Ask for a plan", **asks("placements:write", Permission.PLAN_NIGHT, answer=PlanJobOut, status=202))
def plan_night(request: HttpRequest, body: PlanIn, key: Key = "") -> Any:
    """Ask for a plan for every child who waits; it moves nobody and asks nobody. A small night is planned before the answer, a
    large one by the worker: look at `url` until `state` is done. While one is being made for a jurisdiction, it is the answer."""

    def work(by: Actor, at: datetime) -> Schema:
        with named("jurisdiction"):
            where = known.jurisdiction_below(body.jurisdiction, by=by) if body.jurisdiction else queries.jurisdiction_of(by)
        return Receipt(id=actions.ask_plan(jurisdiction=where, nights=body.nights, by=by, at=at).pk)

    answer = write(request, key, body, work)
    if isinstance(answer, HttpResponse):
        return answer
    by, number = actor(request), answer.value["id"]
    actions.work_at_once(job=known.job(number, by=by), clock=timezone.now)
    return Status(202, known.progress(known.job(number, by=by)))


@router.get(
    "/plan-jobs/{id}",
    summary="Look how far a plan is",
    **reads("placements:read", Permission.PLAN_NIGHT, answer=PlanJobOut),
)
def read_plan_job(request: HttpRequest, id: Id) -> Any:  # noqa: A002
    """How far a plan is that was asked for, and its number once it is there."""
    return known.progress(known.job(id, by=actor(request)))


@router.post("/plan-jobs/{id}/cancellation", summary="Call a plan off", **asks("placements:write", Permission.PLAN_NIGHT))
def cancel_plan(request: HttpRequest, id: Id, key: Key = "") -> Any:  # noqa: A002
    """Make no plan after all; what works on it stops at its next step."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=actions.cancel_plan(job=known.job(id, by=by), by=by, at=at).pk)

    return write(request, key, {}, work)


@router.get("/plans", summary="List plans", **reads("placements:read", Permission.READ_CAPACITY, answer=Page[PlanOut]))
def list_plans(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Plans for the jurisdiction that the caller oversees and those below, the newest first."""
    return page(known.plans(actor(request)), after=after, limit=limit, newest=True)


@router.get("/plans/{id}", summary="Read a plan", **reads("placements:read", Permission.READ_CAPACITY, answer=WholePlanOut))
def read_plan(request: HttpRequest, id: Id) -> Any:  # noqa: A002
    """Who goes where and why not nearer, who stays, and what is missing."""
    return known.plan(id, by=actor(request))


@router.post(
    "/plans/{id}/placements",
    summary="Ask the homes of a plan",
    **asks("placements:write", Permission.PLAN_NIGHT, answer=ProposedOut),
)
def propose_plan(request: HttpRequest, id: Id, body: ProposeIn, key: Key = "") -> Any:  # noqa: A002
    """Ask every home of a plan for the children it gives it, but for those held back."""

    def work(by: Actor, at: datetime) -> Schema:
        found = known.plan(id, by=by)
        made = actions.propose_plan(plan=found, hold=[int(one) for one in body.hold], by=by, at=at)
        return ProposedOut(placements=[one.pk for one in made])

    return write(request, key, body, work)
