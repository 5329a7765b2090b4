"""A clock that ran out and stays so goes up, step by step. To be run every few minutes; each alarm is raised once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from wayhome.casework.audit.actions import raise_alarm
from wayhome.casework.audit.models import Alarm
from wayhome.casework.overview.queries.clocks import every_clock
from wayhome.casework.overview.rules.clocks import Clock, country_of, steps_up


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


def _due(clock: Clock, at: datetime) -> Iterator[tuple[int, str, str]]:
    """Level, place and subject of every step that a clock has come to."""
    for level, moment in steps_up(clock):
        if moment <= at:
            where = clock.place if level == 2 else country_of(clock.place)
            yield level, where, f"up:{clock.kind}:{clock.subject}:{level}"
