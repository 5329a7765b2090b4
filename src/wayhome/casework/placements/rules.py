"""What a placement needs. Pure: plain values in, plain values out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from wayhome.casework.custody.rules import Kind

BEDS = frozenset({Kind.EMERGENCY_NURSERY, Kind.RELIEF_STATION, Kind.WELFARE_INSTITUTION})
"""Kinds of custody that take a bed and a carer."""
SETTLED = BEDS | {Kind.FOSTER}
"""Kinds of custody in which siblings are together."""
HOLDS = timedelta(hours=24)
"""How long a report of capacity is trusted."""
SURGE_HOLDS = timedelta(hours=72)
"""Longest time for which more children than usual may be taken."""
PLACEMENT_DUE = timedelta(hours=24)
"""From the rescue to a placement: the legal clock."""
ANSWER_DUE = timedelta(hours=2)
"""How long a home may take to say whether it takes a child."""
REFUSALS = ("no_bed", "no_carer", "too_small", "not_a_foundling", "too_ill", "other")
"""Reasons for which a home refuses a child."""
ESCALATED = frozenset({"not_a_foundling", "too_small"})
"""Refusals that no rule knows: the ministry is told."""
NEEDS: Mapping[str, int] = MappingProxyType({"ordinary": 0, "nursing": 1, "medical": 2})
"""Level of care that a doctor's clearance asks for, and that a home can give."""
SURGE_APPROVERS = frozenset({"supervisor", "placement_officer"})
DISCIPLINES: Mapping[str, str] = MappingProxyType({"caseworker": "welfare", "doctor": "health", "supervisor": "law"})
"""Who speaks for what when siblings are to be separated: all three must agree."""
PLAN_STEPS = (
    "begun",
    "unplaced",
    "unplaced_children",
    "surge_cost",
    "above_need",
    "worst_share",
    "deviation",
    "travel_minutes",
    "bill",
)
"""What is done for a plan, in this order: the aims are the optimiser's."""
AT_ONCE = 4_000
"""Children times homes up to which a plan is made while the asker waits: 81 children and 40 homes take a second or two."""
AT_ONCE_SECONDS, LARGE_SECONDS = 5.0, 55.0
"""How long the optimiser is given at most, for a small night and for a large one."""
LARGE_GAP = 0.001
"""How far from the shortest travel is good enough in a large night."""
LEFT_LYING = timedelta(minutes=1)
"""After which a small job that its asker did not finish is taken up by the worker."""
MOST_ATTEMPTS = 3
"""How often a job is taken up, should whoever works on it die."""
KM_PER_HOUR = 60.0
ROAD = 1.3
"""Roads are so much longer than the line through the air."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a place can take at a moment.

    Parameters
    ----------
    beds, by_day, by_night : children that the cots, and the carers of either shift, allow; a surge that was approved included.
    there : children on record there, others in the same cots, and those whom it accepted and who have not come yet.
    as_of : when it was reported; None if never.
    """

    beds: int
    by_day: int
    by_night: int
    there: int
    as_of: datetime | None

    @property
    def free_beds(self) -> int:
        """Cots for more children."""
        return max(self.beds - self.there, 0)

    @property
    def free_care(self) -> int:
        """Children whom the carers of the weaker shift could still look after."""
        return max(min(self.by_day, self.by_night) - self.there, 0)

    @property
    def free(self) -> int:
        """Children that can come."""
        return min(self.free_beds, self.free_care)

    def trusted(self, at: datetime) -> bool:
        """Whether the report is fresh enough to send a child on its strength."""
        return self.as_of is not None and at <= self.as_of + HOLDS


def hours_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Hours by road between two positions (latitude, longitude in degrees), from the great circle."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, place)) for place in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(half)) * ROAD / KM_PER_HOUR


def hours_by_path(one: str, other: str) -> float:
    """Hours between two jurisdictions whose positions nobody told: by what they have in common."""
    shared = 0
    for a, b in zip(one.strip("/").split("/"), other.strip("/").split("/"), strict=False):
        if a != b:
            break
        shared += 1
    return {0: 24.0, 1: 12.0, 2: 4.0, 3: 2.0}.get(shared, 1.0)
