"""A child is not where its custodian has it; or is again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import queries as custody
from wayhome.web import desk
from wayhome.web.band import band
from wayhome.web.forms.house import FoundForm, MissingForm
from wayhome.web.pages import done, number_of, page
from wayhome.web.writing import submit


def report(request: HttpRequest, number: str) -> HttpResponse:
    """Raise the alarm."""
    by, at = desk.needs(request, Permission.REPORT_MISSING), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = MissingForm(request.POST or None, initial={"last_seen_at": at})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        answer = submit(
            request,
            form,
            by=by,
            action="report_missing",
            work=lambda: {"id": custody_actions.report_missing(child=child, by=by, at=at, **data).pk},
        )
        if answer is not None:
            return done(request, _("Everybody above is alarmed."), "child", number=child.number)
    return page(
        request,
        "act",
        form,
        band=band(child, by=by, at=at),
        child=child,
        at=at,
        title=_("The child is missing"),
        danger=True,
        lead=_("Whoever answers for the child goes on answering for it. Police, ministry and the house are alarmed at once."),
    )


def found(request: HttpRequest, number: str) -> HttpResponse:
    """End the alarm."""
    by, at = desk.needs(request, Permission.REPORT_MISSING), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    missing = custody.open_missing(child.pk)
    if missing is None:
        raise NotFound(child=child.pk)
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        answer = submit(
            request,
            form,
            by=by,
            action="end_missing",
            work=lambda: {"id": custody_actions.end_missing(report=missing, note=note, by=by, at=at).pk},
        )
        if answer is not None:
            return done(request, _("Recorded: the child is there."), "child", number=child.number)
    return page(request, "act", form, band=band(child, by=by, at=at), child=child, at=at, title=_("The child was found"))
