"""A house of a test's own: a database beside the test run's, and the command run on it in a process of its own.

The engine is that of the run: WAYHOME_TEST_DATABASE=postgresql makes a database in the run's cluster for each house.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

POSTGRESQL = os.environ.get("WAYHOME_TEST_DATABASE") == "postgresql"
WAYHOME = "import sys; from wayhome.cli.main import run; sys.argv[0] = 'wayhome'; sys.exit(run())"
TABLES = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
from django.db import connection
from wayhome.casework.core.schema import make_tables
make_tables(connection)
"""
FILL = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
sys.path.insert(0, sys.argv[1])
from factories.world import small_world
world = small_world()
world.in_home()
world.in_hospital()
"""
_TESTS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class House:
    """A database and its folder."""

    folder: Path
    database: str

    def environment(self, **more: str) -> dict[str, str]:
        """For a process that works on this house."""
        return (
            os.environ
            | {
                "WAYHOME_DATABASE": self.database,
                "WAYHOME_SECRET_FILE": str(self.folder / "house.key"),
                "WAYHOME_ROLE": "owner",
                "DJANGO_SETTINGS_MODULE": "wayhome.config.settings",
                "COLUMNS": "100",
                "PYTHONWARNINGS": "",
            }
            | more
        )

    def run(self, *arguments: object, code: str = WAYHOME, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        return subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            env=self.environment(**more),
            cwd=self.folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=600,
        )

    def start(self, *arguments: object, code: str = WAYHOME, **options: Any) -> subprocess.Popen[str]:
        """Start the command in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            env=self.environment(),
            cwd=self.folder,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options,
        )

    @property
    def path(self) -> Path:
        """The file of a SQLite house."""
        assert not POSTGRESQL
        return Path(self.database)

    def copied(self, folder: Path) -> House:
        """Another house with the same records and keys; nobody may be using this one."""
        self.lend_keys(folder)
        if POSTGRESQL:
            return House(folder, _new_database(template=self.database.rpartition("/")[2]))
        shutil.copy(self.path, folder / "house.sqlite3")
        return House(folder, str(folder / "house.sqlite3"))

    def lend_keys(self, folder: Path) -> None:
        """What opens these records, also for another house."""
        shutil.copytree(self.folder / "house.keys", folder / "house.keys", dirs_exist_ok=True)


def empty_house(folder: Path) -> House:
    """One without tables."""
    return House(folder, _new_database() if POSTGRESQL else str(folder / "house.sqlite3"))


def tabled_house(folder: Path) -> House:
    """One with tables and keys, and nothing in them."""
    return _tabled().copied(folder)


def filled_house(folder: Path) -> House:
    """One with `factories.world` in it, and two children."""
    return _filled().copied(folder)


def another_filled_house(folder: Path) -> House:
    """The same, with keys that no other house has."""
    house = empty_house(folder)
    for code in (TABLES, FILL):
        done = house.run(_TESTS, code=code)
        assert done.returncode == 0, done.stderr
    return house


@cache
def _tabled() -> House:
    """Made once in this process, to be copied."""
    house = empty_house(_folder())
    done = house.run(code=TABLES)
    assert done.returncode == 0, done.stderr
    return house


@cache
def _filled() -> House:
    """Made once in this process, to be copied."""
    house = tabled_house(_folder())
    done = house.run(_TESTS, code=FILL)
    assert done.returncode == 0, done.stderr
    return house


def _folder() -> Path:
    """Gone when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="wayhome-house-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def refused(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    """Check that the command ended with one line that says what is wrong, and these parts in it."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    line = done.stderr.splitlines()[-1]
    assert line.startswith("wayhome: error: ")
    for part in parts:
        assert part in line


def _new_database(template: str = "template0") -> str:
    import psycopg

    from factories.postgres import cluster_url

    name = f"house_{secrets.token_hex(6)}"
    with psycopg.connect(cluster_url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return f"{cluster_url().rpartition('/')[0]}/{name}"
