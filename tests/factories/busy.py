"""`busy_world`, made once for all files of a process that stand in it: it takes ten seconds."""

from __future__ import annotations

import atexit
import contextlib
import pickle
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.db import connection, transaction

from factories.api import Program
from factories.api_case import Things
from factories.api_cases import busy_world


@contextlib.contextmanager
def busy_house() -> Iterator[Things]:
    """A world with everything in it; what is done to it is undone. On SQLite in a copy of a database that has it already."""
    with contextlib.ExitStack() as stack:
        if connection.vendor == "sqlite":
            file, kept = _made()
            copy = file.with_name("copy.sqlite3")
            shutil.copy(file, copy)
            stack.enter_context(_on(copy))
        stack.enter_context(transaction.atomic())
        if connection.vendor == "sqlite":
            world, ids = pickle.loads(kept)
            things = Things(world, Program(world), ids)
        else:
            things = busy_world()
        yield things
        transaction.set_rollback(True)


@cache
def _made() -> tuple[Path, bytes]:
    """Made at the first use."""
    folder = Path(tempfile.mkdtemp(prefix="wayhome-busy-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "busy.sqlite3"
    connection.ensure_connection()
    with contextlib.closing(sqlite3.connect(file)) as empty:
        connection.connection.backup(empty)
    with _on(file), transaction.atomic():
        things = busy_world()
        kept = pickle.dumps((things.world, things.ids))
        # Nobody is told of it, as in a transaction that is undone.
        connection.run_on_commit.clear()
    return file, kept


@contextlib.contextmanager
def _on(file: Path) -> Iterator[None]:
    """The connection of this thread, on another file."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(file)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
