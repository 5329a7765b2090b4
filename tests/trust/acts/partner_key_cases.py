"""What is asked of later keys of two houses, and of canaries, legal and not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from factories.exchange import CN
from trust.acts.bench import Case
from trust.acts.partner_stage import sent, take
from trust.acts.stage import Stage
from wayhome.casework.exchange.actions import canaries, nodes, renewing
from wayhome.casework.exchange.models import Canary, DnaAsked
from wayhome.casework.exchange.queries.messages import said
from wayhome.casework.exchange.rules.canaries import Couple, couple
from wayhome.casework.exchange.rules.renewing import Later, known, told
from wayhome.casework.matching.queries.base import alleles_compared
from wayhome.casework.vault.queries import opened, public_key
from wayhome.casework.vault.rules import Place, Purpose, unseal

DENIED, STEP_UP = "not allowed: not_allowed", "refused: step_up"
LATER = datetime(2041, 7, 20, 12, tzinfo=UTC)
"""A later key is made after those that the house has, which are as old as the house."""
DAY = timedelta(days=1)


def keys() -> Iterator[Case]:
    """This house's, and a partner's."""

    def renew(s: Stage, n: int = 0) -> Any:
        made = renewing.renew_sealing_key(at=LATER + n * DAY)
        return bytes(made.public) == public_key(Purpose.PARTNERS)

    def tell(s: Stage, by: str = "supervisor", which: str = "case", *, stepped_up: bool = True, made: int = 1) -> Any:
        """What the partner is told: which key it is, and whether it is the last."""
        for n in range(made):
            renew(s, n)
        message = renewing.tell_key(case=s.it[which], by=s.by(by, stepped_up=stepped_up), at=LATER + 9 * DAY)
        later = known(said(message))
        return None if later is None else (str(later.n), str(later.sealing == public_key(Purpose.PARTNERS)))

    def tell_each(s: Stage, second: str) -> Any:
        tell(s)
        return tell(s, which=second, made=0)

    def heard(s: Stage, *told_keys: tuple[int, int], own: str = CN, revoked: bool = False, before: bool = False) -> Any:
        """A partner told some keys."""
        for n, (nth, byte) in enumerate(told_keys, 2):
            at = s.at()
            take(sent("key", told(Later(nth, bytes([byte]) * 32)), n=n, at=at), at=at)
        who: dict[str, Any] = {"node": s.node, "by": s.registrars}
        if revoked:
            nodes.register_node_key(**who, address="https://vn-1.example", keys=None, at=s.at())
        if before:
            renewing.register_told_key(**who, own=own, at=s.at())
        key = renewing.register_told_key(**who, own=own, at=s.at())
        return bytes(key.sealing or b"")[:1].hex()

    yield Case("renew_sealing_key", "done: True", renew)
    yield Case("renew_sealing_key: twice", "done", lambda s: [str(renew(s, n)) for n in range(2)])
    yield Case("tell_key", "done: [2, True]", tell)
    yield Case("tell_key: the third", "done: [3, True]", lambda s: tell(s, made=2))
    yield Case("tell_key: none", "refused: no_later_key", lambda s: tell(s, made=0))
    yield Case("tell_key: twice", "refused: no_later_key", lambda s: tell_each(s, "quiet"))
    yield Case("tell_key: a liaison", DENIED, lambda s: tell(s, "liaison"))
    yield Case("tell_key: a stranger", "not found", lambda s: tell(s, "supervisor_gd"))
    yield Case("tell_key: not proved", STEP_UP, lambda s: tell(s, stepped_up=False))
    yield Case("tell_key: who has no key", "refused: key_revoked", lambda s: tell(s, which="unheard"))
    yield Case("register_told_key", "done: 07", lambda s: heard(s, (2, 7)))
    yield Case("register_told_key: the last of two", "done: 08", lambda s: heard(s, (2, 7), (3, 8)))
    yield Case("register_told_key: none", "refused: no_key_told", heard)
    yield Case("register_told_key: told to another", "refused: no_key_told", lambda s: heard(s, (2, 7), own="CN-2"))
    yield Case("register_told_key: twice", "refused: no_key_told", lambda s: heard(s, (2, 7), before=True))
    yield Case("register_told_key: of who lost its keys", "refused: no_key_told", lambda s: heard(s, (2, 7), revoked=True))


def planted() -> Iterator[Case]:
    """Made-up couples."""

    def some(s: Stage) -> Any:
        """One partner has all but two of them, the other none."""
        for n in (1, 3, 4):
            Canary.objects.create(node=s.node, n=n, sealed=b"", at=s.at())
        return canaries.plant(at=s.at())

    def twice(s: Stage) -> Any:
        return [str(canaries.plant(at=s.at())) for _ in range(2)]

    def at_rest(s: Stage) -> Any:
        """Each opens with its own key, as what it is, and the search reads all of a partner's."""
        canaries.plant(at=s.at())
        row = Canary.objects.get(node=s.silent, n=4)
        of = f"canary:{s.silent.pk}:4"
        key = opened(Purpose.RELATIVES, [of])[of]
        plain = unseal(bytes(row.sealed), key=key, place=Place("exchange_canary", "sealed", f"{s.silent.pk}:4"))
        couples = canaries.couples_of(s.silent.pk)
        return [str(len(couples)), str(set(couples[3]) == set(alleles_compared())), str(plain.startswith(b"{"))]

    def asked(s: Stage) -> DnaAsked:
        at = s.at()
        take(sent("dna", {"sample": "a" * 64, "basis": "treaty", "profile": "eA=="}, n=2, at=at), at=at)
        return DnaAsked.objects.get()

    def tell(s: Stage, *, of: int | None = None, ours: bool = False) -> Any:
        couples = [couple(alleles_compared(), chance=Random(seed)) for seed in range(3)]
        canaries.tell(asked(s), {} if of is None else _child_of(couples[of]), couples, ours=ours, at=s.at())

    yield Case("plant", "done: 10", lambda s: canaries.plant(at=s.at()))
    yield Case("plant: what is missing", "done: 7", some)
    yield Case("plant: twice", "done: [10, 0]", twice)
    yield Case("plant: at rest", "done: [5, True, True]", at_rest)
    yield Case("tell_canary", "done", lambda s: tell(s, of=2))
    yield Case("tell_canary: nobody's child", "done", tell)
    yield Case("tell_canary: whom we asked by", "done", lambda s: tell(s, ours=True))
    yield Case("tell_canary: both", "done", lambda s: tell(s, of=2, ours=True))


def _child_of(parents: Couple) -> dict[str, tuple[str, str]]:
    return {name: (one[0], other[1]) for name, (one, other) in parents.items()}


SOURCES = (keys, planted)
