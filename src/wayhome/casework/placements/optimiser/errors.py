"""What the optimiser cannot work on."""

from __future__ import annotations

from typing import Any


class ProblemError(ValueError):
    """A placement problem that contradicts itself or holds an impossible value.

    Parameters
    ----------
    code : stable, for translation and tests.
    problem : what is wrong, naming child or home; one sentence without a full stop.
    remedy : how to mend it; one sentence without a full stop.
    data : values for a translated message; keys of children and homes, never names of people.
    """

    def __init__(self, code: str, problem: str, remedy: str, **data: Any) -> None:
        self.code = code
        self.problem = problem
        self.remedy = remedy
        self.data = data
        super().__init__(f"{problem}. {remedy}.")
