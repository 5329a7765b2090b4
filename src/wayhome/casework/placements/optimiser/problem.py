"""The question: children, homes, what is between them. Plain values; money in whole yuan, travel in hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from wayhome.casework.placements.optimiser.arrays import FloatArray


class Reason(StrEnum):
    """Why a child is not in a home. The first that holds, in this order, is the one that is told."""

    BUYERS_COUNTY = "buyers_county"
    """The home is in a county where a buyer of the child lives or has kin."""
    FOUND_THERE = "found_there"
    """The child was found there."""
    EXCLUDED = "excluded"
    """A risk by name: somebody at the home meets an exclusion."""
    REFUSED = "refused"
    """The home refused this child."""
    UNTRUSTED = "untrusted"
    """What the home last told of its room is not trusted (too old, say)."""
    LEVEL = "level"
    """The child needs a higher medical level."""
    TOO_FAR = "too_far"
    """Further than the doctor allows, or no way there."""
    NO_BED = "no_bed"
    """No free bed at all, children already accepted counted."""
    NO_CARER = "no_carer"
    """No carer free for one more child, even with all that can be called in."""
    BUDGET = "budget"
    """No money for one more child for all nights."""
    SIBLINGS = "siblings"
    """It could take this child, but not those who must stay with it."""
    GIVEN_TO_ANOTHER = "given_to_another"
    """It had room; the plan that places more, or costs less, gave it to others."""
    SURGE = "surge"
    """There is room only if carers are called in, and there is a place without."""
    FIT = "fit"
    """There is room, of a higher level than needed, which is kept for those who need it."""
    SHARE = "share"
    """There is room, but the home's province would carry more than its share."""
    UNDECIDED = "undecided"
    """There is room: the search ended, at its time or gap, before it was shown whether that would be better."""


BARRED = frozenset({Reason.FOUND_THERE, Reason.EXCLUDED, Reason.REFUSED, Reason.SIBLINGS})
"""What may stand against one home for one child; siblings: a brother or sister lives elsewhere already."""

LEVELS = range(4)
"""Medical levels: 0 well, 1 watched, 2 treated, 3 intensive."""


@dataclass(frozen=True, slots=True)
class Child:
    """One child to be placed.

    key : unique.
    place : where it is now; what `Problem.hours` is asked by.
    county, province : of that place.
    needs : medical level it needs, 0 to 3.
    priority : weight of leaving it unplaced, 1 or more.
    group : children of the same group, not "", stay together (twins, siblings).
    barred_counties : where its buyers live or have kin.
    barred_homes : home -> why it is barred for this child: one of `BARRED`.
    most_hours : the doctor's limit of travel; None without one.
    """

    key: str
    place: str
    county: str
    province: str
    needs: int
    priority: int = 1
    group: str = ""
    barred_counties: frozenset[str] = frozenset()
    barred_homes: Mapping[str, Reason] = field(default_factory=dict)
    most_hours: float | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """One home, before any child of this problem has come, the accepted ones included.

    key : unique.
    level : medical level it can give, 0 to 3.
    free_beds : beds that nobody sleeps in.
    free_carers : carers, on the weakest shift, who look after nobody yet.
    children_per_carer : how many children one such carer may have, 1 or more.
    budget : yuan it has for these children and nights; None without limit.
    cost : yuan per child and night.
    spare_care : children whom carers who have some already can take as well.
    surge_carers, surge_cost : carers it could call in for these nights, and yuan for each; not paid from `budget`.
    """

    key: str
    county: str
    province: str
    level: int
    free_beds: int
    free_carers: int
    children_per_carer: int
    budget: int | None
    cost: int
    surge_carers: int = 0
    surge_cost: int = 0
    spare_care: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Everything a plan is made from.

    hours : travel in hours, either [children, homes] in the order of both, or (place of the child, home) -> hours;
        infinite where there is no way.
    nights : how many nights the money must last, 1 or more.
    fixed : child -> home, already accepted; kept whatever else happens.
    untrusted : home -> why what it last told is not trusted. It gets no child, and its figures are not read; children it
        has accepted stay. Homes are named here rather than left out, so that a nearer one can be told as passed over.
    """

    children: tuple[Child, ...]
    homes: tuple[Home, ...]
    hours: FloatArray | Mapping[tuple[str, str], float]
    nights: int
    fixed: Mapping[str, str] = field(default_factory=dict)
    untrusted: Mapping[str, str] = field(default_factory=dict)
