"""Releases: asked for by the institution, approved word by word by two others, carried out at the door; visits after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import FacilityKind, Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import queries as custody
from wayhome.casework.laboratory.queries import kits
from wayhome.casework.reunification.actions import afterwards, releasing
from wayhome.casework.reunification.queries import asking as asked
from wayhome.casework.reunification.queries import releases as queries
from wayhome.casework.reunification.queries.told import Sample, Told, told
from wayhome.web import desk
from wayhome.web.band import band, child_page
from wayhome.web.forms.base import DeskForm
from wayhome.web.forms.releases import (
    ApproveReleaseForm,
    AskAuthorityForm,
    AskFamilyForm,
    CompleteReturnForm,
    OfferReturnForm,
    RevokeReleaseForm,
    VisitForm,
)
from wayhome.web.messages import sentences
from wayhome.web.pages import done, number_of, page
from wayhome.web.recognise import on_record
from wayhome.web.words import WORDS, word
from wayhome.web.writing import carried_out, sent


def file_url(number: str) -> str:
    """The page of the file of a child's return."""
    return reverse("return_file", args=[number])


def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a release. What is asked is frozen from here on; what stands in the way is said before anything is typed."""
    by, at = desk.needs(request, Permission.REQUEST_RELEASE), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    found = asked.asking(asked.last_case(by, child.pk, at=at), by=by, at=at)
    form: AskFamilyForm | AskAuthorityForm
    if found.kind == "family":
        form = AskFamilyForm(
            sent(request),
            receivers=[(one.relative.pk, _told(one)) for one in found.receivers],
            kin=[(one.relative.pk, _told(one)) for one in found.others],
        )
    else:
        form = AskAuthorityForm(sent(request), facilities=accounts.open_facilities().filter(kind=FacilityKind.PARTNER_AUTHORITY))
    if answer := carried_out(request, form, by, "request_release", lambda _data: _ask(found, form, by, at)):
        said = _("Asked. It counts when two other organisations approved it.")
        return done(request, said, "release", release_id=answer["id"])
    return child_page(
        request,
        "ask_release",
        form,
        child,
        by,
        asking=found,
        blocked=sentences(found.against) if request.method == "GET" else [],
        file_url=file_url(child.number),
        family_known=found.request is not None and may(by.role, Permission.READ_REQUEST),
    )


def release(request: HttpRequest, release_id: int) -> HttpResponse:
    """What is asked, how far it is, and what is next. The look is an event of the child's file."""
    by, at = desk.needs(request, Permission.READ_CASE), desk.moment(request)
    found = queries.release_of(by, release_id, at=at)
    custody_actions.read_file(child_id=found.child_id, by=by, at=at)
    return _shown(request, found, by, at, "release")


def approve(request: HttpRequest, release_id: int) -> HttpResponse:
    """Another organisation signs exactly what it reads here."""
    by, at = desk.needs(request, Permission.APPROVE_RELEASE), desk.moment(request)
    found = queries.release_of(by, release_id, at=at)
    form = ApproveReleaseForm(sent(request), initial={"digest": found.digest})

    def work(data: dict[str, Any]) -> Any:
        return releasing.approve_release(release=found, digest=data["digest"], by=by, at=at)

    if carried_out(request, form, by, "approve_release", work):
        return done(request, _("Approved for your organisation."), "release", release_id=release_id)
    if request.method == "GET":
        custody_actions.read_file(child_id=found.child_id, by=by, at=at)
    return _shown(request, found, by, at, "release_approve", form)


def revoke(request: HttpRequest, release_id: int) -> HttpResponse:
    """The child goes nowhere on its strength any more."""
    by, at = desk.needs_one(request, Permission.REQUEST_RELEASE, Permission.APPROVE_RELEASE), desk.moment(request)
    found = queries.release_of(by, release_id, at=at)
    form = RevokeReleaseForm(sent(request))
    if carried_out(
        request, form, by, "revoke_release", lambda data: releasing.revoke_release(release=found, note=data["note"], by=by, at=at)
    ):
        return done(request, _("Revoked. The child stays where it is."), "release", release_id=release_id)
    return page(
        request,
        "act",
        form,
        band=band(found.child, by=by, at=at),
        back=reverse("release", args=[found.pk]),
        at=at,
        title=_("Revoke the release"),
        lead=_("Nothing brings it back: who wants the same again asks anew, and two organisations approve anew."),
        danger=True,
    )


def offer(request: HttpRequest, release_id: int) -> HttpResponse:
    """The institution's half: the child, whoever takes it, and a colleague who signs are at the door."""
    by, at = desk.needs(request, Permission.REQUEST_RELEASE), desk.moment(request)
    found = queries.release_of(by, release_id, at=at)
    tale = told(found, by=by, at=at)
    takes = {one.row.person_id: one.row.person for one in tale.people if one.row.receives and one.row.person_id in tale.ready}
    family = found.kind == "family"
    form = OfferReturnForm(
        sent(request),
        recipients=[(pk, _person(person)) for pk, person in takes.items()] if family else None,
        initial={"place": found.address if family else found.to.name if found.to else ""}
        | {"recipient": next(iter(takes), None)},
    )

    def work(data: dict[str, Any]) -> Any:
        recipient = takes.get(data.pop("recipient", 0))
        return releasing.offer_return(release=found, recipient=recipient, by=by, at=at, **data)

    if carried_out(request, form, by, "offer_return", work):
        return done(request, _("Offered. It stays with you until the second signature."), "release", release_id=release_id)
    wrong = [*tale.against, *(["samples_not_fresh"] if family and not takes else [])]
    return page(
        request,
        "return_act",
        form,
        band=band(found.child, by=by, at=at),
        release=found,
        told=tale,
        blocked=sentences(wrong) if request.method == "GET" else [],
        closed=bool(wrong) or tale.state != "ready",
        at=at,
        title=_("Hand over to the family") if family else _("Hand over to the authority"),
        lead=_("You sign now. A colleague of your institution reads the wristband and signs too; then the child is home.")
        if family
        else _("You sign now; the child stays with you until somebody of the authority reads its wristband and signs too."),
    )


def receive(request: HttpRequest, release_id: int) -> HttpResponse:
    """The second half: the release is carried out, if all that it rests on stands at this moment."""
    by, at = desk.needs(request, Permission.ACCEPT_HANDOVER), desk.moment(request)
    found = queries.release_to_receive(by, release_id, at=at)
    given = queries.offer_of(found)
    if given is None or given.to_facility.agency_id != by.agency_id:
        raise NotFound(release=release_id)
    form = CompleteReturnForm(sent(request))
    if carried_out(
        request, form, by, "complete_return", lambda data: releasing.complete_return(release=found, by=by, at=at, **data)
    ):
        if not may(by.role, Permission.READ_CASE):
            return done(request, _("You answer for this child from now on."), "today")
        said = _("Done. Print the handover sheet, in two languages where that is needed; all who were there sign it.")
        return done(request, said, "release", release_id=release_id)
    return page(
        request,
        "return_act",
        form,
        band=band(found.child, by=by, at=at),
        release=found,
        given=given,
        closed=given.giver_id == by.staff_id,
        blocked=sentences(["one_signatory"]) if given.giver_id == by.staff_id else [],
        refuse=reverse("refuse", args=[given.pk]),
        at=at,
        title=_("Second signature") if found.kind == "family" else _("Take the child"),
        lead=_("You saw the child go to the person named here, whose papers you read. From now on it is visited at home.")
        if found.kind == "family"
        else _("You answer for this child from the moment you sign."),
    )


def visit(request: HttpRequest, execution_id: int) -> HttpResponse:
    """What was found at the child's home."""
    by, at = desk.needs(request, Permission.VERIFY_CASE), desk.moment(request)
    execution = queries.execution_of(by, execution_id, at=at)
    found = execution.release
    tale = told(found, by=by, at=at)
    if not tale.visits:
        raise NotFound(execution=execution_id)
    left = [one for one in tale.visits if one.visit is None]
    form = VisitForm(
        sent(request),
        days=[(one.day, _("day %(n)s, %(due)s") % {"n": one.day, "due": one.due.isoformat()}) for one in left],
        initial={"visited_on": timezone.localtime(at).date(), "day": left[0].day if left else None},
    )
    if carried_out(request, form, by, "visit", lambda data: afterwards.visit(execution=execution, by=by, at=at, **data)):
        well = form.cleaned_data["found"] == "well"
        said = _("The visit is recorded.") if well else _("The visit is recorded, and others are alarmed.")
        return done(request, said, "release", release_id=found.pk)
    return page(
        request,
        "act",
        form,
        band=band(found.child, by=by, at=at),
        back=reverse("release", args=[found.pk]),
        at=at,
        title=_("A visit to the family"),
        lead=_("Families are visited on days 7, 30, 90, 180 and 365. Speak with the child alone, as far as its age allows."),
    )


def _ask(found: asked.Asking, form: Any, by: Actor, at: datetime) -> dict[str, int]:
    if found.kind == "authority":
        return {"id": releasing.request_release(case=found.case, to=form.cleaned_data["to"], by=by, at=at).pk}
    known = {one.relative.pk: one for one in (*found.receivers, *found.others)}
    takes, kin = (form.cleaned_data.get(name, []) for name in ("recipients", "kin"))
    made = releasing.request_release(
        case=found.case,
        recipients=[(known[pk].relative, known[pk].state.person) for pk in takes],  # type: ignore[misc]
        household=[
            *(known[pk].state.person for pk in kin),  # type: ignore[list-item]
            *(on_record(by, line, field="others") for line in form.lines()),
        ],
        address=form.cleaned_data["address"],
        by=by,
        at=at,
    )
    return {"id": made.pk}


def _shown(
    request: HttpRequest, found: Any, by: Actor, at: datetime, template: str, form: DeskForm | None = None
) -> HttpResponse:
    tale = told(found, by=by, at=at)
    mine = found.by.agency_id == by.agency_id
    signed = by.agency_id in tale.agencies
    others = [code for code in tale.against if code != "release_not_approved"]
    going_on = tale.state not in ("revoked", "home", "over")
    refused = form is not None and bool(form.refusals)
    return child_page(
        request,
        template,
        form,
        found.child,
        by,
        release=found,
        told=tale,
        mine=mine,
        signed=signed,
        going_on=going_on,
        against=sentences(tale.against) if going_on else [],
        blocked=[] if refused else sentences(others if form is not None and going_on else []),
        primary=_primary(tale, by, mine=mine, signed=signed, others=others),
        samples=_samples(tale, by, at, orders=going_on and tale.state != "offered"),
        may_visit=may(by.role, Permission.VERIFY_CASE) and bool(tale.visits) and tale.still,
        may_revoke=going_on and (may(by.role, Permission.REQUEST_RELEASE) or may(by.role, Permission.APPROVE_RELEASE)),
        file_url=file_url(found.child.number),
        episode=custody.head(found.child_id),
    )


def _primary(tale: Told, by: Actor, *, mine: bool, signed: bool, others: list[str]) -> str:
    """The one thing to do next for this person: "" where it is somebody else's turn."""
    asks = mine and may(by.role, Permission.REQUEST_RELEASE)
    if tale.state in ("revoked", "over"):
        return "ask" if asks else ""
    if tale.state == "offered":
        given = tale.offer
        if given is None or not may(by.role, Permission.ACCEPT_HANDOVER) or given.to_facility.agency_id != by.agency_id:
            return ""
        return "receive" if given.giver_id != by.staff_id else ""
    if may(by.role, Permission.APPROVE_RELEASE) and tale.state == "asked" and not mine and not signed and not others:
        return "approve"
    if tale.state == "ready":
        return "offer" if asks else ""
    if tale.state == "home" and tale.still and may(by.role, Permission.VERIFY_CASE):
        return "visit" if any(one.visit is None for one in tale.visits) else ""
    return ""


def _samples(tale: Told, by: Actor, at: datetime, *, orders: bool) -> list[tuple[Any, Any, str]]:
    """Each sample of the handover, what is said of it, and where the actor can order one that is wanted."""
    told_of = WORDS["handover_sample"]
    return [
        (one, told_of.get(one.state) or word("kit", one.state), _order(tale, one, by, at) if orders else "")
        for one in tale.samples
    ]


def _order(tale: Told, one: Sample, by: Actor, at: datetime) -> str:
    if one.state not in ("missing", "stale"):
        return ""
    if one.who is None:
        child = tale.release.child
        theirs = kits.seen(kits.kits_of_child(by, child.pk, at=at), by=by, at=at)
        return reverse("order_child_kit", args=[child.number]) if kits.next_sample(child, theirs, by=by, at=at) else ""
    relative = one.who.relative
    assert relative is not None
    theirs = kits.seen(kits.kits_of_relative(by, relative.pk, at=at), by=by, at=at)
    return reverse("order_relative_kit", args=[relative.pk]) if kits.next_sample(relative, theirs, by=by, at=at) else ""


def _told(kin: Any) -> str:
    """A relative in a list: their name and the number of their record."""
    return f"{kin.state.name or kin.state.person.label} · {_('No.')} {kin.state.person.pk}"


def _person(person: Any) -> str:
    return f"{person.label} · {_('No.')} {person.pk}"
