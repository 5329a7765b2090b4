"""Two houses between which somebody lies: what waits for a second person, and what is over. All people are made up."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.test import override_settings

from casework.exchange.test_dna import Asking, by_hand, calls_of
from factories.exchange import two_houses
from factories.world import World, small_world
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.core.guards import install, registry, remove
from wayhome.casework.exchange.actions import dna_asked, dna_asking, ending, files, messages, nodes
from wayhome.casework.exchange.models import DnaFound, Incoming, Outgoing


class Between:
    """The house in China has a child tied, a question by DNA and a package that wait, and a case that is over. The one in Viet
    Nam has what a search found and nobody looked at."""

    def __init__(self, world: World) -> None:
        self.world, self.two = world, two_houses(world)
        self.asking = Asking(self.two)
        self.at: datetime = self.asking.night()
        who = self.who("supervisor")
        accounts_of_a_liaison(world)
        self.child = self.asking.house.child
        self.tie = dna_asking.tie_child(case=self.two.to_vn, child=self.child, **who)
        self.question = dna_asking.ask(of=self.tie, basis="treaty", **who)
        self.package = files.propose(of=self.tie, fields={"sex": "treaty"}, **who)
        self.told = files.propose(of=self.tie, fields={"age": "treaty"}, **who)
        files.approve(package=self.told, **self.who("supervisor2"))
        found_at = self.child.event.found_at
        self.steps = [
            files.wait_for(of=self.tie, who=one, what="x", since=found_at + timedelta(hours=n + 1), **who)
            for n, one in enumerate(("ours", "theirs", "court"))
        ]
        self.notice = messages.write(case=self.two.to_vn, kind="notice", text="x", **who)
        self.asked = messages.write(case=self.two.to_vn, kind="question", text="x", **who)
        for message in Outgoing.objects.filter(case=self.two.to_vn):
            self.two.arrives(message, at=self.at)
        self.to_us = Incoming.objects.get(case=self.two.of_cn, kind="question")
        self.two.take(by_hand(self.two, calls_of(self.asking), n=4, at=self.at), at=self.at)
        dna_asked.search_asked(at=self.at + timedelta(days=1))
        self.found = DnaFound.objects.get()
        self.over = nodes.share_case(node=self.two.to_vn.node, number="2026/MC-18", **who)
        self.end = ending.end_case(case=self.over, how="withdrawn", keep_days=30, reason="x", **who)
        self.again = ending.reopen_case(case=self.over, reason="x", **who)

    def who(self, name: str) -> dict[str, Any]:
        """As the keywords of an action."""
        return {"by": self.world.actor(name), "at": self.at}

    def twin(self, of: str) -> str:
        """Somebody twice in the register, as they could be before it refused that."""
        gate = registry.guards["wayhome_accounts_staff_insert_gate"]
        connection.check_constraints()
        remove(connection, [gate])
        staff = self.world.staff[of]
        name = register(self.world, f"{of} twin", staff.role, staff.id_number, staff.agency)
        connection.check_constraints()
        install(connection, [gate])
        return name

    def leaves(self, name: str) -> None:
        """The service."""
        assert self.world.registrars is not None
        accounts.end_staff(staff=self.world.staff[name], reason="x", by=self.world.registrars, at=self.at)


def register(world: World, number: str, role: str, papers: str, agency: Any) -> str:
    """Somebody more."""
    assert world.registrars is not None
    person = {"number": number, "name": number, "id_number": papers, "role": role, "agency": agency}
    world.staff[number] = accounts.register_staff(**person, by=world.registrars, at=world.now())
    return number


def accounts_of_a_liaison(world: World) -> None:
    """One of the police, who may know of none of these cases."""
    register(world, "liaison", "liaison", "450681199001010021", world.agencies["police"])


@contextlib.contextmanager
def between(blocker: Any, folder: Path) -> Iterator[Between]:
    """One for many tests: all that they write is undone, each on top of it."""
    with blocker.unblock(), override_settings(WAYHOME_INDEX=folder), transaction.atomic():
        yield Between(small_world())
        transaction.set_rollback(True)


def anew(made: Between) -> Between:
    """The same for one test, with a clock of its own."""
    mine = copy.copy(made)
    mine.world = copy.copy(made.world)
    mine.world.staff = dict(made.world.staff)
    mine.two = copy.copy(made.two)
    mine.two.world = mine.world
    return mine
