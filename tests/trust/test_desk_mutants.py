"""The same for the ministry's desk and for operations: task forces, the day of an operation, alleged victims, joint
operations, clues, announcements, limits, calendars, lists and partners.

`acts/desk_effects.txt` says everything that comes of each case; see `test_action_mutants.py`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from trust.acts import (
    clue_cases,
    export_cases,
    joint_cases,
    overview_cases,
    partner_cases,
    partner_file_cases,
    partner_key_cases,
    task_force_cases,
)
from trust.acts.bench import Bench, undone
from trust.acts.desk_stage import set_desk_stage
from trust.acts.drawn import DrawnBench
from trust.acts.forked import while_another_writes
from trust.acts.mutants import DESK, mutants
from trust.test_action_mutants import without_difference

pytestmark = pytest.mark.django_db
EFFECTS = Path(__file__).with_name("acts") / "desk_effects.txt"
ONE_IN = 40
ROOMS = (
    clue_cases,
    task_force_cases,
    joint_cases,
    overview_cases,
    export_cases,
    partner_cases,
    partner_file_cases,
    partner_key_cases,
)
LEGAL_AND_NOT = [case for room in ROOMS for source in room.SOURCES for case in source()]
CASES = [*LEGAL_AND_NOT, *while_another_writes(LEGAL_AND_NOT)]
BEFORE = {
    "erase_contents: while another writes": {"exchange_caseend", "exchange_outgoing", "vault_datakey"},
    "write: it is over there": {"exchange_incoming"},
    "settle: another's word": {"exchange_try"},
    "settle: another's word, as was heard": {"exchange_try"},
    "settle: of no key": {"exchange_try", "exchange_nodekey"},
    "take: by who lost its key": {"exchange_nodekey"},
    "tell_key: twice": {"vault_housekey", "vault_datakey", "exchange_outgoing"},
    "tell_key: a liaison": {"vault_housekey"},
    "tell_key: a stranger": {"vault_housekey"},
    "tell_key: not proved": {"vault_housekey"},
    "tell_key: who has no key": {"vault_housekey"},
    "tell_key: while another writes": {"vault_housekey"},
    "register_told_key: told to another": {"exchange_incoming"},
    "register_told_key: twice": {"exchange_incoming", "exchange_nodekey"},
    "register_told_key: of who lost its keys": {"exchange_incoming", "exchange_nodekey"},
    "register_told_key: while another writes": {"exchange_incoming"},
    "propose_package: it is over": {"exchange_caseend", "exchange_outgoing", "vault_datakey"},
    "agree_to_open: twice": {"clues_opening"},
    "tie_operation: twice": {"operations_operationtie"},
    "untie_operation: twice": {"operations_operationtieend"},
}
"""Refusals that something legal goes before, and what it writes."""


@pytest.fixture(scope="module")
def bench(django_db_setup: None, django_db_blocker: Any) -> Iterator[Bench]:
    """The cases on a stage that is gone after the last test of the file."""
    if connection.vendor != "sqlite":
        pytest.skip("numbers that are given again after each case need SQLite; the actions are the same")
    with undone(django_db_blocker):
        stage = set_desk_stage()
        yield DrawnBench(stage.world, stage, CASES)


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
    if "WAYHOME_WRITE_EFFECTS" in os.environ:
        EFFECTS.write_text(told, "utf-8")
    assert told.splitlines() == EFFECTS.read_text("utf-8").splitlines()


def test_a_refusal_writes_nothing_but_its_alarm(bench: Bench) -> None:
    told: dict[str, set[str]] = {}
    for case in CASES:
        said, *rows = bench.effects[case.name].splitlines()
        written = {row.split()[1].rstrip(":") for row in rows if not row.startswith("  the connection")}
        if not said.startswith("done") and written - {"audit_alarm", "audit_auditevent"}:
            told[case.name] = written - {"audit_alarm", "audit_auditevent"}
    assert told == BEFORE


def test_the_actions_end_as_they_began(bench: Bench) -> None:
    """The stage is as it was after every case: a second round says the same."""
    assert [case.name for case in CASES[::7] if bench.effect(case) != bench.effects[case.name]] == []


def test_a_sample_of_mutants_is_noticed(bench: Bench) -> None:
    own = [one for one in mutants() if one.name.startswith(tuple(f"{module}." for module in DESK))]
    tried = [one for one in own if int(hashlib.sha256(one.name.encode()).hexdigest(), 16) % ONE_IN == 0]
    assert tried
    survivors = bench.survivors(tried)
    print(*sorted(survivors ^ without_difference(tried)), sep="\n")
    assert survivors == without_difference(tried)


@pytest.mark.slow
@pytest.mark.parametrize("module", DESK)
def test_every_mutant_is_noticed(bench: Bench, module: str) -> None:
    tried = [one for one in mutants() if one.name.startswith(f"{module}.")]
    survivors = bench.survivors(tried)
    print(*sorted(survivors ^ without_difference(tried)), sep="\n")
    assert survivors == without_difference(tried)
