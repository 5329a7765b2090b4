"""Plan a joint operation within an investigation, have it approved, launch it when every site goes, stand down, review."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import available_timezones

from wayhome.casework.accounts.models import Jurisdiction, Staff
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import NotAllowed, Refused
from wayhome.casework.operations.actions.investigations import leads, told
from wayhome.casework.operations.actions.people import record_operation
from wayhome.casework.operations.models import Investigation, JointPlan, OperationTie, PlanSite, PlanStep, Readiness
from wayhome.casework.operations.queries.joint import LedSite, counted, led_site_of, plan_of, planned, spoken_for
from wayhome.casework.operations.rules import WORDS

_MOST_OFFICERS = 10_000


def draft_plan(
    *,
    investigation: Investigation,
    code: str,
    title: str,
    zero_hour: datetime,
    jurisdiction: Jurisdiction,
    by: Actor,
    at: datetime,
    time_zone: str = "Asia/Shanghai",
) -> JointPlan:
    """A lead plans a joint operation. Nobody outside the task force learns of it before its launch."""
    require(by, Permission.RECORD_OPERATION)
    leads(by, investigation)
    checks = Checks()
    code = checks.text("code", code, 30)
    title = checks.text("title", title, 120)
    checks.moment("zero_hour", zero_hour)
    checks.one_of("time_zone", time_zone, available_timezones())
    checks.done()
    with gate(by=by, at=at, attempt="draft_plan"):
        plan = JointPlan.objects.create(
            pk=numbers.free_number(lambda number: JointPlan.objects.filter(pk=number).exists()),
            investigation=investigation,
            code=code,
            title=title,
            zero_hour=zero_hour,
            time_zone=time_zone,
            jurisdiction=jurisdiction,
            by_id=by.staff_id,
            at=at,
        )
        told(by, at, "draft_plan", investigation.pk)
    return plan


def add_site(
    *,
    plan: JointPlan,
    jurisdiction: Jurisdiction,
    place: str,
    leader: Staff,
    officers: int,
    by: Actor,
    at: datetime,
    replaces: PlanSite | None = None,
    alone: bool = False,
) -> PlanSite:
    """One place, led by somebody of the task force; or another in the place of one, until the plan is approved.

    Parameters
    ----------
    alone : the leader is an officer from outside, and is told of this site and the zero hour alone.
    """
    found = _led(plan, by)
    checks = Checks()
    place = checks.text("place", place, 200)
    checks.within("officers", officers, 1, _MOST_OFFICERS)
    checks.done()
    with gate(by=by, at=at, attempt="add_site"):
        site = PlanSite.objects.create(
            plan=found,
            jurisdiction=jurisdiction,
            place=place,
            leader=leader,
            officers=officers,
            alone=alone,
            replaces=replaces,
            by_id=by.staff_id,
            at=at,
        )
        told(by, at, "add_site", found.investigation_id)
    return site


def report_readiness(
    *, site: PlanSite, kit: bool, medic: bool, female_officer: bool, word: str, by: Actor, at: datetime, reason: str = ""
) -> Readiness:
    """What a site has, and whether it goes; the newest counts. It goes with all three or not at all.

    Parameters
    ----------
    word : go, no_go, or off; off is a lead's word.
    reason : why it does not go.
    """
    require(by, Permission.RECORD_OPERATION)
    found = spoken_for(by, site.pk)
    checks = Checks()
    checks.one_of("word", word, WORDS)
    reason = checks.text("reason", reason, 1000, required=word != "go")
    checks.done()
    with gate(by=by, at=at, attempt="report_readiness"):
        row = Readiness.objects.create(
            site=found,
            kit=kit,
            medic=medic,
            female_officer=female_officer,
            word=word,
            reason=reason,
            by_id=by.staff_id,
            at=at,
        )
        told(by, at, "report_readiness", found.plan.investigation_id)
    return row


def read_site(*, site_id: int, by: Actor, at: datetime) -> LedSite:
    """A leader looks at the own site: the look is an event, and without the event there is no look."""
    found = led_site_of(by, site_id)
    with gate(by=by, at=at, attempt="read_site"):
        told(by, at, "read_site", found.site.plan.investigation_id)
    return found


def approve_plan(*, plan: JointPlan, digest: str, by: Actor, at: datetime) -> PlanStep:
    """A supervisor of the ministry, who belongs to the task force, approves what they read; nothing in it changes any more.

    Parameters
    ----------
    digest : of what was read.
    """
    require(by, Permission.DIRECT_OPERATION)
    found = plan_of(by, plan.pk)
    if not by.stepped_up:
        raise NotAllowed("step_up")
    with gate(by=by, at=at, attempt="approve_plan"):
        row = _step(found, "approved", by, at)
        if planned(found).digest != digest:
            raise Refused(["plan_changed"])
    return row


def seal_plan(*, plan: JointPlan, by: Actor, at: datetime) -> PlanStep:
    """Everything is prepared: from here on each site tells what it has, and whether it goes."""
    found = _led(plan, by)
    with gate(by=by, at=at, attempt="seal_plan"):
        return _step(found, "sealed", by, at)


def launch_plan(*, plan: JointPlan, by: Actor, at: datetime) -> PlanStep:
    """Every site goes or is called off: the operation begins, and is there for everybody whom it concerns."""
    found = _led(plan, by)
    with gate(by=by, at=at, attempt="launch_plan"):
        operation = record_operation(
            code=found.code,
            title=found.title,
            zero_hour=found.zero_hour,
            time_zone=found.time_zone,
            jurisdiction=found.jurisdiction,
            by=by,
            at=at,
        )
        OperationTie.objects.create(investigation_id=found.investigation_id, operation=operation, by_id=by.staff_id, at=at)
        return _step(found, "launched", by, at, operation=operation)


def stand_down_plan(*, plan: JointPlan, by: Actor, at: datetime, note: str = "") -> PlanStep:
    """The operation is over."""
    found = _led(plan, by)
    checks = Checks()
    note = checks.text("note", note, 5000, required=False)
    checks.done()
    with gate(by=by, at=at, attempt="stand_down_plan"):
        return _step(found, "stood_down", by, at, note=note)


def review_plan(*, plan: JointPlan, note: str, by: Actor, at: datetime) -> PlanStep:
    """The report after the action: what went well, what did not, and figures that are counted from the records, never typed."""
    found = _led(plan, by)
    checks = Checks()
    note = checks.text("note", note, 10_000)
    checks.done()
    with gate(by=by, at=at, attempt="review_plan"):
        so_far = planned(found)
        launched = so_far.steps.get("launched")
        if launched is None or launched.operation is None:
            raise Refused(["wrong_step"])
        figures = json.dumps(counted(so_far, launched.operation), sort_keys=True)
        return _step(found, "reviewed", by, at, note=note, figures=figures)


def _led(plan: JointPlan, by: Actor) -> JointPlan:
    require(by, Permission.RECORD_OPERATION)
    found = plan_of(by, plan.pk)
    leads(by, found.investigation)
    return found


def _step(plan: JointPlan, step: str, by: Actor, at: datetime, **more: object) -> PlanStep:
    row = PlanStep.objects.create(plan=plan, step=step, by_id=by.staff_id, at=at, **more)
    told(by, at, f"plan_{step}", plan.investigation_id)
    return row
