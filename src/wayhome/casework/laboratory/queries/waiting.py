"""What waits for an analyst: samples to type, entries that a second person types or both once more, and what is odd."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.families.queries import in_force
from wayhome.casework.laboratory.models import (
    ChildProfile,
    Entry,
    EntryVerdict,
    Erasure,
    Kit,
    KitHop,
    Looked,
    ProfileFlag,
    RelativeProfile,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sample with which something must be done.

    Parameters
    ----------
    what : "type", "second", "differs" or "odd".
    kinds : what is odd.
    panel : the kit of markers with which it was typed last; "" where nobody typed it.
    """

    kit: Kit
    what: str
    since: datetime
    kinds: tuple[str, ...] = ()
    panel: str = ""


def waiting(by: Actor, *, at: datetime) -> list[Waiting]:
    """Of the actor's laboratory, what waits longest first; who typed a sample first does not wait for themselves."""
    if not may(by.role, Permission.WORK_SAMPLE):
        return []
    return sorted([*_to_type(by, at), *_odd(by)], key=lambda one: one.since)


def unseen_flags() -> QuerySet[ProfileFlag]:
    """What is odd and nobody of the laboratory has looked at since it was told."""
    seen = Looked.objects.filter(kit=OuterRef("kit")).order_by("-upto").values("upto")[:1]
    return ProfileFlag.objects.filter(pk__gt=Coalesce(Subquery(seen), 0))


def _to_type(by: Actor, at: datetime) -> Iterator[Waiting]:
    """Samples that were received, may be typed, and are not; and those of which an entry waits."""
    of_kit: dict[str, Any] = {"kit": OuterRef("pk")}
    received = KitHop.objects.filter(kind="received", **of_kit)
    agreed = in_force(at).filter(relative=OuterRef("relative"))
    profiles = Exists(ChildProfile.objects.filter(**of_kit)) | Exists(RelativeProfile.objects.filter(**of_kit))
    last = Entry.objects.filter(**of_kit).order_by("-n")
    kits: QuerySet[Any] = (
        Kit.objects.filter(Exists(received), Q(relative__isnull=True) | Exists(agreed), laboratory_id=by.agency_id)
        .filter(~Exists(Erasure.objects.filter(**of_kit)))
        .annotate(
            since=Subquery(received.values("at")[:1]),
            entered=Coalesce(Subquery(last.values("n")[:1]), 0),
            entered_panel=Coalesce(Subquery(last.values("panel")[:1]), Value("")),
            entered_by=Subquery(last.values("by")[:1]),
            entered_at=Subquery(last.values("at")[:1]),
        )
        .annotate(alone=F("entered") % 2)
        .filter(Q(alone=1) | ~profiles)
        .order_by("pk")
    )
    found = list(kits)
    differing = {
        (verdict.kit_id, verdict.n): verdict for verdict in EntryVerdict.objects.filter(kit__in=found) if verdict.differs
    }
    for kit in found:
        if kit.entered == 0:
            yield Waiting(kit, "type", kit.since)
        elif kit.alone:
            if kit.entered_by != by.staff_id:
                yield Waiting(kit, "second", kit.entered_at, panel=kit.entered_panel)
        elif (kit.pk, kit.entered) in differing:
            yield Waiting(kit, "differs", differing[kit.pk, kit.entered].at, panel=kit.entered_panel)


def _odd(by: Actor) -> Iterator[Waiting]:
    found: dict[Kit, list[ProfileFlag]] = {}
    for flag in unseen_flags().filter(kit__laboratory=by.agency_id).select_related("kit").order_by("pk"):
        found.setdefault(flag.kit, []).append(flag)
    for kit, flags in found.items():
        yield Waiting(kit, "odd", flags[0].at, tuple(dict.fromkeys(flag.kind for flag in flags)))
