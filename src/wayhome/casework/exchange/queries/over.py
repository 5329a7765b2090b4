"""Which cases are over, on this side or on the partner's."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from wayhome.casework.exchange.models import CaseEnd, Incoming, SharedCase
from wayhome.casework.exchange.rules import ending


def standing() -> QuerySet[CaseEnd]:
    """Ends that were not taken back."""
    return CaseEnd.objects.filter(reopening__approval__isnull=True)


def end_of(case: SharedCase) -> CaseEnd | None:
    """How this side has ended a case; None where it is open."""
    return standing().filter(case=case).select_related("by", "reopening__by").first()


def ended_there(case: SharedCase) -> Incoming | None:
    """The message by which the partner has."""
    last = Incoming.objects.filter(case=case, kind__in=ending.KINDS).order_by("-sequence").first()
    return last if last is not None and last.kind == "ended" else None


def told_ended() -> QuerySet[Incoming]:
    """Messages by which partners ended a case, and did not open it again."""
    later = Incoming.objects.filter(case=OuterRef("case"), kind="opened", sequence__gt=OuterRef("sequence"))
    return Incoming.objects.filter(~Exists(later), kind="ended")


def is_over(case: SharedCase) -> bool:
    """Whether nothing more is told in it, on whichever side it ended."""
    return standing().filter(case=case).exists() or ended_there(case) is not None


def over(cases: Iterable[int] | None = None) -> set[int]:
    """Numbers of cases in which nothing more is told; of some, or of all."""
    of = Q() if cases is None else Q(case__in=cases)
    return {*standing().filter(of).values_list("case", flat=True), *told_ended().filter(of).values_list("case", flat=True)}
