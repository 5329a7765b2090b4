"""How long clocks run: what was agreed upon, a proposal, another's agreement."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.overview.actions import limits as actions
from wayhome.casework.overview.queries import limits as queries
from wayhome.casework.overview.rules.clocks import LIMITED, RUNS
from wayhome.web import desk
from wayhome.web.forms.limits import ApproveLimitForm, SetLimitForm
from wayhome.web.pages import done, page
from wayhome.web.writing import carried_out, sent

MOST = 200


def limits(request: HttpRequest) -> HttpResponse:
    """How long each clock runs today, and everything that was said of it."""
    by, at = desk.needs(request, Permission.SET_LIMIT), desk.moment(request)
    runs = queries.runs(by, at=at)
    told = [(kind, runs[kind], RUNS[kind], kind in LIMITED) for kind in RUNS]
    rows = [(one, getattr(one, "approval", None)) for one in queries.limits_of(by)[:MOST]]
    return page(request, "limits", told=told, rows=rows, mine=by.staff_id, at=at)


def set_limit(request: HttpRequest) -> HttpResponse:
    """A clock is to run for fewer hours."""
    by, at = desk.needs(request, Permission.SET_LIMIT), desk.moment(request)
    form = SetLimitForm(sent(request), initial={"since": timezone.localtime(at).date()})
    if carried_out(request, form, by, "set_limit", lambda data: actions.set_limit(**data, by=by, at=at)):
        return done(request, _("Proposed. It counts when another supervisor has agreed."), "limits")
    return page(
        request,
        "act",
        form,
        title=_("Make a limit shorter"),
        lead=_("A house may be stricter than the law, and never laxer: as many hours as the law gives take it back."),
        back=reverse("limits"),
    )


def approve_limit(request: HttpRequest, limit_id: int) -> HttpResponse:
    """Another supervisor agrees to it."""
    by, at = desk.needs(request, Permission.APPROVE_LIMIT), desk.moment(request)
    found = queries.limit_of(by, limit_id)
    form = ApproveLimitForm(sent(request))
    if carried_out(request, form, by, "approve_limit", lambda _data: actions.approve_limit(limit=found, by=by, at=at)):
        return done(request, _("Agreed: it counts from its day on."), "limits")
    run, law = timedelta(hours=found.hours), RUNS[found.kind]
    return page(request, "approve_limit", form, limit=found, run=run, law=law, mine=found.by_id == by.staff_id)
