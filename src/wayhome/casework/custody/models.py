"""The chain of custody and everything that its gate reads. All of it is append-only.

An episode has no end of its own: it ends when the next one begins. So a child has exactly one custodian at any moment,
without gap
and without overlap, by the shape of the table.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from wayhome.casework.accounts.models import Facility, IdentityKey, Staff
from wayhome.casework.children.models import Child
from wayhome.casework.custody.rules import Kind
from wayhome.casework.operations.models import Operation, Person

KINDS = [(kind.value, kind.value) for kind in Kind]


class CustodyEpisode(models.Model):
    """From `started_at` on, `facility` answers for the child, and `responsible` signed for it."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="episodes")
    n = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=KINDS)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="episodes")
    responsible = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    offer = models.OneToOneField("custody.HandoverOffer", null=True, on_delete=models.PROTECT, related_name="episode")
    wristband = models.CharField(max_length=12)
    condition = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["child", "n"], name="custody_one_chain"),)

    def __repr__(self) -> str:
        return f"<CustodyEpisode {self.child_id}/{self.n}>"


class FosterRequest(models.Model):
    """An institution asks to place a child with a household. What is asked is frozen from the start."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="foster_requests")
    institution = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200)
    reason = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    valid_until = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class FosterKey(IdentityKey):
    """Keys of the household's address."""

    request = models.ForeignKey(FosterRequest, on_delete=models.PROTECT, related_name="keys")


class FosterApproval(models.Model):
    """Another organisation agrees to exactly what was asked."""

    request = models.ForeignKey(FosterRequest, on_delete=models.PROTECT, related_name="approvals")
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["request", "by"], name="foster_approval_once"),)


class FosterEnd(models.Model):
    """A request is withdrawn or an approval revoked."""

    request = models.OneToOneField(FosterRequest, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class HandoverOffer(models.Model):
    """The custodian gives: signed by the giver, waiting for the receiver."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="offers")
    from_episode = models.ForeignKey(CustodyEpisode, on_delete=models.PROTECT, related_name="+")
    to_facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="offers")
    kind = models.CharField(max_length=20, choices=KINDS)
    foster = models.ForeignKey(FosterRequest, null=True, on_delete=models.PROTECT, related_name="+")
    giver = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    escort = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    vehicle = models.CharField(max_length=30, blank=True)
    recipient = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    """Who takes the child home; None unless a release says so (`reunification.guards`)."""
    wristband = models.CharField(max_length=12)
    place = models.CharField(max_length=200)
    condition = models.CharField(max_length=200)
    items = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()


class OfferKey(IdentityKey):
    """Key of the vehicle that carries the child."""

    offer = models.ForeignKey(HandoverOffer, on_delete=models.PROTECT, related_name="keys")


class OfferEnd(models.Model):
    """An offer that came to nothing: the receiver refused, or the giver withdrew."""

    CODES: ClassVar[list[tuple[str, str]]] = [
        (k, k) for k in ("withdrawn", "no_bed", "no_carer", "too_small", "not_a_foundling", "too_ill", "not_the_child", "other")
    ]

    offer = models.OneToOneField(HandoverOffer, on_delete=models.PROTECT, related_name="end")
    code = models.CharField(max_length=20, choices=CODES)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Exclusion(models.Model):
    """A person, household, address, telephone or vehicle that never has to do with a child again. There is no way to lift one."""

    SUBJECTS: ClassVar[list[tuple[str, str]]] = [(k, k) for k in ("person", "address", "phone", "vehicle", "id")]
    GROUNDS: ClassVar[list[tuple[str, str]]] = [(k, k) for k in ("buyer", "seller", "suspect", "household", "threat")]
    SCOPES: ClassVar[list[tuple[str, str]]] = [(k, k) for k in ("all", "operation", "child")]

    subject = models.CharField(max_length=8, choices=SUBJECTS)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="exclusions")
    value = models.CharField(max_length=200, blank=True)
    scope = models.CharField(max_length=10, choices=SCOPES, default="all")
    child = models.ForeignKey(Child, null=True, on_delete=models.PROTECT, related_name="exclusions")
    operation = models.ForeignKey(Operation, null=True, on_delete=models.PROTECT, related_name="exclusions")
    ground = models.CharField(max_length=10, choices=GROUNDS)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(models.Q(subject="person") & models.Q(person__isnull=False))
                | (~models.Q(subject="person") & models.Q(person__isnull=True)),
                name="exclusion_of_person_or_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(scope="all", child__isnull=True, operation__isnull=True)
                | models.Q(scope="child", child__isnull=False, operation__isnull=True)
                | models.Q(scope="operation", child__isnull=True, operation__isnull=False),
                name="exclusion_scope",
            ),
        )


class ExclusionKey(IdentityKey):
    """Keys of a thing excluded; those of a person are the person's, as they grow."""

    exclusion = models.ForeignKey(Exclusion, on_delete=models.PROTECT, related_name="keys")


class Clearance(models.Model):
    """A doctor's word in one hospital stay; the last one counts."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="clearances")
    episode = models.ForeignKey(CustodyEpisode, on_delete=models.PROTECT, related_name="clearances")
    fit = models.BooleanField()
    level = models.CharField(max_length=10, choices=[(k, k) for k in ("ordinary", "nursing", "medical")])
    limits = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Admission(models.Model):
    """Somebody from outside is let in to a facility, or to one child."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="admissions")
    child = models.ForeignKey(Child, null=True, on_delete=models.PROTECT, related_name="admissions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=10, choices=[(k, k) for k in ("visit", "carer", "official")])
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class HeadCount(models.Model):
    """The nightly count of a facility."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="head_counts")
    night = models.DateField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["facility", "night"], name="head_count_once_a_night"),)


class HeadCountEntry(models.Model):
    """A child seen, or not."""

    count = models.ForeignKey(HeadCount, on_delete=models.PROTECT, related_name="entries")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    seen = models.BooleanField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class MissingReport(models.Model):
    """A child is not where its custodian has it. The custodian goes on answering for it."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="missing_reports")
    last_seen_at = models.DateTimeField()
    circumstances = models.CharField(max_length=300)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class MissingEnd(models.Model):
    """The child was found, or never gone."""

    report = models.OneToOneField(MissingReport, on_delete=models.PROTECT, related_name="end")
    note = models.CharField(max_length=300)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Assignment(models.Model):
    """A member of staff works on a child's case and may read its file."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="assignments")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="assignments")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class AssignmentEnd(models.Model):
    """The work on the case is over."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="end")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class BreakGlass(models.Model):
    """Somebody opened a file without need to know, for a reason that will be reviewed."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()


class BreakGlassReview(models.Model):
    """Whether the reason held."""

    glass = models.OneToOneField(BreakGlass, on_delete=models.PROTECT, related_name="review")
    justified = models.BooleanField()
    note = models.CharField(max_length=300)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
