"""Keys of people: made once, never changed, gone with their end."""

from __future__ import annotations

from collections.abc import Iterator

from trust.gate.case import Case, judged
from trust.gate.stage import AT, Stage, insert, nothing

HERE, ELSEWHERE = 780_002, 780_001


def keys(_: Stage) -> Iterator[Case]:
    """Of the guards of keys and of their ends."""

    def key(of: str, pk: int = HERE) -> str:
        return insert("vault_datakey", id=pk, of=of, house_key_id="x", wrapped=nothing(), at=AT)

    def end(of: str) -> str:
        return insert("vault_datakeyend", of=of, by_id=None, at=AT)

    made = "vault_datakey_insert_gate"
    yield judged(made, "legal", "", key("a"))
    yield judged(made, "after another's", "", key("b", ELSEWHERE), key("a"))
    yield judged(made, "twice", "already_there", key("a", ELSEWHERE), key("a"))
    yield judged(made, "in the place of another", "already_there", key("b"), key("a"))
    yield judged(made, "after its end", "key_ended", end("a"), key("a"))
    yield judged(made, "after another's end", "", end("b"), key("a"))
    yield judged(
        "vault_datakey_update_gate", "changed", "append_only", key("a"), f"UPDATE vault_datakey SET of = of WHERE id = {HERE}"
    )
    gone = f"DELETE FROM vault_datakey WHERE id = {HERE}"
    taken = "vault_datakey_delete_gate"
    yield judged(taken, "after its end", "", key("a"), end("a"), gone)
    yield judged(taken, "in use", "key_in_use", key("a"), gone)
    yield judged(taken, "after another's end", "key_in_use", key("a"), end("b"), gone)
    ended = "vault_datakeyend_insert_gate"
    yield judged(ended, "legal", "", key("a"), end("a"))
    yield judged(ended, "of none", "key_unknown", end("a"))
    yield judged(ended, "of another", "key_unknown", key("b"), end("a"))

    def erased(upto: int) -> str:
        return insert("vault_diskerasure", upto=upto, at=AT)

    told = insert("vault_datakeyend", id=780_003, of="a", by_id=None, at=AT)
    yield judged("vault_diskerasure_insert_gate", "up to an end", "", told, erased(780_003))
    yield judged("vault_diskerasure_insert_gate", "up to none", "key_unknown", told, erased(780_004))
