"""The house as `wayhome serve` serves it: a process of its own on a free port of the loopback."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

from factories.house import House


@dataclass
class Served:
    """A server and where it listens."""

    process: subprocess.Popen[str]
    port: int

    def get(self, path: str) -> tuple[int, str]:
        """Status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def kill(self) -> None:
        """As a power cut would: every process of it, at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def served(house: House, *, workers: int = 1) -> Iterator[Served]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (house.folder / "server.log").open("a") as log:
        process = house.start("serve", "--port", port, "--workers", workers, stdout=subprocess.DEVNULL, stderr=log)
    server = Served(process, port)
    try:
        until = time.monotonic() + 120
        while True:
            assert process.poll() is None, (house.folder / "server.log").read_text()
            assert time.monotonic() < until, "the server does not answer"
            with contextlib.suppress(OSError, http.client.HTTPException):
                if server.get("/account/login/")[0] == 200:
                    break
            time.sleep(0.05)
        yield server
    finally:
        server.kill()
