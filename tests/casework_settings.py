"""Settings of the test run: the house's own, on a database of its own. WAYHOME_TEST_DATABASE=postgresql runs it on PostgreSQL."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = Path(tempfile.mkdtemp(prefix="wayhome-test-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["WAYHOME_SECRET_FILE"] = str(_folder / "secret.key")
os.environ["WAYHOME_ROLE"] = "owner"
if os.environ.get("WAYHOME_TEST_DATABASE") == "postgresql":
    from factories.postgres import cluster_url

    os.environ["WAYHOME_DATABASE"] = cluster_url()
else:
    os.environ["WAYHOME_DATABASE"] = str(_folder / "wayhome.sqlite3")

from wayhome.config.settings import *  # noqa: E402, F403
from wayhome.config.settings import DATABASES  # noqa: E402

# Tables are made at once, as for a demonstration; tests/cli/test_migrate.py holds them to those of the migrations.
DATABASES["default"]["TEST"] = {"MIGRATE": False}
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, not memory: what a second connection sees must be real.
    DATABASES["default"]["TEST"]["NAME"] = str(_folder / "test.sqlite3")
