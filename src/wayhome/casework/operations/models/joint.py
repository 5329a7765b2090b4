"""Plans of joint operations, within an investigation: an operation that others can see begins with the launch."""

from __future__ import annotations

from django.db import models

from wayhome.casework.accounts.models import Jurisdiction, Said, Staff, choices_of
from wayhome.casework.core import numbers
from wayhome.casework.operations.models.investigations import Investigation
from wayhome.casework.operations.models.people import Operation
from wayhome.casework.operations.rules import STEPS, WORDS


class JointPlan(Said):
    """What is to happen at one zero hour. `id` is a number by lot, as an investigation's is; its code becomes the operation's."""

    id = models.BigIntegerField(primary_key=True)
    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="plans")
    code = models.CharField(max_length=30)
    title = models.CharField(max_length=120)
    zero_hour = models.DateTimeField()
    time_zone = models.CharField(max_length=40)
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")

    @property
    def number(self) -> str:
        """The number with its leading zeros."""
        return f"{self.pk:0{numbers.LENGTH}d}"

    def __repr__(self) -> str:
        return f"<JointPlan {self.pk}>"


class PlanSite(Said):
    """One place, and who leads there; until the plan is approved another row may take its place.

    `alone`: whoever leads there does not belong to the task force, and reads of the plan this site and the zero hour.
    """

    plan = models.ForeignKey(JointPlan, on_delete=models.PROTECT, related_name="sites")
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=200)
    leader = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    officers = models.PositiveIntegerField()
    alone = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced")

    def __repr__(self) -> str:
        return f"<PlanSite {self.pk}>"


class Readiness(Said):
    """What a site has, and whether it goes; the newest counts."""

    site = models.ForeignKey(PlanSite, on_delete=models.PROTECT, related_name="reports")
    kit = models.BooleanField()
    medic = models.BooleanField()
    female_officer = models.BooleanField()
    word = models.CharField(max_length=5, choices=choices_of(WORDS))
    reason = models.TextField(blank=True)


class PlanStep(Said):
    """What became of a plan; `operation` where it was launched, `figures` as counted when it was reviewed."""

    plan = models.ForeignKey(JointPlan, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=10, choices=choices_of(STEPS))
    operation = models.OneToOneField(Operation, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    figures = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["plan", "step"], name="plan_step_once"),)


class Campaign(Said):
    """A special campaign with a partner country, from a day until a day. A correction is another row in its place."""

    name = models.CharField(max_length=120)
    partner = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    starts = models.DateField()
    ends = models.DateField()
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced")

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(starts__lte=models.F("ends")), name="campaign_period"),)
