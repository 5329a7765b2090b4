"""`wayhome node`: what a house needs to speak with partners' houses, and partners on the register."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wayhome import kinship
from wayhome.cli.audit import private_key
from wayhome.cli.house import house, staff_at_work

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

YEARS = 2
"""How long the certificate of a line lasts."""
CODE, SIGN, TLS, CARD = "code", "sign.key", "tls.pem", "card.json"


@dataclass(frozen=True)
class Node:
    """This house, as its partners know it."""

    code: str
    key: Ed25519PrivateKey
    tls: Path
    """Key and certificate of its end of the line."""


def read_node(folder: Path) -> Node:
    """From a folder of `make`."""
    from wayhome.casework.exchange.rules.messages import is_name

    code = ""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        code = (folder / CODE).read_text("ascii").strip()
    if not is_name(code) or not (folder / TLS).is_file():
        raise kinship.InputError("is no folder of a node", "Make one with `wayhome node make`", file=folder)
    return Node(code, private_key(folder / SIGN), folder / TLS)


def make(folder: Path, code: str, address: str) -> None:
    """Keys and a certificate for this house, and the card that its partners put on their registers."""
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    with house():
        from wayhome.casework.exchange.rules import cards
        from wayhome.casework.exchange.rules.messages import is_name
        from wayhome.casework.vault.queries import public_key
        from wayhome.casework.vault.rules import Purpose

        if not is_name(code):
            raise kinship.InputError(f'"{code}" is no name of a node', "Use up to 12 of A-Z, 0-9 and -", field="CODE")
        if not cards.is_address(address):
            raise kinship.InputError(f'"{address}" is no address', "Begin it with https://", field="ADDRESS")
        sealing, searching = public_key(Purpose.PARTNERS), public_key(Purpose.RELATIVES)
    sign, tls = Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(code, tls)
    private = (s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
    keys = cards.Keys(sign.public_key().public_bytes_raw(), sealing, searching, certificate.public_bytes(s.Encoding.DER))
    card = cards.Card(code, address, keys)
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise kinship.InputError("exists already", "A key is never overwritten: name a new folder", file=folder) from None
    pem = tls.private_bytes(*private) + certificate.public_bytes(s.Encoding.PEM)
    for name, text in (
        (CODE, code.encode()),
        (SIGN, sign.private_bytes(*private)),
        (TLS, pem),
        (CARD, cards.written(card).encode()),
    ):
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
    print(f"{folder / CARD}: for the partner; read its fingerprint to each other by another way")
    print(cards.fingerprint(card))


def register(path: Path, agency: str | None, by: str, countersigned: str) -> None:
    """Put a partner's card on the register, or its new keys in place of those before."""
    with house():
        from wayhome.casework.exchange.actions import nodes
        from wayhome.casework.exchange.queries import messages as queries
        from wayhome.casework.exchange.rules import cards

        try:
            card = cards.read(path.read_text("utf-8"))
        except (cards.Unreadable, UnicodeDecodeError):
            raise kinship.InputError("is no card of a node", "Ask the partner for its card.json", file=path) from None
        registrars = staff_at_work(by, "--by"), staff_at_work(countersigned, "--countersigned")
        at = datetime.now(UTC)
        there = queries.node(card.code)
        if there is not None:
            nodes.register_node_key(node=there, address=card.address, keys=card.keys, by=registrars, at=at)
        elif agency is None:
            raise kinship.InputError("is of a new node", "Say with --agency whose it is", file=path)
        else:
            nodes.register_node(card=card, agency=_agency(agency), by=registrars, at=at)
    print(f"{card.code}: on the register. Its fingerprint, which the partner must read to you by another way:")
    print(cards.fingerprint(card))


def new_key(folder: Path) -> None:
    """A later key for sealing: its private half beside the one before, its public half on the card of this house."""
    own = read_node(folder)
    with house():
        from wayhome.casework.exchange.actions.renewing import renew_sealing_key
        from wayhome.casework.exchange.rules import cards
        from wayhome.casework.vault.queries import key_path

        try:
            card = cards.read((folder / CARD).read_text("utf-8"))
        except (OSError, cards.Unreadable, UnicodeDecodeError):
            raise kinship.InputError("is no card of a node", "Put the house's own card back", file=folder / CARD) from None
        made = renew_sealing_key(at=datetime.now(UTC))
        later = replace(card, keys=replace(card.keys, sealing=bytes(made.public)))
        written = folder / f"{CARD}.new"
        written.write_text(cards.written(later), "utf-8")
        written.chmod(0o600)
        written.replace(folder / CARD)
        print(f"{key_path(made.purpose, made.pk)}: keep it where the others are kept, which are needed still")
        print(f"{own.code}: a supervisor tells it to each partner, on the page of a case shared with it")
        print(cards.fingerprint(later))


def take_key(code: str, folder: Path, by: str, countersigned: str) -> None:
    """Put the later key that a partner told in a signed message on the register."""
    own = read_node(folder)
    with house():
        from wayhome.casework.core.errors import Refused
        from wayhome.casework.exchange.actions.renewing import register_told_key
        from wayhome.casework.exchange.queries import messages as queries

        there = queries.node(code)
        if there is None:
            raise kinship.InputError(f'no node has the code "{code}"', "Look it up in the register", field="CODE")
        registrars = staff_at_work(by, "--by"), staff_at_work(countersigned, "--countersigned")
        try:
            register_told_key(node=there, own=own.code, by=registrars, at=datetime.now(UTC))
        except Refused as refused:
            if refused.code != "no_key_told":
                raise
            raise kinship.InputError(
                f"{code} has told no later key under its signature", "Ask it to tell it in a message", field="CODE"
            ) from None
    print(f"{code}: what is written to it is sealed for its later key from now on")


def revoke(code: str, by: str, countersigned: str) -> None:
    """From now on nothing is taken from a partner, and nothing sent."""
    with house():
        from wayhome.casework.exchange.actions import nodes
        from wayhome.casework.exchange.queries import messages as queries

        there = queries.node(code)
        last = None if there is None else queries.key_of(there)
        if there is None or last is None:
            raise kinship.InputError(f'no node has the code "{code}"', "Look it up in the register", field="CODE")
        registrars = staff_at_work(by, "--by"), staff_at_work(countersigned, "--countersigned")
        nodes.register_node_key(node=there, address=last.address, keys=None, by=registrars, at=datetime.now(UTC))
    print(f"{code}: nothing is taken from it any more")


def _agency(code: str) -> Any:
    from wayhome.casework.core.errors import NotFound
    from wayhome.casework.exchange.queries import messages as queries

    try:
        return queries.partner_agency(code)
    except NotFound:
        raise kinship.InputError(f'no partner has the code "{code}"', "Look it up in the register", field="--agency") from None


def _certificate(code: str, key: Any) -> Any:
    """Signed by itself: who it is of stands on partners' registers."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, code)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    made = made.not_valid_after(now + timedelta(days=365 * YEARS))
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    return made.sign(key, hashes.SHA256())
