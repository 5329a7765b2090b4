"""What is asked of nodes and of messages between two houses, legal and not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from factories.exchange import CN, VN, card
from trust.acts.bench import Case
from trust.acts.partner_stage import AGAIN, CASE, OVER, THEIRS, receipt, sent, take
from trust.acts.stage import Stage
from trust.acts.typed import typed
from wayhome.casework.exchange.actions import messages, nodes
from wayhome.casework.exchange.rules import messages as rules

DENIED = "not allowed: not_allowed"


def registered() -> Iterator[Case]:
    """Nodes on the register, cases shared with them."""

    def told(broken: bool = False) -> Any:
        made = card("VN-2", THEIRS)
        return replace(made, keys=replace(made.keys, public=b"1")) if broken else made

    def node(s: Stage, agency: str = "third", *, broken: bool = False, **given: Any) -> Any:
        of = s.world.agencies[agency]
        return nodes.register_node(card=replace(told(broken), **given), agency=of, by=s.registrars, at=s.at())

    yield Case("register_node", "done", node)
    yield Case("register_node: no partner's", "refused: not_a_partner", lambda s: node(s, "police"))
    yield Case("register_node: twice", "refused: already_there", lambda s: node(s, "partner"))
    yield Case("register_node: a name that is taken", "refused: already_there", lambda s: node(s, code=VN))
    yield from typed(
        "register_node",
        node,
        unnamed=({"code": "vn 2"}, "code not_a_node_name"),
        broken=({"broken": True}, "public_key not_a_key"),
        where=({"address": "http://vn"}, "address not_https"),
    )

    def key(s: Stage, *, none: bool = False, broken: bool = False, address: str = "https://vn-1.example") -> Any:
        keys = None if none else told(broken).keys
        return nodes.register_node_key(node=s.node, address=address, keys=keys, by=s.registrars, at=s.at())

    yield Case("register_node_key", "done", key)
    yield Case("register_node_key: none", "done", lambda s: key(s, none=True))
    yield from typed(
        "register_node_key",
        key,
        broken=({"broken": True}, "public_key not_a_key"),
        where=({"address": ""}, "address not_https"),
        nowhere=({"address": "", "none": True}, "address not_https"),
    )

    def shared(s: Stage, by: str = "supervisor", number: str = "2011/MC-18") -> Any:
        return nodes.share_case(node=s.node, number=number, **s.who(by))

    yield Case("share_case", "done", shared)
    yield Case("share_case: by a liaison", "done", lambda s: shared(s, "liaison"))
    yield Case("share_case: a nurse", DENIED, lambda s: shared(s, "nurse"))
    yield Case("share_case: twice", "refused: already_there", lambda s: shared(s, number=CASE))
    yield Case("share_case: no number", "invalid: number not_a_case_number", lambda s: shared(s, number=" "))


def written() -> Iterator[Case]:
    """Written, sent and heard of."""

    def write(s: Stage, by: str = "supervisor", which: str = "case", **given: Any) -> Any:
        return messages.write(case=s.it[which], **{"kind": "notice", "text": "It came."} | given, **s.who(by))

    def answer(s: Stage) -> Any:
        return write(s, kind="answer", answers=s.theirs)

    def ended_there(s: Stage) -> Any:
        at = s.at()
        take(sent("ended", {"how": "closed"}, n=2, at=at), at=at)
        return write(s)

    longest = "x" * (40 * 1024 - len('{"text":""}'))
    yield Case("write", "done", write)
    yield Case("write: the first of a case", "done", lambda s: write(s, which="quiet"))
    yield Case("write: an answer", "done", answer)
    yield Case("write: as much as there can be", "done", lambda s: write(s, text=longest))
    # What tells which question it answers is one word too many.
    yield Case(
        "write: an answer that is too long",
        "invalid: text message_length",
        lambda s: write(s, kind="answer", answers=s.theirs, text=longest),
    )
    yield Case("write: a nurse", DENIED, lambda s: write(s, "nurse"))
    yield Case("write: a stranger", "not found", lambda s: write(s, "liaison"))
    yield Case("write: it is over", "refused: case_ended", lambda s: write(s, which="over"))
    yield Case("write: it is over there", "refused: case_ended", ended_there)
    yield Case("write: no key", "refused: key_revoked", lambda s: write(s, which="unheard"))
    yield from typed(
        "write",
        write,
        what=({"kind": "dna"}, "kind unknown_choice"),
        nothing=({"text": " "}, "text message_length"),
        zero=({"text": "a\0b"}, "text message_length"),
        more=({"text": longest + "x"}, "text message_length"),
    )

    def settled(s: Stage, which: str = "question", told: Any = receipt, heard: str = "") -> Any:
        message, at = s.it[which], s.at()
        of = told(message, at=at) if callable(told) else told
        return messages.settle(message=message, own=CN, receipt=of, heard=heard, at=at)

    def no_key_now(s: Stage) -> Any:
        nodes.register_node_key(node=s.node, address="https://vn-1.example", keys=None, by=s.registrars, at=s.at())
        return settled(s)

    yield Case("settle", "done", settled)
    yield Case("settle: heard otherwise too", "done", lambda s: settled(s, heard="late"))
    yield Case("settle: nothing", "done", lambda s: settled(s, told=None))
    yield Case("settle: a fault", "done", lambda s: settled(s, told=None, heard="h" * 41))
    yield Case("settle: again", "done", lambda s: [settled(s, told=None), settled(s)])
    yield Case("settle: delivered before", "done", lambda s: settled(s, "delivered", None, "timeout"))
    yield Case("settle: another's word", "refused: receipt_wrong", lambda s: settled(s, told=b"x" * 64))
    yield Case("settle: another's word, as was heard", "refused: receipt_wrong", lambda s: settled(s, told=b"x" * 64, heard="ok"))
    yield Case("settle: of no key", "refused: receipt_wrong", no_key_now)


def taken() -> Iterator[Case]:
    """What comes is taken once."""

    def came(s: Stage, kind: str = "notice", content: Any = None, *, n: int = 2, line: str = VN, **more: Any) -> Any:
        at = s.at()
        words = {"text": "Trẻ đã về."} if content is None else content
        return len(take(sent(kind, words, n=n, at=at, **more), at=at, line=line))

    def again(s: Stage, body: str = "", **changed: Any) -> Any:
        """The one that came, and what is changed of it."""
        at, row = s.at(), s.theirs
        own = body or row.body
        told = rules.Envelope(VN, CN, CASE, row.kind, row.sequence, row.nonce, at, rules.digest_of(own))
        return len(take(rules.signed(replace(told, **changed), own, key=THEIRS), at=at))

    def broken(s: Stage) -> Any:
        return take(b"{}", at=s.at())

    def late(s: Stage) -> Any:
        at = s.at()
        return len(take(sent("notice", {"text": "x"}, n=2, at=at - timedelta(minutes=4)), at=at))

    def too_late(s: Stage) -> Any:
        at = s.at()
        return take(sent("notice", {"text": "x"}, n=2, at=at - timedelta(minutes=6)), at=at)

    def no_key_now(s: Stage) -> Any:
        nodes.register_node_key(node=s.node, address="https://vn-1.example", keys=None, by=s.registrars, at=s.at())
        return came(s)

    dna = {"sample": "a" * 64, "basis": "treaty", "profile": "eA=="}
    yield Case("take", "done", came)
    yield Case("take: late", "done", late)
    yield Case("take: too late", "refused: message_skewed", too_late)
    yield Case("take: after a gap", "done", lambda s: came(s, n=9))
    yield Case("take: of a child", "done", lambda s: came(s, "package", {"fields": {"sex": {"sex": "F"}}, "bases": {}}))
    yield Case("take: an answer", "done", lambda s: came(s, "answer", {"text": "yes", "answers": 1}))
    yield Case("take: an answer to the second", "done", lambda s: came(s, "answer", {"text": "yes", "answers": 2}))
    yield Case("take: an answer to nothing", "refused: not_its_question", lambda s: came(s, "answer", {"text": "yes"}))
    yield Case("take: a notice that names one", "done", lambda s: came(s, content={"text": "yes", "answers": 1}))
    yield Case(
        "take: an answer to a word", "refused: not_its_question", lambda s: came(s, "answer", {"text": "yes", "answers": "1"})
    )
    yield Case("take: a question by DNA", "done", lambda s: came(s, "dna", dna))
    yield Case("take: an answer by DNA", "refused: not_its_question", lambda s: came(s, "dna_answer", {"outcome": "hit"}))
    yield Case("take: an end", "done", lambda s: came(s, "ended", {"how": "closed"}))
    yield Case("take: an end of its own kind", "refused: not_a_message", lambda s: came(s, "ended", {"how": "x"}))
    yield Case("take: a later key", "done", lambda s: came(s, "key", {"n": 2, "sealing": "07" * 32}))
    yield Case("take: a first key", "refused: not_a_message", lambda s: came(s, "key", {"n": 1, "sealing": "07" * 32}))
    yield Case("take: into what is over", "refused: case_ended", lambda s: came(s, n=1, case=OVER))
    yield Case("take: an end of what is over", "done", lambda s: came(s, "ended", {"how": "closed"}, n=1, case=AGAIN))
    yield Case("take: of no case", "refused: foreign_case", lambda s: came(s, case="2011/MC-99"))
    yield Case("take: by nobody", "refused: node_unknown", lambda s: came(s, sender="XX-1"))
    yield Case("take: by another line", "refused: not_their_line", lambda s: came(s, line="CN-7"))
    yield Case("take: by who lost its key", "refused: key_revoked", no_key_now)
    yield Case("take: for another", "refused: not_for_us", lambda s: came(s, receiver="CN-2"))
    yield Case("take: no message", "refused: not_a_message", broken)
    yield Case("take: once more", "done", again)
    yield Case("take: another body", "refused: message_changed", lambda s: again(s, "plain"))
    yield Case("take: another kind", "refused: message_changed", lambda s: again(s, kind="notice"))
    yield Case("take: another nonce", "refused: message_changed", lambda s: again(s, nonce="0" * 32))
    yield Case("take: another number", "refused: message_changed", lambda s: again(s, sequence=2))
    yield Case("take: not sealed", "refused: not_sealed_for_us", lambda s: again(s, "plain", nonce="0" * 32, sequence=2))


SOURCES = (registered, written, taken)
