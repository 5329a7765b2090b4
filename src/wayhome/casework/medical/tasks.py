"""What nobody did in time becomes an alarm. To be run every few minutes; each alarm is raised once."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.audit.actions import raise_alarm
from wayhome.casework.audit.models import Alarm
from wayhome.casework.audit.rules import stamp
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.medical import queries
from wayhome.casework.medical.rules import SAMPLE_WITHIN, UNPLANNED, level


def raise_overdue(*, at: datetime) -> list[Alarm]:
    """Alarms for observations that are late by 15, 30 and 60 minutes, for sedated children without a sample and for children
    without a plan, an hour after. A run that comes late raises the loudest alone."""
    raised: list[Alarm | None] = []
    for due in queries.watched():
        raised.append(_once(due.episode, f"due:{stamp(due.due_at)}", "", level(at - due.due_at), at))
        if due.sample_due and at - due.planned_at >= SAMPLE_WITHIN:
            raised.append(_once(due.episode, "sample", "tox_sample_due", 2, at))
    raised += [_once(stay, "plan", "no_plan", 2, at) for stay in queries.unplanned() if at - stay.started_at >= UNPLANNED]
    return [alarm for alarm in raised if alarm is not None]


def _once(stay: CustodyEpisode, what: str, code: str, loudness: int, at: datetime) -> Alarm | None:
    """The alarm, unless there is one as loud about the same."""
    subject = f"episode:{stay.pk}:{what}"
    kind = Alarm.Kind.OBSERVATION_OVERDUE
    if loudness == 0 or Alarm.objects.filter(kind=kind, subject=subject, level__gte=loudness).exists():
        return None
    return raise_alarm(
        kind=kind,
        at=at,
        level=loudness,
        code=code,
        child_id=stay.child_id,
        agency_id=stay.facility.agency_id,
        jurisdiction=stay.facility.jurisdiction.path,
        subject=subject,
    )
