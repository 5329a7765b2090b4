"""Clues that an actor may read: everything else about clues is asked through this."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.clues.models import Clue, Edge, Mention, MentionKey, Opening, Source, Step
from wayhome.casework.clues.rules import FACTS, keys
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.operations.queries.investigations import investigations_of


def readable(by: Actor, prefix: str = "") -> Q:
    """Condition on a clue, or on what `prefix` leads to one from: held by the own agency, or below the own jurisdiction; one in
    a compartment for its task force alone; another's that both sides opened to each other."""
    if not may(by.role, Permission.READ_CLUE):
        return Q(**{f"{prefix}pk__in": ()})
    both = Opening.objects.filter(clue=OuterRef("other"), other=OuterRef("clue"))
    opened = Opening.objects.filter(_known(by, "clue__"), Exists(both), clue__agency=by.agency_id)
    return _known(by, prefix) | Q(**{f"{prefix}pk__in": opened.values("other")})


def _known(by: Actor, prefix: str) -> Q:
    concern = Q(**{f"{prefix}agency": by.agency_id}) | Q(**{f"{prefix}jurisdiction__path__startswith": by.jurisdiction})
    mine = investigations_of(by).order_by().values("pk")
    return (concern & Q(**{f"{prefix}compartment__isnull": True})) | Q(**{f"{prefix}compartment__investigation__in": mine})


def clues_of(by: Actor) -> QuerySet[Clue]:
    """Clues that an actor may read, the latest first, with the step at which each stands as `state`."""
    last = Step.objects.filter(clue=OuterRef("pk")).order_by("-n")
    return (
        Clue.objects.filter(readable(by))
        .annotate(state=Subquery(last.values("state")[:1]))
        .select_related("agency", "jurisdiction")
        .order_by("-received_at", "pk")
    )


def clue_of(by: Actor, clue_id: int) -> Clue:
    """One of them; NotFound for whoever may not read it, as if it were not there."""
    found = clues_of(by).filter(pk=clue_id).first()
    if found is None:
        raise NotFound(clue=clue_id)
    return found


def is_own(by: Actor, clue: Clue) -> bool:
    """Whether the actor's own agency holds it: who writes into it, and who knows of its source."""
    return clue.agency_id == by.agency_id


def source_of(by: Actor, clue: Clue) -> str:
    """Who told it, in words; "" for every agency but the clue's own, and where nothing is known."""
    clue = clue_of(by, clue.pk)
    if not is_own(by, clue):
        return ""
    return Source.objects.filter(clue=clue).values_list("words", flat=True).first() or ""


def mentions_of(by: Actor, clue: Clue) -> QuerySet[Mention]:
    """What a clue speaks of, in the order in which it was told."""
    return Mention.objects.filter(readable(by, "clue__"), clue=clue).prefetch_related("facts").order_by("pk")


def edges_of(by: Actor, clue: Clue) -> QuerySet[Edge]:
    """Who does what with whom, as a clue says."""
    return (
        Edge.objects.filter(readable(by, "clue__"), clue=clue)
        .select_related("one", "other", "origin", "destination")
        .order_by("pk")
    )


def steps_of(by: Actor, clue: Clue) -> QuerySet[Step]:
    """The steps of a clue, the first one first."""
    return Step.objects.filter(readable(by, "clue__"), clue=clue).select_related("assigned_to").order_by("n")


def clues_like(by: Actor, text: str) -> QuerySet[Clue]:
    """Clues that an actor may read and that speak of what was typed: a name in any script or with a slip, a number, a place."""
    wanted = Q(pk__in=())
    for fact in FACTS:
        for kind, key in keys(fact, text):
            wanted |= Q(kind=kind, key=key)
    return clues_of(by).filter(pk__in=MentionKey.objects.filter(wanted).values("clue"))
