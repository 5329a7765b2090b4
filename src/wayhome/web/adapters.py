"""How allauth fits in: nobody signs up, and the secrets of authenticators lie encrypted."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wayhome.casework.accounts import actions
from wayhome.web import desk
from wayhome.web.messages import sentence

_NONCE = 12
ALLAUTH_SAYS = (
    _("Current Password"),
    _("Incorrect code."),
    _("Incorrect password."),
    _("New Password"),
    _("New Password (again)"),
    _("Please type your current password."),
    _("The username and/or password you specified are not correct."),
    _("Too many failed login attempts. Try again later."),
    _("Username"),
    _("You must type the same password each time."),
)
"""What allauth says on these pages. It knows no Vietnamese: a message named here is taken from the house's own catalogues."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by the register of staff (`accounts.actions.open_account`) alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address of the connection: a header of the client's own could say anything."""
        return str(request.META.get("REMOTE_ADDR", ""))

    def clean_password(self, password: str, user: Any = None) -> str:
        """Long enough, not common, and not the one that the account has already."""
        cleaned = str(super().clean_password(password, user))
        if user is not None and user.check_password(cleaned):
            told = sentence("same_password")
            raise ValidationError(told.whole)
        return cleaned

    def set_password(self, user: Any, password: str) -> None:
        """Through the action, which leaves an event."""
        request = context.request
        actions.change_password(user=user, password=password, by=desk.actor(request), at=desk.moment(request))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Where what waits for somebody stands."""
        return reverse("today")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the pages say themselves what was done."""


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """AES-256-GCM under a key derived from the house's secret."""

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002
        """What a new key is called until its owner calls it something else."""
        return f"{gettext('Passkey')} {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def encrypt(self, text: str) -> str:
        """As it is stored."""
        nonce = os.urandom(_NONCE)
        return base64.b64encode(nonce + AESGCM(_key()).encrypt(nonce, text.encode(), b"mfa")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As it was."""
        raw = base64.b64decode(encrypted_text)
        return AESGCM(_key()).decrypt(raw[:_NONCE], raw[_NONCE:], b"mfa").decode()


def login_name(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Under which name somebody tries to come in, the same for the try that fails and for the one that is let in."""
    return str((credentials or {}).get("username") or request.POST.get("login", "")).strip()[:60]


def _key() -> bytes:
    return hashlib.sha256(b"wayhome mfa " + settings.SECRET_KEY.encode()).digest()
