"""What stops a return, against the return: several processes, and whichever was committed first is what the other saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factories.house import POSTGRESQL, filled_house
from trust.test_races import Crew, Errand, crew_of

EXECUTION, APPROVAL = "reunification_execution", "reunification_approval"
STOPS: dict[str, tuple[str, set[str]]] = {
    "exclude": ("custody_exclusion", {"excluded"}),
    "detain": ("operations_personrole", {"detained"}),
    "withdraw_consent": ("families_consentwithdrawal", {"match_over", "no_consent"}),
    "involve": ("reunification_enquiry", {"parents_not_cleared"}),
    "take_back": ("matching_confirmationend", {"match_over"}),
}
EVERY = pytest.mark.parametrize("stop", STOPS)


@pytest.fixture(scope="module")
def pair_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """Two processes in a house of their own."""
    yield from crew_of(2, filled_house(tmp_path_factory.mktemp("template")), tmp_path_factory.mktemp("returns"))


def errands(crew: Crew, stop: str, *, signed: bool, there: dict[str, int] | None = None) -> tuple[Errand, Errand]:
    """What stops it, and what it stops: the second signature at the door, or else the second approval."""
    there = there or crew.ask("door", signed=signed)
    of_person = stop in ("exclude", "detain")
    halt = {"do": stop} | ({"person": there["father"]} if of_person else {"release": there["release"]})
    go = {"do": "complete", "by": "caseworker"} if signed else {"do": "approve", "by": "supervisor2"}
    return halt, go | {"release": there["release"]}


def told(code: str, stop: str) -> bool:
    """Whether a refusal is for this; the release may be revoked by the time that it is looked at."""
    return code in STOPS[stop][1] | {"release_revoked"}


def _beside_revocations(order: list[str]) -> list[str]:
    """What was written, without the revocation that comes with what stops a release."""
    return [one for one in order if one != "reunification_revocation"]


@EVERY
@pytest.mark.parametrize("signed", [True, False], ids=["return", "approval"])
def test_what_stops_it_waits_for_one_under_way(pair_of: Crew, stop: str, signed: bool, tmp_path: Path) -> None:
    halt, go = errands(pair_of, stop, signed=signed)
    answers, order = pair_of.overlap(go, halt, tmp_path)
    assert all("ok" in answer for answer in answers), answers
    assert order[0] == (EXECUTION if signed else APPROVAL)
    assert _beside_revocations(order)[-1] == STOPS[stop][0]
    if not signed:
        late = {"do": "approve", "by": "supervisor2", "release": go["release"], "at": pair_of.now()}
        pair_of.say(0, late)
        assert told(pair_of.heard(0)["code"], stop), "what was approved a moment before is revoked"


@EVERY
@pytest.mark.parametrize("signed", [True, False], ids=["return", "approval"])
def test_it_waits_for_what_stops_it(pair_of: Crew, stop: str, signed: bool, tmp_path: Path) -> None:
    halt, go = errands(pair_of, stop, signed=signed)
    answers, order = pair_of.overlap(halt, go, tmp_path)
    assert "ok" in answers[0], answers
    assert told(answers[1]["code"], stop), answers
    assert _beside_revocations(order) == [STOPS[stop][0]]


@pytest.mark.parametrize("first", ["revoke", "exclude", "detain", "involve"])
def test_what_stops_it_and_who_takes_it_back_wait_in_no_circle(pair_of: Crew, first: str, tmp_path: Path) -> None:
    """Whoever is excluded looks for a child too, which is an alarm of its own: written before the release is waited for, each
    would have what the other wants. And who finds it taken back already is not refused for it."""
    stop = "exclude" if first == "revoke" else first
    halt, go = errands(pair_of, stop, signed=True)
    revoke = {"do": "revoke", "release": go["release"]}
    if stop == "exclude":
        pair_of.ask("looks_for_a_child", release=go["release"], person=halt["person"], at=pair_of.now())
    leads, follows = (revoke, halt) if first == "revoke" else (halt, revoke)
    answers, _ = pair_of.overlap(leads, follows, tmp_path)
    assert "ok" in answers[0], answers
    assert "ok" in answers[1] or (first != "revoke" and answers[1]["code"] == "already_ended"), answers


ROUNDS = pytest.mark.parametrize("rounds", [1, pytest.param(200, marks=pytest.mark.slow)])
AT_ONCE, STEP = 10, 0.008
"""Children brought to the door together; seconds by which whoever came first starts later in the next round."""


def doors(crew: Crew, count: int) -> Iterator[dict[str, int]]:
    """One for each round."""
    for made in range(0, count, AT_ONCE):
        yield from crew.ask("doors", count=min(AT_ONCE, count - made), signed=True)


@EVERY
@ROUNDS
def test_at_the_same_moment(pair_of: Crew, stop: str, rounds: int) -> None:
    """Whoever came first starts later the next time, until each comes first as often: so they meet as closely as they can."""
    first: Counter[str] = Counter()
    lag = 0.0
    for there in doors(pair_of, rounds):
        halt, go = errands(pair_of, stop, signed=True, there=there)
        pair_of.committed()
        answers = pair_of.race([halt | {"after": max(0.0, lag)}, go | {"after": max(0.0, -lag)}])
        order = [what for what, _ in pair_of.committed()]
        assert "ok" in answers[0], answers
        if "ok" in answers[1]:
            assert order[0] == EXECUTION, f"home after it was stopped: {order}"
        else:
            assert told(answers[1]["code"], stop), answers
        first["return" if "ok" in answers[1] else "stop"] += 1
        lag += -STEP if "ok" in answers[1] else STEP
    print(f"{stop}: {dict(first)}")
    assert rounds == 1 or len(first) == 2, first


@ROUNDS
def test_a_release_is_carried_out_once(pair_of: Crew, rounds: int) -> None:
    for there in doors(pair_of, rounds):
        go = errands(pair_of, "exclude", signed=True, there=there)[1]
        answers: list[Any] = pair_of.race([go, go])
        assert sum("ok" in answer for answer in answers) == 1, answers


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has one writer at a time and needs no locks")
@EVERY
def test_it_is_the_locks_that_make_them_wait(pair_of: Crew, stop: str, tmp_path: Path) -> None:
    halt, go = errands(pair_of, stop, signed=True)
    pair_of.ask("guards_without_locks")
    try:
        answers, order = pair_of.overlap(go, halt, tmp_path)
    finally:
        pair_of.ask("guards_as_declared")
    assert "ok" in answers[1], answers
    assert order[0] == STOPS[stop][0], "it was not overtaken: this test shows nothing"
    # Where custody begins the facts are looked at once more, and by then this one was committed.
    assert EXECUTION not in order
