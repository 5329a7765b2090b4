"""What the database refused, noted by the connection itself: an attempt leaves an alarm, however it was made.

A refused write is rolled back, and an alarm written beside it would be too. So the connection remembers the refusal,
and hands it to
`settings.WAYHOME_ON_REFUSAL` as soon as it stands outside every transaction.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import import_string

from wayhome.casework.core.errors import database_refusal


class WatchedMixin:
    """For a Django DatabaseWrapper."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusals: list[str] = []
        self.expecting = 0
        self.execute_wrappers.append(self._watch)  # type: ignore[attr-defined]

    def _watch(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        try:
            return execute(sql, params, many, context)
        except DatabaseError as error:
            code = database_refusal(error) or ("not_authorized" if _denied(error) else None)
            if code is not None and not self.expecting:
                self.refusals.append(code)
                if not self.in_atomic_block:  # type: ignore[attr-defined]
                    self._tell()
            raise

    def set_autocommit(self, autocommit: bool, *args: Any, **kwargs: Any) -> None:
        super().set_autocommit(autocommit, *args, **kwargs)  # type: ignore[misc]
        if autocommit and self.refusals and not self.in_atomic_block:  # type: ignore[attr-defined]
            self._tell()

    def _tell(self) -> None:
        hook = getattr(settings, "WAYHOME_ON_REFUSAL", None)
        codes, self.refusals = self.refusals, []
        if hook is not None:
            with expected_refusal(self):
                import_string(hook)(codes)


def _denied(error: BaseException) -> bool:
    """Whether the database said that this role may not: insufficient_privilege on PostgreSQL, the authorizer's no on SQLite."""
    text = str(error).lower()
    return getattr(error.__cause__, "sqlstate", "") == "42501" or "not authorized" in text or "prohibited" in text


@contextlib.contextmanager
def expected_refusal(connection: Any) -> Iterator[None]:
    """Whoever runs inside answers for a refusal himself."""
    connection.expecting += 1
    try:
        yield
    finally:
        connection.expecting -= 1
