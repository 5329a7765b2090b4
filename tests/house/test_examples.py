"""What docstrings show is what comes out."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import wayhome

SOURCES = Path(wayhome.__file__).parent
WITH_EXAMPLES = sorted(
    ".".join(("wayhome", *path.relative_to(SOURCES).with_suffix("").parts))
    for path in SOURCES.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_come_out_as_shown(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(name.removesuffix(".__init__")))
    assert tried > 0
    assert failed == 0
