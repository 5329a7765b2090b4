"""Keep the registers, open accounts, give and revoke tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from wayhome.casework.accounts.models import (
    Agency,
    ApiToken,
    Facility,
    FacilityEnd,
    FacilityKey,
    Jurisdiction,
    Staff,
    StaffEnd,
    StaffKey,
    User,
)
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission, scopes_of
from wayhome.casework.audit.actions import record
from wayhome.casework.core.actors import SYSTEM, Actor
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound
from wayhome.casework.core.keys import all_keys, plain_id

HALF_IN = "account_login"
"""Where a session keeps whose password was typed in it, until the second factor is proved (allauth)."""
APPROVE_HOLDS = timedelta(minutes=10)
"""How long a token that approves is good for."""
TOKEN_HOLDS = timedelta(days=366)
"""How long any other is, at most."""


def add_jurisdiction(
    *, code: str, kind: str, parent: Jurisdiction | None, name_en: str, name_zh: str, name_vi: str
) -> Jurisdiction:
    """A country or a part of one."""
    path = f"{parent.path if parent else '/'}{code}/"
    return Jurisdiction.objects.create(
        code=code, kind=kind, parent=parent, path=path, name_en=name_en, name_zh=name_zh, name_vi=name_vi
    )


def register_agency(*, by: tuple[Actor, Actor] | None, at: datetime, **columns: Any) -> Agency:
    """Put an agency on the register; `by` are the two registrars, None for the ministry that comes first."""
    with transaction.atomic():
        agency = Agency.objects.create(**columns, **signed(by), at=at)
        _told(by, at, "accounts.register_agency", f"agency:{agency.pk}")
    return agency


def register_facility(*, by: tuple[Actor, Actor], at: datetime, **columns: Any) -> Facility:
    """Put a place on the register, with the keys by which it is recognised."""
    with transaction.atomic():
        facility = Facility.objects.create(**columns, **signed(by), at=at)
        keys = all_keys([("address", facility.address), ("phone", facility.phone)])
        FacilityKey.objects.bulk_create(FacilityKey(facility=facility, kind=kind, key=key) for kind, key in sorted(keys))
        _told(by, at, "accounts.register_facility", f"facility:{facility.pk}")
    return facility


def end_facility(*, facility: Facility, reason: str, by: tuple[Actor, Actor], at: datetime) -> FacilityEnd:
    """From now on the place takes no child in."""
    with transaction.atomic():
        end = FacilityEnd.objects.create(facility=facility, reason=reason, **signed(by), at=at)
        _told(by, at, "accounts.end_facility", f"facility:{facility.pk}")
    return end


def register_staff(*, by: tuple[Actor, Actor] | None, at: datetime, **columns: Any) -> Staff:
    """Put a member of staff on the register, with the keys by which they are recognised; None for the first two registrars.

    Somebody who is on it already is refused, however their number is written: one person signs as one.
    """
    columns["id_number"] = plain_id(columns.get("id_number", ""))
    if len(columns["id_number"]) < 6:
        raise Invalid({"id_number": "id_number_missing"})
    with transaction.atomic():
        staff = Staff.objects.create(**columns, **signed(by), at=at)
        parts = [
            ("name", staff.name),
            ("name", staff.name_latin),
            ("id", staff.id_number),
            ("phone", staff.phone),
            ("address", staff.address),
        ]
        StaffKey.objects.bulk_create(StaffKey(staff=staff, kind=kind, key=key) for kind, key in sorted(all_keys(parts)))
        _told(by, at, "accounts.register_staff", f"staff:{staff.pk}", role=staff.role, agency=staff.agency_id)
    return staff


def end_staff(*, staff: Staff, reason: str, by: tuple[Actor, Actor], at: datetime) -> StaffEnd:
    """From now on the member of staff signs nothing."""
    with transaction.atomic():
        end = StaffEnd.objects.create(staff=staff, reason=reason, **signed(by), at=at)
        _told(by, at, "accounts.end_staff", f"staff:{staff.pk}")
    return end


def open_account(*, staff: Staff, username: str, password: str | None, language: str = "en", own_password: bool = False) -> User:
    """A login for a member of staff; without a password nobody can use it yet.

    Whoever opens it knows the password, so it is changed before anything else, unless the person chose it: `own_password`.
    """
    first = password is not None and not own_password
    user = User(username=username, staff=staff, language=language, first_password=first)
    user.set_password(password)
    user.save()
    return user


def change_password(*, user: User, password: str, by: Actor, at: datetime) -> None:
    """A password that its owner chose; what somebody else chose before opens nothing any more."""
    if by.staff_id != user.staff_id:
        raise NotAllowed("not_allowed")
    if user.check_password(password):
        raise Invalid({"password": "same_password"})
    with transaction.atomic():
        first, user.first_password = user.first_password, False
        user.set_password(password)
        user.save(update_fields=["password", "first_password"])
        record(by=by, at=at, action="accounts.change_password", subject=f"user:{user.pk}", data={"first": first})


def reset_password(*, user: User, password: str, by: Actor, at: datetime) -> None:
    """Another first password in place of a forgotten one. Whoever is in with the old one, or half in, is out at once."""
    require(by, Permission.RUN_SYSTEM)
    with transaction.atomic():
        user.first_password = True
        user.set_password(password)
        user.save(update_fields=["password", "first_password"])
        ended = _end_sessions(user)
        record(by=by, at=at, action="accounts.reset_password", subject=f"user:{user.pk}", data={"sessions": ended})


def reset_second_factor(*, user: User, by: Actor, at: datetime) -> int:
    """Somebody lost what they prove with who they are: how many such things open nothing any more. They set up another."""
    require(by, Permission.RUN_SYSTEM)
    with transaction.atomic():
        taken = int(apps.get_model("mfa", "Authenticator").objects.filter(user_id=user.pk).delete()[0])
        _end_sessions(user)
        record(by=by, at=at, action="accounts.reset_second_factor", subject=f"user:{user.pk}", data={"taken": taken})
    return int(taken)


def _end_sessions(user: User) -> int:
    """Also of those who have typed the password and not yet proved the second factor."""
    ended = 0
    for session in Session.objects.iterator():
        told = session.get_decoded()
        if str(user.pk) in (told.get(SESSION_KEY), str(told.get(HALF_IN, {}).get("user_pk"))):
            session.delete()
            ended += 1
    return ended


def choose_language(*, user: User, language: str, by: Actor, at: datetime) -> None:
    """The language in which the house speaks to somebody from now on, on whatever device."""
    if by.staff_id != user.staff_id:
        raise NotAllowed("not_allowed")
    with transaction.atomic():
        user.language = language
        user.save(update_fields=["language"])
        record(by=by, at=at, action="accounts.choose_language", subject=f"user:{user.pk}", data={"language": language})


def give_token(*, staff: Staff, scopes: Iterable[str], label: str, by: Actor, at: datetime, expires_at: datetime) -> str:
    """A new token; the secret is told this once.

    Whoever has it reads and signs as that person. So people give tokens to themselves alone, just after they proved who they are,
    and within what their role may do: an administrator who could give one for a nurse could read a child's file as the nurse.
    The scope "approve" lets a token do what asks a person who they are once more; such a token lasts for minutes.
    """
    if by.staff_id != staff.pk or not by.stepped_up:
        raise NotAllowed("step_up")
    chosen = sorted(set(scopes))
    wrong = {}
    if not chosen or set(chosen) - scopes_of(staff.role):
        wrong["scopes"] = "unknown_choice" if chosen else "required"
    if not label.strip():
        wrong["label"] = "required"
    if expires_at <= at:
        wrong["expires_at"] = "implausible"
    elif expires_at - at > (APPROVE_HOLDS if "approve" in chosen else TOKEN_HOLDS):
        wrong["expires_at"] = "too_late"
    if wrong:
        raise Invalid(wrong)
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            staff=staff,
            digest=hashlib.sha256(secret.encode()).hexdigest(),
            scopes=chosen,
            label=label.strip()[:80],
            created_at=at,
            expires_at=expires_at,
        )
        record(by=by, at=at, action="accounts.give_token", subject=f"token:{token.pk}", data={"scopes": chosen})
    return secret


def revoke_token(*, token_id: int, by: Actor, at: datetime) -> ApiToken:
    """One's own token opens nothing any more."""
    with transaction.atomic():
        token = ApiToken.objects.select_for_update().filter(pk=token_id, staff_id=by.staff_id, revoked_at__isnull=True).first()
        if token is None:
            raise NotFound(token=token_id)
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        record(by=by, at=at, action="accounts.revoke_token", subject=f"token:{token.pk}")
    return token


def signed(by: tuple[Actor, Actor] | None) -> dict[str, int | None]:
    """Who signs a row of a register: two registrars, or nobody for the very first."""
    if by is None:
        return {"registered_by_id": None, "countersigned_by_id": None}
    for one in by:
        require(one, Permission.KEEP_REGISTERS)
    return {"registered_by_id": by[0].staff_id, "countersigned_by_id": by[1].staff_id}


def _told(by: tuple[Actor, Actor] | None, at: datetime, action: str, subject: str, **data: Any) -> None:
    first = by[0] if by else SYSTEM
    record(by=first, at=at, action=action, subject=subject, data=data | ({"countersigned_by": by[1].staff_id} if by else {}))
