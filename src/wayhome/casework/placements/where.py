"""Where jurisdictions are: what was told, and what is reckoned with where nobody told."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.placements import queries
from wayhome.casework.placements.models import Position


@dataclass(frozen=True, slots=True)
class Place:
    """A jurisdiction with facilities, and where it is.

    Parameters
    ----------
    own : the last word on itself.
    point : (latitude, longitude) that is reckoned with: its own, or that of the nearest above it; None if nobody told of any.
    """

    jurisdiction: Jurisdiction
    facilities: int
    own: tuple[float, float] | None
    point: tuple[float, float] | None


def places(by: Actor) -> list[Place]:
    """Jurisdictions below the actor's that have facilities, those first that nobody told of."""
    known = queries.positions()
    rows = _below(by).annotate(number=Count("facility")).filter(number__gt=0).order_by("path")
    found = [Place(one, one.number, known.get(one.path), queries.position(one.path, known)) for one in rows]
    return sorted(found, key=lambda place: (place.point is not None, place.own is not None, place.jurisdiction.path))


def place(code: str, *, by: Actor) -> Place:
    """One of them by its code; NotFound otherwise."""
    one = _below(by).annotate(number=Count("facility")).filter(code=code).first()
    if one is None:
        raise NotFound(jurisdiction=code)
    known = queries.positions()
    return Place(one, one.number, known.get(one.path), queries.position(one.path, known))


def history(jurisdiction: Jurisdiction) -> QuerySet[Position]:
    """What was told of one, the last word first."""
    return Position.objects.filter(jurisdiction=jurisdiction).select_related("by").order_by("-pk")


def _below(by: Actor) -> QuerySet[Jurisdiction]:
    return Jurisdiction.objects.filter(path__startswith=by.jurisdiction)
