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
from wayhome.web.band import band
from wayhome.web.forms.foster import ApproveForm, EndFosterForm, ProposeForm
from wayhome.web.pages import done, number_of, page
from wayhome.web.recognise import known_to
from wayhome.web.writing import submit


def propose(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a household. What is asked is frozen from here on."""
    by, at = desk.needs(request, Permission.PROPOSE_FOSTER), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    institutions = accounts.open_facilities().filter(agency_id=by.agency_id, kind=FacilityKind.WELFARE_INSTITUTION)
    form = ProposeForm(request.POST or None, institutions=institutions)
    if request.method == "POST" and form.is_valid():
        answer = submit(request, form, by=by, action="propose_foster", work=lambda: _ask(child, form.cleaned_data, by, at))
        if answer is not None:
            return done(
                request, _("Asked. It counts when two other organisations approved it."), "foster", request_id=answer["id"]
            )
    return page(
        request,
        "act",
        form,
        band=band(child, by=by, at=at),
        child=child,
        at=at,
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
    form = ApproveForm(request.POST or None, initial={"digest": asked.digest})
    if request.method == "POST" and form.is_valid():
        digest = form.cleaned_data["digest"]
        answer = submit(
            request,
            form,
            by=by,
            action="approve_foster",
            work=lambda: {"id": custody_actions.approve_foster(request=asked, digest=digest, by=by, at=at).pk},
        )
        if answer is not None:
            return done(request, _("Approved for your organisation."), "foster", request_id=request_id)
    elif request.method == "GET":
        custody_actions.read_file(child_id=asked.child_id, by=by, at=at)
    return _shown(request, asked, by, at, "foster_approve", form)


def end(request: HttpRequest, request_id: int) -> HttpResponse:
    """The child goes nowhere on the strength of this request any more."""
    by, at = desk.needs_one(request, Permission.PROPOSE_FOSTER, Permission.APPROVE_FOSTER), desk.moment(request)
    asked = known.foster_request(request_id, by=by, at=at)
    form = EndFosterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        answer = submit(
            request,
            form,
            by=by,
            action="end_foster",
            work=lambda: {"id": custody_actions.end_foster(request=asked, reason=reason, by=by, at=at).pk},
        )
        if answer is not None:
            return done(request, _("Ended. The child stays where it is."), "foster", request_id=request_id)
    return page(
        request,
        "act",
        form,
        band=band(asked.child, by=by, at=at),
        child=asked.child,
        at=at,
        title=_("End the request for foster care"),
        lead=_("Nothing brings it back: who wants the same again asks anew, and two organisations approve anew."),
        danger=True,
    )


def _shown(request: HttpRequest, asked: Any, by: Actor, at: datetime, template: str, form: Any = None) -> HttpResponse:
    told = known.foster_asked(asked, at=at)
    return page(
        request,
        template,
        form,
        band=band(asked.child, by=by, at=at),
        child=asked.child,
        asked=told,
        foster=asked,
        ended=getattr(asked, "end", None),
        over=asked.valid_until <= at,
        mine=asked.by.agency_id == by.agency_id,
        signed=any(one.by.agency_id == by.agency_id for one in told.approvals),
        at=at,
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
