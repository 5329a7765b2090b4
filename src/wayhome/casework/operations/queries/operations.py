"""Operations, rescues, persons, and the totals of an operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import StrIndex

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.core.keys import Key, all_keys
from wayhome.casework.operations.models import Operation, Person, PersonKey, PersonRole, RescueEvent
from wayhome.casework.operations.queries.rescued import detained, rescued
from wayhome.casework.operations.rules import SUSPECTS

_KINDS = ("name", "id", "phone", "address", "vehicle")


@dataclass(frozen=True, slots=True)
class Totals:
    """What an operation came to, counted from the records.

    Parameters
    ----------
    rescued : children, each once where it was rescued.
    suspects : persons of the ring, each once.
    detained : those of them who were detained.
    by_jurisdiction : code -> children rescued there; sums to `rescued`.
    on_clue_of : code -> children rescued on that jurisdiction's clue, wherever; never added to anything.
    """

    rescued: int
    suspects: int
    detained: int
    by_jurisdiction: Mapping[str, int]
    on_clue_of: Mapping[str, int]


def operation(operation_id: int) -> Operation:
    """One operation."""
    found = Operation.objects.select_related("jurisdiction").filter(pk=operation_id).first()
    if found is None:
        raise NotFound(operation=operation_id)
    return found


def operations_of(by: Actor) -> QuerySet[Operation]:
    """Operations that concern an actor: those of the own jurisdiction, below it, and above it."""
    if not (may(by.role, Permission.RECORD_OPERATION) or by.oversees):
        return Operation.objects.none()
    return (
        Operation.objects.annotate(above=StrIndex(Value(by.jurisdiction), F("jurisdiction__path")))
        .filter(Q(above=1) | Q(jurisdiction__path__startswith=by.jurisdiction))
        .select_related("jurisdiction")
        .order_by("-zero_hour")
    )


def rescue_events_of(by: Actor) -> QuerySet[RescueEvent]:
    """Rescues in operations that concern an actor: below the own jurisdiction, or recorded by the own agency. Corrected ones
    are left out."""
    return (
        RescueEvent.objects.filter(operation__in=operations_of(by).order_by().values("pk"), corrections__isnull=True)
        .filter(Q(jurisdiction__path__startswith=by.jurisdiction) | Q(by__agency_id=by.agency_id))
        .select_related("operation", "jurisdiction", "clue_of", "facility")
        .order_by("-found_at")
    )


def persons_like(text: str) -> QuerySet[Person]:
    """Persons who are recognised by what was typed: a name in any script or with a slip, a number, an address, a vehicle."""
    wanted = Q(pk__in=())
    for kind, key in all_keys((kind, text) for kind in _KINDS):
        wanted |= Q(kind=kind, key=key)
    return Person.objects.filter(pk__in=PersonKey.objects.filter(wanted).values("person")).order_by("pk")


def persons_with(keys: Iterable[Key]) -> QuerySet[Person]:
    """Persons who are recognised by every one of these keys."""
    persons = Person.objects.order_by("pk")
    for kind, key in keys:
        persons = persons.filter(Exists(PersonKey.objects.filter(person_id=OuterRef("pk"), kind=kind, key=key)))
    return persons


def totals(operation: Operation, *, until: datetime | None = None) -> Totals:
    """The totals of an operation, as recorded until then."""
    rows = rescued([operation], until=until)
    ring = PersonRole.objects.filter(operation=operation, kind__in=sorted(SUSPECTS))
    if until is not None:
        ring = ring.filter(at__lte=until)
    return Totals(
        rescued=len(rows),
        suspects=ring.values("person").distinct().count(),
        detained=len(detained([operation], until=until)),
        by_jurisdiction=dict(Counter(one.place.code for one in rows)),
        on_clue_of=dict(Counter(one.clue.code for one in rows if one.clue is not None)),
    )


def operation_of(by: Actor, operation_id: int) -> Operation:
    """An operation that concerns an actor."""
    found = operations_of(by).filter(pk=operation_id).first()
    if found is None:
        raise NotFound(operation=operation_id)
    return found


def rescue_event_of(by: Actor, event_id: int) -> RescueEvent:
    """A rescue that concerns an actor."""
    found = rescue_events_of(by).filter(pk=event_id).first()
    if found is None:
        raise NotFound(rescue=event_id)
    return found


def person(person_id: int) -> Person:
    """A person by number, to be named in a record: whoever was told the number may name it, and learns nothing by that."""
    found = Person.objects.filter(pk=person_id).first()
    if found is None:
        raise NotFound(person=person_id)
    return found


def persons_of(by: Actor) -> QuerySet[Person]:
    """Persons of whom an actor may read: recorded by the own agency, with a part in an operation that concerns the actor, or
    below the jurisdiction that the actor oversees."""
    concern = Q(by__agency_id=by.agency_id) | Q(
        pk__in=PersonRole.objects.filter(operation__in=operations_of(by).order_by().values("pk")).values("person_id")
    )
    if by.oversees:
        concern |= Q(by__agency__jurisdiction__path__startswith=by.jurisdiction)
    return Person.objects.filter(concern)


def person_of(by: Actor, person_id: int) -> Person:
    """A person of whom an actor may read."""
    found = persons_of(by).filter(pk=person_id).first()
    if found is None:
        raise NotFound(person=person_id)
    return found


def persons_found(text: str, by: Actor) -> QuerySet[Person]:
    """`persons_like`, of those that an actor may read of."""
    return persons_of(by).filter(pk__in=persons_like(text).order_by().values("pk")).order_by("pk")
