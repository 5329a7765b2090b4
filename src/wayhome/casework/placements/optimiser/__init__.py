"""Puts children into homes: all that can be, at least cost, and says why not and what is missing.

    problem = Problem(children, homes, hours, nights=14)
    plan = solve(problem)
    plan = solve(grant(problem, plan.bill))                                   # what if the bill were paid
    plan = solve(replace(problem, fixed=accepted, children=with_refusals))    # after an answer

Pure: no models, no clock on the wall, no database. docs/explanation/placement.md has the model.
"""

from wayhome.casework.placements.optimiser.errors import ProblemError
from wayhome.casework.placements.optimiser.plan import Aim, Grant, Level, Plan, ShortageBill, Status
from wayhome.casework.placements.optimiser.problem import BARRED, LEVELS, Child, Home, Problem, Reason
from wayhome.casework.placements.optimiser.solving import grant, solve

__all__ = [
    "BARRED",
    "LEVELS",
    "Aim",
    "Child",
    "Grant",
    "Home",
    "Level",
    "Plan",
    "Problem",
    "ProblemError",
    "Reason",
    "ShortageBill",
    "Status",
    "grant",
    "solve",
]
