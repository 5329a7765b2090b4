"""SQLite as the casework needs it: durable, triggers that see every deletion, and a web role that cannot touch the schema.

WAL with synchronous=FULL: with NORMAL, acknowledged writes are lost at a power cut. recursive_triggers: without it an INSERT OR
REPLACE deletes a row that no trigger sees. secure_delete: what is erased is gone from the file. cache_size, in KiB: within the
usual 2 MB, a question about a province reads the same pages from the file again and again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.backends.sqlite3 import base

from wayhome.casework.core.backends.watch import WatchedMixin
from wayhome.casework.core.guards import Event

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA busy_timeout = 20000",
    "PRAGMA cache_size = -16000",
)
_SCHEMA = {
    value
    for name, value in vars(sqlite3).items()
    if name.startswith(("SQLITE_CREATE_", "SQLITE_DROP_", "SQLITE_ALTER_")) or name in ("SQLITE_ATTACH", "SQLITE_DETACH")
}
_WRITES: dict[int, Event] = {sqlite3.SQLITE_INSERT: "INSERT", sqlite3.SQLITE_UPDATE: "UPDATE", sqlite3.SQLITE_DELETE: "DELETE"}
_PRAGMAS_READ = {"foreign_key_check", "table_info", "foreign_keys", "index_list", "index_info", "query_only"}


def web_role(closed: Mapping[str, frozenset[Event]]) -> Any:
    """What a connection of the web role may do: rows of all tables but the closed ones; nothing to the schema or its settings."""

    def authorize(action: int, first: str | None, second: str | None, *_: Any) -> int:
        # Writing to sqlite_master is what a change of the schema looks like from below.
        table = first or ""
        table_closed = action in _WRITES and (_WRITES[action] in closed.get(table, ()) or table.startswith("sqlite_"))
        pragma = action == sqlite3.SQLITE_PRAGMA and (
            first not in _PRAGMAS_READ or (first == "foreign_keys" and second is not None)
        )
        return sqlite3.SQLITE_DENY if table_closed or pragma or action in _SCHEMA else sqlite3.SQLITE_OK

    return authorize


class DatabaseWrapper(WatchedMixin, base.DatabaseWrapper):
    """Django's, with the settings above; `settings.WAYHOME_DB_ROLE` "web" takes rights away."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        for pragma in PRAGMAS:
            connection.execute(pragma)
        if settings.WAYHOME_DB_ROLE == "web":
            take_rights(connection)
        return connection


def take_rights(connection: Any) -> None:
    """Make an open connection one of the web role."""
    from wayhome.casework.core.guards import registry

    # A function that makes rows is declared when a connection first reads one, which the web role would be refused.
    connection.execute("SELECT 1 FROM json_each('[]')").fetchall()
    connection.set_authorizer(web_role(registry.closed))


def give_rights(connection: Any) -> None:
    """Make it the owner's again."""
    connection.set_authorizer(None)
