"""The first few rows of each of many keys, and how many there are up to a bound: one question for all keys together.

A key that a hundred thousand clues have costs no more than one that thirty have. The question for one key is made once by Django
and asked for each with other values, all in one statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from wayhome.casework.clues.models import MentionKey

Key = tuple[str, str]
_KIND, _KEY = "\x01kind", "\x01key"
_AT_ONCE = 100
"""Keys of one statement: SQLite takes 500, and PostgreSQL plans each."""


def counted(rows: QuerySet[MentionKey], keys: Collection[Key], most: int) -> dict[Key, int]:
    """How many clues have each key, `most` for that many or more."""
    some = rows.filter(kind=_KIND, key=_KEY).order_by().values("clue").distinct()[:most]
    found = dict.fromkeys(keys, 0)
    ordered = sorted(keys)
    for at, n in _asked(some, ordered, "SELECT {at}, COUNT(*) FROM ({one}) q{at}"):
        found[ordered[at]] = n
    return found


def first_of_each(rows: QuerySet[MentionKey], keys: Collection[Key], most: int) -> dict[Key, list[int]]:
    """Mentions that have each key, the first `most` of each."""
    some = rows.filter(kind=_KIND, key=_KEY).order_by("clue").values("mention")[:most]
    found: dict[Key, list[int]] = defaultdict(list)
    ordered = sorted(keys)
    for at, mention in _asked(some, ordered, "SELECT {at}, q{at}.* FROM ({one}) q{at}"):
        found[ordered[at]].append(mention)
    return found


def _asked(some: QuerySet[Any, Any], keys: list[Key], part: str) -> Iterator[tuple[Any, ...]]:
    try:
        sql, parameters = some.query.sql_with_params()
    except EmptyResultSet:
        return
    for start in range(0, len(keys), _AT_ONCE):
        chosen = keys[start : start + _AT_ONCE]
        statement = " UNION ALL ".join(part.format(at=start + at, one=sql) for at in range(len(chosen)))
        with connection.cursor() as cursor:
            cursor.execute(statement, [value for key in chosen for value in _filled(parameters, key)])
            yield from cursor.fetchall()


def _filled(parameters: Iterable[Any], key: Key) -> list[Any]:
    values = {_KIND: key[0], _KEY: key[1]}
    return [values.get(one, one) if isinstance(one, str) else one for one in parameters]
