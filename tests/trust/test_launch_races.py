"""A launch and a leader's "no-go" at the same moment: nothing is launched over a no-go that came first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factories.house import POSTGRESQL, filled_house
from trust.test_races import Crew, Errand, crew_of

NO_GO = {"launched": False, "operations": 0, "word": "no_go"}
LAUNCHED = {"launched": True, "operations": 1, "word": "go"}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """Two processes in a house of their own."""
    yield from crew_of(2, filled_house(tmp_path_factory.mktemp("template")), tmp_path_factory.mktemp("launches"))


def both(crew: Crew) -> tuple[Errand, Errand]:
    """The lead launches a plan of which every site goes; its leader says that it does not."""
    made = crew.ask("sealed_plan")
    launch = {"do": "launch", "plan": made["plan"], "by": "officer"}
    return launch, {"do": "say", "site": made["site"], "word": "no_go", "by": "officer_gd"}


def told(crew: Crew, launch: Errand) -> Any:
    return crew.ask("told_of_plan", plan=launch["plan"])


def test_a_no_go_that_came_first_stops_the_launch(pair: Crew, tmp_path: Path) -> None:
    launch, no_go = both(pair)
    answers, committed = pair.overlap(no_go, launch, tmp_path)
    assert "ok" in answers[0], answers
    assert answers[1].get("code") == "site_not_ready", answers
    assert committed == ["operations_readiness"]
    assert told(pair, launch) == NO_GO


def test_after_the_launch_nobody_says_no_go(pair: Crew, tmp_path: Path) -> None:
    launch, no_go = both(pair)
    answers, committed = pair.overlap(launch, no_go, tmp_path)
    assert "ok" in answers[0], answers
    assert answers[1].get("code") == "plan_launched", answers
    assert committed == ["operations_planstep"]
    assert told(pair, launch) == LAUNCHED


@pytest.mark.parametrize("rounds", [1, pytest.param(200, marks=pytest.mark.slow)])
def test_at_the_same_moment(pair: Crew, rounds: int) -> None:
    """Whichever came first, the other is turned away; `after` moves who that is."""
    first = {"launch": 0, "say": 0}
    for n in range(rounds):
        launch, no_go = both(pair)
        late = 0.002 * (n % 5)
        answers = pair.race([launch | {"after": late}, no_go])
        assert sum("ok" in answer for answer in answers) == 1, answers
        launched = "ok" in answers[0]
        first["launch" if launched else "say"] += 1
        assert answers[1 if launched else 0]["code"] == ("plan_launched" if launched else "site_not_ready")
        assert told(pair, launch) == (LAUNCHED if launched else NO_GO)
    assert sum(first.values()) == rounds
    assert rounds == 1 or min(first.values()) > 0, "one of them always came first: it was no race"


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has one writer at a time and needs no locks")
def test_it_is_the_locks_that_make_them_wait(pair: Crew, tmp_path: Path) -> None:
    launch, no_go = both(pair)
    pair.ask("guards_without_locks")
    try:
        answers, _ = pair.overlap(no_go, launch, tmp_path)
    finally:
        pair.ask("guards_as_declared")
    assert all("ok" in answer for answer in answers), answers
    assert told(pair, launch) == {"launched": True, "operations": 1, "word": "no_go"}, "a no-go that came first"
