"""What a house tells a partner of itself, once, on a card whose fingerprint both read to each other by another way. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.x509 import load_der_x509_certificate

from wayhome.casework.exchange.rules.messages import is_name

KEY = 32
"""Bytes of the public half of a key of either kind."""
LONGEST_CERTIFICATE = 4096
_FORM = "wayhome node 1"
_NAMES = ("public", "sealing", "searching", "certificate")
_HEX = re.compile(r"(?:[0-9a-f]{2})+")


class Unreadable(ValueError):
    """This is no card."""


@dataclass(frozen=True, slots=True)
class Keys:
    """By what a node is known.

    Parameters
    ----------
    public : Ed25519, verifies its messages and receipts.
    sealing : X25519, what is written to it is sealed for this.
    searching : X25519, what its search alone opens is sealed for this.
    certificate : of its end of the line (X.509, DER): the one certificate, and nobody who vouches for it.
    """

    public: bytes
    sealing: bytes
    searching: bytes
    certificate: bytes


@dataclass(frozen=True, slots=True)
class Card:
    """A node as it tells of itself."""

    code: str
    address: str
    keys: Keys


def fault(keys: Keys) -> str:
    """Which of them cannot be used; "" if all can."""
    try:
        Ed25519PublicKey.from_public_bytes(keys.public)
        for one in (keys.sealing, keys.searching):
            X25519PublicKey.from_public_bytes(one)
    except (ValueError, UnsupportedAlgorithm):
        return "not_a_key"
    try:
        load_der_x509_certificate(keys.certificate)
    except ValueError:
        return "not_a_certificate"
    return "" if len(keys.certificate) <= LONGEST_CERTIFICATE else "not_a_certificate"


def is_address(address: str) -> bool:
    """Whether messages can be sent there."""
    if len(address) > 200 or not address.isascii() or not address.isprintable() or " " in address:
        return False
    try:
        told = urlsplit(address)
        return told.scheme == "https" and bool(told.hostname) and told.port != 0 and not told.username
    except ValueError:
        return False


def written(card: Card) -> str:
    """A card as a file."""
    told = {"form": _FORM, "code": card.code, "address": card.address}
    keys = {name: value.hex() for name, value in asdict(card.keys).items()}
    return json.dumps(told | keys, indent=1) + "\n"


def read(text: str) -> Card:
    """A card from a file; Unreadable where it is none."""
    try:
        told = json.loads(text)
        if set(told) != {"form", "code", "address", *_NAMES} or told["form"] != _FORM:
            raise Unreadable("no card of a node")
        for name in _NAMES:
            if not _HEX.fullmatch(told[name]):
                raise Unreadable(f"{name} is not written as it must be")
        card = Card(told["code"], told["address"], Keys(**{name: bytes.fromhex(told[name]) for name in _NAMES}))
        if not is_name(card.code) or not is_address(card.address) or fault(card.keys):
            raise Unreadable("a value is not what it must be")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unreadable("no card of a node") from error
    return card


def fingerprint(card: Card) -> str:
    """What two people read to each other: 160 bits in eight groups."""
    told = json.dumps([card.code, card.address, *(value.hex() for value in asdict(card.keys).values())])
    digits = hashlib.sha256(told.encode()).hexdigest()[:40].upper()
    return " ".join(digits[i : i + 5] for i in range(0, 40, 5))
