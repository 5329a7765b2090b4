"""The usual relationships as pedigrees, ready for a search.

Members are called by what they are to the child: "child", "mother", "father", "sibling 1", "grandmother", "uncle"... Whoever
links two relatives is a member, typed or not; a parent who links nobody is left unnamed. Every builder takes

    missing : id of the member who is looked for, "child" by default; None for a hypothesis in which nobody is.
    sex : sex of the missing member, where the part played does not tell it.

and raises a `PedigreeError` for a member there is not, or a sex that contradicts the part. Kinship is the coefficient of the
child and the relative: the chance that two alleles, one drawn from each, descend from one (Malecot 1948).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from wayhome.kinship.errors import PedigreeError
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree, Sex

Parent = Literal["father", "mother"]
Sibling = Literal["uncle", "aunt"]

_SEXES: dict[str, Sex] = {"father": "M", "uncle": "M", "mother": "F", "aunt": "F"}


def duo(parent: Parent = "mother", *, missing: str | None = "child", sex: Sex = "U") -> Pedigree:
    """Parent and child: 2 members, kinship 1/4."""
    return _pedigree(f"{parent} and child", [Member(parent, sex=_sex(parent, "father", "mother")), _child(parent)], missing, sex)


def trio(*, missing: str | None = "child", sex: Sex = "U") -> Pedigree:
    """Father, mother and child: 3 members, kinship 1/4 with each parent."""
    return _pedigree("trio", [*_couple("father", "mother"), Member("child", "father", "mother")], missing, sex)


def full_siblings(n: int = 1, *, missing: str | None = "child", sex: Sex = "U") -> Pedigree:
    """The child, both parents and n siblings by them, "sibling 1" to "sibling n": n + 3 members, kinship 1/4."""
    siblings = [Member(f"sibling {i}", "father", "mother") for i in _numbers(n)]
    members = [*_couple("father", "mother"), *siblings, Member("child", "father", "mother")]
    return _pedigree("full siblings", members, missing, sex)


def mother_and_siblings(n: int = 1, *, missing: str | None = "child", sex: Sex = "U") -> Pedigree:
    """The family of `full_siblings`, in which the mother is there and the father is not: n + 3 members."""
    return replace(full_siblings(n, missing=missing, sex=sex), name="mother and siblings")


def half_siblings(n: int = 1, *, shared: Parent = "mother", missing: str | None = "child", sex: Sex = "U") -> Pedigree:
    """The child, one parent and n children of that parent by n others, who are unnamed: n + 2 members, kinship 1/8."""
    siblings = [_child(shared, f"sibling {i}") for i in _numbers(n)]
    return _pedigree(
        f"half siblings by the {shared}",
        [Member(shared, sex=_sex(shared, "father", "mother")), *siblings, _child(shared)],
        missing,
        sex,
    )


def grandparents(side: Parent = "father", *, both: bool = True, missing: str | None = "child", sex: Sex = "U") -> Pedigree:
    """The child, the parent of one side and that parent's parents, or the mother alone: 4 or 3 members, kinship 1/8."""
    side_sex = _sex(side, "father", "mother")
    if both:
        elders = _couple("grandfather", "grandmother")
        parent = Member(side, "grandfather", "grandmother", side_sex)
    else:
        elders = [Member("grandmother", sex="F")]
        parent = Member(side, None, "grandmother", side_sex)
    return _pedigree(f"grandparents by the {side}", [*elders, parent, _child(side)], missing, sex)


def avuncular(side: Parent = "father", relative: Sibling = "uncle", *, missing: str | None = "child", sex: Sex = "U") -> Pedigree:
    """The child and a full sibling of a parent: 5 members with parent and grandparents, kinship 1/8."""
    members = [*_brood(side, relative), _child(side)]
    return _pedigree(f"{relative} by the {side}", members, missing, sex)


def first_cousins(
    side: Parent = "father", relative: Sibling = "uncle", *, missing: str | None = "child", sex: Sex = "U"
) -> Pedigree:
    """The child and "cousin", the child of an uncle or aunt: 6 members, kinship 1/16."""
    members = [*_brood(side, relative), _child(relative, "cousin"), _child(side)]
    return _pedigree(f"first cousins by the {side}", members, missing, sex)


def double_first_cousins(*, missing: str | None = "child", sex: Sex = "U") -> Pedigree:
    """The child and "cousin", whose fathers are brothers and whose mothers are sisters: 10 members, kinship 1/8."""
    members = [
        *_couple("father's father", "father's mother"),
        *_couple("mother's father", "mother's mother"),
        Member("father", "father's father", "father's mother", "M"),
        Member("uncle", "father's father", "father's mother", "M"),
        Member("mother", "mother's father", "mother's mother", "F"),
        Member("aunt", "mother's father", "mother's mother", "F"),
        Member("cousin", "uncle", "aunt"),
        Member("child", "father", "mother"),
    ]
    return _pedigree("double first cousins", members, missing, sex)


def first_cousin_marriage(*, missing: str | None = "child", sex: Sex = "U") -> Pedigree:
    """The child and "sibling 1", whose parents are first cousins, children of brothers: 10 members, inbreeding 1/16."""
    members = [
        *_couple("great-grandfather", "great-grandmother"),
        Member("father's father", "great-grandfather", "great-grandmother", "M"),
        Member("father's mother", sex="F"),
        Member("mother's father", "great-grandfather", "great-grandmother", "M"),
        Member("mother's mother", sex="F"),
        Member("father", "father's father", "father's mother", "M"),
        Member("mother", "mother's father", "mother's mother", "F"),
        Member("sibling 1", "father", "mother"),
        Member("child", "father", "mother"),
    ]
    return _pedigree("first cousin marriage", members, missing, sex)


def three_generations(*, missing: str | None = "child", sex: Sex = "U") -> Pedigree:
    """The child, both parents and all four grandparents: 7 members."""
    members = [
        *_couple("father's father", "father's mother"),
        *_couple("mother's father", "mother's mother"),
        Member("father", "father's father", "father's mother", "M"),
        Member("mother", "mother's father", "mother's mother", "F"),
        Member("child", "father", "mother"),
    ]
    return _pedigree("three generations", members, missing, sex)


def _sex(part: str, *parts: str) -> Sex:
    if part not in (parts or _SEXES):
        raise PedigreeError(f'"{part}" is no part in this relationship', f"Choose among {', '.join(parts or _SEXES)}")
    return _SEXES[part]


def _numbers(n: int) -> Iterable[int]:
    if n < 1:
        raise PedigreeError(f"{n} siblings make no relationship", "Give at least one")
    return range(1, n + 1)


def _couple(husband: str, wife: str) -> list[Member]:
    return [Member(husband, sex="M"), Member(wife, sex="F")]


def _child(parent: str, name: str = "child") -> Member:
    """A child of which only one parent is named."""
    return Member(name, parent, None) if _sex(parent) == "M" else Member(name, None, parent)


def _brood(side: Parent, relative: Sibling) -> list[Member]:
    """Grandparents, and their children: the child's parent and a sibling of that parent."""
    return [
        *_couple("grandfather", "grandmother"),
        Member(side, "grandfather", "grandmother", _sex(side, "father", "mother")),
        Member(relative, "grandfather", "grandmother", _sex(relative, "uncle", "aunt")),
    ]


def _pedigree(name: str, members: list[Member], missing: str | None, sex: Sex) -> Pedigree:
    for i, member in enumerate(members):
        if member.id == missing and sex != "U":
            if member.sex not in ("U", sex):
                raise PedigreeError(f"{name}: the {missing} cannot be of the sex {sex}", "Leave the sex out", member=missing)
            members[i] = replace(member, sex=sex)
    return Pedigree(tuple(members), missing, name)
