"""Samples of the handover, compared by the worker: whether the child and whoever takes it are the people who were matched."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import SYSTEM
from wayhome.casework.laboratory.models import KitHop
from wayhome.casework.matching.models import DossierSample
from wayhome.casework.matching.queries import dossiers
from wayhome.casework.matching.rules.samples import Standing, standing
from wayhome.casework.reunification.actions.stopping import stop
from wayhome.casework.reunification.models import FreshCheck, Release, ReleasePerson
from wayhome.casework.reunification.queries.releases import open_releases


def check_samples(*, at: datetime) -> int:
    """Compare what came in for releases that wait; how many pairs were compared."""
    waiting = open_releases().filter(kind="family")
    return sum(
        _check(one, at=at) for one in waiting.select_related("child", "institution", "case__confirmation__candidate__search")
    )


def _check(release: Release, *, at: datetime) -> int:
    assert release.case.confirmation is not None
    candidate = release.case.confirmation.candidate
    child = dossiers.compared_child(release.child)
    if child is None:
        return 0
    mine = _taken(release, (kit for kit, _ in child.all))
    done = 0
    for person in ReleasePerson.objects.filter(release=release, receives=True):
        relative = person.relative_id or 0
        profiles = dossiers.relatives_profiles([relative], at=at).get(relative, {})
        theirs = _taken(release, (kit for kit, _ in profiles))
        if not mine or not theirs:
            continue
        # The last that were typed: numbers of kits come in no order.
        kits = mine[-1], theirs[-1]
        if FreshCheck.objects.filter(release=release, person=person, child_kit=kits[0], relative_kit=kits[1]).exists():
            continue
        before = DossierSample.objects.filter(dossier=candidate.dossier_id, relative=relative).values_list("kit_id", flat=True)
        agrees = _same(child.standing, mine, candidate.search.kit_id) and any(
            _same(standing(profiles), theirs, kit) for kit in before
        )
        with gate(by=SYSTEM, at=at, child_id=release.child_id, attempt="check_samples"):
            FreshCheck.objects.create(
                release=release, person=person, child_kit_id=kits[0], relative_kit_id=kits[1], agrees=agrees, at=at
            )
            record(
                by=SYSTEM,
                at=at,
                action="reunification.check_samples",
                subject=f"release:{release.pk}",
                child_id=release.child_id,
                data={"agrees": agrees},
            )
            if not agrees:
                stop([release], "match_over", by=SYSTEM, at=at)
        done += 1
    return done


def _taken(release: Release, kits: Iterable[int]) -> list[int]:
    """Those of some kits whose sample was taken since the release was asked for, in their order."""
    typed = list(kits)
    since = KitHop.objects.filter(kit__in=set(typed), kind="taken", at__gte=release.at).values_list("kit_id", flat=True)
    taken = set(since)
    return [kit for kit in typed if kit in taken]


def _same(stands: Standing | None, new: Iterable[int], old: int) -> bool:
    """Whether all samples taken now show the person whom the match was made by: one that does not is outvoted by no other.

    Two kits that agree settle who it is.
    """
    assert stands is not None
    return {*new, old} <= set(stands.kits)
