"""Rules that the database itself keeps, whoever writes: one declaration, triggers on SQLite and on PostgreSQL.

A `Guard` lists conditions that a row must meet to be inserted, updated or deleted. A condition that comes out false *or NULL*
refuses, so that a missing value never opens a gate. Conditions are SQL that both engines understand (`within` is put into the
words of each), with NEW and OLD.

Django rebuilds a SQLite table on some schema changes, and its triggers are gone without a word; therefore `install` runs after
each migration, and `differences` compares what stands in the database with what is declared here before a face serves anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from wayhome.casework.core.errors import PREFIX

Event = Literal["INSERT", "UPDATE", "DELETE"]


_WITHIN = re.compile(r"⟪(\d+)\|([^|⟫]*)\|([^|⟫]*)⟫")


def within(start: str, end: str, hours: int) -> str:
    """Condition: the moment `end` is no later than so many hours after `start`. The engines have no common words for it."""
    return f"⟪{hours}|{start}|{end}⟫"


def sql_of(condition: str, vendor: str) -> str:
    """A condition in the words of "sqlite" or "postgresql"."""
    if vendor == "sqlite":
        # julianday() is exact to a tenth of a millisecond.
        return _WITHIN.sub(r"(julianday(\3) - julianday(\2)) * 86400 <= \1 * 3600 + 0.001", condition)
    return _WITHIN.sub(r"\3 <= \2 + interval '\1 hours'", condition)


@dataclass(frozen=True, slots=True)
class Require:
    """`legal` must be true, or the write is refused with `code`."""

    code: str
    legal: str


@dataclass(frozen=True, slots=True)
class Guard:
    """Conditions on one kind of write to one table, looked at in order.

    Parameters
    ----------
    requires : may be empty on a guard that only takes locks.
    locks : statements that PostgreSQL runs first, so that what the conditions read cannot change under them; SQLite has one
        writer at a time (transactions are IMMEDIATE), and no trigger for a guard that has nothing else.
    columns : an update of other columns is not looked at; all columns if empty.
    """

    table: str
    event: Event
    requires: tuple[Require, ...]
    locks: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    purpose: str = "gate"

    @property
    def name(self) -> str:
        """Of the trigger."""
        return f"wayhome_{self.table}_{self.event.lower()}_{self.purpose}"[:63]

    def sqlite(self) -> str:
        """CREATE TRIGGER for SQLite."""
        of = f" OF {', '.join(self.columns)}" if self.columns else ""
        checks = "\n".join(
            f"  SELECT RAISE(ABORT, '{PREFIX}{require.code}') WHERE ({sql_of(require.legal, 'sqlite')}) IS NOT TRUE;"
            for require in self.requires
        )
        return f"CREATE TRIGGER {self.name} BEFORE {self.event}{of} ON {self.table}\nBEGIN\n{checks}\nEND"

    def postgresql_body(self) -> str:
        """Body of the trigger's function."""
        locks = "".join(f"  {lock};\n" for lock in self.locks)
        checks = "".join(
            f"  IF ({sql_of(require.legal, 'postgresql')}) IS NOT TRUE THEN RAISE EXCEPTION '{PREFIX}{require.code}'"
            " USING ERRCODE = 'check_violation'; END IF;\n"
            for require in self.requires
        )
        return f"\nBEGIN\n{locks}{checks}  RETURN {'OLD' if self.event == 'DELETE' else 'NEW'};\nEND\n"

    def postgresql(self) -> tuple[str, ...]:
        """Statements that put the guard up on PostgreSQL: a function with its owner's rights, and a trigger that always fires."""
        of = f" OF {', '.join(self.columns)}" if self.columns else ""
        return (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public"
            f" AS $guard${self.postgresql_body()}$guard$",
            f"DROP TRIGGER IF EXISTS {self.name} ON {self.table}",
            f"CREATE TRIGGER {self.name} BEFORE {self.event}{of} ON {self.table} FOR EACH ROW EXECUTE FUNCTION {self.name}()",
            f"ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER {self.name}",
        )


@dataclass(frozen=True, slots=True)
class AppendOnly:
    """A table whose rows are never changed or deleted.

    Parameters
    ----------
    keys : the sets of columns that are unique beside `id`: an INSERT OR REPLACE over one of them would delete a row unseen.
    """

    table: str
    keys: tuple[tuple[str, ...], ...] = ()
    id: str = "id"

    def guards(self) -> tuple[Guard, ...]:
        """What refuses change, removal and replacement."""
        taken = " OR ".join(
            "(" + " AND ".join(f"there.{column} = NEW.{column}" for column in key) + ")" for key in ((self.id,), *self.keys)
        )
        never = "1 = 0"
        return (
            Guard(self.table, "UPDATE", (Require("append_only", never),), purpose="append_only"),
            Guard(self.table, "DELETE", (Require("append_only", never),), purpose="append_only"),
            Guard(
                self.table,
                "INSERT",
                (Require("already_there", f"NOT EXISTS (SELECT 1 FROM {self.table} there WHERE {taken})"),),
                purpose="append_only",
            ),
        )


@dataclass(slots=True)
class Registry:
    """All guards of the house, by app; filled when the apps are ready."""

    guards: dict[str, Guard] = field(default_factory=dict)
    closed: dict[str, frozenset[Event]] = field(default_factory=dict)

    def add(self, *declared: Guard | AppendOnly, closed: Iterable[Event] = ()) -> None:
        """Declare guards. `closed`: what the web role may not do to these tables at all."""
        for one in declared:
            for guard in one.guards() if isinstance(one, AppendOnly) else (one,):
                if guard.name in self.guards and self.guards[guard.name] != guard:
                    raise ValueError(f"two guards are called {guard.name}")
                self.guards[guard.name] = guard
            if closed:
                self.closed[one.table] = frozenset(closed)

    def ordered(self) -> list[Guard]:
        """By name: triggers of one event fire in that order on PostgreSQL."""
        return [self.guards[name] for name in sorted(self.guards)]


registry = Registry()


def _truncate_name(table: str) -> str:
    return f"wayhome_{table}_truncate"[:63]


def truncate_statements(table: str) -> tuple[str, ...]:
    """PostgreSQL: TRUNCATE passes row triggers by, and is refused for guarded tables."""
    name = _truncate_name(table)
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$"
        f"\nBEGIN\n  RAISE EXCEPTION '{PREFIX}append_only' USING ERRCODE = 'check_violation';\nEND\n$guard$",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
    )


def install(connection: Any, guards: Iterable[Guard] | None = None) -> None:
    """Put up every guard whose table exists, in place of what stood there under its name."""
    chosen = registry.ordered() if guards is None else list(guards)
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in chosen:
            if guard.table not in tables:
                continue
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}")
                if guard.requires:
                    cursor.execute(guard.sqlite())
            else:
                for statement in guard.postgresql():
                    cursor.execute(statement)
        if connection.vendor == "postgresql":
            for table in sorted({guard.table for guard in chosen} & tables):
                for statement in truncate_statements(table):
                    cursor.execute(statement)


def remove(connection: Any, guards: Sequence[Guard] | None = None) -> None:
    """Take guards down: for tests that show what they hold."""
    with connection.cursor() as cursor:
        for guard in registry.ordered() if guards is None else guards:
            on = "" if connection.vendor == "sqlite" else f" ON {guard.table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{on}")


def declared(connection: Any) -> list[Guard]:
    """The guards that a database of this kind should have: one that only takes locks is PostgreSQL's alone."""
    return [guard for guard in registry.ordered() if guard.requires or connection.vendor == "postgresql"]


def names(connection: Any) -> set[str]:
    """Of all triggers that should stand: of the guards, and on PostgreSQL of those that refuse TRUNCATE."""
    return {guard.name for guard in declared(connection)} | _truncates(connection)


def _truncates(connection: Any) -> set[str]:
    return {_truncate_name(guard.table) for guard in registry.ordered()} if connection.vendor == "postgresql" else set()


def differences(connection: Any) -> list[str]:
    """What stands in the database otherwise than declared: missing, changed or switched off guards. Empty if all is well."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            standing = dict(cursor.fetchall())
            wanted = {guard.name: guard.sqlite() for guard in declared(connection)}
        else:
            cursor.execute(
                "SELECT t.tgname, p.prosrc, t.tgenabled, p.prosecdef FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
                " WHERE NOT t.tgisinternal"
            )
            standing = {
                name: source if enabled == "A" and (definer or name.endswith("_truncate")) else "switched off"
                for name, source, enabled, definer in cursor.fetchall()
            }
            wanted = {guard.name: guard.postgresql_body() for guard in registry.ordered()}
    truncates = _truncates(connection)
    wrong = [
        f"{name}: {'missing' if name not in standing else 'changed'}"
        for name, source in wanted.items()
        if standing.get(name) != source
    ]
    wrong += [f"{name}: missing" for name in truncates - set(standing)]
    return wrong + [f"{name}: unknown" for name in sorted(set(standing) - set(wanted) - truncates)]
