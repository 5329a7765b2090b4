"""That somebody else holds a clue with the same number, where it may not be read: whom to call, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from wayhome.casework.clues.models import Clue, MentionKey, Opening
from wayhome.casework.clues.queries.bounded import Keys
from wayhome.casework.clues.queries.clues import clue_of, clues_of
from wayhome.casework.clues.queries.links import with_keys
from wayhome.casework.clues.rules import CONTACT, HIT_MOST
from wayhome.casework.core.actors import Actor


@dataclass(frozen=True, slots=True)
class Hit:
    """Another unit holds something with the same number.

    Parameters
    ----------
    agency, name : code and name of the agency to call.
    kinds : of key, such as phone; not which, nor how many.
    agreed : whether the own side agreed to open; what the other did is told by its clue alone.
    """

    agency: str
    name: str
    kinds: tuple[str, ...]
    agreed: bool


@dataclass(slots=True)
class Behind:
    """What a hit stands for; never told to a face."""

    name: str
    kinds: set[str]
    clues: set[int]


def hits(by: Actor, clue: Clue) -> list[Hit]:
    """Of a clue that the actor may read, by agency; the same agency where another task force of it holds something."""
    clue = clue_of(by, clue.pk)
    agreed = set(Opening.objects.filter(clue=clue).values_list("other", flat=True))
    return [
        Hit(agency, behind.name, tuple(sorted(behind.kinds)), behind.clues <= agreed)
        for agency, behind in sorted(behind_hits(by, clue).items())
    ]


def behind_hits(by: Actor, clue: Clue) -> dict[str, Behind]:
    """Clues that the actor may not read and that share what few have, by the agency that holds them."""
    own = set(MentionKey.objects.filter(clue=clue, kind__in=CONTACT).values_list("kind", "key"))
    few = {key for key, n in Keys(None).counted(own, HIT_MOST + 1).items() if n <= HIT_MOST}
    shared = with_keys(few)
    others = list(
        MentionKey.objects.filter(shared)
        .exclude(clue=clue)
        .values_list("clue", "kind", "clue__agency__code", "clue__agency__name")
    )
    known = set(clues_of(by).filter(pk__in={pk for pk, *_ in others}).order_by().values_list("pk", flat=True))
    found: dict[str, Behind] = defaultdict(lambda: Behind("", set(), set()))
    for pk, kind, agency, name in others:
        if pk not in known:
            found[agency].name = name
            found[agency].kinds.add(kind)
            found[agency].clues.add(pk)
    return dict(found)
