"""Where the time goes on the way from a rescue to a home, and how many matches by chance a search may bring. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from wayhome import kinship

Moments = npt.NDArray[np.int64]

STEPS = ("rescued", "cleared", "placed", "sampled", "profiled", "candidate", "confirmed", "release", "home")
"""The way home, in its order."""
LOOKS_BACK = timedelta(days=730)
"""Children rescued longer ago are not counted in it: what took long years ago says little of today."""
NEVER = int(np.iinfo(np.int64).max)
"""The moment of a step to which a child has not come."""
_DAY = timedelta(days=1) / timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class StepTime:
    """What one step took, and who waits for it.

    Parameters
    ----------
    done : children who came to it.
    median, quarter, three_quarters : days that they waited for it once all before it was done; None where nobody came to it.
    waiting : children for whom it is the next one.
    longest : days for which the first of these has waited.
    """

    step: str
    done: int
    median: float | None
    quarter: float | None
    three_quarters: float | None
    waiting: int
    longest: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """What the steps of some children took, and what each waits for.

    Parameters
    ----------
    took : (children, steps but the first), microseconds; `NEVER` where a child has not come to it.
    following : (children,), position in `STEPS` of the step that a child waits for; `len(STEPS)` for one that is home.
    since : (children,), microseconds since 1970: since when it waits, the latest of the steps that are done.
    """

    took: Moments
    following: npt.NDArray[np.intp]
    since: Moments


def ways_of(moments: Moments) -> Ways:
    """The ways of some children.

    A step that came before an earlier one, as a sample taken in the hospital, took no time.

    Parameters
    ----------
    moments : (children, `STEPS`), microseconds since 1970 at which each first came to each step; `NEVER` where it has not.

    >>> way = [0, 2, 1, *[NEVER] * 6]  # rescued, then placed, then cleared
    >>> ways = ways_of(np.array([way]))
    >>> ways.took[0, :2].tolist(), STEPS[ways.following[0]], ways.since.tolist()
    ([2, 0], 'sampled', [2])
    """
    took = np.full((len(moments), len(STEPS) - 1), NEVER)
    before = moments[:, 0].copy()
    following = np.ones(len(moments), dtype=np.intp)
    for n in range(1, len(STEPS)):
        at = moments[:, n]
        came = at != NEVER
        took[came, n - 1] = np.maximum(at[came] - before[came], 0)
        following[came] = n + 1
        before[came] = np.maximum(at[came], before[came])
    return Ways(took, following, before)


def step_times(ways: Ways, *, gone: npt.NDArray[np.bool_], at: int) -> list[StepTime]:
    """Of some children: `gone` are those who wait for nothing, `at` is now in microseconds since 1970."""
    waited = (at - ways.since) / _DAY
    return [_step(step, ways.took[:, n], waited[(ways.following == n + 1) & ~gone]) for n, step in enumerate(STEPS[1:])]


def _step(step: str, took: Moments, waits: npt.NDArray[np.float64]) -> StepTime:
    days = np.sort(took[took != NEVER]) / _DAY
    longest = float(waits.max()) if len(waits) else None
    if not len(days):
        return StepTime(step, 0, None, None, None, len(waits), longest)
    half = len(days) // 2
    middle, low, high = (float(np.median(some)) for some in (days, days[: half or 1], days[-half or -1 :]))
    return StepTime(step, len(days), middle, low, high, len(waits), longest)


@dataclass(frozen=True, slots=True)
class Budget:
    """Matches of strangers by chance that the searches of some time may have brought, at most.

    Parameters
    ----------
    searches : children compared, each time counted.
    families : in the base of the last one.
    leads, reports : expected by chance among all of them, at most.
    lead_log10_lr, report_log10_lr : from which a match is one, in a base of that size.
    """

    searches: int
    families: int
    leads: float
    reports: float
    lead_log10_lr: float
    report_log10_lr: float


def budget(searches: int, families: int) -> Budget:
    """Thresholds grow with the base, so that each search is allowed as many whatever its size."""
    gates = kinship.Gates(max(families, 1))
    return Budget(searches, families, searches * gates.lead_expected, searches * gates.report_expected, gates.lead, gates.report)
