"""From the prior to the posterior, factor by factor: one bar each, on the scale of log10 odds, as numbers that a table draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wayhome import kinship
from wayhome.casework.matching.report.numbers import Numbers, log_odds
from wayhome.casework.matching.report.words import FACTORS, finding_words, word
from wayhome.web.words import WORDS

_SURE = 4.0
"""log10 odds of 99.99 %."""
_WIDTH, _LEAST = 200.0, 2.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One factor. Places and widths are in a picture 200 wide, told as text for no language writes them otherwise.

    Parameters
    ----------
    way : "start", "for" or "against".
    """

    factor: str
    says: str
    lr: str
    log10_lr: str
    after: str
    x: str
    width: str
    way: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The bars; where odds are even, and where they are those of 99.99 %; what was not weighed."""

    bars: tuple[Bar, ...]
    even: str
    sure: str
    not_weighed: str


def waterfall(stages: Sequence[Any], findings: Sequence[kinship.Finding], numbers: Numbers) -> Waterfall:
    """Of an assessment and the evidence beside it."""
    says = {one.name: said(one, numbers) for one in findings}
    ways: list[tuple[Any, float, float]] = []
    before = 0.0
    for stage in stages:
        after = log_odds(stage.posterior, before, stage.log10_lr)
        ways.append((stage, after if stage.name == "prior" else before, after))
        before = after
    points = [point for _one, *both in ways for point in both] + [0.0, _SURE]
    low, high = min(points) - 0.5, max(points) + 0.5

    def at(value: float) -> float:
        return (value - low) / (high - low) * _WIDTH

    bars = []
    for stage, one, other in ways:
        first = stage.name == "prior"
        left, right = sorted((at(one), at(other)))
        width = max(right - left, _LEAST)
        bars.append(
            Bar(
                factor=word(FACTORS, stage.name),
                says=says.get(stage.name, ""),
                lr="" if first else numbers.scientific(stage.log10_lr),
                log10_lr="" if first else numbers.decimal(stage.log10_lr),
                after=numbers.probability(stage.posterior),
                x=f"{(left + right - width) / 2:.2f}",
                width=f"{width:.2f}",
                way="start" if first else "against" if other < one else "for",
            )
        )
    missing = _(", ").join(word(FACTORS, one.name) for one in findings if one.missing)
    return Waterfall(tuple(bars), f"{at(0.0):.2f}", f"{at(_SURE):.2f}", missing)


def said(finding: kinship.Finding, numbers: Numbers) -> str:
    """A finding in words. Names are not told: who reads candidates knows nobody's."""
    names: Mapping[str, object] = WORDS["name_finding"]
    return str(names[finding.code]) if finding.code in names else finding_words(finding, numbers)
