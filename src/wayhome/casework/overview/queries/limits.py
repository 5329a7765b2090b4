"""How long clocks run: as the law says, or as this house agreed upon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.core.prepared import prepared
from wayhome.casework.operations.rules import country_of
from wayhome.casework.overview.models import Limit
from wayhome.casework.overview.rules.clocks import RUNS


def runs(by: Actor, *, at: datetime) -> Mapping[str, timedelta]:
    """By kind of clock, as it stands in the actor's country at a moment."""
    return {**RUNS, **every_run(at=at).get(country_of(by.jurisdiction), {})}


def every_run(*, at: datetime) -> Mapping[str, Mapping[str, timedelta]]:
    """By path of a country and kind of clock, where that was agreed upon: of those whose day has come the last counts."""
    today = timezone.localtime(at).date()
    agreed: dict[str, dict[str, timedelta]] = defaultdict(dict)
    for one in _agreed():
        if one.since <= today:
            agreed[country_of(one.by.agency.jurisdiction.path)][one.kind] = timedelta(hours=one.hours)
    return agreed


def within(kind: str, *, at: datetime) -> Mapping[str, timedelta]:
    """By path of a country, where less time than by the law was agreed upon for a clock."""
    return {country: runs[kind] for country, runs in every_run(at=at).items() if kind in runs}


def limits_of(by: Actor) -> QuerySet[Limit]:
    """Everything that was said of limits in the own country, the last first."""
    require(by, Permission.SET_LIMIT)
    mine = Limit.objects.filter(by__agency__jurisdiction__path__startswith=by.jurisdiction)
    return mine.select_related("by", "approval__by").order_by("-pk")


def limit_of(by: Actor, limit_id: int) -> Limit:
    """One of them."""
    found = limits_of(by).filter(pk=limit_id).first()
    if found is None:
        raise NotFound(limit=limit_id)
    return found


@prepared
def _agreed() -> QuerySet[Limit]:
    rows = Limit.objects.filter(approval__isnull=False).select_related("by__agency__jurisdiction")
    return rows.order_by("since", "pk")
