"""Two versions of an announcement, or a version and the approval of the one before, at the same moment.

The tables of provinces of a version are held against what was announced before it. Whoever counts while the version before is
being approved holds them against another, which its own approval refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factories.house import POSTGRESQL, filled_house
from trust.test_races import Crew, Errand, crew_of

pytestmark = pytest.mark.skipif(not POSTGRESQL, reason="SQLite has one writer at a time, who counts when the other has ended")
FIRST = {"n": 1, "approved": True, "of": 1}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """Two processes in a house of their own."""
    yield from crew_of(2, filled_house(tmp_path_factory.mktemp("template")), tmp_path_factory.mktemp("announcements"))


def both(crew: Crew) -> tuple[Errand, Errand]:
    """The first version is approved; the next one, which tells of one child more, is counted."""
    made = crew.ask("counted")
    count = {"do": "announce", "number": made["number"], "operation": made["operation"]}
    return {"do": "agree", "announcement": made["first"]}, count


def told(crew: Crew, count: Errand) -> Any:
    return crew.ask("told_of_announcement", number=count["number"])


def approved(crew: Crew, version: int) -> Any:
    """Nobody else does anything: its answer."""
    return crew.race([{"do": "agree", "announcement": version}])[0]


def test_who_counted_before_the_approval_is_refused_after_it(pair: Crew, tmp_path: Path) -> None:
    agree, count = both(pair)
    answers, committed = pair.overlap(agree, count, tmp_path)
    assert all("ok" in answer for answer in answers), answers
    assert committed == ["overview_announcementapproval", "overview_announcement"]
    # Its tables are its own, as if nothing had been announced: the one child more could be told from them.
    assert told(pair, count) == [FIRST, {"n": 2, "approved": False, "of": 2}]
    assert approved(pair, answers[1]["ok"]).get("code") == "later_version"
    # Counted anew they are those of the first version, and pass.
    anew = pair.race([count])[0]
    assert "ok" in approved(pair, anew["ok"])
    assert told(pair, count)[-1] == {"n": 3, "approved": True, "of": 1}


def test_a_version_that_another_follows_is_not_approved(pair: Crew, tmp_path: Path) -> None:
    agree, count = both(pair)
    answers, committed = pair.overlap(count, agree, tmp_path)
    assert "ok" in answers[0], answers
    assert answers[1].get("code") == "later_version", answers
    assert committed == ["overview_announcement"]
    assert "ok" in approved(pair, answers[0]["ok"])
    assert told(pair, count)[-1] == {"n": 2, "approved": True, "of": 2}


def test_a_version_is_counted_once(pair: Crew, tmp_path: Path) -> None:
    _, count = both(pair)
    answers, committed = pair.overlap(count, count, tmp_path)
    assert "ok" in answers[0], answers
    assert answers[1].get("code") == "not_last", answers
    assert committed == ["overview_announcement"]
    assert [one["n"] for one in told(pair, count)] == [1, 2]


@pytest.mark.parametrize("rounds", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_at_the_same_moment(pair: Crew, rounds: int) -> None:
    """Of an approval and the next version, and of two next versions, whichever comes first."""
    ended = {"approved, then counted": 0, "counted before, approved": 0, "counted": 0}
    after = 0.02
    for n in range(rounds):
        agree, count = both(pair)
        answers = pair.race([agree | {"after": after}, count])
        # Whoever came first starts later in the next round, however quick the machine is.
        after = max(0.0, after + (0.01 if "ok" in answers[0] else -0.01))
        assert "ok" in answers[1], answers
        own = told(pair, count)[1]["of"] == 2
        second = approved(pair, answers[1]["ok"])
        if "ok" not in answers[0]:
            assert answers[0]["code"] == "later_version"
            ended["counted"] += 1
            assert "ok" in second
        elif own:
            assert second.get("code") == "later_version", second
            ended["counted before, approved"] += 1
        else:
            assert "ok" in second
            ended["approved, then counted"] += 1
        late = {"after": 0.002 * (n % 3)}
        twice = pair.race([count, count | late])
        assert any("ok" in answer for answer in twice), twice
        # The one of two that comes later finds the number taken, or the lock that the other has.
        assert {answer["code"] for answer in twice if "ok" not in answer} <= {"already_there", "not_last"}
        made = 2 + sum("ok" in answer for answer in twice)
        assert [one["n"] for one in told(pair, count)] == list(range(1, made + 1))
    print(f"\n{rounds} rounds: {ended}")
    assert sum(ended.values()) == rounds
    assert rounds == 3 or 0 < ended["counted"] < rounds, "one of them always came first: it was no race"
