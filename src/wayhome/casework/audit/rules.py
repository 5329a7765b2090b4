"""The hash chain of audit events: what is hashed and how, and how a chain is checked. Pure.

hash(n) = SHA-256 over the length-prefixed columns of event n, hash(n - 1) among them. A chain alone does not notice that its tail
was cut off, nor that all of it was written anew; a `Head` kept by somebody else does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64
"""What stands where the first event of a chain names the one before."""


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the chain, every column as it is stored.

    Parameters
    ----------
    id : "chain-n".
    chain : code of the jurisdiction whose chain it is.
    n : place in the chain, from 1.
    at : UTC, ISO 8601 with microseconds.
    staff_id, agency_id : who acted; 0 for the system.
    action : "app.verb".
    subject : "kind:id", what it was done to.
    data : JSON with sorted keys; no names of persons, no genotypes.
    """

    id: str
    chain: str
    n: int
    at: str
    staff_id: int
    agency_id: int
    action: str
    subject: str
    child_id: int
    data: str
    prev_hash: str
    hash: str


COLUMNS = tuple(field.name for field in fields(Event))


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a chain at some time."""

    chain: str
    n: int
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a chain is not what it was."""

    chain: str
    n: int
    what: str


def canonical(data: Mapping[str, Any]) -> str:
    """JSON that is the same for the same values."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def stamp(at: datetime) -> str:
    """A moment as it stands in an event."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def event_hash(event: Event) -> str:
    """SHA-256 over every column but the hash itself, each with its name, type and length before it."""
    digest = hashlib.sha256()
    for name, value in asdict(event).items():
        if name != "hash":
            text = f"{name}:{type(value).__name__}:{value}".encode(errors="surrogateescape")
            digest.update(len(text).to_bytes(8, "big") + text)
    return digest.hexdigest()


def next_event(head: Head | None, *, chain: str, **columns: Any) -> Event:
    """The event that follows a chain's head."""
    n = head.n + 1 if head else 1
    blank = Event(id=f"{chain}-{n}", chain=chain, n=n, prev_hash=head.hash if head else GENESIS, hash="", **columns)
    values = asdict(blank)
    values["hash"] = event_hash(blank)
    return Event(**values)


def chain_faults(chain: str, events: Iterable[Event]) -> list[Fault]:
    """What is wrong with a chain's events, told in the order of `n`; whatever stands in a column is looked at, never trusted."""
    faults, prev, n = [], GENESIS, 0
    for event in events:
        n += 1
        if event.n != n or event.id != f"{chain}-{event.n}" or event.chain != chain:
            faults.append(Fault(chain, n, "out of order"))
        if event.prev_hash != prev:
            faults.append(Fault(chain, n, "does not follow the event before"))
        if event.hash != event_hash(event):
            faults.append(Fault(chain, n, "was changed"))
        prev, n = event.hash, event.n if isinstance(event.n, int) else n
    return faults


def head_faults(heads: Sequence[Head], hashes: Mapping[tuple[str, int], str]) -> list[Fault]:
    """Heads kept elsewhere that the chains no longer contain: a tail was cut, or a chain written anew."""
    return [
        Fault(head.chain, head.n, "missing" if (head.chain, head.n) not in hashes else "written anew")
        for head in heads
        if hashes.get((head.chain, head.n)) != head.hash
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    return str(value)
