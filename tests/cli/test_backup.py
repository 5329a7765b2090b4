"""Backups are made while others write, are verified, and go back whole or not at all."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from factories.house import POSTGRESQL, House, empty_house, refused

WRITER = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
from datetime import UTC, datetime
from wayhome.casework.accounts import queries
from wayhome.casework.custody import actions
from wayhome.casework.operations.models import RescueEvent
officer = queries.actor_of(queries.active_staff().get(number="officer"))
event = RescueEvent.objects.get()
post = queries.open_facilities().get(code="post")
while True:
    intake = actions.Intake(event=event, post=post, sex="F", call_name="x", started_at=event.found_at)
    child = actions.take_into_care(intake=intake, by=officer, at=datetime.now(UTC))
    print(child.number, flush=True)
"""
CONTINUITY = """
import os, json
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
from wayhome.casework.custody.continuity import continuity
from wayhome.casework.children.models import Child
told = continuity()
print(json.dumps({"gaps": told.gaps, "children": sorted(f"{pk:09d}" for pk in Child.objects.values_list("pk", flat=True))}))
"""


KEYS = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
from datetime import UTC, datetime
from django.db import transaction
from wayhome.casework.vault import actions, queries
from wayhome.casework.vault.models import DataKey
from wayhome.casework.vault.rules import Purpose
what, *of = sys.argv[1:]
for one in of:
    with transaction.atomic():
        if what == "make":
            print(actions.make_key(purpose=Purpose.RELATIVES, of=one, at=datetime.now(UTC)).hex())
        elif what == "end":
            actions.end_key(of=one, by_id=None, at=datetime.now(UTC))
        elif what == "wrapped":
            print(bytes(DataKey.objects.get(of=one).wrapped).hex())
        else:
            print(queries.opened(Purpose.RELATIVES, [one]).get(one, b"").hex())
"""


def _keys(house: House, what: str, *of: str) -> list[str]:
    done = house.run(what, *of, code=KEYS)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[: len(of)]


def _all_of(house: House) -> bytes:
    return b"".join(path.read_bytes() for path in house.folder.glob(f"{house.path.name}*"))


def _state(house: House) -> dict[str, object]:
    import json

    done = house.run(code=CONTINUITY)
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_a_backup_under_load_restores_and_verifies(house: House, tmp_path: Path) -> None:
    writer = house.start(code=WRITER)
    assert writer.stdout is not None
    acknowledged: list[str] = []
    reader = threading.Thread(target=lambda: acknowledged.extend(line.strip() for line in writer.stdout or ()))
    acknowledged.append(writer.stdout.readline().strip())
    reader.start()
    kept = []
    try:
        for i in range(3):
            before = list(acknowledged)
            done = house.run("backup", tmp_path / f"kept{i}")
            assert done.returncode == 0, done.stderr
            kept.append((tmp_path / f"kept{i}", before))
        assert writer.poll() is None
    finally:
        writer.kill()
        reader.join()
        writer.communicate()
    assert len(acknowledged) > len(kept[-1][1]) > 0, "nobody wrote during the backups"
    for i, (path, before) in enumerate(kept):
        folder = tmp_path / f"again{i}"
        folder.mkdir()
        again = empty_house(folder)
        refused(again.run("restore", path), "private key", "is missing", "WAYHOME_KEYS")
        assert not list(folder.glob("house.sqlite3*"))
        house.lend_keys(folder)
        done = again.run("restore", path, *(["--force"] if POSTGRESQL else []))
        assert done.returncode == 0, done.stderr
        assert "guards and integrity verified" in done.stdout
        state = _state(again)
        assert state["gaps"] == 0
        assert set(before) <= set(state["children"])  # type: ignore[call-overload]
    assert stat.S_IMODE(kept[0][0].stat().st_mode) == 0o600


def test_nothing_is_overwritten_unasked(house: House, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert house.run("backup", kept).returncode == 0
    refused(house.run("backup", kept), "kept", "exists already", "--force")
    assert house.run("backup", kept, "--force").returncode == 0
    before = _state(house)
    refused(house.run("restore", kept), "--force")
    assert _state(house) == before
    done = house.run("restore", kept, "--force")
    assert done.returncode == 0, done.stderr
    assert _state(house) == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("kept")) == ["kept", "kept.keys"]


def test_the_newest_keys_open_an_old_copy_but_for_those_who_want_it_no_more(house: House, tmp_path: Path) -> None:
    stays, goes = "somebody:1", "somebody:2"
    made = _keys(house, "make", stays, goes)
    old, new = tmp_path / "old", tmp_path / "new"
    wrapped = [bytes.fromhex(one) for one in _keys(house, "wrapped", stays, goes)]
    assert house.run("backup", old).returncode == 0
    if not POSTGRESQL:
        # A dump is compressed; a file of SQLite's is read as it is.
        assert all(one in _all_of(house) for one in wrapped)
        assert not any(one in old.read_bytes() for one in wrapped)
    _keys(house, "end", goes)
    (later,) = _keys(house, "make", "somebody:3")
    done = house.run("backup", new)
    assert done.returncode == 0, done.stderr
    assert "2 keys" in done.stdout
    done = house.run("restore", old, "--keys", f"{new}.keys", "--force")
    assert done.returncode == 0, done.stderr
    assert "2 keys put back" in done.stdout
    assert _keys(house, "open", stays, goes, "somebody:3") == [made[0], "", later]
    # The copy's own keys, which nobody is to keep, would still open all of it.
    assert house.run("restore", old, "--force").returncode == 0
    assert _keys(house, "open", stays, goes) == made


def test_a_backup_without_its_keys_is_refused(house: House, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    _keys(house, "make", "somebody:1")
    assert house.run("backup", kept).returncode == 0
    keys = Path(f"{kept}.keys")
    whole = keys.read_text()
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    before = _state(house)
    keys.unlink()
    refused(house.run("restore", kept, "--force"), "kept.keys", "is no file", "--keys")
    keys.write_text(whole[:-40])
    refused(house.run("restore", kept, "--force"), "kept.keys", "is no file of keys")
    assert _state(house) == before
    keys.write_text(whole)
    assert house.run("restore", kept, "--force").returncode == 0


def test_what_is_no_backup_changes_nothing(house: House, tmp_path: Path) -> None:
    before = _state(house)
    (tmp_path / "text").write_text("not a copy of anything at all\n" * 100)
    refused(house.run("restore", tmp_path / "text", "--force"))
    refused(house.run("restore", tmp_path / "nowhere", "--force"), "nowhere", "is no file")
    assert _state(house) == before
    kept = tmp_path / "kept"
    assert house.run("backup", kept).returncode == 0
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    refused(house.run("restore", kept, "--force"))
    assert _state(house) == before


@pytest.mark.skipif(POSTGRESQL, reason="files")
def test_a_backup_that_was_altered_is_refused(house: House, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert house.run("backup", kept).returncode == 0
    for i, (sql, told) in enumerate(
        (
            ("DROP TRIGGER wayhome_custody_custodyepisode_insert_gate", "custody_custodyepisode_insert_gate"),
            ("CREATE TRIGGER door AFTER INSERT ON custody_exclusion BEGIN DELETE FROM audit_alarm; END", "door: unknown"),
            (
                "DROP TRIGGER wayhome_audit_auditevent_update_append_only;"
                " UPDATE audit_auditevent SET data = '{}' WHERE action = 'custody.hand_over'",
                "guard",
            ),
        )
    ):
        altered = tmp_path / f"altered{i}"
        shutil.copy(kept, altered)
        with contextlib.closing(sqlite3.connect(altered, isolation_level=None)) as connection:
            connection.executescript(sql)
        refused(house.run("restore", altered, "--keys", f"{kept}.keys", "--force"), f"altered{i}", told)
    altered = tmp_path / "altered"
    shutil.copy(kept, altered)
    with contextlib.closing(sqlite3.connect(altered, isolation_level=None)) as connection:
        name = "wayhome_audit_auditevent_update_append_only"
        (guard,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()
        connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE audit_auditevent SET data = '{}' WHERE action = 'custody.hand_over'")
        connection.execute(guard)
    refused(house.run("restore", altered, "--keys", f"{kept}.keys", "--force"), "the audit was altered", "was changed")
    assert house.run("restore", kept, "--force").returncode == 0


@pytest.mark.skipif(POSTGRESQL, reason="files")
def test_a_database_in_use_is_not_replaced(house: House, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert house.run("backup", kept).returncode == 0
    with contextlib.closing(sqlite3.connect(house.path, isolation_level=None)) as user:
        user.execute("BEGIN")
        user.execute("SELECT COUNT(*) FROM children_child").fetchone()
        refused(house.run("restore", kept, "--force"), "is in use", "wayhome serve")
    assert house.run("restore", kept, "--force").returncode == 0


@pytest.mark.skipif(POSTGRESQL, reason="files")
def test_a_broken_database_is_replaced_and_kept(house: House, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert house.run("backup", kept).returncode == 0
    before = _state(house)
    house.path.write_bytes(b"\0" * 5000)
    refused(house.run("audit", "verify"), "1 fault in 0 events")
    done = house.run("restore", kept, "--force")
    assert done.returncode == 0, done.stderr
    assert _state(house) == before
    (old,) = tmp_path.glob("house.sqlite3.replaced-*")
    assert old.read_bytes() == b"\0" * 5000
