"""A world in a database whose guards stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from factories.reunification import Return, anew, standing
from factories.world import World
from trust.buyer import excluded_buyer
from wayhome.casework.operations.models import Person


@pytest.fixture
def buyer(world: World) -> Person:
    """See `trust.buyer`."""
    return excluded_buyer(world)


@pytest.fixture(scope="module")
def _door(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Return]:
    with standing(django_db_blocker, tmp_path_factory.mktemp("index"), "at_the_door") as house:
        yield house


@pytest.fixture
def door(_door: Return, db: None) -> Iterator[Return]:
    """A child whose release was approved, with fresh samples: two signatures are wanted."""
    yield anew(_door)
    transaction.set_rollback(True)
