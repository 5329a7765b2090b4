"""`wayhome door`: where partners' houses bring their messages, in a process of its own, on a port of its own.

Nothing else of the house is behind it: no page, no login, no cookie. Who shows no certificate of the register is turned away in
TLS, before a byte of theirs is read and without a trace in the database, and who shows one and brings much that is refused must
wait. So nobody fills the house with alarms.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import socketserver
import ssl
import sys
import threading
import time
from collections import defaultdict, deque
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from wayhome import kinship
from wayhome.cli.house import SETTINGS, house
from wayhome.cli.node import Node, read_node
from wayhome.cli.serve import free

AT_ONCE = 64
"""Connections; whoever comes when all are taken is not let in."""
PATIENCE, VISIT = 20.0, 60.0
"""Seconds between two bytes, and for a whole visit: who dribbles bytes takes somebody's place, and not for long."""
LOOKS = 5.0
"""Seconds for which the register of certificates is remembered: who shows none costs the database nothing. The key
that a message is taken by is looked up anew each time."""
REFUSALS, IN = 20, 600.0
"""So many refusals in so many seconds, and a partner must wait: each leaves an alarm that somebody has to read."""
LONGEST = 6 * 64 * 1024 + 4096


def door(node: Path, host: str, port: int) -> None:
    """Let partners in until told to stop; refuse where the database is not fit to serve from."""
    with house() as connection:
        read_node(node)
        free(host, port)
        connection.close()
    print(f"partners come in at https://{host}:{port}/; Ctrl+C stops", file=sys.stderr, flush=True)
    arguments = [sys.executable, "-P", "-m", "wayhome.cli.door", str(node), host, str(port)]
    # What comes in is read by the door to see that it can be, and nothing else is.
    more = {"WAYHOME_ROLE": "web", "WAYHOME_OPENS": "partners", "DJANGO_SETTINGS_MODULE": SETTINGS}
    os.execve(sys.executable, arguments, os.environ | more)


class _Door(socketserver.ThreadingTCPServer):
    """Listens; TLS is spoken in the thread of each connection, so that one who is slow keeps nobody out."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], node: Node) -> None:
        self.node = node
        self.room = threading.BoundedSemaphore(AT_ONCE)
        self._known: tuple[float, dict[bytes, str]] = (-LOOKS, {})
        self.refused: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=REFUSALS))
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, socketserver.BaseRequestHandler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """In a thread of its own, while there is room."""
        if self.room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Give the room back after it."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.room.release()

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands, or turn away; then answer."""
        from django.db import connections

        from wayhome.casework.exchange import line

        request.settimeout(PATIENCE)
        same = request.dup()
        end = threading.Timer(VISIT, _cut, [same])
        end.daemon = True
        end.start()
        try:
            known = self.known()
            with contextlib.suppress(OSError, TimeoutError):
                if not known:
                    return
                with line.at_the_door(self.node.tls, known).wrap_socket(request, server_side=True) as spoken:
                    shown = spoken.getpeercert(binary_form=True)
                    if shown in known:
                        _Visit(spoken, client_address, self, shown, known[shown])
        finally:
            end.cancel()
            same.close()
            connections.close_all()

    def known(self) -> dict[bytes, str]:
        """Who may come in."""
        from wayhome.casework.exchange.queries.messages import known_lines

        at, known = self._known
        if time.monotonic() - at >= LOOKS:
            known = known_lines()
            self._known = (time.monotonic(), known)
        return known

    def handle_error(self, *_: Any) -> None:
        """Say what kind, and nothing of what came."""
        print(f"door: {type(sys.exc_info()[1]).__name__}", file=sys.stderr, flush=True)

    def waits(self, node: str) -> bool:
        """Whether too much of a partner's was refused lately."""
        lately = self.refused[node]
        return len(lately) == REFUSALS and time.monotonic() - lately[0] < IN


def _cut(request: socket.socket) -> None:
    with contextlib.suppress(OSError):
        request.shutdown(socket.SHUT_RDWR)


class _Visit(BaseHTTPRequestHandler):
    """One message, one answer."""

    server: _Door
    server_version, sys_version = "wayhome", ""
    timeout = PATIENCE

    def __init__(self, request: ssl.SSLSocket, address: Any, server: _Door, shown: bytes, node: str) -> None:
        self.shown, self.node = shown, node
        super().__init__(request, address, server)

    def do_POST(self) -> None:
        """Take a message."""
        from wayhome.casework.exchange import line

        length = self.headers.get("Content-Length", "")
        bytes_told = int(length) if length.isascii() and length.isdecimal() and len(length) < 9 else 0
        # What is on its way already is let go by, or the partner would hear nothing.
        data = self.rfile.read(min(bytes_told, 2 * LONGEST))
        if self.path != line.PATH:
            self._answer(404, {"code": "not_found"})
        elif not 0 < bytes_told <= LONGEST:
            self._answer(413, {"code": "not_a_message"})
        elif self.server.waits(self.node):
            self._answer(429, {"code": "too_many_refused"})
        else:
            self._take(data)

    def _take(self, data: bytes) -> None:
        from wayhome.casework.core.errors import Refused
        from wayhome.casework.exchange.actions.taking import take

        node = self.server.node
        try:
            receipt = take(data=data, own=node.code, key=node.key, line=self.shown, at=datetime.now(UTC))
        except Refused as refused:
            self.server.refused[self.node].append(time.monotonic())
            self._answer(refused.status, {"code": refused.code})
        except Exception as error:
            # Nothing was taken, and the partner sends it again.
            print(f"door: {type(error).__name__}", file=sys.stderr, flush=True)
            self._answer(503, {"code": "try_again"})
        else:
            self._answer(200, {"receipt": receipt.hex()})

    def _answer(self, status: int, told: dict[str, str]) -> None:
        body = json.dumps({"status": status, **told} if status != 200 else told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status == 200 else "application/problem+json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Who came is an event where it matters."""


def answering(node: Path, host: str, port: int) -> None:
    """Answer until told to stop."""
    if os.environ.get("WAYHOME_ROLE") != "web":
        raise kinship.InputError("started by `wayhome door`, which lays down the owner's rights", "Type that")
    import django

    django.setup()
    with _Door((host, port), read_node(node)) as server:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        server.serve_forever(poll_interval=0.2)


if __name__ == "__main__":
    answering(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
