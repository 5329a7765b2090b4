"""The cases of every table whose rows stay: a row of each, and what may not happen to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

from trust.gate.case import Case
from trust.gate.stage import Stage, insert, nothing
from wayhome.casework.core import guards

OVERRIDES: dict[str, dict[str, Any]] = {
    "custody_exclusion": {"subject": "phone", "scope": "all", "person_id": None, "child_id": None, "operation_id": None},
    "operations_allegedvictim": {"seen_from": "2011-06-02", "seen_to": "2011-06-09"},
    "families_consent": {"purpose": "search", "until": "2012-07-25"},
    "laboratory_kit": {"child_id": None},
    "reunification_release": {"kind": "authority"},
    "overview_calendaryear": {"year": 2026},
}


def row(model: type[models.Model], n: int) -> dict[str, Any]:
    """A row that shares nothing with one of another `n`."""

    def value(place: int, field: models.Field[Any, Any]) -> Any:
        if isinstance(field, models.ForeignKey):
            return 400_000 + 100 * n + 10_000 * place
        kind = field.get_internal_type()
        if "DateTime" in kind:
            return "2011-07-25 08:00:00"
        if "Date" in kind:
            return f"2011-07-{n % 20 + 1:02}"
        if "Boolean" in kind:
            return True
        if "JSON" in kind:
            return "[]"
        if "Binary" in kind:
            return nothing()
        if "Char" in kind or "Text" in kind:
            return f"{n}x"[: field.max_length]
        return 20 * n if "Small" in kind or "Decimal" in kind else 400_000 + n

    columns = {str(field.column): value(place, field) for place, field in enumerate(model._meta.concrete_fields)}
    return columns | OVERRIDES.get(model._meta.db_table, {})


def append_only_cases(stage: Stage) -> Iterator[Case]:
    """Of every guard that keeps rows as they are."""
    of_table = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    chosen = [guard for guard in guards.registry.ordered() if guard.purpose == "append_only"]
    tables = {guard.table for guard in chosen}
    for table in sorted(tables):
        with connection.cursor() as cursor:
            cursor.execute(insert(table, **row(of_table[table], 1)))
    for guard in chosen:
        mine, other = row(of_table[guard.table], 1), row(of_table[guard.table], 2)
        here = f"WHERE id = {mine['id']}" if isinstance(mine["id"], int) else f"WHERE id = '{mine['id']}'"
        if guard.event == "UPDATE":
            yield Case(guard.name, "changed", "append_only", (f"UPDATE {guard.table} SET id = id {here}",))
        elif guard.event == "DELETE":
            yield Case(guard.name, "removed", "append_only", (f"DELETE FROM {guard.table} {here}",))
        else:
            yield Case(guard.name, "another", "", (insert(guard.table, **other),))
            for key in (("id",), *keys_of(guard.table)):
                taken = other | {column: mine[column] for column in key}
                yield Case(guard.name, f"the same {key}", "already_there", (insert(guard.table, **taken),))
                for column in key if len(key) > 1 else ():
                    yield Case(
                        guard.name, f"all of {key} but {column}", "", (insert(guard.table, **taken | {column: other[column]}),)
                    )


def keys_of(table: str) -> list[tuple[str, ...]]:
    """What is unique in a table, as its model says."""
    model = next(model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table)
    column = {field.name: str(field.column) for field in model._meta.concrete_fields}
    single = [(column[field.name],) for field in model._meta.concrete_fields if field.unique and not field.primary_key]
    together = [
        tuple(column[name] for name in constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    ]
    return [*single, *together]
