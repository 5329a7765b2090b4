"""How allauth fits in: nobody signs up, and the secrets of authenticators lie encrypted."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpRequest

_NONCE = 12


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by the register of staff (`accounts.actions.open_account`) alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address of the connection: a header of the client's own could say anything."""
        return str(request.META.get("REMOTE_ADDR", ""))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the pages say themselves what was done."""


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """AES-256-GCM under a key derived from the house's secret."""

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
