"""Keys opened, as far as this process may, and whether the house has those that it needs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from wayhome.casework.core.readiness import Problem
from wayhome.casework.vault import rules
from wayhome.casework.vault.models import DataKey, HouseKey
from wayhome.casework.vault.rules import Broken, Locked, Purpose

_AT_ONCE = 500


def opened(purpose: Purpose, of: Iterable[str]) -> dict[str, bytes]:
    """Keys by whose they are; whoever has none, or none any more, is left out.

    Raises
    ------
    Locked
        if this process does not open what is kept for the purpose.
    Broken
        if a key was altered, or is another's.
    """
    private = _privates(purpose)
    asked = sorted(set(of))
    found: dict[str, bytes] = {}
    for first in range(0, len(asked), _AT_ONCE):
        rows = DataKey.objects.filter(of__in=asked[first : first + _AT_ONCE], house_key__purpose=purpose)
        for key_of, house_key, wrapped in rows.values_list("of", "house_key_id", "wrapped"):
            if house_key not in private:
                raise Locked(f"the private key {key_path(purpose, house_key).name} is missing")
            found[key_of] = rules.unwrap(bytes(wrapped), private=private[house_key], purpose=purpose, of=key_of)
    return found


def unwrapped(purpose: Purpose, wrapped: bytes, *, of: str) -> bytes:
    """What another house sealed for one of this house's purposes; raises as `unwrapped_by`."""
    return unwrapped_by(purpose, wrapped, of=of)[0]


def unwrapped_by(purpose: Purpose, wrapped: bytes, *, of: str) -> tuple[bytes, str]:
    """The same, and the house's key that it was sealed for.

    Raises
    ------
    Locked
        if this process does not open what is kept for the purpose.
    Broken
        if it was altered, or is for somebody else.
    """
    found = _privates(purpose)
    if not found:
        raise Locked(f"the private key for {purpose} is missing")
    for name, private in found.items():
        with contextlib.suppress(Broken):
            return rules.unwrap(wrapped, private=private, purpose=purpose, of=of), name
    raise Broken("altered, or for somebody else")


def derived(purpose: Purpose, label: str) -> bytes:
    """A secret that only who opens the purpose has, the same each time."""
    found = _privates(purpose)
    if not found:
        raise Locked(f"the private key for {purpose} is missing")
    return rules.derived(found[min(found)], label)


def newest_key(purpose: Purpose) -> HouseKey:
    """The house's key that counts for a purpose."""
    found = HouseKey.objects.filter(purpose=purpose).order_by("-at", "pk").first()
    if found is None:
        raise Locked(f"the house has no key for {purpose}")
    return found


def public_key(purpose: Purpose) -> bytes:
    """With which others seal for one of this house's purposes."""
    return bytes(newest_key(purpose).public)


def key_path(purpose: str, fingerprint: str) -> Path:
    """The file with the private half of a key of the house."""
    return Path(settings.WAYHOME_KEYS) / f"{purpose}-{fingerprint}.key"


def read_private(path: Path) -> bytes:
    """The private half in a file; Broken where it holds none."""
    try:
        return bytes.fromhex(path.read_text("ascii").strip())
    except ValueError as error:
        raise Broken(f"{path} holds no key") from error


def _privates(purpose: Purpose) -> Mapping[str, bytes]:
    if purpose not in settings.WAYHOME_OPENS:
        raise Locked(f"this process does not open what is kept for {purpose}")
    keys = HouseKey.objects.filter(purpose=purpose).values_list("pk", flat=True)
    return {key: read_private(path) for key in keys if (path := key_path(purpose, key)).is_file()}


def problems(connection: Any) -> Iterator[Problem]:
    """Keys of the house that are missing here, or are not what they are called."""
    standing = list(HouseKey.objects.using(connection.alias).order_by("at", "pk").values_list("purpose", "pk"))
    for purpose in Purpose:
        if purpose not in dict(standing):
            yield Problem(f"the house has no key for {purpose}", "Run `wayhome migrate`")
    for of, name in standing:
        if of in settings.WAYHOME_OPENS:
            path = key_path(of, name)
            mend = "Put it back from where it is kept, or name its folder in WAYHOME_KEYS"
            try:
                told = rules.fingerprint(rules.public_half(read_private(path)))
            except (OSError, Broken, ValueError):
                yield Problem(f"the private key {path} is missing or cannot be read", mend)
            else:
                if told != name:
                    yield Problem(f"{path} is another key than it is called", mend)
