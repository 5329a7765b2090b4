"""The day of an operation: the board, and what a province reports for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.operations import actions, queries
from wayhome.web import desk
from wayhome.web.forms.base import DeskForm
from wayhome.web.forms.days import OfficersForm, SeizureForm
from wayhome.web.pages import done, page
from wayhome.web.writing import carried_out, sent

LOOKS_FOR = timedelta(hours=12)
"""How long after the last report a board still looks by itself: not for ever, for looking keeps a session open."""


def board(request: HttpRequest, operation_id: int) -> HttpResponse:
    """What has come in so far. With `?state`, one word of it, another whenever something came in."""
    by, at = desk.needs(request, Permission.READ_CHILD), desk.moment(request)
    # Before the board is counted: what comes in meanwhile opens the page again.
    state = queries.board_state(by, operation_id)
    if "state" in request.GET:
        return HttpResponse(state, content_type="text/plain; charset=utf-8")
    told = queries.board(by, operation_id)
    return page(
        request,
        "board",
        told=told,
        operation=told.operation,
        state=state,
        campaigns=queries.campaigns_of(told.operation, at=at),
        looks=at - max(told.latest or told.operation.zero_hour, told.operation.zero_hour) <= LOOKS_FOR,
        at=at,
    )


def report_officers(request: HttpRequest, operation_id: int) -> HttpResponse:
    """How many officers the actor's province has out."""
    by, at = desk.needs(request, Permission.RECORD_OPERATION), desk.moment(request)
    found = queries.operation_of(by, operation_id)
    form = OfficersForm(sent(request), initial={"counted_at": at})
    if carried_out(
        request, form, by, "report_officers", lambda data: actions.report_officers(operation=found, by=by, at=at, **data)
    ):
        return done(request, _("The number of officers is on the board."), "board", operation_id=found.pk)
    return _act(request, form, found, _("Report officers"))


def report_seizure(request: HttpRequest, operation_id: int) -> HttpResponse:
    """A line of the list of things seized."""
    by, at = desk.needs(request, Permission.RECORD_OPERATION), desk.moment(request)
    found = queries.operation_of(by, operation_id)
    form = SeizureForm(sent(request), initial={"counted_at": at})
    if carried_out(
        request, form, by, "report_seizure", lambda data: actions.report_seizure(operation=found, by=by, at=at, **data)
    ):
        return done(request, _("The seizure is on the board."), "board", operation_id=found.pk)
    return _act(request, form, found, _("Report a seizure"))


def _act(request: HttpRequest, form: DeskForm, found: Any, title: str) -> HttpResponse:
    lead, back = f"{found.code} · {found.title}", reverse("board", args=[found.pk])
    return page(request, "act", form, title=title, lead=lead, back=back)
