"""The page on identification lists every script that attacks a match or a return, with what stops it, and counts them."""

from __future__ import annotations

import re
from pathlib import Path

from trust import test_identification_attacks, test_identification_sql, test_return_attacks, test_return_sql

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "identification-gate.md"
LIES = {name: code for name, (code, _) in test_identification_attacks.ATTACKS.items()}
LISTS = {
    "lies in the laboratory and over a match": LIES,
    "lies on the way home": test_return_attacks.CODES,
    "SQL against a match": {name: code for name, (code, _) in test_identification_sql.RAW.items()},
    "SQL against a return": {name: code for name, (code, _) in test_return_sql.RAW.items()},
}
"""By the heading under which they stand."""


def listed(heading: str) -> dict[str, str]:
    """Scripts under a heading of the page, with what it says of each."""
    part = re.search(rf"^### .*{heading}\n(.*?)(?=^#|\Z)", PAGE.read_text("utf-8"), re.S | re.M)
    assert part is not None, heading
    return dict(re.findall(r"^- (.+): `(\w+)`$", part[1], re.M))


def test_every_script_is_listed_and_no_other() -> None:
    for heading, scripts in LISTS.items():
        assert listed(heading) == scripts, heading


def test_they_are_counted() -> None:
    told = PAGE.read_text("utf-8")
    for heading, scripts in LISTS.items():
        assert f"### {len(scripts)} {heading}\n" in told
    lies = sum(len(scripts) for heading, scripts in LISTS.items() if heading.startswith("lies"))
    every = sum(map(len, LISTS.values()))
    assert f"**{every} scripts**, {lies} of them by lies" in told
    assert lies >= 40
