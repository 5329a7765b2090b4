"""The two things one can ask for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wayhome.casework.placements.optimiser.bill import shortage_bill
from wayhome.casework.placements.optimiser.flow import surge_needed
from wayhome.casework.placements.optimiser.ground import ground
from wayhome.casework.placements.optimiser.levels import Ladder, Watch
from wayhome.casework.placements.optimiser.plan import Aim, Grant, Plan, ShortageBill, Status
from wayhome.casework.placements.optimiser.problem import Home, Problem
from wayhome.casework.placements.optimiser.program import Deadline
from wayhome.casework.placements.optimiser.reasons import counted, nearer_homes
from wayhome.casework.placements.optimiser.units import Kinds, kinds

PLANNING = 0.8
"""Part of the time for the plan; the rest is for the bill."""


def solve(problem: Problem, *, seconds: float = 10.0, gap: float = 0.0, watch: Watch = lambda _: None) -> Plan:
    """The best plan, with reasons and the shortage bill.

    Parameters
    ----------
    seconds : about how long it may take; the aims are proven in their order, so it is travel that suffers first.
    gap : how far from the shortest travel is good enough, as a part of it. Aims before travel are always exact.
    watch : called with each aim, and at last with "bill", before it is looked for. What it raises ends the search.

    The same problem gives the same plan, in whatever order children and homes are named, unless time runs out.

    Raises
    ------
    ProblemError : naming the child or home, and how to mend it.
    """
    deadline = Deadline(seconds)
    room = ground(problem)
    ladder = Ladder(room, Deadline(PLANNING * seconds), watch)
    alike = kinds(room, travel=False)
    _place(ladder, alike)
    _refine(ladder, alike, gap)
    watch("bill")
    bill = shortage_bill(room, alike, ladder.homes_of, deadline)
    return replace(_plan(ladder, bill, gap), seconds=deadline.taken())


def _place(ladder: Ladder, alike: Kinds) -> None:
    """As many children as can be, the most urgent first."""
    lost = ~alike.fits.any(axis=1)
    least = int((alike.count * alike.weight) @ lost)
    ladder.descend(Aim.UNPLACED, alike, least, 0, seconds=ladder.deadline.left(1 / 2))
    heaviest = int(ladder.ground.priority.max(initial=1))
    fewest = max(int((alike.count * alike.size) @ lost), -(-int(ladder.levels[0].bound) // heaviest))
    ladder.descend(Aim.UNPLACED_CHILDREN, alike, fewest, 0, seconds=ladder.deadline.left(1 / 2))


def _refine(ladder: Ladder, alike: Kinds, gap: float) -> None:
    """All aims after that. Until travel, children differ only in which homes they fit, so that few kinds are enough."""
    room, left = ladder.ground, ladder.deadline.left
    there = np.flatnonzero(room.fixed >= 0)
    homes = room.fixed[there]
    least = int(surge_needed(room, room.load) @ room.surge_cost)
    ladder.descend(Aim.SURGE_COST, alike, least, 0, seconds=left(1 / 2))
    above = int((room.level[homes] - room.needs[there]).sum())
    ladder.descend(Aim.ABOVE_NEED, alike, 0, above, seconds=left(1 / 2))
    ladder.share(alike, seconds=left(1 / 2))
    ladder.deviation(alike, seconds=left(1 / 2))
    minutes = int(room.minutes[there, homes].sum())
    ladder.descend(Aim.TRAVEL_MINUTES, kinds(room, travel=True), 0, minutes, seconds=left(), gap=gap)


def _plan(ladder: Ladder, bill: ShortageBill, gap: float) -> Plan:
    room = ladder.ground
    load = room.load.copy()
    assigned = {room.children[i].key: room.homes[room.fixed[i]].key for i in np.flatnonzero(room.fixed >= 0)}
    for unit, home in ladder.homes_of.items():
        load[home] += len(unit)
        assigned |= {room.children[i].key: room.homes[home].key for i in unit}
    called = surge_needed(room, load) * room.trusted
    nearer = nearer_homes(room, ladder.homes_of)
    return Plan(
        assigned=dict(sorted(assigned.items())),
        unplaced=tuple(child.key for child in room.children if child.key not in assigned),
        surge={room.homes[j].key: int(called[j]) for j in np.flatnonzero(called)},
        bill=bill,
        passed_over=counted(nearer),
        nearer=nearer,
        objectives=tuple(ladder.levels),
        gap=max(level.gap for level in ladder.levels),
        seconds=ladder.deadline.taken(),
        status=_status(ladder, bill, gap),
    )


def _status(ladder: Ladder, bill: ShortageBill, gap: float) -> Status:
    *before, travel = ladder.levels
    if not (bill.proven and all(level.proven for level in before)):
        return Status.STOPPED
    if travel.proven:
        return Status.OPTIMAL
    return Status.WITHIN_GAP if travel.gap <= gap else Status.STOPPED


def grant(problem: Problem, bill: ShortageBill) -> Problem:
    """The problem as it would be with this bill paid."""

    def paid(home: Home) -> Home:
        given = bill.homes.get(home.key, Grant())
        return replace(
            home,
            free_beds=home.free_beds + given.beds,
            free_carers=home.free_carers + given.carers,
            budget=None if home.budget is None else home.budget + given.yuan,
        )

    return replace(problem, homes=tuple(paid(home) for home in problem.homes))
