"""A kit that stays where it is for too long becomes an alarm. To be run every few minutes; each alarm is raised once."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.audit.actions import raise_alarm
from wayhome.casework.audit.models import Alarm
from wayhome.casework.laboratory.queries.kits import overdue


def raise_overdue_kits(*, at: datetime) -> list[Alarm]:
    """An alarm to the agency that ordered it for every kit that is overdue, once for each hop."""
    late = {f"kit:{kit.pk}:{kit.hop}": kit for kit in overdue(at=at)}
    known = Alarm.objects.filter(kind=Alarm.Kind.KIT_OVERDUE, subject__in=list(late)).values_list("subject", flat=True)
    for subject in list(known):
        del late[subject]
    return [
        raise_alarm(
            kind=Alarm.Kind.KIT_OVERDUE,
            at=at,
            code=kit.state,
            child_id=kit.child_id or 0,
            agency_id=kit.by.agency_id,
            jurisdiction=kit.by.agency.jurisdiction.path,
            subject=subject,
        )
        for subject, kit in late.items()
    ]
