"""Alleged victims, as the task force may know them."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.operations.models import AllegedState, AllegedVictim
from wayhome.casework.operations.queries.investigations import investigation_of, investigations_of


def victims_of(by: Actor, investigation_id: int) -> QuerySet[Any]:
    """Those of an investigation, with what was last said of each as `said`."""
    return _told().filter(investigation=investigation_of(by, investigation_id)).order_by("seen_from", "pk")


def victim_of(by: Actor, victim_id: int) -> AllegedVictim:
    """One of an investigation to whose task force the actor belongs; NotFound otherwise."""
    found: AllegedVictim | None = (
        _told().filter(investigation__in=investigations_of(by).order_by().values("pk"), pk=victim_id).first()
    )
    if found is None:
        raise NotFound(victim=victim_id)
    return found


def _told() -> QuerySet[Any]:
    last = AllegedState.objects.filter(victim=OuterRef("pk")).order_by("-pk").values("state")[:1]
    return AllegedVictim.objects.annotate(said=Coalesce(Subquery(last), Value("unseen"))).select_related("investigation")
