"""A house's later key for sealing, and what a partner is told of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

KNOWN_FOR = timedelta(days=60)
"""How long a partner has known of a later key before nothing that is sealed for the one before it is taken: time for two of its
registrars, and for what it had already written."""
OLD = "sealed_for_old_key"
"""What it hears then. The same message never arrives: its body stays as it was sealed, and is written anew."""
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Later:
    """Which of the teller's keys for sealing it is, from 2 on, and the key."""

    n: int
    sealing: bytes


def told(later: Later) -> dict[str, Any]:
    """As a message says it."""
    return {"n": later.n, "sealing": later.sealing.hex()}


def known(content: Mapping[str, Any]) -> Later | None:
    """What a message said; None where that is no key."""
    n, sealing = content.get("n"), content.get("sealing")
    if not isinstance(n, int) or isinstance(n, bool) or not 1 < n <= _MOST or not isinstance(sealing, str) or len(sealing) != 64:
        return None
    try:
        key = bytes.fromhex(sealing)
        X25519PublicKey.from_public_bytes(key)
    except ValueError:
        return None
    return Later(n, key) if key.hex() == sealing else None
