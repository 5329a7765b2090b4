"""How long a supervisor waits for the ministry's desk and for the page of all clocks in a house with 100,000 children.

    uv run python benchmarks/desk.py [--database sqlite|postgresql] [--children N] [--rounds N] [--slowest N]

It fills a database of its own as `benchmarks/load.py` does, and asks for each page again and again, one at a time, from the
request to the last byte: for the supervisor of the whole country, and for one of a province. The first three of each are not
timed: they make the questions. `--slowest` prints that many questions of each page with what each took; `--keep FOLDER`,
`--at URL` and `--json` are those of `benchmarks/load.py`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from load import _percentiles, filled, machine

PAGES = {"the desk": "/ministry/", "all clocks": "/clocks/", "children behind a number": "/ministry/children/?step=sampled"}
AIM_MS = 500
WARM = 3


def client_of(number: str) -> Any:
    """A browser in which somebody is logged in, with a second factor."""
    from allauth.mfa.models import Authenticator
    from django.test import Client

    from wayhome.casework.accounts import actions as accounts
    from wayhome.casework.accounts.models import Staff, User

    staff = Staff.objects.get(number=number)
    user = User.objects.filter(staff=staff).first() or accounts.open_account(staff=staff, username=number, password=None)
    if not Authenticator.objects.filter(user=user).exists():
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "none"})
    client = Client(raise_request_exception=True, headers={"host": "localhost"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def timed(client: Any, path: str, rounds: int) -> list[float]:
    """Milliseconds of each time."""
    took = []
    for n in range(rounds + WARM):
        began = time.perf_counter()
        answer = client.get(path, secure=True)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        if n >= WARM:
            took.append(1000 * (time.perf_counter() - began))
    return took


def questions(client: Any, path: str) -> list[tuple[float, str]]:
    """Every question of a page, the slowest first."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        client.get(path, secure=True)
    return sorted(((1000 * float(one["time"]), one["sql"]) for one in asked.captured_queries), reverse=True)


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--children", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--slowest", type=int, default=0)
    parser.add_argument("--keep", metavar="FOLDER")
    parser.add_argument("--at", metavar="URL")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    options = parser.parse_args()
    told: dict[str, Any] = {"machine": machine(), "database": options.database, "pages": {}}
    with filled(options):
        from wayhome.casework.children.models import Child

        told["children"] = Child.objects.count()
        for whose, number in (("the country", "supervisor"), ("a province", "supervisor_p0")):
            client = client_of(number)
            for name, path in PAGES.items():
                took = _percentiles(timed(client, path, options.rounds))
                slow = questions(client, path)
                told["pages"][f"{name}, {whose}"] = took | {"questions": len(slow)}
                for ms, sql in slow[: options.slowest]:
                    print(f"  {ms:7.1f} ms  {name}, {whose}: {sql[:1500]}", file=sys.stderr)
    if options.json:
        print(json.dumps(told))
        return
    print(told["machine"])
    print(f"{told['children']:,} children on {told['database']}")
    for name, one in told["pages"].items():
        print(
            f"  {name:42s} {one['questions']:3d} questions   p50 {one['p50_ms']:6.0f}   p95 {one['p95_ms']:6.0f} ms"
            f"   aim for p95: {AIM_MS} ms"
        )


if __name__ == "__main__":
    main()
