"""Whether a database is fit to serve from: what is wrong with it, and how to mend that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.migrations.executor import MigrationExecutor

from wayhome.casework.core import guards, roles

SQLITE_SETTINGS = {"journal_mode": "wal", "synchronous": 2, "recursive_triggers": 1, "secure_delete": 1, "foreign_keys": 1}
_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
_MIGRATE = "Run `wayhome migrate`"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and how to mend it: a sentence each, without a full stop."""

    what: str
    mend: str


looks: list[Callable[[Any], Iterable[Problem]]] = []
"""What rooms above this one want looked at too."""


def missing_migrations(connection: Any) -> list[str]:
    """Migrations that the database has not seen, as "app.name"."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def problems(connection: Any) -> list[Problem]:
    """Everything that must be put right before anybody is served; empty if all is well."""
    missing = missing_migrations(connection)
    if missing:
        return [Problem(f"{len(missing)} migrations are missing, {missing[0]} first", _MIGRATE)]
    more = [problem for look in looks for problem in look(connection)]
    return guard_problems(connection) + setting_problems(connection) + right_problems(connection) + more


def guard_problems(connection: Any) -> list[Problem]:
    """Guards that do not stand as declared, and triggers that nobody declared."""
    found = []
    for told in guards.differences(connection):
        unknown = told.endswith(": unknown")
        mend = "Find out who put this trigger there, and drop it" if unknown else f"Find out who took it down, then: {_MIGRATE}"
        found.append(Problem(f"guard {told}", mend))
    return found


def setting_problems(connection: Any) -> list[Problem]:
    """SQLite: settings of the connection without which writes are lost or deletions pass unseen."""
    if connection.vendor != "sqlite":
        return []
    found = []
    with connection.cursor() as cursor:
        for name, wanted in SQLITE_SETTINGS.items():
            cursor.execute(f"PRAGMA {name}")
            (stands,) = cursor.fetchone()
            if stands != wanted:
                found.append(Problem(f"SQLite's {name} is {stands}, not {wanted}", "Keep the database file on a local disk"))
    return found


def right_problems(connection: Any) -> list[Problem]:
    """PostgreSQL: what the web role may do and should not, and what it lacks."""
    if connection.vendor != "postgresql":
        return []
    role = roles.WEB_ROLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = %s", [role])
        row = cursor.fetchone()
        if row is None:
            return [Problem(f"there is no role {role}", _MIGRATE)]
        found = (
            [Problem(f"{role} has rights over the whole server", f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS")] if row[0] else []
        )
        cursor.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE')", [role])
        if cursor.fetchone()[0]:
            found.append(Problem(f"{role} can change the schema", _MIGRATE))
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = %s)", [role])
        if cursor.fetchone()[0]:
            found.append(Problem(f"{role} owns tables and so can take guards down", "Give them to the owner: REASSIGN OWNED"))
        for table, wanted in roles.rights(connection).items():
            cursor.execute(
                "SELECT p FROM unnest(%s::text[]) p WHERE has_table_privilege(%s, %s, p)", [list(_RIGHTS), role, f'"{table}"']
            )
            has = {right for (right,) in cursor.fetchall()}
            for right in sorted(has ^ wanted):
                found.append(Problem(f"{role} {'may' if right in has else 'may not'} {right} {table}", _MIGRATE))
    return found
