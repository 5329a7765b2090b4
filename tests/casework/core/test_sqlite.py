"""What a new connection of the web role may do on SQLite."""

from __future__ import annotations

import sqlite3

import pytest

from wayhome.casework.core.backends.sqlite3.base import take_rights


def test_it_reads_a_list_that_is_given_as_one_value() -> None:
    """The first time too, when SQLite declares the function, and changes nothing of the schema all the same."""
    new = sqlite3.connect(":memory:")
    take_rights(new)
    try:
        assert new.execute("SELECT value FROM json_each('[1, 2]')").fetchall() == [(1,), (2,)]
        with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
            new.execute("CREATE TABLE x (a)")
    finally:
        new.close()
