"""What a home can take tonight: told in seconds, trusted for a day; and more than that, if two others agree."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.placements import actions, known
from wayhome.web import desk
from wayhome.web.forms.placements import ApproveSurgeForm, CapacityForm, SurgeForm
from wayhome.web.pages import done, existing, page
from wayhome.web.writing import carried_out, sent

_FIELDS = (*CapacityForm.COUNTS, *CapacityForm.MONEY)
_FIRST = {"level": 0, "children_per_carer": 6}
_USUAL_SURGE = timedelta(hours=48)


def capacity(request: HttpRequest) -> HttpResponse:
    """The homes of the actor's agency, and when each last told."""
    by, at = desk.needs(request, Permission.REPORT_CAPACITY), desk.moment(request)
    rows = known.told(list(known.own_homes(by)), at=at)
    if len(rows) == 1:
        return redirect("home_capacity", facility_id=rows[0].home.pk)
    return page(request, "capacity", rows=rows, at=at)


def home_capacity(request: HttpRequest, facility_id: int) -> HttpResponse:
    """One home: what it told, how many more can come, and the form to tell anew, filled in as it was."""
    by, at = desk.needs(request, Permission.READ_CAPACITY), desk.moment(request)
    place = _open_to(facility_id, by)
    (told,) = known.told([place], at=at)
    mine = place.agency_id == by.agency_id and may(by.role, Permission.REPORT_CAPACITY)
    last = {name: getattr(told.report, name) for name in _FIELDS} if told.report else _FIRST
    form = CapacityForm(sent(request), initial=last) if mine else None

    def work(data: dict[str, Any]) -> Any:
        told: dict[str, Any] = {name: value or 0 for name, value in data.items()}
        return actions.report_capacity(facility=place, by=by, at=at, **told)

    if form is not None and carried_out(request, form, by, "report_capacity", work):
        return done(request, _("Reported. It is trusted until tomorrow at this hour."), "home_capacity", facility_id=place.pk)
    return page(
        request,
        "home_capacity",
        form,
        told=told,
        mine=mine,
        surges=known.surges([place], at=at),
        funding=known.pays_on(place, timezone.localtime(at).date()),
        at=at,
    )


def ask_surge(request: HttpRequest, facility_id: int) -> HttpResponse:
    """Ask to take more children than there are cots or carers for."""
    by, at = desk.needs(request, Permission.REPORT_CAPACITY), desk.moment(request)
    place = existing(known.own_homes(by).filter(pk=facility_id).first(), facility=facility_id)
    form = SurgeForm(sent(request), initial={"until": timezone.localtime(at + _USUAL_SURGE), "beds": 0, "carers": 0})
    if carried_out(request, form, by, "ask_surge", lambda data: _asked(place, data, by, at)):
        said = _("Asked. It counts when two other organisations have agreed.")
        return done(request, said, "home_capacity", facility_id=place.pk)
    return page(
        request,
        "act",
        form,
        title=_("Ask to take more children"),
        lead=_("%(place)s: two other organisations must agree before anybody can come on the strength of it.")
        % {"place": place.name},
        back=reverse("home_capacity", args=[place.pk]),
        beside="web/home_now.html",
        told=known.told([place], at=at)[0],
    )


def approve_surge(request: HttpRequest, surge_id: int) -> HttpResponse:
    """Another organisation agrees, or not yet."""
    by, at = desk.needs(request, Permission.APPROVE_SURGE), desk.moment(request)
    surge = known.surge(surge_id, by=by)
    form = ApproveSurgeForm(sent(request))
    if carried_out(request, form, by, "approve_surge", lambda _data: actions.approve_surge(surge=surge, by=by, at=at)):
        return done(request, _("Agreed for your organisation."), "today")
    (told,) = known.told([surge.facility], at=at)
    return page(request, "approve_surge", form, surge=surge, told=told, approvals=known.surge_approvals(surge), at=at)


def _open_to(facility_id: int, by: Actor) -> Any:
    place = known.homes_of(by).filter(pk=facility_id).first()
    if place is None or not known.keeps_books(place, by=by):
        raise NotFound(facility=facility_id)
    return place


def _asked(place: Any, data: dict[str, Any], by: Actor, at: datetime) -> dict[str, int]:
    return {"id": actions.ask_surge(facility=place, by=by, at=at, **data).pk}
