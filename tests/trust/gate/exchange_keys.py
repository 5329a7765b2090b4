"""Later keys of this house: who tells a partner of one, and what is refused since the partner has known of it for long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged
from trust.gate.exchange import by_roles
from trust.gate.exchange_dna import CASE, CASES, ELSEWHERE, NODE, OTHER, SUPERVISOR, came, out
from trust.gate.stage import AT, Stage, insert, nothing

BEFORE, LATER, SOON = "2011-07-19 08:00:00", "2011-07-20 07:00:00", "2011-07-20 07:30:00"
SIXTY_DAYS, MORE = "2011-09-18 08:00:00", "2011-09-18 09:00:00"
KEY, KEY_OTHER = 796_061, 796_062


def exchange_keys(stage: Stage) -> Iterator[Case]:
    """Of the guards of house keys, and of messages as far as they are about keys."""
    yield from by_roles(stage, "exchange_outgoing_insert_gate", lambda **more: out(1, "key", **more), SUPERVISOR)
    yield from _house_keys()
    yield from _taken()


def house_key(name: str, purpose: str = "partners", at: str = "2999-01-02 08:00:00") -> str:
    return insert("vault_housekey", id=name, purpose=purpose, public=nothing(), at=at)


def _house_keys() -> Iterator[Case]:
    guard, second = "vault_housekey_insert_gate", "2999-01-03 08:00:00"
    for name, code, before, row in (
        ("the first", "", (), house_key("a", "x")),
        ("a second for another purpose", "", (house_key("a", "x"),), house_key("b", "y", second)),
        ("a second", "already_there", (house_key("a", "x"),), house_key("b", "x", second)),
        ("a second for partners", "", (house_key("a"),), house_key("b", at=second)),
        ("one as old", "not_the_newest", (house_key("a"),), house_key("b")),
        ("an older one", "not_the_newest", (house_key("a", at=second),), house_key("b")),
        ("another purpose has a newer one", "", (house_key("a", "x", second),), house_key("b")),
    ):
        yield judged(guard, name, code, *before, row)


def _tried(message: int = 1, **more: Any) -> str:
    told = {"message_id": message, "n": 1, "receipt": nothing(), "heard": "", "at": AT}
    return insert("exchange_try", **told | more)


def _taken() -> Iterator[Case]:
    guard, code = "exchange_incoming_insert_gate", "sealed_for_old_key"
    key = {"address": "https://x", "registered_by_id": 1, "countersigned_by_id": 2, "at": AT}
    key |= {name: nothing() for name in ("public", "sealing", "searching", "certificate")}
    nodes = (insert("exchange_nodekey", id=n, node_id=of, **key) for n, of in ((KEY, NODE), (KEY_OTHER, OTHER)))
    here = (*CASES, *nodes, house_key("old", at=BEFORE))
    keys = (*here, house_key("new", at=LATER))
    told = (out(1, "key", at=SOON), _tried())

    def row(sealed_for: str | None = "old", at: str = MORE, **more: Any) -> str:
        return came(9, "notice", **{"key_id": KEY, "sealed_for_id": sealed_for, "at": at} | more)

    for name, refused, before, last in (
        ("long after word of a later key", code, (*keys, *told), row()),
        ("sixty days after it", "", (*keys, *told), row(at=SIXTY_DAYS)),
        ("for the later key", "", (*keys, *told), row("new")),
        ("for no key that is known", "", (*keys, *told), row(None)),
        ("no later key", "", (*here, *told), row()),
        ("another purpose has a later one", "", (*here, house_key("new", "x", LATER), *told), row()),
        ("told of what was before the later key", "", (*keys, out(1, "key", at=BEFORE), _tried()), row()),
        ("told something else", "", (*keys, out(1, "notice", at=SOON), _tried()), row()),
        ("never arrived", "", (*keys, out(1, "key", at=SOON), _tried(receipt=None, heard="timeout")), row()),
        ("another message arrived", "", (*keys, out(1, "key", at=SOON), out(2, "notice", sequence=2, at=SOON), _tried(2)), row()),
        ("another partner was told", "", (*keys, out(1, "key", ELSEWHERE, at=SOON), _tried()), row()),
        (
            "of the other, and the first was told",
            "",
            (*keys, *told),
            row(case_id=ELSEWHERE, key_id=KEY_OTHER),
        ),
        (
            "of the other, which was told",
            code,
            (*keys, out(1, "key", ELSEWHERE, at=SOON), _tried()),
            row(case_id=ELSEWHERE, key_id=KEY_OTHER),
        ),
        ("of the first, when both were", code, (*keys, *told, out(2, "key", ELSEWHERE, at=SOON), _tried(2)), row(case_id=CASE)),
    ):
        yield judged(guard, f"sealed: {name}", refused, *before, last)
