"""A child's file, as far as it is said; who was counted; what may be one child."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from wayhome import kinship
from wayhome.casework.children.models import (
    AgeEstimate,
    Assertion,
    Child,
    Correction,
    DuplicateProposal,
    FoundItem,
    Mark,
    MergeStep,
    Photo,
    VictimTie,
)
from wayhome.casework.children.rules import LATER, AgeInterval, Sighting, weighable
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.core.prepared import prepared
from wayhome.casework.operations.models import RescueEvent
from wayhome.casework.operations.queries.victims import victims_of


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Another record that may be the same child, and why (`rules.duplicate_reasons`)."""

    other: Child
    reasons: list[dict[str, Any]]


def child(child_id: int) -> Child:
    """One child, whoever asks: a face asks `custody.queries.visible_child` first."""
    found = Child.objects.select_related("event__operation", "event__jurisdiction", "siblings").filter(pk=child_id).first()
    if found is None:
        raise NotFound(child=child_id)
    return found


def age_on(child: Child, day: date) -> AgeInterval | None:
    """What was last said of a child's age, moved on to a day; None if nothing was, or it was not born yet."""
    return _interval(_last_age.first(child), day)


@prepared
def _last_age(child: int) -> QuerySet[AgeEstimate]:
    return AgeEstimate.objects.filter(child=child).select_related("by").order_by("-at", "-pk")[:1]


def ages_on(children: Iterable[int], day: date) -> dict[int, AgeInterval]:
    """`age_on` of several children, by child; those of whom nothing was said are left out."""
    said = AgeEstimate.objects.filter(child_id__in=list(children)).select_related("by").order_by("at", "pk")
    ages = {one.child_id: _interval(one, day) for one in said}
    return {child_id: age for child_id, age in ages.items() if age is not None}


@prepared
def marks(child: int) -> QuerySet[Mark]:
    """Marks on the body, in the order in which they were found."""
    return Mark.objects.filter(child=child).select_related("by").order_by("pk")


@prepared
def items(child: int) -> QuerySet[FoundItem]:
    """What was found with a child."""
    return FoundItem.objects.filter(child=child).select_related("by").order_by("pk")


def assertions(child: Child, *, superseded: bool = False) -> list[Assertion]:
    """What is said of a child now; with `superseded`, also what was said before."""
    return _assertions(child, superseded)


@prepared
def _assertions(child: int, superseded: bool) -> QuerySet[Assertion]:
    said = Assertion.objects.filter(child=child).select_related("by").order_by("field", "pk")
    return said if superseded else said.filter(superseded_by__isnull=True)


def corrections(child: Child) -> QuerySet[Correction]:
    """What was corrected, the first first."""
    return Correction.objects.filter(child=child).select_related("by").order_by("version", "field")


def photo(child: Child) -> Photo | None:
    """The last picture."""
    return Photo.objects.filter(child=child).order_by("-pk").first()


def absorbed() -> QuerySet[Child]:
    """Records of which two people said that they are another child's, and no two that they are not."""
    return Child.objects.filter(pk__in=_absorbed.inside())


def merged_away(records: Iterable[int]) -> set[int]:
    """Those of some records that were merged into another."""
    return set(_absorbed_of(set(records)))


@prepared
def _absorbed_of(records: list[int]) -> QuerySet[Any]:
    return _merges().filter(absorbed__in=records).values_list("absorbed_id", flat=True)


def counted() -> QuerySet[Child]:
    """Every child once: records that were merged into another are left out."""
    return Child.objects.exclude(pk__in=_absorbed.inside())


def kept_for(child: Child) -> Child:
    """The record that counts for this one: itself, unless it was merged into another."""
    seen = {child.pk}
    while (step := last_step(child)) is not None and step.kind == "merge" and step.kept_id not in seen:
        child = step.kept
        seen.add(child.pk)
    return child


def records(children: Iterable[int]) -> dict[int, int]:
    """By record: which of some children it is of. Their own records, and those merged into these, also by way of another."""
    found = {child: child for child in children}
    new = set(found)
    while new:
        steps = [(record, kept) for record, kept in _absorbed_into(new) if record not in found]
        found |= {record: found[kept] for record, kept in steps}
        new = {record for record, _ in steps}
    return found


@prepared
def _absorbed_into(kept: list[int]) -> QuerySet[Any]:
    return _merges().filter(kept__in=kept).values_list("absorbed_id", "kept_id")


def last_step(child: Child) -> MergeStep | None:
    """The last merge or split of a record on which two people agreed."""
    return _last_step.first(child)


@prepared
def _last_step(absorbed: int) -> QuerySet[MergeStep]:
    agreed = MergeStep.objects.filter(absorbed=absorbed, confirmation__isnull=False)
    return agreed.select_related("kept", "absorbed").order_by("-pk")[:1]


def merge_steps_waiting() -> dict[int, set[int]]:
    """Merges and splits that wait for a second person, the oldest first: by step, the two records."""
    waiting = _unconfirmed()
    gone = merged_away(record for _, _, kept, absorbed in waiting for record in (kept, absorbed))
    return {
        step: {kept, absorbed}
        for step, kind, kept, absorbed in waiting
        if (absorbed in gone if kind == "split" else not gone & {kept, absorbed})
    }


@prepared
def merge_steps(steps: list[int]) -> QuerySet[MergeStep]:
    """Some of them whole, the oldest first."""
    return MergeStep.objects.filter(pk__in=steps).select_related("kept", "absorbed", "proposed_by").order_by("pk")


@prepared
def _unconfirmed() -> QuerySet[Any]:
    steps = MergeStep.objects.filter(confirmation__isnull=True).order_by("pk")
    return steps.values_list("pk", "kind", "kept_id", "absorbed_id")


def duplicates_of(child: Child) -> list[Duplicate]:
    """Records that may be the same child and on which nobody has decided yet."""
    decided = {pk for pair in _decided(child) for pk in pair}
    found = [Duplicate(p.other if p.one_id == child.pk else p.one, p.reasons) for p in _proposals(child)]
    gone = merged_away(one.other.pk for one in found)
    return [one for one in found if one.other.pk not in decided | gone]


@prepared
def _decided(child: int) -> QuerySet[Any]:
    agreed = MergeStep.objects.filter(Q(kept=child) | Q(absorbed=child), confirmation__isnull=False)
    return agreed.values_list("kept_id", "absorbed_id")


@prepared
def _proposals(child: int) -> QuerySet[DuplicateProposal]:
    found = DuplicateProposal.objects.filter(Q(one=child) | Q(other=child))
    return found.select_related("one", "other").order_by("pk")


def may_be(child: Child) -> list[Child]:
    """Records near enough in time to be looked at more closely: not merged, and not compared with this one before."""
    known = DuplicateProposal.objects.filter(Q(one=child) | Q(other=child)).values_list("one", "other")
    compared = {pk for pair in known for pk in pair} | {child.pk}
    for step in MergeStep.objects.filter(Q(kept=child) | Q(absorbed=child)):
        compared |= {step.kept_id, step.absorbed_id}
    found_at = child.event.found_at
    near = counted().filter(event__found_at__range=(found_at - LATER, found_at + LATER)).exclude(pk__in=compared)
    return list(near.order_by("pk"))


def sightings(children: Iterable[Child], *, day: date) -> list[Sighting]:
    """What records say, for comparison; ages as of a day. A night's raid brings many: they are read together."""
    whole = {child.pk: child for child in _whole(Child.objects.filter(pk__in=[child.pk for child in children]))}
    return [_sighting(whole[child.pk], day) for child in children]


def _whole(children: QuerySet[Child]) -> QuerySet[Child]:
    """Records with all that is compared."""
    return children.select_related("event__jurisdiction").prefetch_related("marks", "ages__by", "event__keys")


def _sighting(child: Child, day: date) -> Sighting:
    last = max(child.ages.all(), key=lambda estimate: (estimate.at, estimate.pk), default=None)
    return Sighting(
        sex=child.sex,
        event=first_event(child.event),
        found_at=child.event.found_at,
        places=frozenset(key.key for key in child.event.keys.all() if key.kind == "address"),
        jurisdiction=child.event.jurisdiction.path,
        age=_interval(last, day),
        marks=weighable([kinship.Mark(mark.kind, mark.place) for mark in child.marks.all()]),
        by=child.by_id,
        siblings=child.siblings_id or 0,
    )


def _interval(estimate: AgeEstimate | None, day: date) -> AgeInterval | None:
    if estimate is None:
        return None
    told = AgeInterval(estimate.least_days, estimate.most_days, estimate.method, estimate.by_id, estimate.by.name, estimate.on)
    return told.on(day)


def first_event(event: RescueEvent) -> int:
    """The event that this one corrects, or that that one corrects, and so on."""
    while event.corrects is not None:
        event = event.corrects
    return event.pk


def changed_since(child_id: int, version: int) -> dict[str, tuple[str, str]]:
    """What was corrected since somebody read a version: field -> (as it was read, as it is now)."""
    rows = (
        Correction.objects.filter(child_id=child_id, version__gt=version).order_by("version").values_list("field", "old", "new")
    )
    changes: dict[str, tuple[str, str]] = {}
    for field, old, new in rows:
        changes[field] = (changes[field][0] if field in changes else old, new)
    return changes


def _merges() -> QuerySet[MergeStep]:
    """Merges that stand. From the few merges to the children, and not by asking each child for its last step."""
    confirmed = MergeStep.objects.filter(confirmation__isnull=False)
    later = confirmed.filter(absorbed_id=OuterRef("absorbed_id"), pk__gt=OuterRef("pk"))
    return confirmed.filter(~Exists(later), kind="merge")


@prepared
def _absorbed() -> QuerySet[Any]:
    """Numbers of the records that were merged into another."""
    return _merges().values_list("absorbed_id", flat=True)


def siblings(child: Child) -> QuerySet[Child]:
    """Those grouped with a child as twins or siblings, without records that were merged into another."""
    group = counted().filter(siblings_id=child.siblings_id) if child.siblings_id else Child.objects.none()
    return group.exclude(pk=child.pk).order_by("pk")


def with_photo(child_ids: Iterable[int]) -> set[int]:
    """Those of the children of whom there is a picture."""
    return set(_with_photo(set(child_ids)))


@prepared
def _with_photo(children: list[int]) -> QuerySet[Any]:
    return Photo.objects.filter(child_id__in=children).values_list("child_id", flat=True).distinct()


@dataclass(frozen=True, slots=True)
class Ledger:
    """Children that a ring moved, as evidence tells, and what became of them; it is never closed.

    Parameters
    ----------
    moved : all but those that were disproved.
    rescued : children who are one of them, each once.
    open : the others.
    victims : each, with what was last said of it as `said`, and its tie to a child.
    """

    moved: int
    rescued: int
    open: int
    disproved: int
    victims: list[tuple[Any, VictimTie | None]]


def standing_ties() -> QuerySet[VictimTie]:
    """Children who are said to be an alleged victim, while nobody took it back."""
    return VictimTie.objects.filter(end__isnull=True)


def ledger(by: Actor, investigation_id: int) -> Ledger:
    """The ledger of an investigation to whose task force the actor belongs."""
    victims = list(victims_of(by, investigation_id))
    ties = {tie.victim_id: tie for tie in standing_ties().filter(victim__in=victims).select_related("child")}
    moved = sum(one.said != "disproved" for one in victims)
    # Of two records that are one child, one alleged victim was rescued and the other is still looked for.
    children = {tie.child_id for tie in ties.values()}
    kept = _kept_by(children)
    rescued = len({_kept(child, kept) for child in children})
    return Ledger(moved, rescued, moved - rescued, len(victims) - moved, [(one, ties.get(one.pk)) for one in victims])


def _kept_by(children: Iterable[int]) -> dict[int, int]:
    """By record that was merged away: the record that goes on, of some records and of those that these were merged into."""
    found: dict[int, int] = {}
    new = set(children)
    while new:
        steps = dict(_merges().filter(absorbed__in=new).values_list("absorbed_id", "kept_id"))
        found |= steps
        new = set(steps.values()) - set(found)
    return found


def _kept(child: int, kept: Mapping[int, int]) -> int:
    while child in kept:
        child = kept[child]
    return child
