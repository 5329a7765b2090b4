"""Families of whom nobody was typed, ranked for a child by what is known beside DNA."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from wayhome import kinship
from wayhome.casework.children.models import Child
from wayhome.casework.families.models import TracingRequest
from wayhome.casework.families.queries import open_requests
from wayhome.casework.laboratory.models import RelativeProfile
from wayhome.casework.matching.queries import evidence
from wayhome.casework.matching.queries.dossiers import number_of

IN_BASE = 0.5
"""Prior that the child's family is among those that look for a child."""
MOST_WEIGHED = 3000
"""Requests weighed at once, the last first: each takes a good part of a millisecond."""


@dataclass(frozen=True)
class Ranked:
    """A request for a child: what speaks for it and against, and how likely it is among all that were weighed."""

    request: TracingRequest
    evidence: kinship.Evidence
    posterior: float


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
    return [Ranked(rows[pk], weighed[pk], share[number_of(pk)]) for pk in best]
