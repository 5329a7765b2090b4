"""Read events, check chains, list alarms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db.models import Q, QuerySet

from wayhome.casework.audit import rules
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.core.actors import Actor


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


def head(chain: str) -> rules.Head | None:
    """The last event of a chain."""
    row = AuditEvent.objects.filter(chain=chain).order_by("-n").values_list("n", "hash").first()
    return rules.Head(chain, *row) if row else None


def heads() -> list[rules.Head]:
    """The last event of every chain."""
    found = (head(chain) for chain in chains())
    return [one for one in found if one is not None]


def chains() -> list[str]:
    """Every chain there is."""
    return list(AuditEvent.objects.order_by("chain").values_list("chain", flat=True).distinct())


def events(chain: str) -> Iterator[rules.Event]:
    """A chain's events in order, straight from the table."""
    rows = AuditEvent.objects.filter(chain=chain).order_by("n").values_list(*rules.COLUMNS)
    return (rules.Event(*row) for row in rows.iterator(chunk_size=2000))


def verify_chain(kept: list[rules.Head] | None = None) -> Verification:
    """Check every event of every chain, and the heads that somebody kept, if given."""
    faults: list[rules.Fault] = []
    hashes: dict[tuple[str, int], str] = {}
    wanted = {(one.chain, one.n) for one in kept or ()}
    count, names = 0, chains()
    for chain in names:

        def noted(chain: str = chain) -> Iterator[rules.Event]:
            nonlocal count
            for event in events(chain):
                count += 1
                if (chain, event.n) in wanted:
                    hashes[chain, event.n] = event.hash
                yield event

        faults += rules.chain_faults(chain, noted())
    faults += rules.head_faults(kept or (), hashes)
    return Verification(len(names), count, len(kept or ()), tuple(faults))


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
    """Alarms not answered yet that concern an actor: of the own agency or below the own jurisdiction, gravest first."""
    concern = Q(agency_id=actor.agency_id) | Q(agency_id=0)
    if actor.oversees:
        concern |= Q(jurisdiction__startswith=actor.jurisdiction)
    return Alarm.objects.filter(concern, answer__isnull=True).order_by("-level", "-at")


def child_events(child_id: int) -> QuerySet[AuditEvent]:
    """Everything that was done to or read of a child's file."""
    return AuditEvent.objects.filter(child_id=child_id).order_by("at", "chain", "n")
