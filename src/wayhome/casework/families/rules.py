"""When two requests may be for one child, and how a family tree grows a relative at a time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from wayhome import kinship

Sex = Literal["F", "M", "U"]

SEXES = frozenset({"F", "M", "U"})
CAUSES = ("abducted", "deceived", "sold", "unknown")
"""How a child was lost."""
BLOOD_GROUPS = ("A", "B", "AB", "O")
INQUIRERS = ("mother", "father", "grandparent", "sibling", "guardian", "other_kin", "authority")
"""What whoever asks is to the child."""
LIFE = ("living", "dead", "unknown")
REACH = ("willing", "to_ask", "unwilling", "lost")
"""Whether a sample can be had: agreed, not asked yet, said no, nobody knows where they are."""
PURPOSE = "search"
"""What relatives' DNA is for: comparison with rescued children, and nothing else."""
SCOPES = ("this_child", "any_child")
END_REASONS = ("withdrawn", "duplicate")
LONGEST_CONSENT = timedelta(days=50 * 366)
OLDEST_LOST = date(1949, 1, 1)

NEAR_BIRTHS = timedelta(days=60)
"""Two families' memories of one birth, in two calendars, may differ by so much."""
NEAR_LOSSES = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Sought:
    """What a request says, for comparison with another.

    Parameters
    ----------
    names : keys of the child's names.
    people : keys of identity numbers and telephones of whoever asks and of the relatives.
    place : path of the jurisdiction where it was lost; "" where that is not known.
    """

    sex: str
    born: tuple[date, date]
    lost: tuple[date, date]
    names: frozenset[tuple[str, str]]
    people: frozenset[tuple[str, str]]
    place: str
    marks: tuple[kinship.Mark, ...] = ()


Reason = dict[str, Any]


def duplicate_reasons(one: Sought, other: Sought) -> list[Reason]:
    """Why two requests may be for one child; empty if too little speaks for it, or something against.

    One of the family must be the same, or the name must agree and the time and place of the loss with it: mothers name many
    daughters alike, and siblings are lost one after the other.
    """
    if _contradict(one, other):
        return []
    reasons: list[Reason] = []
    family = sorted({kind for kind, _ in one.people & other.people})
    reasons += [{"code": f"same_{kind}"} for kind in family]
    if one.names & other.names:
        reasons.append({"code": "name_agrees"})
    if _within(one.born, other.born, NEAR_BIRTHS):
        reasons.append({"code": "birth_near"})
    near = _within(one.lost, other.lost, NEAR_LOSSES)
    if near:
        reasons.append({"code": "loss_near"})
    there = bool(one.place and other.place) and (one.place.startswith(other.place) or other.place.startswith(one.place))
    if there:
        reasons.append({"code": "place_same"})
    enough = bool(family) or (bool(one.names & other.names) and near and (there or not (one.place and other.place)))
    return reasons if enough else []


def _contradict(one: Sought, other: Sought) -> bool:
    sexes = "U" not in (one.sex, other.sex) and one.sex != other.sex
    apart = timedelta(days=366)
    return sexes or not _within(one.born, other.born, apart) or not _within(one.lost, other.lost, apart)


def _within(one: tuple[date, date], other: tuple[date, date], margin: timedelta) -> bool:
    """Whether two intervals overlap, or miss each other by no more than a margin."""
    return one[0] - margin <= other[1] and other[0] - margin <= one[1]


@dataclass(frozen=True, slots=True)
class Node:
    """A member as the tree has it: sex, mother and father by number."""

    sex: str
    mother: int | None = None
    father: int | None = None


Tree = Mapping[int, Node]


@dataclass(slots=True)
class Growth:
    """What a new relative brings: members by a number below zero, the relative being -1, and links (child, parent)."""

    members: dict[int, str] = field(default_factory=dict)
    links: list[tuple[int, int]] = field(default_factory=list)

    def add(self, sex: str) -> int:
        """One member more."""
        number = -1 - len(self.members)
        self.members[number] = sex
        return number

    def link(self, child: int, *parents: int) -> None:
        """Somebody's parents."""
        self.links += [(child, parent) for parent in parents]


class CannotBe(ValueError):
    """The tree has no place for such a relative; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


RELATIONS = (
    "mother",
    "father",
    "sister",
    "brother",
    "half_sister_mother",
    "half_brother_mother",
    "half_sister_father",
    "half_brother_father",
    "daughter",
    "son",
)
"""What a new relative can be to somebody in the tree; whoever is further away is reached step by step."""


def grow(tree: Tree, of: int, relation: str, *, partner: int | None = None) -> Growth:
    """A relative more: `relation` says what they are to `of`. Parents who are needed to say so are added without a name.

    Parameters
    ----------
    partner : for a daughter or a son: the other parent, if the tree has one.

    Raises
    ------
    CannotBe
        "has_parent": there is a mother or a father already; "parent_sex_unknown": a child of somebody of unknown sex;
        "partner_same_sex": the other parent would be a second mother or father.
    """
    growth = Growth()
    steps: Mapping[str, Callable[[], None]] = {
        "mother": lambda: _parent(growth, tree, of, "F"),
        "father": lambda: _parent(growth, tree, of, "M"),
        "sister": lambda: _sibling(growth, tree, of, "F", "F", "M"),
        "brother": lambda: _sibling(growth, tree, of, "M", "F", "M"),
        "half_sister_mother": lambda: _sibling(growth, tree, of, "F", "F"),
        "half_brother_mother": lambda: _sibling(growth, tree, of, "M", "F"),
        "half_sister_father": lambda: _sibling(growth, tree, of, "F", "M"),
        "half_brother_father": lambda: _sibling(growth, tree, of, "M", "M"),
        "daughter": lambda: _offspring(growth, tree, of, "F", partner),
        "son": lambda: _offspring(growth, tree, of, "M", partner),
    }
    steps[relation]()
    return growth


def _parent(growth: Growth, tree: Tree, of: int, sex: str) -> None:
    if (tree[of].mother if sex == "F" else tree[of].father) is not None:
        raise CannotBe("has_parent")
    growth.link(of, growth.add(sex))


def _sibling(growth: Growth, tree: Tree, of: int, sex: str, *shared: str) -> None:
    """With both parents shared, or one: then only that one is told."""
    sibling = growth.add(sex)
    for side, known in (("F", tree[of].mother), ("M", tree[of].father)):
        if side in shared:
            parent = known
            if parent is None:
                parent = growth.add(side)
                growth.link(of, parent)
            growth.link(sibling, parent)


def _offspring(growth: Growth, tree: Tree, of: int, sex: str, partner: int | None) -> None:
    if tree[of].sex == "U":
        raise CannotBe("parent_sex_unknown")
    if partner is not None and {tree[of].sex, tree[partner].sex} != {"F", "M"}:
        raise CannotBe("partner_same_sex")
    child = growth.add(sex)
    growth.link(child, of, *([] if partner is None else [partner]))


def nearness(tree: Tree, of: int) -> dict[int, int]:
    """By blood relative: births between them and somebody, by the shortest way over an ancestor of both."""
    own = _above(tree, of)
    ways = {}
    for one in tree:
        theirs = _above(tree, one)
        shared = own.keys() & theirs.keys()
        if shared:
            ways[one] = min(own[ancestor] + theirs[ancestor] for ancestor in shared)
    return ways


def _above(tree: Tree, of: int) -> dict[int, int]:
    """Somebody and their ancestors, each with the births up to them."""
    found = {of: 0}
    waiting = [of]
    for one in waiting:
        for parent in (tree[one].mother, tree[one].father):
            if parent is not None and parent not in found:
                found[parent] = found[one] + 1
                waiting.append(parent)
    return found


def pedigree(tree: Tree, missing: int, *, names: Mapping[int, str], name: str) -> kinship.Pedigree:
    """The tree as the genetics have it."""

    def member(number: int) -> kinship.Member:
        node = tree[number]
        father = None if node.father is None else names[node.father]
        mother = None if node.mother is None else names[node.mother]
        return kinship.Member(names[number], father=father, mother=mother, sex=node.sex)  # type: ignore[arg-type]

    return kinship.Pedigree(tuple(member(number) for number in sorted(tree)), missing=names[missing], name=name)


def can_be_typed(life: str, reach: str, consented: bool) -> bool:
    """Whether a sample of a relative can be had, if they agree."""
    return life != "dead" and (consented or reach in ("willing", "to_ask"))
