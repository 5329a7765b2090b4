"""`wayhome serve`: the pages and the API, from processes that lay down the owner's rights."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from wayhome import kinship
from wayhome.cli.house import house, told_database

THREADS = {"sqlite": 2, "postgresql": 8}
"""Requests at a time in one process: SQLite has one writer, and many who wait for it are slower than few."""
GRACE = 10
"""Seconds in which requests may end when the server is told to stop."""


def serve(host: str, port: int, workers: int) -> None:
    """Serve until told to stop; refuse where the database is not fit to serve from."""
    with house() as connection:
        _free(host, port)
        where, threads = told_database(connection), THREADS[connection.vendor]
        _tell_rights(connection)
        connection.close()
    os.environ["WAYHOME_ROLE"] = "web"
    from granian.constants import Interfaces
    from granian.server import Server

    print(
        f"serving {where} on http://{host}:{port}/ with {workers} x {threads} threads; Ctrl+C stops", file=sys.stderr, flush=True
    )
    Server(
        "wayhome.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
        websockets=False,
        # Addresses hold numbers of children: they are in the audit, and not in a log.
        log_access=False,
        log_level=_log_level(),
    ).serve()


def _log_level() -> Any:
    from granian.log import LogLevels

    return LogLevels.warning


def _free(host: str, port: int) -> None:
    """InputError where nobody can listen."""
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            pass
    except (OSError, OverflowError) as error:
        told = error.strerror if isinstance(error, OSError) else str(error)
        raise kinship.InputError(f"cannot listen on {host}:{port} ({told})", "Choose another --host or --port") from error


def _tell_rights(connection: Any) -> None:
    """PostgreSQL: say it where the login itself could take the guards down."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relowner = r.oid) FROM pg_roles r WHERE r.rolname = session_user"
        )
        (owner,) = cursor.fetchone()
    if owner:
        print(
            "wayhome: warning: this login owns the tables. Serve with one that is a member of wayhome_web and of nothing else;"
            " see docs/how-to/run-the-house.md",
            file=sys.stderr,
        )
