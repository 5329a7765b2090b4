"""Who was not counted in time becomes an alarm. To be run every few minutes; each alarm is raised once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery

from wayhome.casework.accounts.models import Facility
from wayhome.casework.audit.actions import raise_alarm
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children.queries import absorbed
from wayhome.casework.custody.models import CustodyEpisode, HeadCountEntry
from wayhome.casework.custody.rules import GONE, Kind

COUNTED_BY = time(22, 0)
TIME_ZONES: Mapping[str, str] = MappingProxyType({"CN": "Asia/Shanghai", "VN": "Asia/Ho_Chi_Minh"})
"""Of a country, by its code; Asia/Shanghai for others."""


def raise_head_counts(*, at: datetime) -> list[Alarm]:
    """An alarm for every facility whose children were not all counted by 22:00 of its last evening.

    Children in foster care sleep elsewhere and are not counted; one counted as not seen has an alarm of its own.
    """
    raised = []
    for place, (night, children) in _children_at_night(at).items():
        counted = HeadCountEntry.objects.filter(count__facility=place, count__night=night, child_id__in=children)
        missed = len(children) - counted.values("child_id").distinct().count()
        subject = f"facility:{place.pk}:{night}"
        if missed and not Alarm.objects.filter(kind=Alarm.Kind.HEAD_COUNT_DUE, subject=subject).exists():
            raised.append(
                raise_alarm(
                    kind=Alarm.Kind.HEAD_COUNT_DUE,
                    at=at,
                    level=2,
                    agency_id=place.agency_id,
                    jurisdiction=place.jurisdiction.path,
                    subject=subject,
                )
            )
    return raised


def zone_of(path: str) -> ZoneInfo:
    """In which a jurisdiction's days begin and end."""
    return ZoneInfo(TIME_ZONES.get(path.strip("/").partition("/")[0], "Asia/Shanghai"))


def last_evening(path: str, at: datetime) -> tuple[date, datetime]:
    """The day whose 22:00 was last in a jurisdiction, and that moment."""
    zone = zone_of(path)
    here = at.astimezone(zone)
    night = here.date() if here.time() >= COUNTED_BY else here.date() - timedelta(days=1)
    return night, datetime.combine(night, COUNTED_BY, zone)


def _children_at_night(at: datetime) -> dict[Facility, tuple[date, set[int]]]:
    """Facilities with the children that each answered for at 22:00 of its last evening."""
    gone = set(absorbed().values_list("pk", flat=True))
    places: dict[Facility, tuple[date, set[int]]] = {}
    by_moment: dict[datetime, list[Facility]] = defaultdict(list)
    for place in Facility.objects.filter(episodes__isnull=False).distinct().select_related("jurisdiction").order_by("pk"):
        night, moment = last_evening(place.jurisdiction.path, at)
        places[place] = night, set()
        by_moment[moment].append(place)
    for moment, there in by_moment.items():
        then = CustodyEpisode.objects.filter(child_id=OuterRef("child_id"), started_at__lte=moment).order_by("-n").values("pk")
        episodes = CustodyEpisode.objects.filter(pk=Subquery(then[:1]), facility__in=there).exclude(kind__in=GONE | {Kind.FOSTER})
        for episode in episodes.exclude(child_id__in=gone).select_related("facility"):
            places[episode.facility][1].add(episode.child_id)
    return places
