"""Hand a child over: the giver signs, then the receiver does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import known
from wayhome.casework.custody import queries as custody
from wayhome.casework.custody.rules import NEXT, PLACES, RELEASES, Kind
from wayhome.casework.placements import known as places
from wayhome.casework.placements import queries as placements
from wayhome.casework.reunification.queries import releases
from wayhome.web import desk
from wayhome.web.band import band, child_page
from wayhome.web.forms.handover import AcceptForm, HandOverForm, RefuseForm, WithdrawForm
from wayhome.web.pages import done, existing, number_of, page
from wayhome.web.recognise import anybody
from wayhome.web.writing import carried_out, sent

MOST_CLOSED = 20
_OFFERED = ("child__event__operation", "to_facility", "giver__agency", "escort", "from_episode__facility")


def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """The giver's half: everything that stands against it is told at once."""
    by, at = desk.needs(request, Permission.OFFER_HANDOVER), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    over = band(child, by=by, at=at)
    foster = known.foster_request(int(request.GET["foster"]), by=by, at=at) if request.GET.get("foster", "").isdecimal() else None
    if foster is not None and foster.child_id != child.pk:
        raise NotFound(foster=foster.pk)
    may_follow = NEXT[Kind(over.episode.kind)] - RELEASES
    kinds = [kind for kind in Kind if kind in may_follow and (kind is Kind.FOSTER) == (foster is not None)]
    facilities = accounts.open_facilities().filter(kind__in={PLACES[kind] for kind in kinds})
    if foster is not None:
        facilities = facilities.filter(pk=foster.institution_id)
    homes = facilities.filter(kind__in=placements.BED_PLACES)
    rooms = places.told(list(homes), at=at) if foster is None else []
    codes = places.against(child, rooms)
    kept = placements.open_placements([child.pk]).get(child.pk)
    kept = kept if kept is not None and places.state(kept) == "accepted" and kept.facility_id not in codes else None
    form = HandOverForm(
        sent(request),
        facilities=facilities,
        codes=codes,
        kinds=[str(kind) for kind in kinds],
        initial={
            "place": foster.address if foster else over.episode.facility.name,
            "kind": _kind(kinds, kept),
            "facility": foster.institution_id if foster else kept.facility_id if kept else None,
        },
    )
    if carried_out(request, form, by, "offer_handover", lambda data: _offer(child, foster, data, by, at)):
        said = _("The child is offered. It stays with you until somebody there reads its wristband and accepts.")
        return done(request, said, "child", number=child.number)
    closed = [(told.home, codes[told.home.pk]) for told in rooms if told.home.pk in codes]
    return page(request, "hand_over", form, band=over, child=child, foster=foster, kept=kept, closed=closed[:MOST_CLOSED], at=at)


def accept(request: HttpRequest, offer_id: int) -> HttpResponse:
    """The receiver's half."""
    by, at = desk.needs(request, Permission.ACCEPT_HANDOVER), desk.moment(request)
    offer = _waiting(offer_id, by)
    release = releases.open_release_of(offer.child_id) if offer.kind in RELEASES else None
    if release is not None:
        return redirect("complete_return", release_id=release.pk)
    form = AcceptForm(sent(request))
    if carried_out(
        request,
        form,
        by,
        "accept_handover",
        lambda data: custody_actions.accept_handover(
            offer_id=offer_id, wristband=data["wristband"], condition=data["condition"], by=by, at=at
        ),
    ):
        said = _("You answer for this child from now on. Print the handover sheet and sign it, both of you.")
        return done(request, said, "child", number=offer.child.number)
    return child_page(request, "accept", form, offer.child, by, offer=offer)


def refuse(request: HttpRequest, offer_id: int) -> HttpResponse:
    """The receiver says why not."""
    by, at = desk.needs(request, Permission.ACCEPT_HANDOVER), desk.moment(request)
    offer = _waiting(offer_id, by)
    form = RefuseForm(sent(request))
    if carried_out(
        request, form, by, "end_offer", lambda data: custody_actions.end_offer(offer_id=offer_id, by=by, at=at, **data)
    ):
        return done(request, _("Refused. The child stays where it is, and the reason is seen by those who place it."), "today")
    return child_page(
        request,
        "act",
        form,
        offer.child,
        by,
        title=_("Refuse this child"),
        lead=_("A refusal leaves the child where it is. A reason that is no legal ground is followed up."),
        danger=True,
    )


def withdraw(request: HttpRequest, offer_id: int) -> HttpResponse:
    """The giver takes the offer back."""
    by, at = desk.needs(request, Permission.OFFER_HANDOVER), desk.moment(request)
    offer = existing(
        custody.pending_offers()
        .filter(pk=offer_id, from_episode__facility__agency_id=by.agency_id)
        .select_related(*_OFFERED)
        .first(),
        offer=offer_id,
    )
    form = WithdrawForm(sent(request))

    def work(data: dict[str, Any]) -> Any:
        return custody_actions.end_offer(offer_id=offer_id, code="withdrawn", note=data["note"], by=by, at=at)

    if carried_out(request, form, by, "end_offer", work):
        return done(request, _("The offer is withdrawn. The child stays with you."), "child", number=offer.child.number)
    return child_page(
        request,
        "act",
        form,
        offer.child,
        by,
        title=_("Withdraw the offer"),
        lead=_("The child was offered to %(place)s, which has not answered yet.") % {"place": offer.to_facility.name},
    )


def _kind(kinds: list[Kind], kept: Any) -> str | None:
    """The care that follows, where there is no choice, or where a home keeps a place."""
    fits = [kind for kind in kinds if kept is not None and PLACES[kind] == kept.facility.kind]
    return str(fits[0]) if fits else str(kinds[0]) if len(kinds) == 1 else None


def _offer(child: Any, foster: Any, data: dict[str, Any], by: Actor, at: datetime) -> dict[str, Any]:
    offer = custody_actions.offer_handover(
        child=child,
        to_facility=data["facility"],
        kind=Kind(data["kind"]),
        wristband=data["wristband"],
        place=data["place"],
        condition=data["condition"],
        items=data["items"],
        vehicle=data["vehicle"],
        foster=foster,
        escort=anybody(by, data["escort"], field="escort", source="escort", at=at) if data["escort"].strip() else None,
        by=by,
        at=at,
    )
    return {"offer": offer.pk}


def _waiting(offer_id: int, by: Actor) -> Any:
    return existing(custody.offers_to.anew(by.agency_id).filter(pk=offer_id).select_related(*_OFFERED).first(), offer=offer_id)
