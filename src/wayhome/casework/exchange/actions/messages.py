"""Write messages, and settle what came of sending them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import SYSTEM, Actor
from wayhome.casework.core.errors import Invalid, Refused
from wayhome.casework.exchange.models import CaseChild, Incoming, Outgoing, SharedCase, Try
from wayhome.casework.exchange.queries import messages as queries
from wayhome.casework.exchange.queries.corrections import stands
from wayhome.casework.exchange.queries.desk import case_of
from wayhome.casework.exchange.queries.over import is_over
from wayhome.casework.exchange.rules import bodies, ending
from wayhome.casework.exchange.rules import messages as rules
from wayhome.casework.vault.actions import make_key
from wayhome.casework.vault.rules import Purpose, seal


def write(*, case: SharedCase, kind: str, text: str, answers: Incoming | None = None, by: Actor, at: datetime) -> Outgoing:
    """Write a message: it goes out until the partner has said that it came.

    Parameters
    ----------
    answers : the partner's question, of an answer.
    """
    if kind not in rules.WRITTEN:
        raise Invalid({"kind": "unknown_choice"})
    if not text.strip() or "\0" in text:
        raise Invalid({"text": "message_length"})
    with gate(by=by, at=at, attempt="write"):
        require(by, Permission.WRITE_PARTNERS)
        case_of(by, case.pk)
        return put(case=case, kind=kind, content={"text": text}, answers=answers, by=by, at=at)


def put(
    *, case: SharedCase, kind: str, content: Mapping[str, Any], answers: Incoming | None = None, by: Actor, at: datetime
) -> Outgoing:
    """A message as the case's next, sealed; inside the transaction of whoever says it."""
    if kind not in ending.KINDS:
        still_open(case)
    key = queries.key_of(case.node)
    if key is None or key.sealing is None:
        raise Refused(["key_revoked"])
    if answers is not None:
        content = {**content, "answers": answers.sequence}
    text = bodies.written(content)
    if not bodies.is_text(text):
        raise Invalid({"text": "message_length"})
    alone("outgoing", case)
    last = Outgoing.objects.filter(case=case).order_by("-sequence").values_list("sequence", flat=True).first() or 0
    nonce = secrets.token_hex(16)
    body = bodies.sealed(text, to=bytes(key.sealing), of=bodies.of(case.number, kind, nonce))
    own = make_key(purpose=Purpose.PARTNERS, of=queries.copy_key(nonce), at=at)
    message = Outgoing.objects.create(
        case=case,
        kind=kind,
        sequence=last + 1,
        nonce=nonce,
        digest=rules.digest_of(body),
        body=body,
        copy=seal(text.encode(), key=own, place=bodies.place(nonce)),
        answers=answers,
        by_id=by.staff_id,
        at=at,
    )
    record(
        by=by,
        at=at,
        action="exchange.write",
        subject=f"outgoing:{message.pk}",
        data={"kind": kind, "sequence": last + 1, "digest": message.digest},
    )
    return message


def still_open(case: SharedCase) -> None:
    """Refused where a case is over, here or there."""
    if is_over(case):
        raise Refused(["case_ended"])


def still_tied(of: CaseChild) -> None:
    """Refused where the case is not about this child any more."""
    if not stands(of):
        raise Refused(["tie_wrong"])


def settle(*, message: Outgoing, own: str, receipt: bytes | None, heard: str, at: datetime) -> Try:
    """What came of sending a message: the partner's receipt, or what was heard instead ("timeout", a refusal's code).

    Raises
    ------
    Refused
        receipt_wrong: it is not the partner's word for this message, which goes out again.
    """
    with transaction.atomic():
        alone("outgoing", message.case)
        done = Try.objects.filter(message=message, receipt__isnull=False).first()
        if done is not None:
            return done
        key = queries.key_of(message.case.node)
        public = bytes(key.public) if key is not None and key.public is not None else None
        wrong = receipt is not None and (
            public is None or not rules.is_receipt(receipt, queries.envelope_of(message, own=own, at=at), public=public)
        )
        n = 1 + Try.objects.filter(message=message).count()
        kept = None if wrong else receipt
        told = "receipt_wrong" if wrong else heard[:40] or ("" if kept else "nothing")
        row = Try.objects.create(message=message, n=n, receipt=kept, heard=told, at=at)
        if kept is not None:
            record(by=SYSTEM, at=at, action="exchange.delivered", subject=f"outgoing:{message.pk}", data={"tries": n})
    if wrong:
        # The try stays; that somebody answers in the partner's place is told.
        with gate(by=SYSTEM, at=at, attempt="settle"):
            raise Refused(["receipt_wrong"])
    return row


def alone(table: str, case: SharedCase) -> None:
    """Whoever writes of the case waits, before the rows are read; SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s::int)", [f"wayhome.exchange.{table}", case.pk])
