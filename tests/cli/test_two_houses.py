"""Two houses, each with its own records and keys, its own door and its own worker, over TLS on this machine."""

from __future__ import annotations

import contextlib
import http.client
import json
import shutil
import signal
import socket
import ssl
import subprocess
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from factories.house import House, another_filled_house, refused
from factories.line import CASE, REGISTRARS, SEND, SETUP, SHARE, STATE, WRITE, Abroad, BadLine, called, carried, open_door
from wayhome.casework.exchange import line
from wayhome.casework.exchange.rules import bodies
from wayhome.casework.exchange.rules import messages as rules
from wayhome.cli.audit import private_key

Two = tuple[Abroad, Abroad]


@pytest.fixture(scope="module")
def furnished_abroad(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Another house, with keys of its own."""
    return another_filled_house(tmp_path_factory.mktemp("abroad"))


@pytest.fixture(scope="module")
def acquainted(furnished: House, furnished_abroad: House, tmp_path_factory: pytest.TempPathFactory) -> Two:
    """Both know each other, and share a case: to be copied."""
    folder, made = tmp_path_factory.mktemp("two"), []
    for code, house in (("CN-1", furnished), ("VN-1", furnished_abroad)):
        (folder / code).mkdir()
        one = Abroad(house.copied(folder / code), code)
        told = one.wayhome("node", "make", one.folder, code, f"https://127.0.0.1:{one.line}")
        assert len(told.splitlines()[-1].split()) == 8
        made.append(one)
    cn, vn = made
    for one, other in ((cn, vn), (vn, cn)):
        one.known_to(other)
    for one, other in ((cn, vn), (vn, cn)):
        one.do(SHARE, other.code, CASE)
    return cn, vn


@pytest.fixture
def two(acquainted: Two, tmp_path: Path) -> Two:
    """Two such houses of the test's own, at the same doors."""
    made = []
    for one in acquainted:
        (tmp_path / one.code).mkdir()
        mine = Abroad(one.house.copied(tmp_path / one.code), one.code, one.door, one.line)
        shutil.copytree(one.folder, mine.folder)
        made.append(mine)
    return made[0], made[1]


def as_a_client(own: Path | None, known: bytes) -> ssl.SSLContext:
    """Who calls with some certificate, or with none."""
    if own is not None:
        return line.to_a_partner(own, known)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_everything_arrives_once_on_a_bad_line_both_ways(two: Two, seed: int) -> None:
    cn, vn = two
    texts = {"CN-1": [f"第{n}号：孩子平安。" for n in range(6)], "VN-1": [f"Số {n}: gia đình đã được báo." for n in range(6)]}
    with contextlib.ExitStack() as stack:
        for one in two:
            stack.enter_context(open_door(one))
        lines = {one.code: stack.enter_context(carried(BadLine(one, other, seed))) for one, other in ((cn, vn), (vn, cn))}
        for one in two:
            one.do(WRITE, json.dumps(texts[one.code]))
            assert one.do(SEND, one.folder)[:2] == [6, 6]
    for one, other in ((cn, vn), (vn, cn)):
        came, bad = other.do(STATE), lines[one.code]
        assert came["texts"] == texts[one.code]
        assert came["own"] == texts[other.code]
        assert came["missing"] == []
        # Each message that was altered is refused and told there, and no other; the sender heard why.
        assert len(came["alarms"]) == bad.done.get("altered", 0)
        heard = one.do(STATE)["heard"]
        assert sum(told not in ("", "unreachable") for told in heard) == bad.done.get("altered", 0)
        assert len(bad.done) >= 4
        # What goes over the line says nothing to who reads it there.
        assert sum(bad.done.values()) > 6


def test_the_worker_sends_and_the_door_takes(two: Two) -> None:
    cn, vn = two
    cn.do(WRITE, '["一"]')
    # The address on the register is that of a line which is not there: it is tried, and goes out again.
    cn.wayhome("worker", "--once", "--node", cn.folder)
    assert cn.do(STATE)["heard"] == ["unreachable"]
    # The partner moves: another address, new keys and another certificate, on another card.
    vn.folder.rename(vn.house.folder / "before")
    vn.wayhome("node", "make", vn.folder, "VN-1", f"https://127.0.0.1:{vn.door}")
    vn.known_to(cn)
    at_once = (
        SETUP + "rules.FIRST_WAIT = timedelta(0)\nfrom wayhome.cli.main import run\n"
        "sys.argv[0] = 'wayhome'\nsys.exit(run(sys.argv[1:]))"
    )
    with open_door(vn) as door:
        done = cn.house.run("worker", "--once", "--node", cn.folder, code=at_once)
        assert done.returncode == 0, done.stderr
        assert "messages that partners received: 1" in done.stdout
        door.send_signal(signal.SIGTERM)
        assert door.wait(timeout=30) == 0
    assert vn.do(STATE)["texts"] == ["一"]


def test_who_is_not_let_in_leaves_no_trace(two: Two) -> None:
    cn, vn = two
    stranger = Abroad(House(cn.house.folder.parent / "xx", cn.house.database), "XX-1")
    stranger.house.folder.mkdir()
    cn.wayhome("node", "make", stranger.folder, "XX-1", "https://xx.example")
    known = vn.card.keys.certificate
    with open_door(vn):
        for own in (None, stranger.tls):
            with pytest.raises((ssl.SSLError, ConnectionError, http.client.HTTPException)):
                called(vn.door, as_a_client(own, known), b"{}")
        # One that speaks no TLS, and one that says nothing, keep nobody out.
        with (
            socket.create_connection(("127.0.0.1", vn.door), timeout=10) as plain,
            socket.create_connection(("127.0.0.1", vn.door)),
        ):
            plain.sendall(b"POST /v1/messages HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
            with contextlib.suppress(ConnectionError):
                assert not plain.recv(100).startswith(b"HTTP")
            assert called(vn.door, as_a_client(cn.tls, known), b"", "/nowhere")[0] == 404
        # The sender does not take another for the partner either.
        with pytest.raises(line.NotHeard) as told:
            line.post(f"https://127.0.0.1:{vn.door}", b"{}", own=cn.tls, known=stranger.card.keys.certificate)
        assert told.value.heard == "untrusted"
    assert vn.do(STATE)["alarms"] == []


def signed_as(cn: Abroad, vn: Abroad, text: str = "x", **changed: object) -> bytes:
    """A message of the house in China, made by hand."""
    nonce = "0" * 32
    body = bodies.sealed(bodies.written({"text": text}), to=vn.card.keys.sealing, of=bodies.of(CASE, "notice", nonce))
    envelope = rules.Envelope("CN-1", "VN-1", CASE, "notice", 1, nonce, datetime.now(UTC), rules.digest_of(body))
    key = changed.pop("key", None) or private_key(cn.folder / "sign.key")
    assert isinstance(key, Ed25519PrivateKey)
    return rules.signed(replace(envelope, **changed), body, key=key)  # type: ignore[arg-type]


def test_what_is_refused_is_told_and_who_brings_much_of_it_must_wait(two: Two, tmp_path: Path) -> None:
    cn, vn = two
    third = Abroad(House(tmp_path / "la", vn.house.database), "LA-1")
    third.house.folder.mkdir()
    vn.do(
        SETUP + "from wayhome.casework.accounts.actions import register_agency\n"
        "from wayhome.casework.accounts.models import Jurisdiction\n"
        "register_agency(by=(by('registrar'), by('registrar1')), at=now(), code='la', kind='partner', name='x', name_en='x',"
        " jurisdiction=Jurisdiction.objects.get(code='VN'))"
    )
    vn.wayhome("node", "make", third.folder, "LA-1", "https://la.example")
    vn.wayhome(
        "node", "register", third.folder / "card.json", "--agency", "la", "--by", "registrar", "--countersigned", "registrar1"
    )
    known = vn.card.keys.certificate
    mine, theirs = as_a_client(cn.tls, known), as_a_client(third.tls, known)
    late = {"sent_at": datetime.now(UTC) - timedelta(minutes=6)}
    with open_door(vn):
        lies = (
            ("not_a_message", mine, b"{}"),
            ("not_their_line", theirs, signed_as(cn, vn)),
            ("message_not_signed", mine, signed_as(cn, vn, key=Ed25519PrivateKey.generate())),
            ("message_skewed", mine, signed_as(cn, vn, **late)),
            ("foreign_case", mine, signed_as(cn, vn, case="2026/MC-18")),
            ("message_altered", mine, signed_as(cn, vn, digest="0" * 64)),
            ("not_sealed_for_us", mine, signed_as(cn, replaced(vn, cn))),
            ("not_sealed_for_us", mine, signed_as(cn, vn, nonce="1" * 32)),
        )
        for code, context, data in lies:
            assert called(vn.door, context, data) == (409, {"status": 409, "code": code})
        assert called(vn.door, mine, b" " * 500_000)[0] == 413
        for _ in range(30):
            status, _told = called(vn.door, mine, b"{}")
        assert status == 429
        # Another partner need not wait for that.
        assert called(vn.door, theirs, b"{}")[0] == 409
    alarms = vn.do(STATE)["alarms"]
    assert alarms[: len(lies)] == [code for code, _, _ in lies]
    assert len(alarms) == 20 + 2
    with open_door(vn):
        assert called(vn.door, mine, signed_as(cn, vn))[0] == 200
    assert vn.do(STATE)["texts"] == ["x"]


def replaced(vn: Abroad, cn: Abroad) -> Abroad:
    """Somebody who takes the sender for the receiver."""
    return Abroad(cn.house, vn.code, vn.door, vn.line)


def test_a_partner_that_was_revoked_is_not_let_in(two: Two) -> None:
    cn, vn = two
    mine = as_a_client(cn.tls, vn.card.keys.certificate)
    with open_door(vn):
        vn.wayhome("node", "revoke", "CN-1", "--by", "registrar", "--countersigned", "registrar1")
        time.sleep(6)
        with pytest.raises((ssl.SSLError, ConnectionError, http.client.HTTPException)):
            called(vn.door, mine, signed_as(cn, vn))
    state = vn.do(STATE)
    assert (state["texts"], state["alarms"]) == ([], [])
    cn.do(SETUP + "assert queries.known_lines()")
    vn.do(SETUP + "assert not queries.known_lines()")


SEVERAL = """
import json, sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from wayhome.cli.main import run
told = []
for command in json.loads(sys.argv[1]):
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        code = run(command)
    told.append([code, out.getvalue(), err.getvalue()])
print(json.dumps(told))
"""


def test_what_a_node_cannot_be(two: Two, tmp_path: Path) -> None:
    cn, vn = two
    both = ("--by", "registrar", "--countersigned", "registrar1")
    card, told = cn.folder / "card.json", json.loads((vn.folder / "card.json").read_text())
    wrong: list[tuple[tuple[object, ...], str]] = [
        (("node", "make", cn.folder, "CN-1", "https://x.example"), "exists already"),
        (("node", "make", tmp_path / "a", "cn 1", "https://x.example"), "no name of a node"),
        (("node", "make", tmp_path / "a", "CN-1", "http://x.example"), "no address"),
        (("door", "--node", tmp_path), "no folder of a node"),
        (("worker", "--once", "--node", tmp_path), "no folder of a node"),
        (("node", "register", card, *both), "new node"),
        (("node", "register", card, "--agency", "police", *both), "no partner"),
        (("node", "register", cn.folder / "sign.key", *both), "no card"),
        (("node", "revoke", "LA-1", *both), "no node"),
    ]
    for name, value in (("public", "00"), ("certificate", "00"), ("address", "http://x.example"), ("form", "x"), ("code", "")):
        bad = tmp_path / f"{name}.json"
        bad.write_text(json.dumps(told | {name: value}))
        wrong.append((("node", "register", bad, *both), "no card"))
    # One process for all of them: that each starts by itself is tried elsewhere.
    done = cn.house.run(json.dumps([[str(one) for one in command] for command, _ in wrong]), code=SEVERAL)
    assert done.returncode == 0, done.stderr
    for (command, part), (code, out, err) in zip(wrong, json.loads(done.stdout), strict=True):
        refused(subprocess.CompletedProcess(command, code, out, err), part)
    assert oct(cn.folder.stat().st_mode & 0o777) == "0o700"


TELL = (
    SETUP + "from wayhome.casework.exchange.actions.renewing import tell_key\n"
    "by = actor_of(active_staff().get(number='supervisor'), stepped_up=True)\n"
    "tell_key(case=SharedCase.objects.get(), by=by, at=now())"
)
KEYS = (
    SETUP + "from wayhome.casework.vault.models import HouseKey\n"
    "print(json.dumps({'keys': HouseKey.objects.filter(purpose='partners').count(), 'sealing':"
    " [bytes(one.sealing).hex() for one in NodeKey.objects.order_by('pk')]}))"
)


def test_a_later_key_is_told_over_the_line_and_taken_by_two_registrars(two: Two) -> None:
    cn, vn = two
    cn.do(WRITE, '["一"]')
    before = vn.card
    told = vn.wayhome("node", "new-key", vn.folder).splitlines()
    assert vn.card.keys.sealing != before.keys.sealing
    assert replace(vn.card, keys=replace(vn.card.keys, sealing=before.keys.sealing)) == before
    assert len(told[-1].split()) == 8
    assert vn.do(KEYS)["keys"] == 2
    early = cn.house.run("node", "take-key", "VN-1", "--node", cn.folder, *REGISTRARS)
    refused(early, "has told no later key under its signature")
    vn.do(TELL)
    with open_door(cn), open_door(vn), carried(BadLine(vn, cn, 1)), carried(BadLine(cn, vn, 1)):
        assert vn.do(SEND, vn.folder)[:2] == [1, 1]
        cn.wayhome("node", "take-key", "VN-1", "--node", cn.folder, *REGISTRARS)
        assert cn.do(KEYS)["sealing"] == [before.keys.sealing.hex(), vn.card.keys.sealing.hex()]
        cn.do(WRITE, '["二"]')
        assert cn.do(SEND, cn.folder)[:2] == [2, 2]
    assert vn.do(STATE)["texts"] == ["一", "二"], "one sealed for each of the two keys"
