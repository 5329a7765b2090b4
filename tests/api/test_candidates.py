"""Candidates for programs: blind of each other like the pages, and without a name."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from factories.api import EVERY, Program
from factories.api_case import Things
from factories.laboratory import colleague
from wayhome.casework.matching.actions import reading, reporting
from wayhome.casework.matching.models import Candidate

pytestmark = pytest.mark.django_db
STRONG = (*EVERY, "approve")


def read(busy: Things, who: str, path: str) -> Any:
    answer = Program(busy.world).get(who, path)
    assert answer.status_code == 200, answer.content
    return answer.json()


def everything(busy: Things, who: str) -> list[Any]:
    """What a program is told of the candidate."""
    one = f"/candidates/{busy.candidate}"
    lists = [f"/candidates?which={which}" for which in ("waiting", "open", "ended")]
    return [read(busy, who, path) for path in (one, f"{one}/detail", *lists)]


def test_nothing_tells_a_reader_what_others_said(busy: Things) -> None:
    before = everything(busy, "analyst2")
    assert (before[0]["state"], before[0]["wanted"], before[0]["readings"]) == ("proposed", True, [])
    candidate = Candidate.objects.get(pk=busy.candidate)
    world = busy.world
    reading.read(candidate=candidate, conclusion="excludes", note="FGA", by=world.actor("analyst"), at=world.now())
    assert everything(busy, "analyst2") == before
    assert read(busy, "analyst", f"/candidates/{busy.candidate}")["mine"]["note"] == "FGA"
    reading.read(candidate=candidate, conclusion="supports", by=world.actor("analyst2"), at=world.now())
    after = read(busy, "analyst2", f"/candidates/{busy.candidate}")
    assert (after["state"], after["wanted"]) == ("in_review", False)
    assert [one["conclusion"] for one in after["readings"]] == ["excludes", "supports"]


def test_a_reading_is_given_once(busy: Things) -> None:
    program, path = Program(busy.world), f"/candidates/{busy.candidate}/readings"
    bare = program.post("analyst", path, {"conclusion": "excludes"})
    assert (bare.status_code, bare.json()["fields"]) == (422, {"note": "required"})
    assert program.post("analyst", path, {"conclusion": "perhaps"}).status_code == 422
    assert program.post("analyst", path, {"conclusion": "excludes", "note": "three loci"}).status_code == 201
    again = program.post("analyst", path, {"conclusion": "supports"})
    assert (again.status_code, again.json()["code"]) == (409, "already_there")


def test_a_detail_names_nobody(busy: Things) -> None:
    told = read(busy, "analyst", f"/candidates/{busy.candidate}/detail")
    assert told["assessment"]["gate"] == "report"
    assert told["assessment"]["posterior"] > 0.9999
    assert {one["name"] for one in told["evidence"]} >= {"sex", "names", "place"}
    text = json.dumps(told, ensure_ascii=False)
    for secret in ("李小妹", "韦小兰", "小岩", "百色", "木栏街"):
        assert secret not in text, secret


def test_a_confirmation_asks_who_one_is(busy: Things) -> None:
    program, path = Program(busy.world), f"/candidates/{busy.ready}/confirmation"
    weak = program.call("POST", "lab_supervisor", path, {}, scopes=EVERY)
    assert (weak.status_code, weak.json()["code"]) == (403, "step_up")
    early = program.call("POST", "lab_supervisor", f"/candidates/{busy.candidate}/confirmation", {}, scopes=STRONG)
    assert (early.status_code, early.json()["code"]) == (409, "not_supported")
    assert program.call("POST", "lab_supervisor", path, {}, scopes=STRONG).status_code == 201
    shown = read(busy, "lab_supervisor", f"/candidates/{busy.ready}")
    assert shown["state"] == "confirmed"
    assert shown["confirmed_at"]
    ended = program.call("POST", "lab_supervisor", f"{path}/end", {"reason": "the wrong tube"}, scopes=STRONG)
    assert ended.status_code == 201
    assert read(busy, "lab_supervisor", f"/candidates/{busy.ready}")["confirmed_at"] is None
    missing = program.call(
        "POST", "lab_supervisor", f"/candidates/{busy.candidate}/confirmation/end", {"reason": "none there"}, scopes=STRONG
    )
    assert missing.status_code == 404


def test_a_request_tells_how_it_stands_and_never_which_child(busy: Things) -> None:
    told = read(busy, "officer", f"/tracing-requests/{busy.matched}/search")
    assert (told["state"], told["typed"]) == ("confirmed", 2)
    assert set(told) == {"state", "since", "typed"}


def test_a_report_is_made_once_two_have_read(busy: Things) -> None:
    program, path = Program(busy.world), f"/candidates/{busy.candidate}/reports"
    assert read(busy, "lab_supervisor", path) == {"items": []}
    early = program.call("POST", "lab_supervisor", path, {}, scopes=STRONG)
    assert (early.status_code, early.json()["code"]) == (409, "not_read")
    path = f"/candidates/{busy.ready}/reports"
    weak = program.call("POST", "lab_supervisor", path, {}, scopes=EVERY)
    assert (weak.status_code, weak.json()["code"]) == (403, "step_up")
    made = program.call("POST", "lab_supervisor", path, {"notes": "the second samples agree"}, scopes=STRONG)
    assert (made.status_code, made.json()["n"]) == (201, 2)
    items = read(busy, "analyst", path)["items"]
    assert [(one["n"], one["by"], one["older"]) for one in items] == [(2, "lab_supervisor", False), (1, "lab_supervisor", False)]
    first, again = (program.get("analyst", f"{path}/2/vi") for _ in range(2))
    assert (first.status_code, first["Content-Type"]) == (200, "application/pdf")
    assert first.content == again.content
    assert hashlib.sha256(first.content).hexdigest() == items[0]["digests"]["vi"]
    assert program.get("analyst", f"{path}/3/vi").status_code == 404
    assert program.get("analyst", f"{path}/2/de").status_code == 422


def test_a_reader_knows_of_no_report_before_theirs(busy: Things) -> None:
    world, candidate = busy.world, Candidate.objects.get(pk=busy.candidate)
    for who, conclusion in (("analyst", "excludes"), ("analyst2", "supports")):
        reading.read(candidate=candidate, conclusion=conclusion, note="FGA", by=world.actor(who), at=world.now())
    colleague(world, "analyst3")
    reporting.make_report(candidate=candidate, by=world.actor("lab_supervisor"), at=world.now())
    path = f"/candidates/{candidate.pk}/reports"
    assert len(read(busy, "analyst", path)["items"]) == 1
    assert read(busy, "analyst3", path) == {"items": []}
    assert Program(world).get("analyst3", f"{path}/1/en").status_code == 404
