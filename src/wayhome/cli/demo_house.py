"""A house of the demonstration's own: made in a new file, filled, counted, and kept where that was asked for."""

from __future__ import annotations

import gc
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from wayhome import kinship
from wayhome.cli.house import house, refuse_unready


def story(db: str | None) -> dict[str, Any]:
    """Replay the two operations in the database `db`, a new one, and count; one that holds them already is only counted.

    Parameters
    ----------
    db : a path, or postgresql://...; None for a file that is gone afterwards.
    """
    from django.conf import settings

    if settings.configured:
        raise RuntimeError("the demonstration is a house of its own, and needs a process of its own")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="wayhome-demo-") as folder:
        os.environ["WAYHOME_SECRET_FILE"] = str(Path(folder) / "demo.key")
        os.environ["WAYHOME_ROLE"] = "owner"
        if db is not None and "://" in db:
            told = _told(db)
        elif db is None or not _holds(Path(db)):
            target = Path(folder) / "demo.sqlite3" if db is None else Path(db)
            told = _made(target)
        else:
            told = _told(db)
    return told | {"seconds": round(time.perf_counter() - began, 1)}


def _holds(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _made(target: Path) -> dict[str, Any]:
    """Fill a file beside `target` and move it there when it is whole."""
    if not target.parent.is_dir():
        raise kinship.InputError("does not exist", "Make the folder first", file=target.parent)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        told = _told(str(draft))
        draft.replace(target)
    finally:
        for ending in ("", "-wal", "-shm"):
            draft.with_name(draft.name + ending).unlink(missing_ok=True)
    return told


def _told(database: str) -> dict[str, Any]:
    os.environ["WAYHOME_DATABASE"] = database
    with house(ready=False) as connection:
        if not connection.introspection.table_names():
            _fill(connection)
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


def _fill(connection: Any) -> None:
    from wayhome.casework.core.schema import make_tables

    make_tables(connection)
    from wayhome.cli.demo_casework import replay

    # Nothing that is made here is a cycle worth looking for, and the looking is a tenth of the time.
    gc.disable()
    try:
        replay()
    finally:
        gc.enable()
