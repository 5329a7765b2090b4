"""Several processes at once on one database: what one of them enters is either seen by the others or comes after them.

The order in which rows were committed is noted by the database itself (`race_worker.watch`), so a test can tell an illegal
handover from one that was merely quick.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from factories.house import POSTGRESQL, House, filled_house

WORKER = Path(__file__).with_name("race_worker.py")
START = "import runpy, sys; runpy.run_path(sys.argv[2], run_name='__main__')"
LOSER = {"not_current", "not_found", "no_offer", "already_there", "already_offered"}
SOON = 0.01

Errand = dict[str, Any]


class Crew:
    """Processes that work in one house; the first also prepares."""

    def __init__(self, house: House, size: int, stack: ExitStack) -> None:
        self.members = []
        for _ in range(size):
            member = house.start(WORKER.parents[1], WORKER, code=START, stdin=subprocess.PIPE, stderr=None)
            stack.enter_context(member)
            self.members.append(member)
        for i in range(size):
            assert self.heard(i) == {"ok": "ready"}
        self.told = 0

    def say(self, member: int, errand: Errand) -> None:
        """Send one on an errand."""
        pipe = self.members[member].stdin
        assert pipe is not None
        pipe.write(json.dumps(errand) + "\n")
        pipe.flush()

    def heard(self, member: int) -> dict[str, Any]:
        """What one says next."""
        pipe = self.members[member].stdout
        assert pipe is not None
        line = pipe.readline()
        assert line, "a process ended"
        heard: dict[str, Any] = json.loads(line)
        return heard

    def ask(self, do: str, **more: Any) -> Any:
        """Have something done that must succeed, and nothing beside it."""
        if do not in ("now", "child", "counted", "door", "doors", "elsewhere", "order", "watch"):
            more.setdefault("at", self.now())
        self.say(0, {"do": do} | more)
        heard = self.heard(0)
        assert "ok" in heard, (do, more, heard)
        return heard["ok"]

    def now(self) -> str:
        """The next minute of the house's clock."""
        return str(self.ask("now"))

    def race(self, errands: list[Errand]) -> list[dict[str, Any]]:
        """All at once, each `after` so many seconds."""
        begin, at = time.monotonic() + SOON, self.now()
        for i, errand in enumerate(errands):
            told = {"at": at, "after": 0.0} | errand
            self.say(i, {"begin": begin + told.pop("after")} | told)
        return [self.heard(i) for i in range(len(errands))]

    def overlap(self, first: Errand, second: Errand, folder: Path) -> tuple[list[dict[str, Any]], list[str]]:
        """The second begins when the first has written and not committed; the answers, and what was committed in turn."""
        self.committed()
        at = self.now()
        self.say(0, {"at": at, "lead": str(folder)} | first)
        self.say(1, {"at": at, "follow": str(folder)} | second)
        answers = [self.heard(i) for i in range(2)]
        return answers, [what for what, _ in self.committed()]

    def committed(self) -> list[tuple[str, int]]:
        """What was committed since the last time this was asked."""
        order = [(what, pk) for what, pk in self.ask("order")]
        new, self.told = order[self.told :], len(order)
        return new

    def stop(self) -> None:
        """No more errands."""
        for member in self.members:
            assert member.stdin is not None
            member.stdin.close()
        assert [member.wait(20) for member in self.members] == [0] * len(self.members)


def crew_of(size: int, template: House, folder: Path) -> Iterator[Crew]:
    """A crew in a house of its own."""
    with ExitStack() as stack:
        crew = Crew(template.copied(folder), size, stack)
        crew.ask("watch")
        yield crew
        crew.stop()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house to be copied."""
    return filled_house(tmp_path_factory.mktemp("races"))


@pytest.fixture(scope="module")
def crew(template: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """Four."""
    yield from crew_of(4, template, tmp_path_factory.mktemp("four"))


@pytest.fixture(scope="module")
def large_crew(template: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """Eight."""
    yield from crew_of(8, template, tmp_path_factory.mktemp("eight"))


# an exclusion entered a moment earlier -----------------------------------------------------------------------------------------

THERE = {
    "home": ("home_gd", "caseworker2", "caseworker_gd"),
    "home_gd": ("home", "caseworker_gd", "caseworker"),
}
"""From a home to the other: where to, who gives, who takes."""


def exclusions_against_handovers(crew: Crew, rounds: int) -> Counter[str]:
    """One process excludes somebody who is to be the foster mother of one child and to carry the others; the rest hand over."""
    kids = [crew.ask("child", where="home") for _ in crew.members[1:]]
    orders: Counter[str] = Counter()
    after = 0.0
    for n in range(rounds):
        person = crew.ask("somebody", name=f"race {n}")
        for place in THERE:
            crew.ask("has_room", place=place, beds=500)
        offers, receivers = [], []
        request = crew.ask("approved_foster", child=kids[0], person=person)
        given = {"kind": "foster", "to": "home", "by": "caseworker2", "foster": request}
        offers.append(crew.ask("offer", child=kids[0], **given))
        receivers.append("caseworker")
        for kid in kids[1:]:
            to, giver, receiver = THERE[crew.ask("where", child=kid)["facility"]]
            given = {"kind": "welfare_institution", "to": to, "by": giver, "escort": person}
            offers.append(crew.ask("offer", child=kid, **given))
            receivers.append(receiver)
        crew.committed()

        errands = [{"do": "exclude", "person": person, "after": after}]
        errands += [{"do": "accept", "offer": one, "by": by} for one, by in zip(offers, receivers, strict=True)]
        answers = crew.race(errands)
        assert "ok" in answers[0], answers[0]

        order = crew.committed()
        turn = order.index(("custody_exclusion", answers[0]["ok"]))
        told = set(crew.ask("alarms"))
        for i, answer in enumerate(answers[1:]):
            if "ok" in answer:
                assert order.index(("custody_custodyepisode", answer["ok"])) < turn, (
                    f"handed to somebody excluded: {errands[i + 1]}"
                )
                orders["handover first"] += 1
                # Whoever only carried it has it no more.
                assert i > 0 or f"episode:{answer['ok']}" in told
            else:
                assert answer["code"] == "excluded", answer
                assert i == 0 or f"offer:{offers[i]}" in told
                orders["exclusion first"] += 1

        # It is entered about when the others hand over, however quick the machine is, so that both orders come about.
        quick = sum("ok" in answer for answer in answers[1:])
        after = max(0.0, after + (0.01 if quick == 0 else -0.01 if quick == len(offers) else 0.0))

        for kid in kids:
            crew.ask("withdraw", child=kid)
        if crew.ask("where", child=kids[0])["kind"] == "foster":
            back = crew.ask("offer", child=kids[0], kind="welfare_institution", to="home", by="caseworker2")
            crew.ask("accept", offer=back, by="caseworker")
    return orders


def test_an_exclusion_entered_a_moment_earlier(crew: Crew) -> None:
    orders = exclusions_against_handovers(crew, 25)
    print(f"\n25 rounds of 4: {dict(orders)}")
    assert min(orders["handover first"], orders["exclusion first"]) > 0


@pytest.mark.slow
def test_an_exclusion_entered_a_moment_earlier_in_full(large_crew: Crew) -> None:
    orders = exclusions_against_handovers(large_crew, 200)
    print(f"\n200 rounds of 8: {dict(orders)}")
    assert min(orders["handover first"], orders["exclusion first"]) > 0


# two for one child --------------------------------------------------------------------------------------------------------------


ROUNDS = pytest.mark.parametrize("rounds", [8, pytest.param(60, marks=pytest.mark.slow)])


@ROUNDS
def test_one_receiver_takes_a_child(crew: Crew, rounds: int) -> None:
    child = crew.ask("child", where="home")
    for _ in range(rounds):
        before = crew.ask("where", child=child)["n"]
        offered = crew.ask("offer", child=child, kind="hospital", to="hospital", by="caseworker")
        answers = crew.race([{"do": "accept", "offer": offered, "by": by} for by in ("nurse", "nurse2", "doctor", "nurse")])
        assert sum("ok" in answer for answer in answers) == 1, answers
        assert {answer["code"] for answer in answers if "ok" not in answer} <= LOSER
        there = crew.ask("where", child=child)
        assert (there["facility"], there["n"]) == ("hospital", before + 1)
        crew.ask("clear", child=child, fit=True)
        back = crew.ask("offer", child=child, kind="welfare_institution", to="home", by="nurse")
        crew.ask("accept", offer=back, by="caseworker")


@ROUNDS
def test_one_giver_offers_a_child(crew: Crew, rounds: int) -> None:
    child = crew.ask("child", where="hospital")
    for _ in range(rounds):
        givers = (("nurse", "home"), ("nurse2", "home_gd"), ("doctor", "home"), ("nurse", "home_gd"))
        asked = {"do": "offer", "child": child, "kind": "welfare_institution"}
        answers = crew.race([asked | {"to": to, "by": by} for by, to in givers])
        assert sum("ok" in answer for answer in answers) == 1, answers
        assert {answer["code"] for answer in answers if "ok" not in answer} == {"already_offered"}
        crew.ask("withdraw", child=child)


@ROUNDS
def test_one_child_gets_the_last_bed(crew: Crew, rounds: int) -> None:
    kids = [crew.ask("child", where="home") for _ in crew.members]
    crew.ask("has_room", place="home_gd", beds=500)
    for _ in range(rounds):
        there = crew.ask("in_place", place="home_gd")
        crew.ask("has_room", place="home_gd", beds=there + 1)
        offers = [crew.ask("offer", child=kid, kind="welfare_institution", to="home_gd", by="caseworker2") for kid in kids]
        answers = crew.race([{"do": "accept", "offer": offer, "by": "caseworker_gd"} for offer in offers])
        (winner,) = [kid for kid, answer in zip(kids, answers, strict=True) if "ok" in answer]
        assert {answer["code"] for answer in answers if "ok" not in answer} == {"no_bed"}
        assert crew.ask("in_place", place="home_gd") == there + 1
        for kid in kids:
            crew.ask("withdraw", child=kid)
        crew.ask("has_room", place="home", beds=500)
        back = crew.ask("offer", child=winner, kind="welfare_institution", to="home", by="caseworker_gd")
        crew.ask("accept", offer=back, by="caseworker")


@ROUNDS
def test_one_officer_corrects_a_child(crew: Crew, rounds: int) -> None:
    child = crew.ask("child", where="home")
    for n in range(rounds):
        read = crew.ask("where", child=child)
        names = [f"小{n}{letter}" for letter in "abcd"]
        asked = {"do": "correct", "child": child, "version": read["version"], "by": "officer"}
        answers = crew.race([asked | {"call_name": name} for name in names])
        (winner,) = [name for name, answer in zip(names, answers, strict=True) if "ok" in answer]
        now = crew.ask("where", child=child)
        assert (now["version"], now["name"]) == (read["version"] + 1, winner)
        for answer in answers:
            if "ok" not in answer:
                assert answer == {"code": "changed_meanwhile", "changes": {"call_name": [read["name"], winner]}}


# what makes a handover illegal, against the handover ----------------------------------------------------------------------------

EPISODE = "custody_custodyepisode"


def offered(crew: Crew, *, to: str = "hospital", kind: str = "hospital", **more: Any) -> tuple[int, int]:
    """A child in a home that was offered."""
    child = crew.ask("child", where="home")
    return child, crew.ask("offer", child=child, kind=kind, to=to, by="caseworker2", **more)


def receiver_leaves(crew: Crew, n: str) -> tuple[Errand, Errand]:
    """The receiver."""
    crew.ask("new_staff", number=n, like="nurse")
    return {"do": "end_staff", "number": n}, {"do": "accept", "offer": offered(crew)[1], "by": n}


def giver_leaves(crew: Crew, n: str) -> tuple[Errand, Errand]:
    """The giver, before the other signs."""
    crew.ask("new_staff", number=n, like="caseworker")
    child = crew.ask("child", where="home")
    offer = crew.ask("offer", child=child, kind="hospital", to="hospital", by=n)
    return {"do": "end_staff", "number": n}, {"do": "accept", "offer": offer, "by": "nurse"}


def place_closes(crew: Crew, n: str) -> tuple[Errand, Errand]:
    """The receiving home."""
    crew.ask("new_facility", code=n, like="home_gd")
    crew.ask("has_room", place=n, beds=500, by="caseworker_gd")
    offer = offered(crew, to=n, kind="welfare_institution")[1]
    return {"do": "end_facility", "code": n}, {"do": "accept", "offer": offer, "by": "caseworker_gd"}


def clearance_taken_back(crew: Crew, n: str) -> tuple[Errand, Errand]:
    """Before an offer."""
    child = crew.ask("child", where="hospital")
    wanted = {"do": "offer", "child": child, "kind": "welfare_institution", "to": "home", "by": "nurse"}
    return {"do": "clear", "child": child, "fit": False}, wanted


def approval_taken_back(crew: Crew, n: str) -> tuple[Errand, Errand]:
    """Of foster care."""
    person, child = crew.ask("somebody", name=n), crew.ask("child", where="home")
    request = crew.ask("approved_foster", child=child, person=person)
    offer = crew.ask("offer", child=child, kind="foster", to="home", by="caseworker2", foster=request)
    return {"do": "end_foster", "foster": request}, {"do": "accept", "offer": offer, "by": "caseworker"}


def offer_withdrawn(crew: Crew, n: str) -> tuple[Errand, Errand]:
    """By the giver."""
    offer = offered(crew)[1]
    return {"do": "end_offer", "offer": offer}, {"do": "accept", "offer": offer, "by": "nurse"}


def band_replaced(crew: Crew, n: str) -> tuple[Errand, Errand]:
    """While the old one is scanned."""
    child, offer = offered(crew)
    return {"do": "replace_wristband", "child": child}, {"do": "accept", "offer": offer, "by": "nurse"}


def record_merged(crew: Crew, n: str) -> tuple[Errand, Errand]:
    """Into another child's."""
    child, offer = offered(crew)
    step = crew.ask("proposed_merge", kept=crew.ask("child", where="home"), absorbed=child)
    return {"do": "confirm_merge", "step": step}, {"do": "accept", "offer": offer, "by": "nurse"}


def operation_merged(crew: Crew, n: str) -> tuple[Errand, Errand]:
    """A record of an operation for which the one who carries the child is excluded, into the child's."""
    person = crew.ask("somebody", name=n)
    child, offer = offered(crew, escort=person)
    step = crew.ask("proposed_merge", kept=child, absorbed=crew.ask("elsewhere", person=person))
    return {"do": "confirm_merge", "step": step}, {"do": "accept", "offer": offer, "by": "nurse"}


def somebody_excluded(crew: Crew, n: str) -> tuple[Errand, Errand]:
    """The one who is to carry the child."""
    person = crew.ask("somebody", name=n)
    return {"do": "exclude", "person": person}, {"do": "accept", "offer": offered(crew, escort=person)[1], "by": "nurse"}


PAIRS = {
    receiver_leaves: {"receiver_not_of_place"},
    giver_leaves: {"giver_not_custodian"},
    place_closes: {"place_closed"},
    clearance_taken_back: {"not_cleared"},
    approval_taken_back: {"foster_not_approved"},
    offer_withdrawn: {"no_offer", "not_found"},
    band_replaced: {"wristband"},
    record_merged: {"merged_away"},
    operation_merged: {"excluded"},
    somebody_excluded: {"excluded"},
}
BOTH = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__)


@BOTH
def test_what_stops_a_handover_waits_for_one_under_way(crew: Crew, pair: Any, tmp_path: Path) -> None:
    stop, go = pair(crew, f"waits {pair.__name__}"[:28])
    answers, order = crew.overlap(go, stop, tmp_path)
    assert "ok" in answers[0], answers
    if pair is offer_withdrawn:
        assert answers[1]["code"] == "already_accepted"
        assert order == [EPISODE]
    else:
        assert "ok" in answers[1], answers
        assert order[0] in (EPISODE, "custody_handoveroffer")
        assert len(order) == 2


@BOTH
def test_a_handover_waits_for_what_stops_it(crew: Crew, pair: Any, tmp_path: Path) -> None:
    stop, go = pair(crew, f"stops {pair.__name__}"[:28])
    answers, order = crew.overlap(stop, go, tmp_path)
    assert "ok" in answers[0], answers
    assert answers[1]["code"] in PAIRS[pair]
    assert len(order) == 1


@ROUNDS
@BOTH
def test_what_stops_a_handover_against_the_handover(crew: Crew, pair: Any, rounds: int) -> None:
    for n in range(rounds // 4):
        stop, go = pair(crew, f"r{rounds} {n} {pair.__name__}"[:28])
        crew.committed()
        answers = crew.race([stop, go | {"after": 0.003 * (n % 3)}])
        order = [what for what, _ in crew.committed()]
        if "ok" in answers[1]:
            assert order[0] in (EPISODE, "custody_handoveroffer"), f"handed over after it was stopped: {order}"
        else:
            assert answers[1]["code"] in PAIRS[pair], answers


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has one writer at a time and needs no locks")
@BOTH
def test_it_is_the_locks_that_make_them_wait(crew: Crew, pair: Any, tmp_path: Path) -> None:
    stop, go = pair(crew, f"unlocked {pair.__name__}"[:28])
    crew.ask("guards_without_locks")
    try:
        answers, order = crew.overlap(go, stop, tmp_path)
    finally:
        crew.ask("guards_as_declared")
    assert all("ok" in answer for answer in answers), answers
    assert order[1] in (EPISODE, "custody_handoveroffer"), "the handover was not overtaken: this test shows nothing"
