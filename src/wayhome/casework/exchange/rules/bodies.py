"""What a message says, sealed to the house that is to read it, and as long as others are. Pure.

HPKE (RFC 9180), bound to the message that it is the body of. What is sealed is filled up to whole kibibytes, so that its length
tells little: an answer that says yes is as long as one that says no.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from wayhome.casework.vault.rules import Broken, Place, Purpose, unwrap, wrap

LONGEST = 40 * 1024
"""Bytes of what can be said in one message."""
STEP = 1024
_LENGTH = 4


def is_text(text: str) -> bool:
    """Whether this can be said."""
    return bool(text.strip()) and "\0" not in text and len(text.encode()) <= LONGEST


def written(content: Mapping[str, Any]) -> str:
    """What a message says, as text."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> dict[str, Any]:
    """What it says; Broken where it is not written so."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Broken("not written as a message's content") from error
    if not isinstance(content, dict) or ("text" in content and not isinstance(content["text"], str)):
        raise Broken("not written as a message's content")
    return content


def of(case: str, kind: str, nonce: str) -> str:
    """The message that a body is of."""
    return f"{case} {kind} {nonce}"


def place(nonce: str) -> Place:
    """Where this house keeps its own copy of what it wrote."""
    return Place("exchange_outgoing", "copy", nonce)


def place_of_theirs(key: str) -> Place:
    """Where it keeps what a partner told of a child."""
    return Place("exchange_incoming", "copy", key)


def sealed(text: str, *, to: bytes, of: str) -> str:
    """The body of a message."""
    return base64.b64encode(wrap(filled(text.encode()), public=to, purpose=Purpose.PARTNERS, of=of)).decode()


def opened(body: str, *, private: bytes, of: str) -> str:
    """What it says; Broken where it is of another message, for another house, or was altered."""
    return text_of(unwrap(bytes_of(body), private=private, purpose=Purpose.PARTNERS, of=of))


def bytes_of(body: str) -> bytes:
    """What is sealed in a body."""
    try:
        return base64.b64decode(body.encode(), validate=True)
    except (ValueError, binascii.Error) as error:
        raise Broken("not written as a sealed body") from error


def text_of(plain: bytes) -> str:
    """What was filled up."""
    length = int.from_bytes(plain[:_LENGTH], "big")
    if len(plain) % STEP or length > len(plain) - _LENGTH or any(plain[_LENGTH + length :]):
        raise Broken("not filled up as it must be")
    try:
        text = plain[_LENGTH : _LENGTH + length].decode()
    except UnicodeDecodeError as error:
        raise Broken("no text") from error
    if not is_text(text):
        raise Broken("no text")
    return text


def filled(plain: bytes) -> bytes:
    """Its length, itself, and zeros up to whole kibibytes."""
    whole = len(plain).to_bytes(_LENGTH, "big") + plain
    return whole + bytes(-len(whole) % STEP)
