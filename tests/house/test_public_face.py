"""`wayhome.kinship` offers exactly what its `__all__` says, and says what each thing is."""

from __future__ import annotations

import inspect
import re
from types import ModuleType

import pytest

from wayhome import kinship


def _order(name: str) -> tuple[int, list[tuple[int, str]]]:
    """CONSTANTS, then Classes, then functions; each by name, numbers by value: the order that ruff keeps (RUF022)."""
    kind = 0 if name.isupper() else 1 if name[0].isupper() else 2
    return kind, [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


def test_it_offers_something() -> None:
    assert len(kinship.__all__) > 10


def test_all_is_sorted_and_tells_nothing_twice() -> None:
    assert list(kinship.__all__) == sorted(set(kinship.__all__), key=_order)


def test_all_is_complete() -> None:
    public = {
        name
        for name, thing in vars(kinship).items()
        if not name.startswith("_") and not isinstance(thing, ModuleType) and name != "annotations"
    }
    assert set(kinship.__all__) == public


def test_what_is_raised_is_offered() -> None:
    from wayhome.kinship import errors

    raised = {name for name, thing in vars(errors).items() if inspect.isclass(thing) and thing.__module__ == errors.__name__}
    assert raised <= set(kinship.__all__)


@pytest.mark.parametrize("name", kinship.__all__)
def test_every_name_has_a_docstring(name: str) -> None:
    thing = getattr(kinship, name)
    if inspect.isclass(thing) or inspect.isroutine(thing):
        assert thing.__doc__, "no docstring"
        assert not thing.__doc__.startswith(f"{name}("), "no docstring: a dataclass is given its signature as one"
        assert thing.__module__.startswith("wayhome.kinship"), "belongs to somebody else"
