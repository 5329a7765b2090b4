"""Keys apart from the copies of what they seal.

A copy of the database is kept for years, and holds what was sealed, without the keys. Beside it goes a small file with the keys,
of which only the newest is kept: it opens every copy, except for those who have wanted their profile gone since.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from wayhome.casework.vault.models import DataKey, DataKeyEnd

TABLE = "vault_datakey"
_FORM = "wayhome keys 1"
_AT_ONCE = 500
Key = dict[str, str]
"""A row: `of`, `house_key`, `wrapped` (hexadecimal), `at`."""


class NoKeys(Exception):
    """A file is no whole file of keys."""


def keys(using: str) -> list[Key]:
    """All keys that stand in a database."""
    rows = DataKey.objects.using(using).order_by("pk").values_list("of", "house_key_id", "wrapped", "at")
    return [
        {"of": of, "house_key": house, "wrapped": bytes(wrapped).hex(), "at": at.isoformat()}
        for of, house, wrapped, at in rows.iterator()
    ]


def take_out(copy: Path) -> None:
    """Leave the keys out of a copy of a SQLite database that nobody has open, so that no page of the file holds them."""
    with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        guards = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", [TABLE]
        ).fetchall()
        connection.execute("BEGIN")
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(f"DELETE FROM {TABLE}")
        for _, sql in guards:
            connection.execute(sql)
        connection.execute("COMMIT")
        connection.execute("VACUUM")


def write(path: Path, rows: Sequence[Key]) -> None:
    """A file of keys, a line each after one that says how many."""
    with path.open("w", encoding="ascii") as file:
        file.write(json.dumps({"form": _FORM, "keys": len(rows)}) + "\n")
        for row in rows:
            file.write(json.dumps(row, sort_keys=True) + "\n")


def read(path: Path) -> list[Key]:
    """The keys in a file; NoKeys where it is another file, cut short or altered in its form."""
    with path.open(encoding="ascii") as file:
        try:
            head = json.loads(next(file))
            rows = [json.loads(line) for line in file]
            if head["form"] != _FORM or head["keys"] != len(rows):
                raise NoKeys(f"holds {len(rows)} keys and says {head['keys']}")
            for row in rows:
                bytes.fromhex(row["wrapped"])
                datetime.fromisoformat(row["at"])
                if set(row) != {"of", "house_key", "wrapped", "at"}:
                    raise KeyError
        except (StopIteration, ValueError, KeyError, TypeError) as error:
            raise NoKeys("is no file of keys") from error
    return rows


def put_in(rows: Iterable[Key], *, using: str) -> int:
    """Keys into a database that holds none; those that ended meanwhile stay out. How many went in."""
    ended = set(DataKeyEnd.objects.using(using).values_list("of", flat=True))
    made = [
        DataKey(
            of=row["of"],
            house_key_id=row["house_key"],
            wrapped=bytes.fromhex(row["wrapped"]),
            at=datetime.fromisoformat(row["at"]),
        )
        for row in rows
        if row["of"] not in ended
    ]
    with transaction.atomic(using=using):
        DataKey.objects.using(using).bulk_create(made, batch_size=_AT_ONCE)
    return len(made)
