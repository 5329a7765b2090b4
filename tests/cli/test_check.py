"""`wayhome check` tells each thing that is wrong with an installation, and how to mend it."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from factories.house import POSTGRESQL, House, empty_house

from .test_migrate import _sql

WEB = "wayhome_web"


@pytest.fixture
def well(house: House) -> House:
    """A house with which nothing is wrong."""
    if not POSTGRESQL:
        house.path.chmod(0o600)
    done = house.run("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all is well" in done.stdout
    return house


def _finds(house: House, *parts: str, **environment: str) -> None:
    done = house.run("check", **environment)
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("wayhome: error: ")
    for part in parts:
        assert part in done.stdout, done.stdout


def test_guards(well: House) -> None:
    _sql(well, "DROP TRIGGER wayhome_custody_exclusion_update_append_only" + (" ON custody_exclusion" if POSTGRESQL else ""))
    _finds(well, "wayhome_custody_exclusion_update_append_only: missing", "wayhome migrate")


def test_migrations_and_the_key(well: House) -> None:
    (well.folder / "house.key").chmod(0o644)
    _finds(well, "house.key: others on this machine can read it", "chmod 600")
    (well.folder / "house.key").chmod(0o600)
    _sql(well, "DELETE FROM django_migrations WHERE app = 'medical'")
    _finds(well, "migrations are missing, medical.0001_initial first")


def test_debugging_and_a_name_for_all(well: House) -> None:
    _finds(well, "security.W018", WAYHOME_DEBUG="1")


@pytest.mark.skipif(POSTGRESQL, reason="files")
def test_files(well: House) -> None:
    well.path.chmod(0o644)
    _finds(well, "house.sqlite3: others on this machine can read it")
    well.path.chmod(0o600)
    with contextlib.closing(sqlite3.connect(well.path, isolation_level=None)) as database:
        database.execute("CREATE TRIGGER door AFTER INSERT ON custody_exclusion BEGIN SELECT 1; END")
    _finds(well, "guard door: unknown", "Find out who put this trigger there")


@pytest.mark.skipif(not POSTGRESQL, reason="roles of a server")
@pytest.mark.parametrize(
    ("sql", "back", "told"),
    [
        (
            f"GRANT UPDATE ON custody_exclusion TO {WEB}",
            f"REVOKE UPDATE ON custody_exclusion FROM {WEB}",
            "may UPDATE custody_exclusion",
        ),
        (f"GRANT TRUNCATE ON audit_alarm TO {WEB}", f"REVOKE TRUNCATE ON audit_alarm FROM {WEB}", "may TRUNCATE audit_alarm"),
        (
            f"REVOKE SELECT ON accounts_staff FROM {WEB}",
            f"GRANT SELECT ON accounts_staff TO {WEB}",
            "may not SELECT accounts_staff",
        ),
        (f"GRANT CREATE ON SCHEMA public TO {WEB}", f"REVOKE CREATE ON SCHEMA public FROM {WEB}", "can change the schema"),
        (f"ALTER TABLE core_idempotencykey OWNER TO {WEB}", "ALTER TABLE core_idempotencykey OWNER TO wayhome", "owns tables"),
        (f"ALTER ROLE {WEB} CREATEROLE", f"ALTER ROLE {WEB} NOCREATEROLE", "rights over the whole server"),
    ],
)
def test_rights(well: House, sql: str, back: str, told: str) -> None:
    _sql(well, sql)
    try:
        _finds(well, told)
    finally:
        _sql(well, back)


def test_there_is_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    house = empty_house(tmp_path_factory.mktemp("nothing"))
    done = house.run("check")
    assert done.returncode == 2
    assert "wayhome migrate" in done.stdout + done.stderr
