"""The children of an operation, each once, where it was rescued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wayhome.casework.operations.models import Operation, RescueEvent


@dataclass(frozen=True, slots=True)
class Rescued:
    """A child, counted where the rescue was as it was last corrected: paths and codes of the place, and of the clue's."""

    child: int
    path: str
    code: str
    clue_path: str | None
    clue_code: str | None
    at: datetime


def rescued(operation: Operation) -> list[Rescued]:
    """Every child of an operation, once. A record that was merged into another is not another child."""
    # The children of an event are reached from here by name: they are counted where they were rescued, and this is where.
    events = {
        event.pk: event
        for event in RescueEvent.objects.filter(operation=operation).select_related("jurisdiction", "clue_of").order_by("pk")
    }
    corrected: dict[int, int] = {}
    for event in events.values():
        if event.corrects_id is not None:
            corrected[event.corrects_id] = event.pk
    steps: dict[int, str] = dict(
        RescueEvent.objects.filter(operation=operation, children__merges__confirmation__isnull=False)
        .order_by("children__merges__pk")
        .values_list("children__pk", "children__merges__kind")
    )
    found = []
    for child, first, at in RescueEvent.objects.filter(operation=operation, children__isnull=False).values_list(
        "children__pk", "pk", "children__at"
    ):
        if steps.get(child) == "merge":
            continue
        last = first
        while last in corrected:
            last = corrected[last]
        event = events[last]
        clue = event.clue_of
        found.append(
            Rescued(
                child,
                event.jurisdiction.path,
                event.jurisdiction.code,
                clue.path if clue else None,
                clue.code if clue else None,
                max(at, event.at),
            )
        )
    return found
