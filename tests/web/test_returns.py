"""A file of return on pages: what verifies it, whether the parents took part, what is best for the child."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from factories.reunification import Return, anew, standing
from factories.world import World
from wayhome.casework.reunification.actions import deciding, files
from wayhome.casework.reunification.models import (
    Case,
    Countersignature,
    Determination,
    Enquiry,
    Evidence,
    GuardianshipEnd,
    HeldBack,
    HeldBackReply,
    Vote,
)
from wayhome.casework.reunification.queries import standing as queries
from wayhome.casework.reunification.rules import EVIDENCE
from wayhome.web import clock

SECRET = "a red thread in the lining"
MISSING = re.compile(r'data-missing="(\w+)"')


@pytest.fixture(scope="module")
def _matched(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Return]:
    with standing(django_db_blocker, tmp_path_factory.mktemp("index"), "confirmed", "in_home") as house:
        yield house


@pytest.fixture
def house(_matched: Return, db: None) -> Iterator[Return]:
    """A match is confirmed, and its child is in the institution."""
    yield anew(_matched)
    transaction.set_rollback(True)


@pytest.fixture
def world(house: Return, monkeypatch: pytest.MonkeyPatch) -> World:
    """The pages' clock is the house's."""
    monkeypatch.setattr(clock, "now", house.world.now)
    return house.world


def text(answer: Any) -> str:
    return str(answer.content.decode())


def opened(house: Return) -> Return:
    """A file was opened, for the match."""
    house.case = files.open_case(child_id=house.child.pk, **house.who("caseworker"))
    return house


def held_back(house: Return, who: str = "officer") -> HeldBack:
    return files.hold_back(case=house.case, question="what was sewn in", answer=SECRET, **house.who(who))


def file_page(client: Any, house: Return) -> str:
    return text(client.get(reverse("return_file", args=[house.child.number])))


class Desk:
    """Posts forms, each with a token of its own, and wants to be sent on."""

    def __init__(self, client_of: Any) -> None:
        self.client_of, self.sent = client_of, 0

    def answer(self, who: str, name: str, /, *of: Any, **data: Any) -> Any:
        self.sent += 1
        return self.client_of(who).post(reverse(name, args=of), {"once": f"t{self.sent}", **data})

    def does(self, who: str, name: str, /, *of: Any, **data: Any) -> None:
        answer = self.answer(who, name, *of, **data)
        assert answer.status_code == 302, text(answer)

    def refused(self, code: str, who: str, name: str, /, *of: Any, **data: Any) -> None:
        answer = self.answer(who, name, *of, **data)
        assert answer.status_code in (403, 409), text(answer)
        assert f'data-code="{code}"' in text(answer)


@pytest.fixture
def desk(client_of: Any) -> Desk:
    return Desk(client_of)


def test_from_a_match_to_everything_but_the_release(house: Return, client_of: Any, desk: Desk) -> None:
    number, caseworker = house.child.number, client_of("caseworker")
    to_file = reverse("return_file", args=[number])
    assert to_file in text(caseworker.get(reverse("today")))
    assert reverse("open_return", args=[number]) in file_page(caseworker, house)
    assert "no file is open" in text(caseworker.get(reverse("returns")))
    desk.does("caseworker", "open_return", number, to="family")
    case = house.case = Case.objects.get()
    assert case.confirmation is not None
    assert MISSING.findall(file_page(caseworker, house)) == [*EVIDENCE, "held_back", "enquiry", "determination", "release"]
    for kind in EVIDENCE:
        day = house.world.clock.date().isoformat()
        desk.does("caseworker", "add_evidence", case.pk, kind=kind, who="韦小兰", held_on=day, outcome="supports")
    for question in ("what was sewn in", "who slept in the next bed"):
        desk.does("officer", "hold_back", case.pk, question=question, answer=SECRET)
    for held in HeldBack.objects.order_by("pk"):
        assert reverse("reply_held_back", args=[held.pk]) in text(caseworker.get(reverse("today")))
        desk.does("caseworker", "reply_held_back", held.pk, said="a thread, red", right="yes")
    assert MISSING.findall(file_page(caseworker, house)) == ["enquiry", "determination", "release"]
    assert reverse("enquire", args=[case.pk]) in text(client_of("officer_gd").get(reverse("today")))
    desk.does("officer_gd", "enquire", case.pk, result="cleared", document="桂检2011-88")
    enquiry = Enquiry.objects.get()
    supervisor = client_of("supervisor")
    to_sign = reverse("countersign_enquiry", args=[enquiry.pk])
    assert to_sign in text(supervisor.get(reverse("today")))
    assert "桂检2011-88" in text(supervisor.get(to_sign))
    desk.does("supervisor", "countersign_enquiry", enquiry.pk)
    assert to_sign not in text(supervisor.get(reverse("today")))
    desk.does("caseworker", "propose_determination", case.pk, decision="reunify", reasons="she asks for her mother")
    asked = Determination.objects.get()
    for who in ("caseworker2", "doctor", "supervisor"):
        assert reverse("determination", args=[asked.pk]) in text(client_of(who).get(reverse("today")))
        more = {"agrees": "yes"} if who != "doctor" else {"agrees": "no", "dissent": "too early after the fever"}
        desk.does(who, "determination", asked.pk, **more)
        assert reverse("determination", args=[asked.pk]) not in text(client_of(who).get(reverse("today")))
    page = file_page(caseworker, house)
    assert MISSING.findall(page) == ["release"]
    assert "too early after the fever" in page
    assert "ready: the release can be asked for" in page
    assert "ready: the release can be asked for" in text(supervisor.get(reverse("returns")))
    assert "ready: the release can be asked for" in text(caseworker.get(reverse("child", args=[number])))


def test_who_opens_a_file_and_for_what(house: Return, client_of: Any, desk: Desk) -> None:
    number = house.child.number
    for who, status in (("nurse", 403), ("caseworker_gd", 404), ("officer", 200), ("supervisor", 200)):
        assert client_of(who).get(reverse("return_file", args=[number])).status_code == status, who
    page = file_page(client_of("officer"), house)
    assert "A caseworker of the institution where the child is opens it" in page
    assert reverse("open_return", args=[number]) not in page
    assert reverse("return_file", args=[number]) not in text(client_of("officer").get(reverse("today")))
    desk.refused("not_allowed", "officer", "open_return", number, to="family")
    desk.does("caseworker", "open_return", number, to="family")
    assert desk.answer("caseworker", "open_return", number, to="family").status_code == 422, "no match is left to open one for"
    desk.does("caseworker", "open_return", number, to="authority")
    assert [one.confirmation_id is None for one in Case.objects.order_by("pk")] == [False, True]
    page = file_page(client_of("caseworker"), house)
    assert MISSING.findall(page) == ["determination", "release"], "an authority's file wants the panel's word alone"
    first = Case.objects.order_by("pk")[0]
    older = f"{reverse('return_file', args=[number])}?file={first.pk}"
    assert older in page
    assert "interview" in MISSING.findall(text(client_of("caseworker").get(older)))
    assert client_of("caseworker").get(f"{reverse('return_file', args=[number])}?file=999999").status_code == 404


def test_a_child_without_a_match_says_what_has_to_happen_first(world: World, client_of: Any) -> None:
    other = world.in_home()
    page = text(client_of("caseworker").get(reverse("return_file", args=[other.number])))
    assert "No family is confirmed for this child yet" in page
    assert "two analysts read the match apart" in page
    assert reverse("open_return", args=[other.number]) in page
    assert 'value="family"' not in text(client_of("caseworker").get(reverse("open_return", args=[other.number])))
    nothing = text(client_of("caseworker_gd").get(reverse("returns")))
    assert "No file of return is open" in nothing
    assert "no file is open for it" not in nothing


def test_somebody_else_corrects_a_row(house: Return, client_of: Any, desk: Desk) -> None:
    case = opened(house).case
    day = house.world.clock.date().isoformat()
    row = {"who": "birth certificate 45-0021", "held_on": day, "outcome": "contradicts", "note": "another day of birth"}
    assert desk.answer("caseworker", "add_evidence", case.pk, kind="document", **row | {"note": ""}).status_code == 422
    desk.does("caseworker", "add_evidence", case.pk, kind="document", **row)
    wrong = Evidence.objects.get()
    assert "contradicted" in MISSING.findall(file_page(client_of("caseworker"), house))
    address = reverse("correct_evidence", args=[case.pk, wrong.pk])
    assert address not in file_page(client_of("caseworker"), house)
    assert address in file_page(client_of("officer"), house)
    right = row | {"who": "birth certificate 45-0012", "outcome": "supports"}
    desk.refused("self_approval", "caseworker", "correct_evidence", case.pk, wrong.pk, **right)
    desk.does("officer", "correct_evidence", case.pk, wrong.pk, **right)
    page = file_page(client_of("caseworker"), house)
    assert "contradicted" not in MISSING.findall(page)
    assert "45-0021" in page
    assert "corrected by" in page
    assert desk.answer("caseworker2", "correct_evidence", case.pk, wrong.pk, **right).status_code == 404, "it stands no more"


def test_the_answer_is_not_shown_before_the_claimant_was_asked(house: Return, client_of: Any, desk: Desk) -> None:
    case = opened(house).case
    held = held_back(house)
    address = reverse("reply_held_back", args=[held.pk])
    for who in ("caseworker", "doctor", "supervisor"):
        assert SECRET not in file_page(client_of(who), house), who
    assert SECRET not in text(client_of("caseworker").get(address))
    for who in ("officer", "officer2"):
        assert SECRET in file_page(client_of(who), house), who
    mine = text(client_of("officer").get(address))
    assert 'name="said"' not in mine
    assert "You set this question" in mine
    assert address not in text(client_of("officer").get(reverse("today")))
    desk.refused("self_approval", "officer", "reply_held_back", held.pk, said="a thread", right="yes")
    assert client_of("caseworker").get(reverse("hold_back", args=[case.pk])).status_code == 403
    assert not HeldBackReply.objects.exists()
    desk.does("officer2", "reply_held_back", held.pk, said="a jacket, as the papers say", right="no")
    desk.refused("already_there", "caseworker", "reply_held_back", held.pk, said="a thread", right="yes")
    page = file_page(client_of("caseworker"), house)
    assert SECRET in page
    assert "held_back_wrong" in MISSING.findall(page)
    assert "failed: a detail held back was not known" in text(client_of("caseworker").get(reverse("returns")))


def test_the_claimants_own_station_accuses_and_does_not_clear(house: Return, client_of: Any, desk: Desk) -> None:
    case = opened(house).case
    own = text(client_of("officer").get(reverse("enquire", args=[case.pk])))
    assert "cannot clear them" in own
    assert 'value="cleared"' not in own
    assert reverse("enquire", args=[case.pk]) not in text(client_of("officer").get(reverse("today")))
    assert desk.answer("officer", "enquire", case.pk, result="cleared", document="x").status_code == 422
    assert desk.answer("officer_gd", "enquire", case.pk, result="cleared").status_code == 422, "without the prosecutor's document"
    assert not Enquiry.objects.exists()
    desk.does("officer_gd", "enquire", case.pk, result="cleared", document="桂检2011-88")
    page = file_page(client_of("supervisor"), house)
    assert "countersignature" in MISSING.findall(page)
    enquiry = Enquiry.objects.get()
    address = reverse("countersign_enquiry", args=[enquiry.pk])
    assert client_of("officer").get(address).status_code == 403
    asked = client_of("supervisor", stepped_up=False).get(address)
    assert asked.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assert not Countersignature.objects.exists()
    desk.does("officer_gd", "enquire", case.pk, result="unknown", note="the seller said nothing")
    assert "Another enquiry came after this one" in text(client_of("supervisor").get(address))
    last = Enquiry.objects.latest("n")
    desk.does("supervisor", "countersign_enquiry", last.pk)
    desk.refused("already_there", "supervisor2", "countersign_enquiry", last.pk)


def test_a_parent_who_took_part_stops_it_and_is_told_nothing(house: Return, client_of: Any, desk: Desk) -> None:
    family = reverse("family", args=[house.request.number])
    searching = text(client_of("officer").get(family))
    assert "The search goes on. The request is compared" in searching
    case = opened(house).case

    def told() -> str:
        page = text(client_of("officer").get(family))
        assert house.child.number not in page.replace(" ", "")
        assert house.child.call_name not in page
        return page[page.index("What the family may be told") :].split("</section>")[0]

    checking = told()
    assert "what was told is being checked" in checking
    desk.does("officer", "enquire", case.pk, result="involved", note="the mother took the money")
    assert told() == checking
    page = file_page(client_of("caseworker"), house)
    assert "A parent took part in the sale of this child" in page
    assert "The family is told nothing of it" in page
    assert "suit" in MISSING.findall(page)
    enquiry = Enquiry.objects.get()
    suit = reverse("end_guardianship", args=[enquiry.pk])
    assert suit in text(client_of("supervisor").get(reverse("today")))
    assert client_of("officer").get(suit).status_code == 403
    desk.does("officer_gd", "enquire", case.pk, result="cleared", document="桂检2011-88")
    assert "A parent took part in the sale of this child" in file_page(client_of("caseworker"), house), "a court says so first"
    other = Enquiry.objects.latest("n")
    assert client_of("supervisor").get(reverse("end_guardianship", args=[other.pk])).status_code == 404
    assert desk.answer("supervisor", "end_guardianship", enquiry.pk, outcome="kept").status_code == 422
    desk.does("supervisor", "end_guardianship", enquiry.pk, outcome="kept", document="桂法2011-7")
    desk.refused("already_ended", "supervisor2", "end_guardianship", enquiry.pk, outcome="revoked", document="桂法2011-8")
    assert GuardianshipEnd.objects.get().outcome == "kept"
    page = file_page(client_of("supervisor"), house)
    assert "A parent took part in the sale of this child" not in page
    assert "countersignature" in MISSING.findall(page)
    assert suit not in text(client_of("supervisor").get(reverse("today")))


def test_after_a_suit_a_court_or_another_enquiry_is_missing(house: Return) -> None:
    def missing() -> list[str]:
        (one,) = queries.standings_of([opened_case], by=house.world.actor("supervisor"), at=house.world.now())
        return list(next(step for step in one.steps if step.what == "enquiry").missing)

    opened_case = opened(house).case
    first = house.enquired("involved")
    assert missing() == ["suit"]
    deciding.end_guardianship(guardianship=first.guardianship, outcome="kept", document="1", **house.who("supervisor"))
    assert missing() == ["enquire_again"]
    second = house.enquired("involved", by="officer", signed=False)
    assert missing() == ["suit", "countersignature"]
    deciding.end_guardianship(guardianship=second.guardianship, outcome="revoked", document="2", **house.who("supervisor"))
    deciding.countersign(enquiry=second, **house.who("supervisor"))
    assert missing() == ["guardianship_revoked"]


def test_a_panel_votes_once_each_and_says_why_not(house: Return, client_of: Any, desk: Desk) -> None:
    case = opened(house).case
    assert client_of("officer").get(reverse("propose_determination", args=[case.pk])).status_code == 403
    late = (house.world.clock.date().replace(year=2012)).isoformat()
    answer = desk.answer("caseworker", "propose_determination", case.pk, decision="stay", reasons="x", until=late)
    assert answer.status_code == 422
    desk.does("caseworker", "propose_determination", case.pk, decision="reunify", reasons="a home", until="2011-09-01")
    asked = Determination.objects.get()
    assert asked.valid_until.date().isoformat() == "2011-09-01"
    address = reverse("determination", args=[asked.pk])
    page = text(client_of("officer").get(address))
    assert "Police advise" in page
    again = client_of("doctor", stepped_up=False).get(address)
    assert again.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assert desk.answer("doctor", "determination", asked.pk, agrees="no").status_code == 422
    assert not Vote.objects.exists()
    desk.does("doctor", "determination", asked.pk, agrees="no", dissent="too early")
    desk.refused("already_there", "doctor", "determination", asked.pk, agrees="yes")
    assert 'name="agrees"' not in text(client_of("doctor").get(address))
    assert "vote_law" in MISSING.findall(file_page(client_of("caseworker"), house))
    for who in ("caseworker", "supervisor"):
        desk.does(who, "determination", asked.pk, agrees="no", dissent="too early")
    assert "not_agreed" in MISSING.findall(file_page(client_of("caseworker"), house))
    desk.does("caseworker", "propose_determination", case.pk, decision="stay", reasons="for now")
    assert "Another proposal came after this one" in text(client_of("supervisor2").get(address))


def test_todays_rows_are_of_files_that_go_on(house: Return, client_of: Any) -> None:
    opened(house)
    held_back(house)
    house.enquired(signed=False)
    deciding.propose_determination(case=house.case, decision="reunify", reasons="a home", **house.who("caseworker"))
    waits = {"supervisor": "An enquiry waits", "caseworker": "does the claimant know it", "doctor": "The panel waits"}
    for who, what in waits.items():
        assert what in text(client_of(who).get(reverse("today"))), who
    assert "The panel waits" not in text(client_of("caseworker_gd").get(reverse("today")))
    from wayhome.casework.matching.actions import reading

    reading.take_back(confirmation=house.case.confirmation, reason="the wrong tube", **house.who("lab_supervisor"))
    for who, what in waits.items():
        assert what not in text(client_of(who).get(reverse("today"))), who
    assert "over: the match stands no more" in text(client_of("supervisor").get(reverse("returns")))
    assert "No confirmed match stands" in file_page(client_of("supervisor"), house)
