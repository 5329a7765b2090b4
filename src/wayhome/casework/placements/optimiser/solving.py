"""The two things one can ask for."""

from __future__ import annotations

from dataclasses import replace

from wayhome.casework.placements.optimiser.plan import Grant, Plan, ShortageBill
from wayhome.casework.placements.optimiser.problem import Home, Problem


def solve(problem: Problem, *, seconds: float = 10.0, gap: float = 0.0) -> Plan:
    """The best plan, with reasons and the shortage bill.

    Parameters
    ----------
    seconds : about how long it may take; the aims are proven in their order, so it is travel that suffers first.
    gap : how far from the shortest travel is good enough, as a part of it. Aims before travel are always exact.

    The same problem gives the same plan, in whatever order children and homes are named, unless time runs out.

    Raises
    ------
    ProblemError : naming the child or home, and how to mend it.
    """
    raise NotImplementedError


def grant(problem: Problem, bill: ShortageBill) -> Problem:
    """The problem as it would be with this bill paid."""

    def paid(home: Home) -> Home:
        given = bill.homes.get(home.key, Grant())
        return replace(
            home,
            free_beds=home.free_beds + given.beds,
            free_care=home.free_care + given.carers * home.children_per_carer,
            budget=None if home.budget is None else home.budget + given.yuan,
        )

    return replace(problem, homes=tuple(paid(home) for home in problem.homes))
