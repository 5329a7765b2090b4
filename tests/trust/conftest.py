"""A world in a database whose guards stand."""

from __future__ import annotations

import pytest

from factories.world import World, small_world
from trust.buyer import excluded_buyer
from wayhome.casework.operations.models import Person


@pytest.fixture
def world(db: None) -> World:
    """See `factories.world`; undone after the test."""
    return small_world()


@pytest.fixture
def buyer(world: World) -> Person:
    """See `trust.buyer`."""
    return excluded_buyer(world)
