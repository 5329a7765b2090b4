"""The page on partners' houses lists every script that attacks what goes between two, with what stops it, and counts them."""

from __future__ import annotations

import re
from pathlib import Path

from trust import test_partner_attacks, test_partner_sql

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "partner-gate.md"
LISTS = {
    "lies between two houses": {name: code for name, (code, _) in test_partner_attacks.ATTACKS.items()},
    "SQL between two houses": {name: code for name, (code, _) in test_partner_sql.RAW.items()},
}
"""By the heading under which they stand."""


def listed(heading: str) -> dict[str, str]:
    """Scripts under a heading of the page, with what it says of each."""
    part = re.search(rf"^### .*{heading}\n(.*?)(?=^#|\Z)", PAGE.read_text("utf-8"), re.S | re.M)
    assert part is not None, heading
    return dict(re.findall(r"^- (.+): `(\w+)`$", part[1], re.M))


def test_every_script_is_listed_counted_and_no_other() -> None:
    told = PAGE.read_text("utf-8")
    for heading, scripts in LISTS.items():
        assert listed(heading) == scripts, heading
        assert f"### {len(scripts)} {heading}\n" in told
    lies, every = len(LISTS["lies between two houses"]), sum(map(len, LISTS.values()))
    assert f"**{every} scripts**, {lies} of them by lies" in told
