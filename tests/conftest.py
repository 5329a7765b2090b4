"""What every test may use: how hard hypothesis tries, and the reference cases that lie beside the checkout."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# No deadline and no complaint about slow generation: a busy machine is no failure.
settings.register_profile("default", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("nightly", settings.get_profile("default"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


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
