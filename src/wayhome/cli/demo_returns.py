"""The demonstration ends at two front doors: three matches become files; one mother sold her child, and stays without it.

A father is detained three weeks after his child came home: the file freezes, and everybody who has to know is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from wayhome.casework.custody import actions as custody
from wayhome.casework.matching.queries import story
from wayhome.casework.operations import actions as operations
from wayhome.casework.reunification import tasks
from wayhome.casework.reunification.actions import afterwards, deciding, files, releasing
from wayhome.casework.reunification.queries import counts, named
from wayhome.casework.reunification.rules import EVIDENCE
from wayhome.cli import demo_papers
from wayhome.cli.demo_families import POLICE, Family, Story

INVESTIGATOR = "CN-GD-officer"
"""Not the police to whom the families reported."""
HOMES = (0, 1)
SELLER = 4
"""Which of the twelve: two couples whose children go home, and a couple of whom the mother sold hers."""


class Returns:
    """What follows on confirmations."""

    def __init__(self, story_: Story) -> None:
        self.story, self.at = story_, story_.at
        self.executions: list[Any] = []

    def tell(self) -> None:
        """All of it, in order."""
        confirmed = story.confirmed_requests()
        self.at.days(2)
        for n in (*HOMES, SELLER):
            family = self.story.twelve[n]
            if family.request.pk in confirmed:
                self.file(family, involved=n == SELLER)
        self.at.days(5)
        homes = [self.story.twelve[n] for n in HOMES if self.story.twelve[n].request.pk in confirmed]
        self.executions = [self.home(family) for family in homes]
        self.at.days(7)
        for family, execution in zip(homes, self.executions, strict=True):
            by = self.caseworker(family)
            afterwards.visit(
                execution=execution, day=7, visited_on=self.at.now.date(), found="well", by=by, at=self.at(), note="feeds well"
            )
        self.at.days(6)
        demo_papers.write(self.story)
        self.at.days(7)
        self.arrest(homes[-1])

    def caseworker(self, family: Family, n: str = "") -> Any:
        """Of the home that has, or had, the child."""
        return self.story.actor(f"{self.homes[family.child.pk]}-caseworker{n}")

    @property
    def homes(self) -> dict[int, str]:
        """Provinces of the homes of the twelve, as long as they are there."""
        if not hasattr(self, "_homes"):
            self._homes = {one.child.pk: self.story.home_of(one.child) for one in self.story.twelve}
        return self._homes

    def file(self, family: Family, *, involved: bool) -> None:
        """A file: what was asked, who looked, what the enquiry says, and what a panel decided."""
        story_, child = self.story, family.child
        caseworker, officer, ministry = self.caseworker(family), story_.actor(INVESTIGATOR), story_.actor("MPS-supervisor")
        doctor = f"{self.homes[child.pk]}-doctor"
        for who in (INVESTIGATOR, doctor):
            custody.assign(child=child, staff=story_.staff(who), by=ministry, at=self.at())
        case = files.open_case(child_id=child.pk, by=caseworker, at=self.at())
        for kind in EVIDENCE:
            files.add_evidence(
                case=case,
                kind=kind,
                who="亲属",
                held_on=self.at.now.date(),
                outcome="supports",
                note="told without being asked",
                by=caseworker,
                at=self.at(),
            )
        for question, answer in (("what was sewn into the jacket", "a red thread"), ("what the blanket shows", "two fish")):
            held = files.hold_back(case=case, question=question, answer=answer, by=officer, at=self.at())
            files.reply(question=held, said=answer, matches=True, by=caseworker, at=self.at())
        enquiry = deciding.enquire(
            case=case,
            result="involved" if involved else "cleared",
            document=f"桂检2011-{family.request.pk % 1000}",
            note="the seller named the mother" if involved else "the seller named somebody else",
            by=officer,
            at=self.at(),
        )
        deciding.countersign(enquiry=enquiry, by=ministry, at=self.at())
        if involved:
            return
        decision = deciding.propose_determination(
            case=case, decision="reunify", reasons="a home that waits", by=caseworker, at=self.at()
        )
        for who in (f"{self.homes[child.pk]}-caseworker", doctor, "MPS-supervisor"):
            deciding.vote(determination=decision, agrees=True, by=story_.actor(who), at=self.at())
        family.case = case

    def home(self, family: Family) -> Any:
        """Asked for, approved by two organisations, bound to fresh samples, signed twice."""
        story_, caseworker = self.story, self.caseworker(family)
        mother = family.relatives["mother"]
        person = counts.person_of(mother)
        family.father = operations.record_person(
            label="父亲",
            facts=[("name", f"父亲{family.request.number}"), ("phone", f"138{family.request.pk:08d}"[:11])],
            by=story_.actor(f"{POLICE}-officer"),
            at=self.at(),
            source="home study",
        )
        release = releasing.request_release(
            case=family.case,
            recipients=[(mother, person)],
            household=[family.father],
            address=f"广西百色市右江区中山路{family.request.pk % 90 + 1}号",
            by=caseworker,
            at=self.at(),
        )
        for who in ("MPS-supervisor", "MCA-supervisor"):
            releasing.approve_release(release=release, digest=release.digest, by=story_.actor(who), at=self.at())
        story_.sample_children([family.child], second=True)
        story_.sample_families(second=True, of=[family])
        story_.search()
        tasks.check_samples(at=self.at())
        releasing.offer_return(
            release=release,
            wristband=family.child.number,
            place="the family's house",
            condition="well",
            recipient=person,
            by=self.caseworker(family, "2"),
            at=self.at(),
        )
        releasing.complete_return(release=release, wristband=family.child.number, by=caseworker, at=self.at())
        return named.carried_out(release)

    def arrest(self, family: Family) -> None:
        """The police detain the father, for something else than his child's loss."""
        operation = operations.record_operation(
            code="2011.8.30",
            title="Fraud ring",
            zero_hour=self.at.now - timedelta(hours=1),
            jurisdiction=self.story.registers.jurisdictions[POLICE],
            by=self.story.actor(f"{POLICE}-officer"),
            at=self.at.now - timedelta(hours=3),
        )
        operations.record_role(
            person=family.father,
            operation=operation,
            kind="suspect",
            by=self.story.actor(f"{POLICE}-officer"),
            at=self.at(),
            detained_at=self.at.now - timedelta(minutes=30),
        )


def told(until: datetime) -> dict[str, Any]:
    """What the records of some moment say of it."""
    return counts.told(until=until)
