"""Open a file without need to know, and review those who did."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import queries as custody
from wayhome.web import desk
from wayhome.web.forms.house import GlassForm, ReviewForm
from wayhome.web.pages import done, existing, number_of, page
from wayhome.web.writing import carried_out, sent


def break_glass(request: HttpRequest) -> HttpResponse:
    """With a reason, for a day, told to those above, and reviewed."""
    by, at = desk.needs(request, Permission.BREAK_GLASS), desk.moment(request)
    form = GlassForm(sent(request), initial={"number": request.GET.get("number", "")})

    def work(data: dict[str, Any]) -> Any:
        glass = custody_actions.break_glass(child_id=number_of(data["number"]), reason=data["reason"], by=by, at=at)
        return {"number": glass.child.number}

    if answer := carried_out(request, form, by, "break_glass", work):
        return done(
            request,
            _("The file is open to you for 24 hours. Your reason will be reviewed."),
            "child",
            number=answer["number"],
        )
    return page(
        request,
        "act",
        form,
        title=_("Open a file without need to know"),
        at=at,
        danger=True,
        lead=_("For a child in danger. Those above you are told at once, and somebody else reviews your reason."),
    )


def glasses(request: HttpRequest) -> HttpResponse:
    """What waits for review."""
    by, at = desk.needs(request, Permission.REVIEW_BREAK_GLASS), desk.moment(request)
    return page(request, "glasses", glasses=custody.glasses_waiting(by), at=at)


def review(request: HttpRequest, glass_id: int) -> HttpResponse:
    """Whether the reason held."""
    by, at = desk.needs(request, Permission.REVIEW_BREAK_GLASS), desk.moment(request)
    glass = existing(custody.glasses_waiting(by).filter(pk=glass_id).first(), glass=glass_id)
    form = ReviewForm(sent(request))
    if carried_out(
        request, form, by, "review_glass", lambda data: custody_actions.review_glass(glass=glass, by=by, at=at, **data)
    ):
        return done(request, _("The review is saved."), "glasses")
    return page(request, "review", form, glass=glass, at=at)
