"""The ministry's desk: where children are, where the time goes, what ran out; and all clocks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from wayhome.api.calls import Body, Id, Key, Receipt, actor, asks, reads, write
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.overview.actions import limits as limit_actions
from wayhome.casework.overview.queries import clocks as clock_queries
from wayhome.casework.overview.queries import desk as queries
from wayhome.casework.overview.queries import limits as limit_queries

router = Router()
KindOfClock = Literal["", "hospital", "offer", "placement", "relief_station", "one_month", "twelve_months", "visit", "kit"]
KindOfLimit = Literal[
    "hospital",
    "offer",
    "placement",
    "relief_station",
    "answer",
    "kit_posted",
    "kit_delivered",
    "kit_taken",
    "kit_sent",
]
Step = Literal["", "cleared", "placed", "sampled", "profiled", "candidate", "confirmed", "release", "home"]
KindOfCustody = Literal[
    "",
    "police",
    "hospital",
    "emergency_nursery",
    "relief_station",
    "welfare_institution",
    "foster",
    "deceased",
    "reunified",
    "repatriated",
]


class PlaceOut(Schema):
    """Children rescued in a province."""

    province: str = Field(description="Code of the province.")
    children: dict[str, int] = Field(description="How many, by the kind of custody that they are in now.")


class StepOut(Schema):
    """A step on the way home."""

    step: str = Field(description="Which.")
    came: int = Field(description="Children who came to it.")
    median_days: float | None = Field(description="Days that half of these waited for it, once all before it was done.")
    quarter_days: float | None = Field(description="The same of a quarter.")
    three_quarters_days: float | None = Field(description="The same of three quarters.")
    waiting: int = Field(description="Children for whom it is the next.")
    longest_days: float | None = Field(description="Days for which the first of these has waited.")


class ShortOut(Schema):
    """What places are short of, by the last plan."""

    waiting: int = Field(description="Children who are cleared and have no place.")
    plan: int | None = Field(description="Number of the plan.")
    provinces: dict[str, dict[str, int]] = Field(description="By code of the province: beds, carers, yuan.")


class SearchesOut(Schema):
    """What awaits a search, and how many matches by chance the searches may have brought."""

    children: int = Field(description="Children that await a search.")
    families: int = Field(description="Families that await one.")
    oldest: datetime | None = Field(description="Since when the first waits.")
    last: datetime | None = Field(description="When something was searched last.")
    families_in_base: int = Field(description="Size of the base.")
    searches: int = Field(description="Searches of the last two years.")
    leads_by_chance: float = Field(description="Leads by chance to be expected among them, at most.")
    reports_by_chance: float = Field(description="Reports by chance to be expected, at most.")
    lead_log10_lr: float = Field(description="From which log10 LR a match is a lead.")
    report_log10_lr: float = Field(description="From which it is a report.")
    leads: int = Field(description="Candidates proposed.")
    refuted: int = Field(description="Candidates that second samples spoke against.")


class DeskOut(Schema):
    """The ministry's desk."""

    places: list[PlaceOut] = Field(description="Provinces, those with most children first.")
    steps: list[StepOut] = Field(description="Where the time goes, of children rescued within two years.")
    counted: int = Field(description="Of how many.")
    overdue: dict[str, int] = Field(description="Clocks that ran out, by kind.")
    short: ShortOut = Field(description="What places are short of.")
    searches: SearchesOut = Field(description="Searches.")


class ThereOut(Schema):
    """A child behind a number of the desk."""

    number: str = Field(description="Number of the child.")
    kind: str = Field(description="Kind of custody.")
    facility: str = Field(description="Code of the place.")
    rescued_in: str = Field(description="Code of the jurisdiction of the rescue.")
    since: datetime = Field(description="Since when it is there, or waits for the step.")


class ThoseOut(Schema):
    """Children, those first who wait longest."""

    items: list[ThereOut] = Field(description="Each child.")


class ClockOut(Schema):
    """Something that is due."""

    kind: str = Field(description="Which clock.")
    child: str | None = Field(description="Number of the child; none for a kit.")
    kit: str | None = Field(description="Number of the kit; none for a child.")
    agency: str = Field(description="Name of the agency whose it is.")
    day: int = Field(description="Which visit; 0 for other clocks.")
    since: datetime = Field(description="Since when it runs.")
    due: datetime = Field(description="When it runs out.")
    overdue: bool = Field(description="Whether it did.")
    act_by: date | None = Field(description="The last working day before, where an office has to act and the day itself is none.")
    calendar_missing: int | None = Field(description="The year whose calendar is missing, so that nobody can say.")


class ClocksOut(Schema):
    """Clocks, the soonest first."""

    items: list[ClockOut] = Field(description="Each clock.")
    overdue: dict[str, int] = Field(description="How many ran out, by kind; those that are not among the items too.")
    more: int = Field(description="Clocks that ran out and are not among the items.")


@router.get("/ministry", summary="Read the ministry's desk", **reads("desk:read", Permission.READ_DESK, answer=DeskOut))
def read_desk(request: HttpRequest) -> Any:
    """What a supervisor looks at, of the jurisdiction that they oversee."""
    told = queries.desk(actor(request), at=timezone.now())
    found, budget = told.searches, told.searches.budget
    return {
        "places": [{"province": place.code, "children": dict(counts)} for place, counts in told.places],
        "steps": [
            {
                "step": one.step,
                "came": one.done,
                "median_days": one.median,
                "quarter_days": one.quarter,
                "three_quarters_days": one.three_quarters,
                "waiting": one.waiting,
                "longest_days": one.longest,
            }
            for one in told.steps
        ],
        "counted": told.counted,
        "overdue": dict(told.overdue),
        "short": {
            "waiting": told.short.waiting,
            "plan": told.short.plan.pk if told.short.plan else None,
            "provinces": told.short.provinces,
        },
        "searches": {
            "families_in_base": budget.families,
            "leads_by_chance": budget.leads,
            "reports_by_chance": budget.reports,
            **{name: getattr(budget, name) for name in ("searches", "lead_log10_lr", "report_log10_lr")},
            **{name: getattr(found, name) for name in ("children", "families", "oldest", "last", "leads", "refuted")},
        },
    }


@router.get(
    "/ministry/children",
    summary="List the children behind a number of the desk",
    **reads("desk:read", Permission.READ_DESK, answer=ThoseOut),
)
def list_children(
    request: HttpRequest,
    kind: Annotated[KindOfCustody, Query(title="Kind", description="Kind of custody; all if empty.")] = "",
    province: Annotated[
        str, Query(title="Province", description="Code of the province; all if empty.", max_length=30, pattern=r"^[^\x00]*$")
    ] = "",
    step: Annotated[Step, Query(title="Step", description="Only those who wait for it; all if empty.")] = "",
) -> Any:
    """Five hundred at the most."""
    rows = queries.children_at(actor(request), at=timezone.now(), kind=kind, province=province, step=step)
    return {
        "items": [
            {
                "number": episode.child.number,
                "kind": episode.kind,
                "facility": episode.facility.code,
                "rescued_in": episode.child.event.jurisdiction.code,
                "since": since,
            }
            for episode, since in rows
        ]
    }


@router.get("/clocks", summary="List clocks", **reads("desk:read", Permission.READ_CHILD, answer=ClocksOut))
def list_clocks(
    request: HttpRequest,
    kind: Annotated[KindOfClock, Query(title="Kind", description="Which clock; all if empty.")] = "",
) -> Any:
    """What is due within thirty days for the caller's agency, or below what the caller oversees."""
    at = timezone.now()
    told = clock_queries.clocks(actor(request), at=at, kind=kind)
    return {
        "items": [
            {
                "kind": one.kind,
                "child": None if child is None else child.number,
                "kit": one.page if one.kind == "kit" else None,
                "agency": one.agency_name,
                "day": one.day,
                "since": one.since,
                "due": one.due,
                "overdue": one.overdue(at),
                "act_by": one.act_by,
                "calendar_missing": one.missing or None,
            }
            for one, child in told.rows
        ],
        "overdue": dict(told.overdue),
        "more": told.more,
    }


class LimitIn(Body):
    """For how long a clock is to run: no longer than the law lets it."""

    kind: KindOfLimit = Field(description="Which clock.")
    hours: int = Field(description="For how many hours.", ge=1, le=10_000)
    since: date = Field(description="From which day on, today or later.")
    reason: str = Field(description="Why.", min_length=1, max_length=300)


class LimitOut(Schema):
    """What was said of a limit."""

    id: int = Field(description="Number of the limit.")
    kind: str = Field(description="Which clock.")
    hours: int = Field(description="For how many hours.")
    since: date = Field(description="From which day on.")
    reason: str = Field(description="Why.")
    by: str = Field(description="Who proposed it.")
    approved: bool = Field(description="Whether another supervisor agreed: it counts then alone.")


class LimitsOut(Schema):
    """Limits, the last first, and for how long each clock runs today."""

    items: list[LimitOut] = Field(description="Each limit.")
    hours: dict[str, float] = Field(description="By clock.")


@router.get("/clock-limits", summary="List limits of clocks", **reads("desk:read", Permission.SET_LIMIT, answer=LimitsOut))
def list_limits(request: HttpRequest) -> Any:
    """Two hundred at the most."""
    by = actor(request)
    rows = limit_queries.limits_of(by)[:200]
    return {
        "items": [
            {
                "id": one.pk,
                "by": one.by.name,
                "approved": getattr(one, "approval", None) is not None,
                **{name: getattr(one, name) for name in ("kind", "hours", "since", "reason")},
            }
            for one in rows
        ],
        "hours": {kind: run / timedelta(hours=1) for kind, run in limit_queries.runs(by, at=timezone.now()).items()},
    }


@router.post("/clock-limits", summary="Propose a limit", **asks("desk:write", Permission.SET_LIMIT))
def set_limit(request: HttpRequest, body: LimitIn, key: Key = "") -> Any:
    """It counts when another supervisor has agreed."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=limit_actions.set_limit(**body.model_dump(), by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/clock-limits/{id}/approval", summary="Agree to a limit", **asks("desk:write", Permission.APPROVE_LIMIT))
def approve_limit(request: HttpRequest, id: Id, key: Key = "") -> Any:  # noqa: A002
    """Another supervisor agrees to it."""

    def work(by: Actor, at: datetime) -> Schema:
        found = limit_queries.limit_of(by, id)
        return Receipt(id=limit_actions.approve_limit(limit=found, by=by, at=at).pk)

    return write(request, key, {}, work)
