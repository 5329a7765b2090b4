"""A crash at any write leaves the old index or the new one, never half of one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("killed_writer.py")


def _kill(folder: Path, kills: int, seed: int) -> dict[str, object]:
    run = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), str(kills), str(seed)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"WAYHOME_NUMBA": "0"},
    )
    result: dict[str, object] = json.loads(run.stdout)
    return result


def test_a_writer_killed_60_times_leaves_a_whole_index(tmp_path: Path) -> None:
    result = _kill(tmp_path / "index", 60, 1)
    assert result["torn"] == []
    assert result["left_over"] == []
    assert result["killed"] == 60
    # Both kinds of moment were hit: before the change took effect, and after.
    assert result["old"] > 5  # type: ignore[operator]
    assert result["new"] > 5  # type: ignore[operator]


@pytest.mark.slow
def test_a_writer_killed_2000_times_leaves_a_whole_index(tmp_path: Path) -> None:
    result = _kill(tmp_path / "index", 2000, 2)
    assert result["torn"] == result["left_over"] == []
