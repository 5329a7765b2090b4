"""`wayhome audit`: one flipped bit in any audit row is found, and a cut or rewritten chain by the heads kept elsewhere."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from factories.house import POSTGRESQL, House
from factories.world import World
from wayhome.casework.audit import queries
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.audit.rules import COLUMNS

from .conftest import Wayhome

APPEND_ONLY = "wayhome_audit_auditevent_{}_append_only"
MORE_EVENTS = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
from datetime import UTC, datetime
from django.db import transaction
from wayhome.casework.audit.actions import record
from wayhome.casework.core.actors import SYSTEM
with transaction.atomic():
    for i in range(int(sys.argv[1])):
        record(by=SYSTEM, at=datetime.now(UTC), action="audit.test", subject=f"test:{i}", data={"n": i, "told": "说"})
"""


def test_an_untouched_house(wayhome: Wayhome, world: World, tmp_path: Path) -> None:
    events = AuditEvent.objects.count()
    assert events > 20
    ended = wayhome("audit", "verify")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"{events} events in 4 chains verified: nothing was altered\n"


def test_heads_show_a_cut_tail_and_a_rewritten_chain(wayhome: Wayhome, world: World, tmp_path: Path) -> None:
    heads, key, other = tmp_path / "heads", tmp_path / "key", tmp_path / "other"
    assert wayhome("audit", "new-key", key).code == 0
    assert wayhome("audit", "new-key", other).code == 0
    assert key.stat().st_mode & 0o077 == 0
    wayhome("audit", "new-key", key).refused("key", "exists already")
    assert wayhome("audit", "export-heads", heads, "--key", key).code == 0
    told = wayhome("audit", "verify", "--heads", heads, "--key", f"{key}.pub")
    assert (told.code, told.err) == (0, "")
    assert "and 4 heads kept elsewhere" in told.out
    wayhome("audit", "verify", "--heads", heads, "--key", f"{other}.pub").refused("heads", "line 1", "no head signed")
    wayhome("audit", "verify", "--heads", heads, "--key", key).refused("holds no public key", ".pub")
    wayhome("audit", "export-heads", heads, "--key", f"{key}.pub").refused("holds no private key")
    wayhome("audit", "verify", "--heads", heads).refused("--heads and --key go together")
    last = AuditEvent.objects.filter(chain="CN").order_by("-n").first()
    assert last is not None
    _unguarded("DELETE FROM audit_auditevent WHERE id = %s", last.pk)
    assert wayhome("audit", "verify").code == 0, "a chain alone does not know its own end"
    ended = wayhome("audit", "verify", "--heads", heads, "--key", f"{key}.pub")
    assert ended.code == 2
    assert f"CN {last.n}: missing" in ended.out


def test_a_change_is_told_by_its_place(wayhome: Wayhome, world: World) -> None:
    _unguarded("UPDATE audit_auditevent SET staff_id = staff_id + 1 WHERE chain = 'CN' AND n = 7")
    ended = wayhome("audit", "verify")
    assert ended.code == 2
    assert ended.out == "CN 7: was changed\n"
    assert ended.err.startswith("wayhome: error: 1 fault in ")


def _unguarded(sql: str, *values: object) -> None:
    """Write as somebody would who took the guards down and put them up again."""
    from wayhome.casework.core import guards

    mine = [guard for guard in guards.registry.ordered() if guard.table == "audit_auditevent"]
    guards.remove(connection, mine)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    guards.install(connection, mine)


def _flipped(value: int | str, bit: int) -> int | bytes | None:
    """The value with one bit turned over; None where it has no such bit."""
    if isinstance(value, int):
        return value ^ (1 << bit) if bit < 63 else None
    raw = bytearray(value.encode())
    if bit >= len(raw) * 8:
        return None
    raw[bit // 8] ^= 1 << bit % 8
    return bytes(raw)


def _every_bit(house: House, how_many: int) -> None:
    """Turn over one bit of one column in each event at once: whether a row was changed is told by that row alone."""
    with _reading(house) as database:
        # As on a disk: without the table's own constraints, which would refuse many of these.
        database.executescript(
            "CREATE TABLE bare AS SELECT * FROM audit_auditevent; DROP TABLE audit_auditevent;"
            " ALTER TABLE bare RENAME TO audit_auditevent"
        )
        rows = database.execute(
            f"SELECT {', '.join(COLUMNS)}, rowid FROM audit_auditevent ORDER BY chain, n LIMIT ?", [how_many]
        ).fetchall()
        assert len(rows) == how_many
        assert queries.verify_chain(using="flipped").ok
        flips = unreadable = 0
        for place, column in enumerate(COLUMNS):
            for bit in range(max(63 if isinstance(row[place], int) else 8 * len(row[place].encode()) for row in rows)):
                changed = [(value, row[-1]) for row in rows if (value := _flipped(row[place], bit)) is not None]
                as_text = "CAST(? AS TEXT)" if isinstance(changed[0][0], bytes) else "?"
                database.execute("BEGIN")
                database.executemany(f"UPDATE audit_auditevent SET {column} = {as_text} WHERE rowid = ?", changed)
                found = queries.verify_chain(using="flipped").faults
                database.execute("ROLLBACK")
                assert sum(fault.what == "was changed" for fault in found) == len(changed), (column, bit)
                flips += len(changed)
                unreadable += sum(isinstance(value, bytes) and not _is_text(value) for value, _ in changed)
        assert flips > 1500 * how_many
        assert unreadable > 200 * how_many, "bytes that are no text must be among them"


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


@contextlib.contextmanager
def _reading(house: House) -> Iterator[sqlite3.Connection]:
    """A connection that the house's own check reads through, under the alias "flipped"."""
    connections.databases["flipped"] = connections.databases["default"] | {"NAME": house.database}
    flipped = connections["flipped"]
    try:
        flipped.ensure_connection()
        assert flipped.connection is not None
        yield flipped.connection
    finally:
        flipped.close()
        del connections["flipped"]
        del connections.databases["flipped"]


@pytest.mark.skipif(POSTGRESQL, reason="PostgreSQL stores no bytes that are no text")
def test_one_flipped_bit_is_found(house: House, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        _every_bit(house, 20)


@pytest.mark.slow
@pytest.mark.skipif(POSTGRESQL, reason="PostgreSQL stores no bytes that are no text")
def test_one_flipped_bit_is_found_among_many(house: House, django_db_blocker: Any) -> None:
    done = house.run(200, code=MORE_EVENTS)
    assert done.returncode == 0, done.stderr
    with django_db_blocker.unblock():
        _every_bit(house, 200)


@pytest.mark.skipif(POSTGRESQL, reason="a file")
def test_a_single_unreadable_row_and_a_torn_file_are_faults(house: House) -> None:
    with contextlib.closing(sqlite3.connect(house.path, isolation_level=None)) as database:
        database.execute(f"DROP TRIGGER {APPEND_ONLY.format('update')}")
        database.execute("UPDATE audit_auditevent SET data = CAST(x'7bff7d' AS TEXT) WHERE chain = 'CN' AND n = 3")
    done = house.run("audit", "verify")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stdout == "CN 3: was changed\n"
    with contextlib.closing(sqlite3.connect(house.path)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'audit_auditevent'").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    with house.path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    done = house.run("audit", "verify")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "cannot be read" in done.stdout
