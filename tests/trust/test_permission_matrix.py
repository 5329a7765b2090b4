"""Every operation x every role x own or foreign jurisdiction, against a table. An operation without a row fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse

from factories.api import EVERY, Program
from factories.api_case import Things
from factories.api_cases import CASES, ROLES, sent_with
from factories.busy import busy_house
from trust.matrix import API
from wayhome.api.app import api
from wayhome.casework.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
LETTERS = {200: "+", 201: "+", 202: "+", 404: "n", 409: "r", 422: "i"}


@pytest.fixture(scope="module")
def busy(django_db_setup: None, django_db_blocker: Any) -> Iterator[Things]:
    """A world with everything in it, made once."""
    with django_db_blocker.unblock(), busy_house() as things:
        yield things


def routes() -> set[str]:
    """Every operation of the API, as "METHOD /path"."""
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def letter(answer: HttpResponse) -> str:
    """What happened: + done, f not this role, n nothing there for this person, r refused by the case, i names nothing."""
    if answer.status_code == 403:
        return {"not_allowed": "f", "step_up": "s", "scope": "?"}[answer.json()["code"]]
    return LETTERS.get(answer.status_code, "?")


def outcomes(things: Things, name: str, column: int) -> str:
    """What each role is told, undone after each."""
    case, told = CASES[name], ""
    for who in (people[column] for people in ROLES.values()):
        with transaction.atomic():
            body = case.body(things) if case.body else None
            more = sent_with(case, things)
            told += letter(
                Program(things.world).call(name.split()[0], who, case.path(things), body, scopes=(*EVERY, "approve"), **more)
            )
            transaction.set_rollback(True)
    return told


def test_every_operation_has_a_row() -> None:
    assert set(API) == routes()


@pytest.mark.parametrize("name", CASES)
def test_outcomes(busy: Things, name: str) -> None:
    assert (outcomes(busy, name, 0), outcomes(busy, name, 1)) == API[name]


def test_every_role_is_told_of_something_and_refused_something() -> None:
    for column in (0, 1):
        for i, role in enumerate(ROLES):
            told = {row[column][i] for row in API.values()}
            assert {"+", "f"} <= told, role


SECRETS = ("child", "ward", "home", "one", "two", "merged", "request", "again", "investigation", "unsupervised")


def secrets(things: Things) -> list[str]:
    """What nobody elsewhere may see: numbers and names of children and persons, of requests, of places and of the operation."""
    names = [
        "小荷",
        "小梅",
        "周大山",
        "the man in the red coat",
        "牛二虎",
        "北仑大道",
        "8.6.2011",
        "same marks",
        "CN.GX",
        "李小妹",
        "GX-0611",
        "the night boats",
    ]
    return [things.ids[name] for name in SECRETS] + names


def told(things: Things, who: str, path: str) -> str:
    """All pages of a list, as text."""
    answer = Program(things.world).get(who, path)
    return json.dumps(answer.json(), ensure_ascii=False) if answer.status_code == 200 else ""


LISTS = [name.removeprefix("GET ") for name in CASES if name.startswith("GET ") and "{" not in name]


def paths(things: Things, name: str) -> list[str]:
    """Ways to ask for a list, in search words and page sizes too."""
    words = ["周大山", "Zhou Dashan", "450681197001011234", "牛二虎"]
    if name == "/persons":
        return [f"{name}?like={word}" for word in words]
    if name == "/consents-ending":
        return [f"{name}?until=2099-01-01", f"{name}?until=2099-01-01&limit=1"]
    return [name, f"{name}?limit=1"] + [f"{name}?name=李小妹"] * (name == "/tracing-requests")


@pytest.mark.parametrize("name", LISTS)
def test_lists_and_search_hold_no_foreign_row(busy: Things, name: str) -> None:
    for _, foreign in ROLES.values():
        for path in paths(busy, name):
            text = told(busy, foreign, path)
            assert not [secret for secret in secrets(busy) if secret in text], (foreign, path)


def test_those_concerned_do_see_what_others_do_not(busy: Things) -> None:
    asked = [path for name in LISTS for path in paths(busy, name) if not path.endswith("limit=1")]
    text = "".join(told(busy, own, path) for own, _ in ROLES.values() for path in asked)
    names_alone = {"周大山", "牛二虎"}
    assert {secret for secret in secrets(busy) if secret not in text} == names_alone, "a list of persons shows labels"


def test_a_hospital_sees_the_children_that_it_has_and_no_others(busy: Things) -> None:
    rows = Program(busy.world).get("nurse", "/children").json()["items"]
    assert {row["number"] for row in rows} == {busy.child, busy.ward}


def test_pages_hold_every_row_once_and_no_count(busy: Things) -> None:
    program, seen, after = Program(busy.world), [], ""
    for _ in range(20):
        page = program.get("officer", f"/children?limit=2&after={after}").json()
        assert set(page) == {"items", "next"}
        seen += [row["number"] for row in page["items"]]
        after = page["next"]
        if not after:
            break
    everything = [row["number"] for row in program.get("officer", "/children?limit=200").json()["items"]]
    assert len(seen) > 4
    assert seen == everything
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("cursor", ["x", "W10=", "WyJhIl0=", "WyJcdTAwMDAiXQ==", "WzEsMl0=", "bnVsbA=="])
def test_a_cursor_that_is_none(busy: Things, cursor: str) -> None:
    answer = Program(busy.world).get("officer", f"/children?after={cursor}")
    assert (answer.status_code, answer.json()["fields"]) == (422, {"after": "unknown_cursor"})


def test_what_is_not_there_and_what_is_foreign_answer_alike(busy: Things) -> None:
    program = Program(busy.world)
    foreign, nobody = (program.get("officer_gd", f"/children/{number}").content for number in (busy.child, "000000000"))
    assert foreign == nobody


def test_reading_a_file_is_an_event(busy: Things) -> None:
    program = Program(busy.world)
    for name in ("", "/photo", "/custody", "/chart", "/duplicates"):
        before = AuditEvent.objects.filter(action="custody.read_file", child_id=int(busy.child)).count()
        assert program.get("officer", f"/children/{busy.child}{name}").status_code == 200
        assert AuditEvent.objects.filter(action="custody.read_file", child_id=int(busy.child)).count() == before + 1
