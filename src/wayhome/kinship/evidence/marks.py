"""Marks on the body, by kind and coded place.

A reported mark is found at its place ("same"), found one place further, mirrored or taken for a kind like it ("near"), or not
found. By chance a grade is as probable as such marks are common: prevalence of the kind times the place's share of it
(data/marks/SOURCES.md). Marks that no family reported carry no weight: a family need not have told, or noticed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from wayhome.kinship.errors import UnknownName
from wayhome.kinship.evidence.base import DEFAULT_CAP, Cap, Finding, missing
from wayhome.kinship.evidence.grades import Grade, Grades, best_grades, log10_lr

MARKS_RELATED = Grades(same=0.6, near=0.2)
"""Marks fade, are overlooked, and are remembered on the wrong side. Assumed."""

RARE_SHARE = 1e-3
"""Share of a kind's marks at a place where the table expects none."""


@dataclass(frozen=True, slots=True)
class MarkKind:
    """A kind of mark: prevalence in newborns of the region, places where it occurs (empty: anywhere), kinds taken for it (same
    `group`), whether it is too common to weigh, and the source."""

    name: str
    group: str
    prevalence: float
    places: tuple[str, ...]
    no_weight: bool
    source: str


@cache
def mark_kinds() -> Mapping[str, MarkKind]:
    """The kinds by name."""
    return MappingProxyType(
        {
            row["kind"]: MarkKind(
                row["kind"],
                row["group"],
                float(row["prevalence"]),
                tuple(row["places"].split()),
                row["no_weight"] == "yes",
                row["source"],
            )
            for row in _rows("kinds.csv")
        }
    )


@cache
def body_places() -> Mapping[str, frozenset[str]]:
    """Coded places of the body, each with those next to it; left is the child's left."""
    return MappingProxyType({row["place"]: frozenset(row["neighbours"].split()) for row in _rows("places.csv")})


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark.

    Raises
    ------
    UnknownName
        for a kind or place outside `mark_kinds` and `body_places`; "other" is a kind.
    """

    kind: str
    place: str

    def __post_init__(self) -> None:
        if self.kind not in mark_kinds():
            raise UnknownName(f'"{self.kind}" is no kind of mark', f"Choose among {', '.join(mark_kinds())}", field="kind")
        if self.place not in body_places():
            raise UnknownName(f'"{self.place}" is no place', f"Choose among {', '.join(body_places())}", field="place")

    @property
    def frequency(self) -> float:
        """Share of children who have a mark of this kind at this place."""
        kind, areas = mark_kinds()[self.kind], _areas()
        allowed = kind.places or tuple(areas)
        if self.place not in allowed:
            return kind.prevalence * RARE_SHARE
        return kind.prevalence * areas[self.place] / sum(areas[place] for place in allowed)


def marks(
    child: Sequence[Mark] | None,
    reported: Sequence[Mark] | None,
    *,
    related: Grades = MARKS_RELATED,
    cap: Cap = DEFAULT_CAP,
) -> Finding:
    """The child's marks against those the family reports.

    Parameters
    ----------
    child : marks found; empty where the body was examined and bears none, None where it was not examined.
    reported : None or empty where the family told of none.
    related : grades for a reported mark where the child is the family's.
    """
    if child is None:
        return missing("marks", "the examination of the child's body", cap)
    wanted = tuple(dict.fromkeys(reported or ()))
    if not wanted:
        return missing("marks", "any mark of the missing child", cap)
    total = 0.0
    items: list[dict[str, Any]] = []
    weighed = tuple(mark for mark in wanted if not mark_kinds()[mark.kind].no_weight)
    grades = best_grades(weighed, tuple(child), compare_marks)
    for mark, (grade, match) in zip(weighed, grades, strict=True):
        by_chance = chance(mark)
        value = log10_lr(grade, related, by_chance)
        total += value
        told = None if match is None else [match.kind, match.place]
        items.append(
            {
                "reported": [mark.kind, mark.place],
                "found": told,
                "grade": grade,
                "log10_lr": value,
                "by_chance": [by_chance.same, by_chance.near],
            }
        )
    same = sum(item["grade"] == "same" for item in items)
    near = sum(item["grade"] == "near" for item in items)
    text = f"Of {len(items)} reported marks {same} were found and {near} nearly so"
    unweighed = [[mark.kind, mark.place] for mark in wanted if mark not in weighed]
    if unweighed:
        text += f"; {len(unweighed)} are too common to weigh"
    inputs = {
        "child": [[mark.kind, mark.place] for mark in child],
        "items": items,
        "no_weight": unweighed,
        "related": [related.same, related.near],
    }
    data = {"reported": len(items), "same": same, "near": near, "no_weight": len(unweighed)}
    return Finding("marks", total, "marks_compared", text, data, inputs, cap)


def compare_marks(one: Mark, other: Mark) -> Grade:
    """Same kind and place; near: the same kind next to it or mirrored, or a kind of the same group at the place."""
    if one == other:
        return "same"
    if one.kind == other.kind and (other.place in body_places()[one.place] or other.place == _mirrored(one.place)):
        return "near"
    kinds = mark_kinds()
    return "near" if one.place == other.place and kinds[one.kind].group == kinds[other.kind].group else "different"


@cache
def chance(mark: Mark) -> Grades:
    """How probable it is that a child like any other has this mark, or one near it."""
    near = sum(other.frequency for other in _all_marks() if compare_marks(mark, other) == "near")
    return Grades(mark.frequency, near)


@cache
def _all_marks() -> tuple[Mark, ...]:
    return tuple(Mark(kind, place) for kind in mark_kinds() for place in body_places())


def _mirrored(place: str) -> str:
    part, _, side = place.rpartition("_")
    return {"left": f"{part}_right", "right": f"{part}_left"}.get(side, place)


@cache
def _areas() -> Mapping[str, float]:
    return MappingProxyType({row["place"]: float(row["area"]) for row in _rows("places.csv")})


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("wayhome.kinship").joinpath("data", "marks", name).read_text("utf-8")
    return csv.DictReader(text.splitlines())
