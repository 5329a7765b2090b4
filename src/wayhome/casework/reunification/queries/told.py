"""A release as its page tells it: what is asked and signed, what it rests on, its samples, and what came after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Q, Subquery

from wayhome.casework.accounts.models import Staff
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody.models import HandoverOffer
from wayhome.casework.custody.queries import head
from wayhome.casework.laboratory.models import Kit, KitHop
from wayhome.casework.laboratory.queries.kits import kits_of, with_state
from wayhome.casework.laboratory.rules.kits import ENDS, REPLACEABLE
from wayhome.casework.operations.models import PersonFact
from wayhome.casework.reunification.models import (
    Approval,
    Execution,
    FileFreeze,
    FreshCheck,
    Release,
    ReleasePerson,
    Revocation,
    Visit,
)
from wayhome.casework.reunification.queries.releases import against, digest_of, fresh_each, offer_of
from wayhome.casework.reunification.rules import FRESH_HOURS, VISITS, determined, visit_due

FRESH = timedelta(hours=FRESH_HOURS)


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody of the household, with what is on record of them."""

    row: ReleasePerson
    facts: tuple[PersonFact, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample of the handover.

    Parameters
    ----------
    who : of the household; None for the child.
    kit : in which it is, or is to come; None where none is ordered.
    state : "missing", where the kit is, "agrees", "differs", or "stale" if it was taken too long ago.
    until : how long it is fresh.
    known : whether the kit is the actor's to open.
    """

    who: ReleasePerson | None
    kit: Kit | None
    state: str
    until: datetime | None
    known: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A visit: made, overdue, or to come."""

    day: int
    due: date
    visit: Visit | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Told:
    """All of it.

    Parameters
    ----------
    state : "revoked", "home", "over" (its time is), "offered", "asked" (approvals are missing), "sampling" (approved, samples are
        wanted), "blocked" (something stands against it) or "ready".
    against : codes of all that stands against it, the approvals that are missing among them.
    unchanged : whether what is on record gives the digest that is signed.
    ready : people to whom the child can go now, as far as samples tell.
    still : whether the child is where the release brought it.
    """

    release: Release
    state: str
    people: tuple[Someone, ...]
    approvals: tuple[Approval, ...]
    unchanged: bool
    decided: bool | None
    against: tuple[str, ...]
    samples: tuple[Sample, ...]
    ready: frozenset[int]
    offer: HandoverOffer | None
    revocation: Revocation | None
    execution: Execution | None
    freeze: FileFreeze | None
    visits: tuple[Due, ...]
    still: bool
    staff: dict[int, Staff]

    @property
    def agencies(self) -> set[int]:
        """Organisations that approved."""
        return {one.by.agency_id for one in self.approvals}

    @property
    def revoked_by(self) -> Staff | None:
        """Who did; None where the house did, because something changed."""
        return self.staff.get(self.revocation.by_id or 0) if self.revocation is not None else None

    @property
    def frozen_by(self) -> Staff | None:
        """Who did; None as above."""
        return self.staff.get(self.freeze.by_id or 0) if self.freeze is not None else None


def told(release: Release, *, by: Actor, at: datetime) -> Told:
    """What somebody reads of a release, which came from `release_of`."""
    revocation = Revocation.objects.filter(release=release).first()
    execution = Execution.objects.filter(release=release).select_related("by__agency", "offer__recipient", "offer__giver").first()
    freeze = FileFreeze.objects.filter(execution=execution).first() if execution is not None else None
    going_on = revocation is None and execution is None
    wrong = against(release, at=at) if going_on else []
    offer = offer_of(release) if going_on else None
    fresh = frozenset(fresh_each([release.pk], at=at).get(release.pk, ())) if going_on else frozenset()
    votes = release.determination.votes.values_list("discipline", "agrees")
    signs = {one.by_id for one in (revocation, freeze) if one is not None and one.by_id is not None}
    return Told(
        release=release,
        state=_state(release, revocation, execution, wrong, offer, fresh, at=at),
        people=tuple(people_of(release)),
        approvals=tuple(Approval.objects.filter(release=release).select_related("by__agency").order_by("pk")),
        unchanged=digest_of(release) == release.digest,
        decided=determined(votes),
        against=tuple(wrong),
        samples=tuple(_samples(release, by=by, at=at)) if release.kind == "family" else (),
        ready=fresh,
        offer=offer,
        revocation=revocation,
        execution=execution,
        freeze=freeze,
        visits=tuple(visits_of(execution, at=at)) if execution is not None and release.kind == "family" else (),
        still=execution is not None and head(release.child_id).offer_id == execution.offer_id,
        staff={one.pk: one for one in Staff.objects.filter(pk__in=signs).select_related("agency")},
    )


def people_of(release: Release) -> list[Someone]:
    """The household, those who receive the child first."""
    rows = list(release.people.select_related("person").order_by("-receives", "pk"))
    facts: dict[int, list[PersonFact]] = {}
    for fact in PersonFact.objects.filter(person__in=[row.person_id for row in rows]).order_by("pk"):
        facts.setdefault(fact.person_id, []).append(fact)
    return [Someone(row, tuple(facts.get(row.person_id, ()))) for row in rows]


def visits_of(execution: Execution, *, at: datetime) -> list[Due]:
    """Those of a family, the first first."""
    made = {one.day: one for one in Visit.objects.filter(execution=execution).select_related("by")}
    return [
        Due(day, visit_due(execution.at, day), made.get(day), day not in made and overdue(execution.at, day, at=at))
        for day in VISITS
    ]


def overdue(returned: datetime, day: int, *, at: datetime) -> bool:
    """Whether the whole of the day on which a family was to be visited has passed."""
    return visit_due(at, 0) > visit_due(returned, day)


def kits_since(
    releases: Iterable[Release], people: Iterable[ReleasePerson], *, fresh_at: datetime | None = None
) -> dict[tuple[int, int], Kit]:
    """The kit of each sample of some handovers, by release and person on it (0 for the child): the last one ordered that was
    taken since the release was asked for, or is still to be taken.

    Parameters
    ----------
    fresh_at : leaves out those that were taken too long before.
    """
    rows, receive = list(releases), list(people)
    of = Q(child__in={one.child_id for one in rows}) | Q(relative__in={one.relative_id for one in receive})
    taken = KitHop.objects.filter(kit=OuterRef("pk"), kind="taken").values("at")[:1]
    kits = list(with_state().filter(of, replaced_by__isnull=True).annotate(taken_at=Subquery(taken)).order_by("pk"))
    found = {}
    for release in rows:
        whose: list[tuple[int, str, int | None]] = [(0, "child_id", release.child_id)]
        whose += [(one.pk, "relative_id", one.relative_id) for one in receive if one.release_id == release.pk]
        for key, column, person in whose:
            for kit in kits:
                if getattr(kit, column) != person or kit.state in REPLACEABLE:
                    continue
                since = release.at if fresh_at is None else max(release.at, fresh_at - FRESH)
                if kit.state not in ENDS if kit.taken_at is None else kit.taken_at >= since:
                    found[release.pk, key] = kit
    return found


def _samples(release: Release, *, by: Actor, at: datetime) -> list[Sample]:
    receive = list(release.people.filter(receives=True).select_related("person", "relative__request__by").order_by("pk"))
    kits = kits_since([release], receive)
    known = set(kits_of(by, at=at).filter(pk__in=[kit.pk for kit in kits.values()]).values_list("pk", flat=True))
    compared: dict[int, bool] = {}
    for check in FreshCheck.objects.filter(release=release).order_by("pk"):
        for kit_id in (check.child_kit_id, check.relative_kit_id):
            compared[kit_id] = compared.get(kit_id, True) and check.agrees
    found = []
    for who in (None, *receive):
        kit = kits.get((release.pk, 0 if who is None else who.pk))
        until = kit.taken_at + FRESH if kit is not None and kit.taken_at is not None else None  # type: ignore[attr-defined]
        found.append(Sample(who, kit, _sample_state(kit, until, compared, at=at), until, kit is not None and kit.pk in known))
    return found


def _sample_state(kit: Kit | None, until: datetime | None, compared: dict[int, bool], *, at: datetime) -> str:
    if kit is None:
        return "missing"
    if until is not None and until < at:
        return "stale"
    if kit.pk in compared:
        return "agrees" if compared[kit.pk] else "differs"
    return str(kit.state)  # type: ignore[attr-defined]


def _state(
    release: Release,
    revocation: Revocation | None,
    execution: Execution | None,
    wrong: list[str],
    offer: HandoverOffer | None,
    fresh: frozenset[int],
    *,
    at: datetime,
) -> str:
    if revocation is not None:
        return "revoked"
    if execution is not None:
        return "home"
    if release.valid_until < at:
        return "over"
    if offer is not None:
        return "offered"
    if "release_not_approved" in wrong:
        return "asked"
    if release.kind == "family" and not fresh:
        return "sampling"
    return "blocked" if wrong else "ready"
