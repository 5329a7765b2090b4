"""From a pedigree to rows of symbols and the drops between them, before anything has a place.

Partners share a row, and whoever has parents stands below them. Where that cannot be (somebody has a child by a descendant), the
elder partner is drawn a second time beside the younger one. Who stands lower than their siblings, because a partner does, hangs
on a line that passes through the rows between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from wayhome.kinship.pedigrees.pedigree import Pedigree

Node = tuple[str, int]
"""A member, and which of its symbols: 0 is the first."""


@dataclass(frozen=True, slots=True)
class Union:
    """Those who have children together, the father first, or one alone; kind "tie" leads from a symbol to its copy."""

    parents: tuple[Node, ...]
    children: tuple[Node, ...]
    kind: Literal["union", "tie"] = "union"
    related: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """Something that takes room in a row.

    kind : "symbol", "joint" (where the line to the children begins) or "pass" (a line on its way to a lower row).
    node : whose symbol.
    """

    kind: Literal["symbol", "joint", "pass"]
    row: int
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """Lines from a token to tokens one row below."""

    start: int
    tops: tuple[int, ...]
    union: int


@dataclass
class Chart:
    """Tokens by number, the clusters of every row from left to right, and what joins the rows.

    A cluster is a chain of partners with their joints; it stays together, and may be turned round.
    """

    unions: Sequence[Union]
    tokens: list[Token] = field(default_factory=list)
    rows: list[list[list[int]]] = field(default_factory=list)
    drops: list[Drop] = field(default_factory=list)
    symbol: dict[Node, int] = field(default_factory=dict)
    missing: str | None = None
    joint: dict[int, int] = field(default_factory=dict)
    """union -> its joint, or the symbol of the parent below whom the line begins"""

    def add(self, token: Token) -> int:
        """Its number."""
        self.tokens.append(token)
        return len(self.tokens) - 1


def chart(pedigree: Pedigree) -> Chart:
    """Rows, clusters and drops of a pedigree that hangs together."""
    unions, rows = _generations(pedigree, list(_unions(pedigree)))
    made = Chart(unions, missing=pedigree.missing)
    made.rows = [[] for _ in range(max(rows.values()) + 1)]
    for node, row in rows.items():
        made.symbol[node] = made.add(Token("symbol", row, node))
    for chain in _chains(pedigree, unions, list(rows)):
        made.rows[rows[chain[0]]].append(_cluster(made, chain, rows[chain[0]]))
    for number, union in enumerate(unions):
        _drops(made, number, union, rows)
    return made


def parts(pedigree: Pedigree) -> Iterator[Pedigree]:
    """The pedigrees of those who hang together, in the order of their first members."""
    first = {name: name for name in pedigree.ids}

    def root(name: str) -> str:
        while first[name] != name:
            first[name] = name = first[first[name]]
        return name

    for member in pedigree:
        for parent in member.parents:
            first[root(parent)] = root(member.id)
    found: dict[str, list[str]] = {}
    for name in pedigree.ids:
        found.setdefault(root(name), []).append(name)
    for names in found.values():
        yield Pedigree(tuple(pedigree[name] for name in names), pedigree.missing if pedigree.missing in names else None)


def _unions(pedigree: Pedigree) -> Iterator[Union]:
    """Of couples with all their children; of a parent alone with one child each, since the unnamed others differ."""
    lines: dict[str, frozenset[str]] = {}
    for name in pedigree.from_the_oldest:
        lines[name] = frozenset((name,)).union(*(lines[parent] for parent in pedigree[name].parents))
    couples: dict[tuple[str, ...], list[str]] = {}
    for member in pedigree:
        if member.parents:
            key = member.parents if len(member.parents) == 2 else (*member.parents, "", member.id)
            couples.setdefault(key, []).append(member.id)
    for key, children in couples.items():
        named = key if len(key) == 2 else key[:1]
        related = len(named) == 2 and bool(lines[named[0]] & lines[named[1]])
        yield Union(tuple((p, 0) for p in named), tuple((c, 0) for c in children), related=related)


def _generations(pedigree: Pedigree, unions: list[Union]) -> tuple[list[Union], dict[Node, int]]:
    """The unions, with copies and ties where partners cannot share a row, and everybody's row."""
    edges = [(parent, child) for union in unions for parent in union.parents for child in union.children]
    same: dict[Node, Node] = {(name, 0): (name, 0) for name in pedigree.ids}

    def level(node: Node) -> Node:
        while same[node] != node:
            same[node] = node = same[same[node]]
        return node

    copies: dict[str, int] = {}
    done: list[Union] = []
    ties: list[Union] = []
    for union in unions:
        if len(union.parents) == 2:
            a, b = union.parents
            below = _below(edges, level)
            if _reaches(below, level(a), level(b)):
                a = _copy(a, copies, same, edges, ties)
            elif _reaches(below, level(b), level(a)):
                b = _copy(b, copies, same, edges, ties)
            same[level(b)] = level(a)
            union = Union((a, b), union.children, related=union.related)
        done.append(union)
    return done + ties, _rows(edges, level, list(same))


def _copy(elder: Node, copies: dict[str, int], same: dict[Node, Node], edges: list[tuple[Node, Node]], ties: list[Union]) -> Node:
    """A second symbol of the elder partner."""
    copies[elder[0]] = copies.get(elder[0], 0) + 1
    new = (elder[0], copies[elder[0]])
    same[new] = new
    edges.append((elder, new))
    ties.append(Union((elder,), (new,), "tie"))
    return new


def _below(edges: list[tuple[Node, Node]], level: Callable[[Node], Node]) -> dict[Node, dict[Node, None]]:
    below: dict[Node, dict[Node, None]] = {}
    for a, b in edges:
        below.setdefault(level(a), {})[level(b)] = None
    return below


def _reaches(below: Mapping[Node, Mapping[Node, None]], a: Node, b: Node) -> bool:
    """Whether a way leads down from one level to the other; nobody is below themselves."""
    if a == b:
        return False
    seen = {a}
    todo = [a]
    while todo:
        for lower in below.get(todo.pop(), ()):
            if lower == b:
                return True
            if lower not in seen:
                seen.add(lower)
                todo.append(lower)
    return False


def _rows(edges: list[tuple[Node, Node]], level: Callable[[Node], Node], nodes: list[Node]) -> dict[Node, int]:
    """One below the lowest parent; founders just above their highest child."""
    below = _below(edges, level)
    waiting: dict[Node, int] = {level(node): 0 for node in nodes}
    for lower in below.values():
        for b in lower:
            waiting[b] += 1
    tops = [a for a, count in waiting.items() if not count]
    row = dict.fromkeys(tops, 0)
    order = list(tops)
    for a in order:
        for b in below.get(a, ()):
            row[b] = max(row.get(b, 0), row[a] + 1)
            waiting[b] -= 1
            if not waiting[b]:
                order.append(b)
    for a in tops:
        if a in below:
            row[a] = min(row[b] for b in below[a]) - 1
    return {node: row[level(node)] for node in nodes}


def _chains(pedigree: Pedigree, unions: Sequence[Union], nodes: list[Node]) -> Iterator[list[Node]]:
    """Everybody once, in chains of partners."""
    partners: dict[Node, list[Node]] = {node: [] for node in nodes}
    for union in unions:
        if len(union.parents) == 2:
            a, b = union.parents
            partners[a].append(b)
            partners[b].append(a)
    seen: set[Node] = set()
    for node in nodes:
        if node in seen:
            continue
        group = _walk(node, partners)
        seen.update(group)
        ends = [one for one in group if len(partners[one]) < 2] or group
        yield min((_walk(end, partners) for end in ends[:12]), key=lambda chain: _awkward(pedigree, chain, partners))


def _walk(start: Node, partners: Mapping[Node, Sequence[Node]]) -> list[Node]:
    """Depth first, dead ends first, so that most partners come to stand side by side."""
    chain: list[Node] = []
    todo = [start]
    while todo:
        node = todo.pop()
        if node not in chain:
            chain.append(node)
            todo += sorted((p for p in reversed(partners[node]) if p not in chain), key=lambda p: -len(partners[p]))
    return chain


def _awkward(pedigree: Pedigree, chain: list[Node], partners: Mapping[Node, Sequence[Node]]) -> tuple[int, int]:
    """How many partners stand apart, and how many fathers to the right."""
    side_by_side = sum(b in partners[a] for a, b in pairwise(chain))
    fathers = {m.father for m in pedigree}
    return -side_by_side, sum(b[0] in fathers and b in partners[a] for a, b in pairwise(chain))


def _cluster(made: Chart, chain: list[Node], row: int) -> list[int]:
    """The tokens of a chain, joints in their places."""
    place = {node: k for k, node in enumerate(chain)}
    left: dict[Node, list[int]] = {node: [] for node in chain}
    right: dict[Node, list[int]] = {node: [] for node in chain}
    before: dict[Node, list[int]] = {node: [] for node in chain}
    alone: dict[Node, list[int]] = {}
    for number, union in enumerate(made.unions):
        if union.parents[0] not in place:
            continue
        if len(union.parents) == 1:
            alone.setdefault(union.parents[0], []).append(number)
        else:
            last = max(union.parents, key=lambda node: place[node])
            made.joint[number] = made.add(Token("joint", row))
            before[last].append(made.joint[number])
    for node, numbers in alone.items():
        half = len(numbers) // 2
        for k, number in enumerate(numbers):
            if len(numbers) % 2 and k == half:
                made.joint[number] = made.symbol[node]
            else:
                made.joint[number] = made.add(Token("joint", row))
                (left if k < half else right)[node].append(made.joint[number])
    tokens: list[int] = []
    for k, node in enumerate(chain):
        tokens += [*(right[chain[k - 1]] if k else ()), *before[node], *left[node], made.symbol[node]]
    return tokens + right[chain[-1]]


def _drops(made: Chart, number: int, union: Union, rows: Mapping[Node, int]) -> None:
    """To every child; those further below through passes of their own."""
    row = rows[union.parents[0]]
    tops: list[int] = []
    for child in union.children:
        top = made.symbol[child]
        for between in range(rows[child] - 1, row, -1):
            through = made.add(Token("pass", between))
            made.rows[between].append([through])
            made.drops.append(Drop(through, (top,), number))
            top = through
        tops.append(top)
    made.drops.append(Drop(made.joint[number], tuple(tops), number))
