"""Families of whom nobody was typed, ranked for a child by what is known beside DNA."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from wayhome import kinship
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.families import queries as families
from wayhome.casework.families.models import TracingRequest
from wayhome.casework.families.queries import open_requests
from wayhome.casework.families.rules import can_be_typed, nearness
from wayhome.casework.laboratory.models import RelativeProfile
from wayhome.casework.matching.models import Search
from wayhome.casework.matching.queries import evidence
from wayhome.casework.matching.queries.candidates import candidates_of
from wayhome.casework.matching.queries.dossiers import number_of

IN_BASE = 0.5
"""Prior that the child's family is among those that look for a child."""
MOST_ASKED = 3
"""Relatives of a family who are named."""
MOST_WEIGHED = 3000
"""Requests weighed at once, the last first: each takes a good part of a millisecond."""


@dataclass(frozen=True)
class Ranked:
    """A request for a child: what speaks for it and against, and how likely it is among all that were weighed.

    Parameters
    ----------
    stages : from the prior through every factor to the posterior.
    weighed : how many requests it was weighed among.
    """

    request: TracingRequest
    evidence: kinship.Evidence
    posterior: float
    stages: tuple[Any, ...]
    weighed: int


@dataclass(frozen=True)
class ToAsk:
    """Of whom a sample can be asked for, by number as the pedigree names them: the nearest kin first, and who agreed already."""

    pedigree: tuple[tuple[str, str | None, str | None, str], ...]
    missing: str
    members: tuple[str, ...]
    agreed: frozenset[str]


def untyped_requests_for(child: Child, *, top: int = 10) -> list[Ranked]:
    """The likeliest requests without DNA for a child. A field that is blank weighs nothing; none excludes."""
    typed = RelativeProfile.objects.filter(kit__relative__request=OuterRef("pk"))
    rows = {one.pk: one for one in open_requests().filter(~Exists(typed)).order_by("-at")[:MOST_WEIGHED]}
    if not rows:
        return []
    known = evidence.known_of(child)
    weighed = {pk: evidence.weighed(known, told) for pk, told in evidence.told_by(rows).items()}
    names = dict.fromkeys(name for one in weighed.values() for name in evidence.factors(one))
    whole = kinship.posterior(
        {number_of(pk): 0.0 for pk in weighed},
        kinship.Prior(IN_BASE, len(weighed)),
        evidence={name: {number_of(pk): evidence.factors(one).get(name, 0.0) for pk, one in weighed.items()} for name in names},
    )
    share = dict(zip(whole.families, whole.of_family.tolist(), strict=True))
    best = sorted(weighed, key=lambda pk: (-share[number_of(pk)], pk))[:top]
    return [Ranked(rows[pk], weighed[pk], share[number_of(pk)], _beside_dna(whole, number_of(pk)), len(weighed)) for pk in best]


def _beside_dna(whole: kinship.Posterior, family: str) -> tuple[Any, ...]:
    prior, _dna, *beside = whole.stages(family)
    return (prior, *beside)


def to_ask(requests: Iterable[int], *, at: datetime) -> dict[int, ToAsk]:
    """Whose sample would tell most, in families of whom nobody was typed."""
    found = {}
    for pk, kin in families.trees(requests, at=at).items():
        missing = next((number for number, one in kin.items() if one.relative.missing), None)
        if missing is None:
            continue
        near = nearness(families.nodes(kin), missing)
        able = [n for n, one in kin.items() if n in near and n != missing and can_be_typed(one.state.life, one.state.reach, True)]
        found[pk] = ToAsk(
            tuple((str(n), _name(one.father), _name(one.mother), one.relative.sex) for n, one in kin.items()),
            str(missing),
            tuple(str(n) for n in sorted(able, key=lambda n: (near[n], n))[:MOST_ASKED]),
            frozenset(str(n) for n, one in kin.items() if one.consent is not None),
        )
    return found


def _name(number: int | None) -> str | None:
    return None if number is None else str(number)


def knows(by: Actor, number: int) -> bool:
    """Whether the actor's laboratory typed a child's sample, or has a candidate for it."""
    searched = Search.objects.filter(child=number, kit__laboratory=by.agency_id)
    return candidates_of(by).filter(child=number).exists() or searched.exists()


def child_of(by: Actor, number: int) -> Child:
    """Such a child; NotFound otherwise."""
    child = Child.objects.filter(pk=number).select_related("event__operation").first()
    if child is None or not knows(by, number):
        raise NotFound(child=number)
    return child
