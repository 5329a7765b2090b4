"""Sealing: what a field holds, under a key of one person, bound to the field and the row that it stands in.

AES-256-GCM (NIST SP 800-38D) with a random nonce; a key is wrapped for one purpose of the house by HPKE (RFC 9180: X25519,
HKDF-SHA256, AES-256-GCM), so that whoever may write for a purpose need not be able to read.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_FORM = b"\x01"
_NONCE = 12


class Purpose(StrEnum):
    """For whose eyes keys are wrapped."""

    CHILDREN = "children"
    """Profiles of rescued children, and what analysts read of a candidate."""
    RELATIVES = "relatives"
    """Profiles of relatives: the search alone opens them."""
    PARTNERS = "partners"
    """What partners' houses write to this one, and what it wrote to them."""


class Broken(Exception):
    """What is sealed was altered, moved to another place, or sealed with another key."""


class Locked(Exception):
    """This process may not, or cannot, open what is kept for a purpose."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something sealed stands: it opens nowhere else."""

    table: str
    column: str
    row: str

    def told(self) -> bytes:
        """As associated data: no two places are told alike."""
        return json.dumps([self.table, self.column, self.row]).encode()


def new_key() -> bytes:
    """A key for one person: 32 random bytes."""
    return AESGCM.generate_key(256)


def seal(plain: bytes, *, key: bytes, place: Place) -> bytes:
    """`plain`, sealed for its place."""
    nonce = secrets.token_bytes(_NONCE)
    return _FORM + nonce + AESGCM(key).encrypt(nonce, plain, place.told())


def unseal(sealed: bytes, *, key: bytes, place: Place) -> bytes:
    """What was sealed.

    Raises
    ------
    Broken
        if a bit was changed, or it stands in another place or under another key than it was sealed for.
    """
    if sealed[:1] != _FORM:
        raise Broken("sealed in a form that is not known")
    try:
        return AESGCM(key).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], place.told())
    except (InvalidTag, ValueError) as error:
        raise Broken("altered, moved or sealed with another key") from error


def wrap(key: bytes, *, public: bytes, purpose: str, of: str) -> bytes:
    """A person's key, for whoever holds the private half of the house's key."""
    return _SUITE.encrypt(key, X25519PublicKey.from_public_bytes(public), info=_info(purpose, of))


def unwrap(wrapped: bytes, *, private: bytes, purpose: str, of: str) -> bytes:
    """The person's key; Broken where it is another's or was altered."""
    try:
        return _SUITE.decrypt(wrapped, X25519PrivateKey.from_private_bytes(private), info=_info(purpose, of))
    except (InvalidTag, ValueError) as error:
        raise Broken("the key was altered, or is another's") from error


def new_house_key() -> tuple[bytes, bytes]:
    """The private and public half of a key of the house, 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def public_half(private: bytes) -> bytes:
    """Of a private half."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def derived(private: bytes, label: str) -> bytes:
    """A secret from a private half, for one use (HKDF, RFC 5869)."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=json.dumps(["wayhome derived", label]).encode()).derive(private)


def fingerprint(public: bytes) -> str:
    """How a key of the house is called: 16 hexadecimal digits."""
    return hashlib.sha256(public).hexdigest()[:16]


def _info(purpose: str, of: str) -> bytes:
    return json.dumps(["wayhome key", purpose, of]).encode()
