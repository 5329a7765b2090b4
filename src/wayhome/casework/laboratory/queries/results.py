"""What an actor may know of results: files and profiles of the own laboratory, and what is to be looked at in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.families.queries import in_force
from wayhome.casework.laboratory.models import (
    ChildProfile,
    Entry,
    EntryVerdict,
    Erasure,
    Kit,
    KitHop,
    LabFile,
    ProfileFlag,
    RelativeProfile,
)
from wayhome.casework.vault.rules import Place, Purpose


def own_kits(by: Actor) -> QuerySet[Kit]:
    """Kits that go to the actor's laboratory."""
    return Kit.objects.filter(laboratory_id=by.agency_id).select_related("relative", "child")


def own_kit(by: Actor, number: str) -> Kit:
    """One of them by its number, as typed or scanned; NotFound otherwise."""
    plain = numbers.plain_number(number)
    found = own_kits(by).filter(pk=int(plain)).first() if numbers.is_number(plain) else None
    if found is None:
        raise NotFound(kit=number)
    return found


def barred(kits: Iterable[Kit], *, at: datetime) -> dict[int, str]:
    """Why the samples of some kits cannot be typed, by kit: they are not here, or nobody agrees (any more)."""
    kits = list(kits)
    last = dict(KitHop.objects.filter(kit__in=kits).order_by("n").values_list("kit_id", "kind"))
    erased = set(Erasure.objects.filter(kit__in=kits).values_list("kit_id", flat=True))
    relatives = {kit.relative_id for kit in kits if kit.relative_id is not None}
    agreed = set(in_force(at).filter(relative__in=relatives).values_list("relative_id", flat=True))
    found = {}
    for kit in kits:
        if last.get(kit.pk) != "received":
            found[kit.pk] = "kit_not_received"
        elif kit.relative_id is not None and kit.relative_id not in agreed:
            found[kit.pk] = "no_consent"
        elif kit.pk in erased:
            found[kit.pk] = "sample_withdrawn"
    return found


def recorded_sex(kit: Kit) -> str:
    """Of whose sample it is, as recorded: "F", "M" or "U"."""
    return kit.child.sex if kit.child is not None else kit.relative.sex if kit.relative is not None else "U"


def typed(kit: Kit) -> list[ChildProfile] | list[RelativeProfile]:
    """The profiles that were made of a sample, without what they show."""
    if kit.child_id is not None:
        return list(ChildProfile.objects.filter(kit=kit).select_related("file", "by").defer("sealed").order_by("n"))
    return list(RelativeProfile.objects.filter(kit=kit).select_related("file", "by").defer("sealed").order_by("n"))


def flags(kits: Iterable[Kit]) -> QuerySet[ProfileFlag]:
    """What is to be looked at in the profiles of some kits."""
    return ProfileFlag.objects.filter(Q(kit__in=list(kits))).select_related("other").order_by("kit", "n", "pk")


def files(by: Actor) -> QuerySet[LabFile]:
    """Files that the actor's laboratory sent, the last first."""
    return LabFile.objects.filter(laboratory_id=by.agency_id).select_related("by", "erasure").order_by("-pk")


def waiting_entry(kit: Kit) -> Entry | None:
    """The entry that a second person should type too, if there is one."""
    last = Entry.objects.filter(kit=kit).defer("sealed").order_by("-n").first()
    return last if last is not None and last.n % 2 == 1 else None


def last_panel(by: Actor) -> str:
    """The kit of markers that the actor typed with last; "" for the first time."""
    return Entry.objects.filter(by=by.staff_id).order_by("-pk").values_list("panel", flat=True).first() or ""


def last_verdict(kit: Kit) -> EntryVerdict | None:
    """Of the last two entries that were compared."""
    return EntryVerdict.objects.filter(kit=kit).order_by("-n").first()


def purpose_of(kit: Kit) -> Purpose:
    """For whose eyes the profile of a sample is sealed."""
    return Purpose.CHILDREN if kit.child_id is not None else Purpose.RELATIVES


def kind_of(kit: Kit) -> str:
    """How the keys of its profiles are called."""
    return "child" if kit.child_id is not None else "relative"


def profile_place(kit: Kit, n: int) -> Place:
    """Where the n-th profile of a sample stands."""
    return Place(f"laboratory_{kind_of(kit)}profile", "sealed", f"{kit.pk}:{n}")


def staff_place(staff_id: int, n: int) -> Place:
    """Where the n-th profile of a member of staff stands."""
    return Place("laboratory_staffprofile", "sealed", f"{staff_id}:{n}")


def entry_place(kit: Kit, n: int) -> Place:
    """Where the n-th entry of a sample stands."""
    return Place("laboratory_entry", "sealed", f"{kit.pk}:{n}")


def original_place(sha256: str) -> Place:
    """Where the original of a file stands."""
    return Place("laboratory_laboriginal", "sealed", sha256)


def original_key(sha256: str) -> str:
    """How the key of an original is called."""
    return f"file:{sha256[:32]}"
