"""The server itself, in a process that never had the owner's rights: `serve` looks at the house, then becomes this program."""

from __future__ import annotations

import os
import sys

GRACE = 10
"""Seconds in which requests may end when the server is told to stop."""
IDLE = 600
"""Seconds for which a thread waits for a request before it goes, with its connection and what the database planned for it. The
server takes no more."""


def serving(host: str, port: int, workers: int, threads: int) -> None:
    """Serve until told to stop."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    if os.environ.get("WAYHOME_ROLE") != "web":
        raise RuntimeError("started by `wayhome serve`, which lays down the owner's rights")
    Server(
        "wayhome.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        blocking_threads_idle_timeout=IDLE,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
        websockets=False,
        # Addresses hold numbers of children: they are in the audit, and not in a log.
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    serving(sys.argv[1], *map(int, sys.argv[2:]))
