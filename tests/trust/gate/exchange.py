"""Partners' nodes and keys, and messages out and in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, leaves, signed
from trust.gate.stage import AT, Stage, insert, nothing
from wayhome.casework.accounts.rules import Role

NODE, OTHER, CASE, ELSEWHERE, KEY, ASKED = 796_001, 796_002, 796_003, 796_004, 796_010, 796_030


def exchange(stage: Stage) -> Iterator[Case]:
    """Of every guard of messages."""
    both = signed(stage)
    partner = stage.world.agencies["partner"].pk

    def node(**more: Any) -> str:
        return insert("exchange_partnernode", **({"id": NODE, "code": "VN-1", "agency_id": partner, "at": AT} | both | more))

    def key(n: int = KEY, **more: Any) -> str:
        told = {"id": n, "node_id": NODE, "address": "https://x.example", "public": nothing(), "at": AT}
        told |= {"sealing": nothing(), "searching": nothing(), "certificate": nothing()}
        return insert("exchange_nodekey", **(told | both | more))

    for table, make in (("exchange_partnernode", node), ("exchange_nodekey", key)):
        for name, code, more, first in (
            ("by both", "", {}, ()),
            ("by one twice", "two_registrars", {"countersigned_by_id": both["registered_by_id"]}, ()),
            ("by an officer first", "two_registrars", {"registered_by_id": stage.staff("officer")}, ()),
            ("by an officer second", "two_registrars", {"countersigned_by_id": stage.staff("officer")}, ()),
            ("by nobody first", "two_registrars", {"registered_by_id": 999_999}, ()),
            ("by nobody second", "two_registrars", {"countersigned_by_id": 999_999}, ()),
            ("the first left", "two_registrars", {}, (leaves(stage, "registrar"),)),
            ("the second left", "two_registrars", {}, (leaves(stage, "registrar1"),)),
            ("somebody else left", "", {}, (leaves(stage, "doctor"),)),
        ):
            yield judged(f"{table}_insert_gate", name, code, *first, make(**more))
    police = stage.world.agencies["police"].pk
    yield judged("exchange_partnernode_insert_gate", "of the police", "not_a_partner", node(agency_id=police))
    yield judged("exchange_partnernode_insert_gate", "of nobody", "not_a_partner", node(agency_id=999_999))
    yield judged("exchange_nodekey_insert_gate", "in clear", "not_https", key(address="http://x.example"))
    yield judged("exchange_nodekey_insert_gate", "revoked", "", key(public=None, sealing=None, searching=None, certificate=None))
    for name in ("sealing", "searching", "certificate"):
        yield judged("exchange_nodekey_insert_gate", f"without {name}", "keys_missing", key(**{name: None}))
    yield from _written(stage, node, key)
    yield from _tried()
    yield from _taken(stage, node, key)


def by_roles(stage: Stage, guard: str, make: Any, may: set[Role], *before: str) -> Iterator[Case]:
    """Who may write a row, and that they must be at work."""
    for role in Role:
        code = "" if role in may else "not_allowed"
        yield judged(guard, f"by a {role}", code, *before, make(by_id=stage.member["police", role]))
    yield judged(guard, "by nobody", "not_allowed", *before, make(by_id=999_999))
    gone = leaves(stage, "supervisor")
    yield judged(guard, "by who left", "not_allowed", *before, gone, make(by_id=stage.staff("supervisor")))
    yield judged(guard, "somebody else left", "", *before, leaves(stage, "doctor"), make(by_id=stage.staff("supervisor")))


def _shared(n: int = CASE, node: int = NODE, **more: Any) -> str:
    return insert("exchange_sharedcase", **({"id": n, "node_id": node, "number": f"K-{n}", "by_id": 1, "at": AT} | more))


def _out(n: int = 1, case: int = CASE, **more: Any) -> str:
    case = more.pop("case_id", case)
    told = {"case_id": case, "kind": "notice", "sequence": n, "nonce": f"{case}-{n}", "digest": "d", "body": "b", "at": AT}
    told |= {"copy": nothing(), "answers_id": None}
    return insert("exchange_outgoing", **(told | more))


def _written(stage: Stage, node: Any, key: Any) -> Iterator[Case]:
    """Who shares a case and writes of it, and in which order."""
    for table, make in (("exchange_sharedcase", _shared), ("exchange_outgoing", _out)):
        yield from by_roles(stage, f"{table}_insert_gate", make, {Role.SUPERVISOR, Role.LIAISON})
    guard, by = "exchange_outgoing_insert_gate", {"by_id": stage.staff("supervisor")}
    yield judged(guard, "the second", "", _out(**by), _out(2, **by))
    yield judged(guard, "the second first", "not_next", _out(2, **by))
    yield judged(guard, "the third after the first", "not_next", _out(**by), _out(3, **by))
    yield judged(guard, "the first again", "not_next", _out(**by), _out(nonce="other", **by))
    yield judged(guard, "the first of another case", "", _out(**by), _out(case=ELSEWHERE, **by))
    yield judged(guard, "the second of another case", "not_next", _out(**by), _out(2, case=ELSEWHERE, **by))
    here = (node(), key(), _shared(**by), _shared(ELSEWHERE, **by))
    yield from _answered(guard, lambda **more: (*here, _came(**more)), lambda **more: _out(**by | more))


def _came(n: int = ASKED, **more: Any) -> str:
    """A partner's message, planted."""
    told = {"id": n, "kind": "question", "sequence": 1, "nonce": "n", "digest": "d", "body": "b", "signature": nothing()}
    told |= {"copy": nothing(), "answers_id": None, "case_id": CASE, "key_id": KEY, "sent_at": AT, "skew": 0, "at": AT}
    return insert("exchange_incoming", **(told | more))


def _answered(guard: str, asked: Any, answer: Any) -> Iterator[Case]:
    """What an answer is to."""
    told = {"kind": "answer", "answers_id": ASKED}
    for name, code, before, more in (
        ("to a question", "", {}, told),
        ("to nothing", "not_its_question", {}, {"kind": "answer"}),
        ("to what is not there", "not_its_question", {}, told | {"answers_id": ASKED + 1}),
        ("to a notice", "not_its_question", {"kind": "notice"}, told),
        ("to another case's", "not_its_question", {"case_id": ELSEWHERE}, told),
        ("a notice to a question", "not_its_question", {}, {"answers_id": ASKED}),
    ):
        yield judged(guard, name, code, *asked(**before), answer(**more))


def _tried() -> Iterator[Case]:
    """What is said of a message that went out."""
    guard = "exchange_try_insert_gate"

    def tried(n: int = 1, message: int = 796_021, **more: Any) -> str:
        told = {"message_id": message, "n": n, "receipt": None, "heard": "timeout", "at": AT}
        return insert("exchange_try", **(told | more))

    yield judged(guard, "nobody there", "", tried())
    yield judged(guard, "nobody there again", "", tried(), tried(2))
    yield judged(guard, "with a receipt", "", tried(), tried(2, receipt=nothing(), heard=""))
    yield judged(guard, "after a receipt", "delivered_already", tried(receipt=nothing()), tried(2))
    yield judged(guard, "another's receipt", "", tried(receipt=nothing()), tried(message=796_022))
    yield judged(guard, "nothing said", "nothing_heard", tried(heard=""))


def _taken(stage: Stage, node: Any, key: Any) -> Iterator[Case]:
    """By which key, and when, a message is taken."""
    guard = "exchange_incoming_insert_gate"
    here = (node(), key(), _shared())

    def came(**more: Any) -> str:
        return _came(1, **{"kind": "notice"} | more)

    yield judged(guard, "legal", "", *here, came())
    for skew in (300, -300):
        yield judged(guard, f"{skew} s away", "", *here, came(skew=skew))
    for skew in (301, -301):
        yield judged(guard, f"{skew} s away", "message_skewed", *here, came(skew=skew))
    yield judged(guard, "of no case", "key_revoked", *here, came(case_id=999_999))
    yield judged(guard, "by a key that was changed", "key_revoked", *here, key(KEY + 1), came())
    yield judged(guard, "by the new key", "", *here, key(KEY + 1), came(key_id=KEY + 1))
    yield judged(guard, "by no key", "key_revoked", *here, came(key_id=999_999))
    yield judged(guard, "since it was revoked", "key_revoked", *here, key(KEY + 1, public=None), came(key_id=KEY + 1))
    other = key(KEY + 1, node_id=OTHER)
    yield judged(guard, "another has a later key", "", *here, other, came())
    yield judged(guard, "by another's key", "key_revoked", *here, other, came(key_id=KEY + 1))
    yield judged(guard, "of another's case", "key_revoked", *here, other, _shared(ELSEWHERE, OTHER), came(case_id=ELSEWHERE))
    yield judged(guard, "another has a case", "", *here, _shared(ELSEWHERE, OTHER), came())
    by = {"by_id": stage.staff("supervisor")}
    asked = (*here[:2], _shared(**by), _shared(ELSEWHERE, **by))
    yield from _answered(
        guard, lambda **more: (*asked, _out(**{"id": ASKED, "kind": "question"} | by | more)), lambda **more: came(**more)
    )
    yield judged(guard, "a question by DNA", "", *here, came(kind="dna", body=""))
    yield judged(guard, "a question by DNA, kept", "profile_kept", *here, came(kind="dna"))
    told = {"kind": "dna_answer", "answers_id": ASKED}
    for name, code, before, more in (
        ("to a question by DNA", "", {}, told),
        ("by DNA to nothing", "not_its_question", {}, {"kind": "dna_answer"}),
        ("by DNA to what is not there", "not_its_question", {}, told | {"answers_id": ASKED + 1}),
        ("by DNA to a notice", "not_its_question", {"kind": "notice"}, told),
        ("by DNA to another case's", "not_its_question", {"case_id": ELSEWHERE}, told),
        ("a notice to a question by DNA", "not_its_question", {}, {"answers_id": ASKED}),
        ("an answer to a question by DNA", "not_its_question", {}, told | {"kind": "answer"}),
    ):
        yield judged(guard, name, code, *asked, _out(**{"id": ASKED, "kind": "dna"} | by | before), came(**more))
    to_dna = (*asked, _out(id=ASKED, kind="question", **by))
    yield judged(guard, "an answer by DNA to a question", "not_its_question", *to_dna, came(kind="dna_answer", answers_id=ASKED))
    yield judged(guard, "another was revoked", "", *here, key(KEY - 1, node_id=OTHER, public=None), came())
