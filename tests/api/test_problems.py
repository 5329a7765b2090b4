"""Whatever goes wrong is a problem of one shape, and tells nothing of a person."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from factories.api import ROOT, Program
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.accounts.models import ApiToken
from wayhome.casework.core.errors import Invalid, NotAllowed
from wayhome.casework.custody import queries


def problem(answer: HttpResponse, status: int, code: str) -> dict[str, object]:
    """The problem that an answer is."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told = json.loads(answer.content)
    assert {"type", "title", "status", "detail", "code"} <= set(told)
    assert (told["status"], told["code"], told["type"]) == (status, code, f"urn:wayhome:problem:{code}")
    return dict(told)


def test_who_shows_a_token_is_known(api: Program) -> None:
    me = api.get("officer", "/me", scopes=["children:read"]).json()
    assert (me["role"], me["scopes"], me["stepped_up"]) == ("officer", ["children:read"], False)
    assert "register_child" in me["permissions"]


@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Bearer ", "Basic b2ZmaWNlcjp4"])
def test_nobody_comes_in_without_a_token(world: World, header: str | None) -> None:
    answer = Client().get(f"{ROOT}/children", headers={"Authorization": header} if header else {})
    problem(answer, 401, "no_token")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_token_that_was_revoked_opens_nothing(api: Program) -> None:
    assert api.get("officer", "/me").status_code == 200
    ApiToken.objects.update(revoked_at=timezone.now())
    problem(api.get("officer", "/me"), 401, "no_token")


def test_a_token_that_expired_opens_nothing(api: Program) -> None:
    api.token("officer", lasts=timedelta(seconds=-1))
    problem(api.get("officer", "/me"), 401, "no_token")


def test_whoever_left_is_nobody(api: Program) -> None:
    assert api.get("officer2", "/me").status_code == 200
    assert api.world.registrars is not None
    accounts.end_staff(staff=api.world.staff["officer2"], reason="left", by=api.world.registrars, at=api.world.now())
    problem(api.get("officer2", "/me"), 401, "no_token")


def test_a_scope_that_the_token_lacks_is_named(api: Program) -> None:
    told = problem(api.get("officer", "/children", scopes=["custody:read"]), 403, "scope")
    assert told["scope"] == "children:read"


def test_a_role_without_the_permission_is_refused(api: Program) -> None:
    problem(api.get("analyst", "/children"), 403, "not_allowed")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_no_such_address(api: Program, method: str) -> None:
    problem(api.call(method, "officer", "/nowhere/at/all"), 404, "not_found")
    problem(api.call(method, "officer", "/"), 404, "not_found")


def test_an_address_that_does_not_take_the_method(api: Program) -> None:
    answer = api.call("DELETE", "officer", "/children")
    problem(answer, 405, "method_not_allowed")
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


def test_a_body_that_is_no_json(api: Program) -> None:
    problem(api.post("officer", "/persons", data="{", content_type="application/json"), 400, "unreadable")


def test_a_body_that_does_not_fit_names_its_fields_and_repeats_nothing(api: Program) -> None:
    answer = api.post("officer", "/persons", {"label": "", "facts": [{"kind": "colour", "value": "Zhang Sanfeng"}], "more": 1})
    told = problem(answer, 422, "invalid")
    assert told["fields"] == {
        "label": "string_too_short",
        "facts.0.kind": "literal_error",
        "more": "extra_forbidden",
    }
    assert "Zhang" not in answer.content.decode()


@pytest.mark.parametrize(("text", "code"), [("a\x00b", "unprintable"), ("\ud800", "string_unicode")])
def test_text_that_no_database_keeps(api: Program, text: str, code: str) -> None:
    told = problem(api.post("officer", "/persons", {"label": text, "facts": [{"kind": "name", "value": "王"}]}), 422, "invalid")
    assert told["fields"] == {"label": code}
    problem(api.get("officer", "/persons?like=wang%00"), 422, "invalid")


def test_a_refusal_lists_every_reason(api: Program) -> None:
    child = api.world.in_hospital()
    body = {
        "to_facility": "home",
        "kind": "welfare_institution",
        "wristband": "000000000",
        "place": "door",
        "condition": "asleep",
    }
    told = problem(api.post("nurse", f"/children/{child.number}/offers", body), 409, "not_cleared")
    assert told["codes"] == ["not_cleared", "wristband"]


def test_a_mistake_in_the_house_tells_nothing(
    api: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("the mother is Li Hua")

    monkeypatch.setattr(queries, "visible_children", broken)
    with caplog.at_level(logging.ERROR):
        answer = api.get("officer", "/children")
    problem(answer, 500, "unexpected")
    told = caplog.text + answer.content.decode()
    assert "ValueError" in told
    assert "Li Hua" not in told
    assert "Traceback" not in told


def test_a_token_that_approves_is_given_to_the_person_alone_and_for_minutes(world: World) -> None:
    at = world.now()
    given = {"staff": world.staff["supervisor"], "scopes": ["approve"], "label": "merge", "at": at}
    for by, expires_at, error in (
        (world.actor("administrator"), at + timedelta(minutes=9), NotAllowed),
        (world.actor("supervisor", stepped_up=False), at + timedelta(minutes=9), NotAllowed),
        (world.actor("supervisor"), at + timedelta(minutes=11), Invalid),
    ):
        with pytest.raises(error):
            accounts.give_token(by=by, expires_at=expires_at, **given)
    assert not ApiToken.objects.exists()
    assert accounts.give_token(by=world.actor("supervisor"), expires_at=at + timedelta(minutes=9), **given)
