"""The answer: who goes where, what is missing for the rest, and how good it is proven to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from wayhome.casework.placements.optimiser.problem import Reason


class Aim(StrEnum):
    """What a plan makes small, strictly in this order."""

    UNPLACED = "unplaced"
    """Sum of the priorities of unplaced children."""
    UNPLACED_CHILDREN = "unplaced_children"
    """Their number; the same thing where all have one priority."""
    SURGE_COST = "surge_cost"
    """Yuan for carers called in."""
    ABOVE_NEED = "above_need"
    """Sum over placed children of the home's medical level above what they need."""
    WORST_SHARE = "worst_share"
    """Largest share, over provinces, of the places given in those there are; accepted children count."""
    DEVIATION = "deviation"
    """Sum over provinces of children away from an equal share."""
    TRAVEL_MINUTES = "travel_minutes"
    """Sum over placed children, each journey rounded to whole minutes."""


class Status(StrEnum):
    """How far a plan is proven."""

    OPTIMAL = "optimal"
    """Every aim, exactly."""
    WITHIN_GAP = "within_gap"
    """Every aim but travel exactly; travel within the gap that was asked for."""
    STOPPED = "stopped"
    """Time ran out, or the night is so large that not all pairs could be searched for every aim. The hard rules hold;
    `Level.bound` tells how much better it could be."""


@dataclass(frozen=True, slots=True)
class Level:
    """One aim: the value of the plan, and a bound that no plan as good in the aims before can beat.

    Whole numbers but for shares and deviations, which are exact fractions.
    """

    aim: Aim
    value: int | Fraction
    bound: int | Fraction

    @property
    def proven(self) -> bool:
        """Nothing better exists."""
        return self.value <= self.bound

    @property
    def gap(self) -> float:
        """How much better it could be, as a part of the value; 0 if proven."""
        return 0.0 if self.proven else float((self.value - self.bound) / self.value)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a home, or a province, is given: beds, carers on the weakest shift, yuan for all nights."""

    beds: int = 0
    carers: int = 0
    yuan: int = 0

    def __add__(self, other: Grant) -> Grant:
        return Grant(self.beds + other.beds, self.carers + other.carers, self.yuan + other.yuan)

    @staticmethod
    def total(grants: Iterable[Grant]) -> Grant:
        """Their sum."""
        return sum(grants, Grant())


@dataclass(frozen=True, slots=True)
class ShortageBill:
    """What places every child that can be placed at all: fewest carers, then fewest beds, then least yuan.

    Carers who can be called in are counted as called in before any is asked for. Granted whole, everybody but the
    `impossible` is placed; with one bed, carer or yuan less anywhere, not.

    homes : home -> its grant; homes that need nothing are left out.
    provinces : province -> sum over its homes.
    impossible : child -> home -> why no grant puts it there. Such children are on no bill.
    proven : False only if time ran out: the grant then suffices, but a smaller one may.
    bound : nothing that suffices asks for fewer carers; nor, with that many carers, for fewer beds; nor, with that many of both,
        for less yuan. 0 where nothing is shown. The total itself if proven.
    """

    homes: Mapping[str, Grant]
    provinces: Mapping[str, Grant]
    impossible: Mapping[str, Mapping[str, Reason]]
    proven: bool = True
    bound: Grant = Grant()

    @property
    def total(self) -> Grant:
        """Everything together."""
        return Grant.total(self.homes.values())

    @property
    def gap(self) -> float:
        """How much smaller it could be at most, as a part: the largest of carers, beds and yuan; 0 if proven."""
        total, bound = self.total, self.bound
        pairs = ((total.carers, bound.carers), (total.beds, bound.beds), (total.yuan, bound.yuan))
        return max((value - least) / value if value > least else 0.0 for value, least in pairs)


@dataclass(frozen=True, slots=True)
class Plan:
    """A proposal. People decide on it.

    assigned : child -> home; the fixed ones are in it.
    unplaced : children who stay, for now, in the named and staffed place where they are; sorted.
    surge : home -> carers to call in.
    bill : what would place the rest.
    passed_over : child -> reason -> number of homes nearer than its own (of all homes, if unplaced) that were passed over for
        that reason. Fixed children were not decided here and are left out.
    nearer : child -> each of these homes, the nearest first -> why it was passed over.
    objectives : in their order.
    gap : the largest of theirs.
    seconds : time taken.
    """

    assigned: Mapping[str, str]
    unplaced: tuple[str, ...]
    surge: Mapping[str, int]
    bill: ShortageBill
    passed_over: Mapping[str, Mapping[Reason, int]]
    nearer: Mapping[str, Mapping[str, Reason]]
    objectives: tuple[Level, ...]
    gap: float
    seconds: float
    status: Status
