"""What the tests of file formats share: the example files beside the checkout, and ways to spoil a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from wayhome.kinship.errors import InputError

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def shared_formats() -> Path:
    """Folder of the example files, ../shared/formats beside the checkout: skipped without it, but CI (CI=true) must have it."""
    folder = ROOT.parent / "shared" / "formats"
    if not folder.is_dir():
        message = "the example files are missing: no folder shared/formats beside the checkout"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def spoiled() -> Callable[[st.DataObject, bytes], bytes]:
    """Draws a damaged copy: bytes changed, dropped, put in, a stretch told twice or cut off, or nothing of it left."""

    def spoil(data: st.DataObject, whole: bytes) -> bytes:
        spoilt = bytearray(whole)
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(spoilt)))
            to = data.draw(st.integers(at, min(len(spoilt), at + 60)))
            match data.draw(st.sampled_from(["change", "drop", "put in", "repeat", "cut", "replace all"])):
                case "change" if at < len(spoilt):
                    spoilt[at] = data.draw(st.integers(0, 255))
                case "drop":
                    del spoilt[at:to]
                case "put in":
                    spoilt[at:at] = data.draw(st.binary(max_size=8))
                case "repeat":
                    spoilt[at:at] = spoilt[at:to]
                case "cut":
                    del spoilt[at:]
                case "replace all":
                    spoilt = bytearray(data.draw(st.binary(max_size=200)))
        return bytes(spoilt)

    return spoil


@pytest.fixture(scope="session")
def refused() -> Callable[[Callable[[Path], Any], Path], InputError | None]:
    """Reads a file; the InputError it was refused with, None where it was read. Any other exception fails the test."""

    def read(reader: Callable[[Path], Any], path: Path) -> InputError | None:
        refusal = None
        try:
            reader(path)
        except InputError as error:
            refusal = error
        if refusal is not None:
            assert refusal.file == str(path)
            assert refusal.problem
            assert not refusal.problem.endswith(".")
            assert not refusal.remedy.endswith(".")
            assert len(str(refusal)) < 2000
        return refusal

    return read
