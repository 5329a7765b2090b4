"""Between a request and its page: nobody in without a login, for no longer than a watch, and nothing left behind."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation

from wayhome.casework.core.errors import CaseworkError
from wayhome.web import desk
from wayhome.web.views import errors

IDLE_SECONDS = 15 * 60
LONGEST_SECONDS = 8 * 60 * 60
_TICK_SECONDS = 30
PUBLIC = frozenset({"public_announcements", "public_announcement", "public_feed"})
"""Names of pages for everybody."""
OPEN = PUBLIC | {"account_login", "account_logout", "account_inactive", "mfa_authenticate", "set_language"}
"""And for those who have not come in yet."""
OWN_DOORS = "/api/"
"""Programs show a token there, not a session."""
WITH_FIRST_PASSWORD = OPEN | {"account_change_password"}
"""And for those whose password somebody else chose: nothing more, not even a second factor for whoever else has it."""
WITHOUT_MFA = OPEN | {
    "account_reauthenticate",
    "account_change_password",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
}
"""And for those who must set up a second factor first."""
_ZONES = {"/CN/": ZoneInfo("Asia/Shanghai"), "/VN/": ZoneInfo("Asia/Ho_Chi_Minh")}
Handler = Callable[[HttpRequest], HttpResponseBase]


class SessionLimits:
    """A session ends after 15 minutes of rest and after 8 hours whatever happens; no page stays in a cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            seconds = int(time.time())
            began = request.session.setdefault("began", seconds)
            seen = request.session.setdefault("seen", seconds)
            if seconds - seen > IDLE_SECONDS or seconds - began > LONGEST_SECONDS:
                logout(request)
            elif seconds - seen > _TICK_SECONDS:
                request.session["seen"] = seconds
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), payment=(), usb=()")
        return response


class Desk:
    """Shows the way in to whoever is not in, to a password of one's own and to a second factor; turns refusals into pages."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = cast(Any, request.user)
        if not user.is_authenticated:
            return self.get_response(request)
        # The person's own, whatever the browser that they share was left in; switching it is stored with the person.
        if user.language in dict(settings.LANGUAGES):
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        zone = next((z for path, z in _ZONES.items() if user.staff.agency.jurisdiction.path.startswith(path)), None)
        with timezone.override(zone):
            response = self.get_response(request)
            if hasattr(response, "render") and callable(response.render):
                response.render()
        return response

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponseBase | None:
        """Before any page: closed unless it says otherwise."""
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name in OPEN or request.path_info.startswith(OWN_DOORS):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if name not in WITH_FIRST_PASSWORD and cast(Any, request.user).first_password:
            return redirect("account_change_password")
        if name not in WITHOUT_MFA and desk.must_set_up_mfa(request):
            return redirect("mfa_index")
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal that no form caught."""
        return errors.refused(request, exception) if isinstance(exception, CaseworkError) else None
