"""Operations, sites, rescue events, and adults: suspects, buyers, sellers, their kin, whoever asks for a child."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from wayhome.casework.accounts.models import Facility, IdentityKey, Jurisdiction, Staff


class Operation(models.Model):
    """A joint action with one zero hour."""

    code = models.CharField(max_length=30, unique=True)
    title = models.CharField(max_length=120)
    zero_hour = models.DateTimeField()
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class RescueEvent(models.Model):
    """Children found at one place at one time. Append-only: a correction is another event that names this one."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="rescues")
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    clue_of = models.ForeignKey(Jurisdiction, null=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=200)
    facility = models.ForeignKey(Facility, null=True, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    sedation_suspected = models.BooleanField(default=False)
    circumstances = models.TextField(blank=True)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class RescueEventKey(IdentityKey):
    """Keys of the place where children were found."""

    event = models.ForeignKey(RescueEvent, on_delete=models.PROTECT, related_name="keys")


class Person(models.Model):
    """An adult who is not staff. What is known of them is in facts, each with who entered it."""

    label = models.CharField(max_length=80)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __repr__(self) -> str:
        return f"<Person {self.pk}>"


class PersonFact(models.Model):
    """A name, alias, identity number, telephone, address or vehicle of a person."""

    KINDS: ClassVar[list[tuple[str, str]]] = [(k, k) for k in ("name", "alias", "id", "phone", "address", "vehicle")]

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=8, choices=KINDS)
    value = models.CharField(max_length=200)
    source = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class PersonKey(IdentityKey):
    """A key by which a person is recognised."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="keys")


class Tie(models.Model):
    """Two adults who are kin or live together."""

    KINDS: ClassVar[list[tuple[str, str]]] = [(k, k) for k in ("spouse", "parent", "sibling", "household", "other_kin")]

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ties")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=KINDS)
    source = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "other", "kind"], name="tie_once"),)


class PersonRole(models.Model):
    """What a person is in an operation."""

    KINDS: ClassVar[list[tuple[str, str]]] = [
        (k, k) for k in ("suspect", "organiser", "transporter", "intermediary", "buyer", "seller", "medical", "witness")
    ]

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="roles")
    kind = models.CharField(max_length=12, choices=KINDS)
    detained_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "operation", "kind"], name="person_role_once"),)


class FoundWith(models.Model):
    """Somebody who was with the children when they were found."""

    event = models.ForeignKey(RescueEvent, on_delete=models.PROTECT, related_name="found_with")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
