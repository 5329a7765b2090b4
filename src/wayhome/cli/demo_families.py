"""The demonstration goes on: children's samples, families' requests, the search, readings, second samples, confirmations.

Everything goes through the actions that pages and the worker call. The laboratory exchanged two tubes, the post lost a kit, and
nobody had reported that four of the children are twins.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.models import Staff
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import queries as custody
from wayhome.casework.families import actions as families
from wayhome.casework.families import queries as family_queries
from wayhome.casework.laboratory.actions import comparing, files, kits, takeover
from wayhome.casework.matching import tasks
from wayhome.casework.matching.actions import reading
from wayhome.casework.matching.queries import candidates, story
from wayhome.casework.operations.actions import record_person
from wayhome.cli import demo_base as base
from wayhome.cli import demo_night
from wayhome.cli.demo_registers import Registers

POLICE = "CN-GX"
"""All twelve families report to one police; the children are in fourteen provinces."""
MINUTE = timedelta(minutes=1)
BEGINS = demo_night.LAST_ACT + timedelta(hours=10)
LAST_ACT = BEGINS + timedelta(days=40)
"""By then all of it has happened: whoever opens the house at that moment finds nothing in its future."""


@dataclass
class Clock:
    """The time of the story: each look at it is a minute later."""

    now: datetime

    def __call__(self) -> datetime:
        self.now += MINUTE
        return self.now

    def days(self, n: int) -> None:
        """So many days go by."""
        self.now += timedelta(days=n)


@dataclass
class Family:
    """A family of the twelve: its request, its tree as the house has it, and the child it lost."""

    lost: base.Lost
    child: Any
    request: Any
    relatives: dict[str, Any] = field(default_factory=dict)
    case: Any = None
    father: Any = None


class Story:
    """Who acts, and what was written so far."""

    def __init__(self, registers: Registers, at: datetime, *, households: int, seed: int = 2011) -> None:
        self.registers, self.at, self.households = registers, Clock(at), households
        self.chance = np.random.default_rng(seed)
        self.laboratory = registers.agencies["LAB"]
        self.alleles: dict[int, Mapping[str, tuple[str, ...]]] = {}
        self.twelve: list[Family] = []
        self.swapped: tuple[int, int] = (0, 0)

    def tell(self) -> None:
        """All of it, in order."""
        self.take_over_base()
        children = story.children_in_care()
        self.draw(children)
        self.ask()
        self.sample_families()
        self.sample_children(children)
        self.search()
        self.read()
        self.second()
        self.read()
        self.confirm()

    # -- who acts -----------------------------------------------------------------------------------------------------------

    def actor(self, number: str) -> Actor:
        """Somebody, who showed who they are once more."""
        return accounts.actor_of(self.staff(number), stepped_up=True)

    def staff(self, number: str) -> Staff:
        """Their row."""
        return accounts.active_staff().select_related("agency__jurisdiction").get(number=number)

    def home_of(self, child: Any) -> str:
        """Code of the province whose welfare has the child."""
        agency = custody.head(child.pk).facility.agency_id
        return next(code for code, one in self.registers.welfare.items() if one.pk == agency)

    # -- what happens -------------------------------------------------------------------------------------------------------

    def take_over_base(self) -> None:
        """Ten thousand couples who gave blood in the years before."""
        if not self.households:
            return
        old = base.OldBase(self.households, day=self.at.now.date())
        officer = self.actor(f"{POLICE}-officer")
        keeper = record_person(
            label="DNA base of 2009", facts=[("name", "全国打拐DNA数据库")], by=officer, at=self.at(), source="ministry"
        )
        takeover.take_over(
            old.households(),
            source="DNA base of 2009",
            sha256=hashlib.sha256(b"made up").hexdigest(),
            keeper=keeper,
            witness=self.staff(f"{POLICE}-officer2"),
            laboratory=self.actor("LAB-analyst1"),
            by=officer,
            at=self.at(),
        )
        tasks.search(at=self.at())

    def draw(self, children: Sequence[Any]) -> None:
        """Which child is whose, and what everybody's alleles are."""
        order = [children[i] for i in self.chance.permutation(len(children))]
        for n, kind in enumerate(base.KINDS):
            child = order.pop()
            made = base.lost(kind, child.sex, self.chance, mutation=n == 1)
            self.alleles[child.pk] = made.genotypes["child"]
            self.twelve.append(Family(made, child, None))
        for identical in (True, False):
            for alleles in base.sibling_pair(self.chance, identical=identical):
                self.alleles[order.pop().pk] = alleles
        for child in order:
            self.alleles[child.pk] = base.stranger(self.chance)
        # Two children of couples: each looks like the other's family's until the second tubes are read.
        self.swapped = (self.twelve[2].child.pk, self.twelve[3].child.pk)

    def ask(self) -> None:
        """Twelve families come to the police."""
        officer = self.actor(f"{POLICE}-officer")
        for n, one in enumerate(self.twelve):
            who = {"couple": "mother", "sibling": "mother", "grandparents": "grandparent"}.get(one.lost.kind, one.lost.kind)
            day = self.at.now.date()
            one.request = families.record_request(
                inquirer=[("name", f"{'韦覃黄莫陆农蒙罗梁卢岑班'[n]}家人"), ("phone", f"1387700{n:04d}")],
                relation=who,
                told={
                    "child_name": f"{'韦覃黄莫陆农蒙罗梁卢岑班'[n]}小{'一二三四五六七八九十百千'[n]}",
                    "sex": one.child.sex,
                    "born_from": day - timedelta(days=260),
                    "born_to": day - timedelta(days=8),
                    "lost_from": day - timedelta(days=60),
                    "lost_to": day - timedelta(days=7),
                    "place": "广西百色市右江区",
                    "where": self.registers.jurisdictions[POLICE],
                    "cause": "abducted",
                    "circumstances": f"{story.TRUTH}{one.child.number}",
                    "looks": "",
                    "blood_group": "",
                },
                by=officer,
                at=self.at(),
            )
            self._tree(one, officer)

    def _tree(self, one: Family, officer: Actor) -> None:
        child, mother, father = (kin.relative for kin in family_queries.tree(one.request.pk, at=self.at()).values())
        one.relatives = {"child": child, "mother": mother, "father": father}
        known = {"life": "living", "reach": "willing"}
        for member, to, relation in (
            ("grandfather", "father", "father"),
            ("grandmother", "father", "mother"),
            ("sibling 1", "child", "sister"),
        ):
            if member in one.lost.typed:
                one.relatives[member] = families.add_relative(
                    to=one.relatives[to], relation=relation, state=known | {"name": "亲属"}, by=officer, at=self.at()
                )
        for member in one.lost.typed:
            families.consent(
                relative=one.relatives[member],
                scope="this_child",
                given_by="本人",
                signed_on=self.at.now.date(),
                until=self.at.now.date() + timedelta(days=15 * 365),
                form=f"GX-{one.request.pk}",
                by=officer,
                at=self.at(),
            )

    def sample_families(self, *, second: bool = False, of: Iterable[Family] | None = None) -> None:
        """Kits go out by post and come back to the laboratory; one goes to a wrong address first."""
        told = {}
        for n, one in enumerate(self.twelve if of is None else of):
            for member in one.lost.typed:
                kit = self._relatives_kit(
                    one.relatives[member], second=second, astray=n == 0 and member == "mother" and not second
                )
                sex = one.relatives[member].sex
                told[kit] = base.profile(kit.number, one.lost.genotypes[member], sex)
        self.typed(told)

    def _relatives_kit(self, relative: Any, *, second: bool, astray: bool) -> Any:
        hands = f"{POLICE}-officer2" if second else f"{POLICE}-officer"
        by = self.actor(hands)
        kit = kits.order_kit(person=relative, laboratory=self.laboratory, second=second, by=by, at=self.at())
        if astray:
            kits.tell_hop(kit=kit, kind="posted", place="广西南宁市旧地址1号", by=by, at=self.at())
            kits.tell_hop(kit=kit, kind="returned", note="moved away", by=by, at=self.at())
            kit = kits.order_kit(person=relative, laboratory=self.laboratory, replaces=kit, by=by, at=self.at())
        kits.tell_hop(kit=kit, kind="posted", place="广西百色市中山路12号", by=by, at=self.at())
        kits.tell_hop(kit=kit, kind="delivered", by=by, at=self.at())
        return self._taken(kit, by, self.staff(f"{POLICE}-nurse"))

    def _taken(self, kit: Any, by: Actor, witness: Staff) -> Any:
        kits.tell_hop(kit=kit, kind="taken", place="采血点", witness=witness, by=by, at=self.at())
        kits.tell_hop(kit=kit, kind="sent", by=by, at=self.at())
        kits.tell_hop(kit=kit, kind="received", by=self.actor("LAB-analyst1"), at=self.at())
        return kit

    def sample_children(self, children: Iterable[Any], *, second: bool = False) -> None:
        """A sample of each, taken in its home; the first time the laboratory exchanges two tubes."""
        told = {}
        one, other = self.swapped
        exchanged = {} if second else {one: other, other: one}
        for child in children:
            code = self.home_of(child)
            by = self.actor(f"{code}-caseworker2" if second else f"{code}-caseworker")
            kit = kits.order_kit(person=child, laboratory=self.laboratory, second=second, by=by, at=self.at())
            self._taken(kit, by, self.staff(f"{code}-placement_officer"))
            told[kit] = base.profile(kit.number, self.alleles[exchanged.get(child.pk, child.pk)], child.sex)
        self.typed(told)

    def typed(self, told: Mapping[Any, Any]) -> None:
        """The laboratory's file: looked at, then taken."""
        text = io.StringIO()
        out = csv.writer(text)
        out.writerow(["sample", "kit", "marker", "allele1", "allele2"])
        for kit, profile in told.items():
            for locus, alleles in profile.genotypes.items():
                out.writerow([kit.number, base.KIT, locus, alleles[0], alleles[-1]])
        data, name = text.getvalue().encode(), f"run {self.at.now:%Y-%m-%d %H%M}.csv"
        files.import_file(name=name, data=data, signature=None, by=self.actor("LAB-analyst1"), at=self.at())
        comparing.compare_new(at=self.at())

    def search(self) -> None:
        """What the worker does."""
        tasks.search(at=self.at())
        tasks.check_seconds(at=self.at())

    def read(self) -> None:
        """Two analysts read what waits for them, each alone."""
        for analyst in ("LAB-analyst1", "LAB-analyst2"):
            by = self.actor(analyst)
            for candidate in list(candidates.to_read(by)):
                detail = reading.open_detail(candidate=candidate, by=by, at=self.at())
                weak = detail.assessment.verdict.gate == "insufficient"
                conclusion = "insufficient" if weak else "supports"
                note = "too little: more relatives are wanted" if weak else ""
                reading.read(candidate=candidate, conclusion=conclusion, note=note, by=by, at=self.at())

    def second(self) -> None:
        """Independent samples of the children and relatives in every candidate that was supported; then of who was exchanged."""
        self.at.days(6)
        supported = story.supported()
        asking = [one for one in self.twelve if one.request.pk in {pair.request_id for pair in supported}]
        self.sample_families(second=True, of=asking)
        children = {pair.child.pk: pair.child for pair in supported}
        self.sample_children(children.values(), second=True)
        self.search()
        refuted = {pair.child.pk: pair.child for pair in story.refuted()}
        if refuted:
            self.at.days(3)
            self.sample_children(refuted.values(), second=True)
            self.search()

    def confirm(self) -> None:
        """The head of the laboratory looks at what two support and second samples say again."""
        by = self.actor("LAB-supervisor")
        for one in candidates.to_confirm(by):
            reading.confirm(candidate=one.candidate, by=by, at=self.at())


def told() -> dict[str, Any]:
    """What the records say of it."""
    return story.told()
