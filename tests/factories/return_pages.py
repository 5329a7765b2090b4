"""Files of returns for pages: one in a world in which everything is there once, and several for pictures. All made up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from factories.api_case import Things
from factories.api_cases_candidates import matched
from factories.kits import agrees
from factories.matching import House
from factories.reunification import Return
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.children.models import Child
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.matching.actions import reading
from wayhome.casework.reunification.actions import deciding, files
from wayhome.casework.reunification.models import Case

NAMES = ("小石", "小松", "小雨", "小月")
REASONS = "She asks for her mother every evening, knows her on every picture, and the home was visited twice."


def settle(world: World, child: Child) -> None:
    """From the police post to the institution."""
    world.hand_over(child, "hospital", Kind.HOSPITAL, giver="officer", receiver="nurse")
    custody.clear(child=child, fit=True, level="ordinary", by=world.actor("doctor"), at=world.now())
    world.hand_over(child, "home", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")


def some_files(things: Things) -> None:
    """A file with something of everything; a parent took part, so that there is a suit as well."""
    world, ids, now = things.world, things.ids, timezone.now()
    house = House(world, 4, child=world.child(NAMES[0]))
    for parent in ("mother", "father"):
        agrees(world, house.kin[parent], days=10_000)
    (found,) = matched(world, [house], supported=(0,), second=(0,))
    reading.confirm(candidate=found, by=world.actor("lab_supervisor"), at=world.now())
    settle(world, house.child)
    case = files.open_case(child_id=house.child.pk, by=world.actor("caseworker"), at=now)
    ids["filed"], ids["case"] = house.child.number, case.pk
    more_of_a_file(things, 0)


def more_of_a_file(things: Things, i: int) -> None:
    """A row, a question, an enquiry with its suit, a proposal; and, from the second time on, a file for an authority."""
    world, ids, now = things.world, things.ids, timezone.now()
    caseworker, officer = world.actor("caseworker"), world.actor("officer")
    case = Case.objects.get(pk=ids["case"])
    row: dict[str, Any] = {"kind": "interview", "who": f"aunt {i}", "held_on": now.date(), "outcome": "supports"}
    wrong = files.add_evidence(case=case, by=caseworker, at=now, **row)
    ids["row"] = files.add_evidence(case=case, corrects=wrong, by=officer, at=now, **row).pk
    for who in ("told", "waits"):
        held = files.hold_back(case=case, question=f"what was sewn in {i} {who}", answer="a red thread", by=officer, at=now)
        if who == "told":
            files.reply(question=held, said="a red thread", matches=True, by=caseworker, at=now)
    ids["held"] = held.pk
    ids["accused"] = deciding.enquire(case=case, result="involved", note="she took money", by=officer, at=now).pk
    proposed = deciding.propose_determination(case=case, decision="stay", reasons=f"for now {i}", by=caseworker, at=now)
    if i:
        deciding.vote(determination=proposed, agrees=False, dissent="no", by=world.actor("supervisor"), at=now)
        proposed = deciding.propose_determination(case=case, decision="stay", reasons=f"again {i}", by=caseworker, at=now)
    ids["proposed"] = proposed.pk


class Shown(Return):
    """A file that is looked at: its people are the world's own."""

    def __init__(self, world: World, seed: int, child: Child) -> None:
        House.__init__(self, world, seed, child=child)

    def told(self) -> None:
        """Its child is in the institution, and those of the file were told of it."""
        settle(self.world, self.child)
        for name in ("officer_nanning", "doctor"):
            custody.assign(child=self.child, staff=self.world.staff[name], **self.who("supervisor"))

    def filed(self) -> None:
        """And a file is open."""
        self.told()
        self.case = files.open_case(child_id=self.child.pk, **self.who("caseworker"))


def fill_returns(world: World) -> None:
    """To be opened, half checked, stopped since a parent took part, and ready; ids in `world.returns`."""
    assert world.registrars is not None
    by, at = world.registrars, world.now()
    world.agencies["police_nanning"] = accounts.register_agency(
        by=by, at=at, code="police_nanning", kind="police", name="南宁市公安局", jurisdiction=world.jurisdictions["GX"]
    )
    world.staff["officer_nanning"] = accounts.register_staff(
        by=by,
        at=at,
        number="officer_nanning",
        name="农文龙",
        id_number="450103198105060017",
        agency=world.agencies["police_nanning"],
        role="officer",
    )
    houses = [Shown(world, 40 + n, world.child(name)) for n, name in enumerate(NAMES)]
    every = range(len(houses))
    for candidate in matched(world, list(houses), supported=every, second=every):
        reading.confirm(candidate=candidate, by=world.actor("lab_supervisor"), at=world.now())
    unopened, half, stopped, ready = houses
    unopened.told()
    for one in (half, stopped, ready):
        one.filed()
    _half(half)
    stopped.verified()
    stopped.enquired("involved", by="officer_nanning", signed=False)
    ready.verified()
    ready.enquired(by="officer_nanning")
    ready.determined(dissent=("doctor",))
    world.clock += timedelta(minutes=1)
    world.returns = {
        "unopened": unopened.child.number,
        "half": half.child.number,
        "stopped": stopped.child.number,
        "ready": ready.child.number,
        "case": half.case.pk,
        "row": standing_row(half.case),
        "held": half.case.held_back.order_by("-pk")[0].pk,
        "enquiry": half.case.enquiries.get().pk,
        "suit": stopped.case.enquiries.get().pk,
        "proposed": half.case.determinations.get().pk,
        "request": stopped.request.number,
    }


def standing_row(case: Case) -> int:
    """A row of evidence that stands."""
    return int(case.evidence.filter(corrected_by__isnull=True).order_by("pk")[0].pk)


def _half(house: Shown) -> None:
    """Some of everything is there, and something is missing everywhere."""
    house.evidence("interview", who="韦小兰 (mother), Nguyễn Thị Ngọc Ánh (neighbour)")
    wrong = house.evidence("document", "contradicts", who="birth certificate 45-0021", note="another day of birth")
    right = {"who": "birth certificate 45-0012", "note": "the number had been read wrongly", "corrects": wrong}
    house.evidence("document", by="officer2", **right)
    house.evidence("home_study", "unclear", note="nobody was at home; the neighbours were asked")
    house.asked("What was sewn into the lining of the jacket?")
    files.hold_back(case=house.case, question="Who slept in the next bed?", answer="her cousin", **house.who("officer"))
    house.enquired(by="officer_nanning", signed=False)
    deciding.propose_determination(case=house.case, decision="reunify", reasons=REASONS, **house.who("caseworker"))
    determination = house.case.determinations.get()
    deciding.vote(determination=determination, agrees=True, **house.who("caseworker2"))
    deciding.vote(
        determination=determination, agrees=False, dissent="The father's debts are not settled.", **house.who("officer")
    )
