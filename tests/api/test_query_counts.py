"""An answer of the API asks the database as often for many children, homes and alarms as for a few."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from factories.api import EVERY, Program
from factories.api_case import Things
from factories.api_cases import CASES, ROLES
from factories.busy import busy_house
from factories.growth import grow
from trust.matrix import API

pytestmark = pytest.mark.django_db
FEW, MANY = range(2), range(2, 8)
READ = [name for name in CASES if name.startswith("GET ")]
Asked = dict[tuple[str, str], list[str]]


def visits() -> Iterator[tuple[str, str]]:
    """What is read, and who is shown it: every role of a list, whose rows depend on who looks, and the first role of others."""
    for name in READ:
        shown = [people[0] for people, letter in zip(ROLES.values(), API[name][0], strict=True) if letter == "+"]
        yield from ((name, who) for who in (shown[:1] if "{" in name else shown))


def asked(things: Things) -> Asked:
    """What each visit asks the database, undone after each."""
    found: Asked = {}
    program = Program(things.world)
    for name, who in visits():
        program.token(who, (*EVERY, "approve"))
        with transaction.atomic():
            with CaptureQueriesContext(connection) as queries:
                answer = program.get(who, CASES[name].path(things), scopes=(*EVERY, "approve"))
            transaction.set_rollback(True)
        assert answer.status_code == 200, (name, who, answer.status_code)
        found[name, who] = [query["sql"] for query in queries.captured_queries]
    return found


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Asked, Asked]]:
    """The same visits with a few of everything, and with many."""
    with django_db_blocker.unblock(), busy_house() as things:
        grow(things, FEW)
        few = asked(things)
        grow(things, MANY)
        yield few, asked(things)


@pytest.mark.parametrize(("name", "who"), list(visits()))
def test_no_answer_asks_more_often_for_more_rows(both: tuple[Asked, Asked], name: str, who: str) -> None:
    few, many = (one[name, who] for one in both)
    assert len(many) == len(few), "\n".join(sql[:240] for sql in many)
