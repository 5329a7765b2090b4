"""Foster care: asked for by the institution, read word by word, approved by two other organisations, ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import FacilityKind, Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import known
from wayhome.casework.custody import queries as custody
from wayhome.web import desk
from wayhome.web.band import child_page
from wayhome.web.forms.foster import ApproveForm, EndFosterForm, ProposeForm
from wayhome.web.pages import done, number_of
from wayhome.web.recognise import known_to
from wayhome.web.writing import carried_out, sent


def propose(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a household. What is asked is frozen from here on."""
    by, at = desk.needs(request, Permission.PROPOSE_FOSTER), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    institutions = accounts.open_facilities().filter(agency_id=by.agency_id, kind=FacilityKind.WELFARE_INSTITUTION)
    form = ProposeForm(sent(request), institutions=institutions)
    if answer := carried_out(request, form, by, "propose_foster", lambda data: _ask(child, data, by, at)):
        return done(request, _("Asked. It counts when two other organisations approved it."), "foster", request_id=answer["id"])
    return child_page(
        request,
        "act",
        form,
        child,
        by,
        title=_("Ask for foster care"),
        lead=_(
            "What you ask for is fixed when you send it: this child, this person, this address. Two other organisations sign it."
        ),
    )


def foster(request: HttpRequest, request_id: int) -> HttpResponse:
    """What is asked, and who approved it. The look is an event of the child's file."""
    by, at = desk.needs(request, Permission.READ_CHILD), desk.moment(request)
    asked = known.foster_request(request_id, by=by, at=at)
    custody_actions.read_file(child_id=asked.child_id, by=by, at=at)
    return _shown(request, asked, by, at, "foster")


def approve(request: HttpRequest, request_id: int) -> HttpResponse:
    """Another organisation signs exactly what it reads here."""
    by, at = desk.needs(request, Permission.APPROVE_FOSTER), desk.moment(request)
    asked = known.foster_request(request_id, by=by, at=at)
    form = ApproveForm(sent(request), initial={"digest": asked.digest})

    def work(data: dict[str, Any]) -> Any:
        return custody_actions.approve_foster(request=asked, digest=data["digest"], by=by, at=at)

    if carried_out(request, form, by, "approve_foster", work):
        return done(request, _("Approved for your organisation."), "foster", request_id=request_id)
    if request.method == "GET":
        custody_actions.read_file(child_id=asked.child_id, by=by, at=at)
    return _shown(request, asked, by, at, "foster_approve", form)


def end(request: HttpRequest, request_id: int) -> HttpResponse:
    """The child goes nowhere on the strength of this request any more."""
    by, at = desk.needs_one(request, Permission.PROPOSE_FOSTER, Permission.APPROVE_FOSTER), desk.moment(request)
    asked = known.foster_request(request_id, by=by, at=at)
    form = EndFosterForm(sent(request))
    if carried_out(
        request,
        form,
        by,
        "end_foster",
        lambda data: custody_actions.end_foster(request=asked, reason=data["reason"], by=by, at=at),
    ):
        return done(request, _("Ended. The child stays where it is."), "foster", request_id=request_id)
    return child_page(
        request,
        "act",
        form,
        asked.child,
        by,
        title=_("End the request for foster care"),
        lead=_("Nothing brings it back: who wants the same again asks anew, and two organisations approve anew."),
        danger=True,
    )


def _shown(request: HttpRequest, asked: Any, by: Actor, at: datetime, template: str, form: Any = None) -> HttpResponse:
    told = known.foster_asked(asked, at=at)
    return child_page(
        request,
        template,
        form,
        asked.child,
        by,
        asked=told,
        foster=asked,
        ended=getattr(asked, "end", None),
        over=asked.valid_until <= at,
        mine=asked.by.agency_id == by.agency_id,
        signed=any(one.by.agency_id == by.agency_id for one in told.approvals),
    )


def _ask(child: Any, data: dict[str, Any], by: Actor, at: datetime) -> dict[str, int]:
    asked = custody_actions.propose_foster(
        child=child,
        institution=data["institution"],
        person=known_to(by, data["person"], field="person"),
        address=data["address"],
        reason=data["reason"],
        by=by,
        at=at,
    )
    return {"id": asked.pk}
