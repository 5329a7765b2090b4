"""Text that is no text: SQLite stores whatever bytes it is given, and a reader of evidence must not stumble over them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def any_text(connection: Any) -> Iterator[None]:
    """Read every text column, bytes that are not UTF-8 as lone surrogates. PostgreSQL stores no such bytes."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    below = connection.connection
    before = below.text_factory
    below.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        below.text_factory = before
