"""How long an analyst waits, from sending a rescued child's profile, until the child's family stands on their list.

    uv run python benchmarks/matching.py [--families N] [--children N] [--keep FOLDER]

It makes a house on SQLite with `--children` families of its own, each of which lost a child, and puts couples beside them into
the index until there are `--families` (in the index alone: the house's tables hold the few). Then `wayhome serve` and `wayhome
worker` run as they do in a house, and each child's profile is sent over HTTP as a laboratory's file; from then on the list of
candidates is asked for every 50 ms. A time is from the first byte sent to the answer in which the child's own family stands.

`--keep FOLDER` keeps the index there and uses it the next time.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import platform
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
CHUNK = 20_000
FIRST = 10**12
"""Numbers of the couples in the index: far from those of requests."""
FILL = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
import django
django.setup()
from django.db import connection
from wayhome.casework.core.schema import make_tables
make_tables(connection)
from datetime import timedelta
from django.utils import timezone
from factories.world import small_world
from factories.matching import House
from factories.laboratory import sample, table
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.matching import tasks
world = small_world()
# Consents run from this clock, and the worker looks at the real one.
world.clock = timezone.now() - timedelta(days=4)
told = []
for n in range(int(sys.argv[2])):
    house = House(world, 100 + n, inquirer=[("name", f"家{n}"), ("phone", f"1387{n:07d}")], child_name=f"小{n}")
    for who in ("mother", "father"):
        house.sampled(who)
    kit = sample(world, house.child)
    file = table({kit.number: house.calls["child"]}).decode()
    told.append({"child": house.child.number, "request": house.request.number, "file": file})
tasks.search(at=world.now())
by = world.actor("analyst")
now = timezone.now()
scopes = ["samples:write", "candidates:read"]
until = now + timedelta(hours=8)
token = accounts.give_token(staff=world.staff["analyst"], scopes=scopes, label="bench", by=by, at=now, expires_at=until)
print(json.dumps({"token": token, "children": told}))
"""


def machine() -> str:
    """One line about where this ran."""
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")),
        platform.processor(),
    )
    return f"{cpu}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"


def grow(index: Path, families: int) -> int:
    """Couples into the index until there are so many; how many there are."""
    from wayhome import kinship

    there = kinship.Index.open(index)
    model = there.model
    loci = tuple(name for name in kinship.panel("Huaxia Platinum").autosomal if name in there.manifest.loci)
    while there.manifest.families < families:
        done = there.manifest.families
        wanted = min(CHUNK, families - done)
        base = kinship.simulate_base(wanted, model, loci=loci, seed=done, shapes={"couple": 1.0}, found=0.0)
        there.add(
            [
                kinship.Family(replace(one.pedigree, name=str(FIRST + done + n)), dict(one.profiles))
                for n, one in enumerate(base.families)
            ]
        )
        print(f"\r{there.manifest.families:,} families", end="", file=sys.stderr, flush=True)
    there.compact()
    print(file=sys.stderr)
    return there.manifest.families


@contextlib.contextmanager
def running(environment: dict[str, str], *arguments: str, log: Path) -> Iterator[subprocess.Popen[str]]:
    """A command of the house's, ended afterwards."""
    code = "import sys; from wayhome.cli.main import run; sys.argv[0] = 'wayhome'; sys.exit(run())"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments], env=environment, stdout=out, stderr=out, text=True, cwd=log.parent
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


class Client:
    """An analyst's program."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Any]:
        """Status and answer."""
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(wire):
            wire.request(method, path, body, {"Authorization": f"Bearer {self.token}"} | headers)
            answer = wire.getresponse()
            text = answer.read().decode()
            return answer.status, json.loads(text) if text.startswith(("{", "[")) else text

    def send(self, name: str, data: str) -> None:
        """A laboratory's file."""
        edge = secrets.token_hex(8)
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
        body = head.encode() + data.encode() + f"\r\n--{edge}--\r\n".encode()
        kind = f"multipart/form-data; boundary={edge}"
        status, told = self.ask("POST", "/api/v1/lab-files", body, **{"Content-Type": kind, "Idempotency-Key": edge})
        assert status in (200, 201), (status, told)


def measure(client: Client, children: list[dict[str, str]]) -> list[float]:
    """Seconds for each child."""
    times = []
    for n, one in enumerate(children):
        began = time.perf_counter()
        client.send(f"run {n}.csv", one["file"])
        while True:
            _, told = client.ask("GET", "/api/v1/candidates?limit=200")
            if any((row["child"], row["request"]) == (one["child"], one["request"]) for row in told["items"]):
                times.append(time.perf_counter() - began)
                break
            assert time.perf_counter() - began < 120, told
            time.sleep(0.05)
    return times


def main() -> None:
    """Fill, grow, serve, measure, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", type=int, default=1_000_000)
    parser.add_argument("--children", type=int, default=12)
    parser.add_argument("--keep", metavar="FOLDER")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wayhome-matching-") as temporary:
        folder = Path(temporary)
        index = folder / "house.index"
        environment = os.environ | {
            "WAYHOME_DATABASE": str(folder / "house.sqlite3"),
            "WAYHOME_SECRET_FILE": str(folder / "house.key"),
            "WAYHOME_INDEX": str(index),
            "WAYHOME_ROLE": "owner",
            "DJANGO_SETTINGS_MODULE": "wayhome.config.settings",
        }
        filled = subprocess.run(
            [sys.executable, "-c", FILL, str(Path(__file__).resolve().parents[1] / "tests"), str(options.children)],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert filled.returncode == 0, filled.stderr
        told = json.loads(filled.stdout.splitlines()[-1])
        kept = None if options.keep is None else Path(options.keep)
        own = list(_families(index))
        if kept is not None and kept.exists():
            shutil.rmtree(index)
            shutil.copytree(kept, index, copy_function=os.link)
            _add(index, own)
        size = grow(index, options.families)
        if kept is not None and not kept.exists():
            shutil.copytree(index, kept, copy_function=os.link)
        port = 20_000 + os.getpid() % 20_000
        with (
            running(environment, "serve", "--port", str(port), "--workers", "1", log=folder / "serve.log"),
            running(environment, "worker", "--every", "600", log=folder / "worker.log") as worker,
        ):
            client = Client(port, told["token"])
            until = time.monotonic() + 120
            while True:
                assert time.monotonic() < until, (folder / "serve.log").read_text()
                with contextlib.suppress(OSError):
                    if client.ask("GET", "/api/v1/candidates?limit=1")[0] == 200:
                        break
                time.sleep(0.1)
            time.sleep(3)
            assert worker.poll() is None, (folder / "worker.log").read_text()
            times = measure(client, told["children"])
        print(machine())
        ordered = sorted(times[1:])
        print(f"{size:,} families in the index, {sum(f.stat().st_size for f in index.rglob('*') if f.is_file()) / 1e9:.1f} GB")
        print(
            f"from the file sent to the family on the list, {len(ordered)} children: median {ordered[len(ordered) // 2]:.2f} s, "
            f"longest {ordered[-1]:.2f} s; the first, with a worker just started, {times[0]:.2f} s"
        )


def _families(index: Path) -> Iterator[Any]:
    from wayhome import kinship

    yield from kinship.Index.open(index).families()


def _add(index: Path, families: list[Any]) -> None:
    from wayhome import kinship

    kinship.Index.open(index).add(families, replacing=True)


if __name__ == "__main__":
    main()
