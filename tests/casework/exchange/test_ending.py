"""A case that two houses share ends: both know what waited, nothing more goes over the line, what was told goes after its term,
and two may open it again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from casework.exchange.test_dna import Asking, refused
from factories.exchange import AT, CN, VN, Two, asked_by_hand, two_houses
from factories.world import World
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, database_refusal
from wayhome.casework.exchange.actions import dna_asked, dna_asking, ending, files, messages
from wayhome.casework.exchange.models import (
    AskedProfile,
    CaseEnd,
    ContentsErased,
    DnaFound,
    Incoming,
    Outgoing,
)
from wayhome.casework.exchange.queries import desk, over
from wayhome.casework.exchange.queries import files as file_queries
from wayhome.casework.exchange.queries import messages as queries
from wayhome.casework.exchange.rules import ending as rules
from wayhome.casework.vault.models import DataKey


@pytest.fixture(autouse=True)
def index(settings: Any, tmp_path: Path) -> None:
    settings.WAYHOME_INDEX = tmp_path / "index"


@pytest.fixture
def two(world: World) -> Two:
    return two_houses(world)


def ends(two: Two, how: str = "closed", keep_days: int = 365, **more: Any) -> CaseEnd:
    told = {"case": two.to_vn, "reason": "done", "by": two.world.actor("supervisor"), "at": AT} | more
    return ending.end_case(how=how, keep_days=keep_days, **told)


def reopened(two: Two, **more: Any) -> None:
    told = {"case": two.to_vn, "reason": "a further child", "at": AT} | more
    row = ending.reopen_case(by=two.world.actor("supervisor"), **told)
    assert refused(lambda: ending.approve_reopening(reopening=row, by=two.world.actor("supervisor"), at=AT)) == "self_approval"
    not_again = two.world.actor("supervisor2", stepped_up=False)
    assert refused(lambda: ending.approve_reopening(reopening=row, by=not_again, at=AT)) == "step_up"
    assert over.is_over(told["case"])
    ending.approve_reopening(reopening=row, by=two.world.actor("supervisor2"), at=AT)


def told_package(two: Two) -> Any:
    world, at = two.world, two.world.now()
    child = world.in_home()
    of = dna_asking.tie_child(case=two.to_vn, child=child, by=world.actor("supervisor"), at=at)
    package = files.propose(of=of, fields={"sex": "treaty", "marks": "guardian"}, by=world.actor("supervisor"), at=at)
    return files.approve(package=package, by=world.actor("supervisor2"), at=at)


def test_the_partner_hears_that_it_ended_and_what_waited(two: Two) -> None:
    arrived = two.write(kind="question")
    two.arrives(arrived)
    lost = two.write()
    theirs = messages.write(case=two.of_cn, kind="question", text="?", by=two.world.actor("supervisor2"), at=AT)
    two.arrives(theirs)
    end = ends(two)
    told = Outgoing.objects.get(kind="ended")
    came = two.arrives(told)
    left = {"undelivered": [lost.sequence], "our_questions": [arrived.sequence], "your_questions": [theirs.sequence]}
    assert queries.said(came) == {"how": "closed"} | left
    assert over.ended_there(two.of_cn) == came
    assert over.end_of(two.to_vn) == end
    (event,) = AuditEvent.objects.filter(action="exchange.end_case")
    assert '"undelivered"' in str(event.data).replace("'", '"')
    # On neither desk does anything of it wait but that the other has ended it.
    assert desk.waits([two.to_vn]) == []
    assert [(one.who, one.what) for one in desk.waits([two.of_cn])] == [("us", "ended_there")]


def test_nothing_more_is_told_asked_taken_or_sent(two: Two) -> None:
    approval = told_package(two)
    world, of = two.world, approval.package.of
    waits = two.write()
    theirs = messages.write(case=two.of_cn, kind="notice", text="x", by=world.actor("supervisor"), at=AT)
    proposed = files.propose(of=of, fields={"age": "treaty"}, by=world.actor("supervisor"), at=AT)
    ends(two)
    told: dict[str, Any] = {"by": world.actor("supervisor"), "at": AT}
    for write in (
        lambda: two.write(),
        lambda: two.write(kind="question"),
        lambda: files.propose(of=of, fields={"sex": "treaty"}, **told),
        lambda: files.approve(package=proposed, by=world.actor("supervisor2"), at=AT),
        lambda: dna_asking.ask(of=of, basis="treaty", **told),
        lambda: dna_asking.tie_child(case=two.to_vn, child=of.child, **told),
        lambda: two.arrives(theirs),
    ):
        assert refused(write) == "case_ended"
    assert not Incoming.objects.filter(case=two.to_vn).exists()
    # What had not gone out does not, the end does.
    assert [one.kind for one in queries.waiting(at=AT) if one.case_id == two.to_vn.pk] == ["ended"]
    assert waits.tries.count() == 0
    two.arrives(Outgoing.objects.get(kind="ended"))
    by_them = {"case": two.of_cn, "kind": "notice", "text": "x", "by": world.actor("supervisor"), "at": AT}
    assert refused(lambda: messages.write(**by_them)) == "case_ended"  # type: ignore[arg-type]
    assert not [one for one in queries.waiting(at=AT) if one.case_id == two.of_cn.pk]


def test_it_may_be_opened_again_by_two_on_the_side_that_ended_it(two: Two) -> None:
    end = ends(two)
    two.arrives(Outgoing.objects.get(kind="ended"))
    assert refused(lambda: ending.reopen_case(case=two.of_cn, reason="x", by=two.world.actor("supervisor"), at=AT)) == "not_ended"
    assert refused(lambda: ends(two)) == "ended_already"
    reopened(two)
    assert not over.is_over(two.to_vn)
    assert over.is_over(two.of_cn)
    two.arrives(Outgoing.objects.get(kind="opened"))
    assert not over.is_over(two.of_cn)
    two.arrives(two.write())
    two.arrives(messages.write(case=two.of_cn, kind="notice", text="x", by=two.world.actor("supervisor"), at=AT))
    assert refused(lambda: ending.reopen_case(case=two.to_vn, reason="x", by=two.world.actor("supervisor"), at=AT)) == "not_ended"
    # Once more.
    assert ends(two, how="withdrawn", keep_days=30).pk != end.pk
    assert over.is_over(two.to_vn)


def test_both_may_end_it_and_both_must_open_it(two: Two) -> None:
    ends(two)
    ends(two, case=two.of_cn)
    for one in Outgoing.objects.filter(kind="ended"):
        two.arrives(one)
    reopened(two)
    two.arrives(Outgoing.objects.get(kind="opened"))
    assert over.is_over(two.to_vn)
    assert refused(lambda: two.write()) == "case_ended"
    reopened(two, case=two.of_cn)
    two.arrives(Outgoing.objects.filter(kind="opened", case=two.of_cn).get())
    assert not over.is_over(two.to_vn)
    two.arrives(two.write())


def test_messages_of_an_end_that_come_mixed_up_say_what_the_last_says(two: Two) -> None:
    ends(two)
    reopened(two)
    ended, opened = Outgoing.objects.order_by("pk")
    two.arrives(opened)
    two.arrives(ended)
    assert not over.is_over(two.of_cn)
    assert over.over() == set()


def test_what_was_told_can_be_read_for_its_term_and_not_after(two: Two, settings: Any) -> None:
    approval = told_package(two)
    sent, package = approval.sent.message, approval.package
    came = two.arrives(sent, at=two.world.clock)
    # What a partner tells is kept under a key of its own, and nowhere else.
    assert came.body == ""
    assert queries.said(came)["bases"] == {"sex": "treaty", "marks": "guardian"}
    end = ends(two, keep_days=30)
    there = ends(two, case=two.of_cn, keep_days=365)
    assert ending.erase_contents(at=rules.kept_until(AT, 30) - timedelta(seconds=1)) == 0
    assert file_queries.told(package)["sex"]
    assert ending.erase_contents(at=rules.kept_until(AT, 30)) == 1
    assert ending.erase_contents(at=rules.kept_until(AT, 30)) == 0
    assert ContentsErased.objects.get().end == end
    assert file_queries.told(package) == {}
    assert queries.told(sent).erased
    assert not DataKey.objects.filter(of=queries.copy_key(sent.nonce)).exists()
    # Which field was told, by whom and on what basis, stays.
    assert AuditEvent.objects.filter(action="exchange.disclose").count() == 2
    assert queries.said(came)["fields"]
    assert ending.erase_contents(at=rules.kept_until(AT, 365)) == 1
    assert queries.said(Incoming.objects.get(pk=came.pk)) == {}
    assert queries.told(came).erased
    assert there.erased.at == rules.kept_until(AT, 365)


def test_what_is_opened_again_is_kept(two: Two) -> None:
    approval = told_package(two)
    ends(two, keep_days=30)
    reopened(two)
    assert ending.erase_contents(at=AT + timedelta(days=400)) == 0
    assert file_queries.told(approval.package)["sex"]


def test_what_was_asked_by_and_not_searched_is_gone_at_once(two: Two) -> None:
    at = two.world.now()
    two.take(asked_by_hand(two.cn, {"D3S1358": ["15", "16"]}, n=1, at=at, sender=CN, receiver=VN), at=at)
    two.take(asked_by_hand(two.cn, {"D3S1358": ["15"]}, n=2, at=at, sender=CN, receiver=VN), at=at)
    assert AskedProfile.objects.count() == 2
    ends(two, case=two.of_cn)
    assert not AskedProfile.objects.exists()
    assert not DataKey.objects.filter(of__startswith="asked:").exists()
    assert {(row.outcome, row.why, row.sketch == {}) for row in DnaFound.objects.all()} == {("declined", "case_ended", True)}
    assert dna_asked.search_asked(at=at + timedelta(days=2)) == 0


def test_what_a_partner_asked_by_before_it_ended_the_case_is_not_searched(two: Two) -> None:
    one = Asking(two)
    one.came()
    ends(two, at=one.at)
    two.arrives(Outgoing.objects.get(kind="ended"), at=one.at)
    assert dna_asked.search_asked(at=one.night()) == 1
    assert [(row.outcome, row.why) for row in DnaFound.objects.all()] == [("declined", "case_ended")]
    assert not AskedProfile.objects.exists()


def test_an_answer_by_dna_does_not_go_out_of_a_case_that_is_over(two: Two) -> None:
    one = Asking(two)
    found = one.found()
    dna_asked.look(found=found, answered=True, by=one.by(), at=one.night())
    ends(two, case=two.of_cn, at=one.night())
    assert dna_asked.answer_looked(at=found.at + timedelta(days=9)) == 0
    reopened(two, case=two.of_cn)
    assert dna_asked.answer_looked(at=found.at + timedelta(days=9)) == 1


def test_who_may_end_it_and_how(two: Two) -> None:
    for who in ("officer", "caseworker", "auditor", "partner_liaison", "administrator"):
        with pytest.raises(NotAllowed):
            ends(two, by=two.world.actor(who))
    assert refused(lambda: ends(two, by=two.world.actor("supervisor", stepped_up=False))) == "step_up"
    for how, keep_days in (("else", 30), ("closed", 29), ("closed", 3651), ("withdrawn", 31)):
        with pytest.raises(Invalid):
            ends(two, how=how, keep_days=keep_days)
    for reason in ("", " ", "x" * 301):
        with pytest.raises(Invalid):
            ends(two, reason=reason)
        with pytest.raises(Invalid):
            ending.reopen_case(case=two.to_vn, reason=reason, by=two.world.actor("supervisor"), at=AT)
    assert not CaseEnd.objects.exists()
    ends(two, how="withdrawn", keep_days=30)
    assert not Alarm.objects.filter(code="ended_already").exists()


def test_an_end_that_is_not_of_its_form_is_not_taken(two: Two) -> None:
    assert rules.known({"how": "else"}) == {}
    told = rules.known({"how": "closed", "undelivered": [1, "2", True, -1, 2**31], "our_questions": 7, "more": "x"})
    assert told == {"how": "closed", "undelivered": [1], "our_questions": [], "your_questions": []}
    ends(two)
    message = Outgoing.objects.get(kind="ended")
    from factories.exchange import sent_by_hand

    for content in ({}, {"how": "else"}, {"how": 7}):
        data = sent_by_hand(two.cn, "ended", content, n=1, at=AT, sender=CN, receiver=VN)
        assert refused(lambda data=data: two.take(data)) == "not_a_message"  # type: ignore[misc]
    two.arrives(message)


@pytest.mark.parametrize("table", ["exchange_caseend", "exchange_casereopening", "exchange_casereopened"])
def test_what_was_ended_stays(two: Two, table: str) -> None:
    ends(two)
    reopened(two)
    with pytest.raises(DatabaseError) as told, expected_refusal(connection), transaction.atomic():
        connection.cursor().execute(f"DELETE FROM {table}")
    assert database_refusal(told.value) == "append_only"


def test_a_case_of_others_is_not_there(two: Two) -> None:
    with pytest.raises(NotFound):
        desk.case_of(two.world.actor("supervisor"), 999_999)
