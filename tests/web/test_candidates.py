"""Candidates on pages: read apart from each other, confirmed by a third, and nobody's name or whereabouts told on the way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factories.api_cases_candidates import matched
from factories.laboratory import colleague
from factories.matching import House
from factories.world import World
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import Consent
from wayhome.casework.matching.actions import reading
from wayhome.casework.matching.models import Candidate, Confirmation, Freeze, Kinship, Reading
from wayhome.web import clock

VARIES = re.compile(r'name="(csrfmiddlewaretoken|once)" value="[^"]*"')


def text(answer: Any) -> str:
    return str(answer.content.decode())


def house(world: World, seed: int = 1) -> House:
    """A family and its child, who is at the police post."""
    return House(world, seed, child=world.child(f"小岩{seed}"))


def found(world: World, **more: Any) -> tuple[House, Candidate]:
    """They were typed and searched."""
    one = house(world)
    return one, matched(world, [one], **more)[0]


def everything(client: Client, candidate: Candidate) -> list[str]:
    """All pages on which something of a candidate stands, without what differs from one answer to the next anyway."""
    addresses = [
        reverse("today"),
        reverse("candidate", args=[candidate.pk]),
        f"{reverse('candidates')}?q={candidate.child.number}",
    ]
    addresses += [f"{reverse('candidates')}?which={which}" for which in ("waiting", "open", "ended")]
    return [VARIES.sub("", text(client.get(address))) for address in addresses]


def say(world: World, candidate: Candidate, who: str, conclusion: str, note: str = "a note of their own") -> Reading:
    return reading.read(candidate=candidate, conclusion=conclusion, note=note, by=world.actor(who), at=world.now())


def test_nothing_shows_a_reader_what_others_said(world: World, client_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _, candidate = found(world)
    colleague(world, "analyst3")
    moment = world.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    third, second = client_of("analyst3"), client_of("analyst2")
    nobody_read, nobody_read_2 = everything(third, candidate), everything(second, candidate)
    say(world, candidate, "analyst", "supports")
    assert everything(third, candidate) == nobody_read
    assert everything(second, candidate) == nobody_read_2
    say(world, candidate, "analyst2", "excludes", "FGA fits nobody")
    assert everything(third, candidate) == nobody_read
    assert everything(second, candidate) != nobody_read_2
    page = text(second.get(reverse("candidate", args=[candidate.pk])))
    assert "FGA fits nobody" in page
    assert "a note of their own" in page
    say(world, candidate, "analyst3", "supports")
    page = text(third.get(reverse("candidate", args=[candidate.pk])))
    assert "FGA fits nobody" in page
    assert "supported by two" in page


def test_an_analyst_reads_once(world: World, client_of: Any) -> None:
    _, candidate = found(world)
    client, address = client_of("analyst"), reverse("candidate", args=[candidate.pk])
    assert "Candidates to be read" in text(client.get(reverse("today")))
    assert "My reading" in text(client.get(address))
    assert client.post(address, {"once": "a"}).status_code == 422
    refused = client.post(address, {"conclusion": "excludes", "once": "b"})
    assert refused.status_code == 422
    assert not Reading.objects.exists()
    answer = client.post(address, {"conclusion": "excludes", "note": "three loci", "once": "c"}, follow=True)
    assert "Your reading is kept" in text(answer)
    assert "three loci" in text(answer)
    assert "Give my reading" not in text(answer)
    assert Reading.objects.get().conclusion == "excludes"
    assert client.post(address, {"conclusion": "supports", "once": "d"}).status_code == 409
    assert Reading.objects.count() == 1
    assert "Candidates to be read" not in text(client.get(reverse("today")))
    assert "Candidates to be read" in text(client_of("analyst2").get(reverse("today")))


def test_the_page_tells_numbers_and_no_name(world: World, client_of: Any) -> None:
    one, candidate = found(world)
    address = reverse("candidate", args=[candidate.pk])
    page = text(client_of("analyst").get(address))
    for said in ("<svg", "H1: the rescued child", "H2:", "FGA", "Probability after it", "Chance", "What was not tested"):
        assert said in page
    assert page.count("<tr") > 20
    for secret in ("韦小兰", "李小妹", "李大", one.child.call_name, "百色", "木栏街", world.facilities["post"].name):
        assert secret not in page, secret
    looked = AuditEvent.objects.filter(action="matching.read_candidate", subject=f"candidate:{candidate.pk}")
    assert looked.count() == 1
    assert client_of("lab_supervisor").get(address).status_code == 200
    for who in ("officer", "nurse", "supervisor", "auditor", "administrator"):
        assert client_of(who).get(address).status_code == 403, who
    assert looked.count() == 2


def test_a_match_is_confirmed_by_the_head_of_the_laboratory(world: World, client_of: Any) -> None:
    _, candidate = found(world, supported=(0,), second=(0,))
    address, confirm = (reverse(name, args=[candidate.pk]) for name in ("candidate", "confirm_match"))
    head = client_of("lab_supervisor")
    assert "Matches to be confirmed" in text(head.get(reverse("today")))
    page = text(head.get(address))
    assert "say the same" in page
    assert confirm in page
    assert client_of("analyst").post(confirm, {"once": "a"}).status_code == 403
    careless = client_of("lab_supervisor", stepped_up=False)
    assert "reauthenticate" in careless.post(confirm, {"once": "b"}).headers["Location"]
    assert not Confirmation.objects.exists()
    answer = client_of("lab_supervisor").post(confirm, {"note": "both", "once": "c"}, follow=True)
    assert "The match is confirmed" in text(answer)
    assert "Take it back" in text(answer)
    assert Confirmation.objects.get().candidate == candidate
    back = reverse("take_back_match", args=[candidate.pk])
    assert head.post(back, {"once": "d"}).status_code == 422
    assert client_of("analyst").post(back, {"reason": "mine", "once": "e"}).status_code == 403
    answer = head.post(back, {"reason": "the wrong tube", "once": "f"}, follow=True)
    assert "The confirmation is taken back" in text(answer)
    assert "the wrong tube" in text(answer)
    assert confirm not in text(answer)


def test_what_stands_against_a_confirmation_is_told(world: World, client_of: Any) -> None:
    _, candidate = found(world, supported=(0,))
    address, confirm = (reverse(name, args=[candidate.pk]) for name in ("candidate", "confirm_match"))
    head = client_of("lab_supervisor")
    page = text(head.get(address))
    assert "have not been compared yet" in page
    assert confirm not in page
    assert page.count("missing</span>") == 3
    refused = head.post(confirm, {"once": "a"})
    assert refused.status_code == 409
    assert "have not been compared yet" in text(refused)
    assert not Confirmation.objects.exists()
    assert Alarm.objects.filter(kind="refused", code="second_missing").exists()
    assert reverse("take_back_match", args=[candidate.pk]) not in page
    assert head.get(reverse("take_back_match", args=[candidate.pk])).status_code == 404


def test_contradicting_confirmations_are_frozen(world: World, client_of: Any) -> None:
    first, second = house(world, 1), house(world, 2)
    rows = matched(world, [first, second], supported=(0, 1), second=(0, 1))
    one, other = (reading.confirm(candidate=row, by=world.actor("lab_supervisor"), at=world.now()) for row in rows)
    head = client_of("lab_supervisor")
    address = reverse("candidate", args=[rows[0].pk])
    assert "Frozen" not in text(head.get(address))
    Freeze.objects.create(one=one, other=other, reason="ages", at=world.now())
    page = text(head.get(address))
    assert "Frozen: two confirmed matches cannot both be true" in page
    assert "one mother, confirmed for two children whose ages do not fit" in page
    assert reverse("candidate", args=[rows[1].pk]) in page
    assert text(head.get(reverse("today"))).count("Two confirmed matches cannot both be true") == 2
    assert "nothing is decided on this child" in text(client_of("officer").get(reverse("child", args=[first.child.number])))
    reading.take_back(confirmation=other, reason="the wrong tube", by=world.actor("lab_supervisor"), at=world.now())
    assert "Frozen" not in text(head.get(address))


def test_an_erased_candidate_says_so(world: World, client_of: Any) -> None:
    one, candidate = found(world)
    client, address = client_of("analyst"), reverse("candidate", args=[candidate.pk])
    assert "Locus by locus" in text(client.get(address))
    consent = Consent.objects.filter(relative=one.kin["mother"]).latest("pk")
    families.withdraw_consent(consent=consent, by=world.actor("officer"), at=world.now())
    answer = client.get(address)
    assert answer.status_code == 200
    page = text(answer)
    assert "took their consent back" in page
    for gone in ("Locus by locus", "FGA", "log10 LR", "Give my reading"):
        assert gone not in page, gone
    assert "ended: a relative withdrew" in text(client.get(f"{reverse('candidates')}?which=ended"))
    assert client.post(address, {"conclusion": "supports", "once": "a"}).status_code == 409


def test_the_list_is_searched_by_either_number(world: World, client_of: Any) -> None:
    one, candidate = found(world)
    client, address = client_of("analyst"), reverse("candidates")
    there = reverse("candidate", args=[candidate.pk])
    for number in (one.child.number, one.request.number):
        assert there in text(client.get(address, {"q": number}))
    nobody = text(client.get(address, {"q": world.child().number}))
    assert there not in nobody
    assert "No candidate of" in nobody
    assert client.get(address, {"q": "12"}).status_code == 422
    assert there in text(client.get(address))
    assert there not in text(client_of("lab_supervisor").get(address)), "it waits for readings, not for a confirmation"
    assert there in text(client_of("lab_supervisor").get(address, {"which": "open"}))
    assert there not in text(client.get(address, {"which": "ended"}))


def test_a_childs_page_says_how_the_search_stands(world: World, client_of: Any) -> None:
    one = house(world)
    address = reverse("child", args=[one.child.number])
    assert "no sample of the child was typed" in text(client_of("officer").get(address))
    (candidate,) = matched(world, [one], supported=(0,), second=(0,))
    page = text(client_of("officer").get(address))
    assert "A family is being examined" in page
    assert "with 1 family" in page
    spaced = f"{one.request.number[:3]} {one.request.number[3:6]} {one.request.number[6:]}"
    assert spaced not in page
    reading.confirm(candidate=candidate, by=world.actor("lab_supervisor"), at=world.now())
    for who, told in (("officer", True), ("supervisor", True), ("placement", False)):
        page = text(client_of(who).get(address))
        assert "A family is confirmed by DNA" in page
        assert (spaced in page) is told, who


def test_kin_is_named_to_those_who_may_read_its_file(world: World, client_of: Any) -> None:
    mine, other = world.in_hospital(), world.child("小鸥")
    one, two = sorted((mine.pk, other.pk))
    Kinship.objects.create(one_id=one, other_id=two, relationship="full_siblings", log10_lr=7.5, at=world.now())
    link = reverse("child", args=[other.number])
    page = text(client_of("nurse").get(reverse("child", args=[mine.number])))
    assert "may be full brothers or sisters" in page
    assert "whose file is not yours to read" in page
    assert link not in page
    assert other.call_name not in page
    assert link in text(client_of("officer").get(reverse("child", args=[mine.number])))


def test_a_familys_page_never_tells_which_child(world: World, client_of: Any) -> None:
    one = house(world)
    address = reverse("family", args=[one.request.number])
    assert "no relative&#x27;s sample was typed" in text(client_of("officer").get(address))
    (candidate,) = matched(world, [one], supported=(0,), second=(0,))
    examined = text(client_of("supervisor").get(address))
    assert "Something is being examined" in examined
    reading.confirm(candidate=candidate, by=world.actor("lab_supervisor"), at=world.now())
    confirmed = text(client_of("supervisor").get(address))
    assert "A child is confirmed by DNA" in confirmed
    spaced = f"{one.child.number[:3]} {one.child.number[3:6]} {one.child.number[6:]}"
    for page in (examined, confirmed):
        for secret in (one.child.number, spaced, one.child.call_name, world.facilities["post"].name):
            assert secret not in page


def test_two_contradicting_readings_wait_for_a_third(world: World, client_of: Any) -> None:
    _, candidate = found(world)
    colleague(world, "analyst3")
    say(world, candidate, "analyst", "supports")
    say(world, candidate, "analyst2", "excludes")
    address = reverse("candidate", args=[candidate.pk])
    assert "being read" in text(client_of("lab_supervisor").get(address))
    answer = client_of("analyst3").post(address, {"conclusion": "excludes", "note": "FGA", "once": "a"}, follow=True)
    assert "excluded by two" in text(answer)
    assert "To be compared" not in text(answer)


@pytest.mark.parametrize(
    ("kind", "code", "says"),
    [
        ("match_frozen", "ages", "one mother, confirmed for two children whose ages do not fit"),
        ("match_refuted", "", "Samples may have been exchanged"),
        ("kin_found", "full_siblings", "may be full brothers or sisters"),
        ("sample_copied", "", "The child is not searched by this sample"),
        ("family_of_many", "held_back", "a further one was not told"),
    ],
)
def test_an_alarm_of_the_search_says_what_to_do(world: World, client_of: Any, kind: str, code: str, says: str) -> None:
    child = world.child()
    path = child.event.jurisdiction.path
    alarm = Alarm.objects.create(kind=kind, level=3, code=code, child_id=child.pk, jurisdiction=path, at=world.now())
    supervisor, address = client_of("supervisor"), reverse("alarm", args=[alarm.pk])
    assert address in text(supervisor.get(reverse("today")))
    page = text(supervisor.get(address))
    assert says in page
    assert reverse("child", args=[child.number]) in page
    assert "What was refused" not in page
    for who in ("analyst", "lab_supervisor", "officer_gd"):
        assert client_of(who).get(address).status_code == 404, who
