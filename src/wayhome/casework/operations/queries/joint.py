"""Plans of joint operations, as the task force may know them, and campaigns, which everybody in the house may."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.operations.models import Campaign, JointPlan, Operation, PlanSite, PlanStep, Readiness
from wayhome.casework.operations.queries.board import board_of
from wayhome.casework.operations.queries.investigations import investigation_of, investigations_of


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with everything about it.

    Parameters
    ----------
    steps : by name, those that were taken. `state` is the last of them.
    sites : each that stands, with what was last said of it, or None.
    waiting : sites that neither go nor are called off.
    """

    plan: JointPlan
    steps: Mapping[str, PlanStep]
    sites: list[tuple[PlanSite, Readiness | None]]

    @property
    def state(self) -> str:
        """Where it stands."""
        return list(self.steps)[-1] if self.steps else "drafted"

    @property
    def waiting(self) -> list[PlanSite]:
        """Sites that hold up the launch."""
        return [site for site, last in self.sites if last is None or last.word == "no_go"]

    @property
    def going(self) -> int:
        """Sites that go."""
        return sum(last is not None and last.word == "go" for _site, last in self.sites)

    @property
    def officers(self) -> int:
        """Planned at all sites that are not called off."""
        return sum(site.officers for site, last in self.sites if last is None or last.word != "off")

    @property
    def digest(self) -> str:
        """Of what somebody approves: another one once anything in it is changed."""
        plan = self.plan
        told = [plan.pk, plan.code, plan.title, plan.zero_hour.isoformat(), plan.time_zone, plan.jurisdiction_id]
        sites = [
            [one.pk, one.jurisdiction_id, one.place, one.leader_id, one.officers, *(["alone"] if one.alone else [])]
            for one, _last in self.sites
        ]
        return hashlib.sha256(json.dumps([told, sites], ensure_ascii=False).encode()).hexdigest()


def plans_of(by: Actor, investigation_id: int) -> QuerySet[Any]:
    """Plans within an investigation, the latest first, each with its `state`."""
    return _told().filter(investigation=investigation_of(by, investigation_id)).order_by("-zero_hour", "pk")


def plan_of(by: Actor, plan_id: int) -> JointPlan:
    """One in an investigation to whose task force the actor belongs; NotFound otherwise."""
    found: JointPlan | None = _told().filter(investigation__in=investigations_of(by).order_by().values("pk"), pk=plan_id).first()
    if found is None:
        raise NotFound(plan=plan_id)
    return found


def site_of(by: Actor, site_id: int) -> PlanSite:
    """A site of such a plan."""
    found = (
        PlanSite.objects.filter(plan__investigation__in=investigations_of(by).order_by().values("pk"), pk=site_id)
        .select_related("plan__investigation", "jurisdiction", "leader__agency")
        .first()
    )
    if found is None:
        raise NotFound(site=site_id)
    return found


@dataclass(frozen=True, slots=True)
class LedSite:
    """What a leader knows of a plan: the own site with what was last said of it, the hour, and how far the plan is."""

    site: PlanSite
    last: Readiness | None
    state: str

    @property
    def zero_hour(self) -> datetime:
        """When it begins."""
        return self.site.plan.zero_hour

    @property
    def time_zone(self) -> str:
        """In which that is told."""
        return self.site.plan.time_zone


def sites_led(by: Actor) -> QuerySet[Any]:
    """Sites that an actor leads, of plans that were approved and are not over, those first whose hour is next; each with its
    plan's `state`. Whoever leads one as a member of the task force does so while they belong to it."""
    mine = Q(alone=True) | Q(plan__investigation__in=investigations_of(by).order_by().values("pk"))
    last = PlanStep.objects.filter(plan=OuterRef("plan")).order_by("-pk").values("step")[:1]
    return (
        PlanSite.objects.filter(mine, leader=by.staff_id, replaced__isnull=True)
        .annotate(state=Subquery(last))
        .filter(state__in=("approved", "sealed", "launched"))
        .select_related("plan", "jurisdiction")
        .order_by("plan__zero_hour", "pk")
    )


def led_site_of(by: Actor, site_id: int) -> LedSite:
    """One of them; NotFound otherwise, as if it were not there."""
    found = sites_led(by).filter(pk=site_id).first()
    if found is None:
        raise NotFound(site=site_id)
    return LedSite(found, Readiness.objects.filter(site=found).select_related("by").order_by("-pk").first(), found.state)


def spoken_for(by: Actor, site_id: int) -> PlanSite:
    """A site of which an actor may have a word to say: of a plan of the own task force, or the one that they lead."""
    if sites_led(by).filter(pk=site_id, alone=True).exists():
        return PlanSite.objects.select_related("plan__investigation", "jurisdiction", "leader__agency").get(pk=site_id)
    return site_of(by, site_id)


def planned(plan: JointPlan) -> Planned:
    """Everything about a plan that the actor was found to know of."""
    steps = {row.step: row for row in PlanStep.objects.filter(plan=plan).select_related("by", "operation").order_by("pk")}
    sites = list(
        PlanSite.objects.filter(plan=plan, replaced__isnull=True)
        .select_related("jurisdiction", "leader__agency")
        .order_by("jurisdiction__path", "pk")
    )
    last = {row.site_id: row for row in Readiness.objects.filter(site__in=sites).select_related("by").order_by("pk")}
    return Planned(plan, steps, [(site, last.get(site.pk)) for site in sites])


def counted(told: Planned, operation: Operation) -> dict[str, Any]:
    """What came of it, counted from the records as the board counts them."""
    found = board_of(operation)
    return {
        "sites": len(told.sites),
        "called_off": len(told.sites) - told.going,
        "planned": told.officers,
        **_figures(found.national),
        "provinces": [{"code": place.code, **_figures(row)} for place, row in found.provinces],
    }


def _figures(row: Any) -> dict[str, Any]:
    return {
        "officers": row.officers,
        "arrests": row.arrests,
        "rescues": row.rescues,
        "seized": [[one.kind, one.unit, str(one.amount)] for one in row.seized],
    }


def campaigns() -> QuerySet[Campaign]:
    """Those that were not corrected since, the latest first."""
    return Campaign.objects.filter(replaced__isnull=True).select_related("partner", "by").order_by("-starts", "-pk")


def campaigns_of(operation: Operation, *, at: datetime) -> list[tuple[Campaign, int]]:
    """Campaigns during which an operation began, each with the days until it ends; negative once it has."""
    zone = ZoneInfo(operation.time_zone)
    on = operation.zero_hour.astimezone(zone).date()
    today: date = at.astimezone(zone).date()
    found = campaigns().filter(starts__lte=on, ends__gte=on).order_by("ends", "pk")
    return [(one, (one.ends - today).days) for one in found]


def _told() -> QuerySet[Any]:
    last = PlanStep.objects.filter(plan=OuterRef("pk")).order_by("-pk").values("step")[:1]
    return JointPlan.objects.annotate(state=Coalesce(Subquery(last), Value("drafted"))).select_related(
        "investigation", "jurisdiction", "by"
    )
