"""Whoever reads for a family learns nothing of where the child is, however far its return has come; once stopped, even less."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factories.api import Program
from factories.reunification import Return
from trust.test_family_attacks import words_of
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.core.errors import CaseworkError
from wayhome.casework.families.queries import tree
from wayhome.casework.reunification.queries import cases
from wayhome.casework.reunification.queries.releases import release_of
from wayhome.web import clock

PAGES = ("family", "request_slip", "samples", "describe_request", "missing_mark", "add_relative", "withdraw_request")


def read_by(house: Return, who: str, client: Client, api: Program) -> dict[str, str]:
    """Every page, answer and query about the family."""
    request = house.request
    told = {name: client.get(reverse(name, args=[request.number])).content.decode() for name in PAGES}
    told["families"] = client.get(reverse("families")).content.decode()
    for one in tree(request.pk, at=house.world.now()).values():
        for name in ("relative", "consent"):
            told[f"{name} {one.relative.pk}"] = client.get(reverse(name, args=[one.relative.pk])).content.decode()
    for path in ("", "/descriptions", "/duplicates"):
        told[path] = api.get(who, f"/tracing-requests/{request.number}{path}").content.decode()
    told["what they may know"] = repr(cases.what_family_may_know(request.pk, by=house.world.actor(who)))
    return told


@pytest.fixture
def liaison(door: Return) -> str:
    """A family liaison of the station that took the request up."""
    world = door.world
    assert world.registrars is not None
    of = {"agency": world.agencies["police"], "role": "liaison", "id_number": "450000198001010066"}
    world.staff["liaison"] = accounts.register_staff(by=world.registrars, at=world.now(), number="liaison", name="韦志", **of)
    return "liaison"


@pytest.fixture
def client(door: Return, liaison: str, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser in which the liaison is logged in; the clock of the pages stands."""
    user = accounts.open_account(staff=door.world.staff[liaison], username=liaison, password=None)
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    browser.cookies["wayhome-language"] = "en"
    standing = door.world.now()
    monkeypatch.setattr(clock, "now", lambda: standing)
    return browser


def test_a_liaison_reads_nothing_of_the_child(door: Return, liaison: str, client: Client) -> None:
    api = Program(door.world)
    secrets = [word for word in words_of(door.world, door.child) if word]
    before = read_by(door, liaison, client, api)
    assert "agreed" in before["what they may know"]
    door.enquired("involved", signed=False)
    after = read_by(door, liaison, client, api)
    for told in (before, after):
        # The police station that took the request up is theirs to know.
        post = door.world.facilities["post"]
        known = {post.name, post.address}
        assert {name: [word for word in secrets if word in text and word not in known] for name, text in told.items()} == {
            name: [] for name in told
        }
    assert after["what they may know"] == repr(cases.Known("checking"))
    changed = [name for name in before if "csrf" not in before[name] and before[name] != after[name]]
    assert changed == ["what they may know"]
    who: dict[str, Any] = {"by": door.world.actor(liaison), "at": door.world.now()}
    asks: tuple[Callable[[], object], ...] = (
        lambda: cases.case_of(who["by"], door.case.pk, at=who["at"]),
        lambda: release_of(who["by"], door.release.pk, at=who["at"]),
        lambda: cases.to_open(who["by"], at=who["at"]),
    )
    for ask in asks:
        with pytest.raises(CaseworkError):
            ask()
