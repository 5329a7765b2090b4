"""The nightly head count: every child of a house seen, one tap each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import queries as custody
from wayhome.web import desk
from wayhome.web.forms.base import DeskForm
from wayhome.web.pages import done, existing, page
from wayhome.web.writing import sent, submit

_MORNING = timedelta(hours=12)
"""A night begins at noon: what is counted at two in the morning belongs to the evening before."""


def heads(request: HttpRequest) -> HttpResponse:
    """The houses of the actor's agency, and how far each is tonight."""
    by, at = desk.needs(request, Permission.COUNT_HEADS), desk.moment(request)
    mine = accounts.open_facilities().filter(agency_id=by.agency_id)
    progress = custody.head_counts([facility.pk for facility in mine], _night(at))
    rows = [(facility, *progress[facility.pk]) for facility in mine]
    if len(rows) == 1:
        return redirect("count", facility_id=rows[0][0].pk)
    return page(request, "heads", rows=rows, at=at, night=_night(at))


def count(request: HttpRequest, facility_id: int) -> HttpResponse:
    """Every child of one house."""
    by, at = desk.needs(request, Permission.COUNT_HEADS), desk.moment(request)
    facility = existing(accounts.open_facilities().filter(agency_id=by.agency_id, pk=facility_id).first(), facility=facility_id)
    present = list(custody.children_at(facility_id))
    form = DeskForm(sent(request))
    if request.method == "POST":
        typed, _sep, word = request.POST.get("seen", "").partition(":")
        child = next((one.child for one in present if one.child.number == typed), None)
        if child is None or word not in ("yes", "no"):
            raise NotFound(facility=facility_id)
        form.is_valid()
        if (
            submit(request, form, by=by, action="count_head", work=lambda: _counted(facility, child, word == "yes", by, at))
            is not None
        ):
            if word == "no":
                return done(
                    request,
                    _("Not seen: those above are alarmed. If the child is gone, report it missing."),
                    "count",
                    facility_id=facility_id,
                )
            return redirect("count", facility_id=facility_id)
    entries = custody.seen_on(facility_id, _night(at))
    rows = [(one, entries.get(one.child_id)) for one in present]
    rows.sort(key=lambda row: row[1] is not None)
    seen = sum(1 for _one, entry in rows if entry is not None and entry.seen)
    return page(request, "count", form, facility=facility, rows=rows, seen=seen, at=at, night=_night(at))


def _counted(facility: Any, child: Any, seen: bool, by: Actor, at: datetime) -> dict[str, int]:
    return {"id": custody_actions.count_head(facility=facility, night=_night(at), child=child, seen=seen, by=by, at=at).pk}


def _night(at: datetime) -> Any:
    return (timezone.localtime(at) - _MORNING).date()
