"""Moments as whole microseconds since 1970, for questions with very many rows: a number is read much faster than a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Func

_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)
_ONE = timedelta(microseconds=1)


class Microseconds(Func):
    """A moment of a row as a number, the same on both engines to the microsecond."""

    arity = 1
    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, *_: Any, **__: Any) -> Any:
        """The text of a moment has its microseconds from the 21st letter on, if any; with them `strftime` would round."""
        (text,) = self.get_source_expressions()
        sql, told = compiler.compile(text)
        whole = f"(CAST(strftime('%%s', substr({sql}, 1, 19)) AS INTEGER) * 1000000 + CAST(substr({sql}, 21, 6) AS INTEGER))"
        return whole, (*told, *told)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """A number with six digits behind the point, made whole."""
        return self.as_sql(compiler, connection, template="(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint", **context)


def number_of(moment: datetime) -> int:
    """A moment as such a number."""
    return (moment - _BEGAN) // _ONE


def moment_of(number: int) -> datetime:
    """The moment of such a number.

    >>> moment_of(number_of(datetime(2011, 7, 20, 6, 0, 0, 1, tzinfo=UTC)))
    datetime.datetime(2011, 7, 20, 6, 0, 0, 1, tzinfo=datetime.timezone.utc)
    """
    return _BEGAN + number * _ONE
