"""Kits that an actor may know of, where each is, and what can happen to it next. A laboratory sees nobody behind a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from wayhome.casework.accounts.models import Agency, Staff
from wayhome.casework.accounts.queries import agencies
from wayhome.casework.accounts.rules import AgencyKind, Permission, may
from wayhome.casework.children.models import Child
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody.models import Assignment
from wayhome.casework.custody.queries import head, is_absorbed, visible_children, visible_numbers
from wayhome.casework.custody.rules import Kind
from wayhome.casework.families.models import Relative, RelativeState
from wayhome.casework.families.queries import in_force, requests_of
from wayhome.casework.laboratory.models import Kit, KitHop
from wayhome.casework.laboratory.rules.kits import (
    CONSENTED,
    ENDS,
    HOPS,
    LABORATORYS,
    NEXT,
    ORDERED,
    OVERDUE,
    REPLACEABLE,
    is_overdue,
)

STATES = (ORDERED, *HOPS)


@dataclass(frozen=True, slots=True)
class Hop:
    """Something that happened to a kit. A laboratory is not told who did it, where, and with what note, unless it was the
    laboratory itself."""

    n: int
    kind: str
    at: datetime
    agency: Agency
    by: Staff | None
    witness: Staff | None
    place: str
    note: str


@dataclass(frozen=True, slots=True)
class Whose:
    """Who the sample is of. `may_read`: whether the file of the child is the actor's to read."""

    request: str
    relative: int
    child: str
    name: str
    may_read: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A kit as the actor may see it.

    Parameters
    ----------
    of : "relative" or "child".
    since : when it came to be where it is.
    whose : None for a laboratory.
    ways : what the actor can tell next, the usual first.
    replaceable : whether another can be ordered in its place by the actor.
    consented : for a relative, whether they agree today; a child's sample needs nobody's.
    """

    kit: Kit
    of: str
    sex: str
    agency: Agency
    state: str
    since: datetime
    overdue: bool
    hops: tuple[Hop, ...]
    whose: Whose | None
    ways: tuple[str, ...]
    replaceable: bool
    consented: bool

    @property
    def number(self) -> str:
        """The number in its barcode."""
        return self.kit.number

    @property
    def taken(self) -> Hop | None:
        """When the sample was taken."""
        return next((hop for hop in self.hops if hop.kind == "taken"), None)

    @property
    def withdrawn(self) -> bool:
        """Whether it is on its way to somebody who agrees no more."""
        return not self.consented and self.state in ("posted", "delivered")


def laboratories() -> QuerySet[Agency]:
    """Agencies that samples can be sent to."""
    return agencies().filter(kind=AgencyKind.LABORATORY)


def laboratory(code: str) -> Agency:
    """One of them, by its code on the register."""
    found = laboratories().filter(code=code).first()
    if found is None:
        raise NotFound(laboratory=code)
    return found


def kits_of(by: Actor, *, at: datetime) -> QuerySet[Any]:
    """Kits that an actor may know of, those under way first, the youngest first; `state` and `since` say where each is.

    Those of requests and children whose file the actor may read; those of children that the own agency ordered; and those
    that come to the own laboratory.
    """
    mine = Q(pk__in=())
    if may(by.role, Permission.READ_SAMPLE):
        if may(by.role, Permission.READ_REQUEST):
            mine |= Q(relative__request__in=requests_of(by).values("pk"))
        if may(by.role, Permission.READ_CHILD):
            mine |= Q(child__in=visible_children(by, at=at).values("pk"))
            mine |= Q(child__isnull=False, by__agency_id=by.agency_id)
        if may(by.role, Permission.WORK_SAMPLE):
            mine |= Q(laboratory_id=by.agency_id)
    over = Case(When(state__in=ENDS, then=Value(1)), default=Value(0))
    found: QuerySet[Any] = with_state().filter(mine).annotate(over=over).order_by("over", "-at", "-pk")
    return found


def with_state() -> QuerySet[Any]:
    """Every kit; `state` is the last that happened to it, `since` when, `hop` the how manieth that was."""
    last = KitHop.objects.filter(kit=OuterRef("pk")).order_by("-n")
    return Kit.objects.annotate(
        state=Coalesce(Subquery(last.values("kind")[:1]), Value(ORDERED)),
        since=Coalesce(Subquery(last.values("at")[:1]), F("at")),
        hop=Coalesce(Subquery(last.values("n")[:1]), Value(0)),
    )


def kit_of(by: Actor, number: str, *, at: datetime) -> Kit:
    """One that the actor may know of, by its number as typed or scanned; NotFound otherwise."""
    plain = numbers.plain_number(number)
    found: Kit | None = kits_of(by, at=at).filter(pk=int(plain)).first() if numbers.is_number(plain) else None
    if found is None:
        raise NotFound(kit=plain)
    return found


def kits_of_request(by: Actor, request_id: int, *, at: datetime) -> QuerySet[Any]:
    """Kits of a family."""
    return kits_of(by, at=at).filter(relative__request=request_id)


def kits_of_relative(by: Actor, relative_id: int, *, at: datetime) -> QuerySet[Any]:
    """Kits of a relative."""
    return kits_of(by, at=at).filter(relative=relative_id)


def kits_of_child(by: Actor, child_id: int, *, at: datetime) -> QuerySet[Any]:
    """Kits of a child."""
    return kits_of(by, at=at).filter(child=child_id)


def seen(kits: Iterable[Kit], *, by: Actor, at: datetime) -> list[Seen]:
    """Kits, which came from `kits_of`, as the actor may see them."""
    hops = KitHop.objects.select_related("by__agency", "witness__agency").order_by("n")
    rows = list(
        Kit.objects.filter(pk__in=[kit.pk for kit in kits])
        .select_related("relative__request", "child", "by__agency", "laboratory", "replaces", "replaced_by")
        .prefetch_related(Prefetch("hops", queryset=hops))
    )
    found = {row.pk: row for row in rows}
    behind = _Behind(rows, by=by, at=at)
    return [_seen(found[kit.pk], behind, by=by, at=at) for kit in kits]


class _Behind:
    """Who stands behind some kits, asked for all of them at once."""

    def __init__(self, kits: list[Kit], *, by: Actor, at: datetime) -> None:
        self.blind = may(by.role, Permission.WORK_SAMPLE)
        relatives = [kit.relative_id for kit in kits if kit.relative_id is not None]
        self.consented = set(in_force(at).filter(relative__in=relatives).values_list("relative_id", flat=True))
        self.names: dict[int, str] = {}
        self.visible: set[int] = set()
        if not self.blind:
            told = RelativeState.objects.filter(relative__in=relatives).order_by("n")
            self.names = dict(told.values_list("relative_id", "name"))
            self.visible = visible_numbers([kit.child_id for kit in kits if kit.child_id is not None], by=by, at=at)

    def whose(self, kit: Kit) -> Whose | None:
        if self.blind:
            return None
        if kit.child is not None:
            return Whose("", 0, kit.child.number, kit.child.call_name, kit.child.pk in self.visible)
        assert kit.relative is not None
        return Whose(kit.relative.request.number, kit.relative.pk, "", self.names.get(kit.relative.pk, ""), may_read=True)


def _seen(kit: Kit, behind: _Behind, *, by: Actor, at: datetime) -> Seen:
    hops = tuple(_hop(one, blind=behind.blind, by=by) for one in kit.hops.all())
    state, since = (hops[-1].kind, hops[-1].at) if hops else (ORDERED, kit.at)
    replaced = hasattr(kit, "replaced_by")
    takes = may(by.role, Permission.TAKE_SAMPLE) and kit.by.agency_id == by.agency_id
    works = may(by.role, Permission.WORK_SAMPLE) and kit.laboratory_id == by.agency_id
    consented = kit.relative_id is None or kit.relative_id in behind.consented
    ways = tuple(
        kind
        for kind in (() if replaced else NEXT[state])
        if (works if kind in LABORATORYS else takes) and (consented or kind not in CONSENTED)
    )
    person = kit.relative or kit.child
    assert person is not None
    return Seen(
        kit=kit,
        of="relative" if kit.relative_id is not None else "child",
        sex=person.sex,
        agency=kit.by.agency,
        state=state,
        since=since,
        overdue=is_overdue(state, since, at) and not replaced,
        hops=hops,
        whose=behind.whose(kit),
        ways=ways,
        replaceable=takes and not replaced and state in REPLACEABLE,
        consented=consented,
    )


def _hop(one: KitHop, *, blind: bool, by: Actor) -> Hop:
    told = not blind or one.by.agency_id == by.agency_id
    return Hop(
        n=one.n,
        kind=one.kind,
        at=one.at,
        agency=one.by.agency,
        by=one.by if told else None,
        witness=one.witness if told else None,
        place=one.place if told else "",
        note=one.note if told else "",
    )


def may_order(person: Relative | Child, *, by: Actor) -> bool:
    """Whether the actor's agency can order a kit for somebody at all, see the guard."""
    if not may(by.role, Permission.TAKE_SAMPLE):
        return False
    if isinstance(person, Relative):
        return may(by.role, Permission.READ_REQUEST) and person.request.by.agency_id == by.agency_id
    if not may(by.role, Permission.READ_CHILD) or is_absorbed(person.pk):
        return False
    present = head(person.pk)
    return present.kind != Kind.DECEASED and (
        by.agency_id in (present.facility.agency_id, person.first_episode.facility.agency_id)
        or Assignment.objects.filter(child=person, staff=by.staff_id, end__isnull=True).exists()
    )


def orderable(seen_kits: Iterable[Seen]) -> str:
    """What can be ordered for somebody with these kits: "first", "second", or "" while one is under way."""
    theirs = [one for one in seen_kits if not hasattr(one.kit, "replaced_by")]
    if any(one.state not in ENDS for one in theirs):
        return ""
    return "second" if any(one.state == "received" and not one.kit.second for one in theirs) else "first"


def next_sample(person: Relative | Child, theirs: Iterable[Seen], *, by: Actor, at: datetime) -> str:
    """What the actor can order now for somebody with these kits: "first", "second", or "" for nothing."""
    following = orderable(theirs)
    if not following or not may_order(person, by=by):
        return ""
    agreed = in_force(at).filter(relative=person) if isinstance(person, Relative) else None
    return following if agreed is None or agreed.exists() else ""


def overdue(*, at: datetime, runs: Mapping[str, timedelta] = OVERDUE) -> QuerySet[Any]:
    """Kits that have been where they are for too long and that nothing was ordered in place of; see `with_state`.

    Parameters
    ----------
    runs : by state how long is too long.
    """
    late = Q(pk__in=())
    for state, days in runs.items():
        late |= Q(state=state, since__lte=at - days)
    return with_state().filter(late, replaced_by__isnull=True).select_related("by__agency__jurisdiction").order_by("pk")


def to_see_to(by: Actor, *, at: datetime) -> list[Seen]:
    """Kits about which somebody at the actor's agency must do something, who waits longest first.

    Of those that the agency ordered: what is overdue; what came back, was refused or lost, with nothing ordered since; what is on
    its way to somebody who agrees no more. For a laboratory: what was sent to it and does not come.
    """
    mine = kits_of(by, at=at)
    if may(by.role, Permission.WORK_SAMPLE):
        mine = mine.filter(laboratory_id=by.agency_id, state="sent")
    elif may(by.role, Permission.TAKE_SAMPLE):
        mine = mine.filter(by__agency_id=by.agency_id)
    else:
        return []
    late = mine.filter(pk__in=overdue(at=at).values("pk"))
    since = Kit.objects.filter(at__gt=OuterRef("at"))
    same = Exists(since.filter(relative=OuterRef("relative"))) | Exists(since.filter(child=OuterRef("child")))
    again = mine.filter(~same, state__in=REPLACEABLE)
    agreed = in_force(at).filter(relative=OuterRef("relative"))
    unwanted = mine.filter(~Exists(agreed), state__in=("posted", "delivered"), relative__isnull=False, replaced_by__isnull=True)
    rows = mine.filter(Q(pk__in=late.values("pk")) | Q(pk__in=again.values("pk")) | Q(pk__in=unwanted.values("pk")))
    return seen(rows.order_by("since", "pk"), by=by, at=at)
