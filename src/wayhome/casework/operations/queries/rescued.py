"""The children and the detained of operations, each once, as recorded until a moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.operations.models import Detention, Operation, PersonRole, RescueEvent
from wayhome.casework.operations.rules import SUSPECTS


@dataclass(frozen=True, slots=True)
class Rescued:
    """A child as it is counted: once, under the record that counts, where it was rescued as far as the last correction says.

    Parameters
    ----------
    place, clue : jurisdictions; on whose clue is another attribute, None where nobody's.
    at : when it was recorded.
    """

    child: int
    operation: int
    place: Jurisdiction
    clue: Jurisdiction | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Detained:
    """Somebody of the ring who was detained; the first time that this was recorded.

    Parameters
    ----------
    place : path of the place that somebody named last, or else of that of whoever recorded it.
    """

    person: int
    operation: int
    place: str
    at: datetime


def rescued(operations: Iterable[Operation], *, until: datetime | None = None) -> list[Rescued]:
    """The children of some operations, as recorded until then. A record that was merged into another is not another child."""
    # The children of an event are reached from here by name: they are counted where they were rescued, and this is where.
    mine = RescueEvent.objects.filter(operation__in=[operation.pk for operation in operations])
    confirmed = Q(children__merges__confirmation__isnull=False)
    there = Q(children__isnull=False)
    if until is not None:
        confirmed, there = Q(children__merges__confirmation__at__lte=until), Q(children__at__lte=until)
    # Children first: while others write, each question knows more than the one before, and a child comes after its event.
    children = list(mine.filter(there).values_list("pk", "children__pk", "children__at").order_by("children__pk"))
    steps = mine.filter(confirmed).order_by("children__merges__pk")
    last = dict(steps.values_list("children__pk", "children__merges__kind"))
    events = {event.pk: event for event in mine.select_related("jurisdiction", "clue_of").order_by("pk")}
    corrected: dict[int, RescueEvent] = {}
    for event in events.values():
        if event.corrects_id is not None and (until is None or event.at <= until):
            corrected[event.corrects_id] = event
    told = []
    for number, child, at in children:
        if last.get(child) == "merge":
            continue
        event = events[number]
        while event.pk in corrected:
            event = corrected[event.pk]
        told.append(Rescued(child, event.operation_id, event.jurisdiction, event.clue_of, at))
    return told


def detained(operations: Iterable[Operation], *, until: datetime | None = None) -> list[Detained]:
    """The detained of some operations, as recorded until then: each person once, however many roles and operations."""
    numbers = [operation.pk for operation in operations]
    ring = PersonRole.objects.filter(operation__in=numbers, kind__in=sorted(SUSPECTS), detained_at__isnull=False)
    places = Detention.objects.filter(operation__in=numbers)
    if until is not None:
        ring, places = ring.filter(at__lte=until), places.filter(at__lte=until)
    named = {
        (operation, person): path
        for operation, person, path in places.order_by("pk").values_list("operation_id", "person_id", "jurisdiction__path")
    }
    first: dict[int, Detained] = {}
    rows = ring.order_by("at", "pk").values_list("person_id", "operation_id", "by__agency__jurisdiction__path", "at")
    for person, operation, path, at in rows:
        first.setdefault(person, Detained(person, operation, named.get((operation, person), path), at))
    return list(first.values())
