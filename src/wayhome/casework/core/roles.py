"""The roles of a PostgreSQL database: an owner who migrates, and `wayhome_web`, who serves and owns nothing.

In production the web process logs in as a member of `wayhome_web` and of nothing else. An owner's connection can also
lay down its
rights with SET ROLE, which is enough against mistakes and not against injected SQL (RESET ROLE gives them back).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from wayhome.casework.core.guards import registry

WEB_ROLE = "wayhome_web"


def grant(connection: Any) -> None:
    """Give the web role what it needs and no more: no schema, no TRUNCATE, no register, no changing of rows that stay."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [WEB_ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {WEB_ROLE} NOLOGIN")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {WEB_ROLE}")
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {WEB_ROLE}")
        for table, wanted in rights(connection).items():
            cursor.execute(f"GRANT {', '.join(sorted(wanted))} ON {table} TO {WEB_ROLE}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {WEB_ROLE}")


def owns(connection: Any) -> bool:
    """Whether this connection is more than the web role: one that may write a register."""
    if connection.vendor != "postgresql":
        return bool(settings.WAYHOME_DB_ROLE != "web")
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, to_regclass('accounts_staff'), 'INSERT')")
        # NULL where there are no tables yet.
        return cursor.fetchone()[0] is not False


def rights(connection: Any) -> dict[str, set[str]]:
    """What the web role may do to each table that there is."""
    appended = {guard.table for guard in registry.ordered() if guard.event == "DELETE" and guard.purpose == "append_only"}
    allowed = {}
    for table in connection.introspection.table_names():
        wanted = {"SELECT"}
        if table != "django_migrations":
            wanted |= {"INSERT"} if table in appended else {"INSERT", "UPDATE", "DELETE"}
        allowed[table] = wanted - registry.closed.get(table, frozenset())
    return allowed
