"""The band over every screen about a child: who it is, where it is, since when, and what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wayhome.casework.children import queries as children
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import queries as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.placements.barred import barred
from wayhome.casework.placements.known import accepted
from wayhome.casework.placements.queries import open_placements
from wayhome.web import desk
from wayhome.web.forms.base import DeskForm
from wayhome.web.pages import page
from wayhome.web.words import word

_NEXT: dict[Kind, str | Promise] = {
    Kind.POLICE: gettext_lazy("Waits to be handed to a hospital."),
    Kind.EMERGENCY_NURSERY: gettext_lazy("Waits for a place in a welfare institution."),
    Kind.RELIEF_STATION: gettext_lazy("Waits for a place in a welfare institution."),
    Kind.WELFARE_INSTITUTION: gettext_lazy("In care while its parents are looked for."),
    Kind.FOSTER: gettext_lazy("In care while its parents are looked for."),
    Kind.DECEASED: gettext_lazy("Died."),
    Kind.REUNIFIED: gettext_lazy("Home with its family, which is visited."),
    Kind.REPATRIATED: gettext_lazy("Returned to the authority of its country."),
}


@dataclass(frozen=True, slots=True)
class Band:
    """What it shows."""

    child: Any
    episode: Any
    age: Any
    has_photo: bool
    waits: str
    urgent: bool
    offer: Any
    missing: Any
    cleared: bool
    absorbed: bool
    mine: bool


def child_page(request: HttpRequest, template: str, form: DeskForm | None, child: Any, by: Actor, **context: Any) -> HttpResponse:
    """A page about a child, with its band above."""
    at = desk.moment(request)
    return page(request, template, form, band=band(child, by=by, at=at), child=child, at=at, **context)


def band(child: Any, *, by: Actor, at: datetime) -> Band:
    """The band of a child that the actor may know of."""
    episode = custody.head(child.pk)
    offer = custody.offer_for.first(child)
    missing = custody.open_missing(child.pk)
    clearance = custody.last_clearance(episode.pk) if episode.kind == Kind.HOSPITAL else None
    absorbed = custody.is_absorbed(child.pk)
    cleared = clearance is not None and clearance.fit
    moves = cleared or episode.kind in (Kind.EMERGENCY_NURSERY, Kind.RELIEF_STATION)
    asked = open_placements([child.pk]).get(child.pk) if moves else None
    against = next(iter(barred([asked], at=at)), None) if asked is not None else None
    if absorbed:
        waits = _("Merged into another record: two people found them to be one child.")
    elif missing is not None:
        waits = _("Missing from care. Everybody above is alarmed.")
    elif offer is not None and offer.kind == Kind.REUNIFIED:
        waits = _("Goes home: the second signature is wanted.")
    elif offer is not None:
        waits = _("Waits for %(place)s to accept it.") % {"place": offer.to_facility.name}
    elif against is not None:
        why = {"place": against.placement.facility.name, "why": word("barred", against.code)}
        waits = _("%(place)s cannot have it: %(why)s") % why
    elif asked is not None and accepted(asked):
        waits = _("%(place)s keeps a place for it: it can be handed over.") % {"place": asked.facility.name}
    elif asked is not None:
        waits = _("Waits for %(place)s to say whether it takes it.") % {"place": asked.facility.name}
    elif episode.kind == Kind.HOSPITAL:
        waits = (
            _("Cleared by a doctor: waits for a place to be offered.")
            if cleared
            else _("Waits for a doctor of this hospital to clear it.")
        )
    else:
        waits = str(_NEXT[Kind(episode.kind)])
    return Band(
        child=child,
        episode=episode,
        age=children.age_on(child, timezone.localtime(at).date()),
        has_photo=child.pk in children.with_photo([child.pk]),
        waits=waits,
        urgent=missing is not None or against is not None,
        offer=offer,
        missing=missing,
        cleared=cleared,
        absorbed=absorbed,
        mine=episode.facility.agency_id == by.agency_id,
    )
