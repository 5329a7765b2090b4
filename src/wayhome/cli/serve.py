"""`wayhome serve`: the pages and the API, from processes that lay down the owner's rights."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from wayhome import kinship
from wayhome.cli.house import SETTINGS, house, told_database

THREADS = {"sqlite": 2, "postgresql": 4}
"""Requests at a time in one process: SQLite has one writer, and many who wait for it are slower than few. Each thread has a
connection, and PostgreSQL plans a question anew for each: with few, one meets a question again soon."""


def serve(host: str, port: int, workers: int) -> None:
    """Serve until told to stop; refuse where the database is not fit to serve from."""
    with house() as connection:
        free(host, port)
        where, threads = told_database(connection), THREADS[connection.vendor]
        _tell_rights(connection)
        connection.close()
    print(f"serving {where} on http://{host}:{port}/ with {workers} x {threads} threads; Ctrl+C stops", file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    # A new program in this process: the server forks its workers, and they must not inherit what this one was set up to do.
    arguments = [sys.executable, "-P", "-m", "wayhome.cli.serving", host, str(port), str(workers), str(threads)]
    os.execve(sys.executable, arguments, os.environ | {"WAYHOME_ROLE": "web", "DJANGO_SETTINGS_MODULE": SETTINGS})


def free(host: str, port: int) -> None:
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
