"""`wayhome migrate`: bring the database to this version's shape, then put up its guards. An empty one gets its tables at once."""

from __future__ import annotations

import os
from pathlib import Path

from wayhome.cli.house import house, refuse, told_database
from wayhome.cli.wording import counted


def migrate() -> None:
    """Migrate, and tell what was done."""
    with house(ready=False) as connection:
        from django.core.management import call_command

        from wayhome.casework.core import guards, readiness
        from wayhome.casework.core.schema import is_empty, make_tables

        if connection.vendor == "sqlite":
            _made(Path(connection.settings_dict["NAME"]))
        before = len(guards.differences(connection))
        missing = readiness.missing_migrations(connection)
        if is_empty(connection):
            make_tables(connection)
        else:
            call_command("migrate", verbosity=0, interactive=False)
        refuse(readiness.problems(connection), told_database(connection))
        print(told_database(connection))
        for name in missing:
            print(f"  applied {name}")
        if not missing:
            print("  no migration was missing")
        standing = len(guards.names(connection))
        print(f"  {counted(standing, 'guard')} stand" + (f"; {before:,} had to be put up" if before else ""))


def _made(path: Path) -> None:
    """An empty file that nobody else can read, where there is none."""
    if path.parent.is_dir() and not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
