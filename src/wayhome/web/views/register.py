"""Register a child that was just found."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import FacilityKind, Permission
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import queries as custody
from wayhome.casework.operations import queries as operations
from wayhome.web import bodymap, desk, names
from wayhome.web.forms.register import RegisterForm
from wayhome.web.pages import done, page
from wayhome.web.writing import carried_out


def register(request: HttpRequest) -> HttpResponse:
    """From nothing to a child with a custodian and a wristband."""
    by, at = desk.needs(request, Permission.REGISTER_CHILD), desk.moment(request)
    events = operations.rescue_events_of(by)
    posts = accounts.open_facilities().filter(agency_id=by.agency_id, kind=FacilityKind.POLICE_POST)
    in_sight = custody.visible_children(by, at=at).filter(call_name__in=names.CALL_NAMES)
    taken = set(in_sight.values_list("call_name", flat=True).distinct())
    free = names.free(taken)
    form = RegisterForm(
        request.POST or None, request.FILES or None, events=events, posts=posts, first_name=free[0], initial={"started_at": at}
    )
    if answer := carried_out(request, form, by, "take_into_care", lambda data: _take(data, by, at)):
        return done(
            request,
            _("The child is registered. Print the wristband and put it on now."),
            "wristband",
            number=answer["number"],
        )
    return page(request, "register", form, names=free, front=bodymap.front(), back=bodymap.back(), events=events, posts=posts)


def _take(data: dict[str, Any], by: Any, at: Any) -> dict[str, Any]:
    items = [line.strip() for line in data["items"].splitlines() if line.strip()]
    condition = data["condition"] + (_(" · sedation suspected") if data["sedation"] else "")
    intake = custody_actions.Intake(
        event=data["event"],
        post=data["post"],
        sex=data["sex"],
        call_name=data["call_name"],
        started_at=data["started_at"],
        condition=condition[:200],
        number=data["number"],
        age=(data["least_days"], data["most_days"], data["method"]),
        marks=data["marks"],
        items=tuple(items),
        photo=data["photo"].read() if data["photo"] else None,
    )
    return {"number": custody_actions.take_into_care(intake=intake, by=by, at=at).number}
