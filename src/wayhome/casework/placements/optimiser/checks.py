"""What a problem must hold before anything is computed from it. The first fault is told, with how to mend it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from wayhome.casework.placements.optimiser.errors import ProblemError
from wayhome.casework.placements.optimiser.problem import BARRED, LEVELS, Child, Home, Problem

MOST_WEIGHT = 1_000
"""Priorities above it would blur the arithmetic of the solver."""
MOST_YUAN = 1_000_000_000
MOST_COUNT = 100_000


def check(problem: Problem) -> None:
    """Raise a `ProblemError` unless the problem can be worked on; what stands between children and homes is looked at later."""
    _unique("child", (child.key for child in problem.children))
    _unique("home", (home.key for home in problem.homes))
    _whole("nights", problem.nights, 1, MOST_COUNT, "the problem")
    for child in problem.children:
        _check_child(child)
    for home in problem.homes:
        _check_home(home)
    homes = {home.key for home in problem.homes}
    children = {child.key: child for child in problem.children}
    for key in problem.untrusted:
        if key not in homes:
            raise ProblemError("unknown_home", f"Home {key} is not trusted but not in the problem", "Name it among the homes")
    for key, place in problem.fixed.items():
        if key not in children:
            raise ProblemError("unknown_child", f"Child {key} is fixed but not in the problem", "Add it or lift the fixing")
        if place not in homes:
            remedy = "Name the home among the homes, untrusted if nothing is known of it"
            raise ProblemError("unknown_home", f"Child {key} is fixed in home {place}, which is not in the problem", remedy)
    together: dict[str, tuple[str, str]] = {}
    for key, place in sorted(problem.fixed.items()):
        group = children[key].group
        other, there = together.setdefault(group, (key, place)) if group else (key, place)
        if there != place:
            raise ProblemError(
                "siblings_apart",
                f"Siblings {other} and {key} are fixed in two homes, {there} and {place}",
                "Lift one of the two; if a best-interests decision parts them, give them no common group",
                children=(other, key),
                homes=(there, place),
            )


def _unique(kind: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if not key:
            raise ProblemError(f"{kind}_key", f"A {kind} has an empty key", "Give each a key of its own")
        if key in seen:
            raise ProblemError(f"{kind}_twice", f"There are two of {kind} {key}", "Name each once", key=key)
        seen.add(key)


def _whole(name: str, value: object, least: int, most: int, whose: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        remedy = f"Use a whole number from {least} to {most}"
        raise ProblemError("not_whole", f"{name} of {whose} is {value!r}", remedy, field=name, whose=whose)


def _check_child(child: Child) -> None:
    whose = f"child {child.key}"
    _whole("needs", child.needs, LEVELS[0], LEVELS[-1], whose)
    _whole("priority", child.priority, 1, MOST_WEIGHT, whose)
    limit = child.most_hours
    if limit is not None and not (limit >= 0 and math.isfinite(limit)):
        raise ProblemError("most_hours", f"most_hours of {whose} is {limit!r}", "Give hours, 0 or more, or None", whose=whose)
    for home, why in child.barred_homes.items():
        if why not in BARRED:
            known = ", ".join(sorted(BARRED))
            raise ProblemError("barred", f"Home {home} is barred for {whose} by {why!r}", f"Use one of {known}", whose=whose)


def _check_home(home: Home) -> None:
    whose = f"home {home.key}"
    _whole("level", home.level, LEVELS[0], LEVELS[-1], whose)
    _whole("children_per_carer", home.children_per_carer, 1, MOST_COUNT, whose)
    for name, value in _counts(home):
        _whole(name, value, 0, MOST_COUNT, whose)
    for name, yuan in (("budget", home.budget), ("cost", home.cost), ("surge_cost", home.surge_cost)):
        if yuan is not None or name != "budget":
            _whole(name, yuan, 0, MOST_YUAN, whose)


def _counts(home: Home) -> Iterator[tuple[str, int]]:
    yield from (
        ("free_beds", home.free_beds),
        ("free_carers", home.free_carers),
        ("spare_care", home.spare_care),
        ("surge_carers", home.surge_carers),
    )
