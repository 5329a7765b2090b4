"""Operations and rescues, as far as registering a child needs them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.operations import actions, queries
from wayhome.web import desk
from wayhome.web.forms.people import OperationForm, RescueForm
from wayhome.web.pages import done, page
from wayhome.web.writing import carried_out, sent


def operations(request: HttpRequest) -> HttpResponse:
    """Those that concern the actor."""
    by = desk.needs(request, Permission.RECORD_OPERATION)
    return page(request, "operations", operations=queries.operations_of(by))


def record(request: HttpRequest) -> HttpResponse:
    """A new one."""
    by, at = desk.needs(request, Permission.RECORD_OPERATION), desk.moment(request)
    form = OperationForm(sent(request), initial={"zero_hour": at})

    def work(data: dict[str, Any]) -> Any:
        home = accounts.agency(by.agency_id).jurisdiction
        return actions.record_operation(jurisdiction=home, by=by, at=at, **data)

    if answer := carried_out(request, form, by, "record_operation", work):
        return done(request, _("The operation is recorded."), "operation", operation_id=answer["id"])
    return page(request, "act", form, title=_("Record an operation"), at=at)


def operation(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Its rescues and totals."""
    by = desk.needs(request, Permission.RECORD_OPERATION)
    found = queries.operation_of(by, operation_id)
    return page(
        request,
        "operation",
        operation=found,
        rescues=queries.rescue_events_of(by).filter(operation=found),
        totals=queries.totals(found),
    )


def rescue(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Children were found."""
    by, at = desk.needs(request, Permission.RECORD_OPERATION), desk.moment(request)
    found = queries.operation_of(by, operation_id)
    form = RescueForm(sent(request), facilities=accounts.open_facilities(), initial={"found_at": at})

    def work(data: dict[str, Any]) -> Any:
        home = accounts.agency(by.agency_id).jurisdiction
        return actions.record_rescue(operation=found, jurisdiction=home, by=by, at=at, **data)

    if carried_out(request, form, by, "record_rescue", work):
        return done(request, _("The rescue is recorded. Register each child now."), "register")
    return page(request, "act", form, title=_("Record a rescue"), at=at, lead=f"{found.code} · {found.title}")
