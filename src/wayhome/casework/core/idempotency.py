"""A write that is asked for twice with one key is carried out once; the second asker gets the first answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from wayhome.casework.core.errors import Refused
from wayhome.casework.core.models import IdempotencyKey

Answer = dict[str, Any]


def body_digest(body: Mapping[str, Any]) -> str:
    """SHA-256 of a body, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def once(
    *, staff_id: int, key: str, action: str, body: Mapping[str, Any], at: datetime, work: Callable[[], Answer]
) -> tuple[Answer, bool]:
    """Carry `work` out unless it was already, in the same transaction as its key.

    Returns
    -------
    tuple
        the answer, and whether it is an earlier one. An empty key means: always carry it out.

    Raises
    ------
    Refused
        "key_reused": the key came before with another body.
    """
    if not key:
        return work(), False
    digest = body_digest(body)
    if (earlier := _earlier(staff_id, key, action, digest)) is not None:
        return earlier, True
    try:
        with transaction.atomic():
            # The row first: a second request waits here, then finds it.
            row = IdempotencyKey.objects.create(staff_id=staff_id, key=key, action=action, body_digest=digest, answer={}, at=at)
            answer = work()
            row.answer = answer
            row.save(update_fields=["answer"])
            return answer, False
    except IntegrityError:
        if (earlier := _earlier(staff_id, key, action, digest)) is not None:
            return earlier, True
        raise


def _earlier(staff_id: int, key: str, action: str, digest: str) -> Answer | None:
    row = IdempotencyKey.objects.filter(staff_id=staff_id, key=key).first()
    if row is None:
        return None
    if (row.action, row.body_digest) != (action, digest):
        raise Refused(["key_reused"], key=key)
    answer: Answer = row.answer
    return answer
