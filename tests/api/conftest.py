"""A program that calls for everybody in a world of made-up agencies and people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from factories.api import Program
from factories.api_case import Things
from factories.busy import busy_house
from factories.world import World


@pytest.fixture
def api(world: World) -> Program:
    """Calls for everybody in that world."""
    return Program(world)


@pytest.fixture(scope="module")
def busy(django_db_setup: None, django_db_blocker: Any) -> Iterator[Things]:
    """A world with everything in it, made once for a file: it takes seconds. The tests that use it are marked django_db, so that
    each undoes what it did."""
    with django_db_blocker.unblock(), busy_house() as things:
        yield things
