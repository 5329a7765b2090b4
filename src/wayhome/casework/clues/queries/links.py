"""Which clues may belong together: proposed by what they share, weighed by how few share it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q

from wayhome.casework.clues.models import Clue, Edge, Mention, MentionKey, Verdict
from wayhome.casework.clues.queries.bounded import Key, Keys
from wayhome.casework.clues.queries.clues import clue_of, clues_of, readable
from wayhome.casework.clues.rules import HARD, PROPOSED, Reason, Said, Shared, components, days_apart, link, standing
from wayhome.casework.core.actors import Actor

MOST_HOLDERS = 200
"""Clues are not found by a key that more than these have; it still adds to those that were found by another."""
MOST_COUNTED = 1_000
"""Up to here it is counted how many clues have a key: what a thousand have is worth a sixth, and what more have hardly less."""
MOST_LOOKED_AT = 400
"""Clues weighed for one; those that share the rarest first. How many were left is told."""
MOST_STEPS = 6
"""From the first clue of a cluster to its last."""
MOST_JOINED = 60
"""Clues of which a cluster is told."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Another clue, and why it may belong to this one."""

    other: Clue
    score: float
    reasons: tuple[Reason, ...]
    standing: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """Of one clue.

    Parameters
    ----------
    found : the best first.
    common : what more than `MOST_HOLDERS` clues have, by which alone nobody was looked for.
    more : clues that share something and were not weighed.
    """

    found: tuple[Proposal, ...]
    common: tuple[tuple[str, str, int], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Clues joined to one another; `more` tells that there are others beyond the last."""

    clues: tuple[int, ...]
    pairs: tuple[tuple[int, int, str], ...]
    more: bool


def proposals(by: Actor, clue: Clue) -> Proposals:
    """Clues that may belong to one, of those that the actor may read; with those that somebody confirmed or rejected.

    A rejected pair stands as such until one of the two speaks of something new.
    """
    clue = clue_of(by, clue.pk)
    return _proposals(by, [clue])[clue.pk]


def cluster(by: Actor, clue: Clue, *, proposed: bool) -> Cluster:
    """Clues joined to one by pairs that were confirmed, or proposed as well; each pair with how it stands."""
    start = clue_of(by, clue.pk)
    seen, waiting, pairs = {start.pk}, [start], {}
    for _ in range(MOST_STEPS):
        here, waiting = waiting, []
        for pk, told in sorted(_proposals(by, here).items()) if here else ():
            for one in told.found:
                if one.standing == "rejected" or (one.standing == "open" and not (proposed and one.score >= PROPOSED)):
                    continue
                if one.other.pk not in seen and len(seen) < MOST_JOINED:
                    seen.add(one.other.pk)
                    waiting.append(one.other)
                low, high = sorted((pk, one.other.pk))
                pairs[low, high] = "confirmed" if one.standing == "confirmed" else "proposed"
    inside = {pair: how for pair, how in pairs.items() if seen.issuperset(pair)}
    more = bool(waiting) or len(inside) < len(pairs)
    return Cluster(tuple(sorted(components(start.pk, inside))), tuple((*pair, how) for pair, how in sorted(inside.items())), more)


def _proposals(by: Actor, clues: Sequence[Clue]) -> dict[int, Proposals]:
    """Of several at once, in as many questions as of one."""
    own = _own_keys([clue.pk for clue in clues])
    every = {key for keys in own.values() for key in keys}
    # Of those that the actor may read: a number that counted others would tell of them.
    asked = Keys(by)
    holders = asked.counted(every, MOST_COUNTED)
    rare = {key for key in every if 1 < holders[key] <= MOST_HOLDERS}
    having = {key: set(some) for key, some in asked.clues_of_each(rare, MOST_HOLDERS).items()}
    verdicts = _verdicts([clue.pk for clue in clues])
    alike: dict[int, dict[int, set[Key]]] = {clue.pk: defaultdict(set) for clue in clues}
    ranked: dict[int, list[int]] = {}
    for clue in clues:
        for found in own[clue.pk]:
            for other in having.get(found, set()) - {clue.pk}:
                alike[clue.pk][other].add(found)
        worth = {pk: sum(_worth(key, holders) for key in some) for pk, some in alike[clue.pk].items()}
        ranked[clue.pk] = sorted(worth, key=lambda pk: (-worth[pk], pk))
    chosen = {clue.pk: {*ranked[clue.pk][:MOST_LOOKED_AT], *verdicts[clue.pk]} for clue in clues}
    everybody = set().union(*chosen.values())
    common = {key for key in every if holders[key] > MOST_HOLDERS}
    for other, kind, key in _having(by, common, everybody):
        for clue in clues:
            if other in chosen[clue.pk] and (kind, key) in own[clue.pk]:
                alike[clue.pk][other].add((kind, key))
    days = _days(everybody | {clue.pk for clue in clues})
    others = {clue.pk: clue for clue in clues_of(by).filter(pk__in=everybody)}
    new = _last_told({clue.pk for clue in clues} | {pk for said in verdicts.values() for pk in said})
    told = {}
    for clue in clues:
        pairs = []
        for pk in chosen[clue.pk] & others.keys():
            shared = [
                Shared(kind, key, mention, value, holders[kind, key])
                for kind, key in sorted(alike[clue.pk].get(pk, ()))
                for mention, value in own[clue.pk][kind, key]
            ]
            score, reasons = link(shared, days_apart(days[clue.pk], days[pk]))
            if score >= PROPOSED or pk in verdicts[clue.pk]:
                how = _standing(clue, others[pk], verdicts[clue.pk].get(pk, []), new)
                pairs.append(Proposal(others[pk], score, tuple(reasons), how))
        told[clue.pk] = Proposals(
            found=tuple(sorted(pairs, key=lambda one: (-one.score, one.other.pk))),
            common=tuple(
                sorted({(kind, own[clue.pk][kind, key][0][1], holders[kind, key]) for kind, key in common & own[clue.pk].keys()})
            ),
            more=max(0, len(ranked[clue.pk]) - MOST_LOOKED_AT),
        )
    return told


def _own_keys(clues: Collection[int]) -> dict[int, dict[Key, list[tuple[int, str]]]]:
    """The keys of clues, each with what it is a key of and how that is called."""
    own: dict[int, dict[Key, list[tuple[int, str]]]] = {clue: defaultdict(list) for clue in clues}
    rows = (
        MentionKey.objects.filter(clue__in=clues).order_by("pk").values_list("clue", "kind", "key", "mention", "mention__label")
    )
    for clue, kind, key, mention, label in rows:
        # The number itself is what is shared, not whose it is.
        own[clue][kind, key].append((mention, key if kind in HARD else label))
    return own


def with_keys(wanted: Iterable[Key]) -> Q:
    """Condition on rows of keys: one of these."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, key in wanted:
        by_kind[kind].append(key)
    condition = Q(pk__in=())
    for kind, some in sorted(by_kind.items()):
        condition |= Q(kind=kind, key__in=sorted(some))
    return condition


def _having(by: Actor, wanted: Collection[Key], among: Collection[int]) -> Iterable[tuple[int, str, str]]:
    """Clues among some that the actor may read, with which of these keys they have."""
    rows = MentionKey.objects.filter(with_keys(wanted), readable(by, "clue__"), clue__in=among)
    return rows.values_list("clue", "kind", "key").distinct()


def _worth(key: Key, holders: Mapping[Key, int]) -> float:
    return link([Shared(*key, 0, "", holders[key])], None)[0]


def _days(clues: Collection[int]) -> dict[int, list[date]]:
    """The days of which clues speak; where they name none, the day on which they came in."""
    told: dict[int, list[date]] = defaultdict(list)
    for clue, on in Edge.objects.filter(clue__in=clues, on__isnull=False).values_list("clue", "on").distinct():
        assert on is not None
        told[clue].append(on)
    for clue, received_at in Clue.objects.filter(pk__in=clues).values_list("pk", "received_at"):
        if not told[clue]:
            told[clue].append(received_at.date())
    return told


def _verdicts(clues: Collection[int]) -> dict[int, dict[int, list[tuple[Said, datetime]]]]:
    """What was said of pairs of clues, by the other clue."""
    told: dict[int, dict[int, list[tuple[Said, datetime]]]] = {clue: defaultdict(list) for clue in clues}
    for row in Verdict.objects.filter(Q(one__in=clues) | Q(other__in=clues)).order_by("n"):
        said = (Said(row.side_id, row.by_id, row.confirmed, row.n), row.at)
        for mine, other in ((row.one_id, row.other_id), (row.other_id, row.one_id)):
            if mine in told:
                told[mine][other].append(said)
    return told


def _last_told(clues: Collection[int]) -> dict[int, datetime]:
    """When clues last spoke of something new."""
    return dict(
        Mention.objects.filter(clue__in=clues).order_by().values("clue").annotate(last=Max("at")).values_list("clue", "last")
    )


def _standing(clue: Clue, other: Clue, said: Iterable[tuple[Said, datetime]], new: Mapping[int, datetime]) -> str:
    """How a pair stands; a no from before one of the two spoke of something new does not count any more."""
    last = max((new[one] for one in (clue.pk, other.pk) if one in new), default=None)
    sides = frozenset({clue.pk, other.pk}) if clue.jurisdiction_id != other.jurisdiction_id else frozenset[int]()
    words = list(said)
    lapsed = [one for one, at in words if not one.confirmed and last is not None and at < last]
    # What a no took back does not come again with its end: whoever said it says so anew. Within one jurisdiction any no does.
    counts = [one for one, _ in words if not any(no.n >= one.n and (not sides or no.side == one.side) for no in lapsed)]
    return standing(counts, sides)
