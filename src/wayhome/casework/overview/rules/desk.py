"""Where the time goes on the way from a rescue to a home, and how many matches by chance a search may bring. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from wayhome import kinship

STEPS = ("rescued", "cleared", "placed", "sampled", "profiled", "candidate", "confirmed", "release", "home")
"""The way home, in its order."""
LOOKS_BACK = timedelta(days=730)
"""Children rescued longer ago are not counted in it: what took long years ago says little of today."""
_DAY = timedelta(days=1)


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


def way_of(moments: Mapping[str, datetime]) -> tuple[dict[str, timedelta], str]:
    """What each step of one child took, and the step that it waits for; "" for one that is home.

    A step that came before an earlier one, as a sample taken in the hospital, took no time.

    >>> day = datetime(2011, 7, 20)
    >>> way_of({"rescued": day, "placed": day + timedelta(2), "cleared": day + timedelta(1)})
    ({'cleared': datetime.timedelta(days=1), 'placed': datetime.timedelta(days=1)}, 'sampled')
    """
    took: dict[str, timedelta] = {}
    before, last = moments["rescued"], 0
    for n, step in enumerate(STEPS[1:], 1):
        at = moments.get(step)
        if at is not None:
            took[step] = max(at - before, timedelta())
            before, last = max(at, before), n
    return took, STEPS[last + 1] if last + 1 < len(STEPS) else ""


def since_when(moments: Mapping[str, datetime]) -> datetime:
    """Since when a child waits for its next step: the latest of those that are done."""
    return max(moments.values())


def step_times(children: Iterable[Mapping[str, datetime]], *, gone: Iterable[bool], at: datetime) -> list[StepTime]:
    """Of some children, each with its moments by step; those who are gone wait for nothing."""
    took: dict[str, list[float]] = {step: [] for step in STEPS}
    waits: dict[str, list[float]] = {step: [] for step in STEPS}
    for moments, is_gone in zip(children, gone, strict=True):
        mine, following = way_of(moments)
        for step, spent in mine.items():
            took[step].append(spent / _DAY)
        if following and not is_gone:
            waits[following].append((at - since_when(moments)) / _DAY)
    return [_step(step, took[step], waits[step]) for step in STEPS[1:]]


def _step(step: str, took: list[float], waits: list[float]) -> StepTime:
    took.sort()
    half = len(took) // 2
    middle = median(took) if took else None
    quarter, three_quarters = (median(took[: half or 1]), median(took[-half or -1 :])) if took else (None, None)
    return StepTime(step, len(took), middle, quarter, three_quarters, len(waits), max(waits, default=None))


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
