"""Record operations, rescues, and what is known of the adults around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import available_timezones

from wayhome.casework.accounts.models import Facility, Jurisdiction
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import NotFound, Refused
from wayhome.casework.core.keys import Key, all_keys, keys_of
from wayhome.casework.operations import queries
from wayhome.casework.operations.models import (
    FoundWith,
    Operation,
    Person,
    PersonFact,
    PersonKey,
    PersonRole,
    RescueEvent,
    RescueEventKey,
    Tie,
)
from wayhome.casework.operations.rules import FACTS, ROLES_IN_OPERATION, TIES, key_kind
from wayhome.casework.operations.signals import known_better


def record_operation(
    *,
    code: str,
    title: str,
    zero_hour: datetime,
    jurisdiction: Jurisdiction,
    by: Actor,
    at: datetime,
    time_zone: str = "Asia/Shanghai",
) -> Operation:
    """An operation with its zero hour, which may lie ahead. A code is given once."""
    require(by, Permission.RECORD_OPERATION)
    checks = Checks()
    code = checks.text("code", code, 30)
    title = checks.text("title", title, 120)
    checks.moment("zero_hour", zero_hour)
    checks.one_of("time_zone", time_zone, available_timezones())
    checks.done()
    with gate(by=by, at=at, attempt="record_operation"):
        operation = Operation.objects.create(
            code=code,
            title=title,
            zero_hour=zero_hour,
            time_zone=time_zone,
            jurisdiction=jurisdiction,
            by_id=by.staff_id,
            at=at,
        )
        record(by=by, at=at, action="operations.record_operation", subject=f"operation:{operation.pk}")
    return operation


def record_rescue(
    *,
    operation: Operation,
    jurisdiction: Jurisdiction,
    place: str,
    found_at: datetime,
    by: Actor,
    at: datetime,
    facility: Facility | None = None,
    clue_of: Jurisdiction | None = None,
    sedation_suspected: bool = False,
    circumstances: str = "",
    found_with: Iterable[Person] = (),
    corrects: RescueEvent | None = None,
) -> RescueEvent:
    """Children were found at a place. The place can never become their placement, so it must be one that is recognised again.

    A correction is another event. The place that it names is closed to the children of the event corrected too: they stay with
    the event under which they were registered, and neither place gets them back.
    """
    require(by, Permission.RECORD_OPERATION)
    if not queries.operations_of(by).filter(pk=operation.pk).exists():
        raise NotFound(operation=operation.pk)
    keys = keys_of("address", place)
    checks = Checks()
    place = checks.text("place", place, 200)
    checks.must("place", bool(keys), "not_recognisable")
    checks.moment("found_at", found_at, not_after=at)
    circumstances = checks.text("circumstances", circumstances, 5000, required=False)
    checks.must("corrects", corrects is None or corrects.operation_id == operation.pk, "other_operation")
    checks.done()
    persons = list({person.pk: person for person in found_with}.values())
    with gate(by=by, at=at, attempt="record_rescue"):
        event = RescueEvent.objects.create(
            operation=operation,
            jurisdiction=jurisdiction,
            clue_of=clue_of,
            place=place,
            facility=facility,
            found_at=found_at,
            sedation_suspected=sedation_suspected,
            circumstances=circumstances,
            corrects=corrects,
            by_id=by.staff_id,
            at=at,
        )
        _close_place(event, keys)
        earlier = corrects
        while earlier is not None:
            _close_place(earlier, keys | ({(k.kind, k.key) for k in facility.keys.all()} if facility else set()))
            earlier = earlier.corrects
        FoundWith.objects.bulk_create(FoundWith(event=event, person=person) for person in persons)
        record(
            by=by,
            at=at,
            action="operations.record_rescue",
            subject=f"rescue:{event.pk}",
            data={
                "operation": operation.pk,
                "found_with": [person.pk for person in persons],
                "corrects": corrects.pk if corrects else 0,
            },
        )
    return event


def record_person(*, label: str, facts: Sequence[tuple[str, str]], by: Actor, at: datetime, source: str = "") -> Person:
    """Somebody who is not staff, with at least one fact by which they are recognised.

    Parameters
    ----------
    facts : (kind, value); kinds are name, alias, id, phone, address, vehicle.
    source : where it is known from.
    """
    require(by, Permission.RECORD_PERSON)
    checks = Checks()
    label = checks.text("label", label, 80)
    source = checks.text("source", source, 200, required=False)
    checks.must("facts", bool(facts), "required")
    plain = [(kind, _fact(checks, kind, value)) for kind, value in facts]
    checks.done()
    with gate(by=by, at=at, attempt="record_person"):
        return _recorded(label, plain, source, by=by, at=at)


def record_visitor(*, facts: Sequence[tuple[str, str]], by: Actor, at: datetime) -> Person:
    """Somebody at the door, by name and identity number and what else is known of them, in the transaction that lets them in.

    Whoever lets in may record whom they let in, and nobody else: `custody.actions.admit` alone calls this, and a visitor who is
    turned away leaves no record. The same facts find the same record again.
    """
    require(by, Permission.ADMIT_VISITOR)
    checks = Checks()
    plain = [(kind, _fact(checks, kind, value)) for kind, value in facts]
    given = dict(plain)
    for kind in ("name", "id"):
        checks.must(kind, bool(given.get(kind)), "required")
    checks.done()
    known = queries.persons_with(all_keys([(key_kind(kind), value) for kind, value in plain])).first()
    return known or _recorded(given["name"][:80], plain, "visitor", by=by, at=at)


def add_fact(*, person: Person, kind: str, value: str, by: Actor, at: datetime, source: str = "") -> PersonFact:
    """One thing more about a person; from now on they are recognised by it as well. Facts are never taken away."""
    require(by, Permission.RECORD_PERSON)
    checks = Checks()
    source = checks.text("source", source, 200, required=False)
    value = _fact(checks, kind, value)
    checks.done()
    with gate(by=by, at=at, attempt="add_fact"):
        fact = PersonFact.objects.create(person=person, kind=kind, value=value, source=source, by_id=by.staff_id, at=at)
        _recognise(person, all_keys([(key_kind(kind), value)]))
        record(by=by, at=at, action="operations.add_fact", subject=f"person:{person.pk}", data={"fact": fact.pk, "kind": kind})
        known_better.send(Person, persons=(person.pk,), by=by, at=at)
    return fact


def tie(*, person: Person, other: Person, kind: str, by: Actor, at: datetime, source: str = "") -> tuple[Tie, Tie]:
    """Two persons are kin or live together, told from both sides: who may not have a child keeps their kin from it too."""
    require(by, Permission.RECORD_PERSON)
    checks = Checks()
    checks.one_of("kind", kind, TIES)
    checks.must("other", person.pk != other.pk, "tie_to_self")
    source = checks.text("source", source, 200, required=False)
    checks.done()
    with gate(by=by, at=at, attempt="tie"):
        if Tie.objects.filter(person=person, other=other, kind=kind).exists():
            raise Refused(["already_there"], person=person.pk)
        common = {"kind": kind, "source": source, "by_id": by.staff_id, "at": at}
        one = Tie.objects.create(person=person, other=other, **common)
        back = Tie.objects.create(person=other, other=person, **common)
        record(
            by=by,
            at=at,
            action="operations.tie",
            subject=f"person:{person.pk}",
            data={"other": other.pk, "kind": kind},
        )
        known_better.send(Person, persons=(person.pk, other.pk), by=by, at=at)
    return one, back


def record_role(
    *, person: Person, operation: Operation, kind: str, by: Actor, at: datetime, detained_at: datetime | None = None
) -> PersonRole:
    """What a person is in an operation, and when they were detained."""
    require(by, Permission.RECORD_OPERATION)
    if not queries.operations_of(by).filter(pk=operation.pk).exists():
        raise NotFound(operation=operation.pk)
    checks = Checks()
    checks.one_of("kind", kind, ROLES_IN_OPERATION)
    if detained_at is not None:
        checks.moment("detained_at", detained_at, not_after=at)
    checks.done()
    with gate(by=by, at=at, attempt="record_role"):
        if PersonRole.objects.filter(person=person, operation=operation, kind=kind).exists():
            raise Refused(["already_there"], person=person.pk)
        role = PersonRole.objects.create(
            person=person, operation=operation, kind=kind, detained_at=detained_at, by_id=by.staff_id, at=at
        )
        record(
            by=by,
            at=at,
            action="operations.record_role",
            subject=f"person:{person.pk}",
            data={"operation": operation.pk, "kind": kind, "detained": detained_at is not None},
        )
    return role


def _recorded(label: str, facts: Sequence[tuple[str, str]], source: str, *, by: Actor, at: datetime) -> Person:
    person = Person.objects.create(label=label, by_id=by.staff_id, at=at)
    PersonFact.objects.bulk_create(
        PersonFact(person=person, kind=kind, value=value, source=source, by_id=by.staff_id, at=at) for kind, value in facts
    )
    _recognise(person, all_keys([(key_kind(kind), value) for kind, value in facts]))
    record(by=by, at=at, action="operations.record_person", subject=f"person:{person.pk}")
    return person


def _fact(checks: Checks, kind: str, value: str) -> str:
    checks.one_of("kind", kind, FACTS)
    plain = checks.text(kind, value, 200)
    if kind in FACTS:
        checks.must(kind, bool(keys_of(key_kind(kind), plain)), "not_recognisable")
    return plain


def _recognise(person: Person, keys: set[Key]) -> None:
    known = set(person.keys.values_list("kind", "key"))
    PersonKey.objects.bulk_create(PersonKey(person=person, kind=kind, key=key) for kind, key in sorted(keys - known))


def _close_place(event: RescueEvent, keys: Iterable[tuple[str, str]]) -> None:
    known = set(event.keys.values_list("kind", "key"))
    RescueEventKey.objects.bulk_create(RescueEventKey(event=event, kind=kind, key=key) for kind, key in sorted(set(keys) - known))
