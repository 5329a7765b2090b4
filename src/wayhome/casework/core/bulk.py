"""Very many rows of one table: one statement, which the engine runs for each row, under every guard."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connections, models, router


def insert_many(rows: Iterable[models.Model]) -> int:
    """Insert rows whose numbers nobody needs to know; how many there were.

    Django's `bulk_create` words a new statement for every dozen of rows on SQLite, which takes longer than to write them.
    Call it inside a transaction.
    """
    rows = list(rows)
    if not rows:
        return 0
    meta = rows[0]._meta
    connection = connections[router.db_for_write(type(rows[0]))]
    fields = [field for field in meta.concrete_fields if not isinstance(field, models.AutoField)]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    statement = f"INSERT INTO {connection.ops.quote_name(meta.db_table)} ({names}) VALUES ({', '.join(['%s'] * len(fields))})"
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
    return len(values)
