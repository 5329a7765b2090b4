"""What each member of a pedigree is to the missing child."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Row = tuple[str, str | None, str | None, str]
"""Id, father, mother, sex, as an assessment holds them."""

WORDS: Mapping[str, str | Promise] = {
    "child": _("missing child"),
    "father": _("father"),
    "mother": _("mother"),
    "brother": _("brother"),
    "sister": _("sister"),
    "sibling": _("brother or sister"),
    "half_brother_father": _("half-brother by the father"),
    "half_sister_father": _("half-sister by the father"),
    "half_sibling_father": _("half-sibling by the father"),
    "half_brother_mother": _("half-brother by the mother"),
    "half_sister_mother": _("half-sister by the mother"),
    "half_sibling_mother": _("half-sibling by the mother"),
    "fathers_father": _("father's father"),
    "fathers_mother": _("father's mother"),
    "mothers_father": _("mother's father"),
    "mothers_mother": _("mother's mother"),
    "fathers_brother": _("father's brother"),
    "fathers_sister": _("father's sister"),
    "fathers_sibling": _("father's brother or sister"),
    "mothers_brother": _("mother's brother"),
    "mothers_sister": _("mother's sister"),
    "mothers_sibling": _("mother's brother or sister"),
    "great_grandfather": _("great-grandfather"),
    "great_grandmother": _("great-grandmother"),
    "cousin": _("cousin"),
    "kin": _("blood relative"),
    "not_kin": _("no blood tie to the child"),
}
_BY_SEX = {"M": "brother", "F": "sister", "U": "sibling"}


@dataclass(frozen=True)
class _Tree:
    parents: Mapping[str, tuple[str | None, str | None]]
    sex: Mapping[str, str]

    def father(self, one: str | None) -> str | None:
        return None if one is None else self.parents[one][0]

    def mother(self, one: str | None) -> str | None:
        return None if one is None else self.parents[one][1]

    def full(self, one: str, other: str | None) -> bool:
        """Whether both parents are known and the same."""
        return other is not None and one != other and None not in self.parents[one] and self.parents[one] == self.parents[other]

    def line(self, one: str) -> set[str]:
        found: set[str] = set()
        todo = [one]
        while todo:
            member = todo.pop()
            if member not in found:
                found.add(member)
                todo += [parent for parent in self.parents[member] if parent is not None]
        return found


def kin(pedigree: Sequence[Row], missing: str) -> dict[str, str]:
    """Member -> code of `WORDS`."""
    tree = _Tree({row[0]: (row[1], row[2]) for row in pedigree}, {row[0]: row[3] for row in pedigree})
    return {row[0]: _code(tree, row[0], missing) for row in pedigree}


def _code(tree: _Tree, one: str, child: str) -> str:
    if one == child:
        return "child"
    father, mother = tree.father(child), tree.mother(child)
    ancestors = {
        father: "father",
        mother: "mother",
        tree.father(father): "fathers_father",
        tree.mother(father): "fathers_mother",
        tree.father(mother): "mothers_father",
        tree.mother(mother): "mothers_mother",
    }
    if one in ancestors:
        return ancestors[one]
    kind = _BY_SEX[tree.sex[one]]
    if tree.full(one, child):
        return kind
    if father is not None and tree.father(one) == father:
        return f"half_{kind}_father"
    if mother is not None and tree.mother(one) == mother:
        return f"half_{kind}_mother"
    for parent, side in ((father, "fathers"), (mother, "mothers")):
        if tree.full(one, parent):
            return f"{side}_{kind}"
    grandparents = [tree.father(father), tree.mother(father), tree.father(mother), tree.mother(mother)]
    if one in {above for grand in grandparents if grand is not None for above in tree.parents[grand]}:
        return "great_grandfather" if tree.sex[one] == "M" else "great_grandmother"
    if any(tree.full(own, parent) for own in tree.parents[one] if own is not None for parent in (father, mother)):
        return "cousin"
    return "kin" if tree.line(one) & tree.line(child) else "not_kin"
