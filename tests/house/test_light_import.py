"""Importing `wayhome.kinship` loads nothing that a name does not need, and asking for a name nothing that is slow to load."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
WITH_A_NAME = ("numpy", "opt_einsum", "defusedxml", "dataclasses", "inspect", "csv", "xml", "importlib.resources")
"""What some names need, and the import alone does not."""


def _loaded(code: str) -> set[str]:
    """Modules loaded after the code in a new interpreter, without those that the interpreter loads by itself."""
    new = f"import sys; before = set(sys.modules)\n{code}\nprint(*sorted(set(sys.modules) - before))"
    return set(subprocess.run([sys.executable, "-c", new], capture_output=True, text=True, check=True).stdout.split())


def test_the_import_alone_loads_next_to_nothing() -> None:
    loaded = _loaded("import wayhome.kinship as k; assert k.__all__")
    assert {name for name in loaded if name.startswith("wayhome")} == {"wayhome", "wayhome.kinship", "wayhome.kinship.provenance"}
    assert not loaded & {*HEAVY, *WITH_A_NAME}


def test_names_need_nothing_slow() -> None:
    loaded = _loaded("from wayhome.kinship import *")
    assert "numpy" in loaded
    assert not loaded & {*HEAVY, "urllib.request", "http.client", "email"}


@pytest.mark.parametrize(
    ("names", "without"),
    [
        ("Pedigree, locus_name, Profile, InputError", {"numpy", "opt_einsum"}),
        ("population, PopulationModel, MutationModel", {"opt_einsum", "wayhome.kinship.likelihood"}),
        ("find, PopulationModel", {"wayhome.kinship.formats", "wayhome.kinship.decision", "wayhome.kinship.evidence"}),
        ("read_profiles", {"opt_einsum", "wayhome.kinship.search", "wayhome.kinship.likelihood"}),
    ],
)
def test_a_name_brings_its_own_room_only(names: str, without: set[str]) -> None:
    assert not _loaded(f"from wayhome.kinship import {names}") & without


def test_the_overview_of_the_command_needs_no_numbers() -> None:
    loaded = _loaded("from wayhome.cli.main import app")
    assert not loaded & {"wayhome.kinship", "numpy", "rich"}
