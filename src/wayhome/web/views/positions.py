"""Where jurisdictions are: travel times and the map are reckoned from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.placements import actions, where
from wayhome.web import desk
from wayhome.web.forms.costs import PositionForm
from wayhome.web.pages import done, page
from wayhome.web.writing import carried_out, sent


def positions(request: HttpRequest) -> HttpResponse:
    """Jurisdictions with facilities, those first of which nobody told where they are."""
    by, at = desk.needs(request, Permission.PLAN_NIGHT), desk.moment(request)
    return page(request, "positions", places=where.places(by), at=at)


def position(request: HttpRequest, code: str) -> HttpResponse:
    """One of them: what was told, and the form to tell anew."""
    by, at = desk.needs(request, Permission.PLAN_NIGHT), desk.moment(request)
    place = where.place(code, by=by)
    initial = dict(zip(("latitude", "longitude"), place.own, strict=True)) if place.own else {}
    form = PositionForm(sent(request), initial=initial)
    if carried_out(request, form, by, "tell_position", lambda data: _told(place.jurisdiction, data, by, at)):
        return done(request, _("Noted. The next plan reckons its journeys from it."), "positions")
    return page(request, "position", form, place=place, history=where.history(place.jurisdiction), at=at)


def _told(jurisdiction: Any, data: dict[str, Any], by: Actor, at: datetime) -> dict[str, int]:
    return {"id": actions.tell_position(jurisdiction=jurisdiction, by=by, at=at, **data).pk}
