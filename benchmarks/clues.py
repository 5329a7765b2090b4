"""How long it takes to see what hangs together with a thing, and what a new clue may belong to, among a million things.

    uv run python benchmarks/clues.py [--database sqlite|postgresql] [--clues N] [--times N] [--keep FOLDER]

It fills a database of its own (`tests/factories/clue_crowd.py`: 200 clues under every guard, the rest copies of these made with
the guards down, which stand again and are compared afterwards; every row is looked at whether it leads to a row): 100,000 clues
that speak of 1,000,000 things with 5,000,000 relations. Then it asks, for an officer, who reads half of them, for a supervisor of
the ministry, who reads all, and for an officer of a small town, who reads one in a hundred:

- the neighbourhood of a thing, one step and two, of things drawn at random and of the ones that most clues have;
- what a clue that was just taken down by the action may belong to, with telephones, plates and names that others have, and whom
  to call about it.

Aim: p95 below a second. Beside the time from question to answer stands what this process's processor did (on SQLite the
database too, on PostgreSQL the asking alone), which others on the machine do not lengthen. Under 5 GB of disk in the temporary
folder, removed afterwards.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from load import machine

AIM_S = 1.0


def told(text: str) -> None:
    """What is going on."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def timed(work: Callable[[], Any], of: int) -> list[tuple[float, float]]:
    """Seconds, and seconds of this process's processor, of each, after three that are not counted."""
    times = []
    for i in range(of + 3):
        began, busy = time.perf_counter(), time.process_time()
        work()
        if i >= 3:
            times.append((time.perf_counter() - began, time.process_time() - busy))
    return sorted(times)


def line(name: str, times: list[tuple[float, float]]) -> bool:
    """Print the figures; whether the aim holds."""
    at = min(len(times) - 1, int(len(times) * 0.95))
    waited, busy = [one for one, _ in times], sorted(one for _, one in times)
    held = waited[at] < AIM_S
    print(
        f"{name:<52} p50 {waited[len(times) // 2]:6.3f}  p95 {waited[at]:6.3f}  worst {waited[-1]:6.3f} s,"
        f" processor p95 {busy[at]:6.3f} s  {'' if held else 'TOO SLOW'}",
        flush=True,
    )
    return held


def measure(world: Any, times: int) -> bool:
    """Ask; whether everything held."""
    from django.db import models

    from factories.clue_crowd import BUS, FEW
    from factories.clues import clue, person, thing
    from wayhome.casework.clues.models import Edge, Mention, MentionKey
    from wayhome.casework.clues.queries import hits, links, network

    dice = random.Random(7)
    most = Mention.objects.aggregate(last=models.Max("pk"))["last"]
    print(f"{Mention.objects.count():,} things, {Edge.objects.count():,} relations, {MentionKey.objects.count():,} keys")
    of_hub = {"Dongxing": ("place", "东兴市"), "a bus company": ("phone", BUS)}
    held = True
    everybody = ("officer", "supervisor", FEW)
    for who in everybody:
        by = world.actor(who)

        readable = Mention.objects.filter(network.readable(by, "clue__")).order_by("pk")

        def place(one: Any) -> network.Place:
            return network.Place(one.clue_id, Mention.objects.filter(clue=one.clue_id, pk__lte=one.pk).count())

        hubs = {
            called: place(one) for called, (kind, label) in of_hub.items() for one in readable.filter(kind=kind, label=label)[:1]
        }

        def some(by: Any = by) -> network.Place:
            while True:
                found = Mention.objects.filter(network.readable(by, "clue__"), pk=dice.randrange(1, most + 1)).first()
                if found is not None:
                    return place(found)

        for steps in (1, 2):
            asked = iter([some() for _ in range(times + 3)])
            name = f"{who}: neighbourhood of a thing, {steps} step{'s' * (steps > 1)}"
            held &= line(
                name, timed(lambda steps=steps, asked=asked, by=by: network.neighbourhood(by, next(asked), steps=steps), times)
            )
            for called, hub in hubs.items():
                name = f"{who}: neighbourhood of {called}, {steps} step{'s' * (steps > 1)}"
                work = lambda steps=steps, hub=hub, by=by: network.neighbourhood(by, hub, steps=steps)  # noqa: E731
                held &= line(name, timed(work, max(5, times // 10)))
    phones = list(MentionKey.objects.filter(kind="phone").order_by("pk").values_list("key", flat=True)[1000:3000:10])
    plates = list(MentionKey.objects.filter(kind="vehicle").order_by("pk").values_list("key", flat=True)[1000:3000:10])
    for who in everybody:
        made = [
            clue(
                world,
                person(
                    ("name", dice.choice("王李张刘陈") + dice.choice(("秀英", "桂花", "德发"))), ("phone", dice.choice(phones))
                ),
                thing("vehicle", dice.choice(plates)),
                thing("phone", BUS),
                thing("place", "东兴市"),
                thing("place", "Móng Cái"),
                by="officer" if who == "supervisor" else who,
            )
            for _ in range(times + 3)
        ]
        for what, asks in (("proposals of a new clue", links.proposals), ("whom to call about it", hits.hits)):
            asked_clues = iter(made)
            held &= line(
                f"{who}: {what}",
                timed(lambda asks=asks, asked_clues=asked_clues, who=who: asks(world.actor(who), next(asked_clues)), times),
            )
    return held


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--clues", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--keep", metavar="FOLDER", help="of SQLite: where the house stays for the next time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wayhome-clues-") as temporary:
        folder = Path(options.keep or temporary)
        folder.mkdir(exist_ok=True, mode=0o700)
        database = str(folder / "house.sqlite3")
        if options.database == "postgresql":
            from factories.postgres import cluster_url

            database = cluster_url(durable=True)
        from factories.house import House

        os.environ.update(House(folder, database).environment())
        import django

        django.setup()
        from django.db import connection

        from factories.world import World, small_world
        from wayhome.casework.accounts.models import Agency, Jurisdiction, Staff
        from wayhome.casework.core.schema import make_tables

        if connection.introspection.table_names():
            from datetime import UTC, datetime

            world = World(
                jurisdictions={one.code: one for one in Jurisdiction.objects.all()},
                agencies={one.code: one for one in Agency.objects.all()},
                staff={one.number: one for one in Staff.objects.select_related("agency__jurisdiction")},
                clock=datetime(2011, 9, 1, tzinfo=UTC),
            )
        else:
            make_tables(connection)
            with connection.cursor() as cursor:
                lax = ("PRAGMA synchronous = OFF", "PRAGMA cache_size = -500000")
                for one in lax if connection.vendor == "sqlite" else ("SET synchronous_commit = off",):
                    cursor.execute(one)
            world = small_world()
            from factories.clue_crowd import fill

            fill(world, options.clues, said=told)
            connection.close()
        print(f"{options.database}: {machine()}")
        held = measure(world, options.times)
        connection.close()
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
