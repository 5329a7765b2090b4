"""A house makes a later key for sealing: partners take it from a signed message, what came before stays readable, and what is
sealed for a key that was withdrawn long ago is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from casework.exchange.test_dna import refused
from factories.exchange import CN, VN, Two, sent_by_hand, two_houses
from factories.world import World
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import NotAllowed, NotFound, database_refusal
from wayhome.casework.exchange.actions import messages, nodes, renewing
from wayhome.casework.exchange.models import Incoming, NodeKey, Outgoing
from wayhome.casework.exchange.queries import desk
from wayhome.casework.exchange.queries import messages as queries
from wayhome.casework.exchange.queries import renewing as told
from wayhome.casework.exchange.rules import bodies
from wayhome.casework.exchange.rules import renewing as rules
from wayhome.casework.vault.models import HouseKey
from wayhome.casework.vault.queries import key_path as path_of
from wayhome.casework.vault.queries import problems, public_key, read_private
from wayhome.casework.vault.rules import Broken, Purpose

NOW = datetime.now(UTC) + timedelta(days=1)
LATE = NOW + rules.KNOWN_FOR + timedelta(hours=2)


@pytest.fixture
def two(world: World) -> Two:
    return two_houses(world)


def tells(two: Two, **more: Any) -> Outgoing:
    return renewing.tell_key(**{"case": two.to_vn, "by": two.world.actor("supervisor"), "at": NOW} | more)


def takes(two: Two, **more: Any) -> NodeKey:
    """The partner's registrars."""
    assert two.world.registrars is not None
    return renewing.register_told_key(**{"node": two.of_cn.node, "own": VN, "by": two.world.registrars, "at": NOW} | more)


def written_there(two: Two, text: str = "Đã nhận.") -> Outgoing:
    by = two.world.actor("supervisor")
    return messages.write(case=two.of_cn, kind="notice", text=text, by=by, at=NOW)


def is_sealed_for(message: Outgoing, key: HouseKey) -> bool:
    of = bodies.of(message.case.number, message.kind, message.nonce)
    try:
        return bool(bodies.opened(message.body, private=read_private(path_of("partners", key.pk)), of=of))
    except Broken:
        return False


def test_partners_take_a_later_key_from_a_signed_message_and_what_came_before_stays_readable(two: Two) -> None:
    first = HouseKey.objects.get(purpose=Purpose.PARTNERS)
    before = two.arrives(two.write("trước"), at=NOW)
    later = renewing.renew_sealing_key(at=NOW)
    assert public_key(Purpose.PARTNERS) == bytes(later.public)
    assert list(problems(connection)) == []
    came = two.arrives(tells(two), at=NOW)
    assert rules.known(queries.said(came)) == rules.Later(2, bytes(later.public))
    assert not is_sealed_for(written_there(two), later), "nothing changes before two registrars say so"
    key = takes(two)
    assert (key.node, bytes(key.sealing or b""), key.address) == (two.of_cn.node, bytes(later.public), "https://cn-1.example")
    answer = written_there(two)
    assert (is_sealed_for(answer, later), is_sealed_for(answer, first)) == (True, False)
    assert two.arrives(answer, at=NOW).sealed_for == later
    for message in (before, *Outgoing.objects.all()):
        assert queries.said(message)
    assert queries.said(before) == {"text": "trước"}
    events = AuditEvent.objects.values_list("action", flat=True)
    assert {"exchange.renew_sealing_key", "exchange.register_node_key"} <= set(events)
    assert not Alarm.objects.exists()


def test_what_is_sealed_for_a_key_that_was_withdrawn_long_ago_is_refused(two: Two) -> None:
    lag, held = written_there(two, "chậm"), written_there(two, "trễ")
    renewing.renew_sealing_key(at=NOW)
    message = tells(two)
    silent = LATE + timedelta(days=900)
    assert not told.is_old(HouseKey.objects.order_by("at").filter(purpose="partners")[0].pk, two.to_vn.node, at=silent)
    # The partner has it: from now on sixty days.
    two.arrives(message, at=NOW)
    assert two.arrives(lag, at=LATE - timedelta(hours=3)).sealed_for != told.own()[-1], "still in time"
    assert refused(lambda: two.arrives(held, at=LATE)) == rules.OLD
    assert [alarm.code for alarm in Alarm.objects.all()] == [rules.OLD]
    # The partner reads why, and does not send it again.
    messages.settle(message=held, own=VN, receipt=None, heard=rules.OLD, at=LATE)
    assert held not in queries.waiting(at=LATE + timedelta(days=9))
    assert queries.told(Outgoing.objects.get(pk=held.pk)).refused
    assert ("us", "old_key", held.pk) in {(one.who, one.what, one.of) for one in desk.waits([two.of_cn])}
    # Anew, for the later key, it arrives.
    takes(two, at=LATE)
    assert two.arrives(written_there(two, "trễ"), at=LATE).kind == "notice"
    with pytest.raises(DatabaseError) as caught, expected_refusal(connection), transaction.atomic():
        row = Incoming.objects.filter(case=two.to_vn).first()
        assert row is not None
        row.pk, row.sequence, row.nonce, row.at, row.sealed_for = None, 99, "f" * 32, LATE, told.own()[0]
        row.save(force_insert=True)
    assert database_refusal(caught.value) == rules.OLD


def test_a_supervisor_tells_each_partner_once(two: Two) -> None:
    assert refused(lambda: tells(two)) == "no_later_key"
    supervisor = two.world.actor("supervisor")
    assert "key_untold" not in {one.what for one in desk.waits([two.to_vn])}
    renewing.renew_sealing_key(at=NOW)
    (waits,) = [one for one in desk.waits([two.to_vn]) if one.what == "key_untold"]
    assert (waits.who, waits.case, waits.since) == ("us", two.to_vn, NOW)
    with pytest.raises(NotAllowed):
        tells(two, by=two.world.actor("officer"))
    assert refused(lambda: tells(two, by=two.world.actor("supervisor", stepped_up=False))) == "step_up"
    with pytest.raises(NotFound):
        tells(two, by=replace(supervisor, agency_id=999_999, oversees=False))
    message = tells(two, by=supervisor)
    assert refused(lambda: tells(two)) == "no_later_key"
    assert {one.what for one in desk.waits([two.to_vn])} == {"receipt"}
    two.arrives(message, at=NOW)
    unregistered = [one for one in desk.waits([two.of_cn]) if one.what == "key_unregistered"]
    assert [(one.who, one.since) for one in unregistered] == [("us", NOW)]
    takes(two, at=NOW + timedelta(minutes=1))
    assert "key_unregistered" not in {one.what for one in desk.waits([two.of_cn])}
    renewing.renew_sealing_key(at=NOW + timedelta(minutes=2))
    assert rules.known(queries.said(tells(two, at=NOW + timedelta(minutes=3)))) == rules.Later(3, public_key(Purpose.PARTNERS)), (
        "and a third is told anew"
    )


def test_registrars_take_a_key_only_where_the_partners_signature_stands(two: Two) -> None:
    assert refused(lambda: takes(two)) == "no_key_told"
    renewing.renew_sealing_key(at=NOW)
    two.arrives(tells(two), at=NOW)
    assert refused(lambda: takes(two, own="XX-1")) == "no_key_told", "it was signed for another house"
    row = Incoming.objects.get(kind="key")
    broken = Incoming.objects.get(pk=row.pk)
    broken.signature = bytes(64)
    assert not told._is_theirs(broken, VN, bytes(row.key.public or b""))
    assert told._is_theirs(row, VN, bytes(row.key.public or b""))
    assert two.world.registrars is not None
    nodes.register_node_key(node=two.of_cn.node, address="https://x.example", keys=None, by=two.world.registrars, at=NOW)
    assert refused(lambda: takes(two)) == "no_key_told", "of a partner from whom nothing is taken"


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"n": 1, "sealing": "00" * 32},
        {"n": True, "sealing": "ab" * 32},
        {"n": 10_001, "sealing": "ab" * 32},
        {"n": 2, "sealing": "ab" * 31},
        {"n": 2, "sealing": "AB" * 32},
        {"n": 2, "sealing": "zz" * 32},
        {"n": 2, "sealing": 7},
    ],
)
def test_what_tells_no_key_is_no_message(two: Two, content: dict[str, Any]) -> None:
    data = sent_by_hand(two.vn, "key", content, n=1, at=NOW)
    assert refused(lambda: two.take(data, at=NOW, own=CN, line=VN)) == "not_a_message"
    legal = sent_by_hand(two.vn, "key", {"n": 2, "sealing": "ab" * 32}, n=1, at=NOW)
    assert two.take(legal, at=NOW, own=CN, line=VN)


def test_the_house_has_one_key_for_each_other_purpose(two: Two, tmp_path: Path, settings: Any) -> None:
    settings.WAYHOME_KEYS = tmp_path
    for purpose, at, code in ((Purpose.RELATIVES, NOW, "already_there"), (Purpose.PARTNERS, two.world.now(), "not_the_newest")):
        with pytest.raises(DatabaseError) as caught, expected_refusal(connection), transaction.atomic():
            HouseKey.objects.create(id=f"{purpose}"[:9] + "-2", purpose=purpose, public=bytes(32), at=at)
        assert database_refusal(caught.value) == code
