"""Questions that are asked all day, made once: Django takes 2 to 12 ms of processor to make one, the database 0.3 to answer it.

    @prepared
    def stays_of(children: Collection[int], at: datetime) -> QuerySet[CustodyEpisode]: ...

    stays_of({3, 7}, now)  # a list of rows, the same as list(<the query set>)

The first call makes the query with stand-ins for numbers and moments, keeps the SQL, and remembers which of its parameters is
which; later calls fill these in. Text, truth values and None are part of the question: each other value is made anew.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import update_wrapper
from threading import Lock
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

Row = TypeVar("Row")

_MOST_VALUES = 1_024
"""Of a longer collection the query is made anew."""
_MOST_KEPT = 512
"""Questions kept of each; the one not asked for the longest time goes first."""
_NUMBER = 1 << 62
_MOMENT = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Made:
    """A question with its SQL. `filled` tells of each parameter which value it is, None for one that stays as it is."""

    rows: QuerySet[Any]
    compiler: Any
    sql: str
    parameters: tuple[Any, ...]
    filled: tuple[int | None, ...]


class Prepared(Generic[Row]):
    """A function that returns a query set, prepared.

    Its arguments: numbers (or rows: their own number), moments, collections of numbers (for `in` and nothing else: see `_Some`),
    or text, truth values and None. It must use numbers and moments as they are; what it works out of them would not be filled in,
    and is refused with a ValueError. And it must not ask the database itself, which is refused with a RuntimeError: what it was
    told would be part of the question from then on.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build
        self._made: OrderedDict[Hashable, _Made | None] = OrderedDict()
        self._lock = Lock()
        update_wrapper(self, build)

    def __call__(self, *asked: Any) -> list[Row]:
        """The rows."""
        numbers = _numbers(asked)
        if any(isinstance(one, Collection) and len(one) > _MOST_VALUES and not isinstance(one, str) for one in numbers):
            return list(self._build(*numbers))
        made, values = self._ready(numbers)
        if made is None:
            return []
        compiler = copy.copy(made.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_, **__: (made.sql, _filled(made, values))
        query: Any = copy.copy(made.rows.query)
        query.get_compiler = lambda *_, **__: compiler
        rows: Any = made.rows._chain()  # type: ignore[attr-defined]
        rows._query = query
        rows._result_cache = list(rows._iterable_class(rows))
        if rows._prefetch_related_lookups:
            rows._prefetch_related_objects()
        found: list[Row] = rows._result_cache
        return found

    def first(self, *asked: Any) -> Row | None:
        """The first row, None where there is none."""
        return next(iter(self(*asked)), None)

    def inside(self, *asked: Any) -> RawSQL | tuple[()]:
        """For `in` of another query: the question itself, which must name one column."""
        made, values = self._ready(_numbers(asked))
        return () if made is None else RawSQL(made.sql, _filled(made, values))

    def anew(self, *asked: Any) -> QuerySet[Any]:
        """The query set that was not prepared: to go on with, or where an argument is of another sort."""
        return self._build(*asked)

    def _ready(self, asked: tuple[Any, ...]) -> tuple[_Made | None, list[Any]]:
        """The question, made where it was not, and the values to fill in."""
        key: list[Hashable] = [connection.vendor]
        values: list[Any] = []
        standing: list[Any] = []
        for one in asked:
            if one is None or isinstance(one, (str, bool)):
                key.append(one)
                standing.append(one)
            elif isinstance(one, int):
                key.append(int)
                standing.append(_NUMBER + len(values))
                values.append(one)
            elif isinstance(one, datetime):
                key.append(datetime)
                standing.append(_MOMENT.replace(microsecond=len(values)))
                values.append(one)
            elif one and connection.vendor == "postgresql":
                key.append(list)
                standing.append(_Some(_NUMBER + len(values)))
                values.append(list(one))
            else:
                some = list(one)
                run = 1 << (len(some) - 1).bit_length() if some else 0
                key.append((list, run))
                standing.append([_NUMBER + i for i in range(len(values), len(values) + run)])
                values += some + some[:1] * (run - len(some))
        with self._lock:
            whole = tuple(key)
            if whole in self._made:
                self._made.move_to_end(whole)
            else:
                self._made[whole] = self._make(standing)
                if len(self._made) > _MOST_KEPT:
                    self._made.popitem(last=False)
            return self._made[whole], values

    def _make(self, standing: list[Any]) -> _Made | None:
        with connection.execute_wrapper(self._must_not_ask):
            rows = self._build(*standing)
            compiler = rows.query.get_compiler(connection=connection)
            try:
                sql, parameters = compiler.as_sql()
            except EmptyResultSet:
                return None
        stand_ins = dict(_stand_ins(standing))
        filled = tuple(stand_ins.get(one) if isinstance(one, Hashable) else None for one in parameters)
        if missing := set(stand_ins.values()) - set(filled):
            raise ValueError(f"{self._build.__name__}: a value is not asked for as it is (the {min(missing) + 1}. told)")
        return _Made(rows, compiler, _Some.written(sql), tuple(parameters), filled)

    def _must_not_ask(self, *_: Any) -> Any:
        raise RuntimeError(f"{self._build.__name__} asks the database while it is made: the answer would stand for ever")


class _Some(RawSQL):
    """A collection for `in`, on PostgreSQL one array: one text and so one plan, however many are asked about, and one that begins
    with the few. SQLite is asked about runs of 1, 2, 4, 8... numbers, the first told again, so that few texts suffice."""

    def __init__(self, stand_in: int) -> None:
        super().__init__("SELECT unnest(%s::bigint[])", (stand_in,))

    @staticmethod
    def written(sql: str) -> str:
        """As a condition of the row: Django can write it as a question inside the question alone, which may be joined last."""
        return sql.replace("IN (SELECT unnest(%s::bigint[]))", "= ANY(%s::bigint[])")


def prepared(build: Callable[..., QuerySet[Any, Row]]) -> Prepared[Row]:
    """Decorator, see `Prepared`."""
    return Prepared(build)


def _numbers(asked: tuple[Any, ...]) -> tuple[Any, ...]:
    """Rows told by their number."""
    return tuple(one.pk if isinstance(one, Model) else one for one in asked)


def _stand_ins(standing: list[Any]) -> Iterator[tuple[Hashable, int]]:
    """Each stand-in as a parameter, and which value it is."""
    number = 0
    for one in standing:
        for single in one if isinstance(one, list) else one.params if isinstance(one, _Some) else [one]:
            if isinstance(single, datetime):
                yield connection.ops.adapt_datetimefield_value(single), number
            elif isinstance(single, int) and not isinstance(single, bool):
                yield single, number
            else:
                continue
            number += 1


def _filled(made: _Made, values: list[Any]) -> tuple[Any, ...]:
    ready = [_told(one) for one in values]
    return tuple(one if number is None else ready[number] for one, number in zip(made.parameters, made.filled, strict=True))


def _told(value: Any) -> Any:
    """A value as the database is told it. Numbers are all of one width: PostgreSQL makes another plan for each mixture."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, list):
        return [_told(one) for one in value]
    return connection.ops.adapt_integerfield_value(value, "BigIntegerField")
