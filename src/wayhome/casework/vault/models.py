"""Keys. A person's key is the one row of the house that is deleted, and what it sealed is gone with it, also from old copies."""

from __future__ import annotations

from django.db import models

from wayhome.casework.vault.rules import Purpose

_PURPOSES = [(one.value, one.value) for one in Purpose]


class HouseKey(models.Model):
    """The public half of the house's key for a purpose; the private half is a file. `id` is its fingerprint. For `partners` there
    can be later ones, of which the newest counts and the others still open what was sealed for them."""

    id = models.CharField(primary_key=True, max_length=16)
    purpose = models.CharField(max_length=10, choices=_PURPOSES)
    public = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    def __repr__(self) -> str:
        return f"<HouseKey {self.pk}>"


class DataKey(models.Model):
    """A key for what belongs to somebody ("relative:17"), wrapped by the house's key."""

    of = models.CharField(max_length=40, unique=True)
    house_key = models.ForeignKey(HouseKey, on_delete=models.PROTECT, related_name="+")
    wrapped = models.BinaryField(max_length=80)
    at = models.DateTimeField()

    def __repr__(self) -> str:
        return f"<DataKey {self.of}>"


class DataKeyEnd(models.Model):
    """A key that is no more, and is not made again. No foreign key: it outlives what it speaks of."""

    of = models.CharField(max_length=40, unique=True)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()


class DiskErasure(models.Model):
    """What ended up to a `DataKeyEnd`, by its number, is gone from the disk too (`disk`)."""

    upto = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
