"""`wayhome backup` and `wayhome restore`: copies that were checked before anybody relies on them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wayhome import kinship
from wayhome.cli.house import house, refuse, told_database
from wayhome.cli.staging import check_free
from wayhome.cli.wording import counted

_COPY = "copy"
_KEYS = ".keys"


def backup(path: Path, *, force: bool) -> None:
    """Write a copy of the database to `path` and verify it."""
    beside = _keys_of(path)
    check_free([path, beside], force=force)
    if not path.parent.is_dir():
        raise kinship.InputError("does not exist", "Make the folder first", file=path.parent)
    with house() as connection:
        from wayhome.casework.core import backup as copies
        from wayhome.casework.vault import copies as vault

        with copies.beside(path) as draft, copies.beside(beside) as keys_draft:
            if connection.vendor == "sqlite":
                copies.copy_sqlite(Path(connection.settings_dict["NAME"]), draft)
                told = _verified_file(connection, draft, path)
                with _opened(connection, draft) as copy:
                    keys = vault.keys(copy.alias)
                copies.one_file(draft)
                vault.take_out(draft)
            else:
                copies.dump_postgresql(connection, draft, without=vault.TABLE)
                told = f"{counted(copies.listed_postgresql(connection, draft), 'table')}; it is verified in full when restored"
                # After the dump: a key that was ended meanwhile is gone from here, as it should be.
                keys = vault.keys(connection.alias)
            vault.write(keys_draft, keys)
            keys_draft.replace(beside)
            draft.replace(path)
    print(f"{path}: {told}")
    print(f"{beside}: {counted(len(keys), 'key')}; of these files keep the newest alone, and apart from the copies")


def restore(path: Path, *, keys: Path | None, force: bool) -> None:
    """Put a backup in place of the database, after (SQLite) or before (PostgreSQL) it is verified, whole or not at all.

    Parameters
    ----------
    keys : the file of keys, the newest there is; None for the one made with the backup.
    """
    if not path.is_file():
        raise kinship.InputError("is no file", "Name a backup", file=path)
    beside = keys or _keys_of(path)
    if not beside.is_file():
        mend = "Name the newest file of keys with --keys: without it no profile in the backup can be read"
        raise kinship.InputError("is no file", mend, file=beside)
    with house(ready=False) as connection:
        from wayhome.casework.vault import copies as vault

        try:
            rows = vault.read(beside)
        except vault.NoKeys as error:
            raise kinship.InputError(str(error), "Name the newest file of keys with --keys", file=beside) from error
        if connection.vendor == "sqlite":
            _restore_sqlite(connection, path, rows, force=force)
        else:
            _restore_postgresql(connection, path, rows, force=force)


def _keys_of(path: Path) -> Path:
    """Where the keys of a backup go."""
    return path.with_name(path.name + _KEYS)


def _restore_sqlite(connection: Any, path: Path, keys: list[dict[str, str]], *, force: bool) -> None:
    from wayhome.casework.core import backup as copies
    from wayhome.casework.vault import copies as vault
    from wayhome.casework.vault import queries

    place = Path(connection.settings_dict["NAME"])
    check_free([place], force=force)
    with copies.beside(place) as draft:
        copies.copy_sqlite(path, draft)
        told = _verified_file(connection, draft, path)
        with _opened(connection, draft) as copy:
            n = vault.put_in(keys, using=copy.alias)
            refuse(list(queries.problems(copy)), str(path))
        copies.one_file(draft)
        connection.close()
        old = copies.put_in_place(draft, place)
    print(f"{place}: {told}; {counted(n, 'key')} put back")
    if old is not None:
        print(f"what stood there is kept as {old}")


def _restore_postgresql(connection: Any, path: Path, keys: list[dict[str, str]], *, force: bool) -> None:
    from wayhome.casework.core import backup as copies
    from wayhome.casework.core import readiness, roles
    from wayhome.casework.vault import copies as vault

    where = told_database(connection)
    copies.listed_postgresql(connection, path)
    if connection.introspection.table_names() and not force:
        raise kinship.InputError(
            "holds tables already", "Restore into an empty database, or replace all of it with --force", file=where
        )
    copies.restore_postgresql(connection, path)
    roles.grant(connection)
    n = vault.put_in(keys, using=connection.alias)
    refuse(readiness.problems(connection), where)
    print(f"{where}: {_verified_audit('default', path)}; {counted(n, 'key')} put back")


def _verified_file(connection: Any, draft: Path, told_as: Path) -> str:
    """What a SQLite copy holds; InputError where it is not whole, its guards differ or its audit was altered."""
    from wayhome.casework.core import backup as copies
    from wayhome.casework.core import readiness

    faults = copies.sqlite_faults(draft)
    if faults:
        raise kinship.InputError(f"is damaged ({faults[0]})", "Use another backup", file=told_as)
    with _opened(connection, draft) as copy:
        if readiness.missing_migrations(copy):
            raise kinship.InputError(
                "was made by an earlier version of wayhome", "Restore it with that version, then migrate", file=told_as
            )
        if wrong := readiness.guard_problems(copy):
            raise kinship.InputError(wrong[0].what, "Use another backup, and find out who changed it", file=told_as)
        told = _verified_audit(_COPY, told_as)
    copies.one_file(draft)
    return told


def _verified_audit(using: str, told_as: Path) -> str:
    from wayhome.casework.audit import queries

    found = queries.verify_chain(using=using)
    if found.faults:
        first = found.faults[0]
        raise kinship.InputError(
            f"the audit was altered: {first.chain} {first.n} {first.what}", "Use another backup", file=told_as
        )
    return f"{counted(found.events, 'audit event')} in {counted(found.chains, 'chain')}, guards and integrity verified"


@contextlib.contextmanager
def _opened(connection: Any, path: Path) -> Iterator[Any]:
    """A connection to a file beside the house's own."""
    from django.db import connections

    connections.databases[_COPY] = connections.databases[connection.alias] | {"NAME": str(path)}
    copy = connections[_COPY]
    try:
        yield copy
    finally:
        copy.close()
        del connections[_COPY]
        del connections.databases[_COPY]
