"""From September 2011 to May 2013: two more children of the first ring, a second version of what was announced, the days of the
law, visits, and ten children handed to the authority of their own country.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from wayhome.casework.custody import actions as custody
from wayhome.casework.matching.queries import story
from wayhome.casework.reunification.actions import afterwards, deciding, files, releasing
from wayhome.casework.reunification.queries import counts
from wayhome.casework.reunification.rules import VISITS
from wayhome.cli import demo_announcements, demo_forces, demo_night, demo_papers
from wayhome.cli.demo_partners import Partners
from wayhome.cli.demo_raids import CASE_1, SHANGHAI, Case, Site, cases, come_upon, hideout
from wayhome.cli.demo_returns import Returns

FOUND = datetime(2011, 9, 8, 6, 0, tzinfo=SHANGHAI)
"""When the two were found: before the campaign's end."""
CAMPAIGN_ENDS = datetime(2011, 9, 15, 10, 0, tzinfo=SHANGHAI)
SHARED = datetime(2011, 9, 21, 10, 0, tzinfo=SHANGHAI)
"""A border province's house is asked whose child one of the first ring is."""
HANDED_OVER = datetime(2013, 5, 3, 9, 0, tzinfo=SHANGHAI)
PARTNER, LIAISON = "VN-centre", "VN-liaison"


def two_more() -> Case:
    """What was found of the first ring in September."""
    sites = tuple(Site(code, code, hideout(code, 5), 1) for code in ("CN-GX", "CN-GD"))
    return replace(cases()[0], zero_hour=FOUND, sites=sites, suspects=4, from_vietnam=2)


class Afterwards:
    """What follows, day by day."""

    def __init__(self, returns: Returns, open_: list[Any], operations: dict[str, Any], chance: random.Random) -> None:
        self.returns, self.story, self.at = returns, returns.story, returns.at
        self.registers, self.open, self.operations, self.chance = returns.story.registers, open_, operations, chance
        self.partners = Partners(self.story)

    def tell(self) -> None:
        """All of it, in the order of its days."""
        days: list[tuple[datetime, Callable[[], None]]] = [
            (FOUND, self.found),
            (CAMPAIGN_ENDS, self.announced),
            *((datetime(y, m, d, 9, tzinfo=SHANGHAI), self.papers) for y, m, d in ((2011, 10, 10), (2012, 7, 23), (2012, 9, 10))),
            (SHARED, self.shared),
            (SHARED + timedelta(days=62), self.partners.answered),
            (SHARED + timedelta(days=158), self.partners.heard),
            (SHARED + timedelta(days=423), self.partners.granted),
            (HANDED_OVER - timedelta(days=40), self.determined),
            (HANDED_OVER - timedelta(days=18), self.asked),
            (HANDED_OVER, self.repatriated),
        ]
        for execution in self.returns.executions:
            for day in VISITS[1:]:
                days.append((execution.at + timedelta(days=day, hours=1), partial(self.visit, execution, day)))
        for moment, act in sorted(days, key=lambda one: one[0]):
            self.at.now = moment
            act()

    def found(self) -> None:
        """Two infants and four suspects; the night after, both are in a home."""
        known = {child.pk for child in self.ten()}
        come_upon(self.operations[CASE_1], two_more(), self.registers, self.chance, label="9")
        new = [child for child in self.ten() if child.pk not in known]
        demo_forces.are_rescued(self.open, new, self.registers, FOUND + timedelta(hours=6))
        demo_night.place_late(self.registers, FOUND + timedelta(hours=8))

    def ten(self) -> list[Any]:
        """Children of the first case."""
        first = self.operations[CASE_1].pk
        return [child for child in story.children_in_care() if child.event.operation_id == first]

    def shared(self) -> None:
        """With the house beyond the border, of the first of them."""
        self.partners.shared(min(self.ten(), key=lambda child: (child.event.found_at, child.pk)))

    def announced(self) -> None:
        """The same announcement again, with why it tells otherwise."""
        demo_announcements.announce(self.registers, self.operations.values(), self.at())

    def papers(self) -> None:
        """Certificates whose day has come."""
        demo_papers.write(self.story)

    def visit(self, execution: Any, day: int) -> None:
        """A family, on the day on which it is due."""
        family = next(one for one in self.story.twelve if one.child.pk == execution.release.child_id)
        by = self.returns.caseworker(family)
        afterwards.visit(execution=execution, day=day, visited_on=self.at.now.date(), found="well", by=by, at=self.at())

    def determined(self) -> None:
        """Three disciplines say that each of the ten goes home to its own country."""
        ministry = self.story.actor("MPS-supervisor")
        self.files = []
        for child in self.ten():
            home = self.story.home_of(child)
            caseworker, doctor = self.story.actor(f"{home}-caseworker"), f"{home}-doctor"
            custody.assign(child=child, staff=self.story.staff(doctor), by=ministry, at=self.at())
            case = files.open_case(child_id=child.pk, authority=True, by=caseworker, at=self.at())
            made = deciding.propose_determination(
                case=case, decision="repatriate", reasons="its country asks for it", by=caseworker, at=self.at()
            )
            for by in (caseworker, self.story.actor(doctor), ministry):
                deciding.vote(determination=made, agrees=True, by=by, at=self.at())
            self.files.append((child, home, case))

    def asked(self) -> None:
        """Each home asks, and two ministries approve."""
        self.releases = []
        for child, home, case in self.files:
            caseworker = self.story.actor(f"{home}-caseworker")
            release = releasing.request_release(case=case, to=self.registers.facilities[PARTNER], by=caseworker, at=self.at())
            for who in ("MPS-supervisor", "MCA-supervisor"):
                releasing.approve_release(release=release, digest=release.digest, by=self.story.actor(who), at=self.at())
            self.releases.append((child, home, release))

    def repatriated(self) -> None:
        """Ten handovers from authority to authority, each signed on both sides."""
        for child, home, release in self.releases:
            told = {"release": release, "wristband": child.number}
            caseworker = self.story.actor(f"{home}-caseworker2")
            releasing.offer_return(**told, place="border bridge, Dongxing", condition="well", by=caseworker, at=self.at())
            releasing.complete_return(**told, by=self.story.actor(LIAISON), at=self.at())


def told(operation: Any) -> dict[str, Any]:
    """What the records say of it, at their end."""
    return counts.afterwards(operation)
