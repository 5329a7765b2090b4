"""What a home that is asked for a child may read of it: what it needs to answer, and to get a cot ready. No more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wayhome.casework.accounts.models import Facility
from wayhome.casework.children.queries import ages_on
from wayhome.casework.children.rules import AgeInterval
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody.models import Clearance
from wayhome.casework.placements import known, queries
from wayhome.casework.placements.models import Placement


@dataclass(frozen=True, slots=True)
class AskedChild:
    """One child. Not its picture, nor its marks, nor where and with whom it was found, nor who says what of it.

    Parameters
    ----------
    level, limits : the care that it needs, 0 to 2, and what the doctor who cleared it wrote for those who take it.
    place : where it is now, for the way there.
    together : brothers and sisters who are asked for with it.
    """

    placement: int
    number: str
    call_name: str
    sex: str
    age: AgeInterval | None
    level: int
    limits: str
    place: Facility
    together: int


def standing(placement_id: int, *, by: Actor) -> list[Placement]:
    """A placement that a home of the actor's agency is asked for or keeps, with those of the siblings for the same home.

    NotFound once it is refused, called off or fulfilled: then nothing is left to answer.
    """
    own = queries.open_placements_of(by.agency_id)
    found = own.filter(pk=placement_id).first()
    if found is None:
        raise NotFound(placement=placement_id)
    group = found.child.siblings_id
    if group is None:
        return [found]
    return list(own.filter(child__siblings_id=group, facility_id=found.facility_id))


def told(rows: Sequence[Placement], *, day: date) -> list[AskedChild]:
    """Of the children of some placements, on a day."""
    ids = [row.child_id for row in rows]
    levels, limits, present, ages = known.needs(ids), _limits(ids), known.stays(ids), ages_on(ids, day)
    return [
        AskedChild(
            placement=row.pk,
            number=row.child.number,
            call_name=row.child.call_name,
            sex=row.child.sex,
            age=ages.get(row.child_id),
            level=levels.get(row.child_id, 0),
            limits=limits.get(row.child_id, ""),
            place=present[row.child_id].facility,
            together=len(rows) - 1,
        )
        for row in rows
    ]


def _limits(children: Sequence[int]) -> dict[int, str]:
    words = Clearance.objects.filter(child_id__in=children, fit=True).order_by("pk")
    return dict(words.values_list("child_id", "limits"))
