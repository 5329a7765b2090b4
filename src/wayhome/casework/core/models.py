"""Tables that belong to no app in particular."""

from __future__ import annotations

from django.db import models


class IdempotencyKey(models.Model):
    """A write that was carried out, so that the same request sent again is answered and not done again."""

    staff_id = models.BigIntegerField()
    key = models.CharField(max_length=80)
    action = models.CharField(max_length=80)
    body_digest = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["staff_id", "key"], name="idempotency_key_once"),)
