"""The registers, and those who log in.

Rows of a register are never changed: an end is a row of its own, a change is an end and a new row. Two registrars sign each.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from wayhome.casework.accounts.rules import AgencyKind, FacilityKind, Role


class Jurisdiction(models.Model):
    """Country > province > city > county. `path` holds the codes from the top: "/CN/CN-45/CN-4506/"."""

    class Kind(models.TextChoices):
        """How high."""

        COUNTRY = "country"
        PROVINCE = "province"
        CITY = "city"
        COUNTY = "county"

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    path = models.CharField(max_length=60, unique=True)
    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80)
    name_vi = models.CharField(max_length=80)


def choices_of(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes as Django takes choices: faces have the words for them."""
    return [(code, code) for code in codes]


class Said(models.Model):
    """Who wrote it down, and when."""

    by = models.ForeignKey("accounts.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Registered(models.Model):
    """What two registrars put on a register."""

    registered_by = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    countersigned_by = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Agency(Registered):
    """An organisation."""

    code = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in AgencyKind])
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT)


class Facility(Registered):
    """A place of an agency where children can be."""

    code = models.CharField(max_length=30, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="facilities")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in FacilityKind])
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT)


class FacilityEnd(Registered):
    """From here on a facility takes no child in."""

    facility = models.OneToOneField(Facility, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=200)


class Staff(Registered):
    """A member of staff of one agency in one role."""

    number = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    name_latin = models.CharField(max_length=120, blank=True)
    id_number = models.CharField(max_length=40)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="staff")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])

    def __repr__(self) -> str:
        return f"<Staff {self.pk}>"


class StaffEnd(Registered):
    """From here on a member of staff signs nothing."""

    staff = models.OneToOneField(Staff, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=200)


class IdentityKey(models.Model):
    """A key by which an owner is recognised, see `core.keys`."""

    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=120)

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["kind", "key"])]


class FacilityKey(IdentityKey):
    """Address and telephone of a facility."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="keys")


class StaffKey(IdentityKey):
    """Names, identity number, telephone and address of a member of staff."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="keys")


class UserManager(BaseUserManager["User"]):
    """Users are made by `actions.open_account`, and come with the member of staff that each request asks about."""

    def get_queryset(self) -> models.QuerySet[User]:
        return super().get_queryset().select_related("staff__agency__jurisdiction")

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """A login. What it may do is said by its row in the register of staff, which it cannot write."""

    username = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    staff = models.OneToOneField(Staff, on_delete=models.PROTECT, related_name="user")
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    first_password = models.BooleanField(default=False)
    """Somebody else chose the password; nothing opens with it but the page that changes it."""

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    objects = UserManager()

    def __repr__(self) -> str:
        return f"<User {self.pk}>"


class ApiToken(models.Model):
    """A secret of a program that works for a member of staff; only its digest is kept."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
