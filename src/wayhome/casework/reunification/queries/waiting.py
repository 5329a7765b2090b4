"""What files wait for, and on whom: for the day's list of whoever is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from wayhome.casework.accounts.rules import Permission, Role, may
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.prepared import prepared
from wayhome.casework.custody.queries import heads, visible_numbers
from wayhome.casework.reunification.models import Case, Determination, Enquiry, Execution, Guardianship, HeldBack, Release, Vote
from wayhome.casework.reunification.queries.cases import matches_without_file
from wayhome.casework.reunification.rules import DISCIPLINES


@dataclass(frozen=True, slots=True)
class Waits:
    """One thing.

    Parameters
    ----------
    what : "open", "enquire", "countersign", "reply", "vote" or "suit".
    pk : of the enquiry, the question or the determination; of the file where there is none yet.
    """

    what: str
    child: Child
    pk: int
    since: datetime


def waiting(by: Actor, *, at: datetime) -> list[Waits]:
    """Everything in files that waits for the actor, in the order of the way home."""
    if not may(by.role, Permission.READ_CASE):
        return []
    found = [*_to_open(by, at)]
    if files := _files(by, at):
        found += [*_to_enquire(by, files), *_to_sign(by, files), *_to_judge(by, files), *_to_vote(by, files, at)]
    return found


def _files(by: Actor, at: datetime) -> set[int]:
    """Those that go on, of children whom the actor may know of."""
    going = _going_on()
    known = visible_numbers({one.child_id for one in going}, by=by, at=at) if going else set()
    return {one.pk for one in going if one.child_id in known}


def _to_open(by: Actor, at: datetime) -> Iterator[Waits]:
    """A caseworker of the institution where the child is opens its file."""
    if by.role == Role.CASEWORKER and (found := matches_without_file(by, at=at)):
        children = [one.candidate.child_id for one in found]
        here = set(heads().filter(child__in=children, facility__agency=by.agency_id).values_list("child_id", flat=True))
        yield from (Waits("open", one.candidate.child, one.pk, one.at) for one in found if one.candidate.child_id in here)


def _to_enquire(by: Actor, files: set[int]) -> Iterator[Waits]:
    """Files without a word on the parents' part. Who recorded the family's request clears nobody, and is not asked."""
    if may(by.role, Permission.ENQUIRE):
        yield from (Waits("enquire", case.child, case.pk, case.at) for case in _not_enquired(files, by.agency_id))


def _to_sign(by: Actor, files: set[int]) -> Iterator[Waits]:
    """Enquiries that nobody countersigned, and suits on which no court has spoken."""
    if may(by.role, Permission.COUNTERSIGN_ENQUIRY):
        for enquiry in _unsigned(files):
            yield Waits("countersign", enquiry.case.child, enquiry.pk, enquiry.at)
        for suit in _suits(files):
            yield Waits("suit", suit.enquiry.case.child, suit.enquiry_id, suit.at)


def _to_judge(by: Actor, files: set[int]) -> Iterator[Waits]:
    """Details held back that nobody has asked the claimant; whoever set one does not judge it."""
    if may(by.role, Permission.VERIFY_CASE):
        yield from (Waits("reply", held.case.child, held.pk, held.at) for held in _unasked(files, by.staff_id))


def _to_vote(by: Actor, files: set[int], at: datetime) -> Iterator[Waits]:
    """Last determinations that hold, rest under no release, and on which nobody of the actor's discipline has spoken."""
    if may(by.role, Permission.DETERMINE):
        yield from (Waits("vote", one.case.child, one.pk, one.at) for one in _undecided(files, DISCIPLINES.get(by.role, ""), at))


@prepared
def _going_on() -> QuerySet[Case]:
    """Files of matches that stand, or of none, by which no child left."""
    stands = Q(confirmation__isnull=True) | Q(confirmation__end__isnull=True, confirmation__candidate__end__isnull=True)
    return Case.objects.filter(~Exists(Execution.objects.filter(release__case=OuterRef("pk"))), stands)


@prepared
def _not_enquired(files: Collection[int], agency: int) -> QuerySet[Case]:
    asked = Case.objects.filter(pk__in=files, confirmation__isnull=False, enquiries__isnull=True)
    return asked.exclude(confirmation__candidate__request__by__agency=agency).select_related("child").order_by("pk")


@prepared
def _unsigned(files: Collection[int]) -> QuerySet[Enquiry]:
    later = Enquiry.objects.filter(case=OuterRef("case"), n__gt=OuterRef("n"))
    rows = Enquiry.objects.filter(~Exists(later), case__in=files, countersignature__isnull=True)
    return rows.select_related("case__child").order_by("pk")


@prepared
def _suits(files: Collection[int]) -> QuerySet[Guardianship]:
    rows = Guardianship.objects.filter(enquiry__case__in=files, end__isnull=True)
    return rows.select_related("enquiry__case__child").order_by("pk")


@prepared
def _unasked(files: Collection[int], staff: int) -> QuerySet[HeldBack]:
    rows = HeldBack.objects.filter(case__in=files, reply__isnull=True).exclude(by=staff)
    return rows.select_related("case__child").order_by("pk")


@prepared
def _undecided(files: Collection[int], discipline: str, at: datetime) -> QuerySet[Determination]:
    later = Determination.objects.filter(case=OuterRef("case"), n__gt=OuterRef("n"))
    asked = Exists(Release.objects.filter(determination=OuterRef("pk")))
    spoke = Exists(Vote.objects.filter(determination=OuterRef("pk"), discipline=discipline))
    rows = Determination.objects.filter(~Exists(later), ~asked, ~spoke, case__in=files, valid_until__gte=at)
    return rows.select_related("case__child").order_by("pk")
