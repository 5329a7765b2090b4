"""A PostgreSQL cluster of the test run's own, on loopback, gone when the run ends.

It needs the server's programs: on Debian `apt-get install postgresql`. They refuse to run as root, so root
starts them as `postgres`.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path

IN_A_HURRY = " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0"
HOW_TO_GET_IT = "PostgreSQL's server is missing: apt-get install postgresql"


def programs() -> Path | None:
    """Where initdb and pg_ctl are; None where there is no server."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return folders[0].parent if folders else None


@cache
def cluster_url(*, durable: bool = False) -> str:
    """Start the cluster, once a process; the address of its database `wayhome`. A durable one waits for the disk."""
    where = programs()
    if where is None:
        raise RuntimeError(HOW_TO_GET_IT)
    folder = Path(tempfile.mkdtemp(prefix="wayhome-pg-"))
    as_root = os.geteuid() == 0
    if as_root:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    prefix = ["runuser", "-u", "postgres", "--"] if as_root else []
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(*command: str) -> None:
        subprocess.run([*prefix, *command], check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    run(str(where / "initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", "wayhome", "-E", "UTF8", "--no-sync")
    # Nothing of this cluster is to outlive the run, so it need not wait for the disk unless that is what is measured.
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=60" + ("" if durable else IN_A_HURRY)
    run(str(where / "pg_ctl"), "-D", str(folder / "data"), "-o", options, "-l", str(folder / "log"), "-w", "start")

    def stop() -> None:
        run(str(where / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    run(str(where / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "wayhome", "wayhome")
    return f"postgresql://wayhome@127.0.0.1:{port}/wayhome"
