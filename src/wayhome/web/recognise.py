"""Somebody from what was typed of them: a name in any script, a number, the number of their record; staff by theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, NotFound
from wayhome.casework.operations import actions, queries

LONGEST_RECORD = 6
"""Digits of a record's number; an identity number or a telephone has more."""


def known_to(by: Actor, typed: str, *, field: str) -> Any:
    """The one person on record, of whom the actor may read, who is recognised by this."""
    text = typed.strip()
    if text.isdecimal() and len(text) <= LONGEST_RECORD:
        found = list(queries.persons_of(by).filter(pk=int(text)))
    else:
        found = list(queries.persons_found(text, by)[:2])
    return _one(found, field)


def on_record(by: Actor, typed: str, *, field: str) -> Any:
    """The one person on record, whoever recorded them, who is recognised by this: a household is screened in full. By the number
    of a record only somebody of whom the actor may read."""
    text = typed.strip()
    if text.isdecimal() and len(text) <= LONGEST_RECORD:
        return known_to(by, text, field=field)
    return _one(list(queries.persons_like(text)[:2]), field)


def anybody(by: Actor, typed: str, *, field: str, source: str, at: datetime) -> Any:
    """The one person, whoever recorded them, who is recognised by this; a new record where the actor may make one.

    Whoever comes for a child is screened under every name, also one that this actor may read nothing about.
    """
    text = typed.strip()
    found = list(queries.persons_like(text)[:2])
    if not found and may(by.role, Permission.RECORD_PERSON):
        kind = "id" if any(c.isdigit() for c in text) else "name"
        return actions.record_person(label=text, facts=[(kind, text)], by=by, at=at, source=source)
    return _one(found, field)


def at_work(typed: str, *, field: str) -> Any:
    """The member of staff with this number."""
    try:
        return accounts.staff_member(typed.strip())
    except NotFound:
        raise Invalid({field: "nobody_at_work"}) from None


def _one(found: list[Any], field: str) -> Any:
    if len(found) != 1:
        raise Invalid({field: "several_like_this" if found else "person_unknown"})
    return found[0]
