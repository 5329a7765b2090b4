"""How long people wait for a page when fifty of them work in a house with 100,000 children.

    uv run python benchmarks/load.py [--database sqlite|postgresql] [--children N] [--users N] [--workers N] [--think SECONDS]
                                     [--warm SECONDS] [--seconds SECONDS]

It fills a database of its own (`tests/factories/crowd.py`: registers by the actions; 1,250 children under every guard; the rest
copies of these, made with the guards down and checked with the guards up again), starts `wayhome serve` on it with a process for
each core, on the loopback, and lets users log in with password and second factor. Each then asks for a page, reads it for 2.5
seconds (up to 40 % more or less), and asks for the next: half of them files of children, which is an event in the audit each
time, the others Today, the list of children, and, for those who have it, the placement desk. Times are from the request to the
last byte; pages asked for in the first `--warm` seconds are not timed, whichever the database: a server that was just started
makes its questions, and its database their plans. PostgreSQL is a cluster of the run's own with its usual settings: what it
acknowledges is on the disk, as with SQLite.

`--keep FOLDER` keeps a SQLite house there and uses it the next time; `--at URL` uses a PostgreSQL database filled before;
`--json` prints one object.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import platform
import random
import re
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

PEOPLE = (("nurse", 14), ("officer", 12), ("caseworker", 9), ("doctor", 7), ("placement_officer", 5), ("supervisor", 3))
"""Of fifty: who they are. Placement officers and supervisors have a province before them, the others their own house."""
PASSWORD = "a watch of eight hours"
CHILD, TODAY, CHILDREN, DESK = "child's page", "Today", "list of children", "placement desk"
MIX = {CHILD: 50, TODAY: 25, CHILDREN: 15, DESK: 10}
AIMS_MS = {CHILD: 300, TODAY: 150, CHILDREN: 150, DESK: 150}


def machine() -> str:
    """One line about where this ran."""
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")),
        platform.processor(),
    )
    return f"{cpu}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"


@dataclass
class User:
    """Somebody at a screen: one connection, one session."""

    login: str
    role: str
    secret: str
    port: int
    random: random.Random
    think: float
    counted_from: float = 0.0
    until: float = 0.0
    cookies: dict[str, str] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    times: list[tuple[str, float, int, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, where it sends one, and body."""
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        body = None
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{self.port}{path}"}
            body = urlencode(form)
        self.wire.request("POST" if form is not None else "GET", path, body, headers)
        answer = self.wire.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            key, _, value = line.partition(";")[0].partition("=")
            self.cookies[key] = value
        return answer.status, answer.headers.get("Location") or "", text

    def log_in(self) -> None:
        """Password, code, and the numbers of the children on the first page of the list."""
        from allauth.mfa.totp.internal import auth

        path = "/account/login/"
        for form in ({"login": self.login, "password": PASSWORD}, {"code": ""}):
            _status, _where, text = self.ask(path)
            if "code" in form:
                form = {"code": auth.format_hotp_value(auth.hotp_value(self.secret, int(time.time()) // 30))}
            status, where, text = self.ask(path, form | {"csrfmiddlewaretoken": _token(text)})
            if status == 429:
                # Fifty from one address within a minute: the house lets in thirty for each process.
                time.sleep(61)
                self.wire.close()
                status, where, text = self.ask(path, form | {"csrfmiddlewaretoken": _token(self.ask(path)[2])})
            if status != 302:
                raise RuntimeError(f"{self.login} is not let in: {status}")
            path = where
        status, _where, text = self.ask("/children/")
        self.numbers = sorted(set(re.findall(r"/children/(\d{9})/", text)))
        if status != 200 or not self.numbers:
            raise RuntimeError(f"{self.login} has no children: {status}")
        # Until the last of them is in, the server has closed what rested for half a minute.
        self.wire.close()

    def work(self) -> None:
        """Read and ask for the next until the time is over; what is asked before one counts is not timed."""
        time.sleep(self.random.uniform(0, 2 * self.think))
        pages = {CHILDREN: "/children/", TODAY: "/"} | ({DESK: "/placements/"} if self.role == "placement_officer" else {})
        while time.monotonic() < self.until:
            (kind,) = self.random.choices(list(MIX), list(MIX.values()))
            if kind != CHILD and kind not in pages:
                kind = TODAY
            path = f"/children/{self.random.choice(self.numbers)}/" if kind == CHILD else pages[kind]
            counts, began = time.monotonic() >= self.counted_from, time.perf_counter()
            try:
                status = self.ask(path)[0]
            except (OSError, http.client.HTTPException):
                status = 0
                self.wire.close()
            self.times.append((kind, time.perf_counter() - began, status, counts))
            time.sleep(self.random.uniform(0.6, 1.4) * self.think)


def _token(text: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    if found is None:
        raise RuntimeError("no form")
    return found[1]


def users(count: int, port: int, think: float) -> list[User]:
    """Logins for so many members of staff, each of another city or province."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal import auth

    from wayhome.casework.accounts import actions as accounts
    from wayhome.casework.accounts.models import Staff
    from wayhome.casework.accounts.models import User as Login

    found = []
    for role, of_fifty in PEOPLE:
        staff = list(Staff.objects.filter(role=role, number__regex=rf"^{role}_p?\d+$").order_by("pk"))
        wanted = max(1, round(of_fifty * count / 50))
        for one in staff[:: max(1, len(staff) // wanted)][:wanted]:
            login = Login.objects.filter(staff=one).first() or accounts.open_account(
                staff=one, username=one.number, password=PASSWORD, own_password=True
            )
            Authenticator.objects.filter(user=login).delete()
            secret = auth.generate_totp_secret()
            auth.TOTP.activate(login, secret)
            found.append(User(one.number, role, secret, port, random.Random(one.pk), think))
    return found


def processor_seconds(group: int) -> float:
    """What the processes of a group have used."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            told = stat.read_text().rpartition(")")[2].split()
            if int(told[2]) == group:
                total += (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    return total


def busy_seconds() -> float:
    """What the whole machine has used."""
    told = [int(one) for one in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(told) - told[3] - told[4]) / os.sysconf("SC_CLK_TCK")


def looks() -> int:
    """Files opened, by the audit."""
    from wayhome.casework.audit.models import AuditEvent

    return AuditEvent.objects.filter(action="custody.read_file").count()


def measured(house: Any, options: argparse.Namespace) -> dict[str, Any]:
    """Serve, let them in, let them work."""
    from factories.serving import served

    with served(house, workers=options.workers) as server:
        everybody = users(options.users, server.port, options.think)
        began = time.perf_counter()
        for user in everybody:
            user.log_in()
        let_in = time.perf_counter() - began
        before, counted_from = looks(), time.monotonic() + options.warm
        for user in everybody:
            user.counted_from, user.until = counted_from, counted_from + options.seconds
        threads = [threading.Thread(target=user.work, daemon=True) for user in everybody]
        for thread in threads:
            thread.start()
        time.sleep(options.warm)
        used, mine, machine_used = processor_seconds(server.process.pid), time.process_time(), busy_seconds()
        for thread in threads:
            thread.join(options.seconds + 90)
        lasted = time.monotonic() - counted_from
        served_by = (processor_seconds(server.process.pid) - used) / lasted
        told = {
            "machine": machine(),
            "users": len(everybody),
            "workers": options.workers,
            "think": options.think,
            "warm": options.warm,
            "logins_per_second": len(everybody) / let_in,
            "server_cores": served_by,
            "users_cores": (time.process_time() - mine) / lasted,
            "machine_cores": (busy_seconds() - machine_used) / lasted,
        }
        by_kind: dict[str, list[float]] = defaultdict(list)
        wrong = 0
        for user in everybody:
            for kind, took, status, counts in user.times:
                if counts:
                    by_kind[kind].append(1000 * took)
                wrong += status != 200
        opened = sum(kind == CHILD and status == 200 for user in everybody for kind, _took, status, _counts in user.times)
        told |= {
            "requests_per_second": sum(map(len, by_kind.values())) / lasted,
            "errors": wrong,
            "events_missing": opened - (looks() - before),
            "pages": {kind: _percentiles(by_kind[kind]) for kind in MIX if by_kind[kind]},
        }
    return told


def _percentiles(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    at = {f"p{p}_ms": ordered[min(len(ordered) - 1, len(ordered) * p // 100)] for p in (50, 95, 99)}
    return {"requests": len(ordered), **at}


@contextlib.contextmanager
def filled(options: argparse.Namespace) -> Iterator[Any]:
    """A house with the children in it."""
    with tempfile.TemporaryDirectory(prefix="wayhome-load-") as temporary:
        folder = Path(options.keep or temporary)
        folder.mkdir(exist_ok=True, mode=0o700)
        if options.at:
            database = options.at
        elif options.database == "postgresql":
            from factories.postgres import cluster_url

            database = cluster_url(durable=True)
        else:
            database = str(folder / "house.sqlite3")
        from factories.house import House

        house = House(folder, database)
        os.environ.update(house.environment())
        os.umask(0o077)
        import django

        django.setup()
        from django.db import connection

        if not connection.introspection.table_names():
            from factories.crowd import fill
            from wayhome.casework.core.schema import make_tables

            make_tables(connection)
            with connection.cursor() as cursor:
                # For the filling alone: the server opens connections of its own.
                lax = ("PRAGMA synchronous = OFF", "PRAGMA cache_size = -500000")
                for one in lax if connection.vendor == "sqlite" else ("SET synchronous_commit = off",):
                    cursor.execute(one)
            fill(options.children, said=lambda text: print(text, file=sys.stderr))
            connection.close()
        yield house
        connection.close()


def main() -> None:
    """Fill, serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--children", type=int, default=100_000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes of the server")
    parser.add_argument("--think", type=float, default=2.5, metavar="SECONDS", help="how long a page is read before the next")
    parser.add_argument("--warm", type=float, default=20, metavar="SECONDS", help="how long they work before pages are timed")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--keep", metavar="FOLDER")
    parser.add_argument("--at", metavar="URL")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    options = parser.parse_args()
    with filled(options) as house:
        from wayhome.casework.audit.models import AuditEvent
        from wayhome.casework.children.models import Child

        told = {"children": Child.objects.count(), "events": AuditEvent.objects.count(), "database": options.database}
        told |= measured(house, options)
    if options.json:
        print(json.dumps(told))
        return
    print(told["machine"])
    print(f"{told['children']:,} children, {told['events']:,} events on {told['database']}")
    print(
        f"{told['users']} users who read a page for {told['think']:g} s, server of {told['workers']} processes;"
        f" timed after {told['warm']:g} s of work"
    )
    print(
        f"{told['requests_per_second']:.1f} requests/s, {told['errors']} errors, {told['events_missing']} looks without event;"
        f" cores used: server {told['server_cores']:.2f}, users {told['users_cores']:.2f}, the whole machine"
        f" {told['machine_cores']:.2f}; {told['logins_per_second']:.1f} logins/s"
    )
    for kind, one in told["pages"].items():
        print(
            f"  {kind:18s} {one['requests']:5d} x   p50 {one['p50_ms']:6.0f}   p95 {one['p95_ms']:6.0f}"
            f"   p99 {one['p99_ms']:6.0f} ms   aim for p95: {AIMS_MS[kind]} ms"
        )


if __name__ == "__main__":
    main()
