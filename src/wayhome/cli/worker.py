"""`wayhome worker`: looks at the clock for the house, and raises what is overdue. One works at a time; others stand by."""

from __future__ import annotations

import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wayhome import kinship
from wayhome.cli.audit import private_key
from wayhome.cli.house import house
from wayhome.cli.node import Node, read_node

LOOKS_EVERY = 0.5
"""Seconds between looks for what somebody waits for."""
Job = tuple[str, Callable[[datetime], int]]
"""What is looked at, and the function that raises alarms for it and says how many."""


def worker(
    *, once: bool, every: float, heads: Path | None, key: Path | None, heads_every: float, node: Path | None = None
) -> None:
    """Go round every `every` seconds until told to stop."""
    if (heads is None) != (key is None):
        raise kinship.InputError("--heads and --key go together", "Name the file of heads and the private key that signs it")
    signing = None if key is None else private_key(key)
    partners = None if node is None else read_node(node)
    stop = threading.Event()
    if threading.current_thread() is threading.main_thread() and not once:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    with house() as connection:
        from wayhome.casework.core.lease import Lease

        lease = Lease(_of_its_own(connection), "worker")
        exported = -heads_every
        told_waiting = False
        try:
            while not stop.is_set():
                held = lease.hold()
                if held:
                    told_waiting = False
                    failed = _round(_jobs()) | _round(_waited_for(stop))
                    if partners is not None:
                        failed |= _round(_to_partners(partners, stop))
                    if heads is not None and signing is not None and time.monotonic() - exported >= heads_every:
                        failed |= _round([("audit heads", _exporter(heads, signing))])
                        exported = time.monotonic()
                    if once and failed:
                        raise kinship.InputError("a job failed", "See the lines above")
                elif not told_waiting:
                    print("another worker is at work; standing by", flush=True)
                    told_waiting = True
                if once:
                    return
                _wait(stop, every, _waited_for(stop) if held else [])
        finally:
            lease.release()
    print("stopped", flush=True)


def _jobs() -> Iterator[Job]:
    from wayhome.casework.core.actors import SYSTEM
    from wayhome.casework.custody import actions
    from wayhome.casework.custody import tasks as custody
    from wayhome.casework.exchange.actions import ending
    from wayhome.casework.laboratory.actions import comparing, erasure
    from wayhome.casework.matching import tasks as matching
    from wayhome.casework.medical import tasks as medical
    from wayhome.casework.overview import tasks as clocks
    from wayhome.casework.placements import actions as placing
    from wayhome.casework.placements import tasks as placements
    from wayhome.casework.reunification import tasks as returns
    from wayhome.casework.vault import disk

    yield "observations overdue", lambda at: len(medical.raise_overdue(at=at))
    yield "children not counted", lambda at: len(custody.raise_head_counts(at=at))
    yield "excluded custodians", lambda at: len(actions.look_again(by=SYSTEM, at=at))
    yield "placements that a rule bars", lambda at: len(placing.flag_barred(by=SYSTEM, at=at))
    yield "children without a place for a day", lambda at: len(clocks.raise_unplaced(at=at))
    yield "brothers and sisters apart", lambda at: len(placements.raise_apart(at=at))
    yield "homes that have not answered", lambda at: len(clocks.raise_unanswered(at=at))
    yield "homes that have not told their room", lambda at: len(placements.raise_stale(at=at))
    yield "kits overdue", lambda at: len(clocks.raise_overdue_kits(at=at))
    yield "samples to look at", lambda at: comparing.compare_new(by=SYSTEM, at=at)
    yield "second samples compared", lambda at: matching.check_seconds(at=at)
    yield "samples of handovers compared", lambda at: returns.check_samples(at=at)
    yield "releases that stand no more", lambda at: len(returns.look_at_releases(at=at))
    yield "visits due", lambda at: len(returns.raise_visits(at=at))
    yield "certificates due", lambda at: len(returns.raise_certificates(at=at))
    yield "clocks that stay overdue", lambda at: len(clocks.raise_up(at=at))
    yield "consents that ran out", lambda at: matching.notice_expired(at=at)
    yield "samples of those who withdrew", lambda at: erasure.erase_withdrawn(by=SYSTEM, at=at)
    yield "what cases that are over told", lambda at: ending.erase_contents(at=at)
    yield "keys gone from the disk", lambda at: disk.erase(at=at)


def _waited_for(stop: threading.Event) -> list[Job]:
    """What somebody may sit before a page for."""
    return [_plans(stop), _entries(), _search(stop)]


def _to_partners(node: Node, stop: threading.Event) -> list[Job]:
    """What waits to be sent. Last, since a partner may be slow to answer."""
    from wayhome.casework.exchange import tasks
    from wayhome.casework.exchange.actions import dna_asked

    def send(_: datetime) -> int:
        return tasks.send_waiting(
            own=node.code, key=node.key, certificate=node.tls, clock=lambda: datetime.now(UTC), stopped=stop.is_set
        )

    return [
        ("partners' children searched", lambda at: dna_asked.search_asked(at=at)),
        ("answers to partners", lambda at: dna_asked.answer_looked(at=at)),
        ("messages that partners received", send),
    ]


def _plans(stop: threading.Event) -> Job:
    from wayhome.casework.placements import tasks

    return "plans", lambda _: tasks.make_plans(clock=lambda: datetime.now(UTC), stopped=stop.is_set)


def _entries() -> Job:
    """Profiles typed by two, which pages cannot read: whoever typed the second waits before a page."""
    from wayhome.casework.core.actors import SYSTEM
    from wayhome.casework.laboratory.actions import comparing

    return "profiles typed by two", lambda at: comparing.judge_entries(by=SYSTEM, at=at)


def _search(stop: threading.Event) -> Job:
    """Children and families that changed: whoever typed a sample waits for what it shows."""
    from wayhome.casework.matching import tasks

    return "children searched", lambda at: tasks.search(at=at, stopped=stop.is_set)


def _wait(stop: threading.Event, every: float, meanwhile: list[Job]) -> None:
    """Until the next round. Somebody may sit before a page that waits for what is done meanwhile."""
    until = time.monotonic() + every
    while not stop.wait(min(LOOKS_EVERY, max(until - time.monotonic(), 0.0))) and time.monotonic() < until:
        _round(meanwhile)


def _exporter(path: Path, key: Any) -> Callable[[datetime], int]:
    from wayhome.casework.audit import actions
    from wayhome.casework.core.actors import SYSTEM

    return lambda at: len(actions.export_heads(path=path, key=key, by=SYSTEM, at=at))


def _round(jobs: Iterator[Job] | list[Job]) -> bool:
    """Do each job; one that fails is told and does not keep the others from being done. Whether one failed."""
    from django.db import DatabaseError, close_old_connections

    failed = False
    close_old_connections()
    for what, job in jobs:
        at = datetime.now(UTC)
        try:
            n = job(at)
        except DatabaseError as error:
            print(f"{at:%Y-%m-%d %H:%M:%S} {what}: failed ({str(error).partition(chr(10))[0]})", file=sys.stderr, flush=True)
            failed = True
        except Exception:
            traceback.print_exc()
            print(f"{at:%Y-%m-%d %H:%M:%S} {what}: failed", file=sys.stderr, flush=True)
            failed = True
        else:
            if n:
                print(f"{at:%Y-%m-%d %H:%M:%S} {what}: {n}", flush=True)
    return failed


def _of_its_own(connection: Any) -> Any:
    """A second connection to the same database: what closes the first must not end the lease."""
    from django.db import connections

    return connections.create_connection(connection.alias)
