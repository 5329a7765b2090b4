"""Very many clues, for the benchmark: two hundred under every guard, the rest copies of these made with the guards down.

Each clue speaks of ten things and tells fifty relations between them. Two copies at a time share telephones, plates, accounts,
identity numbers and addresses; of the names a fifth, and every place and a bus company's telephone, are the same in all copies.
All people are made up.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection, models, transaction

from factories.clues import clue
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.clues.models import Clue, Edge, Fact, Mention, MentionKey, Source, Step
from wayhome.casework.clues.rules import VERBS, Relation, Told
from wayhome.casework.core import guards, numbers

FIRST, THINGS, RELATIONS = 200, 10, 50
FEW = "officer_few"
"""Who reads one in a hundred."""
BUS = "0770 7654321"
_SURNAMES, _GIVEN = (
    "王李张刘陈杨黄赵吴周韦莫黎阮范",
    ("秀英", "桂花", "德发", "文雄", "桂珍", "氏兰", "志强", "建华", "小凤", "国栋"),
)
_PLACES = ("东兴市", "Đông Hưng", "钦州市", "河口县", "南宁市", "漳州市", "Móng Cái", "湛江市")
_BEGIN = date(2011, 2, 10)
_COPIED: tuple[type[models.Model], ...] = (Clue, Step, Mention, Fact, MentionKey, Edge)
_TABLES = {model: model._meta.db_table for model in _COPIED}
_BUS_KEY = "7707654321"


def fill(world: World, clues: int, *, said: Callable[[str], None]) -> None:
    """So many clues, in steps of `FIRST`."""
    dice = random.Random(20110715)
    _a_small_town(world)
    for i in range(FIRST):
        told = _told(dice)
        relations = [_relation(dice, len(told)) for _ in range(RELATIONS)]
        clue(world, *told, by=FEW if i % 100 == 7 else ("officer", "officer_gd")[i % 2], relations=relations)
    assert not Source.objects.exists()
    said(f"{FIRST} clues under the guards")
    _copy(clues // FIRST - 1, said)


def _a_small_town(world: World) -> None:
    """Whose police hold one clue in a hundred, and read no others: for them very many of what has a key are passed over."""
    by, places = world.registrars, world.jurisdictions
    assert by is not None
    town = accounts.add_jurisdiction(code="GX-few", kind="city", parent=places["GX"], name_en="x", name_zh="小镇", name_vi="x")
    held = accounts.register_agency(by=by, at=world.now(), code=FEW, kind="police", name="小镇公安局", jurisdiction=town)
    papers = "450681198001010077"
    world.staff[FEW] = accounts.register_staff(
        by=by, at=world.now(), number=FEW, name="农小宁", id_number=papers, agency=held, role="officer"
    )


def _told(dice: random.Random) -> list[Told]:
    people = []
    for i in range(4):
        facts = [("name", dice.choice(_SURNAMES) + dice.choice(_GIVEN) + dice.choice(("", "", "丽", "明")))]
        if i < 2:
            facts.append(("phone", _digits(dice, 11)))
        if i == 0:
            facts.append(("id", f"450602{_digits(dice, 12)}"))
        people.append(Told("person", facts))
    bus = [Told("phone", [("phone", BUS)])] if dice.random() < 0.05 else [Told("phone", [("phone", _digits(dice, 11))])]
    return [
        *people,
        *bus,
        Told("vehicle", [("vehicle", f"桂{dice.choice('ABCP')}{_digits(dice, 5)}")]),
        Told("account", [("account", f"6222{_digits(dice, 12)}")]),
        Told("address", [("address", f"广西东兴市北仑大道{dice.randrange(1, 9999)}号")]),
        Told("place", [("place", dice.choice(_PLACES[:2] if dice.random() < 0.3 else _PLACES))]),
        Told("place", [("place", dice.choice(_PLACES))]),
    ]


def _relation(dice: random.Random, things: int) -> Relation:
    one, other = dice.sample(range(things), 2)
    on = _BEGIN + timedelta(days=dice.randrange(150))
    return Relation(one, dice.choice(VERBS), other, dice.choice(("", "transporter", "buyer")), on, things - 2, things - 1)


def _digits(dice: random.Random, many: int) -> str:
    return str(dice.randrange(1, 9)) + "".join(str(dice.randrange(10)) for _ in range(many - 1))


def _copy(times: int, said: Callable[[str], None]) -> None:
    """Every row so many times more, with the guards down; then they stand again, and every row leads to a row."""
    last = {model: model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0 for model in _COPIED if model is not Clue}
    old = list(Clue.objects.order_by("pk").values_list("pk", flat=True))
    taken = set(old)
    guards.remove(connection, guards.declared(connection))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("CREATE TEMPORARY TABLE crowd_map (old bigint PRIMARY KEY, new bigint)")
        # Made anew at the end, all rows at once: minutes instead of an hour.
        indexes = _indexes(cursor)
        for name in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for k in range(1, times + 1):
            rows = []
            for pk in old:
                while (number := int(numbers.new_number())) in taken:
                    pass
                taken.add(number)
                rows.append((pk, number))
            with transaction.atomic():
                cursor.execute("DELETE FROM crowd_map")
                cursor.executemany("INSERT INTO crowd_map VALUES (%s, %s)", rows)
                for model in _COPIED:
                    cursor.execute(_statement(model, k, last))
            if k % 50 == 0:
                said(f"copies: {k}")
        cursor.execute("DROP TABLE crowd_map")
        for name, made in indexes.items():
            cursor.execute(made)
            said(name)
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = origin")
            for model in _COPIED:
                if model is not Clue:
                    cursor.execute(
                        f"SELECT setval(pg_get_serial_sequence('{_TABLES[model]}', 'id'), (SELECT MAX(id) FROM {_TABLES[model]}))"
                    )
            # As autovacuum does it a little later: an index tells nothing by itself of rows that were just written.
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.execute("ANALYZE")
    guards.install(connection)
    if wrong := guards.differences(connection):
        raise RuntimeError(f"the guards do not stand again: {wrong}")
    if lost := _lost():
        raise RuntimeError(f"rows lead nowhere: {lost}")


def _indexes(cursor: Any) -> dict[str, str]:
    """How each index of the tables is made, by its name; not those that hold a rule."""
    tables = tuple(_TABLES.values())
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
            [list(tables)],
        )
    else:
        marks = ", ".join(["%s"] * len(tables))
        cursor.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ({marks})"
            " AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE%%'",
            tables,
        )
    return dict(cursor.fetchall())


def _statement(model: type[models.Model], k: int, last: dict[type[models.Model], int]) -> str:
    """INSERT ... SELECT of one copy of one table."""
    names, values = [], []
    for column in model._meta.concrete_fields:
        names.append(f'"{column.column}"')
        values.append(_value(model, column, k, last))
    clue_of = "t.id" if model is Clue else "t.clue_id" if model is not Fact else None
    table = _TABLES[model]
    first = f" WHERE t.id <= {last[model]}" if model is not Clue else ""
    join = f" JOIN crowd_map m ON m.old = {clue_of}" if clue_of else ""
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table} t{join}{first}"


def _value(model: type[models.Model], column: Any, k: int, last: dict[type[models.Model], int]) -> str:
    name = f't."{column.column}"'
    target = model if column.primary_key else column.related_model if column.is_relation else None
    if target is Clue:
        return "m.new"
    if target in last:
        return f"{name} + {last[target] * k}"
    if (model, column.name) == (MentionKey, "key"):
        pair, own = f"{k // 2:04d}", f"{k:04d}"
        kept = f"t.kind = 'place' OR t.key = '{_BUS_KEY}' OR (t.kind IN ('name', 'slip') AND t.mention_id % 5 = 0)"
        return f"CASE WHEN {kept} THEN t.key WHEN t.kind IN ('name', 'slip') THEN t.key || '{own}' ELSE t.key || '{pair}' END"
    return name


def _lost() -> list[str]:
    """Tables with a row that leads to none."""
    found = []
    with connection.cursor() as cursor:
        for model in _COPIED:
            for column in model._meta.concrete_fields:
                if column.is_relation and column.related_model in _TABLES:
                    cursor.execute(
                        f"SELECT 1 FROM {_TABLES[model]} t WHERE t.{column.column} IS NOT NULL AND NOT EXISTS"
                        f" (SELECT 1 FROM {_TABLES[column.related_model]} o WHERE o.id = t.{column.column}) LIMIT 1"
                    )
                    if cursor.fetchone():
                        found.append(f"{_TABLES[model]}.{column.column}")
    return found
