"""Every change that a machine can make to the gate must be noticed by a test, or stand in docs/explanation/gate-mutants.md with
the reason why it makes no difference.

A changed condition is put up alone, as a trigger, and judged by the cases that reach it: those that the guard as declared lets
through, and those that it refuses for that condition or for a later one. One guard's mutants are tried with `-m slow -k` and the
name of its table; `-n` divides them among processes.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from trust.gate import (
    announced,
    append_only,
    children,
    clues,
    days,
    episodes,
    exchange,
    exchange_corrections,
    exchange_dna,
    exchange_ending,
    exchange_files,
    exchange_keys,
    exclusions,
    families,
    foster,
    jobs,
    joint,
    kits,
    limits,
    matching,
    offers,
    placements,
    records,
    registers,
    results,
    reunification,
    room,
    task_forces,
    vault,
    victims,
)
from trust.gate.bench import Bench
from trust.gate.case import Case
from trust.gate.mutants import Mutant, mutants
from trust.gate.planting import set_stage
from wayhome.casework.core import guards
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import database_refusal
from wayhome.casework.core.guards import Guard

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "gate-mutants.md"
ONE_IN = 20
"""How many mutants there are to one that is tried in each run; all are in the nightly."""
MANY = 400
"""Mutants of a guard that are tried condition by condition, so that processes have equal shares."""
SOURCES = (
    offers.offers,
    episodes.episodes,
    episodes.first_episodes,
    exclusions.exclusions,
    foster.foster,
    foster.others,
    foster.clearances,
    room.arrivals,
    placements.asked,
    placements.answers,
    placements.capacity,
    placements.surges,
    placements.by_role,
    jobs.jobs,
    children.children,
    children.merges,
    announced.announced,
    limits.limits,
    limits.calendars,
    families.requests,
    families.trees,
    families.verdicts,
    kits.orders,
    kits.hops,
    vault.keys,
    results.results,
    reunification.returns,
    matching.matching,
    exchange.exchange,
    exchange_dna.exchange_dna,
    exchange_files.exchange_files,
    exchange_corrections.exchange_corrections,
    exchange_ending.exchange_ending,
    exchange_keys.exchange_keys,
    registers.logins,
    registers.tokens,
    registers.registers,
    records.medical,
    records.chain,
    append_only.append_only_cases,
    *task_forces.SOURCES,
    *days.SOURCES,
    *victims.SOURCES,
    *joint.SOURCES,
    *clues.SOURCES,
)
Cases = dict[str, list[Case]]


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cases]:
    """Cases by guard, on a stage that is gone after the last test of the file."""
    with django_db_blocker.unblock(), transaction.atomic():
        stage = set_stage()
        cases: Cases = defaultdict(list)
        for case in (case for source in SOURCES for case in source(stage)):
            cases[case.guard].append(case)
        yield cases
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def copied(planted: Cases) -> Iterator[Bench | None]:
    """Those cases on a copy, where SQLite judges many times as quickly."""
    if connection.vendor != "sqlite":
        yield None
        return
    judges = Bench(planted)
    yield judges
    judges.close()


@pytest.fixture
def undone(db: None) -> Iterator[None]:
    """What was planted points at rows that are not there; nobody is to look whether it does."""
    yield
    transaction.set_rollback(True)


@pytest.fixture
def bench(undone: None, copied: Bench | None) -> Bench:
    """The same bench for every test of mutants."""
    if copied is None:
        pytest.skip("the conditions are the same SQL, and SQLite judges mutants of them many times as quickly")
    return copied


@pytest.fixture
def cases(undone: None, planted: Cases) -> Cases:
    """The same cases for every test, which leaves nothing behind."""
    return planted


def hear(case: Case) -> str:
    """What the database says: the code of its refusal, "" for a write that it let through."""
    point = transaction.savepoint()
    try:
        with expected_refusal(connection), connection.cursor() as cursor:
            for statement in case.statements:
                cursor.execute(statement)
        return ""
    except DatabaseError as error:
        return database_refusal(error) or f"{type(error).__name__}: {error}"
    finally:
        transaction.savepoint_rollback(point)


@contextlib.contextmanager
def standing(guard: Guard) -> Iterator[None]:
    """Inside, one guard stands and no other."""
    point = transaction.savepoint()
    guards.install(connection, [guard])
    yield
    transaction.savepoint_rollback(point)


def without_difference(tried: Iterable[Mutant]) -> set[str]:
    """Names of those of which the page says that they make no difference; `*` there is anything."""
    said = [re.escape(name).replace(r"\*", ".*") for name in on_the_page()]
    return {mutant.name for mutant in tried if any(re.fullmatch(name, mutant.name) for name in said)}


def on_the_page() -> list[str]:
    """The names, or patterns of them, that the page lists."""
    return re.findall(r"^- `(.+)`$", PAGE.read_text("utf-8"), re.M)


def parts() -> dict[str, list[Mutant]]:
    """All mutants: by guard, or by condition where a guard has many; those of tables that never change are one part."""
    by_guard: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in mutants():
        by_guard["append_only" if mutant.guard.purpose == "append_only" else mutant.guard.name].append(mutant)
    found: dict[str, list[Mutant]] = defaultdict(list)
    for some in by_guard.values():
        for mutant in some:
            guard, condition, *_ = mutant.name.split(": ")
            never = mutant.guard.purpose == "append_only"
            found["append_only" if never else f"{guard}: {condition}" if len(some) > MANY else guard].append(mutant)
    return found


def chosen(mutant: Mutant) -> bool:
    """Every run tries the same."""
    return int(hashlib.sha256(mutant.name.encode()).hexdigest(), 16) % ONE_IN == 0


def test_the_cases_say_what_the_guards_do(cases: Cases, copied: Bench | None) -> None:
    alone, told = (copied.standing, copied.hear) if copied else (standing, hear)
    wrong = []
    for name, some in cases.items():
        with alone(guards.registry.guards[name]):
            wrong += [(name, case.name, case.code, heard) for case in some if (heard := told(case)) != case.code]
    assert not wrong, "\n".join(map(str, wrong))


def test_every_guard_has_cases_of_both_kinds(cases: Cases) -> None:
    for guard in guards.registry.ordered():
        never = all(require.legal == "1 = 0" for require in guard.requires)
        if guard.requires:
            codes = {case.code for case in cases[guard.name]}
            assert {require.code for require in guard.requires} <= codes, guard.name
            assert never or "" in codes, guard.name


def test_a_sample_of_mutants_is_noticed(bench: Bench) -> None:
    tried = [mutant for mutant in mutants() if chosen(mutant)]
    assert bench.survivors(tried) == without_difference(tried)


@pytest.mark.slow
@pytest.mark.parametrize("part", list(parts()))
def test_every_mutant_is_noticed(bench: Bench, part: str) -> None:
    tried = parts()[part]
    assert bench.survivors(tried) == without_difference(tried)


def test_the_page_tells_of_mutants_that_there_are() -> None:
    every = list(mutants())
    names = {mutant.name for mutant in every}
    assert len(names) == len(every)
    for name in on_the_page():
        assert any(re.fullmatch(re.escape(name).replace(r"\*", ".*"), one) for one in names), name
    figures = r"\*\*(\d+) mutants\*\*.*\*\*(\d+)\*\* are noticed.*\*\*(\d+)\*\* make no difference"
    told = re.search(figures, PAGE.read_text("utf-8"), re.S)
    alike = len(without_difference(every))
    assert told is not None
    assert [int(figure) for figure in told.groups()] == [len(every), len(every) - alike, alike]
