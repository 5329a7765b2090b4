"""A child's way home, a step at a time. All people are made up."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import override_settings

from factories.kits import gone, ordered, told
from factories.matching import House, typed
from factories.world import World, small_world
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.custody.rules import Kind
from wayhome.casework.families.models import RelativeState
from wayhome.casework.laboratory.models import Kit
from wayhome.casework.operations.models import Person
from wayhome.casework.reunification import tasks
from wayhome.casework.reunification.actions import deciding, files, releasing
from wayhome.casework.reunification.models import Case, Enquiry, Release
from wayhome.casework.reunification.rules import EVIDENCE

ADDRESS = "广西百色市右江区中山路12号"
PANEL = ("caseworker", "doctor", "supervisor")


class Return(House):
    """From a confirmed match to a child that is home; each step is public, so that a test can leave one out or spoil it."""

    case: Case
    release: Release

    def __init__(self, world: World, seed: int = 1, **more: Any) -> None:
        super().__init__(world, seed, **more)
        self.father = world.person("李大山", ("name", "李大山"), ("id", "452601198203040015"), ("phone", "13877002288"))

    def who(self, name: str) -> dict[str, Any]:
        """By somebody, now."""
        return {"by": self.world.actor(name), "at": self.world.now()}

    @property
    def mother(self) -> Person:
        """Her record."""
        state = RelativeState.objects.filter(relative=self.kin["mother"]).order_by("-n")[0]
        assert state.person is not None
        return state.person

    def in_home(self) -> None:
        """The child was cleared, and is in the institution; others of the file were told of it."""
        custody.clear(child=self.child, fit=True, level="ordinary", **self.who("doctor"))
        self.world.has_room("home")
        self.world.hand_over(self.child, "home", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
        for name in ("officer_gd", "doctor"):
            custody.assign(child=self.child, staff=self.world.staff[name], **self.who("supervisor"))

    def opened(self) -> Case:
        """A file, for the match."""
        self.confirmed()
        return self.file_opened()

    def file_opened(self) -> Case:
        """The child is in the institution, which opens it."""
        self.in_home()
        self.case = files.open_case(child_id=self.child.pk, **self.who("caseworker"))
        return self.case

    def verified(self) -> None:
        """One row of each kind, and details that she knew."""
        for kind in EVIDENCE:
            self.evidence(kind)
        for question in ("what was sewn into the jacket", "who was asleep in the next bed"):
            self.asked(question)

    def evidence(self, kind: str, outcome: str = "supports", *, by: str = "caseworker", **more: Any) -> Any:
        """A row."""
        day = self.world.clock.date()
        row: dict[str, Any] = {
            "kind": kind,
            "who": "韦小兰",
            "held_on": day,
            "outcome": outcome,
            "note": "she told it without being asked",
        }
        return files.add_evidence(case=self.case, **row | more, **self.who(by))

    def asked(self, question: str, *, matches: bool = True) -> Any:
        """A detail held back, and what she said."""
        held = files.hold_back(case=self.case, question=question, answer="a red thread", **self.who("officer"))
        return files.reply(question=held, said="a red thread", matches=matches, **self.who("caseworker"))

    def enquired(self, result: str = "cleared", *, by: str = "officer_gd", signed: bool = True) -> Enquiry:
        """What the investigator found."""
        papers = {"document": "桂检2011-88", "note": "the seller named somebody else"}
        enquiry = deciding.enquire(case=self.case, result=result, **papers, **self.who(by))
        if signed:
            deciding.countersign(enquiry=enquiry, **self.who("supervisor"))
        return enquiry

    def determined(self, decision: str = "reunify", *, dissent: tuple[str, ...] = (), panel: tuple[str, ...] = PANEL) -> Any:
        """A panel decides."""
        made = deciding.propose_determination(case=self.case, decision=decision, reasons="a home", **self.who("caseworker"))
        for name in panel:
            why = "too early" if name in dissent else ""
            deciding.vote(determination=made, agrees=name not in dissent, dissent=why, **self.who(name))
        return made

    def ready(self) -> Case:
        """Everything but the release."""
        self.opened()
        self.decided()
        return self.case

    def decided(self) -> None:
        """Verified, enquired and determined."""
        self.verified()
        self.enquired()
        self.determined()

    def requested(self, **more: Any) -> Release:
        """The institution asks."""
        asked: dict[str, Any] = {
            "recipients": [(self.kin["mother"], self.mother)],
            "household": [self.father],
            "address": ADDRESS,
        }
        self.release = releasing.request_release(case=self.case, **asked | more, **self.who("caseworker"))
        return self.release

    def approve(self, *names: str) -> None:
        """Supervisors sign what was asked."""
        for name in names or ("supervisor", "supervisor2"):
            releasing.approve_release(release=self.release, digest=self.release.digest, **self.who(name))

    def approved(self) -> Release:
        """Up to here."""
        self.ready()
        self.requested()
        self.approve()
        return self.release

    def fresh(self, who: str, *, calls: Any = None) -> Kit:
        """A sample for the handover."""
        of = self.child if who == "child" else self.kin[who]
        kit = ordered(self.world, of, second=True)
        told(self.world, kit, "taken", by="officer2", witness=self.world.staff["doctor"])
        gone(self.world, kit, "sent", "received")
        typed(self.world, {kit: calls or self.calls[who]})
        return kit

    def sampled_anew(self) -> None:
        """Of both, and compared."""
        self.fresh("child")
        self.fresh("mother")
        self.search()
        tasks.check_samples(at=self.world.now())

    def at_the_door(self) -> Release:
        """All is ready for the two signatures."""
        self.approved()
        self.sampled_anew()
        return self.release

    def offer(self, **more: Any) -> Any:
        """The first signature."""
        told_: dict[str, Any] = {
            "wristband": self.child.number,
            "place": ADDRESS,
            "condition": "well, in a red jacket",
            "recipient": self.mother,
        }
        return releasing.offer_return(release=self.release, **told_ | more, **self.who("caseworker2"))

    def complete(self, **more: Any) -> CustodyEpisode:
        """The second."""
        who = self.who(more.pop("by", "caseworker"))
        return releasing.complete_return(release=self.release, **{"wristband": self.child.number} | who | more)

    def home(self) -> CustodyEpisode:
        """All the way."""
        self.at_the_door()
        self.offer()
        return self.complete()

    def pass_days(self, days: int) -> None:
        """The clock goes on."""
        self.world.clock += timedelta(days=days)


@contextlib.contextmanager
def standing(blocker: Any, folder: Path, *steps: str) -> Iterator[Return]:
    """A house brought this far, for many tests: all that they write is undone, each on top of it."""
    with blocker.unblock(), override_settings(WAYHOME_INDEX=folder), transaction.atomic():
        house = Return(small_world())
        for step in steps:
            getattr(house, step)()
        yield house
        transaction.set_rollback(True)


def anew(house: Return) -> Return:
    """The same house for one test: its clock, and what it remembers, are the test's own."""
    mine = copy.copy(house)
    mine.world = copy.copy(house.world)
    mine.world.staff = dict(house.world.staff)
    return mine
