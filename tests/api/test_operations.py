"""Every operation of the API: legal, with the wrong scope, without need to know, repeated, with a body that is none."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from django.http import HttpResponse

from factories.api import EVERY, Program
from factories.api_case import Case, Things
from factories.api_cases import CASES, sent_with
from wayhome.api.app import api
from wayhome.casework.audit.models import Alarm, AuditEvent

pytestmark = pytest.mark.django_db


@cache
def routes() -> dict[str, Any]:
    """Every operation that there is, as "METHOD /path"."""
    schema = api.get_openapi_schema(path_prefix="")
    return {f"{method.upper()} {path}": told for path, methods in schema["paths"].items() for method, told in methods.items()}


@pytest.fixture
def things(busy: Things) -> Things:
    """The world with everything in it; what a test does to it is undone."""
    return replace(busy, api=Program(busy.world))


def send(things: Things, name: str, case: Case, who: str, *, scopes: tuple[str, ...] | None = None, **more: Any) -> HttpResponse:
    """Carry a case out as somebody."""
    if scopes is None:
        scopes = (*EVERY, "approve") if case.approves else EVERY
    more |= sent_with(case, things)
    body = more.pop("body", case.body(things) if case.body else None)
    return things.api.call(name.split()[0], who, case.path(things), body, scopes=scopes, **more)


def test_every_operation_has_a_case() -> None:
    assert set(CASES) == set(routes())


@pytest.mark.parametrize("name", CASES)
def test_operation(things: Things, name: str) -> None:
    case, told = CASES[name], routes()[name]
    writes = name.startswith("POST")
    more: dict[str, Any] = {}

    others = tuple(scope for scope in (*EVERY, "approve") if scope != told["x-scope"])
    if told["x-scope"] != "me":
        lacks = send(things, name, case, case.who, scopes=others)
        assert (lacks.status_code, lacks.json()["code"], lacks.json()["scope"]) == (403, "scope", told["x-scope"])
    if case.approves:
        plain = send(things, name, case, case.who, scopes=EVERY)
        assert (plain.status_code, plain.json()["code"]) == (403, "step_up")
    if case.foreign:
        foreign = send(things, name, case, case.foreign)
        assert foreign.status_code == case.unknown, foreign.content
        assert foreign.json()["code"] == {404: "not_found", 422: "invalid"}[case.unknown]
        assert "unknown" in foreign.json().get("fields", {}).values() or case.unknown == 404
    if case.body:
        bad = send(things, name, case, case.who, body={"nonsense": 1})
        assert (bad.status_code, bad.json()["code"]) == (422, "invalid")
        assert bad.json()["fields"]["nonsense"] == "extra_forbidden"
    if writes:
        more = {"key": "k-1"}
        body = case.body(things) if case.body else None
        if body is not None:
            more["body"] = body

    before = AuditEvent.objects.count()
    legal = send(things, name, case, case.who, **more)
    assert legal.status_code == (case.done if writes else 200), legal.content
    if not writes:
        return

    after = AuditEvent.objects.count()
    assert after > before or "duplicates" in name
    again = send(things, name, case, case.who, **more)
    assert (again.status_code, again.content) == (legal.status_code, legal.content)
    assert AuditEvent.objects.count() == after, "it was carried out again"


def test_a_key_is_for_one_request(things: Things) -> None:
    person = {"label": "driver", "facts": [{"kind": "name", "value": "马如龙"}]}
    assert things.api.post("officer", "/persons", person, key="k").status_code == 201
    facts = f"/persons/{things.person}/facts"
    for path, body in (("/persons", person | {"label": "boss"}), (facts, {"kind": "name", "value": "马"})):
        answer = things.api.post("officer", path, body, key="k")
        assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")
    assert things.api.post("officer2", "/persons", person | {"label": "boss"}, key="k").status_code == 201, "another's key"


def test_without_a_key_each_request_is_carried_out(things: Things) -> None:
    person = {"label": "driver", "facts": [{"kind": "name", "value": "马如龙"}]}
    first, second = (things.api.post("officer", "/persons", person).json()["id"] for _ in range(2))
    assert first != second


def test_a_refusal_is_repeated_and_alarms_once(things: Things) -> None:
    path = f"/children/{things.ward}/offers"
    body = {"to_facility": "home", "kind": "welfare_institution", "wristband": things.ward, "place": "door", "condition": "well"}
    before = Alarm.objects.count()
    first = things.api.post("nurse", path, body, key="k")
    assert (first.status_code, first.json()["codes"]) == (409, ["not_cleared"])
    assert Alarm.objects.count() == before + 1
    again = things.api.post("nurse", path, body, key="k")
    assert (again.status_code, again.content) == (409, first.content)
    assert Alarm.objects.count() == before + 1
    assert AuditEvent.objects.filter(action="audit.alarm", child_id=int(things.ward)).count() == 1


@pytest.mark.parametrize("what", ["mentions", "steps", "verdicts", "openings", "compartment"])
def test_what_is_written_into_a_clue_is_answered_with_its_number(things: Things, what: str) -> None:
    """A number of its own would go up with every clue of the house, those of task forces among them."""
    name = f"POST /clues/{{number}}/{what}"
    answer = send(things, name, CASES[name], CASES[name].who)
    assert answer.status_code == 201
    assert answer.json()["id"] == int(things.ids["clue"])
