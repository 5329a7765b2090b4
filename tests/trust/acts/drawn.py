"""Cases of partners' houses: much in a message is drawn by lot."""

from __future__ import annotations

import re
from typing import Any

from trust.acts.bench import Bench

DRAWN = re.compile(
    r"\b[0-9a-f]{64}\b|\b[0-9a-f]{32}\b|\b[0-9a-f]{16}\b|(?<=body=)'[^']*'…'[^']*'|(?<=certificate=)\d+ bytes"
    r"|(?<=node_id=\d, sealed=)\d+ bytes|(?<=sketch=)'[^']*'…'[^']*' of \d+"
)
"""What is drawn anew each time: nonces, the keys of houses, what is sealed and signed by them, and the sketch of a sample, made
under a key of the house; the length of a certificate, whose serial number begins with a zero in one of 128, and that of a canary,
whose alleles have names of one digit or more."""


class DrawnBench(Bench):
    """What is drawn by lot in a message is not told: what it says is beside it."""

    def effect(self, case: Any) -> str:
        told = super().effect(case).splitlines()
        return "\n".join(DRAWN.sub("(drawn)", line) if "exchange" in line or "vault_" in line else line for line in told)
