"""The account of whoever is logged in."""

from __future__ import annotations

from typing import Any, cast

from allauth.account import views as account_views
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.i18n import set_language

from wayhome.casework.accounts import actions, queries
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


def password(request: HttpRequest) -> HttpResponse:
    """Choose another password; every other session of the account ends."""
    answer: HttpResponse = account_views.password_change(request)
    if request.method == "POST" and answer.status_code == 302:
        messages.success(request, _("The password is changed. It opens the house from now on."))
    return answer


def language(request: HttpRequest) -> HttpResponse:
    """Speak this language from now on: on this device, and for whoever is logged in on every other."""
    answer: HttpResponse = set_language(request)
    user, chosen = cast(Any, request.user), request.POST.get("language", "")
    if user.is_authenticated and chosen in dict(settings.LANGUAGES) and chosen != user.language:
        by = queries.actor_of_user(user)
        if by is not None:
            actions.choose_language(user=user, language=chosen, by=by, at=desk.moment(request))
    return answer
