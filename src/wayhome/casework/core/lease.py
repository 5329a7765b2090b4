"""One worker at a time: a lease that ends with the process that holds it, however it ends.

On PostgreSQL an advisory lock of the session. On SQLite, whose users share one machine, a lock on a file beside the database.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from django.db import DatabaseError


class Lease:
    """A named lease on the database of a connection that is used for nothing else."""

    def __init__(self, connection: Any, name: str) -> None:
        self._connection = connection
        self._name = f"wayhome.{name}"
        self._file: sqlite3.Connection | None = None
        self._held = False

    def hold(self) -> bool:
        """Take the lease, or find that one still has it; False while somebody else does."""
        held = self._hold_file() if self._connection.vendor == "sqlite" else self._hold_lock()
        self._held = held
        return held

    def release(self) -> None:
        """Let another worker go on."""
        if self._file is not None:
            self._file.close()
            self._file = None
        elif self._held:
            # The lock belongs to the session, and goes with it.
            self._connection.close()
        self._held = False

    def _hold_file(self) -> bool:
        if self._file is not None:
            return True
        database = Path(self._connection.settings_dict["NAME"])
        file = sqlite3.connect(database.with_name(f"{database.name}-{self._name}"), timeout=0, isolation_level=None)
        try:
            file.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            file.close()
            return False
        self._file = file
        return True

    def _hold_lock(self) -> bool:
        try:
            with self._connection.cursor() as cursor:
                if self._held:
                    cursor.execute("SELECT 1")
                    return True
                cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [self._name])
                return bool(cursor.fetchone()[0])
        except DatabaseError:
            # The session is gone, and the lock with it; the next round asks anew.
            self._connection.close()
            return False
