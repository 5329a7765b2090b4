"""A province reports on the day: officers out, things seized, where somebody was detained. A late or repeated report is one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.operations.models import Deployment, Detention, Operation, Person, Seizure
from wayhome.casework.operations.queries.operations import operation_of
from wayhome.casework.operations.rules import SEIZED, UNITS, province_of

_MOST_OFFICERS = 100_000
_MOST = Decimal("999999999999.99")


def report_officers(*, operation: Operation, officers: int, counted_at: datetime, by: Actor, at: datetime) -> Deployment:
    """How many officers the actor's province has out. The report that was counted last stands, whichever comes in last."""
    _may(operation, by)
    checks = Checks()
    checks.within("officers", officers, 0, _MOST_OFFICERS)
    checks.moment("counted_at", counted_at, not_after=at)
    checks.done()
    with gate(by=by, at=at, attempt="report_officers"):
        row = Deployment.objects.create(**_told(operation, counted_at, by, at), officers=officers)
        _record(by, at, "report_officers", operation, officers=officers)
    return row


def report_seizure(
    *,
    operation: Operation,
    reference: str,
    kind: str,
    amount: Decimal,
    unit: str,
    counted_at: datetime,
    by: Actor,
    at: datetime,
) -> Seizure:
    """A line of the list of things that the actor's province seized; told again it is corrected, to nothing if need be.

    Parameters
    ----------
    reference : the line's number on that list.
    """
    _may(operation, by)
    checks = Checks()
    reference = checks.text("reference", reference, 40)
    checks.one_of("kind", kind, SEIZED)
    checks.one_of("unit", unit, UNITS)
    whole = amount.is_finite()
    checks.must("amount", whole and 0 <= amount <= _MOST, "implausible")
    checks.must("amount", whole and amount == round(amount, 2), "implausible")
    checks.moment("counted_at", counted_at, not_after=at)
    checks.done()
    with gate(by=by, at=at, attempt="report_seizure"):
        row = Seizure.objects.create(
            **_told(operation, counted_at, by, at), reference=reference, kind=kind, amount=amount, unit=unit
        )
        _record(by, at, "report_seizure", operation, kind=kind, unit=unit)
    return row


def place_detention(*, operation: Operation, person: Person, jurisdiction: Jurisdiction, by: Actor, at: datetime) -> Detention:
    """Where somebody was detained, who counts as an arrest of that province. What was told last stands."""
    _may(operation, by)
    with gate(by=by, at=at, attempt="place_detention"):
        row = Detention.objects.create(operation=operation, person=person, jurisdiction=jurisdiction, by_id=by.staff_id, at=at)
        record(
            by=by,
            at=at,
            action="operations.place_detention",
            subject=f"person:{person.pk}",
            data={"operation": operation.pk, "jurisdiction": jurisdiction.code},
        )
    return row


def _may(operation: Operation, by: Actor) -> None:
    require(by, Permission.RECORD_OPERATION)
    operation_of(by, operation.pk)


def _told(operation: Operation, counted_at: datetime, by: Actor, at: datetime) -> dict[str, Any]:
    province = Jurisdiction.objects.get(path=province_of(by.jurisdiction))
    return {"operation": operation, "jurisdiction": province, "counted_at": counted_at, "by_id": by.staff_id, "at": at}


def _record(by: Actor, at: datetime, verb: str, operation: Operation, **data: Any) -> None:
    record(by=by, at=at, action=f"operations.{verb}", subject=f"operation:{operation.pk}", data=data)
