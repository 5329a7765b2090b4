"""What every test may use: how hard hypothesis tries, reference cases that lie beside the checkout, a world to stand in."""

from __future__ import annotations

import gc
import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from factories.world import World

ROOT = Path(__file__).resolve().parents[1]

# No deadline and no complaint about slow generation: a busy machine is no failure.
settings.register_profile("default", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("nightly", settings.get_profile("default"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

LONG = (
    "journeys/",
    "trust/test_permission_matrix",
    "web/test_query_counts",
    "trust/test_state_machine",
    "cli/",
    "trust/",
    "web/",
    "api/",
    "kinship/index/",
)
"""What takes minutes, and so comes first where several processes share the tests file by file: else one would end long after
the others. The short ones of the casework and of the library fill what is left."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; what belongs to one file stays together and in its order."""

    def rank(item: pytest.Item) -> int:
        path = item.path.relative_to(ROOT / "tests").as_posix()
        return next((i for i, part in enumerate(LONG) if path.startswith(part)), len(LONG))

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """What was imported stays until the end: the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 20)


@pytest.fixture(scope="session")
def golden() -> Path:
    """Folder of the reference cases, ../shared/golden beside the checkout: skipped without it, but CI (CI=true) must have it."""
    folder = ROOT.parent / "shared" / "golden"
    if not folder.is_dir():
        message = "the reference cases are missing: no folder shared/golden beside the checkout"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """A database whose tables were made at once says, as `core.schema.make_tables` does, that its migrations were seen."""
    from django.db import connection

    from wayhome.casework.core import roles
    from wayhome.casework.core.schema import note_migrations

    with django_db_blocker.unblock():
        note_migrations(connection)
        roles.grant(connection)


@pytest.fixture(scope="module")
def kept_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[bytes]:
    """`factories.world`, made once for a file: its rows stay until the last test, each undoes what it wrote on top of them."""
    from django.db import transaction

    from factories.world import small_world

    with django_db_blocker.unblock(), transaction.atomic():
        yield pickle.dumps(small_world())
        transaction.set_rollback(True)


@pytest.fixture
def world(kept_world: bytes, db: None) -> World:
    """Made-up agencies and people, in a database whose guards stand; as they were made, whatever a test did to another."""
    made: World = pickle.loads(kept_world)
    return made


@pytest.fixture(autouse=True)
def refusals_go_with_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """A connection raises the alarm of what the database refused as soon as it stands outside every transaction.

    After a test that is rolled back, that would be in the database of all tests.
    """
    if "db" not in request.fixturenames and request.node.get_closest_marker("django_db") is None:
        yield
        return
    request.getfixturevalue("db")
    yield
    from django.db import connection

    connection.refusals.clear()
