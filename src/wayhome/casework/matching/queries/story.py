"""Counts over all candidates, for whoever tells the whole story: a demonstration, whose people are made up."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import counted
from wayhome.casework.core import numbers
from wayhome.casework.families.models import Description
from wayhome.casework.families.queries import open_requests
from wayhome.casework.laboratory.models import KitHop, RelativeProfile
from wayhome.casework.matching.models import Candidate, CandidateEnd, Kinship
from wayhome.casework.matching.queries.candidates import conclusions, standing_confirmations
from wayhome.casework.matching.rules.readings import outcome

TRUTH = "Made up. Looks for the child "
"""Before the number of a child, in the words of a made-up family: only there is it known beforehand who belongs together."""


def children_in_care() -> list[Child]:
    """Every child, in the order of their numbers."""
    return list(counted().select_related("event__jurisdiction").order_by("event_id", "at", "pk"))


def supported() -> list[Candidate]:
    """Open candidates that two analysts support."""
    going = Candidate.objects.filter(end__isnull=True).select_related("child", "request").order_by("pk")
    return [candidate for candidate in going if outcome(conclusions(candidate)) == "supported"]


def refuted() -> QuerySet[Candidate]:
    """Candidates that second samples spoke against."""
    return Candidate.objects.filter(end__reason="refuted").select_related("child", "request").order_by("pk")


def confirmed_requests() -> set[int]:
    """Requests of which a confirmation stands."""
    return set(standing_confirmations().values_list("candidate__request_id", flat=True))


def truth() -> dict[int, int]:
    """By request of a made-up family: the child that is its own."""
    told = Description.objects.filter(circumstances__startswith=TRUTH).values_list("request_id", "circumstances")
    return {request: int(numbers.plain_number(words.removeprefix(TRUTH))) for request, words in told}


def told() -> dict[str, Any]:
    """What the records say of the search."""
    true = truth()
    open_ = {(one.request_id, one.child_id): one for one in Candidate.objects.filter(end__isnull=True)}
    first, weak = 0, 0
    for pair in true.items():
        candidate = open_.get(pair)
        if candidate is None or candidate.gate == "insufficient":
            weak += 1
        elif candidate.rank == 1:
            first += 1
    confirmed = {
        (one.candidate.request_id, one.candidate.child_id) for one in standing_confirmations().select_related("candidate")
    }
    return {
        "families": open_requests().count(),
        "reference_samples": RelativeProfile.objects.values("kit__relative").distinct().count(),
        "true_families": len(true),
        "true_families_first": first,
        "insufficient": weak,
        "confirmed": len(confirmed),
        "false_confirmations": len(confirmed - set(true.items())),
        "twins_found": Kinship.objects.count(),
        "kits_gone_astray": KitHop.objects.filter(kind="returned").count(),
        "swap_caught": CandidateEnd.objects.filter(reason="refuted").exists(),
    }
