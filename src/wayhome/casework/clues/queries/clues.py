"""Clues that an actor may read: everything else about clues is asked through this."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from wayhome.casework.accounts.models import Staff
from wayhome.casework.accounts.queries import active_staff
from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.clues.models import Clue, Compartment, Edge, Mention, MentionKey, Opening, Source, Step, Verdict
from wayhome.casework.clues.rules import FACTS, NEXT, keys
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.operations.models import Investigation
from wayhome.casework.operations.queries.investigations import investigations_of, memberships


def readable(by: Actor, prefix: str = "") -> Q:
    """Condition on a clue, or on what `prefix` leads to one from: held by the own agency, or below the own jurisdiction; one in
    a compartment for its task force alone; another's that both sides opened to each other."""
    if not may(by.role, Permission.READ_CLUE):
        return Q(**{f"{prefix}pk__in": ()})
    both = Opening.objects.filter(clue=OuterRef("other"), other=OuterRef("clue"))
    # Asked of each clue by itself: as a list it would read every clue of the agency to find the few that were opened.
    opened = Opening.objects.filter(_known(by, "clue__"), Exists(both), clue__agency=by.agency_id, other=OuterRef(f"{prefix}pk"))
    return _known(by, prefix) | Q(Exists(opened))


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


def listed(by: Actor, found: QuerySet[Clue] | None = None) -> QuerySet[Clue]:
    """Clues that an actor may read: what waits for them first (`waits` is 0 to triage, 1 where it was given to them), then the
    latest."""
    rows = clues_of(by) if found is None else found
    if not may(by.role, Permission.RECORD_CLUE):
        return rows.annotate(waits=Value(2))
    last = Step.objects.filter(clue=OuterRef("pk")).order_by("-n")
    given = Q(assigned_to=by.staff_id, state__in=[state for state, after in NEXT.items() if after])
    return rows.annotate(
        assigned_to=Subquery(last.values("assigned_to")[:1]),
        waits=Case(
            When(agency=by.agency_id, state="received", then=0),
            When(given, then=1),
            default=2,
            output_field=IntegerField(),
        ),
    ).order_by("waits", "-received_at", "pk")


def spoken_of(by: Actor, clues: Collection[int]) -> dict[int, list[Mention]]:
    """What clues of a list speak of, in one question."""
    told: dict[int, list[Mention]] = {clue: [] for clue in clues}
    for mention in Mention.objects.filter(readable(by, "clue__"), clue__in=told).order_by("pk"):
        told[mention.clue_id].append(mention)
    return told


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


def verdicts_of(by: Actor, clue: Clue, other: Clue) -> QuerySet[Verdict]:
    """What was said of a pair of clues, both of which the actor may read, the first word first."""
    one, high = sorted((clue_of(by, clue.pk), clue_of(by, other.pk)), key=lambda each: each.pk)
    return Verdict.objects.filter(one=one, other=high).select_related("by__agency", "side__jurisdiction").order_by("n")


def compartment_of(by: Actor, clue: Clue) -> Investigation | None:
    """The investigation whose task force alone knows of a clue."""
    return (
        investigations_of(by).filter(pk__in=Compartment.objects.filter(clue=clue_of(by, clue.pk)).values("investigation")).first()
    )


def officers_of(by: Actor, clue: Clue) -> QuerySet[Staff]:
    """Officers of the actor's agency to whom a clue can be given: who can read it, one in a compartment its task force alone."""
    officers = active_staff().filter(agency=by.agency_id, role="officer").order_by("name", "pk")
    kept = compartment_of(by, clue)
    if kept is None:
        return officers
    return officers.filter(pk__in=memberships().filter(investigation=kept).values("staff"))


def clues_like(by: Actor, text: str) -> QuerySet[Clue]:
    """Clues that an actor may read and that speak of what was typed: a name in any script or with a slip, a number, a place."""
    wanted = Q(pk__in=())
    for fact in FACTS:
        for kind, key in keys(fact, text):
            wanted |= Q(kind=kind, key=key)
    return clues_of(by).filter(pk__in=MentionKey.objects.filter(wanted).values("clue"))
