"""A plan in the background: one for a jurisdiction, step by step, called off, taken up again, or told as failed."""

from __future__ import annotations

import itertools

import pytest
from django.db import DatabaseError, transaction

from factories.plans import a_job, a_plan
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.core.errors import NotAllowed, NotFound, Refused
from wayhome.casework.placements import actions, known, queries, rules, tasks
from wayhome.casework.placements.actions import jobs
from wayhome.casework.placements.models import NightPlan, PlanJob, PlanJobEnd, PlanJobStep
from wayhome.casework.placements.optimiser import ProblemError


@pytest.fixture
def waiting(world: World) -> World:
    """Two children who wait, and homes with room."""
    for _ in range(2):
        world.in_hospital(cleared=True)
    world.has_room("home")
    return world


@pytest.fixture
def large(waiting: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The same, as if it were a large night."""
    monkeypatch.setattr(jobs, "AT_ONCE", 0)
    return waiting


def ask(world: World, who: str = "supervisor", where: str = "CN", nights: int = 14) -> PlanJob:
    return actions.ask_plan(jurisdiction=world.jurisdictions[where], nights=nights, by=world.actor(who), at=world.now())


def told(job: PlanJob) -> known.Progress:
    return known.progress(PlanJob.objects.select_related("end").get(pk=job.pk))


def steps(job: PlanJob) -> list[str]:
    return list(job.steps.order_by("pk").values_list("doing", flat=True))


def test_a_small_night_is_planned_at_once(waiting: World) -> None:
    job = ask(waiting)
    assert job.at_once
    actions.work_at_once(job=job, clock=waiting.now)
    progress = told(job)
    assert (progress.state, progress.doing, progress.step, progress.steps) == ("done", "bill", 9, 9)
    plan = NightPlan.objects.get()
    assert (progress.plan_id, plan.by, plan.children) == (plan.pk, waiting.staff["supervisor"], 2)
    assert steps(job) == list(rules.PLAN_STEPS)
    event = AuditEvent.objects.get(action="placements.plan_night")
    assert event.staff_id == waiting.staff["supervisor"].pk, "in the name of who asked"


def test_a_large_night_is_left_to_the_worker(large: World) -> None:
    job = ask(large)
    actions.work_at_once(job=job, clock=large.now)
    assert (told(job).state, steps(job)) == ("waiting", [])
    assert list(queries.jobs_to_do(large.now())) == [job]
    assert tasks.make_plans(clock=large.now) == 1
    assert told(job).state == "done"
    assert NightPlan.objects.count() == 1
    assert tasks.make_plans(clock=large.now) == 0


def test_whoever_asks_meanwhile_gets_the_same_plan(large: World) -> None:
    job = ask(large)
    assert ask(large, "supervisor2", nights=3) == job
    other = ask(large, "placement", "GX")
    assert other != job, "another jurisdiction is another question"
    assert tasks.make_plans(clock=large.now) == 2
    assert NightPlan.objects.count() == 2
    assert ask(large) != job, "the next night is a new one"
    assert not Alarm.objects.filter(kind=Alarm.Kind.REFUSED).exists()


def test_two_who_ask_in_the_same_moment(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looked before the first wrote: the database takes one."""
    first, real = ask(large), queries.open_jobs
    looks = itertools.count()
    monkeypatch.setattr(queries, "open_jobs", lambda: real().none() if next(looks) == 0 else real())
    assert ask(large) == first
    assert PlanJob.objects.count() == 1
    assert not Alarm.objects.filter(kind=Alarm.Kind.REFUSED).exists()


def test_two_who_work_on_one_job_make_one_plan(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job, real = ask(large), jobs.solve

    def slow(problem, **how):
        monkeypatch.setattr(jobs, "solve", real)
        assert jobs.work_on(job=job, clock=large.now) is not None, "the other one was quicker"
        return real(problem, **(how | {"watch": lambda _: None}))

    monkeypatch.setattr(jobs, "solve", slow)
    assert jobs.work_on(job=job, clock=large.now) is None
    assert NightPlan.objects.count() == 1
    assert PlanJobEnd.objects.get().plan == NightPlan.objects.get()
    assert not Alarm.objects.filter(kind=Alarm.Kind.REFUSED).exists()


def test_a_worker_that_died_is_followed_by_another(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job, real = ask(large), jobs.solve

    def killed(*_args, **_how):
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "solve", killed)
    with pytest.raises(KeyboardInterrupt):
        tasks.make_plans(clock=large.now)
    assert (told(job).state, told(job).again) == ("working", False)
    monkeypatch.setattr(jobs, "solve", real)
    assert tasks.make_plans(clock=large.now) == 1
    assert (told(job).state, told(job).again) == ("done", True)


def test_one_that_dies_again_and_again_is_told_as_failed(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask(large)

    def killed(*_args, **_how):
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "solve", killed)
    for _ in range(rules.MOST_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            tasks.make_plans(clock=large.now)
    assert tasks.make_plans(clock=large.now) == 1
    assert (told(job).state, told(job).code, told(job).plan_id) == ("failed", "given_up", None)
    alarm = Alarm.objects.get(kind=Alarm.Kind.PLAN_FAILED)
    assert (alarm.code, alarm.jurisdiction) == ("given_up", "/CN/")
    assert ask(large) != job, "it can be asked for again"


def test_a_worker_that_is_told_to_stop_leaves_the_job_to_the_next(large: World) -> None:
    job = ask(large)
    calls = itertools.count()
    assert tasks.make_plans(clock=large.now, stopped=lambda: next(calls) >= 3) == 0
    assert steps(job) == ["begun", "unplaced", "unplaced_children"]
    assert told(job).state == "working"
    assert tasks.make_plans(clock=large.now) == 1


def test_a_small_job_that_its_asker_left_lying(waiting: World) -> None:
    job = ask(waiting)
    assert tasks.make_plans(clock=lambda: job.at + rules.LEFT_LYING / 2) == 0
    assert tasks.make_plans(clock=lambda: job.at + rules.LEFT_LYING) == 1
    assert told(job).state == "done"


def test_a_contradiction_is_told_and_ends_the_job(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask(large)

    def contradicts(*_args, **_how):
        raise ProblemError("fixed_over", "told", "mend", home="7")

    monkeypatch.setattr(jobs, "solve", contradicts)
    assert tasks.make_plans(clock=large.now) == 1
    assert (told(job).state, told(job).code) == ("failed", "contradiction")
    assert '"problem":"fixed_over"' in AuditEvent.objects.get(action="placements.fail_plan").data.replace(" ", "")


def test_a_mistake_in_one_does_not_keep_the_others_waiting(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, real = ask(large), ask(large, "placement", "GX"), jobs.solve
    calls = itertools.count()

    def broken(problem, **how):
        if next(calls) == 0:
            raise RuntimeError("broken")
        return real(problem, **how)

    monkeypatch.setattr(jobs, "solve", broken)
    with pytest.raises(RuntimeError):
        tasks.make_plans(clock=large.now)
    assert (told(first).state, told(second).state) == ("working", "done")


@pytest.mark.parametrize("begun", [False, True])
def test_it_is_called_off(large: World, monkeypatch: pytest.MonkeyPatch, begun: bool) -> None:
    job, real = ask(large), jobs.solve

    def call_off() -> None:
        actions.cancel_plan(job=job, by=large.actor("supervisor2"), at=large.now())

    def meanwhile(problem, **how):
        call_off()
        return real(problem, **how)

    if begun:
        monkeypatch.setattr(jobs, "solve", meanwhile)
    else:
        call_off()
    assert tasks.make_plans(clock=large.now) == 0
    assert told(job).state == "cancelled"
    assert steps(job) == (["begun"] if begun else []), "it stops at the next step"
    assert not NightPlan.objects.exists()
    with pytest.raises(Refused) as twice:
        call_off()
    assert twice.value.codes == ("already_there",)
    assert not Alarm.objects.exists()
    assert ask(large) != job


def test_whose_asker_left_is_made_in_nobody_s_name(large: World) -> None:
    job = ask(large, "placement", "GX")
    assert large.registrars is not None
    accounts.end_staff(staff=large.staff["placement"], reason="left", by=large.registrars, at=large.now())
    assert tasks.make_plans(clock=large.now) == 1
    assert (told(job).state, told(job).code) == ("failed", "no_longer_staff")


@pytest.mark.parametrize("who", ["officer", "nurse", "caseworker", "administrator", "analyst"])
def test_who_may_ask_and_call_off(large: World, who: str) -> None:
    job = ask(large)
    with pytest.raises(NotAllowed):
        ask(large, who)
    with pytest.raises(NotAllowed):
        actions.cancel_plan(job=job, by=large.actor(who), at=large.now())
    with pytest.raises(NotFound):
        known.job(job.pk, by=large.actor(who))
    assert known.job(job.pk, by=large.actor("supervisor2")) == job
    with pytest.raises(NotFound):
        known.job(job.pk, by=large.actor("placement"))


def test_what_the_database_refuses(waiting: World) -> None:
    world, at = waiting, waiting.now()
    job = a_job(world, at=at)
    plan, elsewhere = a_plan(world, {}, at=at), a_plan(world, {}, at=at, where="GD")
    nobody = {"jurisdiction": world.jurisdictions["GD"], "nights": 1, "children": 1, "homes": 1, "at_once": True, "at": at}

    def refused(code: str, work) -> None:
        with pytest.raises(DatabaseError, match=code), transaction.atomic():
            work()

    refused("not_allowed", lambda: PlanJob.objects.create(by=world.staff["officer"], **nobody))
    refused("already_planning", lambda: a_job(world, at=at))
    ends = PlanJobEnd.objects
    refused("plan_missing", lambda: ends.create(job=job, outcome="done", at=at))
    refused("plan_missing", lambda: ends.create(job=job, outcome="done", plan=elsewhere, at=at))
    refused("plan_missing", lambda: ends.create(job=job, outcome="failed", plan=plan, at=at))
    refused("not_allowed", lambda: ends.create(job=job, outcome="cancelled", at=at))
    refused("not_allowed", lambda: ends.create(job=job, outcome="cancelled", by=world.staff["nurse"], at=at))
    step = PlanJobStep.objects.create(job=job, doing="begun", at=at)
    end = ends.create(job=job, outcome="done", plan=plan, at=at)
    refused("plan_over", lambda: PlanJobStep.objects.create(job=job, doing="bill", at=at))
    refused("already_there", lambda: ends.create(job=job, outcome="failed", at=at))
    for row in (step, end):
        refused("append_only", row.delete)
    refused("append_only", lambda: PlanJob.objects.update(nights=2))
