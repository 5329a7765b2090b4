"""Who is at the desk: the actor of a request, the moment, and what the frame of every page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import MFA_REQUIRED, STEP_UP, Permission, Role, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotAllowed
from wayhome.casework.overview.queries.numbered import KINDS as NUMBERED
from wayhome.web import clock


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the rail."""

    url: str
    label: str | Promise
    icon: str
    needs: frozenset[Permission] = frozenset()


_ENTRIES = (
    Entry("today", _("Today"), "today"),
    Entry("children", _("Children"), "child", frozenset({Permission.READ_CHILD})),
    Entry("register", _("Register"), "plus", frozenset({Permission.REGISTER_CHILD})),
    Entry("placements", _("Placements"), "house", frozenset({Permission.READ_CAPACITY})),
    Entry("costs", _("Costs"), "sheet", frozenset({Permission.READ_COSTS})),
    Entry("heads", _("Head count"), "count", frozenset({Permission.COUNT_HEADS})),
    Entry("capacity", _("Capacity"), "cot", frozenset({Permission.REPORT_CAPACITY})),
    Entry("families", _("Families"), "family", frozenset({Permission.READ_REQUEST})),
    Entry("bench", _("Bench"), "sheet", frozenset({Permission.WORK_SAMPLE})),
    Entry("kits", _("Laboratory"), "tube", frozenset({Permission.READ_SAMPLE})),
    Entry("candidates", _("Matches"), "match", frozenset({Permission.READ_CANDIDATE})),
    Entry("returns", _("Returns"), "home", frozenset({Permission.READ_CASE})),
    Entry("exclusions", _("Exclusions"), "shield", frozenset({Permission.READ_EXCLUSIONS})),
    Entry("people", _("People"), "people", frozenset({Permission.RECORD_PERSON})),
    Entry("clues", _("Clues"), "search", frozenset({Permission.READ_CLUE})),
    Entry("operations", _("Operations"), "flag", frozenset({Permission.RECORD_OPERATION})),
    Entry("clocks", _("Clocks"), "clock", frozenset({Permission.READ_CHILD})),
    Entry("ministry", _("Ministry's desk"), "sheet", frozenset({Permission.READ_DESK})),
    Entry("investigations", _("Investigations"), "lock", frozenset({Permission.READ_INVESTIGATION})),
    Entry("announcements", _("Announcements"), "flag", frozenset({Permission.ANNOUNCE})),
    Entry("partners", _("Partners"), "people", frozenset({Permission.WRITE_PARTNERS})),
    Entry("glasses", _("Reviews"), "glass", frozenset({Permission.REVIEW_BREAK_GLASS})),
    Entry("audit", _("Audit"), "chain", frozenset({Permission.READ_AUDIT})),
    Entry("account", _("Account"), "person"),
)
MOST_ON_PHONE = 4


def entries(role: str) -> list[Entry]:
    """What the rail offers to a role, what matters most first."""
    return [entry for entry in _ENTRIES if all(may(role, one) for one in entry.needs)]


def on_phone(role: str) -> list[Entry]:
    """The four of the bottom bar."""
    return entries(role)[:MOST_ON_PHONE]


def moment(request: HttpRequest) -> datetime:
    """The moment of a request, the same wherever it is asked for."""
    if "wayhome_at" not in request.__dict__:
        request.__dict__["wayhome_at"] = clock.now()
    at: datetime = request.__dict__["wayhome_at"]
    return at


def proved_lately(request: HttpRequest) -> bool:
    """Whether the person proved a moment ago who they are. Where the session knows of no proof, nothing else is asked."""
    records = get_authentication_records(request, cast(Any, request.user))
    return any(one.get("reauthenticated") for one in records) and did_recently_reauthenticate(request)


def actor(request: HttpRequest) -> Actor:
    """Who acts; NotAllowed for a login without a member of staff who still signs."""
    found = accounts.actor_of_user(cast(Any, request.user), stepped_up=proved_lately(request))
    if found is None:
        raise NotAllowed("no_longer_staff")
    return found


def needs(request: HttpRequest, permission: Permission) -> Actor:
    """The actor, if it has the permission; where that asks for it, the person proves first who they are."""
    by = actor(request)
    accounts.require(by, permission)
    if permission in STEP_UP and not by.stepped_up:
        raise ReauthenticationRequired()
    return by


def needs_one(request: HttpRequest, *permissions: Permission) -> Actor:
    """The actor, if it has one of these. It does not ask who they are: for what takes back, and never for what approves."""
    by = actor(request)
    if not any(may(by.role, one) for one in permissions):
        accounts.require(by, permissions[0])
    return by


def stepped_up(request: HttpRequest) -> Actor:
    """The actor, who proved a moment ago who they are."""
    by = actor(request)
    if not by.stepped_up:
        raise ReauthenticationRequired()
    return by


def must_set_up_mfa(request: HttpRequest) -> bool:
    """Whether the person's role asks for a second factor and there was none when the request came."""
    user = cast(Any, request.user)
    if not user.is_authenticated or user.staff.role not in set(MFA_REQUIRED):
        return False
    if "wayhome_mfa" not in request.__dict__:
        request.__dict__["wayhome_mfa"] = is_mfa_enabled(user, ["totp", "webauthn"])
    return not request.__dict__["wayhome_mfa"]


def context(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page shows."""
    user = cast(Any, getattr(request, "user", None))
    if user is None or not user.is_authenticated or getattr(request, "wayhome_closed", False):
        return {}
    role = user.staff.role if user.staff.role in set(Role) else ""
    return {
        "staff": user.staff,
        "rail": entries(role),
        "bottom": on_phone(role),
        "must_set_up": must_set_up_mfa(request),
        "first_password": user.first_password,
        "finds": any(may(role, permission) for permission in NUMBERED.values()),
        "can": {permission.value: may(role, permission) for permission in Permission},
    }
