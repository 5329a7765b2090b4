"""Rescued children compared with each other: brothers and sisters who were sold apart, and one child with two records."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime

from wayhome import kinship
from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import SYSTEM
from wayhome.casework.laboratory.rules.profiles import alike
from wayhome.casework.matching.actions import base
from wayhome.casework.matching.models import Kinship
from wayhome.casework.matching.queries.dossiers import ComparedChild
from wayhome.casework.matching.rules.samples import enough

LEAST_LOG10_LR = 4.0
EXPECTED = 0.01
"""Pairs of strangers that are expected among those told, over all that were compared with one child."""


def find_kin(child: Child, everybody: Mapping[int, ComparedChild], *, at: datetime) -> list[Kinship]:
    """Who of the other children may be a child's full sibling, or the child itself; each pair is told once."""
    known = {pk: one for pk, one in everybody.items() if one.standing.settled and enough(one.profile)}
    if child.pk not in known:
        return []
    least = max(LEAST_LOG10_LR, math.log10(len(known) / EXPECTED))
    pairs = kinship.related_pairs(
        {pk: one.profile for pk, one in known.items()},
        base.model(),
        least_log10_lr=least,
        relationships=[kinship.FULL_SIBLINGS],
        together={pk: "others" for pk in known if pk != child.pk},
    )
    told = []
    for pair in pairs:
        one, other = sorted((pair.first, pair.second))
        if Kinship.objects.filter(one=one, other=other).exists():
            continue
        same = alike(known[one].profile, known[other].profile)
        with gate(by=SYSTEM, at=at, child_id=child.pk, attempt="find_kin"):
            made = Kinship.objects.create(
                one_id=one,
                other_id=other,
                relationship="same" if same else "full_siblings",
                log10_lr=round(pair.log10_lr[kinship.FULL_SIBLINGS.name], 1),
                at=at,
            )
            record(
                by=base.house(child),
                at=at,
                action="matching.find_kin",
                subject=f"kinship:{made.pk}",
                child_id=child.pk,
                data={"one": one, "other": other, "relationship": made.relationship},
            )
        told.append(made)
        if not _grouped(one, other):
            raise_alarm(
                kind=Alarm.Kind.KIN_FOUND,
                at=at,
                level=2,
                code=made.relationship,
                child_id=child.pk,
                jurisdiction=child.event.jurisdiction.path,
                subject=f"kinship:{made.pk}",
            )
    return told


def _grouped(one: int, other: int) -> bool:
    """Whether they are siblings on record already."""
    groups = list(Child.objects.filter(pk__in=(one, other)).values_list("siblings_id", flat=True))
    return None not in groups and len(set(groups)) == 1
