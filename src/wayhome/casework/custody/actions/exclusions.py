"""Keep those out who must never have a child."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from wayhome.casework.accounts.models import Facility
from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import kept_for
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid
from wayhome.casework.core.keys import CONTACT_KINDS, keys_of
from wayhome.casework.custody import queries
from wayhome.casework.custody.actions.claims import look_at_claims
from wayhome.casework.custody.gate import gate, permitted
from wayhome.casework.custody.looks import Change, change_of, worth_a_look
from wayhome.casework.custody.models import (
    Admission,
    Exclusion,
    ExclusionKey,
)
from wayhome.casework.custody.rules import Kind, Match
from wayhome.casework.operations.actions import record_visitor
from wayhome.casework.operations.models import Operation, Person

ADMITS = Permission.ADMIT_VISITOR
LOOKERS: list[Callable[..., Sequence[Alarm]]] = []
"""What rooms above look at when somebody is newly excluded: called with `change`, `by` and `at`, they give the alarms that they
raised."""


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
    permitted(by, Permission.ENTER_EXCLUSION, at=at)
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
        if look:
            change = change_of(exclusion=exclusion.pk) if person is None else change_of([person.pk])
            look_again(by=by, at=at, change=change)
        record(
            by=by,
            at=at,
            action="custody.exclude",
            subject=f"exclusion:{exclusion.pk}",
            child_id=child.pk if child else 0,
            data={"ground": ground, "scope": scope, "kind": exclusion.subject},
        )
    return exclusion


def screen(*, kind: str, value: str, by: Actor, at: datetime) -> list[tuple[Exclusion, Match]]:
    """Which exclusions a name, number, address or plate would meet.

    The question is an event, with what it met and without what was asked: nobody tries names until one is met unseen.
    """
    permitted(by, ADMITS if may(by.role, ADMITS) else Permission.READ_EXCLUSIONS, at=at)
    found = queries.screened(kind, value)
    data = {"kind": kind, "match": _worst([match for _, match in found]), "met": [one.pk for one, _ in found]}
    with transaction.atomic():
        record(by=by, at=at, action="custody.screen", subject="screening", data=data)
    return found


def screen_person(*, person: Person, by: Actor, at: datetime) -> Match | None:
    """Whether somebody on record is excluded, or close kin of somebody who is; an event too."""
    permitted(by, Permission.READ_EXCLUSIONS, at=at)
    match = queries.matches([queries.person_subject("person", person.pk)], None).get("person")
    data = {"match": _worst([match] if match else [])}
    with transaction.atomic():
        record(by=by, at=at, action="custody.screen", subject=f"person:{person.pk}", data=data)
    return match


def _worst(matches: list[Match]) -> str:
    return str(Match.SAME if Match.SAME in matches else Match.KIN if matches else "none")


def look_again(*, by: Actor, at: datetime, change: Change | None = None) -> list[Alarm]:
    """Whether anybody who has a child now, is to carry one or asks for one is excluded: an alarm for each, once.

    A record that was merged away may be where the child really is: it is asked about as the record that counts.

    Parameters
    ----------
    change : what is new; None looks at everybody.
    """
    raised: list[Alarm] = []
    # Other rooms wait for locks that those hold who wait for the chain of events: they look before any is written.
    for look in LOOKERS:
        raised += look(change=change, by=by, at=at)
    staff = worth_a_look("accounts_staffkey", "staff_id", change, of_staff=True)
    people = worth_a_look("operations_personkey", "person_id", change)
    places = worth_a_look("accounts_facilitykey", "facility_id", change)
    present = queries.heads().exclude(kind=Kind.DECEASED)
    present = present.filter(Q(responsible__in=staff) | Q(facility__in=places) | Q(offer__foster__person__in=people))
    for episode in present.select_related("child", "facility__jurisdiction", "offer__foster"):
        subjects = [queries.staff_subject("responsible", episode.responsible_id), queries.facility_subject(episode.facility_id)]
        if episode.offer is not None and episode.offer.foster is not None:
            subjects.append(queries.person_subject("household", episode.offer.foster.person_id))
        raised += _told_once(f"episode:{episode.pk}", subjects, episode.child, episode.facility, by=by, at=at)
    # A child that was offered may be on its way already.
    coming = Q(pk__in=worth_a_look("custody_offerkey", "offer_id", change)) | Q(escort__in=people)
    for offer in queries.pending_offers().filter(coming).select_related("child", "from_episode__facility__jurisdiction"):
        subjects = [queries.Subject("vehicle", "custody_offerkey", "offer_id", offer.pk)]
        if offer.escort_id is not None:
            subjects.append(queries.person_subject("escort", offer.escort_id))
        raised += _told_once(f"offer:{offer.pk}", subjects, offer.child, offer.from_episode.facility, by=by, at=at)
    relatives = worth_a_look("families_relativekey", "relative_id", change)
    raised += look_at_claims(people, relatives, by=by, at=at)
    return raised


def look_anew(*, by: Actor, at: datetime, **_: Any) -> None:
    """Two records became one child, and exclusions go with records: whoever has a child now may have become excluded by it."""
    look_again(by=by, at=at)


def look_at_known(*, persons: Iterable[int], by: Actor, at: datetime, **_: Any) -> None:
    """More is known of somebody on record, or they are kin: whoever has a child now, or asks for one, may be excluded by it."""
    look_again(by=by, at=at, change=change_of(persons))


def _told_once(
    about: str, subjects: list[queries.Subject], child: Child, facility: Facility, *, by: Actor, at: datetime
) -> list[Alarm]:
    found = queries.matches(subjects, kept_for(child).pk)
    if not found or Alarm.objects.filter(kind=Alarm.Kind.EXCLUDED_CUSTODIAN, subject=about).exists():
        return []
    alarm = raise_alarm(
        kind=Alarm.Kind.EXCLUDED_CUSTODIAN,
        at=at,
        by=by,
        level=3,
        code=min(found),
        child_id=child.pk,
        agency_id=0,
        jurisdiction=facility.jurisdiction.path,
        subject=about,
    )
    return [alarm]


def admit(
    *,
    facility: Facility,
    purpose: str,
    by: Actor,
    at: datetime,
    person: Person | None = None,
    facts: Sequence[tuple[str, str]] = (),
    child: Child | None = None,
) -> Admission:
    """Let somebody from outside in: a visitor, a volunteer carer, an official. Nobody excluded comes in anywhere.

    Parameters
    ----------
    facts : of somebody who is on no record, in place of `person`: name and identity number, and what else is known. They are
        recorded in the same transaction, so that the exclusions are asked about all of it.
    """
    permitted(by, Permission.ADMIT_VISITOR, at=at)
    with gate(by=by, at=at, child_id=child.pk if child else 0, attempt=f"admit:{purpose}"):
        if person is None:
            person = record_visitor(facts=facts, by=by, at=at)
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
