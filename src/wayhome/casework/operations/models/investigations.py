"""An investigation and its task force: only who is in it at the moment knows that it is there."""

from __future__ import annotations

from django.db import models

from wayhome.casework.accounts.models import Agency, Jurisdiction, Said, Staff, choices_of
from wayhome.casework.core import numbers
from wayhome.casework.operations.models.people import Operation
from wayhome.casework.operations.rules import FUNCTIONS


class Investigation(Said):
    """What a task force works on.

    `id` is a number that tells nothing (`core.numbers`): one that counts would tell how many others there are. Its code is not
    unique, for a refusal would tell whoever guesses a code that it is taken.
    """

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=30)
    title = models.CharField(max_length=120)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    """The one that leads."""
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")

    @property
    def number(self) -> str:
        """The number with its leading zeros."""
        return f"{self.pk:0{numbers.LENGTH}d}"

    def __repr__(self) -> str:
        return f"<Investigation {self.pk}>"


class Supervision(Said):
    """The ministry supervises an investigation from a day on."""

    investigation = models.OneToOneField(Investigation, on_delete=models.PROTECT, related_name="supervision")
    since = models.DateField()


class Member(Said):
    """Somebody belongs to the task force, from the moment this was written until a `MemberEnd`."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="members")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    function = models.CharField(max_length=10, choices=choices_of(FUNCTIONS))


class MemberEnd(Said):
    """From here on somebody does not belong to it any more."""

    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="end")


class WayIn(Said):
    """The ministry names a lead for a task force that has none at work. Everybody in it is told by whom, when and why."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="ways_in")
    lead = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)


class OperationTie(Said):
    """An operation that came of an investigation. Of the operation's own pages nobody learns that."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="operation_ties")
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")


class OperationTieEnd(Said):
    """It did not come of that investigation: the tie stays to be read, with why it is taken back."""

    tie = models.OneToOneField(OperationTie, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=300)
