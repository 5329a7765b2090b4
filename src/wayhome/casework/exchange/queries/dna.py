"""What partners asked by DNA, what was found, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from wayhome import kinship
from wayhome.casework.children.models import Child
from wayhome.casework.exchange.models import CaseChild, DnaAsked, DnaFound, DnaLook, DnaQuestion, PartnerNode
from wayhome.casework.exchange.queries.over import over
from wayhome.casework.exchange.rules import asking, canaries
from wayhome.casework.matching.queries.dossiers import compared_children


def unsearched(*, before: datetime) -> QuerySet[DnaAsked]:
    """What was asked before a moment, and not searched: the first asked first."""
    rows = DnaAsked.objects.filter(found__isnull=True, at__lt=before)
    return rows.select_related("message__case").order_by("pk")


def unsearched_of(case: int) -> list[DnaAsked]:
    """What was asked in a case, and not searched."""
    return list(DnaAsked.objects.filter(message__case=case, found__isnull=True).order_by("pk"))


def asked_lately(node_id: int, *, at: datetime) -> int:
    """How often a partner asked in the month before. Counted from what is written: nothing that is started anew forgets it."""
    return DnaAsked.objects.filter(node=node_id, at__gt=at - asking.MONTH).count()


def asked_before(node_id: int, sample: str) -> bool:
    """Whether a partner asked by the same sample already, in whatever case."""
    return DnaAsked.objects.filter(node=node_id, sample=sample).exists()


def asked_by(node_id: int, kit: int) -> bool:
    """Whether a partner was, or is to be, asked by a sample of ours already."""
    return DnaQuestion.objects.filter(kit=kit, of__case__node=node_id).exists()


def without_canaries() -> list[tuple[PartnerNode, list[int]]]:
    """Partners with the numbers of the canaries that each has not yet."""
    wanted = range(1, canaries.HANDFUL + 1)
    rows = PartnerNode.objects.prefetch_related("canaries").order_by("pk")
    each = [(node, sorted(set(wanted) - {one.n for one in node.canaries.all()})) for node in rows]
    return [(node, numbers) for node, numbers in each if numbers]


def asked_by_ours(node_id: int) -> list[kinship.Profile]:
    """Samples of this house's by which a partner was asked, as they went out, whatever later ones showed."""
    asked = DnaQuestion.objects.filter(of__case__node=node_id, approval__sent__isnull=False)
    of = compared_children(Child.objects.filter(kits__in=asked.values("kit")).distinct())
    every = {sample: profile for one in of.values() for sample, profile in one.all.items()}
    return [every[sample] for sample in asked.order_by("pk").values_list("kit", "n")]


def hits_of(request: int) -> int:
    """Of how many partners' children a family was found to fit."""
    return DnaFound.objects.filter(request=request).count()


def sketches() -> Iterable[dict[str, int]]:
    """Of everything that was asked, by whomever."""
    rows: Iterator[dict[str, int]] = DnaFound.objects.values_list("sketch", flat=True).iterator()
    return rows


@dataclass(frozen=True, slots=True)
class Question:
    """A question of ours, and what became of it; `outcome` is "" until there is an answer."""

    pk: int
    basis: str
    asked_at: datetime
    by_id: int
    is_approved: bool
    outcome: str


def questions_of(tied: CaseChild) -> list[Question]:
    """What a partner was, or is to be, asked of a child; the first first."""
    rows = DnaQuestion.objects.filter(of=tied).select_related("approval", "heard").order_by("pk")
    return [
        Question(
            one.pk, one.basis, one.at, one.by_id, hasattr(one, "approval"), one.heard.outcome if hasattr(one, "heard") else ""
        )
        for one in rows
    ]


def to_look_at() -> QuerySet[DnaFound]:
    """What was found and nobody has looked at; the longest waiting first."""
    rows = DnaFound.objects.filter(look__isnull=True)
    return rows.select_related("asked__node", "asked__message__case").order_by("pk")


def to_approve() -> QuerySet[DnaQuestion]:
    """What was asked here and waits for a second person."""
    rows = DnaQuestion.objects.filter(approval__isnull=True)
    return rows.select_related("of__case__node", "of__child", "by").order_by("pk")


def unanswered(*, before: datetime) -> QuerySet[DnaLook]:
    """What was looked at before a moment, and not answered."""
    rows = DnaLook.objects.filter(answer__isnull=True, at__lt=before).exclude(found__asked__message__case__in=over())
    return rows.select_related("found__asked__message__case__node", "by__agency__jurisdiction").order_by("pk")
