"""One message between two houses: what is signed, how it is written, when it is taken. Pure.

A message is an envelope and a body. The signature (Ed25519, RFC 8032) is over the envelope, which has the body's digest. Each try
is signed anew with its own time, while number, nonce and body stay: so a message is known again however often it comes. A receipt
is signed by the receiver over the message's number, nonce and digest, and is the same each time.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

WRITTEN = ("notice", "question", "answer")
"""What people write."""
KINDS = (*WRITTEN, "package", "dna", "dna_answer", "ended", "opened", "key")
ASKED_BY = {"answer": "question", "dna_answer": "dna"}
"""Kinds that are to a message of the other side, and of which kind that is."""
LONGEST = 64 * 1024
"""Bytes of a body."""
SKEW = timedelta(minutes=5)
"""How far the clocks of two houses, with the way between them, may be apart."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
_FORM, _RECEIPT = b"wayhome message 1", b"wayhome receipt 1"
_NAME = re.compile(r"[A-Z0-9][A-Z0-9-]{0,11}")
_CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{0,39}")
_NONCE = re.compile(r"[0-9a-f]{32}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")


class Malformed(ValueError):
    """These bytes are no message."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is signed of a message.

    Parameters
    ----------
    sender, receiver : codes of two nodes.
    case : the number under which both know the case.
    sequence : place among the sender's messages of this case, from 1.
    nonce : 128 random bits in hex.
    digest : SHA-256 of the body, in hex.
    """

    sender: str
    receiver: str
    case: str
    kind: str
    sequence: int
    nonce: str
    sent_at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it came: nothing of it is true before `fault` says so."""

    envelope: Envelope
    body: str
    signature: bytes


def is_name(code: str) -> bool:
    """Whether a node may be called so."""
    return bool(_NAME.fullmatch(code))


def is_case(number: str) -> bool:
    """Whether two houses may call a case so."""
    return bool(_CASE.fullmatch(number))


def is_body(body: str) -> bool:
    """Whether this can be sent, and kept by either engine."""
    return len(body.encode()) <= LONGEST and "\0" not in body


def digest_of(body: str) -> str:
    """SHA-256 of a body, in hex."""
    return hashlib.sha256(body.encode()).hexdigest()


def signed(envelope: Envelope, body: str, *, key: Ed25519PrivateKey) -> bytes:
    """A message as it goes out, signed."""
    told = _told(envelope) | {"body": body, "signature": key.sign(_bytes(_FORM, _told(envelope))).hex()}
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def read(data: bytes) -> Message:
    """A message from the bytes that came.

    Raises
    ------
    Malformed
        where they are anything but the one way of writing a message.
    """
    # Escapes make six bytes of one, and the envelope is short.
    if len(data) > 6 * LONGEST + 4096:
        raise Malformed("too long")
    try:
        told = json.loads(data.decode())
        body, signature = told.pop("body"), bytes.fromhex(told.pop("signature"))
        envelope = Envelope(**told | {"sent_at": datetime.fromisoformat(_matching(_MOMENT, told["sent_at"]))})
        again = json.dumps(
            _told(envelope) | {"body": body, "signature": signature.hex()},
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Malformed("not written as a message") from error
    if again != data or not isinstance(body, str) or not is_body(body) or len(signature) != 64:
        raise Malformed("not written as a message")
    whole = isinstance(envelope.sequence, int) and not isinstance(envelope.sequence, bool)
    if not whole or not 1 <= envelope.sequence < 2**31 or envelope.kind not in KINDS:
        raise Malformed("no number or kind of a message")
    for form, value in ((_NAME, envelope.sender), (_NAME, envelope.receiver), (_CASE, envelope.case), (_NONCE, envelope.nonce)):
        _matching(form, value)
    return Message(envelope, body, signature)


def fault(message: Message, *, own: str, public: bytes, at: datetime) -> str:
    """Why a message is not taken, before anything of this house is looked up for it; "" if it may be.

    Parameters
    ----------
    public : the sender's key that counts now.
    """
    envelope = message.envelope
    if not _verifies(public, message.signature, _bytes(_FORM, _told(envelope))):
        return "message_not_signed"
    if envelope.receiver != own:
        return "not_for_us"
    if envelope.digest != digest_of(message.body):
        return "message_altered"
    if abs(at - envelope.sent_at) > SKEW:
        return "message_skewed"
    return ""


def is_signed(message: Message, *, public: bytes) -> bool:
    """Whether a message that was taken is still as its sender signed it."""
    return _verifies(public, message.signature, _bytes(_FORM, _told(message.envelope)))


def receipt(envelope: Envelope, *, key: Ed25519PrivateKey) -> bytes:
    """That the receiver has it: the same bytes whenever it is asked for."""
    return key.sign(_bytes(_RECEIPT, _kept(envelope)))


def is_receipt(told: bytes, envelope: Envelope, *, public: bytes) -> bool:
    """Whether that is the receiver's word for this very message."""
    return _verifies(public, told, _bytes(_RECEIPT, _kept(envelope)))


def gaps(sequences: Iterable[int]) -> list[int]:
    """Numbers of messages that were sent, since later ones came, and did not come.

    >>> gaps([1, 2, 5])
    [3, 4]
    """
    there = set(sequences)
    return [n for n in range(1, max(there, default=0)) if n not in there]


def next_try(tries: int, last: datetime) -> datetime:
    """When a message that did not arrive goes out again: after a minute, then twice as long each time, at most an hour."""
    return last + min(FIRST_WAIT * (1 << min(tries - 1, 10)), LONGEST_WAIT)


def _told(envelope: Envelope) -> dict[str, Any]:
    return _kept(envelope) | {"sent_at": envelope.sent_at.astimezone(UTC).isoformat(timespec="microseconds")}


def _kept(envelope: Envelope) -> dict[str, Any]:
    """What is the same in each try."""
    names = ("sender", "receiver", "case", "kind", "sequence", "nonce", "digest")
    return {name: getattr(envelope, name) for name in names}


def _bytes(form: bytes, told: dict[str, Any]) -> bytes:
    """Each value with its name and length before it, so that nothing can move from one into the next."""
    parts = [form, *(f"{name}:{told[name]}".encode() for name in sorted(told))]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _verifies(public: bytes, signature: bytes, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except InvalidSignature:
        return False
    return True


def _matching(form: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Malformed("a value is not written as it must be")
    return value
