"""Plant canaries, and say where a partner's question hits one. The search alone does either, and it changes no answer."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.actors import SYSTEM
from wayhome.casework.exchange.models import Canary, DnaAsked, PartnerNode
from wayhome.casework.exchange.queries import dna as queries
from wayhome.casework.exchange.rules import canaries
from wayhome.casework.matching.queries.base import alleles_compared
from wayhome.casework.vault.actions import make_key
from wayhome.casework.vault.queries import opened
from wayhome.casework.vault.rules import Place, Purpose, seal, unseal

Couples = list[canaries.Couple]


def plant(*, at: datetime) -> int:
    """Give each partner the canaries that it has not; how many. Nobody is shown what they are."""
    done = 0
    for node, numbers in queries.without_canaries():
        with gate(by=SYSTEM, at=at, attempt="plant"):
            for n in numbers:
                _plant(node, n, at=at)
            record(by=SYSTEM, at=at, action="exchange.plant_canaries", subject=f"node:{node.pk}", data={"of": numbers})
        done += len(numbers)
    return done


def couples_of(node_id: int) -> Couples:
    """A partner's canaries, opened."""
    rows = list(Canary.objects.filter(node=node_id).order_by("n"))
    keys = opened(Purpose.RELATIVES, [_key_of(node_id, row.n) for row in rows])
    return [
        canaries.read(json.loads(unseal(bytes(row.sealed), key=keys[_key_of(node_id, row.n)], place=_place(node_id, row.n))))
        for row in rows
    ]


def tell(asked: DnaAsked, genotypes: Mapping[str, Collection[str]], couples: Couples, *, ours: bool, at: datetime) -> None:
    """Alarm where who is asked by is a canary's child, or like a child that the partner was asked by: inside the search's
    transaction.

    Parameters
    ----------
    ours : whether it is nearly a sample that this partner was asked by, and was to forget.
    """
    table = alleles_compared()
    # Each is looked at, so that none takes longer to hit than to miss.
    hits = sum(canaries.is_hit(genotypes, parents, table) for parents in couples)
    for code, there in (("asked_canary", hits), ("asked_by_ours", ours)):
        if there:
            raise_alarm(kind=Alarm.Kind.REFUSED, at=at, level=3, code=code, subject=f"dna_asked:{asked.pk}")


def _plant(node: PartnerNode, n: int, *, at: datetime) -> None:
    made = canaries.couple(alleles_compared(), chance=secrets.SystemRandom())
    key = make_key(purpose=Purpose.RELATIVES, of=_key_of(node.pk, n), at=at)
    sealed = seal(json.dumps(made).encode(), key=key, place=_place(node.pk, n))
    Canary.objects.create(node=node, n=n, sealed=sealed, at=at)


def _key_of(node_id: int, n: int) -> str:
    return f"canary:{node_id}:{n}"


def _place(node_id: int, n: int) -> Place:
    return Place("exchange_canary", "sealed", f"{node_id}:{n}")
