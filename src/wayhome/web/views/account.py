"""The account of whoever is logged in."""

from __future__ import annotations

from typing import Any, cast

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse

from wayhome.casework.accounts.rules import MFA_REQUIRED
from wayhome.web import desk
from wayhome.web.pages import page


def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, the language, and the second factor."""
    by = desk.actor(request)
    user = cast(Any, request.user)
    return page(
        request,
        "account",
        by=by,
        mfa=is_mfa_enabled(user, ["totp", "webauthn"]),
        mfa_required=by.role in set(MFA_REQUIRED),
        username=user.username,
    )
