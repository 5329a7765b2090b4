"""A page on what was tried lists every script, with what stops it, and counts them: on identification, and on clues."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trust import (
    test_clue_attacks,
    test_clue_sql,
    test_identification_attacks,
    test_identification_sql,
    test_return_attacks,
    test_return_sql,
)

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "explanation"
PAGES = {
    "identification-gate.md": {
        "lies in the laboratory and over a match": {
            name: code for name, (code, _) in test_identification_attacks.ATTACKS.items()
        },
        "lies on the way home": test_return_attacks.CODES,
        "SQL against a match": {name: code for name, (code, _) in test_identification_sql.RAW.items()},
        "SQL against a return": {name: code for name, (code, _) in test_return_sql.RAW.items()},
    },
    "clues-gate.md": {
        "lies to read a clue": {name: code for name, (code, _) in test_clue_attacks.READING.items()},
        "lies in a clue": {name: code for name, (code, _) in test_clue_attacks.WRITING.items()},
        "lies over pairs, compartments and openings": {name: code for name, (code, _) in test_clue_attacks.SIDES.items()},
        "SQL against clues": {name: code for name, (code, _) in test_clue_sql.RAW.items()},
    },
}
"""By page, and by the heading under which they stand."""


def listed(told: str, heading: str) -> dict[str, str]:
    """Scripts under a heading of a page, with what it says of each."""
    part = re.search(rf"^### .*{heading}\n(.*?)(?=^#|\Z)", told, re.S | re.M)
    assert part is not None, heading
    return dict(re.findall(r"^- (.+): `(\w+)`$", part[1], re.M))


@pytest.mark.parametrize("name", PAGES)
def test_every_script_is_listed_and_no_other(name: str) -> None:
    told = (FOLDER / name).read_text("utf-8")
    for heading, scripts in PAGES[name].items():
        assert listed(told, heading) == scripts, heading


@pytest.mark.parametrize("name", PAGES)
def test_they_are_counted(name: str) -> None:
    told = (FOLDER / name).read_text("utf-8")
    for heading, scripts in PAGES[name].items():
        assert f"### {len(scripts)} {heading}\n" in told
    lies = sum(len(scripts) for heading, scripts in PAGES[name].items() if heading.startswith("lies"))
    every = sum(map(len, PAGES[name].values()))
    assert f"**{every} scripts**, {lies} of them by lies" in told
    assert lies >= 40
