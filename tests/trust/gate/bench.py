"""Where mutants of the gate are judged: a copy of the stage in SQLite's memory, on a connection of its own.

Outside Django, because a savepoint that is undone makes SQLite read the whole schema anew if a trigger came in the same
transaction: here a trigger is put up for good before cases are heard, which is ten times as quick. Conditions are the same SQL
on PostgreSQL, so one engine is enough to tell whether some case notices a change.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from django.db import connection

from trust.gate.case import Case
from trust.gate.mutants import Mutant
from wayhome.casework.core.errors import PREFIX
from wayhome.casework.core.guards import Guard


class Bench:
    """Cases, by guard, on a copy of what the present connection holds; no guard stands there but the one that is judged."""

    def __init__(self, cases: Mapping[str, Iterable[Case]]) -> None:
        self.cases = {name: list(some) for name, some in cases.items()}
        self.places: dict[Case, int | None] = {}
        self.database = sqlite3.connect(":memory:", isolation_level=None)
        self.database.executescript("\n".join(connection.connection.iterdump()))
        # As in the house: what an INSERT OR REPLACE takes away is looked at too.
        self.database.execute("PRAGMA recursive_triggers = ON")

    def close(self) -> None:
        """Let the copy go."""
        self.database.close()

    @contextlib.contextmanager
    def standing(self, guard: Guard) -> Iterator[None]:
        """Inside, one guard stands as it is declared and no other."""
        self._put_up(guard)
        yield
        self._take_down(guard)

    def hear(self, case: Case) -> str:
        """What the database says: the code of a guard's refusal, "" for a write that it let through, or another error."""
        try:
            self._try(case)
        except sqlite3.Error as error:
            told = str(error)
            return told.removeprefix(PREFIX) if told.startswith(PREFIX) else f"{type(error).__name__}: {told}"
        return ""

    def survivors(self, mutants: Iterable[Mutant]) -> set[str]:
        """Names of mutants that no case tells from the guard as it is declared."""
        alive = set()
        for mutant in mutants:
            if not self._convicts(mutant):
                alive.add(mutant.name)
            self._take_down(mutant.guard)
        return alive

    def _convicts(self, mutant: Mutant) -> bool:
        cases = self.cases[mutant.guard.name]
        if mutant.place is None:
            return any(self._code(case) != case.code for case in cases)
        places = {case: self._place(case, mutant.guard) for case in cases}
        self._put_up(mutant.in_its_place)
        # First the writes that this condition refuses in some case: they are likely to tell, and SQLite compiles each but once.
        near = {case.statements[-1] for case in cases if places[case] == mutant.place}
        for case in sorted(cases, key=lambda case: case.statements[-1] not in near):
            place = places[case]
            if place is not None and place < mutant.place:
                continue
            if self._code(case) != (case.code if place == mutant.place else ""):
                # What told this one will tell the next, which is much the same.
                cases.remove(case)
                cases.insert(0, case)
                return True
        return False

    def _place(self, case: Case, guard: Guard) -> int | None:
        """Which condition of the guard refuses a case; None for a legal one."""
        if case not in self.places:
            found = [i for i, require in enumerate(guard.requires) if require.code == case.code]
            if len(found) > 1:
                found = [i for i in found if self._refuses(replace(guard, requires=(guard.requires[i],)), case)]
            self.places[case] = found[0] if found else None
        return self.places[case]

    def _refuses(self, guard: Guard, case: Case) -> bool:
        self._put_up(guard)
        return self._code(case) != ""

    def _code(self, case: Case) -> str:
        """The code with which a guard refuses; "" where none does, whatever a constraint says afterwards."""
        try:
            self._try(case)
        except sqlite3.IntegrityError as error:
            return str(error).removeprefix(PREFIX) if str(error).startswith(PREFIX) else ""
        return ""

    def _try(self, case: Case) -> None:
        """The writes, and as if they had not been."""
        self.database.execute("BEGIN")
        try:
            for statement in case.statements:
                self.database.execute(statement)
        finally:
            self.database.execute("ROLLBACK")

    def _put_up(self, guard: Guard) -> None:
        self._take_down(guard)
        self.database.execute(guard.sqlite())

    def _take_down(self, guard: Guard) -> None:
        self.database.execute(f"DROP TRIGGER IF EXISTS {guard.name}")
