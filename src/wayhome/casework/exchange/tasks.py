"""What the worker does: what waits goes out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wayhome.casework.core.errors import Refused
from wayhome.casework.exchange import line
from wayhome.casework.exchange.actions.messages import settle
from wayhome.casework.exchange.models import NodeKey, Outgoing
from wayhome.casework.exchange.queries import messages as queries
from wayhome.casework.exchange.rules import messages as rules

AT_ONCE = 50
"""Messages of one round: other jobs wait for it."""


def send_waiting(
    *, own: str, key: Ed25519PrivateKey, certificate: Path, clock: Callable[[], datetime], stopped: Callable[[], bool]
) -> int:
    """Send what waits, each try signed anew; how many arrived. A partner who does not answer is not asked again this round."""
    arrived, silent = 0, set[int]()
    for message in queries.waiting(at=clock())[:AT_ONCE]:
        node = message.case.node
        if stopped() or node.pk in silent:
            continue
        signs = queries.key_of(node)
        if signs is None or signs.certificate is None:
            continue
        receipt, heard = _sent(message, signs, own=own, key=key, certificate=certificate, at=clock())
        if heard in ("timeout", "unreachable", "untrusted"):
            silent.add(node.pk)
        try:
            row = settle(message=message, own=own, receipt=receipt, heard=heard, at=clock())
        except Refused:
            # It stands as a try, with an alarm, and goes out again.
            continue
        arrived += row.receipt is not None
    return arrived


def _sent(
    message: Outgoing, signs: NodeKey, *, own: str, key: Ed25519PrivateKey, certificate: Path, at: datetime
) -> tuple[bytes | None, str]:
    data = rules.signed(queries.envelope_of(message, own=own, at=at), message.body, key=key)
    try:
        return line.post(signs.address, data, own=certificate, known=bytes(signs.certificate or b"")), ""
    except line.NotHeard as error:
        return None, error.heard
