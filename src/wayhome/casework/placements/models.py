"""What homes can take, what was planned, and who goes where. All of it is append-only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from wayhome.casework.accounts.models import Agency, Facility, Jurisdiction, Staff
from wayhome.casework.children.models import Child
from wayhome.casework.placements.rules import PLAN_STEPS, REFUSALS


class Position(models.Model):
    """Where a place or a jurisdiction is, in degrees; the last word counts."""

    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="positions")
    latitude = models.FloatField()
    longitude = models.FloatField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class CapacitySnapshot(models.Model):
    """What a place can take, as somebody there counted it. Trusted for a day; the last one counts.

    `beds` are cots set up, `other_children` those in them who are on no record here; carers are those on a shift, and each
    looks after `children_per_carer`. Money is in yuan.
    """

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="capacities")
    as_of = models.DateTimeField()
    beds = models.PositiveIntegerField()
    other_children = models.PositiveIntegerField(default=0)
    carers_day = models.PositiveIntegerField()
    carers_night = models.PositiveIntegerField()
    children_per_carer = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField(default=0)
    daily_cost = models.PositiveIntegerField()
    funds = models.PositiveIntegerField()
    surge_carers = models.PositiveIntegerField(default=0)
    surge_cost = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Surge(models.Model):
    """A place asks to take more children than it has cots or carers for, until a moment."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="surges")
    beds = models.PositiveIntegerField()
    carers = models.PositiveIntegerField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class SurgeApproval(models.Model):
    """Another organisation agrees; two are needed."""

    surge = models.ForeignKey(Surge, on_delete=models.PROTECT, related_name="approvals")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["surge", "by"], name="surge_approval_once"),)


class RiskArea(models.Model):
    """A buyer of this child lives there, or has kin there: no home in it takes the child."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="risk_areas")
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Separation(models.Model):
    """Somebody says that it is best for a child not to be with its siblings."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="separations")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class SeparationVote(models.Model):
    """Welfare, health and law each say whether they agree; one that does not keeps the siblings together."""

    separation = models.ForeignKey(Separation, on_delete=models.PROTECT, related_name="votes")
    agrees = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["separation", "by"], name="separation_vote_once"),)


class NightPlan(models.Model):
    """Somebody asks for a plan for the children who wait below a jurisdiction."""

    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    nights = models.PositiveSmallIntegerField()
    children = models.PositiveIntegerField()
    homes = models.PositiveIntegerField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class NightPlanResult(models.Model):
    """What was found: the value of each objective, and the shortage bill, province by province."""

    plan = models.OneToOneField(NightPlan, on_delete=models.PROTECT, related_name="result")
    status = models.CharField(max_length=20)
    objectives = models.JSONField()
    bill = models.JSONField()
    gap = models.FloatField()
    seconds = models.FloatField()
    at = models.DateTimeField()


class PlanJob(models.Model):
    """Somebody asks for a plan that is made in the background; at once, by whoever was asked, where the night is small."""

    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    nights = models.PositiveSmallIntegerField()
    children = models.PositiveIntegerField()
    homes = models.PositiveIntegerField()
    at_once = models.BooleanField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class PlanJobStep(models.Model):
    """What is being done for it: "begun" each time that it is taken up, then each aim, then the bill."""

    job = models.ForeignKey(PlanJob, on_delete=models.PROTECT, related_name="steps")
    doing = models.CharField(max_length=20, choices=[(k, k) for k in PLAN_STEPS])
    at = models.DateTimeField()


class PlanJobEnd(models.Model):
    """The plan is there, somebody called it off, or it failed and says why."""

    class Outcome(models.TextChoices):
        """How it ended."""

        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"

    job = models.OneToOneField(PlanJob, on_delete=models.PROTECT, related_name="end")
    outcome = models.CharField(max_length=10, choices=Outcome)
    code = models.CharField(max_length=30, blank=True)
    plan = models.OneToOneField(NightPlan, null=True, on_delete=models.PROTECT, related_name="job_end")
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class PlanLine(models.Model):
    """Where a child is to go, or nowhere tonight, and why not to a nearer home: {code: homes}.

    `nearer` tells the nearest of these one by one: [[place, code], ...].
    """

    plan = models.ForeignKey(NightPlan, on_delete=models.PROTECT, related_name="lines")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, null=True, on_delete=models.PROTECT, related_name="+")
    passed_over = models.JSONField()
    nearer = models.JSONField(default=list)
    hours = models.FloatField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["plan", "child"], name="plan_line_once"),)


class Placement(models.Model):
    """A home is asked to take a child."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="placements")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="placements")
    line = models.ForeignKey(PlanLine, null=True, on_delete=models.PROTECT, related_name="placements")
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class PlacementAnswer(models.Model):
    """The home accepts, and keeps a place from then on; or refuses, and says why."""

    CODES: ClassVar[list[tuple[str, str]]] = [(k, k) for k in REFUSALS]

    placement = models.OneToOneField(Placement, on_delete=models.PROTECT, related_name="answer")
    accepted = models.BooleanField()
    code = models.CharField(max_length=20, choices=CODES, blank=True)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class PlacementEnd(models.Model):
    """A placement that came to nothing for another reason: the place that was kept is free again."""

    placement = models.OneToOneField(Placement, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class FundingLine(models.Model):
    """Who pays for the children of a place, and how much a child-day, in yuan; the last one that covers a day counts.

    `budget` is what there is of it in all, from the first day on; None where no limit was told.
    """

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="funding")
    payer = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    daily_rate = models.PositiveIntegerField()
    first_day = models.DateField()
    last_day = models.DateField(null=True)
    budget = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
