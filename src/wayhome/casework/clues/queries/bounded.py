"""The first few rows of each of many keys that somebody may read, and how many clues have each, up to a bound.

A key that a hundred thousand clues have costs no more than one that thirty have. The question for one key is made once by Django
and asked for each with other values, all in one statement: on PostgreSQL beside the list of keys (LATERAL), which is one text and
one plan however many there are, on SQLite, which has no such thing, a part for each key.

Rows of a key are read in the order of their clues, and of each it is asked by itself whether it may be read: a join would be
planned for a key that few have, and read all rows of one that very many have before it counted the first. Whoever may read few of
very many clues would have nearly all passed over: of what many have, their own clues are looked at instead.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL

from wayhome.casework.clues.models import Clue, MentionKey
from wayhome.casework.clues.queries.clues import readable
from wayhome.casework.core.actors import Actor

Key = tuple[str, str]
MANY = 200
"""What more clues than these have is looked for among the reader's own, where those are few."""
FEW = 5_000
"""Clues that a reader may read at most for it: one in twenty of a house with a hundred thousand."""
_KIND, _KEY = "\x01kind", "\x01key"
_AT_ONCE = 100
"""Keys of one statement: SQLite takes 500 parts."""


class Keys:
    """Keys of the clues that an actor may read; of all clues where there is none."""

    def __init__(self, by: Actor | None) -> None:
        self._by = by
        self._own: list[int] | None = None
        self._many: dict[Key, bool] = {}

    def counted(self, keys: Iterable[Key], most: int) -> dict[Key, int]:
        """How many clues have each key, `most` for that many or more."""
        found = dict.fromkeys(keys, 0)
        for rows, some in self._ways(found):
            asked = rows.order_by("clue").values("clue").distinct()[:most]
            for key, n in _asked(asked, some, "SELECT COUNT(*) FROM ({one}) q"):
                found[key] = n
        return found

    def clues_of_each(self, keys: Iterable[Key], most: int) -> dict[Key, list[int]]:
        """Clues that have each key, the first `most` of each."""
        found: dict[Key, list[int]] = defaultdict(list)
        for rows, some in self._ways(keys):
            for key, clue in _asked(rows.order_by("clue").values("clue").distinct()[:most], some, "{one}"):
                found[key].append(clue)
        return found

    def first_of_each(self, keys: Iterable[Key], most: int) -> dict[Key, list[int]]:
        """Mentions that have each key, the first `most` of each."""
        found: dict[Key, list[int]] = defaultdict(list)
        for rows, some in self._ways(keys):
            for key, mention in _asked(rows.order_by("clue", "mention_id").values("mention")[:most], some, "{one}"):
                found[key].append(mention)
        return found

    def _ways(self, keys: Iterable[Key]) -> Iterator[tuple[QuerySet[MentionKey], list[Key]]]:
        """Of which rows to ask for which keys; it changes nothing of what is answered."""
        every = MentionKey.objects.filter(kind=_KIND, key=_KEY)
        wanted = sorted(keys)
        if self._by is None:
            yield every, wanted
            return
        new = [key for key in wanted if key not in self._many]
        asked = every.order_by("clue").values("clue").distinct()[: MANY + 1]
        self._many |= {key: n > MANY for key, n in _asked(asked, new, "SELECT COUNT(*) FROM ({one}) q")}
        one = Clue.objects.filter(readable(self._by), pk=OuterRef("clue")).order_by().values(there=Value(1))
        each = every.alias(there=Subquery(one)).filter(there=1)
        many = [key for key in wanted if self._many[key]]
        if many and len(self._readable()) <= FEW:
            yield every.filter(clue__in=as_one(self._readable())), many
            many = []
        yield each, [key for key in wanted if not self._many[key]] + many

    def _readable(self) -> list[int]:
        """The clues that the actor may read, as long as they are few."""
        if self._own is None:
            assert self._by is not None
            own = Clue.objects.filter(readable(self._by)).order_by().values_list("pk", flat=True)
            self._own = list(own[: FEW + 1])
        return self._own


def as_one(some: Collection[int]) -> RawSQL:
    """For `in`: as one value, and so one text, however many there are."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", (sorted(some),))
    return RawSQL("SELECT value FROM json_each(%s)", (json.dumps(sorted(some)),))


def _asked(some: QuerySet[Any, Any], keys: list[Key], part: str) -> Iterator[tuple[Key, Any]]:
    """What a part is answered for each key, with the key; in the order of the rows."""
    try:
        sql, parameters = some.query.sql_with_params()
    except EmptyResultSet:
        return
    ask = _beside if connection.vendor == "postgresql" else _one_after_the_other
    for start in range(0, len(keys), _AT_ONCE):
        chosen = keys[start : start + _AT_ONCE]
        with connection.cursor() as cursor:
            cursor.execute(*ask(part.format(one=sql), parameters, chosen))
            rows = cursor.fetchall()
        for at, told in rows:
            yield chosen[at], told


def _beside(part: str, parameters: Sequence[Any], keys: list[Key]) -> tuple[str, list[Any]]:
    columns = {_KIND: "k.kind", _KEY: "k.key"}
    named = [columns.get(one) if isinstance(one, str) else None for one in parameters]
    first, *texts = part.split("%s")
    text = first + "".join((name or "%s") + after for name, after in zip(named, texts, strict=True))
    given = [one for one, name in zip(parameters, named, strict=True) if name is None]
    listed = "UNNEST(%s::int[], %s::text[], %s::text[]) k(at, kind, key)"
    told = [list(range(len(keys))), [kind for kind, _ in keys], [key for _, key in keys]]
    return f"SELECT k.at, q.* FROM {listed} CROSS JOIN LATERAL ({text}) q", [*told, *given]


def _one_after_the_other(part: str, parameters: Sequence[Any], keys: list[Key]) -> tuple[str, list[Any]]:
    text = " UNION ALL ".join(f"SELECT {at}, q{at}.* FROM ({part}) q{at}" for at in range(len(keys)))
    return text, [value for key in keys for value in _filled(parameters, key)]


def _filled(parameters: Sequence[Any], key: Key) -> list[Any]:
    values = {_KIND: key[0], _KEY: key[1]}
    return [values.get(one, one) if isinstance(one, str) else one for one in parameters]
