"""Runs an action on a stage and tells everything that it did: what it answered or refused, each row, event and alarm."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction

from factories.world import World
from trust.acts.mutants import Mutant, modules
from wayhome.casework.core import numbers
from wayhome.casework.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refused

START = datetime(2011, 7, 16, 12, tzinfo=UTC)
NOON = datetime(2011, 7, 20, 12, tzinfo=UTC)
LONGEST_SECONDS = 2.0
CHANGING = (
    "children_child",
    "accounts_user",
    "accounts_apitoken",
    "django_session",
    "mfa_authenticator",
    "laboratory_relativeprofile",
    "laboratory_entry",
    "laboratory_entryverdict",
    "laboratory_laboriginal",
    "laboratory_profileflag",
    "laboratory_staffprofile",
    "matching_candidatedetail",
    "vault_datakey",
)
"""Tables whose rows change or go; in all others a row stays as it is, so that new ones tell everything."""
UNTOLD = frozenset({"last_login", "session_data", "session_key", "expire_date", "email", "house_key_id", "index"})
CHAINED = frozenset({"id", "n", "prev_hash", "hash"})
"""Of an event: they depend on all that was before."""
STAFF = frozenset(
    {"by_id", "staff_id", "giver_id", "responsible_id", "proposed_by_id", "registered_by_id", "countersigned_by_id"}
)
PLACES = frozenset({"facility_id", "to_facility_id", "institution_id"})


@dataclass(frozen=True)
class Case:
    """One call of an action; `says` is what it answers in short: "done", or why not."""

    name: str
    says: str
    act: Callable[[Any], Any]


@dataclass
class Bench:
    """Cases on a stage, in a transaction that is undone."""

    world: World
    stage: Any
    cases: Sequence[Case]
    tables: list[str] = field(default_factory=list)
    effects: dict[str, str] = field(default_factory=dict)
    reached: dict[str, set[tuple[str, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tables = sorted(set(connection.introspection.table_names()) - {"django_migrations"})
        self.names = {
            "staff": {staff.pk: name for name, staff in self.world.staff.items()},
            "place": {place.pk: name for name, place in self.world.facilities.items()},
            "agency": {agency.pk: name for name, agency in self.world.agencies.items()},
            "where": {where.pk: name for name, where in self.world.jurisdictions.items()},
        }
        self.before, self.changing = self._last(), self._changing()
        self.files = {str(module.__file__) for module in modules().values()}
        for case in self.cases:
            with self._traced(case.name):
                self.effects[case.name] = self.effect(case)

    def effect(self, case: Case) -> str:
        """Everything that came of it, and then it is as if it had not been."""
        self.world.clock = NOON
        point = transaction.savepoint()
        with numbered(91_000_001), _not_for_ever():
            said = self._said(case)
        connection.needs_rollback = False
        try:
            return "\n".join([said, *self._written()])
        finally:
            transaction.savepoint_rollback(point)
            connection.needs_rollback = False
            connection.run_on_commit.clear()
            connection.refusals.clear()
            connection.expecting = 0

    def survivors(self, tried: Sequence[Mutant]) -> set[str]:
        """Names of those that no case tells from the action as it is."""
        return {mutant.name for mutant in tried if not self._noticed(mutant)}

    def _noticed(self, mutant: Mutant) -> bool:
        there = {(mutant.file, line) for line in mutant.lines}
        with mutant.standing():
            return any(self.effect(case) != self.effects[case.name] for case in self.cases if self.reached[case.name] & there)

    @contextlib.contextmanager
    def _traced(self, name: str) -> Iterator[None]:
        lines = self.reached.setdefault(name, set())

        def local(frame: Any, event: str, _: Any) -> Any:
            if event == "line":
                lines.add((frame.f_code.co_filename, frame.f_lineno))
            return local

        def calls(frame: Any, event: str, _: Any) -> Any:
            if frame.f_code.co_filename in self.files:
                lines.add((frame.f_code.co_filename, frame.f_lineno))
                return local
            return None

        was = sys.gettrace()
        sys.settrace(calls)
        try:
            yield
        finally:
            sys.settrace(was)

    def _said(self, case: Case) -> str:
        try:
            answer = case.act(self.stage)
        except Refused as refused:
            return f"refused: {', '.join(refused.codes)} {_data(refused.data)}".rstrip()
        except NotAllowed as refused:
            return f"not allowed: {refused.code}"
        except NotFound as refused:
            return f"not found {_data(refused.data)}".rstrip()
        except Conflict as conflict:
            return f"conflict: {conflict.changes} {_data(conflict.data)}".rstrip()
        except Invalid as invalid:
            return f"invalid: {', '.join(f'{field} {code}' for field, code in sorted(invalid.fields.items()))}"
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        return f"done: {_answer(answer)}"

    def _written(self) -> Iterator[str]:
        if connection.refusals or connection.expecting:
            yield f"  the connection is left with {connection.refusals} {connection.expecting}"
        now = self._last()
        for table in self.tables:
            if table not in CHANGING and now[table] != self.before[table]:
                for row in _rows(f"SELECT * FROM {table} WHERE rowid > %s ORDER BY rowid", [self.before[table]]):
                    yield f"  + {table}: {self._row(table, row)}"
        for table, rows in self._changing().items():
            was = self.changing[table]
            for key in sorted(rows.keys() | was.keys(), key=str):
                if rows.get(key) != was.get(key):
                    yield f"  ~ {table}: {self._changed(table, was.get(key), rows.get(key))}"

    def _last(self) -> dict[str, int]:
        told = ", ".join(f"(SELECT COALESCE(MAX(rowid), 0) FROM {table})" for table in self.tables)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {told}")
            return dict(zip(self.tables, cursor.fetchone(), strict=True))

    def _changing(self) -> dict[str, dict[Any, dict[str, Any]]]:
        return {table: {next(iter(row.values())): row for row in _rows(f"SELECT * FROM {table}")} for table in CHANGING}

    def _changed(self, table: str, was: dict[str, Any] | None, now: dict[str, Any] | None) -> str:
        if was is None or now is None:
            return f"{'gone' if now is None else 'new'} {self._row(table, was or now or {})}"
        which = next(iter(now))
        each = (
            f"{name} {self._value(name, was[name])} -> {self._value(name, now[name])}" for name in now if now[name] != was[name]
        )
        return f"{self._value(which, now[which])}: {', '.join(each)}"

    def _row(self, table: str, row: dict[str, Any]) -> str:
        hidden = CHAINED if table == "audit_auditevent" else UNTOLD
        each = {name: self._value(name, value) for name, value in row.items() if name not in hidden}
        return ", ".join(f"{name}={value}" for name, value in each.items() if value not in ("", None))

    def _value(self, name: str, value: Any) -> Any:
        if name in STAFF:
            return self.names["staff"].get(value, value)
        if name in PLACES:
            return self.names["place"].get(value, value)
        if name == "agency_id":
            return self.names["agency"].get(value, value)
        if name in ("jurisdiction_id", "clue_of_id"):
            return self.names["where"].get(value, value)
        if name == "password" and value:
            return "usable" if not value.startswith("!") else "unusable"
        if isinstance(value, bytes | memoryview):
            return f"{len(bytes(value))} bytes"
        if name == "data" and isinstance(value, str) and value.startswith("{"):
            return self._data(json.loads(value))
        if name == "subject" and isinstance(value, str):
            return re.sub(r"^(staff|facility|agency):(\d+)", self._named, value)
        return _cut(value) if isinstance(value, str) else value

    def _data(self, data: dict[str, Any]) -> str:
        kinds = {
            "staff": "staff",
            "giver": "staff",
            "countersigned_by": "staff",
            "from": "place",
            "to": "place",
            "agency": "agency",
        }
        return json.dumps(
            {key: self.names[kinds[key]].get(value, value) if key in kinds else value for key, value in data.items()},
            ensure_ascii=False,
        )

    def _named(self, match: re.Match[str]) -> str:
        kind = {"staff": "staff", "facility": "place", "agency": "agency"}[match[1]]
        return f"{match[1]}:{self.names[kind].get(int(match[2]), match[2])}"


def _rows(sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        # In no order of the table's: a migration adds columns behind, and who makes a table at once has them among the rest.
        ordered = sorted(names, key=lambda name: (name != "id", name))
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return [{name: row[name] for name in ordered} for row in found]


def _data(data: dict[str, Any]) -> str:
    return " ".join(f"{key}={value}" for key, value in data.items())


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:6]!r}…{text[-6:]!r} of {len(text)}"


def _answer(answer: Any) -> str:
    if isinstance(answer, models.Model):
        return f"{type(answer).__name__} {answer.pk}"
    if isinstance(answer, list | tuple):
        return f"[{', '.join(map(_answer, answer))}]"
    return _cut(str(answer))


@contextlib.contextmanager
def numbered(first: int) -> Iterator[None]:
    """New numbers come in order, so that what is written can be compared."""
    given = itertools.count(first)

    def next_number() -> str:
        digits = str(next(given))
        return digits + numbers.check_digit(digits)

    own, numbers.new_number = numbers.new_number, next_number
    try:
        yield
    finally:
        numbers.new_number = own


def drawn_after(number: object, act: Callable[[], Any]) -> Any:
    """Do it where a number that something has already is drawn before one that is free."""
    given = iter([str(number), "111111118"])
    numbers.new_number = lambda: next(given)
    return act()


@contextlib.contextmanager
def _not_for_ever() -> Iterator[None]:
    """A change that makes a loop endless is noticed by that."""

    def stop(*_: Any) -> None:
        raise TimeoutError("it does not end")

    own = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, own)


@contextlib.contextmanager
def undone(blocker: Any) -> Iterator[None]:
    """A transaction that counts as a test's: to an action it is as if there were none."""
    block = transaction.atomic()
    block._from_testcase = True
    with blocker.unblock(), block:
        yield
        transaction.set_rollback(True)
