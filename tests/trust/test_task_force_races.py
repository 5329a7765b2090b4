"""Two processes that change one task force at once: it has a lead afterwards, and nobody is in it twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from factories.house import POSTGRESQL, filled_house
from trust.test_races import Crew, Errand, crew_of


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """Two processes in a house of their own."""
    yield from crew_of(2, filled_house(tmp_path_factory.mktemp("template")), tmp_path_factory.mktemp("forces"))


def ends(crew: Crew) -> tuple[Errand, Errand]:
    """Of two leads each takes the other out."""
    both = {"do": "end_member", "investigation": crew.ask("task_force")}
    return both | {"who": "officer2", "by": "officer"}, both | {"who": "officer", "by": "officer2"}


def test_two_leads_take_each_other_out(pair: Crew, tmp_path: Path) -> None:
    first, second = ends(pair)
    answers, _ = pair.overlap(first, second, tmp_path)
    assert "ok" in answers[0], answers
    assert answers[1].get("code") in ("not_lead", "not_found"), answers
    assert pair.ask("leads_of", investigation=first["investigation"]) == ["officer"]


def test_two_leads_leave(pair: Crew, tmp_path: Path) -> None:
    one, other = ends(pair)
    answers, _ = pair.overlap(one | {"by": "officer2"}, other | {"by": "officer"}, tmp_path)
    assert "ok" in answers[0], answers
    assert answers[1].get("code") == "last_lead", answers
    assert pair.ask("leads_of", investigation=one["investigation"]) == ["officer"]


def test_two_leads_take_one_in(pair: Crew, tmp_path: Path) -> None:
    taken = {"do": "add_member", "investigation": pair.ask("task_force"), "who": "officer_gd"}
    answers, _ = pair.overlap(taken | {"by": "officer"}, taken | {"by": "officer2"}, tmp_path)
    assert "ok" in answers[0], answers
    assert answers[1].get("code") == "member_already", answers


@pytest.mark.parametrize("rounds", [5, pytest.param(200, marks=pytest.mark.slow)])
def test_at_the_same_moment(pair: Crew, rounds: int) -> None:
    for _ in range(rounds):
        first, second = ends(pair)
        answers = pair.race([first, second])
        assert sum("ok" in answer for answer in answers) == 1, answers
        assert len(pair.ask("leads_of", investigation=first["investigation"])) == 1


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has one writer at a time and needs no locks")
def test_it_is_the_locks_that_make_them_wait(pair: Crew, tmp_path: Path) -> None:
    one, other = ends(pair)
    pair.ask("guards_without_locks")
    try:
        answers, _ = pair.overlap(one | {"by": "officer2"}, other | {"by": "officer"}, tmp_path)
    finally:
        pair.ask("guards_as_declared")
    assert all("ok" in answer for answer in answers), answers
    assert pair.ask("leads_of", investigation=one["investigation"]) == []
