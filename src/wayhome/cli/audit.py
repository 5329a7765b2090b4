"""`wayhome audit`: whether anything was altered, and the heads that another organisation keeps."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wayhome import kinship
from wayhome.cli.house import house
from wayhome.cli.wording import counted, printable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SHOWN = 20


def verify(heads: Path | None, key: Path | None) -> None:
    """Check every chain, and the heads in a file against it; InputError where a fault is found."""
    if (heads is None) != (key is None):
        raise kinship.InputError("--heads and --key go together", "Name the file of heads and the public key that signed it")
    with house(ready=False):
        from wayhome.casework.audit import queries

        kept = None
        if heads is not None and key is not None:
            try:
                kept = queries.read_heads(heads, public_key(key))
            except ValueError as error:
                raise kinship.InputError(str(error), "Ask whoever keeps the heads for the file as it was") from error
        found = queries.verify_chain(kept)
    told = f"{counted(found.events, 'event')} in {counted(found.chains, 'chain')}"
    if found.ok:
        against = f", and {counted(found.heads, 'head')} kept elsewhere" if kept is not None else ""
        print(f"{told} verified{against}: nothing was altered")
        return
    for fault in found.faults[:SHOWN]:
        print(printable(f"{fault.chain} {fault.n}: {fault.what}"))
    raise kinship.InputError(
        f"{counted(len(found.faults), 'fault')} in {told}", "Keep the file as it is, stop the house and call the auditor"
    )


def export_heads(path: Path, key: Path) -> None:
    """Append the signed head of every chain to a file."""
    with house():
        from wayhome.casework.audit import actions
        from wayhome.casework.core.actors import SYSTEM

        heads = actions.export_heads(path=path, key=private_key(key), by=SYSTEM, at=datetime.now(UTC))
    print(f"{path}: {counted(len(heads), 'head')} added. Give the file to an organisation that does not keep this house")


def new_key(path: Path) -> None:
    """Write a new Ed25519 key: the private part to `path`, readable by its owner alone, the public part beside it."""
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = path.with_name(path.name + ".pub")
    made = Ed25519PrivateKey.generate()
    private_text = made.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
    public_text = made.public_key().public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo)
    for file, text, mode in ((path, private_text, 0o600), (public, public_text, 0o644)):
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError:
            raise kinship.InputError("exists already", "A key is never overwritten: name a new file", file=file) from None
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(text)
    print(f"{path}: private; whoever exports heads keeps it, and nobody else")
    print(f"{public}: public; whoever verifies needs it")


def private_key(path: Path) -> Ed25519PrivateKey:
    """From a file of `new_key`."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    with contextlib.suppress(ValueError, TypeError):
        key = load_pem_private_key(path.read_bytes(), password=None)
        if isinstance(key, Ed25519PrivateKey):
            return key
    raise kinship.InputError("holds no private key", "Make one with `wayhome audit new-key`", file=path)


def public_key(path: Path) -> Ed25519PublicKey:
    """From a file of `new_key`."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    with contextlib.suppress(ValueError):
        key = load_pem_public_key(path.read_bytes())
        if isinstance(key, Ed25519PublicKey):
            return key
    raise kinship.InputError("holds no public key", "Name the file that ends in .pub", file=path)
