"""Each new profile is compared with those that should, or should not, be like it: its family's, its file's, its own earlier, the
staff's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from wayhome import kinship
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import SYSTEM, Actor
from wayhome.casework.families.models import Parentage, Relative
from wayhome.casework.laboratory.actions.entries import judge
from wayhome.casework.laboratory.actions.files import flag
from wayhome.casework.laboratory.models import ChildProfile, Comparison, Entry, EntryVerdict, Erasure, RelativeProfile
from wayhome.casework.laboratory.queries import opened
from wayhome.casework.laboratory.rules import profiles as rules

Typed = ChildProfile | RelativeProfile
Profiles = dict[tuple[int, int], kinship.Profile]


def judge_entries(*, by: Actor = SYSTEM, at: datetime) -> int:
    """Compare second entries with the first, where the process that took them could not."""
    judged = EntryVerdict.objects.filter(kit=OuterRef("kit"), n=OuterRef("n"))
    seconds = Entry.objects.annotate(alone=F("n") % 2).filter(alone=0)
    waiting = seconds.filter(~Exists(judged)).select_related("kit__child", "kit__relative")
    done = 0
    for entry in waiting.order_by("pk"):
        with gate(by=by, at=at, attempt="judge_entries"):
            done += judge(entry, by=by, at=at) is not None
    return done


def compare_new(*, by: Actor = SYSTEM, at: datetime) -> int:
    """Compare each profile that was not compared yet; of how many something is to be looked at."""
    flagged = 0
    waiting = _waiting()
    staff = opened.staff() if waiting else {}
    for row in waiting:
        found = _flags(row, staff)
        with gate(by=by, at=at, attempt="compare_profiles"):
            if not type(row).objects.filter(pk=row.pk).exists():
                continue
            # Whoever withdrew while the profiles were read is told of no more.
            erased = set(Erasure.objects.filter(kit__in=[one.other for one in found]).values_list("kit", flat=True))
            found = [one for one in found if one.other not in erased]
            flag(row.kit, row.n, found, at=at)
            Comparison.objects.create(kit=row.kit, n=row.n, at=at)
            if found:
                # How many, and not what: an event stays when the relative withdraws.
                told = {"n": row.n, "flags": len(found)}
                record(by=by, at=at, action="laboratory.flag", subject=f"kit:{row.kit_id}", data=told)
        flagged += bool(found)
    return flagged


def _waiting() -> list[Typed]:
    compared = Comparison.objects.filter(kit=OuterRef("kit"), n=OuterRef("n"))
    rows: list[Typed] = []
    for table in (ChildProfile, RelativeProfile):
        rows += table.objects.filter(~Exists(compared)).select_related("kit__child", "kit__relative").order_by("pk")
    return rows


def _flags(row: Typed, staff: Mapping[str, kinship.Profile]) -> list[rules.Flag]:
    if isinstance(row, ChildProfile):
        return _flags_of_child(row, staff)
    mine = opened.relatives([row]).get((row.kit_id, row.n))
    if mine is None:
        return []
    own = RelativeProfile.objects.filter(kit__relative=row.kit.relative_id).exclude(pk=row.pk).select_related("kit")
    found = rules.flags_of_second(mine, _by_kit(opened.relatives(own)))
    return found + _flags_of_kin(row) + rules.flags_of_staff(mine, staff)


def _flags_of_child(row: ChildProfile, staff: Mapping[str, kinship.Profile]) -> list[rules.Flag]:
    """Against the child's other samples, and every other rescued child's: twins whom nobody reported, or one child twice."""
    mine = opened.children([row])[row.kit_id, row.n]
    everybody = list(ChildProfile.objects.exclude(pk=row.pk).select_related("kit"))
    own = [other for other in everybody if other.kit.child_id == row.kit.child_id]
    others = [other for other in everybody if other.kit.child_id != row.kit.child_id]
    seconds = rules.flags_of_second(mine, _by_kit(opened.children(own)))
    return seconds + rules.flags_of_same(mine, _by_kit(opened.children(others))) + rules.flags_of_staff(mine, staff)


def _flags_of_kin(row: RelativeProfile) -> list[rules.Flag]:
    """Parents and children of the family that cannot be; and who came in the same file and fits here, as this one fits there."""
    me = row.kit.relative
    assert me is not None
    batch = _last_of_each(RelativeProfile.objects.filter(file=row.file_id) if row.file_id else RelativeProfile.objects.none())
    requests = {relative.request_id for relative in Relative.objects.filter(pk__in=batch)} | {me.request_id}
    family = _last_of_each(RelativeProfile.objects.filter(kit__relative__request__in=requests))
    rows = {**batch, **family, me.pk: row}
    read = opened.relatives(rows.values())
    profiles = {pk: read[one.kit_id, one.n] for pk, one in rows.items() if (one.kit_id, one.n) in read}
    links = _links(requests)
    found = []
    for child, parent, loci in rules.not_kin([link for link in links if me.pk in link], profiles):
        other = parent if child == me.pk else child
        found.append(rules.Flag("not_kin", rows[other].kit_id, {"loci": loci}))
    sexes = dict(Relative.objects.filter(pk__in=rows).values_list("pk", "sex"))
    in_file = [pk for pk in batch if pk in profiles]
    for other in rules.exchanged(me.pk, in_file, links=links, profiles=profiles, sexes=sexes):
        found.append(rules.Flag("exchanged", rows[other].kit_id))
    return found


def _links(requests: Iterable[int]) -> list[tuple[int, int]]:
    """Child and parent, in trees as they stand."""
    standing = Parentage.objects.filter(
        child__request__in=list(requests), end__isnull=True, child__end__isnull=True, parent__end__isnull=True
    )
    return list(standing.values_list("child_id", "parent_id"))


def _last_of_each(rows: QuerySet[RelativeProfile]) -> dict[int, RelativeProfile]:
    """The last profile of each relative, by relative."""
    last: dict[int, RelativeProfile] = {}
    for row in rows.select_related("kit").order_by("pk"):
        if row.kit.relative_id is not None:
            last[row.kit.relative_id] = row
    return last


def _by_kit(found: Profiles) -> dict[int, kinship.Profile]:
    return {kit: profile for (kit, _), profile in sorted(found.items())}
