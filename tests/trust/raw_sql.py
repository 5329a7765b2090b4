"""SQL as somebody would write it who got hold of the connection."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

from wayhome.casework.core.errors import database_refusal
from wayhome.casework.core.roles import WEB_ROLE


@contextlib.contextmanager
def web_role() -> Iterator[None]:
    """The connection with the rights of the web role."""
    if connection.vendor == "sqlite":
        from wayhome.casework.core.backends.sqlite3.base import give_rights, take_rights

        take_rights(connection.connection)
        try:
            yield
        finally:
            give_rights(connection.connection)
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {WEB_ROLE}")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


@contextlib.contextmanager
def in_vain(wanted: str = "") -> Iterator[None]:
    """Inside, the database must refuse, by a guard or for want of rights, and the connection must have noted it.

    `wanted` is the code, where it matters.
    """
    noted = len(connection.refusals)
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        yield
    # An ordinary mistake in the SQL would be refused too, and prove nothing.
    code = database_refusal(refused.value) or "not_authorized"
    assert wanted in ("", code)
    assert connection.refusals[noted:] == [code], f"no alarm would be raised: {refused.value}"
    # The alarm itself would be raised after this test, in a database that is the next one's.
    del connection.refusals[noted:]


def copied(row: models.Model, **other: Any) -> str:
    """SQL of a row made from another."""
    names = [field.column for field in row._meta.concrete_fields if not field.primary_key]
    values = ", ".join(str(other.get(name, f'"{name}"')) for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {row._meta.db_table} ({columns}) SELECT {values} FROM {row._meta.db_table} WHERE id = {row.pk}"
