"""A page asks the database as often for many children, homes and alarms as for a few."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from factories.api_case import Things
from factories.api_cases import ROLES
from factories.busy import busy_house
from factories.growth import grow
from factories.logins import Sessions, browser, logged_in
from trust.matrix import PAGES
from trust.test_permission_matrix_pages import ASKED, address
from wayhome.web import desk

pytestmark = pytest.mark.django_db
FEW, MANY = range(2), range(2, 8)
WORK = ("today", "clocks", "children", "placements", "heads", "capacity", "kits", "candidates", "returns")
"""Lists whose rows depend on who looks: asked by every role."""
Asked = dict[tuple[str, str], list[str]]


def visits() -> Iterator[tuple[str, str]]:
    """Pages, and for each somebody of every role, or of the first role, that is shown it."""
    for name, (own, _foreign) in PAGES.items():
        shown = [people[0] for people, letter in zip(ROLES.values(), own, strict=True) if letter == "+"]
        yield from ((name, who) for who in (shown if name in WORK else shown[:1]))


def asked(things: Things, sessions: Sessions) -> Asked:
    """What each visit asks the database, undone after each."""
    found: Asked = {}
    for name, who in visits():
        client = browser(sessions[who])
        with transaction.atomic():
            with CaptureQueriesContext(connection) as queries:
                if name in ASKED:
                    answer = client.post(address(things, name), {"number": things.child})
                else:
                    answer = client.get(address(things, name))
            transaction.set_rollback(True)
        # A place of which there are more now is chosen from a list; before there was one, and the page went on to it.
        assert answer.status_code == 200, (name, who, answer.status_code)
        found[name, who] = [query["sql"] for query in queries.captured_queries]
    return found


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Asked, Asked]]:
    """The same visits with a few of everything, and with many."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), busy_house() as things:
        patch.setattr(desk, "proved_lately", lambda request: True)
        sessions = logged_in(things.world, (who for _name, who in visits()))
        grow(things, FEW)
        things.ids["token"] = things.world.staff["officer"].tokens.first().pk
        few = asked(things, sessions)
        grow(things, MANY)
        yield few, asked(things, sessions)


@pytest.mark.parametrize(("name", "who"), list(visits()))
def test_no_page_asks_more_often_for_more_rows(both: tuple[Asked, Asked], name: str, who: str) -> None:
    few, many = (one[name, who] for one in both)
    assert len(many) == len(few), "\n".join(sql[:240] for sql in many)
