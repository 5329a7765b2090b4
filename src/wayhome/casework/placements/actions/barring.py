"""What a home was asked for, or accepted, and a rule that came later bars: people are told at once, and decide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from wayhome.casework.audit.actions import raise_alarm
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody.queries import rescued_in
from wayhome.casework.placements.barred import Barred, barred_below


def flag_barred(*, by: Actor, at: datetime, **_: Any) -> list[Alarm]:
    """Look at everything that is asked for or kept, wherever; an alarm for each that is barred, once for each rule."""
    return flag(barred_below("/", at=at), by=by, at=at)


def flag(found: Iterable[Barred], *, by: Actor, at: datetime) -> list[Alarm]:
    """An alarm for each of these, unless there is one that tells the same."""
    rows = list(found)
    told = set(
        Alarm.objects.filter(
            kind=Alarm.Kind.PLACEMENT_BARRED, subject__in=[f"placement:{one.placement.pk}" for one in rows]
        ).values_list("subject", "code")
    )
    return [
        raise_alarm(
            kind=Alarm.Kind.PLACEMENT_BARRED,
            at=at,
            by=by,
            level=3,
            code=one.code,
            child_id=one.placement.child_id,
            agency_id=one.placement.by.agency_id,
            jurisdiction=rescued_in(one.placement.child),
            subject=f"placement:{one.placement.pk}",
        )
        for one in rows
        if (f"placement:{one.placement.pk}", one.code) not in told
    ]
