"""Every change that a machine can make to an action must be noticed by a case, or stand in
docs/explanation/action-mutants.md with the reason why not.

A case is one call on a stage. `acts/effects.txt` says everything that comes of each: the answer or every code of the
refusal, rows, events and alarms. After a change that is meant, WAYHOME_WRITE_EFFECTS=1 writes it anew, to be read before
it is kept.
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

from trust.acts import (
    child_cases,
    custody_cases,
    exclusion_cases,
    family_cases,
    house_cases,
    kit_cases,
    lab_cases,
    medical_cases,
    operation_cases,
)
from trust.acts.bench import Bench, undone
from trust.acts.forked import while_another_writes
from trust.acts.mutants import MODULES, Mutant, mutants
from trust.acts.stage import set_stage

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "action-mutants.md"
EFFECTS = Path(__file__).with_name("acts") / "effects.txt"
ONE_IN = 40
"""How many mutants there are to one that is tried in each run; all are in the nightly."""
ROOMS = (
    custody_cases,
    exclusion_cases,
    child_cases,
    family_cases,
    medical_cases,
    kit_cases,
    lab_cases,
    operation_cases,
    house_cases,
)
LEGAL_AND_NOT = [case for room in ROOMS for source in room.SOURCES for case in source()]
CASES = [*LEGAL_AND_NOT, *while_another_writes(LEGAL_AND_NOT)]
BEFORE = {
    "end_assignment: twice": {"custody_assignmentend"},
    "clear: a doctor from elsewhere": {"accounts_staff", "accounts_agency", "accounts_staffkey"},
    "record_death: a doctor from elsewhere": {"accounts_staff", "accounts_agency", "accounts_staffkey"},
    "propose_foster: where kin lives": {"operations_personfact", "operations_personkey"},
    "order_kit: who broke the glass": {"custody_breakglass"},
    "approve_foster: a colleague": {"custody_fosterapproval"},
    "end_foster: twice": {"custody_fosterend"},
    "accept_handover: excluded since": {"custody_exclusion"},
    "accept_handover: one signatory": {"custody_handoveroffer"},
    "propose_split: split already": {"children_mergeconfirmation", "matching_due"},
    "confirm_merge: twice": {"children_mergeconfirmation", "matching_due"},
    "record_visitor: alone": {"operations_person", "operations_personfact", "operations_personkey"},
    "reset_password: while another writes": {"django_session", "mfa_authenticator"},
    "reset_second_factor: while another writes": {"django_session", "mfa_authenticator"},
    "record_rescue: of another operation": {"operations_operation"},
    "record_role: another's operation, with one's own": {"operations_operation"},
    "record_rescue: another's operation, with one's own": {"operations_operation"},
    "accept_handover: two reasons": {"custody_exclusion"},
    "accept_handover: in another province": {
        "custody_exclusion",
        "custody_handoveroffer",
        "operations_personfact",
        "operations_personkey",
    },
    "record_role: known": {"operations_personrole"},
    "propose_duplicates: while another writes": {"children_mark"},
    "settle_duplicate: over": {"families_consentwithdrawal", "families_requestend", "matching_due"},
    "settle_duplicate: for one that is over": {"families_consentwithdrawal", "families_requestend", "matching_due"},
    "revoke_token: twice": {"accounts_apitoken"},
    "reset_password: a supervisor": {"django_session", "mfa_authenticator"},
    "reset_second_factor: a supervisor": {"django_session", "mfa_authenticator"},
    "compare_new: two children alike: while another writes": {
        "laboratory_childprofile",
        "laboratory_labfile",
        "laboratory_laboriginal",
        "laboratory_profileflag",
        "vault_datakey",
        "matching_due",
    },
    "judge_entries: while another writes": {"laboratory_entry", "vault_datakey"},
    "preview: signed with the key before": {"laboratory_labkey"},
    "preview: signed, then altered": {"laboratory_labkey"},
    "preview: unsigned": {"laboratory_labkey"},
}
"""Refusals that something legal goes before, and what it writes."""


@pytest.fixture(scope="module")
def bench(django_db_setup: None, django_db_blocker: Any) -> Iterator[Bench]:
    """The cases on a stage that is gone after the last test of the file."""
    if connection.vendor != "sqlite":
        pytest.skip("numbers that are given again after each case need SQLite; the actions are the same")
    # A password is not what is judged here.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]), undone(django_db_blocker):
        stage = set_stage()
        yield Bench(stage.world, stage, CASES)


def on_the_page() -> list[str]:
    """The names, or patterns of them, that the page lists."""
    return re.findall(r"^- `(.+)`$", PAGE.read_text("utf-8"), re.M)


def without_difference(tried: list[Mutant]) -> set[str]:
    """Names of those of which the page says that no case can tell them; `*` there is anything."""
    said = [re.escape(name).replace(r"\*", ".*") for name in on_the_page()]
    return {mutant.name for mutant in tried if any(re.fullmatch(name, mutant.name) for name in said)}


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
    own = [one for one in mutants() if one.name.startswith(tuple(f"{module}." for module in MODULES))]
    tried = [one for one in own if int(hashlib.sha256(one.name.encode()).hexdigest(), 16) % ONE_IN == 0]
    assert bench.survivors(tried) == without_difference(tried)


@pytest.mark.slow
@pytest.mark.parametrize("module", MODULES)
def test_every_mutant_is_noticed(bench: Bench, module: str) -> None:
    tried = [one for one in mutants() if one.name.startswith(f"{module}.")]
    assert bench.survivors(tried) == without_difference(tried)


def test_the_page_tells_of_mutants_that_there_are() -> None:
    every = list(mutants())
    for name in on_the_page():
        assert any(re.fullmatch(re.escape(name).replace(r"\*", ".*"), one.name) for one in every), name
    figures = r"\*\*(\d+) mutants\*\*.*\*\*(\d+)\*\* are noticed.*\*\*(\d+)\*\* are not"
    told = re.search(figures, PAGE.read_text("utf-8"), re.S)
    alike = len(without_difference(every))
    assert told is not None
    assert [int(figure) for figure in told.groups()] == [len(every), len(every) - alike, alike]
