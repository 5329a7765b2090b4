"""The kinship report on pages: made by the head of a laboratory, taken in three languages, and hidden from who reads blind."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from factories.api_cases_candidates import matched
from factories.laboratory import colleague
from factories.matching import House
from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.matching.actions import reading, reporting
from wayhome.casework.matching.models import Candidate, KinshipReport

NOTE = "第二份样本一致"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def found(world: World, **more: Any) -> Candidate:
    return matched(world, [House(world, 1, child=world.child("小岩"))], **more)[0]


def at(name: str, candidate: Candidate, *more: str) -> str:
    return reverse(name, args=[candidate.pk, *more])


def test_the_head_makes_it_and_readers_take_it(world: World, client_of: Any) -> None:
    candidate = found(world, supported=(0,))
    head, analyst = client_of("lab_supervisor"), client_of("analyst")
    page = text(head.get(at("candidate", candidate)))
    assert "None is made yet" in page
    assert at("make_report", candidate) in page
    assert "The head of the laboratory makes it" in text(analyst.get(at("candidate", candidate)))
    assert analyst.get(at("report", candidate, "en")).status_code == 404
    assert analyst.post(at("make_report", candidate), {"once": "a"}).status_code == 403
    careless = client_of("lab_supervisor", stepped_up=False)
    assert "reauthenticate" in careless.post(at("make_report", candidate), {"once": "b"}).headers["Location"]
    assert not KinshipReport.objects.exists()
    head = client_of("lab_supervisor")
    answer = head.post(at("make_report", candidate), {"notes": NOTE, "once": "c"}, follow=True)
    assert "The report is made" in text(answer)
    assert "Make it anew" in text(answer)
    made = KinshipReport.objects.get()
    files = {}
    for language in ("en", "zh-hans", "vi"):
        assert at("report", candidate, language) in text(analyst.get(at("candidate", candidate)))
        taken = analyst.get(at("report", candidate, language))
        assert (taken.status_code, taken["Content-Type"], taken["Cache-Control"]) == (200, "application/pdf", "no-store")
        assert taken["Content-Disposition"].endswith(f'-1-{language}.pdf"')
        assert taken.content.startswith(b"%PDF")
        assert head.get(at("report", candidate, language)).content == taken.content
        files[language] = taken.content
    assert len(set(files.values())) == 3
    looked = AuditEvent.objects.filter(action="matching.read_report", subject=f"candidate:{candidate.pk}")
    assert looked.count() == 6
    head.post(at("make_report", candidate), {"once": "d"})
    assert KinshipReport.objects.count() == 2
    assert analyst.get(f"{at('report', candidate, 'en')}?n=1").content == files["en"]
    assert analyst.get(at("report", candidate, "en")).content != files["en"]
    assert made.digests == KinshipReport.objects.get(n=1).digests


def test_what_is_not_there(world: World, client_of: Any) -> None:
    candidate = found(world, supported=(0,))
    reporting.make_report(candidate=candidate, by=world.actor("lab_supervisor"), at=world.now())
    analyst = client_of("analyst")
    assert analyst.get(at("report", candidate, "en")).status_code == 200
    for address in (at("report", candidate, "de"), *(f"{at('report', candidate, 'en')}?n={n}" for n in ("2", "x", "²", "-1"))):
        assert analyst.get(address).status_code == 404, address
    for who in ("officer", "nurse", "supervisor", "auditor"):
        assert client_of(who).get(at("report", candidate, "en")).status_code == 403, who


def test_before_two_readings_it_says_what_is_wanted(world: World, client_of: Any) -> None:
    candidate = found(world)
    head = client_of("lab_supervisor")
    page = text(head.get(at("candidate", candidate)))
    assert "Two analysts must have read this before there is a report of it" in page
    assert at("make_report", candidate) not in page
    refused = head.post(at("make_report", candidate), {"once": "a"})
    assert refused.status_code == 409
    assert "Wait for the second reading" in text(refused)


def test_who_is_to_read_blind_knows_of_none(world: World, client_of: Any) -> None:
    candidate = found(world)
    colleague(world, "analyst3")
    third = client_of("analyst3")
    for who, conclusion in (("analyst", "supports"), ("analyst2", "excludes")):
        reading.read(candidate=candidate, conclusion=conclusion, note="a note", by=world.actor(who), at=world.now())
    reporting.make_report(candidate=candidate, by=world.actor("lab_supervisor"), at=world.now())
    assert "Kinship report" not in text(third.get(at("candidate", candidate)))
    for address in (at("report", candidate, "en"), f"{at('report', candidate, 'en')}?n=1"):
        assert third.get(address).status_code == 404
    assert client_of("analyst").get(at("report", candidate, "en")).status_code == 200
    reading.read(candidate=candidate, conclusion="supports", by=world.actor("analyst3"), at=world.now())
    page = text(third.get(at("candidate", candidate)))
    assert "after it was made. A new one says so" in page
    assert third.get(at("report", candidate, "en")).status_code == 200


def test_a_report_that_would_be_set_otherwise_is_told_in_words(
    world: World, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidate = found(world, supported=(0,))
    reporting.make_report(candidate=candidate, by=world.actor("lab_supervisor"), at=world.now())
    set_ = reporting.report_pdf
    monkeypatch.setattr(reporting, "report_pdf", lambda *told: set_(*told) + b" ")
    answer = client_of("analyst").get(at("report", candidate, "en"))
    assert answer.status_code == 409
    assert "Ask whoever runs the house" in text(answer)
