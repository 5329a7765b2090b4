"""Take a child into care, hand it over, keep those out who must never have it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from wayhome.casework.accounts.models import Facility, Staff
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.models import Alarm
from wayhome.casework.audit.rules import canonical
from wayhome.casework.children import actions as describing
from wayhome.casework.children.models import Child, SiblingGroup, Wristband
from wayhome.casework.children.photos import clean_photo
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.core.keys import CONTACT_KINDS, address_keys, keys_of, vehicle_keys
from wayhome.casework.custody import queries
from wayhome.casework.custody.gate import gate
from wayhome.casework.custody.models import (
    Admission,
    Assignment,
    AssignmentEnd,
    BreakGlass,
    BreakGlassReview,
    Clearance,
    CustodyEpisode,
    Exclusion,
    ExclusionKey,
    FosterApproval,
    FosterEnd,
    FosterKey,
    FosterRequest,
    HandoverOffer,
    HeadCount,
    HeadCountEntry,
    MissingEnd,
    MissingReport,
    OfferEnd,
    OfferKey,
)
from wayhome.casework.custody.rules import Kind, refusals
from wayhome.casework.operations.models import Operation, Person, RescueEvent

GLASS_HOLDS = timedelta(hours=24)
FOSTER_HOLDS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Intake:
    """A child that was just found.

    Parameters
    ----------
    number : of a wristband printed before; a new one by default.
    started_at : when the police took it.
    age : at least and at most so many days old today, and by which method.
    marks : (place, kind, size in mm, note) of each.
    items : what was found with it.
    photo : as the camera made it; the pixels alone are kept.
    """

    event: RescueEvent
    post: Facility
    sex: str
    call_name: str
    started_at: datetime
    condition: str = ""
    number: str = ""
    siblings: SiblingGroup | None = None
    age: tuple[int, int, str] | None = None
    marks: tuple[tuple[str, str, int | None, str], ...] = ()
    items: tuple[str, ...] = ()
    photo: bytes | None = None


def take_into_care(*, intake: Intake, by: Actor, at: datetime) -> Child:
    """Register a child and open its chain of custody, in one transaction: neither can be without the other.

    What is known of it at once is written with it, and records that may be the same child are proposed.
    """
    require(by, Permission.REGISTER_CHILD)
    if intake.sex not in ("F", "M", "U"):
        raise Invalid({"sex": "unknown_choice"})
    if intake.number and not numbers.is_number(intake.number):
        raise Invalid({"number": "check_digit"})
    number = numbers.plain_number(intake.number) or _free_number()
    jpeg = None if intake.photo is None else clean_photo(intake.photo)
    with gate(by=by, at=at, attempt="take_into_care"):
        episode = CustodyEpisode.objects.create(
            child_id=int(number),
            n=1,
            kind=Kind.POLICE,
            facility=intake.post,
            responsible_id=by.staff_id,
            wristband=number,
            condition=intake.condition,
            started_at=intake.started_at,
            at=at,
        )
        child = Child.objects.create(
            id=int(number),
            call_name=intake.call_name.strip()[:40],
            sex=intake.sex,
            event=intake.event,
            siblings=intake.siblings,
            first_episode=episode,
            by_id=by.staff_id,
            at=at,
        )
        Wristband.objects.create(child=child, code=number, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="custody.take_into_care", subject=f"episode:{episode.pk}", child_id=child.pk)
        _describe(child, intake, jpeg, by, at)
    describing.propose_duplicates(child=child, at=at)
    return child


def _describe(child: Child, intake: Intake, jpeg: bytes | None, by: Actor, at: datetime) -> None:
    """Write down what is known of a child from the start."""
    if intake.age is not None:
        least, most, method = intake.age
        today = at.astimezone(ZoneInfo(intake.event.operation.time_zone)).date()
        describing.estimate_age(child=child, on=today, least_days=least, most_days=most, method=method, by=by, at=at)
    for place, kind, size_mm, note in intake.marks:
        describing.add_mark(child=child, place=place, kind=kind, size_mm=size_mm, note=note, by=by, at=at)
    for what in intake.items:
        describing.add_item(child=child, what=what, by=by, at=at)
    if jpeg is not None:
        describing.keep_photo(child=child, jpeg=jpeg, by=by, at=at)


def replace_wristband(*, child: Child, by: Actor, at: datetime) -> Wristband:
    """A new band for a lost one; the old code opens nothing any more."""
    require(by, Permission.DESCRIBE_CHILD)
    old = queries.current_wristband(child.pk)
    with gate(by=by, at=at, child_id=child.pk, attempt="replace_wristband"):
        band = Wristband.objects.create(child=child, code=numbers.new_number(), replaces=old, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="custody.replace_wristband", subject=f"wristband:{band.pk}", child_id=child.pk)
    return band


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
) -> HandoverOffer:
    """The custodian signs that the child goes to another place; the child stays until somebody there signs too.

    Raises
    ------
    Refused
        with every reason that stands against it.
    """
    require(by, Permission.OFFER_HANDOVER)
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
        giver_id=by.staff_id,
        escort=escort,
        vehicle=vehicle.strip(),
        wristband=scanned,
        place=place.strip()[:200],
        condition=condition.strip()[:200],
        items=items.strip()[:300],
        at=at,
    )
    with gate(by=by, at=at, child_id=child.pk, attempt=f"offer_handover:{kind}", jurisdiction=_place_of(child)):
        wrong = refusals(queries.handover_facts(offer, receiver_id=None, wristband=scanned, started_at=at))
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
    *, offer_id: int, wristband: str, by: Actor, at: datetime, started_at: datetime | None = None, condition: str = ""
) -> CustodyEpisode:
    """The receiver scans the wristband and signs: from this moment the child is the receiver's to answer for."""
    require(by, Permission.ACCEPT_HANDOVER)
    scanned = numbers.plain_number(wristband)
    offer = _pending(offer_id, by=by, receiving=True)
    begins = started_at or at
    with gate(
        by=by, at=at, child_id=offer.child_id, attempt=f"accept_handover:{offer.kind}", jurisdiction=_place_of(offer.child)
    ):
        wrong = refusals(queries.handover_facts(offer, receiver_id=by.staff_id, wristband=scanned, started_at=begins))
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
    require(by, Permission.OFFER_HANDOVER if withdrawn else Permission.ACCEPT_HANDOVER)
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


def clear(*, child: Child, fit: bool, level: str, by: Actor, at: datetime, limits: str = "") -> Clearance:
    """A doctor of the hospital that has the child says whether it may leave; the last word counts."""
    with gate(by=by, at=at, child_id=child.pk, attempt="clear", jurisdiction=_place_of(child)):
        require(by, Permission.CLEAR)
        clearance = Clearance.objects.create(
            child=child,
            episode=queries.head(child.pk),
            fit=fit,
            level=level,
            limits=limits.strip()[:200],
            by_id=by.staff_id,
            at=at,
        )
        record(by=by, at=at, action="custody.clear", subject=f"clearance:{clearance.pk}", child_id=child.pk, data={"fit": fit})
    return clearance


def record_death(*, child: Child, by: Actor, at: datetime, died_at: datetime, condition: str) -> CustodyEpisode:
    """A doctor records that the child died in hospital; its chain ends here."""
    with gate(by=by, at=at, child_id=child.pk, attempt="record_death", jurisdiction=_place_of(child)):
        require(by, Permission.CLEAR)
        last = queries.head(child.pk)
        episode = CustodyEpisode.objects.create(
            child=child,
            n=last.n + 1,
            kind=Kind.DECEASED,
            facility_id=last.facility_id,
            responsible_id=by.staff_id,
            wristband=last.wristband,
            condition=condition.strip()[:200],
            started_at=died_at,
            at=at,
        )
        record(by=by, at=at, action="custody.record_death", subject=f"episode:{episode.pk}", child_id=child.pk)
    return episode


def exclude(
    *,
    by: Actor,
    at: datetime,
    ground: str,
    person: Person | None = None,
    subject: str = "person",
    value: str = "",
    scope: str = "all",
    child: Child | None = None,
    operation: Operation | None = None,
    note: str = "",
    look: bool = True,
) -> Exclusion:
    """Never let a person, address, telephone, vehicle or identity number near a child (scope: all, of an"
    " operation, or one) again.

    It cannot be lifted. If an excluded person turns out to have a child in hand, an alarm is raised at once;
    with `look=False` whoever enters a whole list calls `look_again` once at its end, in the same transaction.
    """
    require(by, Permission.ENTER_EXCLUSION)
    keys = set() if person is not None else keys_of(subject, value) if subject in CONTACT_KINDS else set()
    if person is None and not keys:
        raise Invalid({"value": "not_recognisable"})
    with gate(by=by, at=at, child_id=child.pk if child else 0, attempt="exclude"):
        exclusion = Exclusion.objects.create(
            subject="person" if person else subject,
            person=person,
            value="" if person else value.strip(),
            scope=scope,
            child=child,
            operation=operation,
            ground=ground,
            note=note.strip()[:300],
            by_id=by.staff_id,
            at=at,
        )
        ExclusionKey.objects.bulk_create(ExclusionKey(exclusion=exclusion, kind=k, key=key) for k, key in sorted(keys))
        record(
            by=by,
            at=at,
            action="custody.exclude",
            subject=f"exclusion:{exclusion.pk}",
            child_id=child.pk if child else 0,
            data={"ground": ground, "scope": scope, "kind": exclusion.subject},
        )
    if look:
        look_again(by=by, at=at)
    return exclusion


def look_again(*, by: Actor, at: datetime) -> list[Alarm]:
    """Whether anybody who has a child now, or carries one, is excluded: an alarm for each, once."""
    raised = []
    for episode in queries.heads().exclude(kind=Kind.DECEASED).select_related("facility__jurisdiction", "offer__foster"):
        subjects = [queries.staff_subject("responsible", episode.responsible_id), queries.facility_subject(episode.facility_id)]
        if episode.offer is not None and episode.offer.foster is not None:
            subjects.append(queries.person_subject("household", episode.offer.foster.person_id))
        found = queries.matches(subjects, episode.child_id)
        told = Alarm.objects.filter(kind=Alarm.Kind.EXCLUDED_CUSTODIAN, subject=f"episode:{episode.pk}").exists()
        if found and not told:
            raised.append(
                raise_alarm(
                    kind=Alarm.Kind.EXCLUDED_CUSTODIAN,
                    at=at,
                    by=by,
                    level=3,
                    code=min(found),
                    child_id=episode.child_id,
                    agency_id=0,
                    jurisdiction=episode.facility.jurisdiction.path,
                    subject=f"episode:{episode.pk}",
                )
            )
    return raised


def admit(*, facility: Facility, person: Person, purpose: str, by: Actor, at: datetime, child: Child | None = None) -> Admission:
    """Let somebody from outside in: a visitor, a volunteer carer, an official. Nobody excluded comes in anywhere."""
    require(by, Permission.ADMIT_VISITOR)
    with gate(by=by, at=at, child_id=child.pk if child else 0, attempt=f"admit:{purpose}"):
        admission = Admission.objects.create(
            facility=facility, person=person, purpose=purpose, child=child, by_id=by.staff_id, at=at
        )
        record(
            by=by,
            at=at,
            action="custody.admit",
            subject=f"admission:{admission.pk}",
            child_id=child.pk if child else 0,
            data={"person": person.pk, "purpose": purpose},
        )
    return admission


def propose_foster(
    *, child: Child, institution: Facility, person: Person, address: str, reason: str, by: Actor, at: datetime
) -> FosterRequest:
    """Ask to place a child with a household. What is asked is fixed by its digest; two other organisations sign that digest."""
    require(by, Permission.PROPOSE_FOSTER)
    household = address_keys(address)
    if not household:
        raise Invalid({"address": "not_recognisable"})
    until = at + FOSTER_HOLDS
    digest = hashlib.sha256(
        canonical(
            {
                "child": child.pk,
                "institution": institution.pk,
                "person": person.pk,
                "facts": sorted(person.facts.values_list("kind", "value")),
                "address": address.strip(),
                "until": until,
            }
        ).encode()
    ).hexdigest()
    with gate(by=by, at=at, child_id=child.pk, attempt="propose_foster"):
        request = FosterRequest.objects.create(
            child=child,
            institution=institution,
            person=person,
            address=address.strip(),
            reason=reason.strip()[:300],
            digest=digest,
            valid_until=until,
            by_id=by.staff_id,
            at=at,
        )
        FosterKey.objects.bulk_create(FosterKey(request=request, kind=k, key=key) for k, key in sorted(household))
        if queries.matches([queries.Subject("household", "custody_fosterkey", "request_id", request.pk)], child.pk):
            raise Refused(["excluded"], child=child.pk)
        record(by=by, at=at, action="custody.propose_foster", subject=f"foster:{request.pk}", child_id=child.pk)
    return request


def approve_foster(*, request: FosterRequest, digest: str, by: Actor, at: datetime) -> FosterApproval:
    """Another organisation agrees to what it was shown; the digest says what that was."""
    require(by, Permission.APPROVE_FOSTER)
    if not by.stepped_up:
        raise NotAllowed("step_up")
    with gate(by=by, at=at, child_id=request.child_id, attempt="approve_foster"):
        approval = FosterApproval.objects.create(request=request, digest=digest, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="custody.approve_foster", subject=f"foster:{request.pk}", child_id=request.child_id)
    return approval


def end_foster(*, request: FosterRequest, reason: str, by: Actor, at: datetime) -> FosterEnd:
    """Take a request back, or an approval; the child goes nowhere on its strength any more."""
    if by.role not in ("caseworker", "officer", "supervisor", "placement_officer"):
        raise NotAllowed("not_allowed")
    with gate(by=by, at=at, child_id=request.child_id, attempt="end_foster"):
        end = FosterEnd.objects.create(request=request, reason=reason.strip()[:200], by_id=by.staff_id, at=at)
        record(by=by, at=at, action="custody.end_foster", subject=f"foster:{request.pk}", child_id=request.child_id)
    return end


def count_head(*, facility: Facility, night: date, child: Child, seen: bool, by: Actor, at: datetime) -> HeadCountEntry:
    """A carer saw a child tonight, or did not; a child not seen is an alarm at once."""
    require(by, Permission.COUNT_HEADS)
    if facility.agency_id != by.agency_id or queries.head(child.pk).facility_id != facility.pk:
        raise NotFound(child=child.pk)
    with gate(by=by, at=at, child_id=child.pk, attempt="count_head"):
        count, _ = HeadCount.objects.get_or_create(facility=facility, night=night, defaults={"by_id": by.staff_id, "at": at})
        entry = HeadCountEntry.objects.create(count=count, child=child, seen=seen, by_id=by.staff_id, at=at)
        record(
            by=by, at=at, action="custody.count_head", subject=f"head_count:{count.pk}", child_id=child.pk, data={"seen": seen}
        )
        if not seen:
            raise_alarm(kind=Alarm.Kind.NOT_SEEN, at=at, by=by, level=3, child_id=child.pk, subject=f"head_count:{count.pk}")
    return entry


def report_missing(*, child: Child, last_seen_at: datetime, circumstances: str, by: Actor, at: datetime) -> MissingReport:
    """The child is gone. Its custodian goes on answering for it; everybody above is alarmed."""
    require(by, Permission.REPORT_MISSING)
    if not circumstances.strip():
        raise Invalid({"circumstances": "required"})
    with gate(by=by, at=at, child_id=child.pk, attempt="report_missing"):
        report = MissingReport.objects.create(
            child=child, last_seen_at=last_seen_at, circumstances=circumstances.strip()[:300], by_id=by.staff_id, at=at
        )
        record(by=by, at=at, action="custody.report_missing", subject=f"missing:{report.pk}", child_id=child.pk)
        raise_alarm(
            kind=Alarm.Kind.MISSING,
            at=at,
            by=by,
            level=3,
            child_id=child.pk,
            agency_id=queries.head(child.pk).facility.agency_id,
            subject=f"missing:{report.pk}",
        )
    return report


def end_missing(*, report: MissingReport, note: str, by: Actor, at: datetime) -> MissingEnd:
    """The child is there again."""
    require(by, Permission.REPORT_MISSING)
    with gate(by=by, at=at, child_id=report.child_id, attempt="end_missing"):
        end = MissingEnd.objects.create(report=report, note=note.strip()[:300], by_id=by.staff_id, at=at)
        record(by=by, at=at, action="custody.end_missing", subject=f"missing:{report.pk}", child_id=report.child_id)
    return end


def assign(*, child: Child, staff: Staff, by: Actor, at: datetime) -> Assignment:
    """Somebody works on a child's case and may read its file."""
    require(by, Permission.ASSIGN)
    with gate(by=by, at=at, child_id=child.pk, attempt="assign"):
        assignment = Assignment.objects.create(child=child, staff=staff, by_id=by.staff_id, at=at)
        record(
            by=by,
            at=at,
            action="custody.assign",
            subject=f"assignment:{assignment.pk}",
            child_id=child.pk,
            data={"staff": staff.pk},
        )
    return assignment


def end_assignment(*, assignment: Assignment, by: Actor, at: datetime) -> AssignmentEnd:
    """The work on the case is over."""
    require(by, Permission.ASSIGN)
    with gate(by=by, at=at, child_id=assignment.child_id, attempt="end_assignment"):
        end = AssignmentEnd.objects.create(assignment=assignment, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="custody.end_assignment", subject=f"assignment:{assignment.pk}", child_id=assignment.child_id)
    return end


def break_glass(*, child_id: int, reason: str, by: Actor, at: datetime) -> BreakGlass:
    """Open a file without need to know: with a reason, for 24 hours, told to those above, and reviewed."""
    require(by, Permission.BREAK_GLASS)
    if not by.stepped_up:
        raise NotAllowed("step_up")
    if len(reason.strip()) < 10:
        raise Invalid({"reason": "too_short"})
    if not Child.objects.filter(pk=child_id).exists():
        raise NotFound(child=child_id)
    with gate(by=by, at=at, child_id=child_id, attempt="break_glass"):
        glass = BreakGlass.objects.create(
            child_id=child_id, staff_id=by.staff_id, reason=reason.strip()[:300], at=at, expires_at=at + GLASS_HOLDS
        )
        record(by=by, at=at, action="custody.break_glass", subject=f"glass:{glass.pk}", child_id=child_id)
        raise_alarm(
            kind=Alarm.Kind.BREAK_GLASS, at=at, by=by, level=2, child_id=child_id, agency_id=0, subject=f"glass:{glass.pk}"
        )
    return glass


def review_glass(*, glass: BreakGlass, justified: bool, note: str, by: Actor, at: datetime) -> BreakGlassReview:
    """Say whether the reason held; not of one's own."""
    require(by, Permission.REVIEW_BREAK_GLASS)
    with gate(by=by, at=at, child_id=glass.child_id, attempt="review_glass"):
        if glass.staff_id == by.staff_id:
            raise Refused(["self_approval"])
        review = BreakGlassReview.objects.create(
            glass=glass, justified=justified, note=note.strip()[:300], by_id=by.staff_id, at=at
        )
        record(by=by, at=at, action="custody.review_glass", subject=f"glass:{glass.pk}", child_id=glass.child_id)
    return review


def read_file(*, child_id: int, by: Actor, at: datetime) -> Child:
    """Open a child's file: the look is an event, and without the event there is no look."""
    child = queries.visible_child(child_id, by=by, at=at)
    with gate(by=by, at=at, child_id=child_id, attempt="read_file"):
        record(by=by, at=at, action="custody.read_file", subject=f"child:{child_id}", child_id=child_id)
    return child


def _pending(offer_id: int, *, by: Actor, receiving: bool) -> HandoverOffer:
    offers = queries.pending_offers().select_related(
        "child__event__jurisdiction", "to_facility", "from_episode__facility", "foster"
    )
    offer = offers.filter(pk=offer_id).first()
    agency = None if offer is None else offer.to_facility.agency_id if receiving else offer.from_episode.facility.agency_id
    if offer is None or agency != by.agency_id:
        raise NotFound(offer=offer_id)
    return offer


def _free_number() -> str:
    while True:
        number = numbers.new_number()
        if not Wristband.objects.filter(code=number).exists():
            return number


def _place_of(child: Child) -> str:
    return child.event.jurisdiction.path
