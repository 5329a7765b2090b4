"""What stands of what was said, after what was corrected."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from wayhome.casework.accounts.models import Staff
from wayhome.casework.accounts.queries import active_staff
from wayhome.casework.accounts.rules import Role
from wayhome.casework.core.errors import NotFound
from wayhome.casework.exchange.models import (
    CaseChild,
    DnaLook,
    DnaLookAgain,
    DnaSent,
    PackageSent,
    StepCorrection,
    TieChange,
    WaitingStep,
)
from wayhome.casework.exchange.rules.waiting import Step


def steps_of(ties: Iterable[CaseChild]) -> dict[int, list[Step]]:
    """Steps of some ties as they stand now, in their order."""
    found: dict[int, list[Step]] = {one.pk: [] for one in ties}
    last: dict[int, StepCorrection] = {
        row.step_id: row for row in StepCorrection.objects.filter(step__of__in=found).order_by("step", "n")
    }
    for row in WaitingStep.objects.filter(of__in=found).order_by("of", "n"):
        now = last.get(row.pk)
        if now is None:
            found[row.of_id].append(Step(row.n, row.who, row.what, row.since))
        elif now.stands:
            found[row.of_id].append(Step(row.n, now.who, now.what, now.since, now.reason))
    return found


def taken_back(tie: CaseChild) -> list[StepCorrection]:
    """Steps that there never were, with why."""
    rows = StepCorrection.objects.filter(step__of=tie).select_related("step").order_by("step__n", "n")
    last = {row.step_id: row for row in rows}
    return [row for row in last.values() if not row.stands]


def step_of(tie: CaseChild, n: int) -> WaitingStep:
    """One step as it was told."""
    found = WaitingStep.objects.filter(of=tie, n=n).select_related("of__case__node", "of__child__event", "by").first()
    if found is None:
        raise NotFound(step=n)
    return found


def standing(ties: QuerySet[CaseChild]) -> QuerySet[CaseChild]:
    """Those that were not taken back."""
    last = TieChange.objects.filter(tie=OuterRef("pk")).order_by("-n").values("stands")[:1]
    return ties.annotate(last_word=Coalesce(Subquery(last), Value(True))).filter(last_word=True)


def wrong() -> QuerySet[TieChange]:
    """Ties that were taken back, by their last word."""
    last = TieChange.objects.filter(tie=OuterRef("tie")).order_by("-n").values("n")[:1]
    return TieChange.objects.filter(n=Subquery(last), stands=False)


def stands(tie: CaseChild) -> bool:
    """Whether the case is about this child."""
    return not wrong().filter(tie=tie).exists()


def why_wrong(tie: CaseChild) -> TieChange | None:
    """The word by which it is not."""
    return wrong().filter(tie=tie).select_related("by").first()


def sent_of(tie: CaseChild) -> list[int]:
    """Numbers of our messages that told or asked of a child."""
    dna = DnaSent.objects.filter(approval__question__of=tie).values_list("message__sequence", flat=True)
    packages = PackageSent.objects.filter(approval__package__of=tie).values_list("message__sequence", flat=True)
    return sorted([*dna, *packages])


def last_look(look: DnaLook) -> DnaLook | DnaLookAgain:
    """What counts of several looks: the last."""
    return look.again.select_related("by__agency__jurisdiction").order_by("-n").first() or look


def is_at_work(staff: Staff) -> bool:
    """Whether whoever looked still answers for it."""
    return active_staff().filter(pk=staff.pk, role=Role.SUPERVISOR).exists()


def orphaned() -> QuerySet[DnaLook]:
    """Looks that are not answered, and whose last looker does not answer for them any more."""
    again = DnaLookAgain.objects.filter(look=OuterRef("pk")).order_by("-n").values("by")[:1]
    rows = DnaLook.objects.filter(answer__isnull=True)
    rows = rows.annotate(looker=Coalesce(Subquery(again), F("by"), output_field=BigIntegerField()))
    return rows.exclude(looker__in=active_staff().filter(role=Role.SUPERVISOR).values("pk"))
