"""Read events, check chains, list alarms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Q, QuerySet

from wayhome.casework.audit import rules
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.backends.unreadable import any_text
from wayhome.casework.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of all chains found."""

    chains: int
    events: int
    heads: int
    faults: tuple[rules.Fault, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was altered, as far as it can be told."""
        return not self.faults


def head(chain: str, *, using: str = DEFAULT_DB_ALIAS) -> rules.Head | None:
    """The last event of a chain. Plain SQL, for it is asked before every write of the house."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT n, hash FROM audit_auditevent WHERE chain = %s ORDER BY n DESC LIMIT 1", [chain])
        row = cursor.fetchone()
    return rules.Head(chain, *row) if row else None


def heads() -> list[rules.Head]:
    """The last event of every chain."""
    found = (head(chain) for chain in chains())
    return [one for one in found if one is not None]


def chains(*, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Every chain there is."""
    # From one name to the next in the index: there are few chains, and very many events.
    with connections[using].cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE names (chain) AS (SELECT MIN(chain) FROM audit_auditevent UNION ALL"
            " SELECT (SELECT MIN(e.chain) FROM audit_auditevent e WHERE e.chain > names.chain) FROM names"
            " WHERE names.chain IS NOT NULL) SELECT chain FROM names WHERE chain IS NOT NULL"
        )
        return sorted(name for (name,) in cursor.fetchall())


def events(using: str = DEFAULT_DB_ALIAS) -> Iterator[rules.Event]:
    """All events, chain after chain, each in order, straight from the table."""
    rows = AuditEvent.objects.using(using).order_by("chain", "n").values_list(*rules.COLUMNS)
    return (rules.Event(*row) for row in rows.iterator(chunk_size=2000))


def verify_chain(kept: list[rules.Head] | None = None, *, using: str = DEFAULT_DB_ALIAS) -> Verification:
    """Check every event of every chain, and the heads that somebody kept, if given.

    A row that cannot be read as text is a fault like any other; where the file itself is broken, the check ends with a fault.
    """
    faults: list[rules.Fault] = []
    hashes: dict[tuple[str, int], str] = {}
    wanted = {(one.chain, one.n) for one in kept or ()}
    names = count = 0

    def noted(chain_events: Iterator[rules.Event]) -> Iterator[rules.Event]:
        nonlocal count
        for event in chain_events:
            count += 1
            if (event.chain, event.n) in wanted:
                hashes[event.chain, event.n] = event.hash
            yield event

    try:
        with any_text(connections[using]):
            for chain, chain_events in groupby(events(using), key=lambda event: event.chain):
                names += 1
                faults += rules.chain_faults(chain, noted(chain_events))
    except DatabaseError as error:
        faults.append(rules.Fault("", count + 1, f"cannot be read ({error})"))
    faults += rules.head_faults(kept or (), hashes)
    return Verification(names, count, len(kept or ()), tuple(faults))


def read_heads(path: Path, key: Ed25519PublicKey) -> list[rules.Head]:
    """Heads from a file of `actions.export_heads`.

    Raises
    ------
    ValueError
        names the line that is broken or not signed with this key.
    """
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            told = json.loads(line)
            signature = bytes.fromhex(told.pop("signature"))
            key.verify(signature, rules.canonical(told).encode())
            found.append(rules.Head(told["chain"], told["n"], told["hash"]))
        except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature) as error:
            raise ValueError(f"{path}, line {number}: no head signed with this key ({type(error).__name__})") from error
    return found


def open_alarms(actor: Actor) -> QuerySet[Alarm]:
    """Alarms not answered yet that concern an actor: of the own agency or below the own jurisdiction, gravest first.

    One that names no agency is for those who oversee its place; one of the system itself, for those who run and audit it too.
    """
    concern = Q(agency_id=actor.agency_id)
    if actor.role in ("administrator", "auditor", "supervisor"):
        concern |= Q(agency_id=0, child_id=0, jurisdiction="/")
    if actor.oversees:
        concern |= Q(jurisdiction__startswith=actor.jurisdiction)
    return Alarm.objects.filter(concern, answer__isnull=True).order_by("-level", "-at")


def child_events(child_id: int) -> QuerySet[AuditEvent]:
    """Everything that was done to or read of a child's file."""
    return AuditEvent.objects.filter(child_id=child_id).order_by("at", "chain", "n")


def latest_events(by: Actor, *, before: str = "", limit: int = 100) -> list[AuditEvent]:
    """The events of the chains that an auditor reads, the latest first; `before` is the time of the last one seen."""
    rows = AuditEvent.objects.filter(chain__in=chains_of(by))
    rows = rows.filter(at__lt=before) if before else rows
    return list(rows.order_by("-at", "chain", "-n")[:limit])


def chains_of(actor: Actor) -> list[str]:
    """The chains that an auditor reads: of the own jurisdiction and below, and the system's."""
    return [chain for chain in chains() if chain == "system" or f"/{chain}/".startswith(actor.jurisdiction)]


def events_of(actor: Actor, chain: str) -> QuerySet[AuditEvent]:
    """Events of a chain that the auditor reads."""
    if chain not in chains_of(actor):
        raise NotFound(chain=chain)
    return AuditEvent.objects.filter(chain=chain)
