"""Everybody logged in once, for files whose tests ask hundreds of pages of one world."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from factories.world import World
from wayhome.casework.accounts import actions as accounts

Sessions = dict[str, str]


def logged_in(world: World, names: Iterable[str]) -> Sessions:
    """A login with a second factor for each of these members of staff, and the key of a session that nobody has used yet."""
    sessions = {}
    for name in sorted(set(names)):
        user = accounts.open_account(staff=world.staff[name], username=name, password=None)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "none"})
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return sessions


def browser(session: str) -> Client:
    """Another browser of theirs, with nothing in it but the session."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client
