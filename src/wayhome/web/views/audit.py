"""The audit: whether the chains hold, what was done, and who read a child's file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit import queries
from wayhome.web import desk
from wayhome.web.forms.audit import ReadersForm
from wayhome.web.pages import number_of, page

A_PAGE = 100


def events(request: HttpRequest) -> HttpResponse:
    """The latest events."""
    by = desk.needs(request, Permission.READ_AUDIT)
    found = queries.latest_events(by, before=request.GET.get("before", "")[:40], limit=A_PAGE)
    return page(
        request,
        "audit",
        ReadersForm(),
        rows=_told(found),
        heads=queries.heads(),
        more=found[-1].at if len(found) == A_PAGE else "",
    )


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Verify every event of every chain, now."""
    desk.needs(request, Permission.READ_AUDIT)
    return page(request, "audit_check", verification=queries.verify_chain(), at=desk.moment(request))


@require_POST
def child(request: HttpRequest) -> HttpResponse:
    """Everything that was done to a child's file, and who read it. Asked by POST, like every search."""
    by = desk.needs(request, Permission.READ_AUDIT)
    form = ReadersForm(request.POST)
    rows = queries.child_events(number_of(form.cleaned_data["number"])) if form.is_valid() else None
    found = [] if rows is None else list(rows.filter(chain__in=queries.chains_of(by)))
    return page(request, "audit_child", form, rows=_told(found))


def _told(found: list[Any]) -> list[tuple[Any, Any]]:
    staff = {one.pk: one for one in accounts.active_staff().filter(pk__in={event.staff_id for event in found})}
    return [(event, staff.get(event.staff_id)) for event in found]
