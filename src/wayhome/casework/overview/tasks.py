"""A clock that ran out and stays so goes up, step by step; and alarms of rooms below come as early as a country agreed upon.

To be run every few minutes; each alarm is raised once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from wayhome.casework.audit.actions import raise_alarm
from wayhome.casework.audit.models import Alarm
from wayhome.casework.laboratory import tasks as laboratory
from wayhome.casework.operations.rules import country_of
from wayhome.casework.overview.queries.clocks import every_clock
from wayhome.casework.overview.queries.limits import within
from wayhome.casework.overview.rules.clocks import KITS, Clock, steps_up
from wayhome.casework.placements import tasks as placements


def raise_up(*, at: datetime) -> list[Alarm]:
    """An alarm to whoever oversees the agency, then to the ministry, for each clock that stays overdue."""
    late = [one for one in every_clock(at=at, ahead=timedelta(), most=None)[0] if one.overdue(at)]
    told = set(Alarm.objects.filter(kind=Alarm.Kind.CLOCK_UP).values_list("subject", flat=True)) if late else set()
    return [
        raise_alarm(
            kind=Alarm.Kind.CLOCK_UP,
            at=at,
            level=level,
            code=one.kind,
            child_id=one.child,
            agency_id=0,
            jurisdiction=where,
            subject=subject,
        )
        for one in late
        for level, where, subject in _due(one, at)
        if subject not in told
    ]


def raise_unplaced(*, at: datetime) -> list[Alarm]:
    """Children without a place, after a day or as early as was agreed upon."""
    return placements.raise_unplaced(at=at, within=within("placement", at=at))


def raise_unanswered(*, at: datetime) -> list[Alarm]:
    """Homes that have not answered, after two hours or as early as was agreed upon."""
    return placements.raise_unanswered(at=at, within=within("answer", at=at))


def raise_overdue_kits(*, at: datetime) -> list[Alarm]:
    """Kits that stay as they are, after the laboratory's days or as early as was agreed upon."""
    return laboratory.raise_overdue_kits(at=at, within={kind.removeprefix("kit_"): within(kind, at=at) for kind in KITS})


def _due(clock: Clock, at: datetime) -> Iterator[tuple[int, str, str]]:
    """Level, place and subject of every step that a clock has come to."""
    for level, moment in steps_up(clock):
        if moment <= at:
            where = clock.place if level == 2 else country_of(clock.place)
            yield level, where, f"up:{clock.kind}:{clock.subject}:{level}"
