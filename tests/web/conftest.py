"""A world, a clock that stands where the world's does, and a browser for each member of staff."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.accounts.models import User
from wayhome.web import clock, desk

ClientOf = Callable[..., Client]


@pytest.fixture
def world(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """See `factories.world`; the pages' clock is the world's."""
    monkeypatch.setattr(clock, "now", world.now)
    return world


@pytest.fixture(autouse=True)
def english() -> None:
    """What one test switched on, or tried too often, is nothing to the next."""
    cache.clear()
    translation.activate("en")


@pytest.fixture
def client_of(world: World, monkeypatch: pytest.MonkeyPatch) -> ClientOf:
    """A browser in which a member of staff is logged in, with a second factor, and proved a moment ago who they are or not."""

    def logged_in(name: str, *, mfa: bool = True, stepped_up: bool = True) -> Client:
        staff = world.staff[name]
        user = User.objects.filter(staff=staff).first() or accounts.open_account(staff=staff, username=name, password=None)
        if mfa and not Authenticator.objects.filter(user=user).exists():
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "none"})
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.cookies["wayhome-language"] = "en"
        proved[user.pk] = stepped_up
        return client

    proved: dict[int, bool] = {}
    monkeypatch.setattr(desk, "proved_lately", lambda request: proved.get(request.user.pk, False))
    return logged_in
