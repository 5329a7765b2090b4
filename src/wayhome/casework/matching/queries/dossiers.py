"""From rows to what the search compares: a family with the profiles of those who agree, a child with the sample that stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from wayhome import kinship
from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import counted, kept_for, records
from wayhome.casework.core import numbers
from wayhome.casework.families.models import Parentage, Relative
from wayhome.casework.families.queries import in_force, open_requests
from wayhome.casework.families.rules import Node, Tree, pedigree
from wayhome.casework.laboratory.models import ChildProfile, RelativeProfile
from wayhome.casework.laboratory.queries import opened
from wayhome.casework.matching.models import ConfirmationEnd, Dossier
from wayhome.casework.matching.rules.samples import Sample, Standing, standing

Profiles = Mapping[Sample, kinship.Profile]
_AT_ONCE = 400
"""Requests read with one set of questions: SQLite takes some thousand values in one."""


@dataclass(frozen=True)
class Compared:
    """A request as the search sees it.

    Parameters
    ----------
    family : its pedigree with the profiles that stand; None where nobody can be compared.
    samples : which sample stands for which relative.
    seconds : profiles of further samples that agree, by relative.
    differing : relatives whose samples contradict each other: they are left out.
    digest : of the tree and the samples.
    """

    request: int
    family: kinship.Family | None
    samples: Mapping[int, Standing]
    seconds: Mapping[int, kinship.Profile]
    differing: tuple[int, ...]
    digest: str


def number_of(request: int) -> str:
    """The family's name in the index: the number of the request."""
    return f"{request:0{numbers.LENGTH}d}"


def compared(requests: Iterable[int], *, at: datetime) -> dict[int, Compared]:
    """Some requests as the search sees them at a moment; one that has ended has no family."""
    asked = sorted(set(requests))
    found: dict[int, Compared] = {}
    for first in range(0, len(asked), _AT_ONCE):
        found |= _compared(asked[first : first + _AT_ONCE], at)
    return found


def _compared(requests: list[int], at: datetime) -> dict[int, Compared]:
    going = set(open_requests().filter(pk__in=requests).values_list("pk", flat=True))
    members: dict[int, dict[int, Relative]] = {request: {} for request in requests}
    for relative in Relative.objects.filter(request__in=going, end__isnull=True).order_by("pk"):
        members[relative.request_id][relative.pk] = relative
    parents: dict[int, dict[str, int]] = {}
    links = Parentage.objects.filter(
        child__request__in=going, end__isnull=True, child__end__isnull=True, parent__end__isnull=True
    ).order_by("pk")
    for child, parent, sex in links.values_list("child_id", "parent_id", "parent__sex"):
        parents.setdefault(child, {})[sex] = parent
    profiles = relatives_profiles([one for of in members.values() for one in of], at=at)
    return {request: _one(request, members[request], parents, profiles) for request in requests}


def relatives_profiles(relatives: Iterable[int], *, at: datetime) -> dict[int, dict[Sample, kinship.Profile]]:
    """Every profile of relatives who agree at a moment, by relative."""
    agreed = in_force(at).filter(relative__in=list(relatives)).values_list("relative_id", flat=True)
    rows = RelativeProfile.objects.filter(kit__relative__in=list(agreed)).select_related("kit").order_by("pk")
    whose = {(row.kit_id, row.n): row.kit.relative_id for row in rows}
    found: dict[int, dict[Sample, kinship.Profile]] = {}
    for sample, profile in opened.relatives(rows).items():
        found.setdefault(whose[sample] or 0, {})[sample] = profile
    return found


def _one(
    request: int,
    members: Mapping[int, Relative],
    parents: Mapping[int, Mapping[str, int]],
    profiles: Mapping[int, Profiles],
) -> Compared:
    tree: Tree = {pk: Node(one.sex, parents.get(pk, {}).get("F"), parents.get(pk, {}).get("M")) for pk, one in members.items()}
    stand = {pk: found for pk in members if pk in profiles and (found := standing(profiles[pk])) is not None}
    differing = tuple(pk for pk, one in stand.items() if not one.settled)
    used = {pk: one for pk, one in stand.items() if one.settled}
    missing = next((pk for pk, one in members.items() if one.missing), None)
    family = None
    if used and missing is not None:
        names = {pk: str(pk) for pk in members}
        drawn = pedigree(tree, missing, names=names, name=number_of(request))
        family = kinship.Family(drawn, {str(pk): profiles[pk][one.use] for pk, one in used.items()})
    told: list[object] = [
        [[pk, node.sex, node.mother, node.father] for pk, node in sorted(tree.items())],
        [[pk, *one.use] for pk, one in sorted(used.items())],
        [[pk, [list(sample) for sample in one.differ]] for pk, one in sorted(stand.items()) if one.differ],
    ]
    seconds = {pk: profiles[pk][one.second] for pk, one in used.items() if one.second is not None}
    return Compared(request, family, used if family else {}, seconds, differing, _digest(told))


def last_dossiers(requests: Iterable[int]) -> dict[int, Dossier]:
    """What was compared of some requests the last time."""
    last = Dossier.objects.filter(request=OuterRef("request")).order_by("-n").values("n")[:1]
    asked = list(requests)
    found: dict[int, Dossier] = {}
    for first in range(0, len(asked), _AT_ONCE):
        rows = Dossier.objects.filter(request__in=asked[first : first + _AT_ONCE], n=Subquery(last))
        found |= {row.request_id: row for row in rows}
    return found


@dataclass(frozen=True)
class ComparedChild:
    """A rescued child as the search sees it: `profile` is the one that stands, called by the child's number."""

    child: int
    profile: kinship.Profile
    standing: Standing
    all: Profiles
    digest: str


def compared_child(child: Child) -> ComparedChild | None:
    """A child with the samples of its own record and of those merged into it; None without a sample."""
    return compared_children([child]).get(child.pk)


def compared_children(children: Iterable[Child] | None = None) -> dict[int, ComparedChild]:
    """Some children, or every child, as the search sees them; those without a sample are left out."""
    rows = ChildProfile.objects.select_related("kit").order_by("pk")
    having = list(counted().filter(pk__in=_kept(rows))) if children is None else list(children)
    whose = records(child.pk for child in having)
    if children is not None:
        rows = rows.filter(kit__child__in=list(whose))
    by_child: dict[int, dict[Sample, kinship.Profile]] = {}
    of = {(row.kit_id, row.n): whose.get(row.kit.child_id or 0) for row in rows}
    for sample, profile in opened.children(rows).items():
        child = of[sample]
        if child is not None:
            by_child.setdefault(child, {})[sample] = profile
    found = {}
    for child, profiles in by_child.items():
        stands = standing(profiles)
        assert stands is not None
        taken = profiles[stands.use]
        named = kinship.Profile(number_of(child), taken.genotypes, taken.kit, taken.flags)
        # A sample that others outvote says nothing new of the child: what was proposed is not proposed once more for it.
        told = [list(stands.use), [] if stands.settled else [list(sample) for sample in stands.differ]]
        found[child] = ComparedChild(child, named, stands, profiles, _digest(told))
    return found


def _kept(rows: QuerySet[ChildProfile]) -> list[int]:
    """Children of whom there is a sample, under the record that counts."""
    own = set(rows.values_list("kit__child_id", flat=True))
    counting = set(counted().filter(pk__in=own).values_list("pk", flat=True))
    counting |= {kept_for(child).pk for child in Child.objects.filter(pk__in=own - counting)}
    return sorted(counting)


def _digest(told: object) -> str:
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def data_digest(child: ComparedChild, family: Compared) -> str:
    """What a pair is proposed for once; once more where its confirmation was taken back and a sample came in since."""
    told: list[object] = [child.digest, family.digest]
    if (since := _sampled_since_taken_back(child, family)) is not None:
        told.append(since)
    return _digest(told)


def _sampled_since_taken_back(child: ComparedChild, family: Compared) -> int | None:
    """The first kit of either that was typed after the last confirmation of the pair was taken back, and that agrees with what
    stands. The first, so that those that follow it change nothing."""
    last = ConfirmationEnd.objects.filter(
        confirmation__candidate__child=child.child, confirmation__candidate__request=family.request
    ).order_by("-pk")
    moment = last.values_list("at", flat=True).first()
    if moment is None:
        return None
    of_child = ChildProfile.objects.filter(kit__in=child.standing.kits, at__gt=moment)
    theirs = [kit for one in family.samples.values() for kit in one.kits]
    of_family = RelativeProfile.objects.filter(kit__in=theirs, at__gt=moment)
    came = [*of_child.values_list("at", "kit"), *of_family.values_list("at", "kit")]
    return min(came)[1] if came else None
