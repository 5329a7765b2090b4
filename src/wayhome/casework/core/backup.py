"""Copies of a database: consistent while others write, whole or not there at all.

A copy of a SQLite file made by any other means than SQLite's own loses what is still in its log.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LOCK_WAIT = "10s"
"""How long a restore on PostgreSQL waits for others to leave the tables alone."""


class NotDone(Exception):
    """Why a copy could not be made or put in place: `what`, and how to `mend` it."""

    def __init__(self, what: str, mend: str) -> None:
        self.what = what
        self.mend = mend
        super().__init__(what)


@contextlib.contextmanager
def beside(target: Path) -> Iterator[Path]:
    """An empty file beside `target`, readable by nobody else, which is gone at the end unless it was moved."""
    draft = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield draft
    finally:
        for path in (draft, *_logs(draft)):
            path.unlink(missing_ok=True)


def copy_sqlite(source: Path, target: Path) -> None:
    """Everything that is committed in `source`, as one file without a log. Others may write meanwhile."""
    try:
        with (
            contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=20)) as there,
            contextlib.closing(sqlite3.connect(target)) as here,
        ):
            there.backup(here)
    except sqlite3.DatabaseError as error:
        raise NotDone(f"{source}: cannot be copied ({error})", "Name a database file that is whole") from error
    one_file(target)


def one_file(path: Path) -> None:
    """Bring a database's log into its file, and the file to the disk."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    _to_disk(path)


def sqlite_faults(path: Path) -> list[str]:
    """What SQLite itself finds wrong with a file: pages, indexes, rows that point to nothing."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            told = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [one for one in told if one != "ok"] + [
        f"a row of {table} points to no row of {parent}" for table, _, parent, _ in orphans
    ]


def put_in_place(new: Path, place: Path) -> Path | None:
    """Move `new` to `place` in one step; what stood there stays under another name, which is returned.

    Raises
    ------
    NotDone
        if somebody has the database at `place` open.
    """
    old = None
    if place.exists():
        old = place.with_name(f"{place.name}.replaced-{secrets.token_hex(4)}")
        _settle(place)
        # Of a file too broken to open, the log is kept beside it; a log left here would be read into the new file.
        for log in _logs(place):
            if log.exists():
                log.rename(old.with_name(old.name + log.name.removeprefix(place.name)))
        os.link(place, old)
    new.replace(place)
    _to_disk(place.parent)
    return old


def _settle(place: Path) -> None:
    """Bring a database's log into its file and see that nobody uses it."""
    try:
        with contextlib.closing(sqlite3.connect(place, timeout=1, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise NotDone(f"{place}: is in use", "Stop `wayhome serve` and `wayhome worker` first") from error
    except sqlite3.DatabaseError:
        pass


def dump_postgresql(connection: Any, target: Path, *, without: str) -> None:
    """pg_dump in its custom format: one consistent snapshot, with one table left empty."""
    rest = ("--no-owner", "--no-privileges", f"--exclude-table-data={without}", f"--file={target}")
    _program(connection, "pg_dump", "--format=custom", *rest)
    _to_disk(target)


def listed_postgresql(connection: Any, source: Path) -> int:
    """How many tables with data a dump holds."""
    told = _program(connection, "pg_restore", "--list", str(source), database=False)
    return sum(" TABLE DATA " in line for line in told.splitlines())


def restore_postgresql(connection: Any, source: Path) -> None:
    """Put a dump in place of what the database holds, in one transaction: all of it or nothing."""
    connection.close()
    _program(
        connection, "pg_restore", "--single-transaction", "--clean", "--if-exists", "--no-owner", "--no-privileges", str(source)
    )


def _program(connection: Any, name: str, *arguments: str, database: bool = True) -> str:
    told = connection.settings_dict
    where = []
    if database:
        where = ["--host", told["HOST"], "--port", str(told["PORT"] or 5432), "--username", told["USER"]]
        where += ["--dbname", told["NAME"], "--no-password"]
    environment = os.environ | {"PGPASSWORD": told["PASSWORD"] or "", "PGOPTIONS": f"-c lock_timeout={LOCK_WAIT}"}
    if not told["PASSWORD"]:
        del environment["PGPASSWORD"]
    try:
        done = subprocess.run([name, *where, *arguments], env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise NotDone(f"the program {name} is missing", "Install PostgreSQL's client programs") from None
    if done.returncode:
        first = next((line for line in done.stderr.splitlines() if "error" in line.lower()), done.stderr.strip())
        raise NotDone(f"{name} failed: {first}", "Nothing was changed; see that the file is whole and nobody holds the tables")
    return done.stdout


def _logs(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal")]


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
