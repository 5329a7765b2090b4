"""What files wait for, and on whom: for the day's list of whoever is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from wayhome.casework.accounts.rules import Permission, Role, may
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody.queries import heads
from wayhome.casework.reunification.models import Case, Determination, Enquiry, Guardianship, HeldBack, Release, Vote
from wayhome.casework.reunification.queries.standing import listed, matches_without_file
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
    return [*_to_open(by, at), *_to_enquire(by, at), *_to_sign(by, at), *_to_judge(by, at), *_to_vote(by, at)]


def _alive(by: Actor, at: datetime) -> QuerySet[Case]:
    """Files that go on, of matches that stand or of none."""
    stands = Q(confirmation__end__isnull=True, confirmation__candidate__end__isnull=True)
    return listed(by, at=at).filter(Q(confirmation__isnull=True) | stands).order_by()


def _to_open(by: Actor, at: datetime) -> Iterator[Waits]:
    """A caseworker of the institution where the child is opens its file."""
    if by.role == Role.CASEWORKER:
        found = matches_without_file(by, at=at)
        children = [one.candidate.child_id for one in found]
        here = set(heads().filter(child__in=children, facility__agency=by.agency_id).values_list("child_id", flat=True))
        yield from (Waits("open", one.candidate.child, one.pk, one.at) for one in found if one.candidate.child_id in here)


def _to_enquire(by: Actor, at: datetime) -> Iterator[Waits]:
    """Files without a word on the parents' part. Who recorded the family's request clears nobody, and is not asked."""
    if may(by.role, Permission.ENQUIRE):
        asked = _alive(by, at).filter(confirmation__isnull=False, enquiries__isnull=True)
        own = Q(confirmation__candidate__request__by__agency=by.agency_id)
        for case in asked.exclude(own).select_related("child").order_by("pk"):
            yield Waits("enquire", case.child, case.pk, case.at)


def _to_sign(by: Actor, at: datetime) -> Iterator[Waits]:
    """Enquiries that nobody countersigned, and suits on which no court has spoken."""
    if may(by.role, Permission.COUNTERSIGN_ENQUIRY):
        alive = _alive(by, at).values("pk")
        later = Enquiry.objects.filter(case=OuterRef("case"), n__gt=OuterRef("n"))
        unsigned = Enquiry.objects.filter(~Exists(later), case__in=alive, countersignature__isnull=True)
        for enquiry in unsigned.select_related("case__child").order_by("pk"):
            yield Waits("countersign", enquiry.case.child, enquiry.pk, enquiry.at)
        suits = Guardianship.objects.filter(enquiry__case__in=alive, end__isnull=True)
        for suit in suits.select_related("enquiry__case__child").order_by("pk"):
            yield Waits("suit", suit.enquiry.case.child, suit.enquiry_id, suit.at)


def _to_judge(by: Actor, at: datetime) -> Iterator[Waits]:
    """Details held back that nobody has asked the claimant; whoever set one does not judge it."""
    if may(by.role, Permission.VERIFY_CASE):
        unasked = HeldBack.objects.filter(case__in=_alive(by, at).values("pk"), reply__isnull=True).exclude(by=by.staff_id)
        for held in unasked.select_related("case__child").order_by("pk"):
            yield Waits("reply", held.case.child, held.pk, held.at)


def _to_vote(by: Actor, at: datetime) -> Iterator[Waits]:
    """Last determinations that hold, rest under no release, and on which nobody of the actor's discipline has spoken."""
    if may(by.role, Permission.DETERMINE):
        later = Determination.objects.filter(case=OuterRef("case"), n__gt=OuterRef("n"))
        asked = Exists(Release.objects.filter(determination=OuterRef("pk")))
        spoke = Exists(Vote.objects.filter(determination=OuterRef("pk"), discipline=DISCIPLINES.get(by.role, "")))
        alive = _alive(by, at).values("pk")
        mine = Determination.objects.filter(~Exists(later), ~asked, ~spoke, case__in=alive, valid_until__gte=at)
        for one in mine.select_related("case__child").order_by("pk"):
            yield Waits("vote", one.case.child, one.pk, one.at)
