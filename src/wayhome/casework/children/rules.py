"""Ages as intervals of days, and when two records may be one child. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from wayhome import kinship

OLDEST_DAYS = 6600
"""A child is under eighteen."""
AGE_METHODS = frozenset({"sight", "cord_stump", "growth", "teeth", "document", "statement"})
ASSERTED = frozenset({"name", "birth_date", "nationality", "origin", "language", "parent", "blood_group", "note"})
GROUNDS = frozenset({"alleged", "dna"})
SEXES = frozenset({"F", "M", "U"})

SOON = timedelta(hours=48)
"""Rescues in one jurisdiction within this time of one another may have met the same child."""
LATER = timedelta(days=7)
"""And at one address within this."""


@dataclass(frozen=True, slots=True)
class AgeInterval:
    """From `least_days` to `most_days` old on a day; how that is known, from whom, and for which day it was said."""

    least_days: int
    most_days: int
    method: str
    author_id: int
    author: str
    estimated_on: date

    def on(self, day: date) -> AgeInterval | None:
        """The same knowledge for another day; None before the child can have been born."""
        elapsed = (day - self.estimated_on).days
        most = self.most_days + elapsed
        if most < 0:
            return None
        return AgeInterval(max(0, self.least_days + elapsed), most, self.method, self.author_id, self.author, self.estimated_on)

    def overlaps(self, other: AgeInterval) -> bool:
        """Whether both can be true of one child on one day."""
        return self.least_days <= other.most_days and other.least_days <= self.most_days


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one record says of a child, for comparison with another.

    Parameters
    ----------
    event : the rescue, or the first of those that correct one another.
    places : keys of the address.
    jurisdiction : its path.
    age : on a day that both sightings share; None where nobody estimated it.
    marks : None where none was recorded.
    siblings : the group of twins or siblings; 0 for none.
    """

    sex: str
    event: int
    found_at: datetime
    places: frozenset[str]
    jurisdiction: str
    age: AgeInterval | None
    marks: tuple[kinship.Mark, ...]
    by: int
    siblings: int


Reason = dict[str, Any]


def duplicate_reasons(one: Sighting, other: Sighting) -> list[Reason]:
    """Why two records may be one child; empty if there is too little, or something, against it.

    A value that one record lacks speaks neither for nor against. Infants found together are alike in sex and age, so these alone
    never propose anything: marks that agree do, or two people who each registered a child at the same place.
    """
    met = _met(one, other)
    if met is None or _contradict(one, other):
        return []
    marks = agreeing_marks(one.marks, other.marks)
    if one.marks and other.marks and not marks:
        return []
    reasons: list[Reason] = [{"code": met}]
    reasons.append({"code": "sex_same" if one.sex == other.sex != "U" else "sex_unknown"})
    reasons.append({"code": "age_overlaps" if one.age and other.age else "age_unknown"})
    reasons += marks
    if one.by != other.by:
        reasons.append({"code": "registered_by_two"})
    told_apart = one.by != other.by and met in ("same_event", "same_place") and one.age is not None and other.age is not None
    return reasons if marks or told_apart else []


def _contradict(one: Sighting, other: Sighting) -> bool:
    """Whether the two cannot be one child: of another sex or age, or recorded as siblings."""
    sexes = "U" not in (one.sex, other.sex) and one.sex != other.sex
    ages = one.age is not None and other.age is not None and not one.age.overlaps(other.age)
    siblings = one.siblings != 0 and one.siblings == other.siblings
    return sexes or ages or siblings


def agreeing_marks(one: Sequence[kinship.Mark], other: Sequence[kinship.Mark]) -> list[Reason]:
    """Marks found twice, at the place or nearly so; those too common to tell children apart are left out."""
    if not one or not other:
        return []
    items = kinship.marks_finding(one, other).inputs["items"]
    return [
        {"code": f"mark_{item['grade']}", "kind": item["reported"][0], "place": item["reported"][1]}
        for item in items
        if item["grade"] in ("same", "near")
    ]


def weighable(marks: Sequence[kinship.Mark]) -> tuple[kinship.Mark, ...]:
    """Marks that tell one child from another."""
    return tuple(mark for mark in marks if not kinship.mark_kinds()[mark.kind].no_weight)


def _met(one: Sighting, other: Sighting) -> str | None:
    """How the two can have met the same child."""
    apart = abs(one.found_at - other.found_at)
    if one.event == other.event:
        return "same_event"
    if apart <= LATER and one.places & other.places:
        return "same_place"
    near = one.jurisdiction.startswith(other.jurisdiction) or other.jurisdiction.startswith(one.jurisdiction)
    return "near_in_time" if apart <= SOON and near else None
