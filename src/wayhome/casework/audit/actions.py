"""Write events and alarms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connections, router, transaction

from wayhome.casework.audit import queries, rules
from wayhome.casework.audit.models import Alarm, AlarmAnswer, AuditEvent
from wayhome.casework.core.actors import SYSTEM, Actor
from wayhome.casework.core.errors import NotFound, Refused


def record(
    *, by: Actor, at: datetime, action: str, subject: str, child_id: int = 0, data: Mapping[str, Any] | None = None
) -> rules.Event:
    """Append an event to the chain of the actor's jurisdiction; call it inside the transaction of the change, last.

    Raises
    ------
    RuntimeError
        outside a transaction: an event that can be there without its change is worth nothing.
    """
    using = router.db_for_write(AuditEvent)
    connection = connections[using]
    # The transaction that a test wraps around itself is none of the change's: outside tests it is not there.
    blocks: list[Any] = connection.atomic_blocks
    if all(block._from_testcase for block in blocks):
        raise RuntimeError("an audit event belongs in the transaction of the change that it tells of")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # The lock of the chain's guard, taken before its head is read.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('wayhome.audit'), hashtext(%s))", [by.chain])
    event = rules.next_event(
        queries.head(by.chain),
        chain=by.chain,
        at=rules.stamp(at),
        staff_id=by.staff_id,
        agency_id=by.agency_id,
        action=action,
        subject=subject,
        child_id=child_id,
        data=rules.canonical(data or {}),
    )
    AuditEvent.objects.create(**asdict(event))
    return event


def raise_alarm(
    *,
    kind: Alarm.Kind,
    at: datetime,
    by: Actor = SYSTEM,
    level: int = 1,
    code: str = "",
    child_id: int = 0,
    agency_id: int | None = None,
    jurisdiction: str | None = None,
    subject: str = "",
) -> Alarm:
    """An alarm with its event, in a transaction of its own if there is none."""
    with transaction.atomic():
        alarm = Alarm.objects.create(
            kind=kind,
            level=level,
            code=code,
            child_id=child_id,
            staff_id=by.staff_id,
            agency_id=by.agency_id if agency_id is None else agency_id,
            jurisdiction=by.jurisdiction if jurisdiction is None else jurisdiction,
            subject=subject,
            at=at,
        )
        record(
            by=by,
            at=at,
            action="audit.alarm",
            subject=f"alarm:{alarm.pk}",
            child_id=child_id,
            data={"kind": str(kind), "code": code, "level": level, "about": subject},
        )
    return alarm


def answer_alarm(*, alarm_id: int, note: str, by: Actor, at: datetime) -> AlarmAnswer:
    """Say that one looked at an alarm and what was done."""
    if not note.strip():
        raise Refused(["note_missing"])
    with transaction.atomic():
        alarm = queries.open_alarms(by).filter(pk=alarm_id).first()
        if alarm is None:
            raise NotFound(alarm=alarm_id)
        answer = AlarmAnswer.objects.create(alarm=alarm, staff_id=by.staff_id, note=note.strip()[:500], at=at)
        record(by=by, at=at, action="audit.answer_alarm", subject=f"alarm:{alarm_id}", child_id=alarm.child_id)
    return answer


def on_refusal(codes: Sequence[str]) -> None:
    """The connection saw the database refuse a write that no action answers for: raw SQL, a script, a mistake in the house."""
    for code in dict.fromkeys(codes):
        raise_alarm(kind=Alarm.Kind.REFUSED, at=datetime.now(UTC), code=code, level=3, subject="database")


def export_heads(*, path: Path, key: Ed25519PrivateKey, by: Actor, at: datetime) -> list[rules.Head]:
    """Append the head of every chain, signed, to a file that another organisation keeps.

    One JSON object a line: `chain`, `n`, `hash`, `at`, `signature` (Ed25519, hex, over the canonical JSON of the others).
    """
    heads = queries.heads()
    with path.open("a", encoding="utf-8") as file:
        for head in heads:
            told = asdict(head) | {"at": rules.stamp(at)}
            signature = key.sign(rules.canonical(told).encode()).hex()
            file.write(json.dumps(told | {"signature": signature}, sort_keys=True) + "\n")
    with transaction.atomic():
        record(by=by, at=at, action="audit.export_heads", subject=f"heads:{len(heads)}")
    return heads
