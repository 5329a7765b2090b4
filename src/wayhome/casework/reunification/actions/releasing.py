"""Ask for a release, approve it from two other organisations, carry it out once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from wayhome.casework.accounts.models import Facility
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import NotAllowed, NotFound, Refused
from wayhome.casework.core.keys import address_keys
from wayhome.casework.custody.actions import accept_handover, offer_handover
from wayhome.casework.custody.models import CustodyEpisode, HandoverOffer
from wayhome.casework.custody.queries import head, pending_offers
from wayhome.casework.custody.rules import Kind
from wayhome.casework.families.models import Relative
from wayhome.casework.operations.models import Person
from wayhome.casework.reunification.actions.stopping import stop
from wayhome.casework.reunification.models import (
    Approval,
    Case,
    Determination,
    Execution,
    Release,
    ReleaseKey,
    ReleasePerson,
    Revocation,
)
from wayhome.casework.reunification.queries.cases import case_of, last_enquiry
from wayhome.casework.reunification.queries.releases import against, digest_of, fresh_check, release_of
from wayhome.casework.reunification.rules import RELEASE_HOLDS, release_digest


def request_release(
    *,
    case: Case,
    by: Actor,
    at: datetime,
    recipients: Iterable[tuple[Relative, Person]] = (),
    household: Iterable[Person] = (),
    address: str = "",
    to: Facility | None = None,
) -> Release:
    """The institution that has the child asks to let it go home.

    Parameters
    ----------
    recipients : relatives whom the match names, each with their record: the child goes to one of them.
    household : whoever else lives there.
    address : of the home.
    to : the authority of another country, in place of a family.
    """
    require(by, Permission.REQUEST_RELEASE)
    case_of(by, case.pk, at=at)
    people: list[tuple[Person, Relative | None, bool]] = [(person, relative, True) for relative, person in recipients]
    people += [(person, None, False) for person in household]
    checks = Checks()
    keys = address_keys(address) if address else set()
    address = checks.text("address", address, 200, required=to is None)
    checks.must("address", to is not None or bool(keys), "not_recognisable")
    checks.must("recipients", (to is None) == any(receives for _, _, receives in people), "required")
    checks.must("household", len({person.pk for person, _, _ in people}) == len(people), "already_there")
    checks.done()
    institution, until = head(case.child_id).facility, at + RELEASE_HOLDS
    kind = "family" if to is None else "authority"
    with gate(by=by, at=at, child_id=case.child_id, attempt="request_release"):
        enquiry = last_enquiry(case) if to is None else None
        determination = Determination.objects.filter(case=case).order_by("-n").first()
        wrong = [("parents_not_cleared", to is None and enquiry is None), ("not_determined", determination is None)]
        if any(is_wrong for _, is_wrong in wrong) or determination is None:
            raise Refused([code for code, is_wrong in wrong if is_wrong], child=case.child_id)
        release = Release.objects.create(
            case=case,
            kind=kind,
            child_id=case.child_id,
            institution=institution,
            to=to,
            enquiry=enquiry,
            determination=determination,
            address=address,
            digest=release_digest(
                kind=kind,
                child=case.child_id,
                institution=institution.pk,
                to=to.pk if to else None,
                confirmation=case.confirmation_id,
                enquiry=enquiry.pk if enquiry else None,
                determination=determination.pk,
                people=[(person.pk, relative.pk if relative else None, receives) for person, relative, receives in people],
                address=address,
                until=until,
            ),
            valid_until=until,
            by_id=by.staff_id,
            at=at,
        )
        for person, relative, receives in people:
            ReleasePerson.objects.create(release=release, person=person, relative=relative, receives=receives)
        ReleaseKey.objects.bulk_create(ReleaseKey(release=release, kind=k, key=key) for k, key in sorted(keys))
        if met := against(release, at=at, approvals=False):
            raise Refused(met, child=case.child_id)
        record(by=by, at=at, action="reunification.request_release", subject=f"release:{release.pk}", child_id=case.child_id)
    return release


def approve_release(*, release: Release, digest: str, by: Actor, at: datetime) -> Approval:
    """A supervisor of another organisation agrees to what they were shown; the digest says what that was."""
    require(by, Permission.APPROVE_RELEASE)
    release = release_of(by, release.pk, at=at)
    if not by.stepped_up:
        raise NotAllowed("step_up")
    with gate(by=by, at=at, child_id=release.child_id, attempt="approve_release"):
        if digest_of(release) != release.digest:
            raise Refused(["changed_request"], child=release.child_id)
        if wrong := against(release, at=at, approvals=False):
            raise Refused(wrong, child=release.child_id)
        if Approval.objects.filter(release=release, by=by.staff_id).exists():
            raise Refused(["already_there"], child=release.child_id)
        approval = Approval.objects.create(release=release, digest=digest, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="reunification.approve_release", subject=f"release:{release.pk}", child_id=release.child_id)
    return approval


def revoke_release(*, release: Release, note: str, by: Actor, at: datetime) -> Revocation:
    """Whoever asked for it or approves such takes it back: the child goes nowhere on its strength any more."""
    if by.role != "supervisor":
        require(by, Permission.REQUEST_RELEASE)
    release = release_of(by, release.pk, at=at)
    checks = Checks()
    note = checks.text("note", note, 300)
    checks.done()
    with gate(by=by, at=at, child_id=release.child_id, attempt="revoke_release"):
        if Execution.objects.filter(release=release).exists():
            raise Refused(["already_executed"])
        if not stop([release], "taken_back", by=by, at=at, note=note):
            raise Refused(["already_ended"])
    return release.revocation


def offer_return(
    *,
    release: Release,
    wristband: str,
    place: str,
    condition: str,
    by: Actor,
    at: datetime,
    recipient: Person | None = None,
    items: str = "",
) -> HandoverOffer:
    """The institution's first signature: the child, whoever takes it, and a colleague who signs are at the door."""
    require(by, Permission.REQUEST_RELEASE)
    release = release_of(by, release.pk, at=at)
    with gate(by=by, at=at, child_id=release.child_id, attempt="offer_return"):
        wrong = against(release, at=at)
        if release.kind == "family" and (recipient is None or fresh_check(release, recipient.pk, at=at) is None):
            wrong.append("samples_not_fresh")
        if wrong:
            raise Refused(wrong, child=release.child_id)
        return offer_handover(
            child=release.child,
            to_facility=release.to or release.institution,
            kind=Kind.REPATRIATED if release.to is not None else Kind.REUNIFIED,
            wristband=wristband,
            place=place,
            condition=condition,
            items=items,
            released=True,
            recipient=recipient,
            by=by,
            at=at,
        )


def complete_return(*, release: Release, wristband: str, by: Actor, at: datetime, condition: str = "") -> CustodyEpisode:
    """The second signature: the release is carried out, once, if everything that it rests on stands at this moment."""
    require(by, Permission.ACCEPT_HANDOVER)
    if release.to is None or release.to.agency_id != by.agency_id:
        release = release_of(by, release.pk, at=at)
    with gate(by=by, at=at, child_id=release.child_id, attempt="complete_return"):
        offer = pending_offers().filter(child=release.child_id, kind__in=(Kind.REUNIFIED, Kind.REPATRIATED)).first()
        if offer is None:
            raise NotFound(release=release.pk)
        if Execution.objects.filter(release=release).exists():
            raise Refused(["already_executed"])
        wrong = against(release, at=at)
        check = None if offer.recipient_id is None else fresh_check(release, offer.recipient_id, at=at)
        if release.kind == "family" and check is None:
            wrong.append("samples_not_fresh")
        if wrong:
            raise Refused(wrong, child=release.child_id)
        execution = Execution.objects.create(release=release, offer=offer, check_of=check, by_id=by.staff_id, at=at)
        episode = accept_handover(offer_id=offer.pk, wristband=wristband, condition=condition, released=True, by=by, at=at)
        record(
            by=by,
            at=at,
            action="reunification.complete_return",
            subject=f"release:{release.pk}",
            child_id=release.child_id,
            data={"execution": execution.pk, "episode": episode.pk, "recipient": offer.recipient_id or 0},
        )
    return episode
