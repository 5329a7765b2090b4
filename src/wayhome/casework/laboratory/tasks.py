"""A kit that stays where it is for too long becomes an alarm. To be run every few minutes; each alarm is raised once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from wayhome.casework.audit.actions import raise_alarm
from wayhome.casework.audit.models import Alarm
from wayhome.casework.laboratory.queries.kits import overdue
from wayhome.casework.laboratory.rules.kits import OVERDUE
from wayhome.casework.operations.rules import country_of

Within = Mapping[str, Mapping[str, timedelta]]
"""By state and path of a country, where less time is given than usual."""


def raise_overdue_kits(*, at: datetime, within: Within = MappingProxyType({})) -> list[Alarm]:
    """An alarm to the agency that ordered it for every kit that is overdue, once for each hop."""
    shortest = {state: min([run, *within.get(state, {}).values()]) for state, run in OVERDUE.items()}
    late = {f"kit:{kit.pk}:{kit.hop}": kit for kit in overdue(at=at, runs=shortest) if _is_late(kit, at, within)}
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


def _is_late(kit: Any, at: datetime, within: Within) -> bool:
    country = country_of(kit.by.agency.jurisdiction.path)
    return bool(at - kit.since >= within.get(kit.state, {}).get(country, OVERDUE[kit.state]))
