"""Give a child and take it: two signatures, one transaction."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.models import Facility
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.children.models import Child
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, NotFound, Refused
from wayhome.casework.core.keys import vehicle_keys
from wayhome.casework.custody import queries
from wayhome.casework.custody.gate import gate, permitted
from wayhome.casework.custody.models import (
    CustodyEpisode,
    FosterRequest,
    HandoverOffer,
    OfferEnd,
    OfferKey,
)
from wayhome.casework.custody.rules import Kind, refusals
from wayhome.casework.operations.models import Person


def offer_handover(
    *,
    child: Child,
    to_facility: Facility,
    kind: Kind,
    wristband: str,
    place: str,
    condition: str,
    by: Actor,
    at: datetime,
    items: str = "",
    escort: Person | None = None,
    vehicle: str = "",
    foster: FosterRequest | None = None,
    released: bool = False,
    recipient: Person | None = None,
) -> HandoverOffer:
    """The custodian signs that the child goes to another place; the child stays until somebody there signs too.

    Parameters
    ----------
    released, recipient : this carries out a release, to somebody who takes the child home; `reunification.actions` says so alone,
        and its guard looks whether it is true.

    Raises
    ------
    Refused
        with every reason that stands against it.
    """
    permitted(by, Permission.OFFER_HANDOVER, at=at, child_id=child.pk)
    if not place.strip() or not condition.strip():
        raise Invalid({field: "required" for field, value in (("place", place), ("condition", condition)) if not value.strip()})
    scanned = numbers.plain_number(wristband)
    present = queries.head(child.pk)
    offer = HandoverOffer(
        child=child,
        from_episode=present,
        to_facility=to_facility,
        kind=kind,
        foster=foster,
        recipient=recipient,
        giver_id=by.staff_id,
        escort=escort,
        vehicle=vehicle.strip(),
        wristband=scanned,
        place=place.strip()[:200],
        condition=condition.strip()[:200],
        items=items.strip()[:300],
        at=at,
    )
    with gate(by=by, at=at, child_id=child.pk, attempt=f"offer_handover:{kind}", jurisdiction=queries.rescued_in(child)):
        wrong = refusals(queries.handover_facts(offer, receiver_id=None, wristband=scanned, started_at=at, released=released))
        if wrong:
            raise Refused(wrong, child=child.pk)
        offer.save(force_insert=True)
        OfferKey.objects.bulk_create(OfferKey(offer=offer, kind=k, key=key) for k, key in sorted(vehicle_keys(vehicle)))
        record(
            by=by,
            at=at,
            action="custody.offer_handover",
            subject=f"offer:{offer.pk}",
            child_id=child.pk,
            data={"to": to_facility.pk, "kind": str(kind)},
        )
    return offer


def accept_handover(
    *,
    offer_id: int,
    wristband: str,
    by: Actor,
    at: datetime,
    started_at: datetime | None = None,
    condition: str = "",
    released: bool = False,
) -> CustodyEpisode:
    """The receiver scans the wristband and signs: from this moment the child is the receiver's to answer for."""
    permitted(by, Permission.ACCEPT_HANDOVER, at=at)
    scanned = numbers.plain_number(wristband)
    offer = _pending(offer_id, by=by, receiving=True)
    begins = started_at or at
    with gate(
        by=by,
        at=at,
        child_id=offer.child_id,
        attempt=f"accept_handover:{offer.kind}",
        jurisdiction=queries.rescued_in(offer.child),
    ):
        wrong = refusals(
            queries.handover_facts(offer, receiver_id=by.staff_id, wristband=scanned, started_at=begins, released=released)
        )
        if wrong:
            raise Refused(wrong, child=offer.child_id)
        last = queries.head(offer.child_id)
        episode = CustodyEpisode.objects.create(
            child_id=offer.child_id,
            n=last.n + 1,
            kind=offer.kind,
            facility_id=offer.to_facility_id,
            responsible_id=by.staff_id,
            offer=offer,
            wristband=scanned,
            condition=condition.strip()[:200],
            started_at=begins,
            at=at,
        )
        record(
            by=by,
            at=at,
            action="custody.hand_over",
            subject=f"episode:{episode.pk}",
            child_id=offer.child_id,
            data={
                "offer": offer.pk,
                "giver": offer.giver_id,
                "from": last.facility_id,
                "to": offer.to_facility_id,
                "n": episode.n,
            },
        )
    return episode


def end_offer(*, offer_id: int, code: str, by: Actor, at: datetime, note: str = "") -> OfferEnd:
    """The receiver refuses with a reason, or the giver withdraws; the child stays where it is."""
    withdrawn = code == "withdrawn"
    permitted(by, Permission.OFFER_HANDOVER if withdrawn else Permission.ACCEPT_HANDOVER, at=at)
    if code not in dict(OfferEnd.CODES):
        raise Invalid({"code": "unknown_choice"})
    if code == "other" and not note.strip():
        raise Invalid({"note": "required"})
    offer = _pending(offer_id, by=by, receiving=not withdrawn)
    with gate(by=by, at=at, child_id=offer.child_id, attempt="end_offer"):
        end = OfferEnd.objects.create(offer=offer, code=code, note=note.strip()[:200], by_id=by.staff_id, at=at)
        record(
            by=by, at=at, action="custody.end_offer", subject=f"offer:{offer.pk}", child_id=offer.child_id, data={"code": code}
        )
    return end


def _pending(offer_id: int, *, by: Actor, receiving: bool) -> HandoverOffer:
    offers = queries.pending_offers().select_related(
        "child__event__jurisdiction", "to_facility", "from_episode__facility", "foster"
    )
    offer = offers.filter(pk=offer_id).first()
    agency = None if offer is None else offer.to_facility.agency_id if receiving else offer.from_episode.facility.agency_id
    if offer is None or agency != by.agency_id:
        raise NotFound(offer=offer_id)
    return offer
