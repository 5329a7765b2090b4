"""SQL as somebody would write it who got hold of the connection."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

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
