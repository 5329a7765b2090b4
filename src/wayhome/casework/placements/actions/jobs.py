"""A plan made in the background: asked for at once, worked on step by step, and there when it is ready.

Whoever works on a job holds no lock meanwhile. If it dies, the worker takes the job up anew, up to `MOST_ATTEMPTS` times. The
database takes one end of a job alone, so that two who work on it make one plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.accounts.queries import active_staff, actor_of
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.actors import SYSTEM, Actor
from wayhome.casework.core.errors import Refused
from wayhome.casework.custody.gate import gate, permitted
from wayhome.casework.placements import queries
from wayhome.casework.placements.actions.desk import keep_plan, may_plan, tell_plan
from wayhome.casework.placements.models import PlanJob, PlanJobEnd, PlanJobStep
from wayhome.casework.placements.night import desk
from wayhome.casework.placements.optimiser import ProblemError, solve
from wayhome.casework.placements.rules import AT_ONCE, AT_ONCE_SECONDS, LARGE_GAP, LARGE_SECONDS, MOST_ATTEMPTS

Clock = Callable[[], datetime]


class Interrupted(Exception):
    """Whoever works on a job is told to stop; the next one takes it up."""


class _Over(Exception):
    """The job was called off meanwhile, or somebody else ended it."""


def ask_plan(*, jurisdiction: Jurisdiction, nights: int, by: Actor, at: datetime) -> PlanJob:
    """Ask for a plan; if one is being made for this jurisdiction already, that is the answer, whoever asked for it."""
    may_plan(jurisdiction=jurisdiction, nights=nights, by=by, at=at)
    there = queries.open_jobs().filter(jurisdiction=jurisdiction).first()
    if there is not None:
        return there
    children, homes = queries.size_of(jurisdiction.path)
    try:
        with gate(by=by, at=at, attempt="ask_plan"):
            job = PlanJob.objects.create(
                jurisdiction=jurisdiction,
                nights=nights,
                children=children,
                homes=homes,
                at_once=children * homes <= AT_ONCE,
                by_id=by.staff_id,
                at=at,
            )
            record(by=by, at=at, action="placements.ask_plan", subject=f"plan_job:{job.pk}", data={"children": children})
    except Refused as refused:
        # Somebody asked in the same moment.
        there = queries.open_jobs().filter(jurisdiction=jurisdiction).first()
        if refused.code != "already_planning" or there is None:
            raise
        return there
    return job


def cancel_plan(*, job: PlanJob, by: Actor, at: datetime) -> PlanJobEnd:
    """Call a job off: nobody was moved or asked, so that nothing is lost but the time."""
    permitted(by, Permission.PLAN_NIGHT, at=at)
    with gate(by=by, at=at, attempt="cancel_plan"):
        end = PlanJobEnd.objects.create(job=job, outcome=PlanJobEnd.Outcome.CANCELLED, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="placements.cancel_plan", subject=f"plan_job:{job.pk}")
    return end


def work_on(*, job: PlanJob, clock: Clock, stopped: Callable[[], bool] = lambda: False) -> PlanJobEnd | None:
    """Make the plan that a job asks for, in the name of who asked, and end the job. None where it was ended meanwhile.

    A contradiction in the records ends it as failed; anything else that goes wrong goes on to the caller, and the job stays open.

    Raises
    ------
    Interrupted
        `stopped()` said so; the job stays open.
    """
    if queries.attempts(job) >= MOST_ATTEMPTS:
        return _failed(job, "given_up", clock())
    asker = active_staff().filter(pk=job.by_id).select_related("agency__jurisdiction").first()
    if asker is None:
        return _failed(job, "no_longer_staff", clock())
    by, small = actor_of(asker), job.at_once

    def step(doing: str) -> None:
        if stopped():
            raise Interrupted
        try:
            with gate(by=SYSTEM, at=clock(), attempt="plan_step"):
                PlanJobStep.objects.create(job=job, doing=str(doing), at=clock())
        except Refused as refused:
            raise _Over from refused

    try:
        step("begun")
        asked = desk(path=job.jurisdiction.path, nights=job.nights, at=clock())
        answer = solve(
            asked.problem,
            seconds=AT_ONCE_SECONDS if small else LARGE_SECONDS,
            gap=0.0 if small else LARGE_GAP,
            watch=step,
        )
        at = clock()
        with gate(by=by, at=at, attempt="plan_night"):
            plan = keep_plan(asked, answer, jurisdiction=job.jurisdiction, nights=job.nights, by=by, at=at)
            end = PlanJobEnd.objects.create(job=job, outcome=PlanJobEnd.Outcome.DONE, plan=plan, at=at)
        tell_plan(plan, asked, by=by, at=at)
    except _Over:
        return None
    except Refused as refused:
        if refused.code == "already_there":
            return None
        raise
    except ProblemError as error:
        return _failed(job, "contradiction", clock(), {"problem": error.code} | error.data)
    return end


def work_at_once(*, job: PlanJob, clock: Clock) -> None:
    """Work on a small job while the asker waits, unless somebody else began or ended it; a large one is left to the worker."""
    if job.at_once and queries.open_jobs().filter(pk=job.pk).exists() and not queries.attempts(job):
        work_on(job=job, clock=clock)


def _failed(job: PlanJob, code: str, at: datetime, why: Mapping[str, Any] | None = None) -> PlanJobEnd | None:
    """End a job that comes to nothing; those who plan are told."""
    try:
        with gate(by=SYSTEM, at=at, attempt="fail_plan"):
            end = PlanJobEnd.objects.create(job=job, outcome=PlanJobEnd.Outcome.FAILED, code=code, at=at)
            data = {"code": code} | {key: str(value) for key, value in (why or {}).items()}
            record(by=SYSTEM, at=at, action="placements.fail_plan", subject=f"plan_job:{job.pk}", data=data)
    except Refused:
        return None
    raise_alarm(
        kind=Alarm.Kind.PLAN_FAILED,
        at=at,
        level=2,
        agency_id=job.by.agency_id,
        jurisdiction=job.jurisdiction.path,
        code=code,
        subject=f"plan_job:{job.pk}",
    )
    return end
