"""One piece of evidence beside DNA, and several of them together.

    LR = P(what was seen | the child is this family's) / P(what was seen | a rescued child like any other)

Every finding is capped, so that a wrong record cannot decide; a missing value has LR 1; none is ever zero, so that no family
is excluded. Findings are taken as independent, and their capped LRs multiply.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from wayhome.kinship.errors import InputError

MOST_LOG10 = 300.0
"""An LR of zero or infinity is told as 10^-300 or 10^300: evidence like this is never certain, and JSON has no infinity."""


@dataclass(frozen=True, slots=True)
class Cap:
    """The least and the greatest LR that one finding may have: 0 < lowest <= 1 <= highest."""

    lowest: float = 0.01
    highest: float = 100.0

    def __post_init__(self) -> None:
        if not 0 < self.lowest <= 1 <= self.highest < math.inf:
            raise InputError(
                f"{self.lowest} to {self.highest} is no cap", "Give a positive LR up to 1 and one from 1 upward", field="cap"
            )

    def log10(self, log10_lr: float) -> float:
        """The log10 LR, not beyond the cap."""
        return min(max(log10_lr, math.log10(self.lowest)), math.log10(self.highest))


DEFAULT_CAP = Cap()


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of evidence, weighed and explained.

    Parameters
    ----------
    name : what it is about: "age", "sex", "blood_group"... At most one finding of a name takes part in an `Evidence`.
    log10_lr : before the cap; held within +-`MOST_LOG10`.
    code, data : the explanation, for a translated sentence; `data` holds JSON values.
    text : the explanation in English.
    inputs : everything that was compared and assumed, as JSON values.
    cap : see `Cap`.
    missing : whether there was nothing to compare; then `log10_lr` is 0.

    Raises
    ------
    InputError
        where the LR is not a number, or a missing one is not neutral.
    """

    name: str
    log10_lr: float
    code: str
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    cap: Cap = DEFAULT_CAP
    missing: bool = False

    def __post_init__(self) -> None:
        if math.isnan(self.log10_lr) or (self.missing and self.log10_lr != 0):
            raise InputError(f"{self.name}: {self.log10_lr} is no log10 LR of this finding", "Give a number; 0 if missing")
        object.__setattr__(self, "log10_lr", float(min(max(self.log10_lr, -MOST_LOG10), MOST_LOG10)))
        object.__setattr__(self, "data", MappingProxyType(dict(self.data)))
        object.__setattr__(self, "inputs", MappingProxyType(dict(self.inputs)))

    def __hash__(self) -> int:
        return hash((self.name, self.log10_lr, self.code, self.text))

    def __reduce__(self) -> tuple[object, ...]:
        told = (self.name, self.log10_lr, self.code, self.text, dict(self.data), dict(self.inputs), self.cap, self.missing)
        return Finding, told

    @property
    def log10_lr_capped(self) -> float:
        """What takes part in the product."""
        return self.cap.log10(self.log10_lr)

    def to_json(self) -> dict[str, Any]:
        """As JSON values; `from_json` is the way back."""
        return {
            "name": self.name,
            "log10_lr": self.log10_lr,
            "log10_lr_capped": self.log10_lr_capped,
            "cap": [self.cap.lowest, self.cap.highest],
            "missing": self.missing,
            "code": self.code,
            "data": dict(self.data),
            "text": self.text,
            "inputs": dict(self.inputs),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Finding:
        """A finding as `to_json` told it; InputError where a field is lacking or of another kind."""
        try:
            lowest, highest = told["cap"]
            cap = Cap(float(lowest), float(highest))
            log10_lr, missing = float(told["log10_lr"]), bool(told["missing"])
            texts = (str(told["name"]), str(told["code"]), str(told["text"]))
            data, inputs = dict(told["data"]), dict(told["inputs"])
        except InputError:
            raise
        except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
            raise InputError(f"this is no finding: {error!r}", "Give what to_json wrote") from None
        return cls(texts[0], log10_lr, texts[1], texts[2], data, inputs, cap, missing)


def missing(name: str, what: str, cap: Cap = DEFAULT_CAP) -> Finding:
    """A finding that says nothing, because `what` ("the reported sex") is not known: LR 1."""
    return Finding(name, 0.0, "missing", f"Not weighed: {what} is not known", {"what": what}, cap=cap, missing=True)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All findings about one child and one family.

    Parameters
    ----------
    findings : in the order told, no name twice.
    total_cap : bounds of the product, where wanted; by default only the findings are capped.

    Raises
    ------
    InputError
        where a name is told twice: the same evidence would count double.
    """

    findings: tuple[Finding, ...] = ()
    total_cap: Cap | None = None

    def __post_init__(self) -> None:
        names = [finding.name for finding in self.findings]
        for name in names:
            if names.count(name) > 1:
                raise InputError(f"{name} is told twice", "Put what belongs together into one finding", field=name)

    @property
    def log10_lr(self) -> float:
        """log10 of the product of the capped LRs."""
        total = math.fsum(finding.log10_lr_capped for finding in self.findings)
        return total if self.total_cap is None else self.total_cap.log10(total)

    @property
    def log10_lr_uncapped(self) -> float:
        """The same without any cap, for the record only."""
        return math.fsum(finding.log10_lr for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """As JSON values; `from_json` is the way back."""
        return {
            "log10_lr": self.log10_lr,
            "log10_lr_uncapped": self.log10_lr_uncapped,
            "total_cap": None if self.total_cap is None else [self.total_cap.lowest, self.total_cap.highest],
            "findings": [finding.to_json() for finding in self.findings],
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Evidence:
        """Evidence as `to_json` told it; InputError where a field is lacking or of another kind."""
        try:
            findings, bounds = list(told["findings"]), told["total_cap"]
            total_cap = None if bounds is None else Cap(float(bounds[0]), float(bounds[1]))
        except InputError:
            raise
        except (KeyError, TypeError, ValueError, IndexError, OverflowError, AttributeError) as error:
            raise InputError(f"this is no evidence: {error!r}", "Give what to_json wrote") from None
        return cls(tuple(Finding.from_json(finding) for finding in findings), total_cap)


def combine(findings: Iterable[Finding], *, total_cap: Cap | None = None) -> Evidence:
    """Findings together: capped LRs multiply, given independence."""
    return Evidence(tuple(findings), total_cap)
