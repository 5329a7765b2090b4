"""What hangs together with a thing that a clue speaks of, and the way from one thing to another, among clues that may be read.

A thing is what clues mean by one number, plate, account, address or place; somebody is one thing where clues give one identity
number. Who has a name in common is told beside, and is not made one. Nothing is followed without a bound: of what more have than
`FAN`, the first are taken and the others counted, and only of the thing that is asked about itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, Q, Subquery

from wayhome.casework.clues.models import Edge, Fact, Mention, MentionKey
from wayhome.casework.clues.queries.bounded import Key, Keys
from wayhome.casework.clues.queries.clues import readable
from wayhome.casework.clues.rules import keys
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound

FAN = 25
"""Clues of one key that are followed."""
MOST_COUNTED = 1_000
"""Up to here it is counted how many there are."""
MOST_MENTIONS = 120
"""Mentions from which one step goes on."""
MOST_KEYS = 100
"""Keys of one step, those that tell most first."""
MOST_EDGES = 400
"""Relations of one step."""
MOST_STEPS = 3
"""Steps from each end of a way."""
_MOST_TOLD = 100_000
"""More things than a clue ever speaks of."""
_FOLLOWED = ("id", "phone", "account", "vehicle", "address", "place", "name")
_SAME: Mapping[str, frozenset[str]] = {
    "person": frozenset({"id"}),
    "victim": frozenset({"id"}),
    "phone": frozenset({"phone"}),
    "account": frozenset({"account"}),
    "vehicle": frozenset({"vehicle"}),
    "address": frozenset({"address"}),
    "place": frozenset({"place"}),
    "route": frozenset(),
}
"""By which keys two mentions of a kind are one thing."""


class Place(NamedTuple):
    """Where a thing is told of: a clue, and which of what it speaks of. It tells nothing of how many things there are."""

    clue: int
    n: int

    def __str__(self) -> str:
        return f"{self.clue:0{numbers.LENGTH}d}-{self.n}"


@dataclass(frozen=True, slots=True)
class Thing:
    """A node: `mention` is one by which it is asked about, `clues` speak of it; None where nobody mentioned it but as a fact."""

    id: str
    kind: str
    label: str
    mention: Place | None
    clues: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """A line between two things: `verb` as a clue says it, or has for a fact, named for a name in common, stop for a route."""

    one: str
    other: str
    verb: str
    clue: int
    role: str = ""
    on: date | None = None
    origin: str = ""
    destination: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """Things and how they hang together; `start` is the one that was asked about.

    Parameters
    ----------
    more : of what was cut off, by kind and value: how many clues have it, `MOST_COUNTED` for that many or more.
    cut : whether there is more in another way, which was not counted.
    """

    start: str
    things: tuple[Thing, ...]
    ties: tuple[Tie, ...]
    more: tuple[tuple[str, str, int], ...] = ()
    cut: bool = False


@dataclass(slots=True)
class _Seen:
    """What was read so far: rows by their numbers, and the keys of mentions."""

    asked: Keys
    mentions: dict[int, Mention] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    keys: dict[int, set[Key]] = field(default_factory=lambda: defaultdict(set))
    facts: dict[int, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    edges: dict[int, Edge] = field(default_factory=dict)
    more: dict[Key, int] = field(default_factory=dict)
    gone_on: set[int] = field(default_factory=set)
    cut: bool = False


def mention_of(by: Actor, place: Place) -> Mention:
    """A thing that a clue speaks of which the actor may read; NotFound as if it were not there."""
    told = Mention.objects.filter(readable(by, "clue__"), clue=place.clue).order_by("pk")
    found = told[place.n - 1 : place.n].first() if 1 <= place.n <= _MOST_TOLD else None
    if found is None:
        raise NotFound(clue=place.clue, n=place.n)
    return found


def neighbourhood(by: Actor, place: Place, *, steps: int = 1) -> Network:
    """What hangs together with a thing, with as many questions for much as for little."""
    start = mention_of(by, place)
    seen = _Seen(Keys(by))
    front = {start.pk}
    for step in range(steps):
        front = _step(by, seen, front, every=step == 0)
    return _drawn(seen, start)


def way(by: Actor, one: Place, other: Place) -> Network | None:
    """The shortest way between two things; None where none was found within `MOST_STEPS` steps of each."""
    ends = mention_of(by, one), mention_of(by, other)
    seen = _Seen(Keys(by))
    fronts = [{ends[0].pk}, {ends[1].pk}]
    for step in range(MOST_STEPS):
        for side in (0, 1):
            fronts[side] = _step(by, seen, fronts[side] | (set() if step else {ends[side].pk}), every=step == 0)
            found = _path(_drawn(seen, ends[0]), _node_of(seen, ends[0].pk), _node_of(seen, ends[1].pk))
            if found is not None:
                return found
    return None


def central(network: Network, most: int = 5) -> list[Thing]:
    """Through what most of the shortest ways go: the thing to look at next, beside the one that was asked about."""
    weight = _networkx().betweenness_centrality(_graph(network))
    things = {thing.id: thing for thing in network.things}
    ranked = sorted((pk for pk in weight if weight[pk] > 0 and pk != network.start), key=lambda pk: (-weight[pk], pk))
    return [things[pk] for pk in ranked[:most]]


def _step(by: Actor, seen: _Seen, front: Collection[int], *, every: bool) -> set[int]:
    """Go on from mentions to those that share a key and those that relations lead to; the mentions that are new."""
    here = sorted(set(front) - seen.gone_on)[:MOST_MENTIONS]
    seen.cut = seen.cut or len(set(front) - seen.gone_on) > MOST_MENTIONS
    before = set(seen.mentions)
    _read(by, seen, here)
    every_key = sorted({key for pk in here for key in seen.keys[pk]}, key=lambda key: (_FOLLOWED.index(key[0]), key))
    own = set(every_key[:MOST_KEYS])
    seen.cut = seen.cut or len(every_key) > MOST_KEYS
    counts = seen.asked.counted(own, (MOST_COUNTED if every else FAN) + 1)
    followed = {key for key in own if every or 1 < counts[key] <= FAN}
    found = seen.asked.first_of_each(followed, FAN + 1)
    same: set[int] = set(here)
    for key in own:
        if counts[key] > FAN and every:
            seen.more[key] = min(counts[key], MOST_COUNTED)
        seen.cut = seen.cut or (counts[key] > FAN and not every)
    for mentions in found.values():
        same |= set(mentions[:FAN])
    _read(by, seen, same)
    # Of what is one thing with these, the relations count as well.
    alike = set(here) | {pk for pk in same if any(_one(seen, pk, start) for start in here)}
    edges = _edges(by, alike)
    seen.cut = seen.cut or len(edges) > MOST_EDGES
    for edge in edges[:MOST_EDGES]:
        seen.edges[edge.pk] = edge
    ends = {end for edge in edges[:MOST_EDGES] for end in _ends(edge)}
    _read(by, seen, ends)
    seen.gone_on |= set(here) | alike
    return set(seen.mentions) - before - seen.gone_on


def _edges(by: Actor, mentions: Collection[int]) -> Sequence[Edge]:
    some = sorted(mentions)
    return list(
        Edge.objects.filter(Q(one__in=some) | Q(other__in=some)).filter(readable(by, "clue__")).order_by("-pk")[: MOST_EDGES + 1]
    )


def _ends(edge: Edge) -> set[int]:
    return {pk for pk in (edge.one_id, edge.other_id, edge.origin_id, edge.destination_id) if pk is not None}


def _read(by: Actor, seen: _Seen, mentions: Iterable[int]) -> None:
    """Mentions, their keys and their facts, those that were not read yet."""
    new = sorted(set(mentions) - seen.mentions.keys())
    before = Mention.objects.filter(clue=OuterRef("clue"), pk__lte=OuterRef("pk")).order_by().values("clue")
    told = Mention.objects.filter(readable(by, "clue__"), pk__in=new)
    for mention in told.annotate(n=Subquery(before.annotate(n=Count("pk")).values("n"))):
        seen.mentions[mention.pk] = mention
        seen.places[mention.pk] = Place(mention.clue_id, mention.n)
    rows = MentionKey.objects.filter(mention__in=new, kind__in=_FOLLOWED).values_list("mention", "kind", "key")
    for pk, kind, key in rows:
        if pk in seen.mentions:
            seen.keys[pk].add((kind, key))
    for pk, kind, value in Fact.objects.filter(mention__in=new).order_by("pk").values_list("mention", "kind", "value"):
        if pk in seen.mentions:
            seen.facts[pk].append((kind, value))


def _one(seen: _Seen, one: int, other: int) -> bool:
    """Whether two mentions are one thing."""
    same = _SAME[seen.mentions[one].kind] & _SAME[seen.mentions[other].kind]
    return any(kind in same for kind, _key in seen.keys[one] & seen.keys[other])


def _spellings(seen: _Seen, mention: int, kind: str) -> list[list[Key]]:
    """Keys of a kind that a mention has, those of one fact together."""
    own = sorted(key for key in seen.keys[mention] if key[0] == kind)
    facts = [value for fact, value in seen.facts[mention] if fact == kind]
    # Reading hanzi takes longer than all else here, and where there is one fact every key is of it.
    some = [own] if len(facts) == 1 else [sorted(keys(kind, value) & set(own)) for value in facts]
    return [one for one in some if one]


class _Groups:
    """Mentions and keys that are one thing."""

    def __init__(self, seen: _Seen) -> None:
        self.places = seen.places
        self.above: dict[int | Key, int | Key] = {}
        for pk, mention in seen.mentions.items():
            for key in sorted(seen.keys[pk]):
                if key[0] in _SAME[mention.kind]:
                    self.join(pk, key)
        for pk in seen.mentions:
            # An address or a place has a key for each way of writing it.
            for kind in ("address", "place"):
                for some in _spellings(seen, pk, kind):
                    first, *others = some
                    for key in others:
                        self.join(first, key)

    def node(self, one: int | Key) -> str:
        """What its thing is called in a network: by a place or a key. A number that counts up would tell how many there are."""
        root = self.of(one)
        return str(self.places[root]) if isinstance(root, int) else f"{root[0]}:{root[1]}"

    def of(self, one: int | Key) -> int | Key:
        while self.above.get(one, one) != one:
            one = self.above[one]
        return one

    def join(self, one: int | Key, other: int | Key) -> None:
        first, second = self.of(one), self.of(other)
        if first != second:
            self.above[first] = second


def _node_of(seen: _Seen, mention: int) -> str:
    return _Groups(seen).node(mention) if mention in seen.mentions else ""


def _drawn(seen: _Seen, start: Mention) -> Network:
    """The rows as things and ties."""
    groups = _Groups(seen)
    members: dict[int | Key, list[int]] = defaultdict(list)
    for pk in sorted(seen.mentions):
        members[groups.of(pk)].append(pk)
    things = {
        groups.node(root): Thing(
            groups.node(root),
            seen.mentions[some[0]].kind,
            seen.mentions[start.pk].label if start.pk in some else seen.mentions[some[0]].label,
            seen.places[start.pk if start.pk in some else some[0]],
            tuple(sorted({seen.mentions[pk].clue_id for pk in some})),
        )
        for root, some in members.items()
    }
    ties: dict[tuple[str, str, str, int, int], Tie] = {}

    def tie(one: str, other: str, verb: str, clue: int, edge: Edge | None = None) -> None:
        if one != other:
            told = Tie(one, other, verb, clue)
            if edge is not None:
                origin, destination = (
                    things[groups.node(pk)].label if pk in seen.mentions else "" for pk in (edge.origin_id, edge.destination_id)
                )
                told = Tie(one, other, verb, clue, edge.role, edge.on, origin, destination)
            ties.setdefault((one, other, verb, clue, edge.pk if edge else 0), told)

    for edge in seen.edges.values():
        if edge.one_id in seen.mentions and edge.other_id in seen.mentions:
            tie(groups.node(edge.one_id), groups.node(edge.other_id), edge.verb, edge.clue_id, edge)
    names: dict[Key, set[str]] = defaultdict(set)
    for pk, mention in seen.mentions.items():
        own = groups.node(pk)
        for kind, key in sorted(seen.keys[pk]):
            if kind == "name":
                names[kind, key].add(own)
            elif kind not in _SAME[mention.kind]:
                root = groups.node((kind, key))
                if root not in things:
                    told = (value for fact, value in seen.facts[pk] if fact == kind and (kind, key) in keys(fact, value))
                    label = next(told, key) if kind in ("address", "place") else key
                    things[root] = Thing(root, kind, label, None, (mention.clue_id,))
                tie(own, root, "stop" if kind == "place" else "has", mention.clue_id)
    for alike in names.values():
        first, *others = sorted(alike)
        for other in others:
            tie(first, other, "named", 0)
    # From where and where to a child is moved is told with the tie; a place of nothing else is no thing of its own.
    tied = {groups.node(start.pk)}.union(*((each.one, each.other) for each in ties.values()))
    more = sorted((kind, key, n) for (kind, key), n in seen.more.items())
    kept = tuple(thing for thing in things.values() if thing.id in tied)
    return Network(groups.node(start.pk), kept, tuple(dict.fromkeys(ties.values())), tuple(more), seen.cut)


def _networkx() -> Any:
    # A second at the first question, and nothing where none is asked.
    import networkx

    return networkx


def _graph(network: Network) -> Any:
    graph = _networkx().Graph()
    graph.add_nodes_from(thing.id for thing in network.things)
    graph.add_edges_from((tie.one, tie.other) for tie in network.ties)
    return graph


def _path(network: Network, one: str, other: str) -> Network | None:
    """What lies on the shortest way, and nothing else."""
    graph = _graph(network)
    if one not in graph or other not in graph or not _networkx().has_path(graph, one, other):
        return None
    on = _networkx().shortest_path(graph, one, other)
    pairs = {frozenset(pair) for pair in pairwise(on)}
    things = {thing.id: thing for thing in network.things}
    ties = tuple(tie for tie in network.ties if frozenset((tie.one, tie.other)) in pairs)
    return Network(one, tuple(things[pk] for pk in on), ties)
