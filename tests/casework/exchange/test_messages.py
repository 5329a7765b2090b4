"""Messages between two houses: each arrives once, or is refused and told; nothing is lost on a bad line.

One database stands for both houses: what a house sends lies in other tables than what it takes. The line between them is here;
two databases and a line of TLS are in tests/cli/test_two_houses.py.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connection, transaction

from factories.exchange import AT, CN, VN, Two, card, certificate, keys_of, two_houses
from factories.world import World
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import Invalid, NotAllowed, Refused, database_refusal
from wayhome.casework.exchange.actions import messages as actions
from wayhome.casework.exchange.actions import nodes
from wayhome.casework.exchange.models import Incoming, NodeKey, Outgoing, PartnerNode, Try
from wayhome.casework.exchange.queries import messages as queries
from wayhome.casework.exchange.rules import bodies, cards
from wayhome.casework.exchange.rules import messages as rules
from wayhome.casework.vault.queries import public_key
from wayhome.casework.vault.rules import Purpose, new_house_key

AGAINST = (
    "exchange_partnernode",
    "exchange_nodekey",
    "exchange_sharedcase",
    "exchange_outgoing",
    "exchange_try",
    "exchange_incoming",
)


@pytest.fixture
def two(world: World) -> Two:
    return two_houses(world)


def refused(write: Callable[[], object]) -> str:
    with pytest.raises(Refused) as told:
        write()
    return told.value.code


def test_a_message_arrives_and_its_receipt_settles_it(two: Two) -> None:
    message = two.write()
    assert [one.pk for one in queries.waiting(at=AT)] == [message.pk]
    receipt = two.take(two.sent(message))
    actions.settle(message=message, own=CN, receipt=receipt, heard="", at=AT)
    row = Incoming.objects.get()
    assert (row.body, row.case_id, row.sequence) == (message.body, two.of_cn.pk, 1)
    assert queries.said(row) == queries.said(message) == {"text": "Trẻ đã về đến nơi."}
    assert "Trẻ" not in message.body
    assert queries.waiting(at=AT + timedelta(days=1)) == []
    actions_told = AuditEvent.objects.filter(action__startswith="exchange.").values_list("action", flat=True)
    assert {"exchange.write", "exchange.take", "exchange.delivered"} <= set(actions_told)
    assert not Alarm.objects.exists()


def test_a_replay_is_answered_alike_and_taken_once(two: Two) -> None:
    message = two.write()
    first = two.take(two.sent(message))
    later = AT + timedelta(hours=3)
    assert two.take(two.sent(message)) == two.take(two.sent(message, at=later), at=later) == first
    assert Incoming.objects.count() == 1
    assert not Alarm.objects.exists()


def test_gaps_are_told_until_they_are_filled(two: Two) -> None:
    first, second, third = (two.write(str(n)) for n in range(3))
    two.take(two.sent(third))
    assert queries.missing(two.of_cn) == [1, 2]
    two.take(two.sent(first))
    two.take(two.sent(second))
    assert queries.missing(two.of_cn) == []
    assert [queries.said(row)["text"] for row in Incoming.objects.order_by("sequence")] == ["0", "1", "2"]


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_on_a_line_that_loses_doubles_mixes_and_alters(two: Two, seed: int) -> None:
    dice, at = random.Random(seed), AT
    written = [f"第{n}号" for n in range(8)]
    for text in written:
        two.write(text)
    altered, delayed = 0, []
    for _ in range(60):
        due = queries.waiting(at=at)
        dice.shuffle(due)
        for message in due:
            data, receipt, heard = two.sent(message, at=at), None, "timeout"
            luck = dice.random()
            if luck < 0.25:
                delayed.append(data)
            elif luck < 0.45:
                altered += 1
                spot = dice.randrange(len(data))
                data = data[:spot] + bytes([data[spot] ^ (1 << dice.randrange(8))]) + data[spot + 1 :]
                heard = refused(lambda data=data, at=at: two.take(data, at=at))  # type: ignore[misc]
            elif luck < 0.9:
                receipt = two.take(data, at=at)
                if dice.random() < 0.3:
                    receipt = None
            actions.settle(message=message, own=CN, receipt=receipt, heard="" if receipt else heard, at=at)
        # What was held up comes late, twice: within five minutes it is taken, later it is refused.
        while delayed and dice.random() < 0.5:
            data = delayed.pop(dice.randrange(len(delayed)))
            skew = timedelta(minutes=dice.choice((0, 4)))
            sent_at = rules.read(data).envelope.sent_at
            assert two.take(data, at=sent_at + skew) == two.take(data, at=sent_at + skew)
        at += timedelta(minutes=20)
    assert queries.waiting(at=at + timedelta(days=1)) == []
    assert [queries.said(row)["text"] for row in Incoming.objects.order_by("sequence")] == written
    assert altered
    assert Alarm.objects.count() == altered


def _other_body(data: bytes) -> bytes:
    start = data.index(b'"body":"') + len(b'"body":"')
    return data[:start] + (b"B" if data[start : start + 1] != b"B" else b"C") + data[start + 1 :]


def _forged(two: Two, message: Outgoing, *, key: Ed25519PrivateKey | None = None, **changed: object) -> bytes:
    """Signed by who may sign, about something else."""
    envelope = replace(queries.envelope_of(message, own=CN, at=AT), **changed)  # type: ignore[arg-type]
    return rules.signed(envelope, message.body, key=key or two.cn)


LIES: dict[str, tuple[str, Callable[[Two, Outgoing], bytes]]] = {
    "nothing": ("not_a_message", lambda two, m: b""),
    "a list": ("not_a_message", lambda two, m: b"[]"),
    "too deep": ("not_a_message", lambda two, m: b"[" * 100_000),
    "blanks between": ("not_a_message", lambda two, m: two.sent(m).replace(b",", b", ", 1)),
    "too long": ("not_a_message", lambda two, m: two.sent(m) + b" " * 500_000),
    "no number": ("not_a_message", lambda two, m: _forged(two, m, sequence=0)),
    "true for a number": ("not_a_message", lambda two, m: _forged(two, m, sequence=True)),
    "a kind of its own": ("not_a_message", lambda two, m: _forged(two, m, kind="order")),
    "a zero byte": ("not_a_message", lambda two, m: two.sent(m).replace(b'body":"', b'body":"\\u0000', 1)),
    "an unknown node": ("node_unknown", lambda two, m: _forged(two, m, sender="XX-1")),
    "another's key": ("message_not_signed", lambda two, m: _forged(two, m, key=two.vn)),
    "another's name": ("not_their_line", lambda two, m: _forged(two, m, sender=VN)),
    "for another house": ("not_for_us", lambda two, m: _forged(two, m, receiver="LA-1")),
    "another body": ("message_altered", lambda two, m: _other_body(two.sent(m))),
    "an old one": ("message_skewed", lambda two, m: _forged(two, m, sent_at=AT - timedelta(minutes=5, seconds=1))),
    "one of tomorrow": ("message_skewed", lambda two, m: _forged(two, m, sent_at=AT + timedelta(minutes=5, seconds=1))),
    "another case": ("foreign_case", lambda two, m: _forged(two, m, case="2026/MC-18")),
}


@pytest.mark.parametrize("name", LIES)
def test_lies_are_refused_and_told(two: Two, name: str) -> None:
    code, lie = LIES[name]
    message = two.write()
    assert refused(lambda: two.take(lie(two, message))) == code
    assert [alarm.code for alarm in Alarm.objects.all()] == [code]
    assert not Incoming.objects.exists()
    two.take(two.sent(message))
    assert Incoming.objects.count() == 1


def test_five_minutes_apart_is_taken(two: Two) -> None:
    for sign, message in ((1, two.write()), (-1, two.write())):
        two.take(_forged(two, message, sent_at=AT + sign * timedelta(minutes=5)))
    assert Incoming.objects.count() == 2


@pytest.mark.parametrize("changed", [{"nonce": "0" * 32}, {"kind": "answer"}, {"sequence": 2}])
def test_another_message_in_the_place_of_one_is_refused(two: Two, changed: dict[str, object]) -> None:
    message = two.write()
    two.take(two.sent(message))
    assert refused(lambda: two.take(_forged(two, message, **changed))) == "message_changed"
    assert Incoming.objects.count() == 1


def test_a_key_that_was_changed_or_revoked_signs_nothing(two: Two) -> None:
    message, by = two.write(), two.world.registrars
    assert by is not None
    node, new = two.of_cn.node, Ed25519PrivateKey.generate()
    nodes.register_node_key(node=node, address="https://cn.example", keys=keys_of(new, CN), by=by, at=AT)
    assert refused(lambda: two.take(two.sent(message))) == "message_not_signed"
    two.cn = new
    two.take(two.sent(message))
    nodes.register_node_key(node=node, address="https://cn.example", keys=None, by=by, at=AT)
    assert refused(lambda: two.take(two.sent(message))) == "key_revoked"
    assert queries.known_lines() == {certificate(VN): VN}
    nodes.register_node_key(node=two.to_vn.node, address="https://cn.example", keys=None, by=by, at=AT)
    assert refused(two.write) == "key_revoked"


def test_a_message_comes_over_its_senders_line(two: Two) -> None:
    message = two.write()
    assert refused(lambda: two.take(two.sent(message), line=VN)) == "not_their_line"
    assert refused(lambda: two.take(two.sent(message), line="LA-1")) == "not_their_line"
    two.take(two.sent(message))


def test_what_this_house_cannot_read_is_not_taken(two: Two) -> None:
    message = two.write()
    envelope = queries.envelope_of(message, own=CN, at=AT)
    of = bodies.of(envelope.case, envelope.kind, envelope.nonce)
    private, public = new_house_key()
    for body in (
        bodies.sealed('{"text":"x"}', to=public, of=of),
        bodies.sealed('{"text":"x"}', to=public_key(Purpose.PARTNERS), of=of + "0"),
        bodies.sealed('{"text":7}', to=public_key(Purpose.PARTNERS), of=of),
        bodies.sealed("[]", to=public_key(Purpose.PARTNERS), of=of),
        bodies.sealed("x", to=public_key(Purpose.PARTNERS), of=of),
        "plain",
    ):
        data = rules.signed(replace(envelope, digest=rules.digest_of(body)), body, key=two.cn)
        assert refused(lambda data=data: two.take(data)) == "not_sealed_for_us"  # type: ignore[misc]
    assert bodies.opened(bodies.sealed("x", to=public, of=of), private=private, of=of) == "x"
    two.take(two.sent(message))
    assert Incoming.objects.count() == 1


def test_lengths_tell_little(two: Two) -> None:
    assert len({len(two.write("x" * n).body) for n in (1, 100, 900)}) == 1
    assert len(two.write("x" * 1100).body) > len(two.write("x").body)


def test_an_answer_is_to_a_question_of_the_other_side(two: Two) -> None:
    question = two.write("谁是孩子的父母？", kind="question")
    asked = two.arrives(question)
    notice = two.arrives(two.write())
    by = two.world.actor("supervisor")
    told = {"case": two.of_cn, "kind": "answer", "text": "Chúng tôi đang tìm.", "by": by, "at": AT}
    answer = actions.write(**told, answers=asked)  # type: ignore[arg-type]
    came = two.arrives(answer)
    assert came.answers == question
    assert queries.said(came)["text"] == "Chúng tôi đang tìm."
    for other in (None, notice, came):
        assert refused(lambda other=other: actions.write(**told, answers=other)) == "not_its_question"  # type: ignore[arg-type,misc]
    assert refused(lambda: actions.write(**told | {"kind": "notice"}, answers=asked)) == "not_its_question"  # type: ignore[arg-type]


def test_a_receipt_of_somebody_else_settles_nothing(two: Two) -> None:
    first, second = two.write(), two.write()
    receipt = two.take(two.sent(first))
    assert refused(lambda: actions.settle(message=second, own=CN, receipt=receipt, heard="", at=AT)) == "receipt_wrong"
    assert Try.objects.get().heard == "receipt_wrong"
    assert second.pk in [one.pk for one in queries.waiting(at=AT + timedelta(minutes=1))]
    assert second.pk not in [one.pk for one in queries.waiting(at=AT + timedelta(seconds=59))]
    actions.settle(message=first, own=CN, receipt=receipt, heard="", at=AT)
    again = actions.settle(message=first, own=CN, receipt=None, heard="timeout", at=AT)
    assert again.receipt is not None
    assert Try.objects.filter(message=first).count() == 1


@pytest.mark.parametrize("who", ["officer", "nurse", "caseworker", "partner_liaison"])
def test_who_may_not_write(two: Two, who: str) -> None:
    by = two.world.actor(who)
    with pytest.raises(NotAllowed):
        actions.write(case=two.to_vn, kind="notice", text="x", by=by, at=AT)
    with pytest.raises(NotAllowed):
        nodes.share_case(node=two.to_vn.node, number="K-2", by=by, at=AT)
    assert not Outgoing.objects.exists()


def test_what_cannot_be_written(two: Two) -> None:
    by, both = two.world.actor("supervisor"), two.world.registrars
    assert both is not None
    room = bodies.LONGEST - len(bodies.written({"text": ""}))
    for told in ({"kind": "order"}, {"kind": "dna"}, {"text": " "}, {"text": "x" * (room + 1)}, {"text": "x\0"}):
        with pytest.raises(Invalid):
            actions.write(**{"case": two.to_vn, "kind": "notice", "text": "x", "by": by, "at": AT} | told)  # type: ignore[arg-type]
    for number in ("", "a b", "x" * 41, "-1"):
        with pytest.raises(Invalid):
            nodes.share_case(node=two.to_vn.node, number=number, by=by, at=AT)
    for address in (
        "http://x.example",
        "https://",
        "x",
        "https://x.example/" + "x" * 200,
        "https://a b",
        "https://x:0",
        "https://[x",
    ):
        with pytest.raises(Invalid):
            nodes.register_node_key(node=two.to_vn.node, address=address, keys=None, by=both, at=AT)
    good = keys_of(two.cn, CN)
    for bad in (
        {"public": b"short"},
        {"sealing": b"short"},
        {"searching": b""},
        {"certificate": b"none"},
        {"certificate": good.certificate + b"more"},
    ):
        with pytest.raises(Invalid):
            keys = replace(good, **bad)  # type: ignore[arg-type]
            nodes.register_node_key(node=two.to_vn.node, address="https://x.example", keys=keys, by=both, at=AT)
    longest = actions.write(case=two.to_vn, kind="notice", text="x" * room, by=by, at=AT)
    assert len(queries.said(two.arrives(longest))["text"]) == room


def test_a_node_is_a_partners_and_signed_by_two(two: Two) -> None:
    by = two.world.registrars
    assert by is not None
    police, told = two.world.agencies["police"], card("LA-1", two.cn)
    assert refused(lambda: nodes.register_node(card=told, agency=police, by=by, at=AT)) == "not_a_partner"
    node, keys = two.to_vn.node, told.keys
    again = {"node": node, "address": "https://x.example", "keys": keys, "by": (by[0], by[0]), "at": AT}
    assert refused(lambda: nodes.register_node_key(**again)) == "two_registrars"  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        nodes.register_node(card=replace(told, code="la 1"), agency=police, by=by, at=AT)
    assert PartnerNode.objects.count() == NodeKey.objects.count() == 2


def test_a_card_is_read_as_it_was_written_and_called_by_all_of_it(two: Two) -> None:
    told = card("LA-1", two.cn)
    assert cards.read(cards.written(told)) == told
    others = {cards.fingerprint(replace(told, code="LA-2")), cards.fingerprint(replace(told, address="https://y.example"))}
    for name in ("public", "sealing", "searching", "certificate"):
        others.add(cards.fingerprint(replace(told, keys=replace(told.keys, **{name: b"x" * 32}))))
    assert len(others | {cards.fingerprint(told)}) == 7
    for text in ("", "[]", "{}", cards.written(told).replace("wayhome node 1", "wayhome node 2")):
        with pytest.raises(cards.Unreadable):
            cards.read(text)


@pytest.mark.parametrize("table", AGAINST)
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_said_stays(two: Two, table: str, sql: str) -> None:
    message = two.write()
    actions.settle(message=message, own=CN, receipt=two.take(two.sent(message)), heard="", at=AT)
    with pytest.raises(DatabaseError) as told, expected_refusal(connection), transaction.atomic():
        connection.cursor().execute(sql.format(table))
    assert database_refusal(told.value) == "append_only"
