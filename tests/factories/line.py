"""Two houses with a line between them that loses, doubles, delays, mixes up and alters what goes over it.

The line holds both houses' certificates, as whoever ends TLS for them would: it speaks as each to the other.
"""

from __future__ import annotations

import contextlib
import json
import random
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from factories.house import House
from wayhome.casework.exchange import line
from wayhome.casework.exchange.rules import cards

CASE = "2026/MC-17"
REGISTRARS = ("--by", "registrar", "--countersigned", "registrar1")
SETUP = """
import os, sys, json
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
from datetime import UTC, datetime, timedelta
from pathlib import Path
from wayhome.casework.accounts.queries import active_staff, actor_of
from wayhome.casework.audit.models import Alarm
from wayhome.casework.exchange import tasks
from wayhome.casework.exchange.actions import messages, nodes
from wayhome.casework.exchange.models import Incoming, NodeKey, Outgoing, SharedCase, Try
from wayhome.casework.exchange.queries import messages as queries
from wayhome.casework.exchange.rules import messages as rules
from wayhome.cli.node import read_node
def by(number="supervisor"):
    return actor_of(active_staff().get(number=number))
def now():
    return datetime.now(UTC)
"""
SHARE = (
    SETUP
    + """
nodes.share_case(node=queries.node(sys.argv[1]), number=sys.argv[2], by=by(), at=now())
"""
)
WRITE = (
    SETUP
    + """
for text in json.loads(sys.argv[1]):
    messages.write(case=SharedCase.objects.get(), kind="notice", text=text, by=by(), at=now())
"""
)
SEND = (
    SETUP
    + """
# What waits a minute, and then two, waits for moments here.
rules.FIRST_WAIT, rules.LONGEST_WAIT = timedelta(milliseconds=20), timedelta(milliseconds=80)
node = read_node(Path(sys.argv[1]))
import time
for _ in range(300):
    tasks.send_waiting(own=node.code, key=node.key, certificate=node.tls, clock=now, stopped=lambda: False)
    if not Outgoing.objects.exclude(tries__receipt__isnull=False).exists():
        break
    time.sleep(0.1)
print(json.dumps([Outgoing.objects.count(), Try.objects.filter(receipt__isnull=False).count(), Try.objects.count()]))
"""
)
STATE = (
    SETUP
    + """
case = SharedCase.objects.first()
print(json.dumps({
    "texts": [queries.said(row).get("text", "") for row in Incoming.objects.order_by("sequence")],
    "own": [queries.said(row).get("text", "") for row in Outgoing.objects.order_by("sequence")],
    "missing": queries.missing(case) if case else [],
    "alarms": list(Alarm.objects.filter(subject__in=("take", "settle")).order_by("pk").values_list("code", flat=True)),
    "heard": list(Try.objects.order_by("pk").values_list("heard", flat=True)),
}))
"""
)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@dataclass
class Abroad:
    """One of the two houses: its records, its node, its door, and the line by which the other reaches it."""

    house: House
    code: str
    door: int = field(default_factory=free_port)
    line: int = field(default_factory=free_port)

    @property
    def folder(self) -> Path:
        return self.house.folder / "node"

    @property
    def tls(self) -> Path:
        return self.folder / "tls.pem"

    @property
    def card(self) -> cards.Card:
        return cards.read((self.folder / "card.json").read_text())

    def do(self, code: str, *arguments: object) -> Any:
        done = self.house.run(*arguments, code=code)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout else None

    def wayhome(self, *arguments: object) -> str:
        done = self.house.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def known_to(self, other: Abroad) -> None:
        """Each puts the other's card on its register."""
        other.wayhome("node", "register", self.folder / "card.json", "--agency", "partner", *REGISTRARS)


@contextlib.contextmanager
def open_door(abroad: Abroad) -> Iterator[subprocess.Popen[str]]:
    """`wayhome door` in a process of its own."""
    log = (abroad.house.folder / "door.log").open("a")
    command = ("door", "--node", abroad.folder, "--port", abroad.door)
    process = abroad.house.start(*command, stdout=subprocess.DEVNULL, stderr=log)
    try:
        until = time.monotonic() + 120
        while True:
            assert process.poll() is None, (abroad.house.folder / "door.log").read_text()
            assert time.monotonic() < until, "nobody opens"
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", abroad.door), timeout=5):
                break
            time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        finally:
            process.kill()
            log.close()


class BadLine:
    """From one house to the other."""

    def __init__(self, sender: Abroad, receiver: Abroad, seed: int) -> None:
        self.sender, self.receiver, self.dice = sender, receiver, random.Random(seed)
        self.done: dict[str, int] = {}
        self.held: list[bytes] = []
        self.good = False
        self.lock = threading.Lock()

    def carry(self, data: bytes) -> tuple[int, bytes] | None:
        """What the sender hears; nothing where the line breaks."""
        with self.lock:
            luck = "passes" if self.good else self.dice.choice(("lost", "unanswered", "doubled", "altered", "held", "passes"))
            self.done[luck] = self.done.get(luck, 0) + 1
            if luck == "lost":
                return None
            if luck == "held":
                self.held.append(data)
                return None
            if luck == "altered":
                spot = self.dice.randrange(len(data))
                return self._brought(data[:spot] + bytes([data[spot] ^ (1 << self.dice.randrange(8))]) + data[spot + 1 :])
            answer = self._brought(data)
            if luck == "doubled":
                assert self._brought(data) == answer
            late, self.held = self.held, []
            self.dice.shuffle(late)
            for one in late:
                # Of the same message a later try may have come meanwhile: it is answered alike.
                assert self._brought(one)[0] == 200
            return None if luck == "unanswered" else answer

    def _brought(self, data: bytes) -> tuple[int, bytes]:
        address = f"https://127.0.0.1:{self.receiver.door}"
        try:
            receipt = line.post(address, data, own=self.sender.tls, known=self.receiver.card.keys.certificate)
        except line.NotHeard as error:
            return 409, json.dumps({"code": error.heard}).encode()
        return 200, json.dumps({"receipt": receipt.hex()}).encode()


@contextlib.contextmanager
def carried(bad: BadLine) -> Iterator[BadLine]:
    """The line listens where the sender looks for the receiver."""

    class Visit(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = bad.carry(self.rfile.read(int(self.headers["Content-Length"])))
            if answer is not None:
                self.send_response(answer[0])
                self.end_headers()
                self.wfile.write(answer[1])

        def log_message(self, *_: Any) -> None:  # type: ignore[override]
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    server = Server(("127.0.0.1", bad.receiver.line), Visit)
    context = line.at_the_door(bad.receiver.tls, [bad.sender.card.keys.certificate])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield bad
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def called(port: int, context: ssl.SSLContext, data: bytes, path: str = line.PATH) -> tuple[int, Any]:
    """What a door answers to whoever calls."""
    import http.client

    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=context)
    with contextlib.closing(connection):
        connection.request("POST", path, data)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


Make = Callable[[], Abroad]
