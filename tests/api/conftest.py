"""A program that calls for everybody in a world of made-up agencies and people."""

from __future__ import annotations

import pytest

from factories.api import Program
from factories.world import World, small_world


@pytest.fixture
def world(db: None) -> World:
    """See `factories.world`; undone after the test."""
    return small_world()


@pytest.fixture
def api(world: World) -> Program:
    """Calls for everybody in that world."""
    return Program(world)


@pytest.fixture(autouse=True)
def alone(settings):
    settings.ROOT_URLCONF = "factories.api_urls"
    settings.MIDDLEWARE = []
