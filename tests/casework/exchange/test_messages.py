"""Messages between two houses: each arrives once, or is refused and told; nothing is lost on a bad line.

One database stands for both houses: what a house sends lies in other tables than what it takes. The line between them is here.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connection, transaction

from factories.world import World
from wayhome.casework.accounts.actions import register_agency
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import Invalid, NotAllowed, Refused, database_refusal
from wayhome.casework.exchange import actions, queries, rules
from wayhome.casework.exchange.models import Incoming, NodeKey, Outgoing, PartnerNode, SharedCase, Try

AT = datetime(2026, 11, 27, 3, tzinfo=UTC)
CN, VN = "CN-1", "VN-1"
CASE = "2026/MC-17"
AGAINST = (
    "exchange_partnernode",
    "exchange_nodekey",
    "exchange_sharedcase",
    "exchange_outgoing",
    "exchange_try",
    "exchange_incoming",
)


@dataclass
class Two:
    """Two houses, each with the other on its register."""

    world: World
    cn: Ed25519PrivateKey
    vn: Ed25519PrivateKey
    to_vn: SharedCase
    """The case as the house in China shares it."""
    of_cn: SharedCase
    """The same as the house in Viet Nam does."""

    def write(self, body: str = "Trẻ đã về đến nơi.") -> Outgoing:
        by = self.world.actor("supervisor")
        return actions.write(case=self.to_vn, kind="notice", body=body, by=by, at=AT)

    def sent(self, message: Outgoing, *, at: datetime = AT) -> bytes:
        return rules.signed(queries.envelope_of(message, own=CN, at=at), message.body, key=self.cn)

    def take(self, data: bytes, *, at: datetime = AT, own: str = VN) -> bytes:
        return actions.take(data=data, own=own, key=self.vn, at=at)


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


@pytest.fixture
def two(world: World) -> Two:
    by = world.registrars
    assert by is not None
    cn, vn = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    other = register_agency(
        by=by, at=AT, code="partner_cn", kind="partner", name="x", name_en="x", jurisdiction=world.jurisdictions["GD"]
    )
    nodes = [
        actions.register_node(code=code, agency=agency, address=f"https://{code}.example", public=public(key), by=by, at=AT)
        for code, agency, key in ((VN, world.agencies["partner"], vn), (CN, other, cn))
    ]
    shared = [actions.share_case(node=node, number=CASE, by=world.actor("supervisor"), at=AT) for node in nodes]
    return Two(world, cn, vn, *shared)


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
    assert [row.body for row in Incoming.objects.order_by("sequence")] == ["0", "1", "2"]


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_on_a_line_that_loses_doubles_mixes_and_alters(two: Two, seed: int) -> None:
    dice, at = random.Random(seed), AT
    written = [two.write(f"第{n}号").body for n in range(8)]
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
    assert [row.body for row in Incoming.objects.order_by("sequence")] == written
    assert altered
    assert Alarm.objects.count() == altered


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
    "a zero byte": ("not_a_message", lambda two, m: two.sent(m).replace(b"Tr", b"\\u0000", 1)),
    "an unknown node": ("node_unknown", lambda two, m: _forged(two, m, sender="XX-1")),
    "another's key": ("message_not_signed", lambda two, m: _forged(two, m, key=two.vn)),
    "another's name": ("message_not_signed", lambda two, m: _forged(two, m, sender=VN)),
    "for another house": ("not_for_us", lambda two, m: _forged(two, m, receiver="LA-1")),
    "another body": ("message_altered", lambda two, m: two.sent(m).replace(b"\xc4\x91", b"d", 1)),
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
    actions.register_node_key(node=node, address="https://cn.example", public=public(new), by=by, at=AT)
    assert refused(lambda: two.take(two.sent(message))) == "message_not_signed"
    two.cn = new
    two.take(two.sent(message))
    actions.register_node_key(node=node, address="https://cn.example", public=None, by=by, at=AT)
    assert refused(lambda: two.take(two.sent(message))) == "key_revoked"


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
        actions.write(case=two.to_vn, kind="notice", body="x", by=by, at=AT)
    with pytest.raises(NotAllowed):
        actions.share_case(node=two.to_vn.node, number="K-2", by=by, at=AT)
    assert not Outgoing.objects.exists()


def test_what_cannot_be_written(two: Two) -> None:
    by, both = two.world.actor("supervisor"), two.world.registrars
    assert both is not None
    for told in ({"kind": "order"}, {"body": " "}, {"body": "x" * (rules.LONGEST + 1)}, {"body": "x\0"}):
        with pytest.raises(Invalid):
            actions.write(**{"case": two.to_vn, "kind": "notice", "body": "x", "by": by, "at": AT} | told)  # type: ignore[arg-type]
    for number in ("", "a b", "x" * 41, "-1"):
        with pytest.raises(Invalid):
            actions.share_case(node=two.to_vn.node, number=number, by=by, at=AT)
    for address in ("http://x.example", "https://", "x", "https://x.example/" + "x" * 200):
        with pytest.raises(Invalid):
            actions.register_node_key(node=two.to_vn.node, address=address, public=None, by=both, at=AT)
    with pytest.raises(Invalid):
        actions.register_node_key(node=two.to_vn.node, address="https://x.example", public=b"short", by=both, at=AT)
    actions.write(case=two.to_vn, kind="notice", body="x" * rules.LONGEST, by=by, at=AT)


def test_a_node_is_a_partners_and_signed_by_two(two: Two) -> None:
    by = two.world.registrars
    assert by is not None
    told = {"code": "LA-1", "agency": two.world.agencies["police"], "address": "https://x.example", "public": b"x" * 32}
    assert refused(lambda: actions.register_node(**told, by=by, at=AT)) == "not_a_partner"  # type: ignore[arg-type]
    told = {"node": two.to_vn.node, "address": "https://x.example", "public": b"x" * 32}
    assert refused(lambda: actions.register_node_key(**told, by=(by[0], by[0]), at=AT)) == "two_registrars"  # type: ignore[arg-type]
    assert PartnerNode.objects.count() == NodeKey.objects.count() == 2


@pytest.mark.parametrize("table", AGAINST)
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_said_stays(two: Two, table: str, sql: str) -> None:
    message = two.write()
    actions.settle(message=message, own=CN, receipt=two.take(two.sent(message)), heard="", at=AT)
    with pytest.raises(DatabaseError) as told, expected_refusal(connection), transaction.atomic():
        connection.cursor().execute(sql.format(table))
    assert database_refusal(told.value) == "append_only"
