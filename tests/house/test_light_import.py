"""Importing `wayhome.kinship` brings in what a likelihood needs, and nothing that is slow to load."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "scipy",
    "rich",
    "typer",
    "click",
    "hypothesis",
    "pydantic",
    "pandas",
    "matplotlib",
    "numba",
    "dask",
    "distributed",
    "django",
    "pypinyin",
    "anyascii",
    "rapidfuzz",
)


def test_import_stays_light() -> None:
    code = f"import sys, wayhome.kinship as k; print(k.__all__); print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    offered, heavy = done.stdout.splitlines()
    assert offered != "[]"
    assert heavy == "[]"
