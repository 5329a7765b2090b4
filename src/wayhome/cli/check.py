"""`wayhome check`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wayhome import kinship
from wayhome.cli.house import house, told_database
from wayhome.cli.wording import counted, printable

_HTTPS_ONLY = {"security.W004", "security.W005", "security.W008", "security.W012", "security.W016", "security.W021"}
"""Django's advice that is right only where WAYHOME_HTTPS says that the house is reached over HTTPS."""


def check() -> None:
    """Tell every problem; InputError at the end if there was one."""
    with house(ready=False) as connection:
        from wayhome.casework.core import readiness

        where = told_database(connection)
        if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
            raise kinship.InputError("there is no database", "Make it with `wayhome migrate`", file=where)
        found = [(where, problem.what, problem.mend) for problem in readiness.problems(connection)]
        found += [*_open_files(connection), *_advice()]
    if not found:
        print(f"{where}: all is well; guards, settings, rights and files were looked at")
        return
    for place, what, mend in found:
        print(printable(f"{place}: {what}. {mend}."))
    raise kinship.InputError(f"{counted(len(found), 'problem')} found", "Mend what is listed above, then check again")


def _open_files(connection: Any) -> Iterator[tuple[str, str, str]]:
    """Files with secrets that others on this machine can read."""
    from wayhome.config.environment import secret_path
    from wayhome.config.settings import environment

    paths = [secret_path(environment.database), *environment.keys.glob("*.key")]
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        paths += [database, *(database.with_name(database.name + ending) for ending in ("-wal", "-shm"))]
    if os.name != "posix":
        return
    for path in paths:
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield str(path), "others on this machine can read it", f"chmod 600 {path}"


def _advice() -> Iterator[tuple[str, str, str]]:
    """Django's own checks for an installation, as far as they apply here."""
    from django.core.checks import WARNING, run_checks

    from wayhome.config.settings import environment

    for message in run_checks(include_deployment_checks=True):
        if message.level >= WARNING and (environment.https or message.id not in _HTTPS_ONLY):
            told = " ".join(message.msg.split()).rstrip(".")
            yield "settings", f"{told} ({message.id})", message.hint or "See docs/reference/settings.md"
