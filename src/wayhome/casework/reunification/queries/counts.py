"""Counts over all files, for whoever tells the whole story."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count

from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.custody.rules import Kind
from wayhome.casework.families.models import Relative, RelativeState
from wayhome.casework.operations.models import Operation, Person
from wayhome.casework.reunification.models import (
    Case,
    Certificate,
    Execution,
    FileFreeze,
    Guardianship,
    Notice,
    Revocation,
    Visit,
)
from wayhome.casework.reunification.rules import CERTIFICATES


def person_of(relative: Relative) -> Person:
    """The record of a relative who is on record."""
    state = RelativeState.objects.filter(relative=relative).select_related("person").order_by("-n")[0]
    assert state.person is not None
    return state.person


def told(*, until: datetime) -> dict[str, Any]:
    """What the records of some moment say of returns."""
    home = Execution.objects.filter(release__kind="family", at__lte=until)
    stopped = Guardianship.objects.filter(end__isnull=True).values("enquiry__case")
    return {
        "files": Case.objects.filter(at__lte=until).count(),
        "reunified": home.count(),
        "visits": Visit.objects.filter(at__lte=until).count(),
        "seller_stopped": Guardianship.objects.filter(end__isnull=True).exists()
        and not home.filter(release__case__in=stopped).exists(),
        "revoked": sum(rows.objects.filter(at__lte=until).count() for rows in (Revocation, FileFreeze)),
    }


def afterwards(operation: Operation) -> dict[str, Any]:
    """What became of an operation's children in later years, and how many days after it the last was in its own country."""
    papers = Certificate.objects.order_by().values_list("kind").annotate(n=Count("pk"))
    abroad = CustodyEpisode.objects.filter(kind=Kind.REPATRIATED, child__event__operation=operation)
    zone = ZoneInfo(operation.time_zone)
    last = max((one.astimezone(zone).date() for one in abroad.values_list("started_at", flat=True)), default=None)
    return {
        "notices": Notice.objects.count(),
        "certificates": dict.fromkeys(CERTIFICATES, 0) | dict(papers),
        "visits_in_all": Visit.objects.count(),
        "repatriated": abroad.values("child").distinct().count(),
        "repatriation_days": None if last is None else (last - operation.zero_hour.astimezone(zone).date()).days,
    }
