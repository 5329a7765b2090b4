"""What awaits a search, what was compared, what was found, and what people made of it. What shows alleles is sealed."""

from __future__ import annotations

from django.db import models

from wayhome.casework.accounts.models import Said, choices_of
from wayhome.casework.children.models import Child
from wayhome.casework.families.models import Relative, TracingRequest
from wayhome.casework.laboratory.models import Kit
from wayhome.casework.matching.rules.readings import CONCLUSIONS, ENDS

FREEZES = ("two_families", "two_children", "ages")
"""Why two confirmations cannot both be true: one child for two families; one request for two children; one mother for two
children who cannot both be hers."""


class Due(models.Model):
    """A child or a family that changed, and is to be searched (again). It goes in the transaction that holds what was found."""

    child = models.ForeignKey(Child, null=True, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(TracingRequest, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(child__isnull=True) ^ models.Q(request__isnull=True), name="due_of_one_subject"
            ),
        )


class Dossier(models.Model):
    """What the search compares of a request, for the n-th time; the last one counts."""

    request = models.ForeignKey(TracingRequest, on_delete=models.PROTECT, related_name="dossiers")
    n = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    """Of the tree and of which samples stand for whom."""
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["request", "n"], name="dossier_once_each"),)


class DossierSample(models.Model):
    """A sample that stands for a relative in it; `n` is the number of the profile of that kit."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="samples")
    relative = models.ForeignKey(Relative, on_delete=models.PROTECT, related_name="+")
    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="+")
    n = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["dossier", "relative"], name="dossier_sample_once"),)


class Search(models.Model):
    """A child was compared with the base as it was."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="searches")
    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="+")
    n = models.PositiveSmallIntegerField()
    """The child's profile: which of that kit."""
    families = models.PositiveIntegerField()
    """Size of the base."""
    index = models.CharField(max_length=64)
    """Digest of the index that was searched."""
    version = models.CharField(max_length=40)
    found = models.PositiveSmallIntegerField()
    at = models.DateTimeField()


class Candidate(models.Model):
    """A request as the origin of a child, proposed by a search. Numbers and alleles are in its detail, sealed."""

    search = models.ForeignKey(Search, on_delete=models.PROTECT, related_name="candidates")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="candidates")
    request = models.ForeignKey(TracingRequest, on_delete=models.PROTECT, related_name="candidates")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="candidates")
    data = models.CharField(max_length=64)
    """Digest of what was compared: the pair is proposed once for the same data, whatever became of it."""
    rank = models.PositiveSmallIntegerField()
    gate = models.CharField(max_length=12, choices=choices_of(("report", "lead", "insufficient")))
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["child", "request", "data"], name="candidate_once_for_the_data"),)

    def __repr__(self) -> str:
        return f"<Candidate {self.pk}>"


class CandidateDetail(models.Model):
    """The assessment and the evidence beside DNA, sealed for analysts. It goes when a relative in it withdraws."""

    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="detail")
    sealed = models.BinaryField()


class DetailErasure(models.Model):
    """Its tombstone."""

    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="erasure")
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()


class CandidateEnd(models.Model):
    """A candidate that is none any more: the second samples say otherwise, a relative withdrew, or the data changed."""

    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=10, choices=choices_of(ENDS))
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()


class Reading(Said):
    """What the n-th analyst made of a candidate; nobody sees another's before they gave their own."""

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="readings")
    n = models.PositiveSmallIntegerField()
    conclusion = models.CharField(max_length=12, choices=choices_of(CONCLUSIONS))
    note = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["candidate", "n"], name="reading_once_each"),
            models.UniqueConstraint(fields=["candidate", "by"], name="reader_once"),
        )


class SecondCheck(models.Model):
    """Second samples of the child and of the relatives, compared like the first ones: whether they say the same.

    Both are named where they do; where they do not, the one that shows somebody else.
    """

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="checks")
    child_kit = models.ForeignKey(Kit, null=True, on_delete=models.PROTECT, related_name="+")
    relative_kit = models.ForeignKey(Kit, null=True, on_delete=models.PROTECT, related_name="+")
    """Of the relative whose second sample came last."""
    agrees = models.BooleanField()
    at = models.DateTimeField()


class Confirmation(Said):
    """The head of a laboratory says, after two readings and second samples, that the child is this family's by DNA.

    It is no release: whether the child may go home is decided after it, by others.
    """

    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="confirmation")
    note = models.TextField(blank=True)


class ConfirmationEnd(Said):
    """A confirmation that was taken back."""

    confirmation = models.OneToOneField(Confirmation, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=300)


class Freeze(models.Model):
    """Two confirmations that cannot both be true: nothing is decided on either child while both stand."""

    one = models.ForeignKey(Confirmation, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Confirmation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=choices_of(FREEZES))
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["one", "other"], name="freeze_once"),)


class KinshipReport(Said):
    """The n-th report of a candidate: everything in it sealed with the candidate's key, so that the same bytes can be set again.

    It goes with the candidate's detail when a relative withdraws; what was handed out before is handed out.
    """

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="reports")
    n = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    made_by = models.JSONField()
    """What set it: versions and digests of programs, fonts and words."""
    digests = models.JSONField()
    """SHA-256 of the file, by language."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["candidate", "n"], name="kinship_report_once_each"),)


class Kinship(models.Model):
    """Two rescued children who may be siblings, or one child twice, by their DNA alone."""

    one = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    relationship = models.CharField(max_length=14, choices=choices_of(("same", "full_siblings")))
    log10_lr = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["one", "other"], name="kinship_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="kinship_in_order"),
        )
