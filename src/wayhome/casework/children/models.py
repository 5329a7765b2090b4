"""A child and what is said of it. A correction is a new row that supersedes the old."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from wayhome.casework.accounts.models import Said, Staff
from wayhome.casework.core import numbers
from wayhome.casework.operations.models import AllegedVictim, RescueEvent


class Child(models.Model):
    """A rescued child.

    `id` is its number (`core.numbers`). It cannot be stored without its first custody episode: `first_episode` is a
    foreign key that
    is checked at commit. What may be corrected (call name, sex as observed) changes with `version`.
    """

    id = models.BigIntegerField(primary_key=True)
    call_name = models.CharField(max_length=40)
    sex = models.CharField(max_length=1, choices=[("F", "F"), ("M", "M"), ("U", "U")])
    event = models.ForeignKey(RescueEvent, on_delete=models.PROTECT, related_name="children")
    first_episode = models.OneToOneField("custody.CustodyEpisode", on_delete=models.PROTECT, related_name="+")
    siblings = models.ForeignKey("children.SiblingGroup", null=True, on_delete=models.PROTECT, related_name="children")
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    @property
    def number(self) -> str:
        """The number with its leading zeros."""
        return f"{self.pk:0{numbers.LENGTH}d}"

    def __repr__(self) -> str:
        return f"<Child {self.pk}>"


class SiblingGroup(models.Model):
    """Twins or siblings, as alleged or as DNA shows: placed together."""

    ground = models.CharField(max_length=10, choices=[("alleged", "alleged"), ("dna", "dna")])
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class AgeEstimate(models.Model):
    """Age as an interval of days on a day, by a method, by an author; never whole years."""

    METHODS: ClassVar[list[tuple[str, str]]] = [
        (k, k) for k in ("sight", "cord_stump", "growth", "teeth", "document", "statement")
    ]

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="ages")
    on = models.DateField()
    least_days = models.PositiveSmallIntegerField()
    most_days = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=10, choices=METHODS)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(least_days__lte=models.F("most_days")), name="age_is_interval"),
            models.CheckConstraint(condition=models.Q(most_days__lte=6600), name="age_of_a_child"),
        )


class Assertion(models.Model):
    """Who says what of a child, and when: a name, a birth date, a nationality, where it is from."""

    FIELDS: ClassVar[list[tuple[str, str]]] = [
        (k, k) for k in ("name", "birth_date", "nationality", "origin", "language", "parent", "blood_group", "note")
    ]

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="assertions")
    field = models.CharField(max_length=12, choices=FIELDS)
    value = models.CharField(max_length=300)
    said_by = models.CharField(max_length=120)
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Mark(models.Model):
    """A mark on the body: coded place and kind (kinship.body_places, kinship.mark_kinds)."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="marks")
    place = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    size_mm = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class FoundItem(models.Model):
    """Clothes and things found with a child."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="items")
    what = models.CharField(max_length=200)
    kept_at = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Photo(models.Model):
    """A picture, rebuilt from its pixels: no place, no device, no comment is left in it."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="photos")
    jpeg = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Wristband(models.Model):
    """A printed band with a code of its own: a lost one is replaced, and its code no longer opens a handover."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="wristbands")
    code = models.CharField(max_length=12, unique=True)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Correction(models.Model):
    """What a child's call name or sex was before a change, and what it became."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="corrections")
    version = models.PositiveIntegerField()
    field = models.CharField(max_length=12)
    old = models.CharField(max_length=60)
    new = models.CharField(max_length=60)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class DuplicateProposal(models.Model):
    """Two records that may be one child; a machine proposes, people decide."""

    one = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    reasons = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["one", "other"], name="duplicate_proposed_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="duplicate_in_order"),
        )


class MergeStep(models.Model):
    """Somebody says that two records are one child ("merge") or two after all ("split"); it counts when another confirms."""

    kept = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="merges")
    kind = models.CharField(max_length=5, choices=[("merge", "merge"), ("split", "split")])
    reason = models.CharField(max_length=200)
    proposed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class MergeConfirmation(models.Model):
    """The second person."""

    step = models.OneToOneField(MergeStep, on_delete=models.PROTECT, related_name="confirmation")
    siblings = models.ForeignKey("children.SiblingGroup", null=True, on_delete=models.PROTECT, related_name="+")
    """The group that the merge brought with the other record."""
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class VictimTie(Said):
    """A child is the one that evidence told of; while nobody takes that back, the alleged victim is rescued."""

    victim = models.ForeignKey(AllegedVictim, on_delete=models.PROTECT, related_name="ties")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="victim_ties")


class VictimTieEnd(Said):
    """It was not that child after all."""

    tie = models.OneToOneField(VictimTie, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=200)
