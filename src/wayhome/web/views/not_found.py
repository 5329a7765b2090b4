"""Where no parents are found: certificates, the public notice, and the gate that opens only when nothing is missing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import queries as custody
from wayhome.casework.matching.report.words import LANGUAGE_NAMES
from wayhome.casework.reunification.actions import afterwards, papers
from wayhome.casework.reunification.papers import KINDS
from wayhome.casework.reunification.queries.not_found import not_found_yet
from wayhome.web import desk
from wayhome.web.band import band, child_page
from wayhome.web.forms.base import DeskForm
from wayhome.web.forms.releases import CertifyForm, NoticeForm
from wayhome.web.messages import sentences
from wayhome.web.pages import as_file, done, number_of, page
from wayhome.web.words import word
from wayhome.web.writing import carried_out, sent


def not_found(request: HttpRequest, number: str) -> HttpResponse:
    """What is written, what is due, and what is missing. The look is an event of the child's file."""
    by, at = desk.needs(request, Permission.READ_CASE), desk.moment(request)
    child = custody_actions.read_file(child_id=number_of(number), by=by, at=at)
    told = not_found_yet(child, at=at)
    rows = [(one, sentences(one.against)) for one in told.papers]
    return child_page(request, "not_found", None, child, by, told=told, papers=rows, paper_languages=list(LANGUAGE_NAMES.items()))


def certify(request: HttpRequest, number: str) -> HttpResponse:
    """Police write the certificate that is next."""
    by, at = desk.needs(request, Permission.CERTIFY_NOT_FOUND), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    told = not_found_yet(child, at=at)
    following = told.next
    if following is None or told.gone:
        raise NotFound(child=child.pk)
    form = CertifyForm(sent(request))
    if carried_out(
        request,
        form,
        by,
        "certify",
        lambda data: afterwards.certify(child=child, kind=following.kind, document=data["document"], by=by, at=at),
    ):
        return done(request, _("The certificate is on record. The search goes on."), "not_found", number=child.number)
    return _act(
        request,
        form,
        child,
        by,
        refusals=sentences(following.against) if request.method == "GET" else [],
        title=str(word("certificate", following.kind)),
        lead=_("You certify that no parents were found until today. The search goes on, and whoever is found later counts."),
    )


def notice(request: HttpRequest, number: str) -> HttpResponse:
    """A public notice asks for the parents; it is to stand for thirty days."""
    by, at = desk.needs(request, Permission.VERIFY_CASE), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = NoticeForm(sent(request), initial={"published_on": timezone.localtime(at).date()})
    if carried_out(
        request, form, by, "publish_notice", lambda data: afterwards.publish_notice(child=child, by=by, at=at, **data)
    ):
        said = _("The notice is on record. It counts when it has stood for thirty days from now.")
        return done(request, said, "not_found", number=child.number)
    return _act(
        request,
        form,
        child,
        by,
        title=_("Public notice"),
        lead=_("The notice was published. Its thirty days are counted from the moment it is recorded here."),
    )


def paper(request: HttpRequest, number: str, kind: str, language: str) -> HttpResponse:
    """A certificate or a notice as a file. That it was taken is an event."""
    by, at = desk.needs(request, Permission.READ_CASE), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    if kind not in KINDS or language not in LANGUAGE_NAMES:
        raise NotFound(child=child.pk)
    pdf = papers.take_paper(child=child, kind=kind, language=language, by=by, at=at)
    return as_file(pdf, f"{kind.replace('_', '-')}-{child.number}-{language}")


def _act(request: HttpRequest, form: DeskForm, child: Any, by: Actor, **more: Any) -> HttpResponse:
    at = desk.moment(request)
    back = reverse("not_found", args=[child.number])
    return page(request, "act", form, band=band(child, by=by, at=at), back=back, at=at, **more)
