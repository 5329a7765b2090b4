"""Returns for programs: a child goes home by requests alone, and whatever stands against it is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpResponse

from factories.api import EVERY, Program
from factories.api_case import Things, soon
from factories.api_cases_returns import ADDRESS

pytestmark = pytest.mark.django_db
STRONG = (*EVERY, "approve")
NAMES = ("李大山", "韦小兰", "中山路")


def ask(busy: Things, who: str, path: str, /, **body: Any) -> HttpResponse:
    return Program(busy.world).post(who, path, body, scopes=STRONG)


def did(busy: Things, who: str, path: str, /, **body: Any) -> int:
    answer = ask(busy, who, path, **body)
    assert answer.status_code == 201, answer.content
    number: int = answer.json()["id"]
    return number


def refused(busy: Things, who: str, path: str, /, **body: Any) -> list[str]:
    answer = ask(busy, who, path, **body)
    assert answer.status_code == 409, answer.content
    codes: list[str] = answer.json()["codes"]
    return codes


def read(busy: Things, who: str, path: str) -> Any:
    answer = Program(busy.world).get(who, path)
    assert answer.status_code == 200, answer.content
    return answer.json()


def verified(busy: Things) -> int:
    """A file of a confirmed match, opened and verified by requests."""
    number = read(busy, "caseworker", "/return-files-to-open")["items"]
    assert number == [busy.return_to_open]
    file = did(busy, "caseworker", f"/children/{busy.return_to_open}/return-files")
    for kind in ("interview", "line_up", "document", "home_study"):
        row = {"kind": kind, "who": "her mother", "held_on": soon()[:10], "outcome": "supports"}
        did(busy, "caseworker", f"/return-files/{file}/evidence", **row)
    for question, known in (("what was sewn into the jacket", "a red thread"), ("who slept in the next bed", "her cousin")):
        held = did(busy, "officer2", f"/return-files/{file}/held-back", question=question, answer=known)
        assert known not in json.dumps(read(busy, "caseworker", f"/return-files/{file}"))
        did(busy, "caseworker", f"/held-back/{held}/reply", said=known, matches=True)
    return file


def decided(busy: Things, file: int) -> None:
    """The parents cleared by the police of another province, and a panel that agrees."""
    did(busy, "supervisor", f"/children/{busy.return_to_open}/assignments", staff="officer_gd")
    enquiry = did(busy, "officer_gd", f"/return-files/{file}/enquiries", result="cleared", document="桂检2026-88")
    did(busy, "supervisor", f"/enquiries/{enquiry}/countersignature")
    made = did(busy, "caseworker", f"/return-files/{file}/determinations", decision="reunify", reasons="a home")
    for who in ("caseworker", "doctor", "supervisor"):
        did(busy, who, f"/determinations/{made}/votes", agrees=True)


def test_from_the_match_to_two_approvals(busy: Things) -> None:
    file = verified(busy)
    whole = read(busy, "caseworker", f"/return-files/{file}")
    assert (whole["verified"], whole["cleared"], whole["decided"]) == (True, False, None)
    asked = {"recipients": whole["recipients"][:1], "household": [busy.carer], "address": ADDRESS}
    assert refused(busy, "caseworker", f"/return-files/{file}/releases", **asked) == ["parents_not_cleared", "not_determined"]
    decided(busy, file)
    whole = read(busy, "caseworker", f"/return-files/{file}")
    assert (whole["verified"], whole["cleared"], whole["decided"]) == (True, True, True)
    release = did(busy, "caseworker", f"/return-files/{file}/releases", **asked)
    shown = read(busy, "supervisor", f"/releases/{release}")
    assert (shown["against"], shown["unchanged"], shown["child"]) == (["release_not_approved"], True, busy.return_to_open)
    assert [(one["person"] == busy.carer, one["receives"], one["samples_agree"]) for one in shown["people"]] == [
        (False, True, False),
        (True, False, False),
    ]
    for who in ("supervisor", "supervisor2"):
        did(busy, who, f"/releases/{release}/approvals", digest=shown["digest"])
    shown = read(busy, "caseworker", f"/releases/{release}")
    assert shown["against"] == []
    assert [one["agency"] for one in shown["approvals"]] == ["ministry", "civil"]
    early = {"recipient": shown["people"][0]["person"], "wristband": shown["child"], "place": ADDRESS, "condition": "well"}
    assert refused(busy, "caseworker2", f"/releases/{release}/offer", **early) == ["samples_not_fresh"]


def test_from_the_door_to_the_first_visit(busy: Things) -> None:
    way = f"/releases/{busy.release_door}"
    shown = read(busy, "caseworker", way)
    assert (shown["against"], [one["samples_agree"] for one in shown["people"]]) == ([], [True, False])
    offer = {"wristband": shown["child"], "place": ADDRESS, "condition": "well"}
    other = ask(busy, "caseworker2", f"{way}/offer", recipient=busy.carer, **offer)
    assert (other.status_code, other.json()["fields"]) == (422, {"recipient": "unknown"})
    missing = ask(busy, "caseworker", f"{way}/completion", wristband=shown["child"])
    assert missing.status_code == 404, "nobody signed yet"
    did(busy, "caseworker2", f"{way}/offer", recipient=busy.receiver, **offer)
    did(busy, "caseworker", f"{way}/completion", wristband=shown["child"])
    assert read(busy, "caseworker", way)["carried_out"]
    again = ask(busy, "caseworker", f"{way}/completion", wristband=shown["child"])
    assert again.status_code == 404, "the offer is used"
    assert refused(busy, "caseworker", f"{way}/revocation", note="too late") == ["already_executed"]
    told = {"day": 7, "visited_on": soon()[:10], "found": "well"}
    did(busy, "caseworker", f"{way}/visits", **told)
    assert refused(busy, "caseworker", f"{way}/visits", **told) == ["already_there"]


def test_an_authority_abroad_signs_for_its_own_child_alone(busy: Things) -> None:
    way = f"/releases/{busy.release_offered}/completion"
    assert ask(busy, "partner_liaison", way, wristband=busy.return_offered).status_code == 404


def test_answers_held_back_are_the_polices(busy: Things) -> None:
    path = f"/return-files/{busy.file_open}"
    assert [one["answer"] for one in read(busy, "officer", path)["held_back"]] == ["a red thread"]
    assert [one["answer"] for one in read(busy, "caseworker", path)["held_back"]] == [""]
    reply = {"said": "a blue thread", "matches": False}
    assert refused(busy, "officer2", f"/held-back/{busy.held_back}/reply", **reply) == ["self_approval"]
    did(busy, "caseworker", f"/held-back/{busy.held_back}/reply", **reply)
    (held,) = read(busy, "caseworker", path)["held_back"]
    assert (held["answer"], held["said"], held["matches"]) == ("a red thread", "a blue thread", False)


def test_a_row_is_corrected_by_somebody_else(busy: Things) -> None:
    path = f"/return-files/{busy.file_open}"
    (row,) = read(busy, "caseworker", path)["evidence"]
    better = {"kind": "interview", "who": "her mother", "held_on": soon()[:10], "outcome": "supports", "corrects": row["id"]}
    assert refused(busy, "caseworker", f"{path}/evidence", **better) == ["self_approval"]
    other = ask(busy, "officer", f"/return-files/{busy.file_ready}/evidence", **better)
    assert (other.status_code, other.json()["fields"]) == (422, {"corrects": "unknown"})
    made = did(busy, "officer", f"{path}/evidence", **better)
    assert [(one["id"], one["corrects"]) for one in read(busy, "caseworker", path)["evidence"]] == [(made, row["id"])]


def test_a_suit_stops_a_return_until_the_court_leaves_it(busy: Things) -> None:
    path = f"/return-files/{busy.file_open}"
    whole = read(busy, "supervisor", path)
    assert (whole["stopped"], whole["enquiry"]["result"], whole["suits"][0]["outcome"]) == (True, "cleared", "")
    did(busy, "supervisor", f"/enquiries/{busy.enquiry}/countersignature")
    assert not read(busy, "supervisor", path)["cleared"], "the suit goes on"
    did(busy, "supervisor", f"/guardianships/{busy.suit}/end", outcome="kept", document="桂民2026-3")
    whole = read(busy, "supervisor", path)
    assert (whole["stopped"], whole["cleared"], whole["suits"][0]["outcome"]) == (False, True, "kept")


def test_an_approval_names_what_was_read(busy: Things) -> None:
    path = f"/releases/{busy.release_asked}/approvals"
    weak = Program(busy.world).post("supervisor", path, {"digest": busy.digest_asked})
    assert (weak.status_code, weak.json()["code"]) == (403, "step_up")
    assert refused(busy, "supervisor", path, digest="0" * 64) == ["changed_request"]
    did(busy, "supervisor", path, digest=busy.digest_asked)
    assert refused(busy, "supervisor", path, digest=busy.digest_asked) == ["already_there"]


def test_a_release_that_was_taken_back(busy: Things) -> None:
    way = f"/releases/{busy.release_asked}"
    did(busy, "supervisor2", f"{way}/revocation", note="the house burned down")
    shown = read(busy, "caseworker", way)
    assert (shown["revoked"]["reason"], shown["revoked"]["note"]) == ("taken_back", "the house burned down")
    assert "release_revoked" in shown["against"]
    assert "release_revoked" in refused(busy, "supervisor", f"{way}/approvals", digest=busy.digest_asked)


def test_a_key_makes_it_once(busy: Things) -> None:
    program, path = Program(busy.world), f"/releases/{busy.release_asked}/revocation"
    first = program.post("caseworker", path, {"note": "the house burned"}, key="k1")
    again = program.post("caseworker", path, {"note": "the house burned"}, key="k1")
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (201, first.json())
    assert program.post("caseworker", path, {"note": "the house burned"}).status_code == 409


def test_a_family_hears_a_stage_and_days_and_nothing_else(busy: Things) -> None:
    path = f"/tracing-requests/{busy.way_request}/return"
    told = read(busy, "officer", path)
    assert (told["stage"], len(told["visits"]), set(told)) == ("home", 5, {"stage", "visits"})
    did(busy, "officer", f"/return-files/{busy.file_home}/enquiries", result="involved", note="the seller named her father")
    assert read(busy, "officer", path) == {"stage": "checking", "visits": []}
    assert read(busy, "officer", f"/tracing-requests/{busy.request}/return")["stage"] == "searching"


def test_a_doctor_of_the_panel_reads_no_name(busy: Things) -> None:
    for path in ("/return-files", f"/return-files/{busy.file_ready}"):
        text = json.dumps(read(busy, "doctor", path), ensure_ascii=False)
        assert not [name for name in NAMES[:1] + NAMES[2:] if name in text]


def test_what_no_parents_are_found_for(busy: Things) -> None:
    child = f"/children/{busy.home}"
    gate = read(busy, "caseworker", f"{child}/adoption-gate")
    assert not gate["open"]
    assert {"first_certificate", "certificate_missing", "notice_missing"} <= set(gate["missing"])
    twelve = {"kind": "twelve_months", "document": "东公2011-8"}
    assert refused(busy, "officer", f"{child}/certificates", **twelve)
    did(busy, "officer", f"{child}/certificates", kind="one_month", document="东公2011-7")
    did(busy, "caseworker", f"{child}/notices", published_on=soon()[:10], published_in="广西日报")
    assert "first_certificate" not in read(busy, "caseworker", f"{child}/adoption-gate")["missing"]


def test_reading_a_file_or_a_release_is_an_event(busy: Things) -> None:
    for path, child in (
        (f"/return-files/{busy.file_open}", busy.return_open),
        (f"/releases/{busy.release_asked}", busy.return_asked),
    ):
        before = len(looks(busy, child))
        read(busy, "caseworker", path)
        assert len(looks(busy, child)) == before + 1


def looks(busy: Things, child: str) -> list[Any]:
    rows = read(busy, "auditor", f"/audit/children/{child}/events?limit=200")["items"]
    return [row for row in rows if row["action"] == "custody.read_file"]
