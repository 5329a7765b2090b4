"""The desk of whoever writes to partners: what waits on either side, and nothing goes abroad by one alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from factories.matching import House
from factories.partner_pages import fill_partners
from factories.world import World
from wayhome.casework.exchange.models import CaseChild, DnaQuestion, Incoming, Outgoing, Package, SharedCase, WaitingStep
from wayhome.casework.exchange.queries.messages import said
from wayhome.casework.exchange.rules.waiting import HOME


@pytest.fixture
def pk(world: World, settings: Any, tmp_path: Any) -> dict[str, int]:
    """A case shared with Viet Nam, and a child that was typed."""
    settings.WAYHOME_INDEX = tmp_path / "index"
    House(world).sampled("child")
    fill_partners(world)
    numbers: dict[str, int] = world.partners  # type: ignore[attr-defined]
    return numbers


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_what_waits_is_told_on_both_clocks(pk: dict[str, int], client_of: Any) -> None:
    page = text(client_of("supervisor").get(reverse("partners")))
    for told in (
        "Their question wants an answer",
        "What the search found for them wants a look",
        "A question by DNA wants a second person",
        "Our question is not answered",
        "A message of theirs is missing",
        "Beijing time",
        "Hanoi time",
    ):
        assert told in page, told
    case = text(client_of("supervisor").get(reverse("shared_case", args=[pk["case"]])))
    assert "vết bớt" in case
    assert "请协助查找" in case
    assert "Messages of theirs did not come, while later ones did: 4" in case
    assert client_of("supervisor").get(reverse("shared_case", args=[999_999])).status_code == 404
    assert client_of("officer").get(reverse("partners")).status_code == 403


def test_from_a_case_to_a_package_by_two(pk: dict[str, int], world: World, client_of: Any) -> None:
    one, other = client_of("supervisor"), client_of("supervisor2")
    child = world.in_home()
    shared = one.post(reverse("share_case"), {"node": "VN-1", "number": "2026/MC-30"})
    case = SharedCase.objects.get(number="2026/MC-30")
    assert shared.headers["Location"] == reverse("shared_case", args=[case.pk])
    assert one.post(reverse("write_to_partner", args=[case.pk]), {"kind": "order", "text": "x"}).status_code == 422
    one.post(reverse("write_to_partner", args=[case.pk]), {"kind": "question", "text": "谁来接？"})
    assert said(Outgoing.objects.get(case=case)) == {"text": "谁来接？"}
    assert one.post(reverse("tie_child", args=[case.pk]), {"child": "123456784"}).status_code == 422
    one.post(reverse("tie_child", args=[case.pk]), {"child": child.number})
    tie = CaseChild.objects.get(case=case)
    when = world.clock.astimezone(HOME).strftime("%Y-%m-%dT%H:%M")
    waits = one.post(reverse("wait_for", args=[tie.pk]), {"who": "court", "what": "判决", "since": when})
    assert waits.status_code == 302, text(waits)
    assert WaitingStep.objects.get(of=tie).who == "court"
    assert "No sample stands" in text(one.post(reverse("ask_abroad", args=[tie.pk]), {"basis": "treaty"}))
    assert one.post(reverse("tell_abroad", args=[tie.pk]), {}).status_code == 422
    assert one.post(reverse("tell_abroad", args=[tie.pk]), {"marks": "convention"}).status_code == 422
    one.post(reverse("tell_abroad", args=[tie.pk]), {"sex": "treaty", "age": "convention"})
    package = Package.objects.get(of=tie)
    approval = reverse("approve_package", args=[package.pk])
    assert one.post(approval).status_code == 409
    assert not Outgoing.objects.filter(case=case, kind="package").exists()
    assert other.post(approval).status_code == 302
    sheet = text(other.get(reverse("package", args=[package.pk])))
    for word in ("性别", "giới tính", "the treaty on legal assistance"):
        assert word in sheet.lower(), word
    assert child.call_name not in sheet


def test_answers_questions_and_looks(pk: dict[str, int], client_of: Any) -> None:
    one, other = client_of("supervisor"), client_of("supervisor2")
    address = reverse("answer_partner", args=[pk["question"]])
    assert one.post(address, {"text": "左肩有胎记。"}).status_code == 302
    assert Outgoing.objects.get(kind="answer").answers == Incoming.objects.get(pk=pk["question"])
    dna = reverse("approve_question", args=[pk["dna"]])
    assert one.post(dna).status_code == 409
    assert other.post(dna).status_code == 302
    assert DnaQuestion.objects.get(pk=pk["dna"]).approval.sent.message.kind == "dna"
    look = reverse("look_before_answer", args=[pk["found"]])
    assert one.post(look, {"answered": "no"}).status_code == 409
    assert one.post(look, {"answered": "yes"}).status_code == 302
    told = text(one.get(reverse("told_to_us", args=[pk["told"]])))
    assert "một chiếc khăn" in told


def test_a_proof_of_who_one_is_comes_first(pk: dict[str, int], client_of: Any) -> None:
    client = client_of("supervisor2", stepped_up=False)
    for name, of in (("approve_question", "dna"), ("approve_package", "waits"), ("look_before_answer", "found")):
        answer = client.post(reverse(name, args=[pk[of]]))
        assert answer.status_code == 302
        assert "reauthenticate" in answer.headers["Location"]
    assert not Outgoing.objects.filter(kind="dna").exists()


def test_a_step_and_a_tie_are_corrected_on_their_pages(pk: dict[str, int], client_of: Any) -> None:
    one = client_of("supervisor")
    back = reverse("return_abroad", args=[pk["tie"]])
    page = text(one.get(back))
    for told in ("Told wrongly, and taken back", "Corrected:", "登记有误"):
        assert told in page, told
    address = reverse("correct_step", args=[pk["tie"], 1])
    form = one.get(address)
    assert "医院观察与登记" in text(form)
    since = WaitingStep.objects.get(of=pk["tie"], n=1).since.astimezone(HOME).strftime("%Y-%m-%dT%H:%M")
    told = {"stands": "yes", "who": "court", "what": "医院观察", "since": since, "reason": "误记"}
    assert one.post(address, told | {"reason": ""}).status_code == 422
    late = told | {"since": "2030-01-01T00:00"}
    assert one.post(address, late).status_code == 409
    assert one.post(address, told).headers["Location"] == back
    assert "误记" in text(one.get(back))
    assert one.get(reverse("correct_step", args=[pk["tie"], 99])).status_code == 404
    wrong = reverse("correct_tie", args=[pk["tie"]])
    assert one.post(wrong, {"reason": "不是这名儿童"}).headers["Location"] == back
    page = text(one.get(back))
    assert "The case is not about this child: nothing more is asked or told of it here." in page
    assert reverse("ask_abroad", args=[pk["tie"]]) not in page
    assert one.post(reverse("tell_abroad", args=[pk["tie"]]), {"sex": "treaty"}).status_code == 409
    assert one.post(wrong, {"reason": "是这名儿童"}).headers["Location"] == back
    assert reverse("ask_abroad", args=[pk["tie"]]) in text(one.get(back))


def test_a_case_is_ended_by_one_and_opened_again_by_two(pk: dict[str, int], client_of: Any) -> None:
    one, other = client_of("supervisor"), client_of("supervisor2")
    case = reverse("shared_case", args=[pk["case"]])
    address = reverse("end_case", args=[pk["case"]])
    told = {"how": "closed", "keep_days": "365", "reason": "办结"}
    assert one.post(address, told | {"how": "withdrawn"}).status_code == 422
    assert one.post(address, told).headers["Location"] == case
    page = text(one.get(case))
    assert "This case is closed: nothing more is told, asked or taken in it." in page
    assert "Questions of the other side without an answer" in page
    assert reverse("write_to_partner", args=[pk["case"]]) not in page
    assert one.post(reverse("write_to_partner", args=[pk["case"]]), {"kind": "notice", "text": "x"}).status_code == 409
    assert one.post(reverse("reopen_case", args=[pk["case"]]), {"reason": "又一名儿童"}).headers["Location"] == case
    again = SharedCase.objects.get(pk=pk["case"]).ends.get().reopening
    opening = reverse("approve_reopening", args=[again.pk])
    assert opening in text(other.get(reverse("partners")))
    assert one.post(opening).status_code == 409
    assert other.post(opening).headers["Location"] == case
    assert reverse("write_to_partner", args=[pk["case"]]) in text(one.get(case))
    assert "the case opened again" in text(one.get(case))


def test_the_end_of_a_case_wants_a_proof_of_who_one_is(pk: dict[str, int], client_of: Any) -> None:
    client = client_of("supervisor2", stepped_up=False)
    answer = client.post(reverse("end_case", args=[pk["case"]]), {"how": "closed", "keep_days": "365", "reason": "x"})
    assert "reauthenticate" in answer.headers["Location"]
    assert not SharedCase.objects.get(pk=pk["case"]).ends.exists()
