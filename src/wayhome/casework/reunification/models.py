"""The file of one child's return, or of its stay. Rows are never changed: what is taken back has a row that says so."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wayhome.casework.accounts.models import Facility, IdentityKey, Said, choices_of
from wayhome.casework.children.models import Child
from wayhome.casework.custody.models import HandoverOffer
from wayhome.casework.families.models import Relative
from wayhome.casework.laboratory.models import Kit
from wayhome.casework.matching.models import Confirmation
from wayhome.casework.operations.models import Person
from wayhome.casework.reunification.rules import (
    CERTIFICATES,
    DECISIONS,
    DISCIPLINES,
    EVIDENCE,
    FOUND,
    GUARDIANSHIP,
    KINDS,
    OUTCOMES,
    REASONS,
    RESULTS,
)


class Case(Said):
    """A child may go home to the family that a confirmation names; without one, to its own country's authority."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="cases")
    confirmation = models.OneToOneField(Confirmation, null=True, on_delete=models.PROTECT, related_name="case")

    def __repr__(self) -> str:
        return f"<Case {self.pk}>"


class Evidence(Said):
    """An interview, a line-up of photos, a document, a visit to the home; `corrects` is the row that it stands in place of."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10, choices=choices_of(EVIDENCE))
    who = models.CharField(max_length=120)
    held_on = models.DateField()
    outcome = models.CharField(max_length=12, choices=choices_of(OUTCOMES))
    note = models.TextField(blank=True)
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")


class HeldBack(Said):
    """A detail that the press does not have: what to ask, and the answer as the police know it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="held_back")
    question = models.CharField(max_length=200)
    answer = models.CharField(max_length=300)


class HeldBackReply(Said):
    """What the claimant said, and whether it is right; whoever knew the answer from the start does not judge it."""

    question = models.OneToOneField(HeldBack, on_delete=models.PROTECT, related_name="reply")
    said = models.CharField(max_length=300)
    matches = models.BooleanField()


class Enquiry(Said):
    """What an investigator found of the parents' part in the sale, for the n-th time; the last one counts."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="enquiries")
    n = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=8, choices=choices_of(RESULTS))
    document = models.CharField(max_length=80, blank=True)
    """Number of the prosecutor's document."""
    note = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "n"], name="enquiry_once_each"),)


class Countersignature(Said):
    """A case supervisor signs what an investigator found."""

    enquiry = models.OneToOneField(Enquiry, on_delete=models.PROTECT, related_name="countersignature")


class Guardianship(Said):
    """A parent took part in the sale: civil affairs sues to take the guardianship away."""

    enquiry = models.OneToOneField(Enquiry, on_delete=models.PROTECT, related_name="guardianship")


class GuardianshipEnd(Said):
    """What the court said."""

    guardianship = models.OneToOneField(Guardianship, on_delete=models.PROTECT, related_name="end")
    outcome = models.CharField(max_length=8, choices=choices_of(GUARDIANSHIP))
    document = models.CharField(max_length=80)


class Determination(Said):
    """What would be best for the child, as proposed to a panel for the n-th time; the last one counts."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="determinations")
    n = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=10, choices=choices_of(DECISIONS))
    reasons = models.TextField()
    valid_until = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "n"], name="determination_once_each"),)


class Vote(Said):
    """What a member of the panel says, and why they dissent."""

    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="votes")
    discipline = models.CharField(max_length=8, choices=choices_of(DISCIPLINES.values()))
    agrees = models.BooleanField()
    dissent = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["determination", "by"], name="one_vote_each"),)


class Release(Said):
    """An institution asks to let a child go home, or to another country's authority. What is asked is frozen from the start."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="releases")
    kind = models.CharField(max_length=10, choices=choices_of(KINDS))
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="releases")
    institution = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Facility, null=True, on_delete=models.PROTECT, related_name="+")
    """The authority; None for a family."""
    enquiry = models.ForeignKey(Enquiry, null=True, on_delete=models.PROTECT, related_name="+")
    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    valid_until = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="family", to__isnull=True, enquiry__isnull=False) | Q(kind="authority", to__isnull=False),
                name="release_to_family_or_authority",
            ),
        )

    def __repr__(self) -> str:
        return f"<Release {self.pk}>"


class ReleasePerson(models.Model):
    """Somebody of the household; the child goes to those who receive it."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    relative = models.ForeignKey(Relative, null=True, on_delete=models.PROTECT, related_name="+")
    receives = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["release", "person"], name="release_person_once"),)


class ReleaseKey(IdentityKey):
    """Keys of the household's address."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="keys")


class Approval(Said):
    """A supervisor of another organisation agrees to exactly what was asked."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="approvals")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["release", "by"], name="release_approval_once"),)


class Revocation(models.Model):
    """A release that is none any more: something changed."""

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="revocation")
    reason = models.CharField(max_length=20, choices=choices_of(REASONS))
    note = models.CharField(max_length=300, blank=True)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()


class FreshCheck(models.Model):
    """Samples of the child and of whoever receives it, taken for the handover: whether they are the same people as before."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="checks")
    person = models.ForeignKey(ReleasePerson, on_delete=models.PROTECT, related_name="checks")
    child_kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="+")
    relative_kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    at = models.DateTimeField()


class Execution(Said):
    """A release is carried out, once; the custody that begins with its offer is written in the same transaction."""

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="execution")
    offer = models.OneToOneField(HandoverOffer, on_delete=models.PROTECT, related_name="execution")
    check_of = models.ForeignKey(FreshCheck, null=True, on_delete=models.PROTECT, related_name="+")


class Visit(Said):
    """A family was visited, for the day of `rules.VISITS`."""

    execution = models.ForeignKey(Execution, on_delete=models.PROTECT, related_name="visits")
    day = models.PositiveSmallIntegerField()
    visited_on = models.DateField()
    found = models.CharField(max_length=8, choices=choices_of(FOUND))
    note = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["execution", "day"], name="visit_once_each"),)


class FileFreeze(models.Model):
    """A child that is home, and something became known that would have stopped it: people decide what is done now."""

    execution = models.OneToOneField(Execution, on_delete=models.PROTECT, related_name="freeze")
    reason = models.CharField(max_length=20, choices=choices_of(REASONS))
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()


class Notice(Said):
    """A public notice that asks for a child's parents."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="notices")
    published_on = models.DateField()
    published_in = models.CharField(max_length=200)


class Certificate(Said):
    """Police certify that no parents were found yet. The search goes on."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=13, choices=choices_of(CERTIFICATES))
    document = models.CharField(max_length=80)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["child", "kind"], name="certificate_once_each"),)
