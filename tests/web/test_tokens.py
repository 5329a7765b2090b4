"""Tokens: made by the person themselves after they proved who they are, told once, within what their role may do."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.accounts import queries
from wayhome.casework.accounts.models import ApiToken
from wayhome.casework.accounts.rules import ROLES, SCOPES, Role, may, scopes_of
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound
from wayhome.casework.core.models import IdempotencyKey

GIVEN = {"once": "token-1", "label": "scales in ward 3", "scopes": ["medical:write", "medical:read"], "lasts": "day"}


def secret_of(page: str) -> str:
    """What the page tells this once."""
    return re.findall(r"data-secret>([^<]+)<", page)[0]


def test_a_token_is_told_once_and_kept_nowhere(world: World, client_of) -> None:
    client = client_of("nurse")
    answer = client.post(reverse("give_token"), GIVEN)
    secret = secret_of(answer.content.decode())
    assert "no-store" in answer.headers["Cache-Control"]
    found = queries.actor_of_token(secret, at=world.clock)
    assert found is not None
    assert (found[0].staff_id, found[1]) == (world.staff["nurse"].pk, frozenset({"medical:write", "medical:read"}))
    token = ApiToken.objects.get()
    assert token.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(IdempotencyKey.objects.values_list("answer", "body_digest"))
    again = client.post(reverse("give_token"), GIVEN).content.decode()
    assert secret not in again
    assert "made before" in again
    assert ApiToken.objects.count() == 1
    shown = client.get(reverse("tokens")).content.decode()
    assert "scales in ward 3" in shown
    assert secret not in shown
    assert queries.actor_of_token(secret, at=world.clock + timedelta(days=2)) is None


def test_every_act_is_an_event(world: World, client_of) -> None:
    client = client_of("nurse")
    client.post(reverse("give_token"), GIVEN)
    token = ApiToken.objects.get()
    assert client.post(reverse("revoke_token", args=[token.pk])).status_code == 302
    told = list(AuditEvent.objects.filter(subject=f"token:{token.pk}").order_by("n").values_list("action", "staff_id"))
    nurse = world.staff["nurse"].pk
    assert told == [("accounts.give_token", nurse), ("accounts.revoke_token", nurse)]


def test_a_revoked_token_opens_nothing(world: World, client_of) -> None:
    client = client_of("nurse")
    secret = secret_of(client.post(reverse("give_token"), GIVEN).content.decode())
    token = ApiToken.objects.get()
    assert client_of("nurse2").post(reverse("revoke_token", args=[token.pk])).status_code == 404
    assert queries.actor_of_token(secret, at=world.clock) is not None
    client.post(reverse("revoke_token", args=[token.pk]))
    assert queries.actor_of_token(secret, at=world.clock) is None
    assert client.post(reverse("revoke_token", args=[token.pk])).status_code == 404, "once"
    with pytest.raises(NotFound):
        accounts.revoke_token(token_id=token.pk, by=world.actor("nurse"), at=world.now())


def test_who_one_is_is_asked_first(world: World, client_of) -> None:
    for send in (client_of("nurse", stepped_up=False).get, client_of("nurse", stepped_up=False).post):
        answer = send(reverse("give_token"))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("by", ["administrator", "supervisor", "doctor"])
def test_nobody_makes_one_for_somebody_else(world: World, by: str) -> None:
    at = world.now()
    given = {"staff": world.staff["nurse"], "scopes": ["children:read"], "label": "x", "at": at}
    with pytest.raises(NotAllowed):
        accounts.give_token(by=world.actor(by), expires_at=at + timedelta(days=1), **given)
    with pytest.raises(NotAllowed):
        accounts.give_token(by=world.actor("nurse", stepped_up=False), expires_at=at + timedelta(days=1), **given)
    assert not ApiToken.objects.exists()
    assert accounts.give_token(by=world.actor("nurse"), expires_at=at + timedelta(days=1), **given)


@pytest.mark.parametrize(
    ("scopes", "label", "days", "field"),
    [
        (["clearances"], "x", 1, "scopes"),
        (["exclusions:write"], "x", 1, "scopes"),
        ([], "x", 1, "scopes"),
        (["medical:read"], "  ", 1, "label"),
        (["medical:read"], "x", 367, "expires_at"),
        (["medical:read"], "x", 0, "expires_at"),
    ],
)
def test_it_reaches_no_further_than_the_role(world: World, scopes: list[str], label: str, days: int, field: str) -> None:
    at = world.now()
    with pytest.raises(Invalid) as wrong:
        accounts.give_token(
            staff=world.staff["nurse"],
            scopes=scopes,
            label=label,
            by=world.actor("nurse"),
            at=at,
            expires_at=at + timedelta(days=days),
        )
    assert set(wrong.value.fields) == {field}
    assert not ApiToken.objects.exists()


def test_the_page_offers_what_the_role_may_do(world: World, client_of) -> None:
    for who in ("nurse", "auditor", "officer", "administrator"):
        page = client_of(who).get(reverse("give_token")).content.decode()
        offered = set(re.findall(r'name="scopes" value="([^"]+)"', page))
        assert offered == scopes_of(world.staff[who].role) - {"me"}


def test_what_approves_lasts_for_minutes(world: World, client_of) -> None:
    client = client_of("officer")
    given = GIVEN | {"scopes": ["approve"], "lasts": "day"}
    assert client.post(reverse("give_token"), given).status_code == 422
    assert not ApiToken.objects.exists()
    assert client.post(reverse("give_token"), given | {"lasts": "minutes", "once": "token-2"}).status_code == 200
    token = ApiToken.objects.get()
    assert token.expires_at - token.created_at <= timedelta(minutes=10)


def test_scopes_are_those_of_the_api_and_need_what_its_operations_need() -> None:
    from wayhome.api import auth
    from wayhome.api.app import api

    assert set(SCOPES) == set(auth.SCOPES)
    asked: dict[str, set[str]] = {scope: set() for scope in SCOPES}
    for operations in api.get_openapi_schema()["paths"].values():
        for one in operations.values():
            asked[one["x-scope"]] |= set(one["x-permissions"])
    for scope, permissions in asked.items():
        # READ_CHILD alone stands before a clearance by the wrong role, which is left to alarm; a token is of no use for it.
        if scope not in ("approve", "medical:write"):
            assert permissions == {str(one) for one in SCOPES[scope]}, scope
    for role in Role:
        assert scopes_of(role) == {s for s, needs in SCOPES.items() if not needs or any(may(role, one) for one in needs)}
    assert scopes_of("") == {scope for scope, needs in SCOPES.items() if not needs}
    assert "approve" not in scopes_of(Role.NURSE)
    assert ROLES[Role.ADMINISTRATOR]
    assert not {
        scope for scope in scopes_of(Role.ADMINISTRATOR) if scope.startswith(("children", "custody", "medical", "foster"))
    }
