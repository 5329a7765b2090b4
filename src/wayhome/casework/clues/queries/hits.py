"""That somebody else holds a clue with the same number, where it may not be read: whom to call, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from wayhome.casework.accounts.models import Agency
from wayhome.casework.clues.models import Clue, MentionKey, Opening
from wayhome.casework.clues.queries.bounded import Key, Keys, as_one
from wayhome.casework.clues.queries.clues import clue_of, clues_of
from wayhome.casework.clues.queries.links import with_keys
from wayhome.casework.clues.rules import CONTACT, HIT_LOOKED_AT, Holder, hit_with
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
    having = _having(clue)
    shared = {key: hit_with(clue.pk, holders.values()) for key, holders in having.items()}
    others = set().union(*shared.values())
    known = set(clues_of(by).filter(pk__in=as_one(others)).order_by().values_list("pk", flat=True))
    names = dict(Agency.objects.values_list("code", "name"))
    found: dict[str, Behind] = {}
    for key, clues in shared.items():
        for pk in clues - known:
            agency = having[key][pk].agency
            behind = found.setdefault(agency, Behind(names[agency], set(), set()))
            behind.kinds.add(key[0])
            behind.clues.add(pk)
    return found


def _having(clue: Clue) -> dict[Key, dict[int, Holder]]:
    """Every clue of the house that has a number which one has, by the number; not of what very many have."""
    own = set(MentionKey.objects.filter(clue=clue, kind__in=CONTACT).values_list("kind", "key"))
    counted = Keys(None).counted(own, HIT_LOOKED_AT + 1)
    looked_at = {key for key, n in counted.items() if 1 < n <= HIT_LOOKED_AT}
    of_clue = (f"clue__{name}" for name in ("agency__code", "source_grade", "info_grade"))
    having: dict[Key, dict[int, Holder]] = defaultdict(dict)
    for kind, key, pk, *told in MentionKey.objects.filter(with_keys(looked_at)).values_list("kind", "key", "clue", *of_clue):
        having[kind, key][pk] = Holder(pk, *told)
    return having
