"""What an answer about clues must not tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories.api import EVERY, Program
from factories.api_case import Things
from factories.api_cases import CASES, sent_with

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("what", ["mentions", "steps", "verdicts", "openings", "compartment"])
def test_what_is_written_into_a_clue_is_answered_with_its_number(busy: Things, what: str) -> None:
    """A number of its own would go up with every clue of the house, those of task forces among them."""
    things = replace(busy, api=Program(busy.world))
    case = CASES[f"POST /clues/{{number}}/{what}"]
    assert case.body is not None
    more = {"body": case.body(things)} | sent_with(case, things)
    answer = things.api.call("POST", case.who, case.path(things), more.pop("body"), scopes=EVERY, **more)
    assert answer.status_code == 201
    assert answer.json()["id"] == int(things.ids["clue"])
