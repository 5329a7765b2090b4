"""A kit for one sample of one person, and every hand it went through."""

from __future__ import annotations

from django.db import models

from wayhome.casework.accounts.models import Agency, Staff
from wayhome.casework.children.models import Child
from wayhome.casework.core import numbers
from wayhome.casework.families.models import Relative
from wayhome.casework.laboratory.rules.kits import HOPS


class Kit(models.Model):
    """Swab and tube for one sample of one person. `id` is the number in its barcode (`core.numbers`), which tells nothing."""

    id = models.BigIntegerField(primary_key=True)
    relative = models.ForeignKey(Relative, null=True, on_delete=models.PROTECT, related_name="kits")
    child = models.ForeignKey(Child, null=True, on_delete=models.PROTECT, related_name="kits")
    laboratory = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    second = models.BooleanField(default=False)
    """Whether it is the independent second sample of somebody who has a profile already."""
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(relative__isnull=True) ^ models.Q(child__isnull=True), name="kit_of_one_person"
            ),
        )

    @property
    def number(self) -> str:
        """The number with its leading zeros."""
        return f"{self.pk:0{numbers.LENGTH}d}"

    def __repr__(self) -> str:
        return f"<Kit {self.pk}>"


class KitHop(models.Model):
    """The n-th thing that happened to a kit; the last one says where it is."""

    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="hops")
    n = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in HOPS])
    place = models.CharField(max_length=200, blank=True)
    """Where it was posted to, or where the sample was taken; "" where the hop says it itself."""
    witness = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    """Who saw the sample taken and the tube sealed."""
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kit", "n"], name="kit_hop_once_each"),)
