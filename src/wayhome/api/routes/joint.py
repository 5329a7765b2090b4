"""Plans of joint operations, for the task force alone; and special campaigns."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Path, Router, Schema

from wayhome.api.calls import LARGEST, After, Body, Id, Key, Limit, Page, Receipt, actor, asks, named, page, reads, write
from wayhome.api.routes.investigations import InvestigationNumber
from wayhome.casework.accounts import queries as registers
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.operations import actions, queries
from wayhome.casework.operations.queries.investigations import investigation_of
from wayhome.casework.operations.queries.joint import plan_of, planned, plans_of, site_of, spoken_for

router = Router()
PlanNumber = Annotated[str, Path(title="Number", description="Number of the plan, nine digits.", pattern=r"^[0-9]{9}$")]
WRITES = asks("operations:write", Permission.RECORD_OPERATION)


class PlanIn(Body):
    """What is to happen at one zero hour."""

    code: str = Field(description="Code of the operation to be.", min_length=1, max_length=30)
    title: str = Field(description="Its title.", min_length=1, max_length=120)
    zero_hour: datetime = Field(description="When it begins, with its offset.")
    time_zone: str = Field("Asia/Shanghai", description="Zone in which that is told.", max_length=40)
    jurisdiction: str = Field(description="Code of the jurisdiction that it concerns.", max_length=20)


class SiteIn(Body):
    """One place of it."""

    jurisdiction: str = Field(description="Code of the jurisdiction.", max_length=20)
    place: str = Field(description="The place, in words.", min_length=1, max_length=200)
    leader: str = Field(description="Staff number of who leads there.", min_length=1, max_length=30)
    officers: int = Field(description="Officers planned.", ge=1, le=10_000)
    replaces: int | None = Field(None, description="Number of the site in whose place it is.", ge=1, le=LARGEST)
    alone: bool = Field(False, description="The leader is an officer from outside, told of this site and the hour alone.")


class ReadinessIn(Body):
    """What a site has, and whether it goes."""

    kit: bool = Field(description="A child-care kit is there.")
    medic: bool = Field(description="A medic is there.")
    female_officer: bool = Field(description="A female officer is there.")
    word: Literal["go", "no_go", "off"] = Field(description="Whether it goes; off is a lead's word.")
    reason: str = Field("", description="Why it does not go.", max_length=1000)


class ApprovalIn(Body):
    """What is approved."""

    digest: str = Field(description="Digest of the plan as it was read.", min_length=64, max_length=64)


class NoteIn(Body):
    """In words."""

    note: str = Field("", description="In words.", max_length=10_000)


class ReportIn(Body):
    """The report after the action."""

    note: str = Field(description="What went well and what did not.", min_length=1, max_length=10_000)


class CampaignIn(Body):
    """A special campaign."""

    name: str = Field(description="What it is called.", min_length=1, max_length=120)
    partner: str = Field(description="Code of the partner country.", max_length=20)
    starts: date = Field(description="First day.")
    ends: date = Field(description="Last day.")


class PlanOut(Schema):
    """A plan of a joint operation."""

    number: str = Field(description="Its number, nine digits.")
    code: str = Field(description="Its code.")
    title: str = Field(description="Its title.")
    zero_hour: datetime = Field(description="When it begins.")
    time_zone: str = Field(description="Zone in which that is told.")
    jurisdiction: str = Field(description="Code of the jurisdiction that it concerns.", alias="jurisdiction.code")
    state: str = Field(description="drafted, approved, sealed, launched, stood_down or reviewed.")


class SiteOut(Schema):
    """A place of it."""

    id: int = Field(description="Its number.")
    jurisdiction: str = Field(description="Code of the jurisdiction.")
    place: str = Field(description="The place.")
    leader: str = Field(description="Staff number of who leads there.")
    alone: bool = Field(description="Whether the leader is told of this site and the hour alone.")
    officers: int = Field(description="Officers planned.")
    word: str | None = Field(description="go, no_go or off, as last said; null before.")
    reason: str = Field(description="Why it does not go.")
    kit: bool = Field(description="A child-care kit is there.")
    medic: bool = Field(description="A medic is there.")
    female_officer: bool = Field(description="A female officer is there.")


class LedOut(Schema):
    """What the leader of a site reads of a plan."""

    id: int = Field(description="Number of the site.")
    jurisdiction: str = Field(description="Code of the jurisdiction.")
    place: str = Field(description="The place.")
    officers: int = Field(description="Officers planned.")
    zero_hour: datetime = Field(description="When it begins.")
    time_zone: str = Field(description="Zone in which that is told.")
    state: str = Field(description="approved, sealed or launched.")
    word: str | None = Field(description="go, no_go or off, as last said; null before.")
    reason: str = Field(description="Why it does not go.")
    kit: bool = Field(description="A child-care kit is there.")
    medic: bool = Field(description="A medic is there.")
    female_officer: bool = Field(description="A female officer is there.")


class StepOut(Schema):
    """A step that was taken."""

    step: str = Field(description="approved, sealed, launched, stood_down or reviewed.")
    by: str = Field(description="Staff number of who took it.")
    at: datetime = Field(description="When.")
    operation: int | None = Field(description="Number of the operation, where it was launched.")
    note: str = Field(description="What was said.")
    figures: dict[str, Any] | None = Field(description="Figures as counted when it was reviewed.")


class PlannedOut(PlanOut):
    """A plan with everything about it."""

    jurisdiction: str = Field(description="Code of the jurisdiction that it concerns.")
    investigation: str = Field(description="Number of the investigation.")
    digest: str = Field(description="Of what an approval approves.")
    sites: list[SiteOut] = Field(description="Its sites.")
    steps: list[StepOut] = Field(description="What was done, the first first.")


class CampaignOut(Schema):
    """A special campaign."""

    id: int = Field(description="Its number.", alias="pk")
    name: str = Field(description="What it is called.")
    partner: str = Field(description="Code of the partner country.", alias="partner.code")
    starts: date = Field(description="First day.")
    ends: date = Field(description="Last day.")


@router.post("/investigations/{number}/joint-plans", summary="Plan a joint operation", **WRITES)
def draft_plan(request: HttpRequest, number: InvestigationNumber, body: PlanIn, key: Key = "") -> Any:
    """A lead plans one. Nobody outside the task force learns of it before its launch."""

    def work(by: Actor, at: datetime) -> Schema:
        found = investigation_of(by, int(number))
        with named("jurisdiction"):
            place = registers.jurisdiction(body.jurisdiction)
        asked = body.model_dump() | {"jurisdiction": place}
        return Receipt(id=actions.draft_plan(investigation=found, **asked, by=by, at=at).pk)

    return write(request, key, body, work)


@router.get(
    "/investigations/{number}/joint-plans",
    summary="List the joint operations planned in an investigation",
    **reads("operations:read", Permission.READ_INVESTIGATION, answer=Page[PlanOut]),
)
def list_plans(request: HttpRequest, number: InvestigationNumber, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """The latest first. The look is an event."""
    by = actor(request)
    found = actions.read_investigation(investigation_id=int(number), by=by, at=timezone.now())
    return page(plans_of(by, found.pk), after=after, limit=limit)


@router.get(
    "/joint-plans/{number}",
    summary="Read the plan of a joint operation",
    **reads("operations:read", Permission.READ_INVESTIGATION, answer=PlannedOut),
)
def read_plan(request: HttpRequest, number: PlanNumber) -> Any:
    """With its sites and the steps that were taken. The look is an event."""
    by = actor(request)
    plan = plan_of(by, int(number))
    actions.read_investigation(investigation_id=plan.investigation_id, by=by, at=timezone.now())
    told = planned(plan)
    return {
        "number": plan.number,
        "code": plan.code,
        "title": plan.title,
        "zero_hour": plan.zero_hour,
        "time_zone": plan.time_zone,
        "jurisdiction": plan.jurisdiction.code,
        "state": told.state,
        "investigation": plan.investigation.number,
        "digest": told.digest,
        "sites": [
            {
                "id": site.pk,
                "jurisdiction": site.jurisdiction.code,
                "place": site.place,
                "leader": site.leader.number,
                "alone": site.alone,
                "officers": site.officers,
                "word": last.word if last else None,
                "reason": last.reason if last else "",
                **{what: bool(last and getattr(last, what)) for what in ("kit", "medic", "female_officer")},
            }
            for site, last in told.sites
        ],
        "steps": [
            {
                "step": row.step,
                "by": row.by.number,
                "at": row.at,
                "operation": row.operation_id,
                "note": row.note,
                "figures": json.loads(row.figures) if row.figures else None,
            }
            for row in told.steps.values()
        ],
    }


@router.post("/joint-plans/{number}/sites", summary="Plan a site", **WRITES)
def add_site(request: HttpRequest, number: PlanNumber, body: SiteIn, key: Key = "") -> Any:
    """One place, or another in the place of one, until the plan is approved."""

    def work(by: Actor, at: datetime) -> Schema:
        plan = plan_of(by, int(number))
        with named("jurisdiction"):
            place = registers.jurisdiction(body.jurisdiction)
        with named("leader"):
            leader = registers.staff_member(body.leader)
        with named("replaces"):
            replaces = site_of(by, body.replaces) if body.replaces is not None else None
        asked = body.model_dump() | {"jurisdiction": place, "leader": leader, "replaces": replaces}
        return Receipt(id=actions.add_site(plan=plan, **asked, by=by, at=at).pk)

    return write(request, key, body, work)


@router.get(
    "/joint-sites/{id}",
    summary="Read the site that one leads",
    **reads("operations:read", Permission.READ_INVESTIGATION, answer=LedOut),
)
def read_site(request: HttpRequest, id: Id) -> Any:  # noqa: A002
    """For its leader: this site and the hour, and nothing else of the plan. The look is an event."""
    told = actions.read_site(site_id=id, by=actor(request), at=timezone.now())
    return {
        "id": told.site.pk,
        "jurisdiction": told.site.jurisdiction.code,
        "place": told.site.place,
        "officers": told.site.officers,
        "zero_hour": told.zero_hour,
        "time_zone": told.time_zone,
        "state": told.state,
        "word": told.last.word if told.last else None,
        "reason": told.last.reason if told.last else "",
        **{what: bool(told.last and getattr(told.last, what)) for what in ("kit", "medic", "female_officer")},
    }


@router.post("/joint-sites/{id}/readiness", summary="Say whether a site goes", **WRITES)
def report_readiness(request: HttpRequest, id: Id, body: ReadinessIn, key: Key = "") -> Any:  # noqa: A002
    """What it has, and whether it goes; the newest counts."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=actions.report_readiness(site=spoken_for(by, id), **body.model_dump(), by=by, at=at).pk)

    return write(request, key, body, work)


@router.post(
    "/joint-plans/{number}/approval",
    summary="Approve the plan of a joint operation",
    **asks("operations:write", Permission.DIRECT_OPERATION),
)
def approve_plan(request: HttpRequest, number: PlanNumber, body: ApprovalIn, key: Key = "") -> Any:
    """A supervisor of the ministry who belongs to the task force approves what they read."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=actions.approve_plan(plan=plan_of(by, int(number)), digest=body.digest, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/joint-plans/{number}/seal", summary="Seal the plan of a joint operation", **WRITES)
def seal_plan(request: HttpRequest, number: PlanNumber, key: Key = "") -> Any:
    """From here on each site says whether it goes."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=actions.seal_plan(plan=plan_of(by, int(number)), by=by, at=at).pk)

    return write(request, key, {}, work)


@router.post("/joint-plans/{number}/launch", summary="Launch a joint operation", **WRITES)
def launch_plan(request: HttpRequest, number: PlanNumber, key: Key = "") -> Any:
    """Every site goes or is called off: the operation begins."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=actions.launch_plan(plan=plan_of(by, int(number)), by=by, at=at).pk)

    return write(request, key, {}, work)


@router.post("/joint-plans/{number}/stand-down", summary="Stand a joint operation down", **WRITES)
def stand_down_plan(request: HttpRequest, number: PlanNumber, body: NoteIn, key: Key = "") -> Any:
    """It is over."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=actions.stand_down_plan(plan=plan_of(by, int(number)), note=body.note, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/joint-plans/{number}/review", summary="Report on a joint operation", **WRITES)
def review_plan(request: HttpRequest, number: PlanNumber, body: ReportIn, key: Key = "") -> Any:
    """What went well and what did not; the figures are counted from the records."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=actions.review_plan(plan=plan_of(by, int(number)), note=body.note, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/campaigns", summary="Record a special campaign", **asks("operations:write", Permission.DIRECT_OPERATION))
def record_campaign(request: HttpRequest, body: CampaignIn, key: Key = "") -> Any:
    """With a partner country, from a day until a day."""

    def work(by: Actor, at: datetime) -> Schema:
        with named("partner"):
            partner = registers.jurisdiction(body.partner)
        asked = body.model_dump() | {"partner": partner}
        return Receipt(id=actions.record_campaign(**asked, by=by, at=at).pk)

    return write(request, key, body, work)


@router.get(
    "/campaigns",
    summary="List special campaigns",
    **reads("operations:read", Permission.READ_INVESTIGATION, answer=Page[CampaignOut]),
)
def list_campaigns(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """The latest first."""
    return page(queries.campaigns(), after=after, limit=limit)
