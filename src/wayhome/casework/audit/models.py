"""Events and alarms. Neither has foreign keys: they outlive what they speak of."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """One row of a hash chain; the columns are those of `rules.Event`."""

    id = models.CharField(primary_key=True, max_length=60)
    chain = models.CharField(max_length=40)
    n = models.BigIntegerField()
    at = models.CharField(max_length=40)
    staff_id = models.BigIntegerField()
    agency_id = models.BigIntegerField()
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    child_id = models.BigIntegerField(db_index=True)
    data = models.TextField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["chain", "n"], name="audit_event_place"),
            models.UniqueConstraint(fields=["chain", "prev_hash"], name="audit_event_no_fork"),
        )

    def __repr__(self) -> str:
        return f"<AuditEvent {self.id}>"


class Alarm(models.Model):
    """Something that a person must look at. It ends by an `AlarmAnswer`."""

    class Kind(models.TextChoices):
        """What happened."""

        REFUSED = "refused"
        EXCLUDED_CUSTODIAN = "excluded_custodian"
        EXCLUDED_CLAIMS = "excluded_claims"
        OBSERVATION_OVERDUE = "observation_overdue"
        NOT_SEEN = "not_seen"
        HEAD_COUNT_DUE = "head_count_due"
        MISSING = "missing"
        KIN_OF_EXCLUDED = "kin_of_excluded"
        BREAK_GLASS = "break_glass"
        PLACEMENT_DUE = "placement_due"
        PLACEMENT_REFUSED = "placement_refused"
        SIBLINGS_APART = "siblings_apart"
        NO_PLACE = "no_place"
        PLACEMENT_BARRED = "placement_barred"
        ANSWER_OVERDUE = "answer_overdue"
        CAPACITY_STALE = "capacity_stale"
        PLAN_FAILED = "plan_failed"
        KIT_OVERDUE = "kit_overdue"
        SAMPLE_COPIED = "sample_copied"
        FAMILY_OF_MANY = "family_of_many"
        KIN_FOUND = "kin_found"
        MATCH_REFUTED = "match_refuted"
        MATCH_FROZEN = "match_frozen"
        PARENT_INVOLVED = "parent_involved"
        RELEASE_REVOKED = "release_revoked"
        RETURN_FROZEN = "return_frozen"
        VISIT_DUE = "visit_due"
        CERTIFICATE_DUE = "certificate_due"
        CLOCK_UP = "clock_up"

    kind = models.CharField(max_length=30, choices=Kind)
    level = models.PositiveSmallIntegerField(default=1)
    code = models.CharField(max_length=60, blank=True)
    child_id = models.BigIntegerField(default=0, db_index=True)
    staff_id = models.BigIntegerField(default=0)
    agency_id = models.BigIntegerField(default=0, db_index=True)
    jurisdiction = models.CharField(max_length=60, default="", db_index=True)
    subject = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    def __repr__(self) -> str:
        return f"<Alarm {self.pk} {self.kind}>"


class AlarmAnswer(models.Model):
    """Who looked at an alarm, and what was done."""

    alarm = models.OneToOneField(Alarm, on_delete=models.PROTECT, related_name="answer")
    staff_id = models.BigIntegerField()
    note = models.CharField(max_length=500)
    at = models.DateTimeField()
