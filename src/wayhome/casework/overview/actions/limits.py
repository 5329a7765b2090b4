"""A house may be stricter than the law: a supervisor says how long a clock runs and from when, and another agrees."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import NotAllowed, Refused
from wayhome.casework.overview.models import Limit, LimitApproval
from wayhome.casework.overview.queries.limits import limit_of
from wayhome.casework.overview.rules.clocks import LIMITED, most_hours


def set_limit(*, kind: str, hours: int, since: date, reason: str, by: Actor, at: datetime) -> Limit:
    """From a day on, today or later, a clock runs for so many hours: no more than the law gives it."""
    require(by, Permission.SET_LIMIT)
    checks = Checks()
    checks.one_of("kind", kind, LIMITED)
    reason = checks.text("reason", reason, 300)
    checks.must("since", since >= timezone.localtime(at).date(), "implausible")
    if kind in LIMITED:
        checks.within("hours", hours, 1, most_hours(kind))
    checks.done()
    with gate(by=by, at=at, attempt="set_limit"):
        made = Limit.objects.create(kind=kind, hours=hours, since=since, reason=reason, by_id=by.staff_id, at=at)
        record(
            by=by,
            at=at,
            action="overview.set_limit",
            subject=f"limit:{made.pk}",
            data={"kind": kind, "hours": hours, "since": since},
        )
    return made


def approve_limit(*, limit: Limit, by: Actor, at: datetime) -> LimitApproval:
    """Another supervisor agrees: it counts from its day on."""
    require(by, Permission.APPROVE_LIMIT)
    limit = limit_of(by, limit.pk)
    if not by.stepped_up:
        raise NotAllowed("step_up")
    with gate(by=by, at=at, attempt="approve_limit"):
        if LimitApproval.objects.filter(limit=limit).exists():
            raise Refused(["already_there"])
        approval = LimitApproval.objects.create(limit=limit, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="overview.approve_limit", subject=f"limit:{limit.pk}")
    return approval
