"""What a province reports on the day: officers out, things seized, and where somebody was detained. The newest report counts."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models

from wayhome.casework.accounts.models import Jurisdiction, Said, choices_of
from wayhome.casework.operations.models.people import Operation, Person
from wayhome.casework.operations.rules import SEIZED, UNITS


class Report(Said):
    """Of one province; `counted_at` says which of several is the newest, in whatever order they come in."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="%(class)ss")
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    counted_at = models.DateTimeField()

    class Meta:
        abstract = True


class Deployment(Report):
    """How many officers a province has out."""

    officers = models.PositiveIntegerField()


class Seizure(Report):
    """One line of a province's list of things seized, known by its number there; told again, it is the same line."""

    reference = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=choices_of(SEIZED))
    amount = models.DecimalField(max_digits=14, decimal_places=2, validators=[MinValueValidator(0)])
    unit = models.CharField(max_length=5, choices=choices_of(UNITS))


class Detention(Said):
    """Where somebody was detained who has a role in an operation and was; the newest counts."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="detentions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="detentions")
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
