"""Keys are made and ended; whoever calls does so inside the transaction that makes, or takes away, what they seal."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import DEFAULT_DB_ALIAS

from wayhome.casework.core.bulk import insert_many
from wayhome.casework.core.errors import Refused
from wayhome.casework.vault import rules
from wayhome.casework.vault.models import DataKey, DataKeyEnd, HouseKey
from wayhome.casework.vault.queries import key_path, newest_key
from wayhome.casework.vault.rules import Purpose


def make_house_keys(*, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """A pair for each purpose that has none: the private half into a file, then the public one into the database.

    Returns
    -------
    Fingerprints of those that were made.
    """
    there = set(HouseKey.objects.using(using).values_list("purpose", flat=True))
    made = []
    for purpose in Purpose:
        if purpose in there:
            continue
        made.append(_made(purpose, using=using, at=datetime.now(UTC)).pk)
    return made


def renew_house_key(purpose: Purpose, *, at: datetime) -> HouseKey:
    """A later pair for a purpose; the database lets it be for partners alone. Those before it still open what they sealed."""
    return _made(purpose, using=DEFAULT_DB_ALIAS, at=at)


def _made(purpose: Purpose, *, using: str, at: datetime) -> HouseKey:
    private, public = rules.new_house_key()
    name = rules.fingerprint(public)
    path = key_path(purpose, name)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(private.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return HouseKey.objects.using(using).create(id=name, purpose=purpose, public=public, at=at)


def make_key(*, purpose: Purpose, of: str, at: datetime) -> bytes:
    """A key for what belongs to somebody; the database refuses a second one, and one that was ended."""
    return make_keys(purpose=purpose, of=[of], at=at)[of]


def make_keys(*, purpose: Purpose, of: Sequence[str], at: datetime) -> dict[str, bytes]:
    """A key for each of many."""
    house = newest_key(purpose)
    public = bytes(house.public)
    keys = {one: rules.new_key() for one in of}
    insert_many(
        DataKey(of=one, house_key=house, wrapped=rules.wrap(key, public=public, purpose=purpose, of=one), at=at)
        for one, key in keys.items()
    )
    return keys


def end_key(*, of: str, by_id: int | None, at: datetime) -> None:
    """A key is no more: whatever it sealed cannot be read again, here or in a copy kept without its keys."""
    DataKeyEnd.objects.create(of=of, by_id=by_id, at=at)
    gone, _ = DataKey.objects.filter(of=of).delete()
    if gone != 1:
        raise Refused(["key_unknown"])
