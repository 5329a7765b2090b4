"""What waits in a case that ends, and what of those that are over is still kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet

from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.exchange.models import (
    CaseEnd,
    CaseReopened,
    CaseReopening,
    ContentsErased,
    Incoming,
    Outgoing,
    SharedCase,
)
from wayhome.casework.exchange.queries.desk import cases_of
from wayhome.casework.exchange.queries.messages import content_key
from wayhome.casework.exchange.queries.over import standing
from wayhome.casework.exchange.rules import ending
from wayhome.casework.vault.models import DataKey

ERASED = ("package", "dna")
"""Kinds of messages whose contents go with their case."""


def left(case: SharedCase) -> Mapping[str, list[int]]:
    """What waits in a case on either side, as its end tells it."""
    ours = Outgoing.objects.filter(case=case)
    theirs = Incoming.objects.filter(case=case, kind__in=("question", "dna"), answered_by__isnull=True)
    return {
        "undelivered": list(ours.exclude(tries__receipt__isnull=False).values_list("sequence", flat=True)),
        "our_questions": list(
            ours.filter(kind__in=("question", "dna"), answered_by__isnull=True).values_list("sequence", flat=True)
        ),
        "your_questions": list(theirs.values_list("sequence", flat=True)),
    }


def reopening_of(by: Actor, reopening_id: int) -> CaseReopening:
    """What somebody wants opened again, in a case that the actor may know of."""
    rows = CaseReopening.objects.filter(pk=reopening_id, end__case__in=cases_of(by))
    found = rows.select_related("end__case__node__agency__jurisdiction", "by").first()
    if found is None:
        raise NotFound(case_reopening=reopening_id)
    return found


def reopenings(cases: Iterable[int]) -> QuerySet[CaseReopening]:
    """What waits for a second person."""
    return CaseReopening.objects.filter(end__case__in=list(cases), approval__isnull=True)


def to_erase(*, at: datetime) -> list[CaseEnd]:
    """Ends whose term is over, and whose contents are still there."""
    rows = standing().filter(erased__isnull=True).select_related("case").order_by("pk")
    return [one for one in rows if ending.kept_until(one.at, one.keep_days) <= at]


def keys_of(case: SharedCase) -> list[str]:
    """Keys of what was told of children in a case, those that are still there."""
    rows: list[Incoming | Outgoing] = [
        *Outgoing.objects.filter(case=case, kind__in=ERASED),
        *Incoming.objects.filter(case=case, kind__in=ERASED),
    ]
    return sorted(DataKey.objects.filter(of__in=[content_key(one) for one in rows]).values_list("of", flat=True))


def history(case: SharedCase) -> list[CaseEnd | CaseReopened | ContentsErased]:
    """Each end, each opening again, and when contents went, in their order."""
    found: list[CaseEnd | CaseReopened | ContentsErased] = [
        *CaseEnd.objects.filter(case=case).select_related("by"),
        *CaseReopened.objects.filter(reopening__end__case=case).select_related("by", "reopening"),
        *ContentsErased.objects.filter(end__case=case),
    ]
    return sorted(found, key=lambda one: (one.at, one.pk))
