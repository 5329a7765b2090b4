"""Who somebody is, and what is on the registers."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import QuerySet

from wayhome.casework.accounts.models import Agency, ApiToken, Facility, Jurisdiction, Staff, User
from wayhome.casework.accounts.rules import OVERSEERS, Permission, Role, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotAllowed, NotFound
from wayhome.casework.core.prepared import prepared


def active_staff() -> QuerySet[Staff]:
    """Members of staff who still sign."""
    return Staff.objects.filter(end__isnull=True).select_related("agency__jurisdiction")


def open_facilities() -> QuerySet[Facility]:
    """Places that take children in."""
    return Facility.objects.filter(end__isnull=True).select_related("agency", "jurisdiction").order_by("name")


def jurisdictions() -> QuerySet[Jurisdiction]:
    """Every country and part of one."""
    return Jurisdiction.objects.order_by("path")


def agencies() -> QuerySet[Agency]:
    """Every agency on the register."""
    return Agency.objects.select_related("jurisdiction").order_by("code")


def agency(agency_id: int) -> Agency:
    """One agency."""
    return Agency.objects.select_related("jurisdiction").get(pk=agency_id)


def has_account(staff: Staff) -> bool:
    """Whether a login was opened for a member of staff."""
    return User.objects.filter(staff=staff).exists()


def login(username: str) -> User | None:
    """The login of somebody at work, by its name."""
    return User.objects.filter(username=username, staff__in=active_staff()).first()


def actor_of(staff: Staff, *, stepped_up: bool = False) -> Actor:
    """A member of staff as the one who acts."""
    return Actor(
        staff_id=staff.pk,
        agency_id=staff.agency_id,
        role=staff.role,
        jurisdiction=staff.agency.jurisdiction.path,
        chain=chain_of(staff.agency.jurisdiction.path),
        oversees=Role(staff.role) in OVERSEERS,
        stepped_up=stepped_up,
    )


def actor_of_user(user: User, *, stepped_up: bool = False) -> Actor | None:
    """Who acts when this user does; None for a login whose member of staff left, or who never was one."""
    staff = _staff_of.first(user) if user.is_active else None
    return actor_of(staff, stepped_up=stepped_up) if staff else None


@prepared
def _staff_of(user: int) -> QuerySet[Staff]:
    return active_staff().filter(user=user)


def actor_of_token(secret: str, *, at: datetime) -> tuple[Actor, frozenset[str]] | None:
    """Who acts when a program shows this token, and within which scopes."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    token = ApiToken.objects.filter(digest=digest, revoked_at__isnull=True, expires_at__gt=at).first()
    staff = active_staff().filter(pk=token.staff_id).first() if token else None
    return (actor_of(staff), frozenset(token.scopes)) if token and staff else None


def tokens_of(by: Actor, *, at: datetime) -> QuerySet[ApiToken]:
    """The actor's own tokens that still open something, the latest first."""
    return ApiToken.objects.filter(staff_id=by.staff_id, revoked_at__isnull=True, expires_at__gt=at).order_by(
        "-created_at", "-pk"
    )


def require(by: Actor, permission: Permission) -> None:
    """NotAllowed unless the actor's role has the permission."""
    if not may(by.role, permission):
        raise NotAllowed("not_allowed", permission=str(permission))


def chain_of(path: str) -> str:
    """The audit chain of a jurisdiction: its province's, or its country's. One lock for a country would be waited for."""
    return "/".join(path.strip("/").split("/")[:2])


def jurisdiction(code: str) -> Jurisdiction:
    """A jurisdiction by its code."""
    found = Jurisdiction.objects.filter(code=code).first()
    if found is None:
        raise NotFound(jurisdiction=code)
    return found


def facility(code: str) -> Facility:
    """A place by its code on the register, whether it still takes children in or not."""
    found = Facility.objects.select_related("agency", "jurisdiction").filter(code=code).first()
    if found is None:
        raise NotFound(facility=code)
    return found


def staff(by: Actor) -> Staff:
    """The actor's own row on the register."""
    return active_staff().get(pk=by.staff_id)


def staff_ever(number: str) -> Staff | None:
    """Somebody who is on the register, at work or not any more."""
    return Staff.objects.filter(number=number).first()


def staff_member(number: str) -> Staff:
    """A member of staff at work, by their number."""
    found = active_staff().filter(number=number).first()
    if found is None:
        raise NotFound(staff=number)
    return found
