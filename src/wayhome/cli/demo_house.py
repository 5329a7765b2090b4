"""A house of the demonstration's own: made in a new file, filled, counted, and kept where that was asked for."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from wayhome import kinship
from wayhome.cli.house import house, refuse_unready


@contextlib.contextmanager
def staged(db: str | None, *, families: int, until: datetime | None = None) -> Iterator[tuple[dict[str, Any], str]]:
    """The two operations replayed in the database `db`, a new one, and counted; one that holds them already is only counted.

    Parameters
    ----------
    db : a path, or postgresql://...; None for a file that is gone afterwards.
    families : couples in the old base that a new house takes over.
    until : the moment at which a new story ends with its 30 August; None for the one that goes on to May 2013.

    Returns
    -------
    What was counted, and where the records are.
    """
    from django.conf import settings

    if settings.configured:
        raise RuntimeError("the demonstration is a house of its own, and needs a process of its own")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="wayhome-demo-") as folder:
        os.environ["WAYHOME_SECRET_FILE"] = str(Path(folder) / "demo.key")
        os.environ["WAYHOME_ROLE"] = "owner"
        where = str(Path(folder) / "demo.sqlite3") if db is None else db
        # Where a later command looks for them.
        os.environ["WAYHOME_KEYS"] = "wayhome.keys" if "://" in where else str(Path(where).with_suffix(".keys"))
        os.environ["WAYHOME_INDEX"] = "wayhome.index" if "://" in where else str(Path(where).with_suffix(".index"))
        told = _told(where, until, families) if "://" in where or _holds(Path(where)) else _made(Path(where), until, families)
        yield told | {"seconds": round(time.perf_counter() - began, 1)}, where


def _holds(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _made(target: Path, until: datetime | None, families: int) -> dict[str, Any]:
    """Fill a file beside `target` and move it there when it is whole."""
    if not target.parent.is_dir():
        raise kinship.InputError("does not exist", "Make the folder first", file=target.parent)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    keys = Path(os.environ["WAYHOME_KEYS"])
    there = keys.exists()
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        told = _told(str(draft), until, families)
        draft.replace(target)
        _moved_to(target)
    except BaseException:
        if not there:
            shutil.rmtree(keys, ignore_errors=True)
        raise
    finally:
        for ending in ("", "-wal", "-shm"):
            draft.with_name(draft.name + ending).unlink(missing_ok=True)
    return told


def _moved_to(target: Path) -> None:
    """What is opened from now on is the file under its own name."""
    from django.db import connection

    connection.settings_dict["NAME"] = str(target)


def _told(database: str, until: datetime | None, families: int) -> dict[str, Any]:
    os.environ["WAYHOME_DATABASE"] = database
    with house(ready=False) as connection:
        if not connection.introspection.table_names():
            _fill(connection, until, families)
        refuse_unready(connection)
        from wayhome.cli import demo_casework

        if not demo_casework.is_told():
            raise kinship.InputError("holds other records", "Name a new file with --db", file=database)
        told = demo_casework.counted_from_records()
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
    return told


def _fill(connection: Any, until: datetime | None, families: int) -> None:
    from wayhome.casework.core.schema import make_tables

    make_tables(connection)
    from wayhome.cli.demo_casework import replay
    from wayhome.cli.demo_families import LAST_ACT

    # Nothing that is made here is a cycle worth looking for, and the looking is a tenth of the time.
    gc.disable()
    try:
        replay(later=timedelta() if until is None else until - LAST_ACT, families=families, onward=until is None)
    finally:
        gc.enable()
