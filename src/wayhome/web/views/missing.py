"""A child is not where its custodian has it; or is again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import queries as custody
from wayhome.web import desk
from wayhome.web.band import child_page
from wayhome.web.forms.house import FoundForm, MissingForm
from wayhome.web.pages import done, existing, number_of
from wayhome.web.writing import carried_out, sent


def report(request: HttpRequest, number: str) -> HttpResponse:
    """Raise the alarm."""
    by, at = desk.needs(request, Permission.REPORT_MISSING), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = MissingForm(sent(request), initial={"last_seen_at": at})
    if carried_out(
        request, form, by, "report_missing", lambda data: custody_actions.report_missing(child=child, by=by, at=at, **data)
    ):
        return done(request, _("Everybody above is alarmed."), "child", number=child.number)
    return child_page(
        request,
        "act",
        form,
        child,
        by,
        title=_("The child is missing"),
        danger=True,
        lead=_("Whoever answers for the child goes on answering for it. Police, ministry and the house are alarmed at once."),
    )


def found(request: HttpRequest, number: str) -> HttpResponse:
    """End the alarm."""
    by, at = desk.needs(request, Permission.REPORT_MISSING), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    missing = existing(custody.open_missing(child.pk), child=child.pk)
    form = FoundForm(sent(request))
    if carried_out(
        request,
        form,
        by,
        "end_missing",
        lambda data: custody_actions.end_missing(report=missing, note=data["note"], by=by, at=at),
    ):
        return done(request, _("Recorded: the child is there."), "child", number=child.number)
    return child_page(request, "act", form, child, by, title=_("The child was found"))
