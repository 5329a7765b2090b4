"""Observations, measures and samples of a child. All append-only; a mistake is corrected by a row that supersedes it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from wayhome.casework.accounts.models import Staff
from wayhome.casework.children.models import Child
from wayhome.casework.custody.models import CustodyEpisode


class ObservationPlan(models.Model):
    """How often a child is looked at; the last plan of an episode holds."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="observation_plans")
    episode = models.ForeignKey(CustodyEpisode, on_delete=models.PROTECT, related_name="+")
    every_minutes = models.PositiveSmallIntegerField()
    sedation = models.BooleanField(default=False)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(every_minutes__gte=5, every_minutes__lte=1440), name="observation_interval"
            ),
        )


class Observation(models.Model):
    """One look at a child. A value not taken is empty, never zero."""

    CONSCIOUSNESS: ClassVar[list[tuple[str, str]]] = [(k, k) for k in ("alert", "voice", "pain", "unresponsive")]
    FEEDING: ClassVar[list[tuple[str, str]]] = [(k, k) for k in ("well", "poorly", "refused", "tube", "asleep")]

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="observations")
    episode = models.ForeignKey(CustodyEpisode, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    heart_rate = models.PositiveSmallIntegerField(null=True)
    breaths = models.PositiveSmallIntegerField(null=True)
    temperature_c = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    oxygen_percent = models.PositiveSmallIntegerField(null=True)
    consciousness = models.CharField(max_length=12, choices=CONSCIOUSNESS)
    feeding = models.CharField(max_length=8, choices=FEEDING, blank=True)
    feed_ml = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Measure(models.Model):
    """Length, weight and head circumference."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="measures")
    length_mm = models.PositiveSmallIntegerField(null=True)
    weight_g = models.PositiveIntegerField(null=True)
    head_mm = models.PositiveSmallIntegerField(null=True)
    cord_stump = models.BooleanField(null=True)
    neglected = models.BooleanField(default=False)
    taken_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class ToxSample(models.Model):
    """A sample taken to learn what a child was sedated with."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="tox_samples")
    barcode = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=6, choices=[(k, k) for k in ("urine", "blood", "hair")])
    taken_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class ToxResult(models.Model):
    """What the laboratory found."""

    sample = models.ForeignKey(ToxSample, on_delete=models.PROTECT, related_name="results")
    substance = models.CharField(max_length=80)
    found = models.BooleanField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
