"""A family's tracing request, its pedigree and its consents. What is corrected is said anew; an end is a row of its own."""

from __future__ import annotations

from django.db import models

from wayhome.casework.accounts.models import IdentityKey, Jurisdiction, Said, choices_of
from wayhome.casework.core import numbers
from wayhome.casework.families.rules import BLOOD_GROUPS, CAUSES, END_REASONS, INQUIRERS, LIFE, PURPOSE, REACH, SCOPES
from wayhome.casework.operations.models import Person


class TracingRequest(Said):
    """A family looks for a child. `id` is its number (`core.numbers`); what is said of the child is in descriptions."""

    id = models.BigIntegerField(primary_key=True)
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    inquirer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="requests")
    relation = models.CharField(max_length=12, choices=choices_of(INQUIRERS))

    @property
    def number(self) -> str:
        """The number with its leading zeros."""
        return f"{self.pk:0{numbers.LENGTH}d}"

    def __repr__(self) -> str:
        return f"<TracingRequest {self.pk}>"


class RequestKey(IdentityKey):
    """Keys of the names of the child that is looked for."""

    request = models.ForeignKey(TracingRequest, on_delete=models.PROTECT, related_name="keys")


class Description(Said):
    """The missing child and how it was lost, as told for the n-th time; the last one counts.

    Dates are intervals, for a family in grief and a birth in the fields are seldom sure of a day.
    """

    request = models.ForeignKey(TracingRequest, on_delete=models.PROTECT, related_name="descriptions")
    n = models.PositiveIntegerField()
    child_name = models.CharField(max_length=120)
    sex = models.CharField(max_length=1, choices=choices_of(("F", "M", "U")))
    born_from = models.DateField()
    born_to = models.DateField()
    lost_from = models.DateField()
    lost_to = models.DateField()
    place = models.CharField(max_length=200)
    where = models.ForeignKey(Jurisdiction, null=True, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=10, choices=choices_of(CAUSES))
    circumstances = models.TextField(blank=True)
    looks = models.TextField(blank=True)
    blood_group = models.CharField(max_length=2, blank=True, choices=choices_of(BLOOD_GROUPS))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["request", "n"], name="described_once_each"),
            models.CheckConstraint(condition=models.Q(born_from__lte=models.F("born_to")), name="birth_is_interval"),
            models.CheckConstraint(condition=models.Q(lost_from__lte=models.F("lost_to")), name="loss_is_interval"),
            models.CheckConstraint(condition=models.Q(born_from__lte=models.F("lost_to")), name="lost_after_birth"),
        )


class MissingMark(Said):
    """A mark on the body that the family remembers: coded place and kind (kinship.body_places, kinship.mark_kinds)."""

    request = models.ForeignKey(TracingRequest, on_delete=models.PROTECT, related_name="marks")
    place = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    note = models.CharField(max_length=200, blank=True)


class MissingItem(Said):
    """Clothes and things that the child had with it."""

    request = models.ForeignKey(TracingRequest, on_delete=models.PROTECT, related_name="items")
    what = models.CharField(max_length=200)


class RequestPhoto(Said):
    """A picture of the missing child or of a parent at its age, rebuilt from its pixels."""

    request = models.ForeignKey(TracingRequest, on_delete=models.PROTECT, related_name="photos")
    jpeg = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    shows = models.CharField(max_length=120)


class RequestEnd(Said):
    """A request that nobody follows any more: taken back by the family, or another request for the same child goes on."""

    request = models.OneToOneField(TracingRequest, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=10, choices=choices_of(END_REASONS))
    kept = models.ForeignKey(TracingRequest, null=True, on_delete=models.PROTECT, related_name="absorbed")
    note = models.CharField(max_length=300)


class Relative(Said):
    """A member of the pedigree; `missing` is the child that is looked for, one in each request."""

    request = models.ForeignKey(TracingRequest, on_delete=models.PROTECT, related_name="relatives")
    sex = models.CharField(max_length=1, choices=choices_of(("F", "M", "U")))
    missing = models.BooleanField(default=False)

    def __repr__(self) -> str:
        return f"<Relative {self.pk}>"


class RelativeState(Said):
    """What is known of a relative, as told for the n-th time; the last one counts."""

    relative = models.ForeignKey(Relative, on_delete=models.PROTECT, related_name="states")
    n = models.PositiveIntegerField()
    name = models.CharField(max_length=120, blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    born = models.PositiveSmallIntegerField(null=True)
    life = models.CharField(max_length=8, choices=choices_of(LIFE))
    reach = models.CharField(max_length=10, choices=choices_of(REACH))
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["relative", "n"], name="relative_told_once_each"),)


class RelativeKey(IdentityKey):
    """Keys of the names of a relative, as told at any time, who is on no record: a person's keys are the person's."""

    relative = models.ForeignKey(Relative, on_delete=models.PROTECT, related_name="keys")


class RelativeEnd(Said):
    """A relative who was entered by mistake; the links to them go with them."""

    relative = models.OneToOneField(Relative, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=200)


class Parentage(Said):
    """Somebody is a biological parent of somebody."""

    child = models.ForeignKey(Relative, on_delete=models.PROTECT, related_name="parentages")
    parent = models.ForeignKey(Relative, on_delete=models.PROTECT, related_name="offspring")


class ParentageEnd(Said):
    """A link that was entered by mistake."""

    parentage = models.OneToOneField(Parentage, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=200)


class Consent(Said):
    """A relative, or whoever decides for them, agrees that their DNA is compared with that of rescued children.

    There is one purpose, and the database takes no other.
    """

    relative = models.ForeignKey(Relative, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=10, choices=choices_of((PURPOSE,)), default=PURPOSE)
    scope = models.CharField(max_length=10, choices=choices_of(SCOPES))
    given_by = models.CharField(max_length=120)
    signed_on = models.DateField()
    until = models.DateField()
    form = models.CharField(max_length=80)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(signed_on__lt=models.F("until")), name="consent_lasts"),
            models.CheckConstraint(condition=models.Q(purpose=PURPOSE), name="consent_to_one_purpose"),
        )


class ConsentWithdrawal(Said):
    """The relative wants it no more: nothing of theirs is compared from here on."""

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=200, blank=True)


class RequestDuplicate(models.Model):
    """Two requests that may be for one child; a machine proposes, people decide."""

    one = models.ForeignKey(TracingRequest, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(TracingRequest, on_delete=models.PROTECT, related_name="+")
    reasons = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["one", "other"], name="request_duplicate_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="request_duplicate_in_order"),
        )


class DuplicateVerdict(Said):
    """Somebody says whether the two are for one child."""

    proposal = models.OneToOneField(RequestDuplicate, on_delete=models.PROTECT, related_name="verdict")
    same = models.BooleanField()
    note = models.CharField(max_length=200)
