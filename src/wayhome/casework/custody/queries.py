"""Where a child is, who may know of it, and who must never have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from wayhome.casework.accounts.models import FacilityEnd, Staff, StaffEnd
from wayhome.casework.accounts.rules import FacilityKind, Permission, may
from wayhome.casework.children.models import Child, Wristband
from wayhome.casework.children.queries import absorbed, merged_away
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.core.keys import keys_of
from wayhome.casework.core.prepared import prepared
from wayhome.casework.custody import guards
from wayhome.casework.custody.models import (
    Assignment,
    BreakGlass,
    Clearance,
    CustodyEpisode,
    Exclusion,
    ExclusionKey,
    FosterEnd,
    FosterRequest,
    HandoverOffer,
    HeadCountEntry,
    MissingReport,
)
from wayhome.casework.custody.rules import GONE, HandoverFacts, Kind, Match, Signatory
from wayhome.casework.operations.models import PersonKey, RescueEvent, RescueEventKey

Among = Iterable[int] | QuerySet[Any] | None
"""Some children, by their numbers or by a query for them; None for all."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody or something to be screened: a row whose identity keys are known."""

    what: str
    keys_table: str
    owner_column: str
    owner_id: int
    of_staff: bool = False


def staff_subject(what: str, staff_id: int) -> Subject:
    """A member of staff."""
    return Subject(what, "accounts_staffkey", "staff_id", staff_id, of_staff=True)


def facility_subject(facility_id: int) -> Subject:
    """A place."""
    return Subject("facility", "accounts_facilitykey", "facility_id", facility_id)


def person_subject(what: str, person_id: int) -> Subject:
    """Somebody who is not staff."""
    return Subject(what, "operations_personkey", "person_id", person_id)


def relative_subject(relative_id: int) -> Subject:
    """A relative in a family's tree who is on no record, by the names told."""
    return Subject("relative", "families_relativekey", "relative_id", relative_id)


def matches(subjects: Iterable[Subject], child_id: int | None) -> dict[str, Match]:
    """Which subjects are excluded for a child (for any child with None), or close kin of somebody who is."""
    asked = [(subject, kin) for subject in subjects for kin in (False, True)]
    if not asked:
        return {}
    child = None if child_id is None else str(int(child_id))
    columns = ", ".join(
        "CASE WHEN "
        + guards.excluded(
            subject.keys_table, subject.owner_column, str(int(subject.owner_id)), child, kin=kin, of_staff=subject.of_staff
        )
        + " THEN 1 ELSE 0 END"
        for subject, kin in asked
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}")
        answers = cursor.fetchone()
    found: dict[str, Match] = {}
    for (subject, kin), answer in zip(asked, answers, strict=True):
        if answer and found.get(subject.what) is not Match.SAME:
            found[subject.what] = Match.KIN if kin else Match.SAME
    return found


def excluded_places(places: Iterable[int], children: Iterable[int]) -> dict[int, set[int]]:
    """By child: the places, of those given, that meet an exclusion or are kin of somebody excluded; seldom any."""
    wanted, asked = ", ".join(str(int(one)) for one in places), ", ".join(str(int(one)) for one in children)
    found: dict[int, set[int]] = {}
    if not wanted or not asked:
        return found

    def met(child: str | None) -> str:
        ways = (guards.excluded("accounts_facilitykey", "facility_id", "f.id", child, kin=kin) for kin in (False, True))
        return " OR ".join(ways)

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT f.id FROM accounts_facility f WHERE f.id IN ({wanted}) AND ({met(None)})")
        doubtful = ", ".join(str(row[0]) for row in cursor.fetchall())
        if doubtful:
            cursor.execute(
                "SELECT c.id, f.id FROM children_child c CROSS JOIN accounts_facility f"
                f" WHERE c.id IN ({asked}) AND f.id IN ({doubtful}) AND ({met('c.id')})"
            )
            for child, place in cursor.fetchall():
                found.setdefault(child, set()).add(place)
    return found


def head(child_id: int) -> CustodyEpisode:
    """The child's present episode."""
    episode = _last_episode.first(child_id)
    if episode is None:
        raise NotFound(child=child_id)
    return episode


@prepared
def _last_episode(child: int) -> QuerySet[CustodyEpisode]:
    of_child = CustodyEpisode.objects.filter(child_id=child).select_related("facility__agency", "responsible")
    return of_child.order_by("-n")[:1]


def rescued_in(child: Child) -> str:
    """Path of the jurisdiction in which a child was rescued: whose matter it is, wherever it is now."""
    return child.event.jurisdiction.path


def heads() -> QuerySet[CustodyEpisode]:
    """The present episode of every child."""
    last = CustodyEpisode.objects.filter(child_id=OuterRef("child_id")).order_by("-n").values("pk")[:1]
    return CustodyEpisode.objects.filter(pk=Subquery(last))


def everyones() -> QuerySet[CustodyEpisode]:
    """The same, for questions about most children of the house: all episodes are held against all others at once."""
    later = CustodyEpisode.objects.filter(child_id=OuterRef("child_id"), n__gt=OuterRef("n"))
    return CustodyEpisode.objects.filter(~Exists(later))


@prepared
def timeline(child_id: int) -> QuerySet[CustodyEpisode]:
    """All episodes of a child, the first first."""
    of_child = CustodyEpisode.objects.filter(child_id=child_id)
    return of_child.select_related("facility__agency", "responsible", "offer__giver").order_by("n")


def pending_offers() -> QuerySet[HandoverOffer]:
    """Offers that were neither accepted nor ended."""
    return HandoverOffer.objects.filter(episode__isnull=True, end__isnull=True)


@prepared
def offers_to(agency: int) -> QuerySet[HandoverOffer]:
    """What waits for an agency to accept."""
    waiting = pending_offers().filter(to_facility__agency_id=agency)
    return waiting.select_related("child", "to_facility", "giver").order_by("at")


@prepared
def offer_for(child: int) -> QuerySet[HandoverOffer]:
    """What was offered for a child and waits: one at the most."""
    return pending_offers().filter(child_id=child).select_related("to_facility", "giver")


@prepared
def stays_with(agency: int) -> QuerySet[Any]:
    """Children whom an agency has at a police post or in a hospital, who came first first; `offered` says whether to somebody."""
    here = heads().filter(facility__agency_id=agency, kind__in=(Kind.POLICE, Kind.HOSPITAL))
    counted = here.exclude(child__in=absorbed().values("pk"))
    offered = Exists(pending_offers().filter(child_id=OuterRef("child_id"), from_episode__facility__agency_id=agency))
    return counted.annotate(offered=offered).select_related("child").order_by("started_at")


def last_clearance(episode_id: int) -> Clearance | None:
    """The last word of a doctor in a hospital stay."""
    return last_clearances([episode_id]).get(episode_id)


def last_clearances(episode_ids: Iterable[int]) -> dict[int, Clearance]:
    """`last_clearance` of many stays at once, by stay."""
    return {word.episode_id: word for word in _clearances(set(episode_ids))}


@prepared
def _clearances(episodes: list[int]) -> QuerySet[Clearance]:
    return Clearance.objects.filter(episode_id__in=episodes).order_by("pk")


def current_wristband(child_id: int) -> Wristband | None:
    """The band that the child wears."""
    return Wristband.objects.filter(child_id=child_id, replaced_by__isnull=True).first()


def is_absorbed(child_id: int) -> bool:
    """Whether two people said that this record is another child's."""
    return child_id in merged_away([child_id])


def open_missing(child_id: int) -> MissingReport | None:
    """The report that the child is gone, if it stands."""
    return _missing.first(child_id)


@prepared
def _missing(child: int) -> QuerySet[MissingReport]:
    return MissingReport.objects.filter(child_id=child, end__isnull=True).order_by("-at")[:1]


def visible_children(by: Actor, *, at: datetime, among: QuerySet[Any] | None = None) -> QuerySet[Child]:
    """Children whose file the actor has need to know: nobody else's number, count or name comes out of any list.

    The agency that answers for the child or is asked to; the agency that rescued it; those assigned; those who broke the glass
    and whose time is not over; and those who oversee the jurisdiction of the rescue or of the place where the child is.

    Each way of concern goes from the few rows of the actor's to the children, so that nobody else's are looked at; where the
    question is about the children of a query, `among`, it begins with them.
    """
    if not may(by.role, Permission.READ_CHILD):
        return Child.objects.none()
    asker = *_asker(by, at), among
    return Child.objects.filter(pk__in=_concerned.inside(*asker) if among is None else _concerned.anew(*asker))


def _asker(by: Actor, at: datetime) -> tuple[int, int, str | None, datetime]:
    return by.agency_id, by.staff_id, by.jurisdiction if by.oversees else None, at


@prepared
def _concerned(agency: int, staff: int, below: str | None, at: datetime, among: Among) -> QuerySet[Any]:
    """Children who concern an agency or one of its staff, or are below the jurisdiction that the actor oversees."""
    first, *others = (
        (rows if among is None else rows.filter(**{f"{column}__in": among})).values_list(column, flat=True)
        for column, rows in _concerns(agency, staff, below, at, among)
    )
    return first.union(*others)


def _concerns(agency: int, staff: int, below: str | None, at: datetime, among: Among) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Rows by which a child concerns somebody, and their column that names the child."""
    yield "child_id", heads().filter(facility__agency_id=agency)
    yield "pk", Child.objects.filter(first_episode__facility__agency_id=agency)
    yield "child_id", pending_offers().filter(to_facility__agency_id=agency)
    yield "child_id", Assignment.objects.filter(staff_id=staff, end__isnull=True)
    yield "child_id", BreakGlass.objects.filter(staff_id=staff, at__lte=at, expires_at__gt=at)
    if below is not None and among is None:
        yield "pk", Child.objects.filter(event__jurisdiction__path__startswith=below)
        yield "child_id", heads().filter(facility__jurisdiction__path__startswith=below)
    elif below is not None:
        # From the few children to their places: the other way round, everybody in the province is looked at.
        rescued = RescueEvent.objects.filter(pk=OuterRef("event_id")).values("jurisdiction__path")
        there = heads().filter(child_id=OuterRef("pk")).values("facility__jurisdiction__path")
        either = Q(rescued__startswith=below) | Q(there__startswith=below)
        yield "pk", Child.objects.alias(rescued=Subquery(rescued), there=Subquery(there)).filter(either)


def is_visible(child_id: int, *, by: Actor, at: datetime) -> bool:
    """Whether the actor may know of a child."""
    return child_id in visible_numbers([child_id], by=by, at=at)


def visible_among(child_ids: Iterable[int], *, by: Actor, at: datetime) -> dict[int, Child]:
    """Those of some children that the actor may know of."""
    if not may(by.role, Permission.READ_CHILD):
        return {}
    return {one.pk: one for one in _visible(*_asker(by, at), set(child_ids))}


def visible_numbers(child_ids: Iterable[int], *, by: Actor, at: datetime) -> set[int]:
    """As `visible_among`, their numbers alone."""
    return set(_concerned(*_asker(by, at), set(child_ids))) if may(by.role, Permission.READ_CHILD) else set()


@prepared
def _visible(agency: int, staff: int, below: str | None, at: datetime, among: Among) -> QuerySet[Child]:
    found = Child.objects.filter(pk__in=_concerned.anew(agency, staff, below, at, among))
    return found.select_related("event__operation", "event__jurisdiction")


def visible_child(child_id: int, *, by: Actor, at: datetime) -> Child:
    """One child that the actor may know of; NotFound otherwise, whether it exists or not."""
    child = visible_among([child_id], by=by, at=at).get(child_id)
    if child is None:
        raise NotFound(child=child_id)
    return child


def foster_ready(foster: FosterRequest | None, *, child_id: int, facility_id: int, moment: datetime) -> bool:
    """Whether two organisations beside the proposer's approved exactly this, and nothing has ended it."""
    if foster is None or foster.child_id != child_id or foster.institution_id != facility_id or foster.valid_until < moment:
        return False
    proposer = Staff.objects.get(pk=foster.by_id)
    agencies = {
        approval.by.agency_id
        for approval in foster.approvals.select_related("by").filter(by__end__isnull=True, digest=foster.digest)
        if approval.by.agency_id != proposer.agency_id
    }
    used = CustodyEpisode.objects.filter(offer__foster=foster).exists()
    ended = FosterEnd.objects.filter(request_id=foster.pk).exists()
    return len(agencies) >= 2 and not used and not ended


def handover_facts(
    offer: HandoverOffer, *, receiver_id: int | None, wristband: str, started_at: datetime, released: bool = False
) -> HandoverFacts:
    """What the offer (stored or not) and the records say about a handover, for `rules.refusals`."""
    present = head(offer.child_id)
    facility = offer.to_facility
    band = current_wristband(offer.child_id)
    subjects = [staff_subject("giver", offer.giver_id), facility_subject(facility.pk)]
    if receiver_id is not None:
        subjects.append(staff_subject("receiver", receiver_id))
    if offer.escort_id is not None:
        subjects.append(person_subject("escort", offer.escort_id))
    if offer.recipient_id is not None:
        subjects.append(person_subject("recipient", offer.recipient_id))
    if offer.pk is not None:
        subjects.append(Subject("vehicle", "custody_offerkey", "offer_id", offer.pk))
    if offer.foster is not None:
        subjects.append(person_subject("household", offer.foster.person_id))
        subjects.append(Subject("household", "custody_fosterkey", "request_id", offer.foster.pk))
    event = offer.child.event
    place_keys = set(RescueEventKey.objects.filter(event=event).values_list("kind", "key"))
    home_keys = set(facility.keys.values_list("kind", "key"))
    if offer.foster is not None:
        home_keys |= set(offer.foster.keys.values_list("kind", "key"))
    clearance = last_clearance(present.pk)
    return HandoverFacts(
        kind=Kind(present.kind),
        to_kind=Kind(offer.kind),
        facility_kind=FacilityKind(facility.kind),
        facility_open=not FacilityEnd.objects.filter(facility_id=facility.pk).exists(),
        from_agency=present.facility.agency_id,
        to_agency=facility.agency_id,
        giver=_signatory(offer.giver_id),
        receiver=None if receiver_id is None else _signatory(receiver_id),
        is_head=offer.from_episode_id == present.pk,
        wristband_fits=band is not None and band.code == wristband,
        cleared=clearance is not None and clearance.fit,
        matches=matches(subjects, offer.child_id),
        found_here=event.facility_id == facility.pk or bool(place_keys & home_keys),
        absorbed=is_absorbed(offer.child_id),
        foster_asked=offer.foster_id is not None,
        foster_ready=foster_ready(offer.foster, child_id=offer.child_id, facility_id=facility.pk, moment=started_at),
        started_at=started_at,
        before=present.started_at,
        released=released,
    )


def _signatory(staff_id: int) -> Signatory:
    staff = Staff.objects.filter(pk=staff_id).first()
    if staff is None:
        return Signatory(staff_id, 0, "", active=False)
    return Signatory(staff_id, staff.agency_id, staff.role, active=not StaffEnd.objects.filter(staff_id=staff_id).exists())


def screened(kind: str, value: str) -> list[tuple[Exclusion, Match]]:
    """Which exclusions a name, number, address or plate would meet: itself, or as close kin of somebody excluded."""
    keys = keys_of(kind, value)
    if not keys:
        return []
    known = Q()
    for key_kind, key in keys:
        known |= Q(kind=key_kind, key=key)
    things = ExclusionKey.objects.filter(known).values("exclusion_id")
    people = PersonKey.objects.filter(known).values("person_id")
    all_of_them = Exclusion.objects.select_related("person").order_by("-at", "-pk")
    same = all_of_them.filter(Q(pk__in=things) | Q(person_id__in=people))
    kin = all_of_them.filter(person__ties__other_id__in=people).exclude(pk__in=same.values("pk")).distinct()
    return [(one, Match.SAME) for one in same] + [(one, Match.KIN) for one in kin]


def children_at(facility_id: int) -> QuerySet[CustodyEpisode]:
    """Who is in a facility now: the present episodes there, by call name."""
    present = heads().filter(facility_id=facility_id).exclude(kind__in=GONE)
    return present.select_related("child").order_by("child__call_name", "child_id")


def seen_on(facility_id: int, night: date) -> dict[int, HeadCountEntry]:
    """The last word of a night's head count on each child."""
    entries = HeadCountEntry.objects.filter(count__facility_id=facility_id, count__night=night).select_related("by")
    return {entry.child_id: entry for entry in entries.order_by("pk")}


def head_counts(facility_ids: Iterable[int], night: date) -> dict[int, tuple[int, int]]:
    """By facility: how many of the children there were seen in a night, and how many there are."""
    places = list(facility_ids)
    present = heads().filter(facility__in=places).exclude(kind__in=GONE).values_list("facility_id", "child_id")
    entries = HeadCountEntry.objects.filter(count__facility__in=places, count__night=night).order_by("pk")
    seen = {(place, child): word for place, child, word in entries.values_list("count__facility_id", "child_id", "seen")}
    counts = {place: [0, 0] for place in places}
    for place, child in present:
        counts[place][0] += seen.get((place, child), False)
        counts[place][1] += 1
    return {place: (found, there) for place, (found, there) in counts.items()}


def glasses_waiting(by: Actor) -> QuerySet[BreakGlass]:
    """Files opened without need to know that nobody has reviewed, but for the actor's own."""
    waiting = BreakGlass.objects.filter(pk__in=_unreviewed(by.staff_id, by.jurisdiction))
    return waiting.select_related("child", "staff__agency").order_by("at")


@prepared
def _unreviewed(staff: int, below: str) -> QuerySet[Any]:
    mine = Q(child__event__jurisdiction__path__startswith=below) | Q(staff__agency__jurisdiction__path__startswith=below)
    return BreakGlass.objects.filter(mine, review__isnull=True).exclude(staff_id=staff).values_list("pk", flat=True)


def child_of_wristband(code: str) -> int | None:
    """Whose present band this is."""
    return Wristband.objects.filter(code=code, replaced_by__isnull=True).values_list("child_id", flat=True).first()
