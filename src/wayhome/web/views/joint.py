"""Joint operations: there for the task force alone until they are launched. And special campaigns."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.operations import actions, queries
from wayhome.casework.operations.queries.investigations import is_member, task_force
from wayhome.casework.operations.queries.joint import counted, led_site_of, plan_of, planned, spoken_for
from wayhome.casework.operations.rules import ON_SITE, STEPS, ZONES
from wayhome.web import desk
from wayhome.web.forms.base import DeskForm
from wayhome.web.forms.joint import (
    ApprovePlanForm,
    CampaignForm,
    LaunchForm,
    PlanForm,
    ReadinessForm,
    ReviewForm,
    SealForm,
    SiteForm,
    StandDownForm,
)
from wayhome.web.pages import done, number_of, page
from wayhome.web.recognise import at_work
from wayhome.web.views.investigations import of_investigation
from wayhome.web.writing import carried_out, sent


def draft_plan(request: HttpRequest, number: str) -> HttpResponse:
    """A lead plans a joint operation."""
    form = PlanForm(sent(request), jurisdictions=accounts.jurisdictions())
    return of_investigation(
        request,
        number,
        form,
        action="draft_plan",
        work=lambda found, data, **who: actions.draft_plan(investigation=found, **data, **who),
        said=_("Drafted. Plan its sites now; a supervisor of the ministry approves it after that."),
        title=_("Plan a joint operation"),
        lead=_("Nobody outside the task force learns of it before its launch."),
    )


def joint_plan(request: HttpRequest, number: str) -> HttpResponse:
    """Where it stands, its zero hour in both times, and its sites; the look is an event of the audit."""
    by, at = desk.needs(request, Permission.READ_INVESTIGATION), desk.moment(request)
    plan = plan_of(by, number_of(number))
    actions.read_investigation(investigation_id=plan.investigation_id, by=by, at=at)
    return _plan_page(request, plan, by)


def _plan_page(request: HttpRequest, plan: Any, by: Actor, form: DeskForm | None = None) -> HttpResponse:
    told = planned(plan)
    launched, reviewed = told.steps.get("launched"), told.steps.get("reviewed")
    zones = dict.fromkeys((plan.time_zone, *ZONES))
    figures = json.loads(reviewed.figures) if reviewed else None
    now = counted(told, launched.operation) if reviewed and launched and launched.operation else None
    return page(
        request,
        "joint_plan",
        form,
        plan=plan,
        told=told,
        zones=[(zone, f"{plan.zero_hour.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}") for zone in zones],
        steps=[("drafted", plan), *((step, told.steps.get(step)) for step in STEPS)],
        figures=figures,
        changed=now if now != figures else None,
        board=_board(by, launched.operation) if launched else None,
        leads=is_member(by, plan.investigation_id, "lead"),
        approves=may(by.role, Permission.DIRECT_OPERATION) and told.state == "drafted" and bool(told.sites),
        mine=by.staff_id,
    )


def _board(by: Actor, operation: Any) -> int | None:
    """Where the reader finds its board: an operation may concern others than those who planned it."""
    return operation.pk if queries.operations_of(by).filter(pk=operation.pk).exists() else None


def add_site(request: HttpRequest, number: str) -> HttpResponse:
    """One place; with `?replaces`, another in the place of one."""
    by = desk.needs(request, Permission.RECORD_OPERATION)
    plan = plan_of(by, number_of(number))
    replaces = next((one for one, _last in planned(plan).sites if str(one.pk) == request.GET.get("replaces")), None)
    leaders = {
        row.staff.number: row.staff for row in task_force(by, plan.investigation_id) if row.now and row.function != "supervisor"
    }
    initial = {}
    if replaces is not None:
        initial = {"jurisdiction": replaces.jurisdiction_id, "place": replaces.place}
        initial["outside" if replaces.alone else "leader"] = replaces.leader.number
        initial["officers"] = replaces.officers
    form = SiteForm(
        sent(request),
        jurisdictions=accounts.jurisdictions(),
        leaders=leaders.values(),
        initial=initial,
    )

    def work(data: dict[str, Any], **who: Any) -> Any:
        outside = data.pop("outside").strip()
        leader = at_work(outside, field="outside") if outside else leaders[data["leader"]]
        return actions.add_site(plan=plan, replaces=replaces, **data | {"leader": leader, "alone": bool(outside)}, **who)

    return of_plan(
        request,
        plan,
        form,
        action="add_site",
        work=work,
        said=_("The site is planned."),
        title=_("Change the site") if replaces else _("Plan a site"),
    )


def report_readiness(request: HttpRequest, site_id: int) -> HttpResponse:
    """On the spot: what is there, and whether the site goes."""
    by, at = desk.needs(request, Permission.RECORD_OPERATION), desk.moment(request)
    site = spoken_for(by, site_id)
    if not is_member(by, site.plan.investigation_id):
        return _own_site(request, site, by, at)
    told = planned(site.plan)
    if site not in [one for one, _last in told.sites]:
        raise NotFound(site=site_id)
    last = next(last for one, last in told.sites if one == site)
    leads = is_member(by, site.plan.investigation_id, "lead")
    initial = {what: getattr(last, what) for what in ON_SITE} if last else {}
    form = ReadinessForm(sent(request), leads=leads, initial=initial)
    return of_plan(
        request,
        site.plan,
        form,
        action="report_readiness",
        work=lambda data, **who: actions.report_readiness(site=site, **data, **who),
        said=_("Told. The newest word counts."),
        title=site.place,
        template="readiness",
        site=site,
        last=last,
        state=told.state,
    )


def led_site(request: HttpRequest, site_id: int) -> HttpResponse:
    """The site that one leads, and the hour; nothing else of the plan. The look is an event of the audit."""
    by, at = desk.needs(request, Permission.READ_INVESTIGATION), desk.moment(request)
    told = actions.read_site(site_id=site_id, by=by, at=at)
    zones = dict.fromkeys((told.time_zone, *ZONES))
    return page(
        request,
        "led_site",
        told=told,
        zones=[(zone, f"{told.zero_hour.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}") for zone in zones],
    )


def _own_site(request: HttpRequest, site: Any, by: Actor, at: datetime) -> HttpResponse:
    """The word of a leader who is told of the own site alone."""
    told = led_site_of(by, site.pk)
    initial = {what: getattr(told.last, what) for what in ON_SITE} if told.last else {}
    form = ReadinessForm(sent(request), leads=False, initial=initial)

    def work(data: dict[str, Any]) -> Any:
        return actions.report_readiness(site=site, **data, by=by, at=at)

    if carried_out(request, form, by, "report_readiness", work):
        return done(request, _("Told. The newest word counts."), "led_site", site_id=site.pk)
    back = reverse("led_site", args=[site.pk])
    return page(request, "readiness", form, title=site.place, back=back, site=site, last=told.last, state=told.state, alone=True)


def approve_plan(request: HttpRequest, number: str) -> HttpResponse:
    """A supervisor of the ministry signs what they read here."""
    by, at = desk.needs(request, Permission.DIRECT_OPERATION), desk.moment(request)
    plan = plan_of(by, number_of(number))
    form = ApprovePlanForm(sent(request), initial={"digest": planned(plan).digest})

    def work(data: dict[str, Any]) -> Any:
        return actions.approve_plan(plan=plan, digest=data["digest"], by=by, at=at)

    if carried_out(request, form, by, "approve_plan", work):
        return done(request, _("Approved. Nothing in it changes any more."), "joint_plan", number=plan.number)
    return _plan_page(request, plan, by, form)


def seal_plan(request: HttpRequest, number: str) -> HttpResponse:
    """All is prepared."""
    return _step(
        request,
        number,
        SealForm(sent(request)),
        actions.seal_plan,
        said=_("Sealed. Each site says on the spot whether it goes."),
        title=_("Seal the plan"),
        lead=_("Everything is prepared. From here on the leader of each site tells what is there and whether it goes."),
    )


def launch_plan(request: HttpRequest, number: str) -> HttpResponse:
    """It begins."""
    return _step(
        request,
        number,
        LaunchForm(sent(request)),
        actions.launch_plan,
        said=_("Launched. The operation is there for everybody whom it concerns, and its board is open."),
        title=_("Launch the operation"),
        lead=_("From now on others see the operation, by its code and title. The investigation they do not see."),
        warned=True,
    )


def stand_down_plan(request: HttpRequest, number: str) -> HttpResponse:
    """It is over."""
    return _step(
        request,
        number,
        StandDownForm(sent(request)),
        actions.stand_down_plan,
        said=_("Stood down. The report is written next."),
        title=_("Stand down"),
    )


def review_plan(request: HttpRequest, number: str) -> HttpResponse:
    """The report after the action."""
    return _step(
        request,
        number,
        ReviewForm(sent(request)),
        actions.review_plan,
        said=_("The report is signed, with the figures as the records tell them now."),
        title=_("Report after the action"),
        lead=_("Figures are counted from the records at this moment, never typed. Write what they do not say."),
    )


def _step(
    request: HttpRequest, number: str, form: DeskForm, action: Callable[..., Any], *, said: str, title: str, **more: Any
) -> HttpResponse:
    plan = plan_of(desk.needs(request, Permission.RECORD_OPERATION), number_of(number))
    return of_plan(
        request,
        plan,
        form,
        action=action.__name__,
        work=lambda data, **who: action(plan=plan, **data, **who),
        said=said,
        title=title,
        **more,
    )


def of_plan(
    request: HttpRequest,
    plan: Any,
    form: DeskForm,
    *,
    action: str,
    work: Callable[..., Any],
    said: str,
    title: str,
    lead: str = "",
    template: str = "act",
    **more: Any,
) -> HttpResponse:
    """A form about a plan of the actor's task force; from it, back to the plan."""
    by, at = desk.needs(request, Permission.RECORD_OPERATION), desk.moment(request)
    if carried_out(request, form, by, action, lambda data: work(data, by=by, at=at)):
        return done(request, said, "joint_plan", number=plan.number)
    back = reverse("joint_plan", args=[plan.number])
    lead = lead or f"{plan.code} · {plan.title}"
    return page(request, template, form, title=title, lead=lead, at=at, back=back, plan=plan, **more)


def campaigns(request: HttpRequest) -> HttpResponse:
    """All special campaigns, the latest first."""
    by = desk.needs(request, Permission.READ_INVESTIGATION)
    return page(request, "campaigns", rows=queries.campaigns(), records=may(by.role, Permission.DIRECT_OPERATION))


def record_campaign(request: HttpRequest) -> HttpResponse:
    """A special campaign; with `?replaces`, a correction of one."""
    by, at = desk.needs(request, Permission.DIRECT_OPERATION), desk.moment(request)
    replaces = next((one for one in queries.campaigns() if str(one.pk) == request.GET.get("replaces")), None)
    initial = {}
    if replaces is not None:
        initial = {name: getattr(replaces, name) for name in ("name", "starts", "ends")} | {"partner": replaces.partner_id}
    partners = accounts.jurisdictions().filter(kind="country")
    form = CampaignForm(sent(request), partners=partners, initial=initial)

    def work(data: dict[str, Any]) -> Any:
        return actions.record_campaign(**data, replaces=replaces, by=by, at=at)

    if carried_out(request, form, by, "record_campaign", work):
        return done(request, _("The campaign is recorded."), "campaigns")
    title = _("Correct the campaign") if replaces else _("Record a special campaign")
    return page(request, "act", form, title=title, at=at, back=reverse("campaigns"))
