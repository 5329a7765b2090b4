"""A plan for a night: who goes where and why not nearer, who stays, what is missing; and the homes asked for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.placements import actions, known, queries
from wayhome.casework.placements.barred import barred
from wayhome.web import clock, desk
from wayhome.web.forms.placements import CancelPlanForm, PlanForm, ProposePlanForm
from wayhome.web.pages import done, page
from wayhome.web.views.placements import USUAL_NIGHTS
from wayhome.web.writing import carried_out, sent

LOOKS_FOR = timedelta(minutes=10)
"""How long a page looks by itself: not for ever, for looking keeps a session open."""
NO_WORKER = timedelta(seconds=30)
"""After which a job that nobody took up says so."""


def make_plan(request: HttpRequest) -> HttpResponse:
    """For everybody who waits below the actor's jurisdiction. It moves nobody."""
    by, at = desk.needs(request, Permission.PLAN_NIGHT), desk.moment(request)
    form = PlanForm(sent(request), initial={"nights": USUAL_NIGHTS})
    if answer := carried_out(request, form, by, "plan_night", lambda data: _wanted(data["nights"], by, at)):
        job = known.job(answer["job"], by=by)
        actions.work_at_once(job=job, clock=clock.now)
        return _on(request, known.progress(known.job(job.pk, by=by)))
    return page(
        request,
        "act",
        form,
        title=_("Make a plan"),
        lead=_("For every child who waits in your jurisdiction. It moves nobody and asks nobody: you do that afterwards."),
    )


def plan_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far a plan is that is made in the background; the plan itself once it is there. With `?state`, one word of it."""
    by, at = desk.needs(request, Permission.PLAN_NIGHT), desk.moment(request)
    told = known.progress(known.job(job_id, by=by))
    if "state" in request.GET:
        return HttpResponse(_word(told), content_type="text/plain; charset=utf-8")
    if told.plan_id:
        return _on(request, told)
    alive = told.state in ("waiting", "working")
    return page(
        request,
        "plan_job",
        told=told,
        state=_word(told),
        looks=alive and at - told.job.at <= LOOKS_FOR,
        alive=alive,
        left_lying=told.state == "waiting" and at - told.job.at > NO_WORKER,
        at=at,
    )


def cancel_plan(request: HttpRequest, job_id: int) -> HttpResponse:
    """Call a job off."""
    by, at = desk.needs(request, Permission.PLAN_NIGHT), desk.moment(request)
    job = known.job(job_id, by=by)
    form = CancelPlanForm(sent(request))
    if carried_out(request, form, by, "cancel_plan", lambda _data: actions.cancel_plan(job=job, by=by, at=at)):
        return done(request, _("Called off. Nobody was moved or asked."), "placements")
    lead = _("Nobody is moved or asked by it. You can ask for another plan at any time.")
    back = reverse("plan_job", args=[job.pk])
    return page(request, "act", form, title=_("Call this plan off"), lead=lead, back=back)


def night_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A plan, and the homes to be asked for it."""
    by, at = desk.needs(request, Permission.PLAN_NIGHT), desk.moment(request)
    plan = queries.plan(plan_id, by=by)
    form = ProposePlanForm(sent(request))
    hold = [int(one) for one in request.POST.getlist("hold") if one.isdecimal() and len(one) < 12]
    if answer := carried_out(request, form, by, "propose_plan", lambda _data: _asked(plan, hold, by, at)):
        said = _("Asked for %(count)d children. Who could not be asked for waits.") % {"count": len(answer["placements"])}
        return done(request, said, "night_plan", plan_id=plan.pk)
    return page(request, "night_plan", form, **_shown(plan, at), at=at)


def bill(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What is missing, province by province, on paper."""
    by, at = desk.needs(request, Permission.PLAN_NIGHT), desk.moment(request)
    return page(request, "bill", **_shown(queries.plan(plan_id, by=by), at), at=at)


def _wanted(nights: int, by: Actor, at: datetime) -> dict[str, int]:
    return {"job": actions.ask_plan(jurisdiction=queries.jurisdiction_of(by), nights=nights, by=by, at=at).pk}


def _on(request: HttpRequest, told: Any) -> HttpResponse:
    if told.plan_id:
        return done(request, _("Here is a plan. Nobody is asked yet."), "night_plan", plan_id=told.plan_id)
    return HttpResponseRedirect(reverse("plan_job", args=[told.job.pk]))


def _word(told: Any) -> str:
    """Changes whenever the page would."""
    return f"{told.state}:{told.step}"


def _asked(plan: Any, hold: list[int], by: Actor, at: datetime) -> dict[str, list[int]]:
    return {"placements": [one.pk for one in actions.propose_plan(plan=plan, hold=hold, by=by, at=at)]}


def _shown(plan: Any, at: datetime) -> dict[str, Any]:
    lines = known.lines(plan.pk)
    present = known.stays([line.child_id for line in lines])
    asked = known.asked_of(lines)
    against = {one.placement.pk: one for one in barred(asked.values(), at=at)}
    left = {line: against[one.pk] for line, one in asked.items() if one.pk in against}
    asked = {line: one for line, one in asked.items() if line not in left}
    missing = plan.result.bill
    places = known.provinces(missing["provinces"])
    homes = known.named([int(key) for key in missing["homes"]])
    bill = [
        (places.get(code), grant, [(homes[int(k)], one) for k, one in missing["homes"].items() if _of(homes.get(int(k)), code)])
        for code, grant in missing["provinces"].items()
    ]
    stays = [
        (line, present.get(line.child_id), missing["impossible"].get(str(line.child_id)))
        for line in lines
        if not line.facility_id
    ]
    return {
        "plan": plan,
        "placed": [
            (
                line,
                present.get(line.child_id),
                asked.get(line.pk),
                known.state(asked[line.pk]) if line.pk in asked else "",
                left.get(line.pk),
            )
            for line in lines
            if line.facility_id
        ],
        "stays": stays,
        "bill": bill,
        "hopeless": sum(1 for _line, _present, why in stays if why),
        "total": {key: sum(grant[key] for grant in missing["provinces"].values()) for key in ("beds", "carers", "yuan")},
        "tied": _tied(lines),
    }


def _of(home: Any, code: str) -> bool:
    return home is not None and f"/{code}/" in home.jurisdiction.path


def _tied(lines: list[Any]) -> set[int]:
    """Groups of siblings of whom there is more than one."""
    groups = [line.child.siblings_id for line in lines if line.child.siblings_id]
    return {group for group in groups if groups.count(group) > 1}
