"""Names that a child went by against names that a family reports, whatever their scripts.

Two names are the same where a folding of one is a folding of the other (evidence.folding). How much that weighs is a matter of
how common such names are among the families of the base.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from wayhome.kinship.evidence.base import DEFAULT_CAP, Cap, Finding, missing
from wayhome.kinship.evidence.folding import foldings, given_name, likeness, without_middle
from wayhome.kinship.evidence.grades import Grade, Grades, log10_lr

NEAR = 0.85
"""Names at least so alike, by one minus edits over length, are near."""

SHORTEST_GIVEN = 4
"""Letters of a given name that may stand for the whole; one short syllable is too common."""

NAMES_RELATED = Grades(same=0.25, near=0.1)
"""Buyers and sellers rename infants. Assumed."""

NAMES_BY_CHANCE = Grades(same=0.01, near=0.03)
"""Where nobody counted. Assumed."""

_BEST_FIRST: tuple[Grade, ...] = ("same", "near", "different")


@lru_cache(maxsize=65536)
def compare_names(one: str, other: str) -> Grade:
    """How two names compare.

    "same": a folding in common. "near": the same given name, the same but for a middle "thị" or "văn", alike by ear, or nearly
    alike in writing. A name without letters is different from all.
    """
    first, second = foldings(one), foldings(other)
    if not first or not second:
        return "different"
    if first & second:
        return "same"
    if (first | _given(one)) & (second | _given(other)):
        return "near"
    if foldings(without_middle(one)) & second or first & foldings(without_middle(other)):
        return "near"
    if {_by_ear(f) for f in first} & {_by_ear(s) for s in second}:
        return "near"
    alike = any(likeness(f, s) >= NEAR for f, s in itertools.product(first, second))
    return "near" if alike else "different"


def best_name_grade(heard: Sequence[str], reported: Sequence[str]) -> Grade:
    """The best grade among all pairs of names; "different" where there is none."""
    grades = {compare_names(one, other) for one, other in itertools.product(heard, reported)}
    return next((grade for grade in _BEST_FIRST if grade in grades), "different")


def names_by_chance(heard: Sequence[str], base: Iterable[Sequence[str]]) -> Grades:
    """How often families of a base report names like these: common names agree often, rare ones seldom.

    Parameters
    ----------
    heard : the child's names.
    base : every family's reported names; families without any do not count. `NAMES_BY_CHANCE` counts as one family more.
    """
    counts: dict[Grade, float] = {grade: NAMES_BY_CHANCE.of(grade) for grade in _BEST_FIRST}
    for reported in base:
        if any(foldings(name) for name in reported):
            counts[best_name_grade(heard, reported)] += 1
    total = sum(counts.values())
    return Grades(counts["same"] / total, counts["near"] / total)


def names(
    heard: Sequence[str] | None,
    reported: Sequence[str] | None,
    *,
    by_chance: Grades = NAMES_BY_CHANCE,
    related: Grades = NAMES_RELATED,
    cap: Cap = DEFAULT_CAP,
) -> Finding:
    """Names that the child, a seller or a buyer used, against those the family reports; the best pair counts.

    Parameters
    ----------
    heard, reported : in any script; names without letters are left out.
    by_chance : of `names_by_chance`, so that a rare name weighs more than a common one.
    related : grades where the child is the family's.
    """
    known = [name for name in dict.fromkeys(heard or ()) if foldings(name)]
    wanted = [name for name in dict.fromkeys(reported or ()) if foldings(name)]
    if not known:
        return missing("names", "any name the child went by", cap)
    if not wanted:
        return missing("names", "the name of the missing child", cap)
    grade = best_name_grade(known, wanted)
    one, other = next(pair for pair in itertools.product(known, wanted) if compare_names(*pair) == grade)
    verb = {"same": "is the same as", "near": "is like", "different": "is not"}[grade]
    inputs: dict[str, Any] = {
        "heard": known,
        "reported": wanted,
        "grade": grade,
        "by_chance": [by_chance.same, by_chance.near],
        "related": [related.same, related.near],
    }
    return Finding(
        "names",
        log10_lr(grade, related, by_chance),
        f"names_{grade}",
        f'The name "{one}" {verb} the reported "{other}"',
        {"heard": one, "reported": other},
        inputs,
        cap,
    )


def _given(name: str) -> frozenset[str]:
    given = given_name(name)
    return frozenset({given} if len(given) >= SHORTEST_GIVEN else ())


def _by_ear(folded: str) -> str:
    """What southern speakers and hasty clerks do not tell apart: zh/z, ch/c, sh/s, ng/n, l/n, i/y."""
    for heard, written in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("y", "i")):
        folded = folded.replace(heard, written)
    return folded
