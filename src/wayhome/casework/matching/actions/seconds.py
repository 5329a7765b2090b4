"""Second samples: taken again, typed again, compared again. Whoever was exchanged is found here, before anybody confirms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q, QuerySet

from wayhome import kinship
from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.actors import SYSTEM
from wayhome.casework.matching.actions import base
from wayhome.casework.matching.models import Candidate, CandidateEnd, SecondCheck
from wayhome.casework.matching.queries import dossiers
from wayhome.casework.matching.queries.candidates import details
from wayhome.casework.matching.queries.dossiers import Compared, ComparedChild

LEAST_LOG10_LR = 4.0
"""Second samples say the same where they reach the LR of case-work (GB/T 37223-2018) too, or"""
SLACK = 1.0
"""come as near to what the first ones reached: another kit may tell a locus less."""


def check_changed(*, children: Iterable[int], requests: Iterable[int], at: datetime) -> int:
    """Compare second samples of candidates whose child or family had a sample typed; how many were compared."""
    return _check_all(_open().filter(Q(child__in=list(children)) | Q(request__in=list(requests))), at=at)


def check_left(*, at: datetime) -> int:
    """Those of whom none was compared yet: whoever was to do it may have been stopped."""
    return _check_all(_open().filter(checks__isnull=True), at=at)


def _open() -> QuerySet[Candidate]:
    found = Candidate.objects.filter(end__isnull=True, child__kits__second=True).distinct()
    return found.select_related("child__event__jurisdiction", "search").order_by("pk")


def _check_all(waiting: QuerySet[Candidate], *, at: datetime) -> int:
    rows = list(waiting)
    families = dossiers.compared({row.request_id for row in rows}, at=at)
    children = dossiers.compared_children({row.child_id: row.child for row in rows}.values())
    last = dossiers.last_dossiers(families)
    done = 0
    for row in rows:
        family = families[row.request_id]
        # What changed since is due itself: a relative whose samples contradict each other is not in the family any more.
        if (row.dossier_id, family.digest) == (last[row.request_id].pk, last[row.request_id].digest):
            done += _check(row, children[row.child_id], family, at=at)
    return done


def _check(row: Candidate, child: ComparedChild, family: Compared, *, at: datetime) -> bool:
    other = next((kit for kit, _ in child.standing.differ if kit != row.search.kit_id), None)
    if not child.standing.settled and other is not None:
        return _told(row, False, child_kit=other, relative_kit=None, at=at)
    second = child.standing.second
    wanted = _wanted(family)
    if second is None or not wanted or not wanted <= set(family.seconds):
        return False
    last = max(kit for pk in wanted for kit in family.samples[pk].kits if kit != family.samples[pk].use[0])
    kit = second[0] if second[0] != row.search.kit_id else child.standing.use[0]
    agrees = _say_the_same(row, child.all[second], family, wanted)
    return _told(row, agrees, child_kit=kit, relative_kit=last, at=at)


def _wanted(family: Compared) -> set[int]:
    """Whose second sample is wanted: the parents who were typed, or, where none was, one of the others."""
    assert family.family is not None
    person = family.family.pedigree[family.family.missing]
    parents = {int(one) for one in person.parents} & set(family.samples)
    if parents:
        return parents
    ready = sorted(set(family.samples) & set(family.seconds))
    return set(ready[:1])


def _say_the_same(row: Candidate, child: kinship.Profile, family: Compared, wanted: set[int]) -> bool:
    assert family.family is not None
    profiles: Mapping[str, kinship.Profile] = {str(pk): family.seconds[pk] for pk in wanted}
    again = kinship.Family(family.family.pedigree, {**family.family.profiles, **profiles})
    first = kinship.find([child], [again], [base.model()], top=1, min_lr=0).children[0].candidates
    detail = details([row.pk]).get(row.pk)
    before = 0.0 if detail is None else detail.assessment.log10_lr
    return bool(first) and first[0].log10_lr >= min(LEAST_LOG10_LR, before - SLACK)


def _told(row: Candidate, agrees: bool, *, child_kit: int, relative_kit: int | None, at: datetime) -> bool:
    if SecondCheck.objects.filter(candidate=row, child_kit=child_kit, relative_kit=relative_kit).exists():
        return False
    if not agrees:
        # It is not known whose was exchanged.
        relative_kit = None
    with gate(by=SYSTEM, at=at, child_id=row.child_id, attempt="check_seconds"):
        SecondCheck.objects.create(candidate=row, child_kit_id=child_kit, relative_kit_id=relative_kit, agrees=agrees, at=at)
        if not agrees:
            CandidateEnd.objects.create(candidate=row, reason="refuted", at=at)
        record(
            by=base.house(row.child),
            at=at,
            action="matching.check_second",
            subject=f"candidate:{row.pk}",
            child_id=row.child_id,
            data={"agrees": agrees},
        )
    if not agrees:
        raise_alarm(
            kind=Alarm.Kind.MATCH_REFUTED,
            at=at,
            level=2,
            child_id=row.child_id,
            jurisdiction=row.child.event.jurisdiction.path,
            subject=f"candidate:{row.pk}",
        )
    return True
