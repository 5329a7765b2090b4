"""An index of the test's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def index(settings: Any, tmp_path: Path) -> Path:
    """Where the search keeps it."""
    settings.WAYHOME_INDEX = tmp_path / "index"
    return tmp_path / "index"
