"""Nothing that is masked is in an export: every text that stands anywhere in the database is looked for in every opened file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from factories.exports import table
from factories.reunification import Return
from wayhome.casework.overview.actions.exporting import export_list
from wayhome.casework.overview.queries import rows
from wayhome.casework.overview.rules import lists as rules

WHO = {"candidates": "lab_supervisor"}
TOLD = {
    "children": {"accounts.Jurisdiction.code"},
    "requests": {"accounts.Jurisdiction.code"},
    "kits": {"accounts.Agency.code"},
    "child_days": {"accounts.Facility.code", "accounts.Facility.name", "accounts.Agency.code", "accounts.Agency.name"},
}
"""What each list does tell of what was written somewhere; nothing else does."""


def written() -> dict[str, set[str]]:
    """Every text in every table that is no code of a choice, by table and column."""
    found: dict[str, set[str]] = {}
    for model in apps.get_models():
        if not model.__module__.startswith("wayhome.casework."):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField) and not field.choices:
                values = {str(value) for value in model._default_manager.values_list(field.attname, flat=True) if value}
                found[f"{model._meta.app_label}.{model.__name__}.{field.name}"] = values
    return found


def telling(value: str) -> bool:
    """Long enough to be known again: a Chinese name is of two signs, a code of a facility of four letters."""
    return len(value) >= (4 if value.isascii() else 2)


def opened(door: Return, name: str, form: str) -> str:
    """Everything in the file, with codes that cannot be taken for what somebody wrote."""
    passphrase = rules.new_passphrase()
    made = export_list(
        name=name,
        form=form,
        narrowed={"month": f"{door.world.clock:%Y-%m}"} if name == "child_days" else {},
        passphrase=passphrase,
        say=lambda _of, _code: "·",
        by=door.world.actor(WHO.get(name, "supervisor")),
        at=door.world.now() + timedelta(days=2 * (name == "child_days")),
    )
    assert made.file.rows > 0, f"{name} is empty: nothing is shown by it"
    with made.file.file as file:
        return "\n".join(str(cell) for row in table(file.read(), passphrase) for cell in row)


@pytest.mark.parametrize("form", rules.FORMS)
@pytest.mark.parametrize("name", rules.LISTS)
def test_nothing_that_was_written_is_in_a_list(door: Return, name: str, form: str) -> None:
    text, everything = opened(door, name, form), written()
    allowed: set[str] = set().union(*(everything[column] for column in TOLD.get(name, ())))
    canaries = {column: {one for one in values if telling(one)} - allowed for column, values in everything.items()}
    assert sum(map(len, canaries.values())) > 200, "there is much to look for"
    for must in ("children.Child.call_name", "families.Description.child_name", "operations.PersonFact.value"):
        assert canaries[must], must
    leaked = {column: sorted(one for one in values if one in text) for column, values in canaries.items()}
    assert {column: values for column, values in leaked.items() if values} == {}


def test_a_name_that_got_in_would_be_seen(door: Return, monkeypatch: pytest.MonkeyPatch) -> None:
    def leaky(*_: Any) -> Any:
        yield (door.child.number, *[None] * 5, door.child.call_name, None, None)

    monkeypatch.setattr(rows, "_ROWS", {"children": leaky})
    for form in rules.FORMS:
        text = opened(door, "children", form)
        assert [one for one in written()["children.Child.call_name"] if one in text]
