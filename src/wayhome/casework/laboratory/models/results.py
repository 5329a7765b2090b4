"""What laboratories found. Genotypes are sealed, each with a key of its own (`vault`); nothing here says one in clear."""

from __future__ import annotations

from django.db import models

from wayhome.casework.accounts.models import Agency, Said, Staff
from wayhome.casework.laboratory.models.kits import Kit
from wayhome.casework.laboratory.rules.profiles import ERASED, FLAGS


class LabKey(models.Model):
    """With which key a laboratory signs its files (Ed25519, the public half): a register, signed by two registrars. The last that
    was registered counts."""

    laboratory = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="lab_keys")
    public = models.BinaryField(max_length=32)
    registered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    countersigned_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class LabFile(Said):
    """A laboratory's file: `sha256` is of the bytes as they came, `signature` the laboratory's over them."""

    laboratory = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    format = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    signature = models.BinaryField(max_length=64, null=True)

    def __repr__(self) -> str:
        return f"<LabFile {self.pk}>"


class LabOriginal(models.Model):
    """The bytes of a file as they came, sealed for those who open relatives' profiles."""

    file = models.OneToOneField(LabFile, on_delete=models.PROTECT, related_name="original")
    sealed = models.BinaryField()


class Typed(Said):
    """A profile of the sample in a kit: the n-th that was made of it."""

    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="%(class)ss")
    n = models.PositiveSmallIntegerField()
    file = models.ForeignKey(LabFile, null=True, on_delete=models.PROTECT, related_name="%(class)ss")
    """None where two people typed it in."""
    panel = models.CharField(max_length=40, blank=True)
    """The kit of markers, as the laboratory told it."""
    loci = models.PositiveSmallIntegerField()
    """How many loci gave a result."""
    sealed = models.BinaryField()

    class Meta:
        abstract = True
        constraints = (models.UniqueConstraint(fields=["kit", "n"], name="%(class)s_once_each"),)


class ChildProfile(Typed):
    """What a rescued child's sample showed."""

    def __repr__(self) -> str:
        return f"<ChildProfile {self.pk}>"


class RelativeProfile(Typed):
    """What a relative's sample showed: compared with rescued children's by the search, and read by nobody else."""

    def __repr__(self) -> str:
        return f"<RelativeProfile {self.pk}>"


class StaffProfile(models.Model):
    """What a sample of somebody showed who handles those of others, on a register that two sign: to tell their own from what they
    handle, and for nothing else."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="profiles")
    n = models.PositiveSmallIntegerField()
    loci = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    registered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    countersigned_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["staff", "n"], name="staffprofile_once_each"),)

    def __repr__(self) -> str:
        return f"<StaffProfile {self.pk}>"


class StaffProfileEnd(models.Model):
    """The tombstone of such a profile: they left, or want it no more."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="profile_ends")
    n = models.PositiveSmallIntegerField()
    registered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    countersigned_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["staff", "n"], name="staffprofile_ends_once"),)


class Erasure(models.Model):
    """The tombstone of what a relative's sample showed: that it was there, and that they want it no more."""

    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="erasures")
    what = models.CharField(max_length=8, choices=[(what, what) for what in ERASED])
    n = models.PositiveSmallIntegerField()
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kit", "what", "n"], name="erased_once"),)


class FileErasure(models.Model):
    """The tombstone of an original: somebody in it wants their profile no more. The digest and the signature stay."""

    file = models.OneToOneField(LabFile, on_delete=models.PROTECT, related_name="erasure")
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()


class ProfileFlag(models.Model):
    """Something about a profile that somebody should look at; found by machine when it came, or later. It goes when the person
    of one of its samples withdraws."""

    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="flags")
    n = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in FLAGS])
    other = models.ForeignKey(Kit, null=True, on_delete=models.PROTECT, related_name="+")
    """The other sample that it is about, if it is about two."""
    detail = models.JSONField(default=dict)
    """Names of loci and counts; never an allele, and of a relative's sample counts alone."""
    at = models.DateTimeField()


class Looked(Said):
    """Somebody of the laboratory has seen what is odd about a sample, up to a flag, by its number."""

    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="looks")
    upto = models.BigIntegerField()


class Entry(Said):
    """A profile as one person typed it in, sealed; it counts when a second person has typed the same."""

    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="entries")
    n = models.PositiveSmallIntegerField()
    panel = models.CharField(max_length=40, blank=True)
    sealed = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kit", "n"], name="entry_once_each"),)


class EntryVerdict(models.Model):
    """Whether the n-th entry of a kit and the one before it are alike, and at which loci not."""

    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="verdicts")
    n = models.PositiveSmallIntegerField()
    differs = models.JSONField()
    """Names of loci; empty if the two are alike."""
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kit", "n"], name="entries_judged_once"),)


class Comparison(models.Model):
    """A profile was compared with its family's, its file's and its own earlier ones; `ProfileFlag` tells what was found."""

    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="comparisons")
    n = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kit", "n"], name="compared_once"),)
