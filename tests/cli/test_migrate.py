"""`wayhome migrate`, and the tables that are made at once for a demonstration."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any

import pytest

from factories.house import POSTGRESQL, House, empty_house, refused

SHAPE = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django, json
django.setup()
from django.db import connection
from wayhome.casework.core import readiness
print(json.dumps([str(one) for one in readiness.problems(connection)]))
with connection.cursor() as cursor:
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT name, type, \\"notnull\\", pk FROM pragma_table_info('{table}') ORDER BY name")
            columns = cursor.fetchall()
            cursor.execute(f"SELECT \\"table\\", \\"from\\", \\"to\\" FROM pragma_foreign_key_list('{table}') ORDER BY 2")
            keys = cursor.fetchall()
            cursor.execute(
                f"SELECT l.\\"unique\\", l.partial, (SELECT group_concat(i.name) FROM pragma_index_info(l.name) i)"
                f" FROM pragma_index_list('{table}') l ORDER BY 1, 3"
            )
            print(json.dumps([table, columns, keys, cursor.fetchall()]))
        cursor.execute("SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' GROUP BY 1 ORDER BY 1")
        print(json.dumps(cursor.fetchall()))
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%CHECK%' ORDER BY name")
        for name, sql in cursor.fetchall():
            print(json.dumps([name, sorted(part for part in sql.split('CONSTRAINT') if 'CHECK' in part).__len__()]))
    else:
        cursor.execute(
            "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable FROM information_schema.columns"
            " WHERE table_schema = 'public' ORDER BY 1, 2"
        )
        print(json.dumps(cursor.fetchall()))
        cursor.execute(
            "SELECT conrelid::regclass::text, contype::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1, 2, 3"
        )
        print(json.dumps(cursor.fetchall()))
        cursor.execute("SELECT tablename, regexp_replace(indexdef, 'INDEX \\\\S+ ON', '') FROM pg_indexes"
                       " WHERE schemaname = 'public' ORDER BY 1, 2")
        print(json.dumps(cursor.fetchall()))
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1")
        print(json.dumps(cursor.fetchall()))
cursor = connection.cursor()
cursor.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2")
print(json.dumps(cursor.fetchall()))
"""


BEGUN = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
MigrationRecorder(connection).ensure_schema()
"""
INTERRUPTED = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
from django.db import connection
from wayhome.casework.core import schema
def stopped(connection):
    assert len(connection.introspection.table_names()) > 100
    raise KeyboardInterrupt
schema.note_migrations = stopped
try:
    schema.make_tables(connection)
except KeyboardInterrupt:
    assert schema.is_empty(connection)
    print("nothing is left")
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, str]:
    """An empty house that got its tables at once, and what was told of it."""
    return _migrated(empty_house(tmp_path_factory.mktemp("made")))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, str]:
    """A house that every migration went through, since it was not quite empty: half a minute."""
    house = empty_house(tmp_path_factory.mktemp("migrated"))
    begun = house.run(code=BEGUN)
    assert begun.returncode == 0, begun.stderr
    return _migrated(house)


def _migrated(house: House) -> tuple[House, str]:
    done = house.run("migrate")
    assert done.returncode == 0, done.stderr
    return house, done.stdout


def test_an_empty_house_is_made_and_made_no_second_time(made: tuple[House, str]) -> None:
    house, told = made
    assert "  applied custody.0001_initial\n" in told
    (standing,) = re.findall(r"^  ([\d,]+) guards stand; \1 had to be put up$", told, re.M)
    assert int(standing.replace(",", "")) > 150
    if not POSTGRESQL:
        assert stat.S_IMODE(house.path.stat().st_mode) == 0o600
    second = house.run("migrate")
    assert second.returncode == 0
    assert f"  no migration was missing\n  {standing} guards stand\n" in second.stdout


def test_what_is_interrupted_leaves_an_empty_house_that_can_be_made(tmp_path: Path) -> None:
    house = empty_house(tmp_path)
    stopped = house.run(code=INTERRUPTED)
    assert (stopped.returncode, stopped.stdout) == (0, "nothing is left\n"), stopped.stderr
    _migrated(house)


def test_a_guard_that_was_taken_down_goes_up_again(house: House) -> None:
    name, table = "wayhome_custody_custodyepisode_insert_gate", "custody_custodyepisode"
    _sql(house, f"DROP TRIGGER {name}" + (f" ON {table}" if POSTGRESQL else ""))
    refused(house.run("audit", "export-heads", "heads", "--key", "none"), name, "missing", "wayhome migrate")
    told = house.run("migrate")
    assert told.returncode == 0, told.stderr
    assert "; 1 had to be put up" in told.stdout
    assert house.run("backup", "kept").returncode == 0


@pytest.mark.skipif(POSTGRESQL, reason="a file that is no database")
def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    house = empty_house(tmp_path)
    house.path.write_text("no database at all, but a longer text than its header\n" * 9)
    refused(house.run("migrate"), str(house.path), "file is not a database")


def test_there_is_no_server(tmp_path: Path) -> None:
    house = House(tmp_path, "postgresql://nobody:secret@127.0.0.1:9/none")
    done = house.run("migrate")
    refused(done, "postgresql://127.0.0.1:9/none")
    assert "secret" not in done.stderr


def test_tables_made_at_once_are_those_of_the_migrations(made: tuple[House, str], migrated: tuple[House, str]) -> None:
    shapes = []
    for house, _ in (made, migrated):
        done = house.run(code=SHAPE)
        assert done.returncode == 0, done.stderr
        shapes.append(done.stdout.splitlines())
    assert shapes[0][0] == "[]"
    assert len(shapes[0]) > 4
    assert shapes[0] == shapes[1]
    assert made[1].split("\n", 1)[1] == migrated[1].split("\n", 1)[1], "told in the same words"


def _sql(house: House, sql: str) -> Any:
    if POSTGRESQL:
        import psycopg

        with psycopg.connect(house.database, autocommit=True) as connection:
            return connection.execute(sql)
    import sqlite3

    with sqlite3.connect(house.path) as connection:
        return connection.execute(sql)
