"""The same for what brings a child home: the actions of matching and reunification, with cases and a stage of their own.

`acts/home_effects.txt` says everything that comes of each case; see `test_action_mutants.py`.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from trust.acts import match_cases, release_cases, return_cases, second_cases
from trust.acts.bench import Bench, undone
from trust.acts.forked import while_another_writes
from trust.acts.home_stage import set_home_stage
from trust.acts.mutants import HOME, mutants
from trust.test_action_mutants import without_difference

pytestmark = pytest.mark.django_db
EFFECTS = Path(__file__).with_name("acts") / "home_effects.txt"
ONE_IN = 80
ROOMS = (match_cases, second_cases, return_cases, release_cases)
LEGAL_AND_NOT = [case for room in ROOMS for source in room.SOURCES for case in source()]
CASES = [*LEGAL_AND_NOT, *while_another_writes(LEGAL_AND_NOT)]


@pytest.fixture(scope="module")
def bench(django_db_setup: None, django_db_blocker: Any) -> Iterator[Bench]:
    """The cases on a stage that is gone after the last test of the file."""
    if connection.vendor != "sqlite":
        pytest.skip("numbers that are given again after each case need SQLite; the actions are the same")
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]), undone(django_db_blocker):
        stage = set_home_stage()
        yield Bench(stage.world, stage, CASES)


def of_home() -> list[Any]:
    """Mutants of the actions that are tried here."""
    return [one for one in mutants() if one.name.startswith(tuple(f"{module}." for module in HOME))]


def test_the_cases_have_names_of_their_own() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)


def test_the_actions_do_what_the_cases_say(bench: Bench) -> None:
    wrong = [
        (case.name, case.says, bench.effects[case.name]) for case in CASES if not bench.effects[case.name].startswith(case.says)
    ]
    assert wrong == []


def test_everything_that_comes_of_them_is_on_record(bench: Bench) -> None:
    told = "\n\n".join(f"{name}\n{effect}" for name, effect in bench.effects.items()) + "\n"
    # A digest of a search or of a release says that something changed, and not what: that is in the rows beside it.
    told = re.sub(r"\b[0-9a-f]{64}\b", "(digest)", told)
    if "WAYHOME_WRITE_EFFECTS" in os.environ:
        EFFECTS.write_text(told, "utf-8")
    assert told.splitlines() == EFFECTS.read_text("utf-8").splitlines()


def test_the_actions_end_as_they_began(bench: Bench) -> None:
    """The stage is as it was after every case: a second round says the same."""
    assert [case.name for case in CASES[::7] if bench.effect(case) != bench.effects[case.name]] == []


def test_a_sample_of_mutants_is_noticed(bench: Bench) -> None:
    tried = [one for one in of_home() if int(hashlib.sha256(one.name.encode()).hexdigest(), 16) % ONE_IN == 0]
    assert tried
    survivors = bench.survivors(tried)
    print(*sorted(survivors ^ without_difference(tried)), sep="\n")
    assert survivors == without_difference(tried)


@pytest.mark.slow
@pytest.mark.parametrize("module", HOME)
def test_every_mutant_is_noticed(bench: Bench, module: str) -> None:
    tried = [one for one in of_home() if one.name.startswith(f"{module}.")]
    survivors = bench.survivors(tried)
    print(*sorted(survivors ^ without_difference(tried)), sep="\n")
    assert survivors == without_difference(tried)
