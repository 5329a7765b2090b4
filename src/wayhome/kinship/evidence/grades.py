"""Agreement in three grades, for what is compared rather than measured: marks, belongings, names.

What a family reports and what is found on the child are the same, near, or different. The LR of a grade is its probability
where the child is the family's over its probability by chance, so that its mean over strangers is one, exactly.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from wayhome.kinship.errors import InputError

Grade = Literal["same", "near", "different"]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Grades:
    """Probabilities of the grades: `same` and `near` above zero, together below one; `different` is the rest."""

    same: float
    near: float

    def __post_init__(self) -> None:
        if not (self.same > 0 and self.near > 0 and self.same + self.near < 1):
            raise InputError(
                f"{self.same} and {self.near} are no probabilities of two grades out of three",
                "Give both above 0, their sum below 1",
                field="grades",
            )

    @property
    def different(self) -> float:
        """Probability of neither."""
        return 1 - self.same - self.near

    def of(self, grade: Grade) -> float:
        """Probability of a grade."""
        return {"same": self.same, "near": self.near, "different": self.different}[grade]


def log10_lr(grade: Grade, related: Grades, by_chance: Grades) -> float:
    """log10 LR of a grade."""
    return math.log10(related.of(grade) / by_chance.of(grade))


def best_grades(
    reported: Sequence[Item], found: Sequence[Item], compare: Callable[[Item, Item], Grade]
) -> list[tuple[Grade, Item | None]]:
    """For every reported item its grade and the found item that gave it; a found item serves one reported item only."""
    answers: list[tuple[Grade, Item | None]] = [("different", None)] * len(reported)
    free = list(range(len(found)))
    wanted: tuple[Grade, ...] = ("same", "near")
    for grade in wanted:
        for i, item in enumerate(reported):
            if answers[i][0] != "different":
                continue
            match = next((j for j in free if compare(item, found[j]) == grade), None)
            if match is not None:
                free.remove(match)
                answers[i] = (grade, found[match])
    return answers
