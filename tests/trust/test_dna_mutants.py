"""The same for questions by DNA between two houses, with cases and a stage of their own.

`acts/dna_effects.txt` says everything that comes of each case; see `test_action_mutants.py`.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from trust.acts import dna_cases
from trust.acts.bench import Bench, undone
from trust.acts.dna_stage import set_dna_stage
from trust.acts.drawn import DrawnBench
from trust.acts.forked import while_another_writes
from trust.acts.mutants import ASKED, mutants
from trust.test_action_mutants import without_difference

pytestmark = pytest.mark.django_db
EFFECTS = Path(__file__).with_name("acts") / "dna_effects.txt"
ONE_IN = 80
LEGAL_AND_NOT = [case for source in dna_cases.SOURCES for case in source()]
CASES = [*LEGAL_AND_NOT, *while_another_writes(LEGAL_AND_NOT)]
BEFORE = {
    "approve_dna: twice": {"exchange_dnasent", "exchange_dnaapproval", "exchange_outgoing", "vault_datakey"},
    "approve_dna: another sample stands": {
        "laboratory_childprofile",
        "laboratory_kit",
        "laboratory_laboriginal",
        "laboratory_kithop",
        "laboratory_labfile",
        "matching_due",
        "vault_datakey",
    },
    "approve_dna: it is over": {"exchange_caseend", "exchange_outgoing", "vault_datakey"},
    "approve_dna: nobody is there": {"exchange_nodekey"},
    "hear_dna: twice": {"exchange_dnaheard", "exchange_incoming"},
    "search_asked: while another writes": {"exchange_askedprofile", "exchange_incoming", "exchange_dnaasked", "vault_datakey"},
    "search_asked: it ended there: while another writes": {
        "exchange_askedprofile",
        "exchange_incoming",
        "exchange_dnaasked",
        "vault_datakey",
    },
}
"""Refusals that something legal goes before, and what it writes."""


@pytest.fixture(scope="module")
def bench(django_db_setup: None, django_db_blocker: Any) -> Iterator[Bench]:
    """The cases on a stage that is gone after the last test of the file."""
    if connection.vendor != "sqlite":
        pytest.skip("numbers that are given again after each case need SQLite; the actions are the same")
    with tempfile.TemporaryDirectory() as folder, override_settings(WAYHOME_INDEX=folder), undone(django_db_blocker):
        stage = set_dna_stage()
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
    own = [one for one in mutants() if one.name.startswith(tuple(f"{module}." for module in ASKED))]
    tried = [one for one in own if int(hashlib.sha256(one.name.encode()).hexdigest(), 16) % ONE_IN == 0]
    assert tried
    survivors = bench.survivors(tried)
    print(*sorted(survivors ^ without_difference(tried)), sep="\n")
    assert survivors == without_difference(tried)


@pytest.mark.slow
@pytest.mark.parametrize("module", ASKED)
def test_every_mutant_is_noticed(bench: Bench, module: str) -> None:
    tried = [one for one in mutants() if one.name.startswith(f"{module}.")]
    survivors = bench.survivors(tried)
    print(*sorted(survivors ^ without_difference(tried)), sep="\n")
    assert survivors == without_difference(tried)
