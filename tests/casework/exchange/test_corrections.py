"""What was said wrongly between two houses is corrected by a further row: steps, ties, and a look whose looker has left."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from casework.exchange.test_dna import Asking, refused
from casework.exchange.test_files import STEPS
from factories.exchange import Two, two_houses
from factories.world import World
from wayhome.casework.accounts.actions import end_staff
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, database_refusal
from wayhome.casework.exchange.actions import corrections, dna_asked, dna_asking, files
from wayhome.casework.exchange.models import (
    CaseChild,
    DnaAnswer,
    DnaFound,
    DnaHeard,
    DnaLook,
    DnaLookAgain,
    Outgoing,
    StepCorrection,
    WaitingStep,
)
from wayhome.casework.exchange.queries import corrections as corrected
from wayhome.casework.exchange.queries import desk
from wayhome.casework.exchange.queries import files as queries
from wayhome.casework.exchange.queries.messages import said
from wayhome.casework.exchange.rules import asking, waiting


@pytest.fixture(autouse=True)
def index(settings: Any, tmp_path: Path) -> None:
    settings.WAYHOME_INDEX = tmp_path / "index"


@pytest.fixture
def two(world: World) -> Two:
    return two_houses(world)


@pytest.fixture
def of(two: Two) -> CaseChild:
    child = two.world.in_home()
    return dna_asking.tie_child(case=two.to_vn, child=child, by=two.world.actor("supervisor"), at=two.world.now())


def waited(two: Two, of: CaseChild) -> list[WaitingStep]:
    """The steps of the replayed case."""
    world, made = two.world, []
    for who, what, since in STEPS:
        world.clock = since
        made.append(files.wait_for(of=of, who=who, what=what, since=since, by=world.actor("supervisor"), at=world.now()))
    return made


def corrects(two: Two, step: WaitingStep, **more: Any) -> StepCorrection:
    by, at = two.world.actor("supervisor"), two.world.now()
    told = {"stands": True, "who": step.who, "what": step.what, "since": step.since, "reason": "misread", "by": by, "at": at}
    return corrections.correct_step(step=step, **told | more)


def days(of: CaseChild, at: datetime) -> waiting.Elapsed:
    (file,) = queries.files(at=at, of=[of.pk])
    assert file.elapsed.days == sum(file.elapsed.by_who.values()) + file.elapsed.untold
    return file.elapsed


def test_a_step_is_corrected_and_the_days_still_sum_to_the_whole(two: Two, of: CaseChild) -> None:
    steps = waited(two, of)
    at = two.world.now() + timedelta(days=10)
    before = days(of, at)
    corrects(two, steps[2], since=steps[2].since - timedelta(days=30), what="travel papers of both")
    after = days(of, at)
    assert after.days == before.days
    assert after.by_who["documents"] == before.by_who["documents"] + 30
    assert after.by_who["theirs"] == before.by_who["theirs"] - 30
    assert [one.step.why for one in after.steps] == ["", "", "misread", "", ""]
    # There never was a court: its days are of what went before.
    court = corrects(two, steps[3], stands=False)
    without = days(of, at)
    assert without.by_who["court"] == 0
    assert without.by_who["documents"] == after.by_who["documents"] + after.by_who["court"]
    assert [one.n for one in (row.step for row in corrected.taken_back(of))] == [4]
    # And there was one after all; the first words stay.
    corrects(two, steps[3], who="ours")
    again = days(of, at)
    assert again.by_who["ours"] == after.by_who["ours"] + after.by_who["court"]
    assert not corrected.taken_back(of)
    assert StepCorrection.objects.filter(step=steps[3]).count() == 2
    assert WaitingStep.objects.get(pk=court.step_id).who == "court"
    assert AuditEvent.objects.filter(action="exchange.correct_step", child_id=of.child_id).count() == 3
    files.wait_for(of=of, who="ours", what="x", since=at, by=two.world.actor("supervisor"), at=at)
    assert days(of, at).steps[-1].step.n == 6


def test_a_corrected_step_keeps_its_place(two: Two, of: CaseChild) -> None:
    steps = waited(two, of)
    first, second, third = steps[:3]
    for since in (first.since - timedelta(seconds=1), third.since + timedelta(seconds=1)):
        assert refused(lambda since=since: corrects(two, second, since=since)) == "step_out_of_order"  # type: ignore[misc]
    corrects(two, first, stands=False)
    corrects(two, second, since=first.since - timedelta(hours=1))
    assert refused(lambda: corrects(two, first)) == "step_out_of_order"
    corrects(two, first, since=of.child.event.found_at)
    last = steps[-1]
    assert refused(lambda: corrects(two, last, since=two.world.clock + timedelta(days=9))) == "in_the_future"
    assert refused(lambda: corrects(two, first, since=of.child.event.found_at - timedelta(seconds=1))) == "before_rescue"
    for bad in ({"reason": " "}, {"reason": "x" * 301}, {"who": "nobody"}, {"what": ""}, {"what": "x" * 201}):
        with pytest.raises(Invalid):
            corrects(two, last, **bad)
    for who in ("officer", "caseworker", "auditor"):
        with pytest.raises(NotAllowed):
            corrects(two, last, by=two.world.actor(who))
    assert not Alarm.objects.filter(kind=Alarm.Kind.REFUSED, code="step_out_of_order").exists()


def test_of_a_wrong_tie_nothing_more_is_asked_or_told_and_the_partner_hears(two: Two, of: CaseChild) -> None:
    world = two.world
    told: dict[str, Any] = {"by": world.actor("supervisor"), "at": world.now()}
    sent = files.propose(of=of, fields={"sex": "treaty"}, **told)
    files.approve(package=sent, by=world.actor("supervisor2"), at=world.now())
    waits = files.propose(of=of, fields={"age": "treaty"}, **told)
    files.wait_for(of=of, who="ours", what="x", since=of.child.event.found_at, **told)
    with pytest.raises(Invalid):
        corrections.correct_tie(tie=of, stands=False, reason="", **told)
    assert refused(lambda: corrections.correct_tie(tie=of, stands=True, reason="x", **told)) == "stands_so_already"
    for who in ("officer", "caseworker", "partner_liaison"):
        with pytest.raises(NotAllowed):
            corrections.correct_tie(tie=of, stands=False, reason="x", by=world.actor(who), at=world.now())
    corrections.correct_tie(tie=of, stands=False, reason="another child of that name", **told)
    notice = Outgoing.objects.get(kind="notice")
    assert "第 1 号消息" in said(notice)["text"]
    assert "số 1 " in said(notice)["text"]
    for write in (
        lambda: files.propose(of=of, fields={"sex": "treaty"}, **told),
        lambda: files.approve(package=waits, by=world.actor("supervisor2"), at=world.now()),
        lambda: files.wait_for(of=of, who="ours", what="x", since=world.clock, by=told["by"], at=world.now()),
        lambda: dna_asking.ask(of=of, basis="treaty", **told),
    ):
        assert refused(write) == "tie_wrong"
    assert queries.files(at=world.now()) == []
    assert not [one for one in desk.waits([two.to_vn]) if one.what == "package_approval"]
    assert not desk.children_of(two.to_vn)
    corrections.correct_tie(tie=of, stands=True, reason="it was this one", by=told["by"], at=world.now())
    files.approve(package=waits, by=world.actor("supervisor2"), at=world.now())
    assert [one.of for one in queries.files(at=world.now())] == [of]
    assert Outgoing.objects.filter(kind="notice").count() == 1


def test_of_a_wrong_tie_that_nothing_was_told_of_the_partner_hears_nothing(two: Two, of: CaseChild) -> None:
    corrections.correct_tie(tie=of, stands=False, reason="x", by=two.world.actor("supervisor"), at=two.world.now())
    assert not Outgoing.objects.exists()


def test_an_answer_whose_looker_left_is_looked_at_again(two: Two) -> None:
    one = Asking(two)
    world, found = two.world, one.found()
    first = dna_asked.look(found=found, answered=True, by=one.by(), at=one.night())
    again: dict[str, Any] = {"found": found, "answered": False, "note": "the family withdrew", "at": one.night()}
    assert refused(lambda: dna_asked.look(by=one.by("supervisor2"), **again)) == "looker_at_work"
    assert not [row for row in desk.waits([two.of_cn]) if row.what == "dna_look"]
    end_staff(staff=world.staff["supervisor"], reason="retired", by=world.registrars, at=one.night())  # type: ignore[arg-type]
    goes = asking.answered_from(found.at)
    # It holds up nobody, and is on the desk of those who are there.
    assert dna_asked.answer_looked(at=goes) == 0
    assert [(row.what, row.of) for row in desk.waits([two.of_cn]) if row.who == "us"] == [("dna_look", found.pk)]
    row = dna_asked.look(by=one.by("supervisor2"), **again)
    assert isinstance(row, DnaLookAgain)
    assert dna_asked.answer_looked(at=goes) == 1
    answer = DnaAnswer.objects.get()
    assert (answer.look, answer.message.by) == (first, world.staff["supervisor2"])
    two.arrives(answer.message, at=goes)
    assert DnaHeard.objects.get().outcome == "declined"
    # The first look stays on record, and nobody looks once the partner has its answer.
    assert DnaLook.objects.get().answered
    assert refused(lambda: dna_asked.look(by=one.by("supervisor2"), **again)) == "answered_already"
    assert DnaFound.objects.get().look == first


def test_an_answer_looked_at_late_waits_for_its_hour(two: Two) -> None:
    one = Asking(two)
    found = one.found()
    dna_asked.look(found=found, answered=True, by=one.by(), at=one.night())
    end_staff(staff=two.world.staff["supervisor"], reason="retired", by=two.world.registrars, at=one.night())  # type: ignore[arg-type]
    goes = asking.answered_from(found.at)
    dna_asked.look(found=found, answered=True, by=one.by("supervisor2"), at=goes + timedelta(minutes=5))
    assert dna_asked.answer_looked(at=goes + timedelta(minutes=10)) == 0
    assert dna_asked.answer_looked(at=goes + timedelta(days=1)) == 1


@pytest.mark.parametrize("table", ["exchange_stepcorrection", "exchange_tiechange"])
def test_corrections_stay(two: Two, of: CaseChild, table: str) -> None:
    by, at = two.world.actor("supervisor"), two.world.now()
    step = files.wait_for(of=of, who="ours", what="x", since=of.child.event.found_at, by=by, at=at)
    corrects(two, step)
    corrections.correct_tie(tie=of, stands=False, reason="x", by=by, at=at)
    for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET stands = NOT stands"):
        with pytest.raises(DatabaseError) as told, expected_refusal(connection), transaction.atomic():
            connection.cursor().execute(sql)
        assert database_refusal(told.value) == "append_only"


def test_a_step_of_nobody_is_not_there(of: CaseChild) -> None:
    with pytest.raises(NotFound):
        corrected.step_of(of, 1)
