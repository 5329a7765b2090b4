"""Houses brought so far, one of each for a whole file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from factories.reunification import Return, anew, standing


@pytest.fixture(autouse=True)
def index(settings: Any, tmp_path: Path) -> Path:
    """Where the search keeps it."""
    settings.WAYHOME_INDEX = tmp_path / "index"
    return tmp_path / "index"


@pytest.fixture(scope="module")
def _opened(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Return]:
    with standing(django_db_blocker, tmp_path_factory.mktemp("index"), "opened") as house:
        yield house


@pytest.fixture(scope="module")
def _ready(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Return]:
    with standing(django_db_blocker, tmp_path_factory.mktemp("index"), "ready") as house:
        yield house


@pytest.fixture(scope="module")
def _door(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Return]:
    with standing(django_db_blocker, tmp_path_factory.mktemp("index"), "at_the_door") as house:
        yield house


@pytest.fixture
def _undone(db: None) -> Iterator[None]:
    yield
    transaction.set_rollback(True)


@pytest.fixture
def opened(_opened: Return, _undone: None) -> Return:
    """A file was opened for a match, and nothing else."""
    return anew(_opened)


@pytest.fixture
def ready(_ready: Return, _undone: None) -> Return:
    """Everything but the release."""
    return anew(_ready)


@pytest.fixture
def door(_door: Return, _undone: None) -> Return:
    """Approved by two, sampled anew: two signatures are wanted."""
    return anew(_door)
