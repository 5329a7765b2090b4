"""The probability of each family of a base, and that the child's family is not in it.

Hypotheses: the child belongs to family i of N, or to none of them. With the prior of each, and LRs that all compare with "none",

    P(i | data) = prior_i LR_i E_i / (prior_0 + sum_j prior_j LR_j E_j),

where LR is from DNA and E the product of the likelihood ratios of what is known beside DNA. The prior is no part of any LR: both
are stated apart, and so is every factor of E. All is done in logarithms.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from wayhome.kinship.arrays import FloatArray, IntArray
from wayhome.kinship.errors import InputError

DNA = "DNA"
"""Name of the first factor."""
_TIE = 1e-9
"""log10: what differs by less is a tie."""


@dataclass(frozen=True, slots=True)
class Prior:
    """The prior of a search.

    Parameters
    ----------
    in_base : probability that the child's family is in the base, 0..1.
    families : size of the base, N; each family has in_base / N.

    Raises
    ------
    InputError
    """

    in_base: float
    families: int

    def __post_init__(self) -> None:
        if not 0 <= self.in_base <= 1:
            raise InputError(f"{self.in_base} is no probability", "Give one from 0 to 1", field="in_base")
        if self.families < 1:
            raise InputError(f"a base of {self.families} families", "Give 1 or more", field="families")

    @property
    def of_each(self) -> float:
        """Prior of one family."""
        return self.in_base / self.families

    @property
    def log10_odds(self) -> float:
        """log10 odds of one family against all else; -inf at 0, inf where it is the only one and certain."""
        p = self.of_each
        return math.inf if p == 1 else -math.inf if p == 0 else math.log10(p) - math.log10(1 - p)

    def posterior(self, log10_lr: float) -> float:
        """P = LR p / (LR p + 1 - p) of one family, the others taken with an LR of one, which is a stranger's mean."""
        if log10_lr == -math.inf:
            return 0.0
        log_odds = (log10_lr + self.log10_odds) * math.log(10)
        return 1 / (1 + math.exp(-log_odds)) if log_odds > -700 else 0.0


@dataclass(frozen=True, slots=True)
class Stage:
    """One factor in a family's row: its log10 LR for this family, and the posterior with all factors up to it."""

    name: str
    log10_lr: float
    posterior: float


@dataclass(frozen=True, eq=False)
class Posterior:
    """Posteriors over a base.

    Parameters
    ----------
    families : ids of the families told, N of them.
    prior : [N] prior of each.
    not_in_base_prior : prior of "none of the base".
    factors : names, DNA first.
    log10_lr : [factors, N].
    unlisted : families of the base that are not told.
    unlisted_prior : their prior together; they count with an LR of `unlisted_log10_lr`.
    """

    families: tuple[str, ...]
    prior: FloatArray
    not_in_base_prior: float
    factors: tuple[str, ...]
    log10_lr: FloatArray
    unlisted: int = 0
    unlisted_prior: float = 0.0
    unlisted_log10_lr: float = 0.0
    _at: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_at", {family: i for i, family in enumerate(self.families)})

    @property
    def of_family(self) -> FloatArray:
        """[N] posterior of each family."""
        return self._stage(len(self.factors))[: len(self.families)]

    @property
    def of_unlisted(self) -> float:
        """Posterior of the families that are not told, together."""
        return float(self._stage(len(self.factors))[-2])

    @property
    def not_in_base(self) -> float:
        """Posterior of "none of the base"."""
        return float(self._stage(len(self.factors))[-1])

    @property
    def ranks(self) -> IntArray:
        """[N] 1 for the most probable; families that tie have the same."""
        with np.errstate(divide="ignore"):
            weight = np.log10(self.prior) + self.log10_lr.sum(axis=0)
        order = np.argsort(-weight, kind="stable")
        ranks = np.empty(len(weight), dtype=np.int64)
        rank, before = 0, math.inf
        for place, i in enumerate(map(int, order), 1):
            if not (weight[i] == before or abs(weight[i] - before) <= _TIE):
                rank = place
                before = float(weight[i])
            ranks[i] = rank
        return ranks

    def stages(self, family: str) -> tuple[Stage, ...]:
        """A family's way from its prior through every factor to its posterior.

        Raises
        ------
        InputError
            for a family that is not told.
        """
        if family not in self._at:
            raise InputError(f"{family} is not among the families told", "Name one of them", field="family")
        i = self._at[family]
        found = [Stage("prior", 0.0, float(self.prior[i]))]
        for k, name in enumerate(self.factors):
            found.append(Stage(name, float(self.log10_lr[k, i]), float(self._stage(k + 1)[i])))
        return tuple(found)

    def _stage(self, factors: int) -> FloatArray:
        """[N + 2] posterior with the first so many factors: families, those not told, none."""
        with np.errstate(divide="ignore"):
            logs = np.log10(np.append(self.prior, [self.unlisted_prior, self.not_in_base_prior]))
        logs[: len(self.families)] += self.log10_lr[:factors].sum(axis=0)
        logs[-2] += self.unlisted_log10_lr if factors else 0.0
        weights = 10.0 ** (logs - logs.max())
        return np.asarray(weights / weights.sum())


def posterior(
    log10_lr: Mapping[str, float],
    prior: Prior,
    *,
    evidence: Mapping[str, Mapping[str, float]] | None = None,
    weights: Mapping[str, float] | None = None,
    unlisted_log10_lr: float = 0.0,
) -> Posterior:
    """Posteriors over the families of a base.

    Parameters
    ----------
    log10_lr : family -> log10 LR from DNA, -inf where it is impossible. Families of the base may be left out.
    prior : probability of the base, and its size.
    evidence : name of a factor -> family -> log10 LR beside DNA, in the order in which it is to be told. A family that a factor
        does not tell about counts with an LR of one; for "not in the base" every factor is one.
    weights : family -> weight of its share of the prior, 0 or more, for every family told; other families of the base may be
        among them, and have the mean weight where they are not. By default all are alike.
    unlisted_log10_lr : what the families left out count with: 0 by default, a stranger's mean LR of one; the cut-off of the
        search that left them out gives the least posterior that the others can have.

    Raises
    ------
    InputError
        for an LR that is nan or infinite, evidence that excludes, weights that cannot be, more families than the base has, or
        data that are impossible under every hypothesis.
    """
    families = tuple(log10_lr)
    unlisted = prior.families - len(families)
    if unlisted < 0:
        raise InputError(
            f"{len(families):,} families are told of a base of {prior.families:,}", "Give the size of the base", field="families"
        )
    rows = [_row(DNA, families, log10_lr)]
    for name, values in (evidence or {}).items():
        if name == DNA:
            raise InputError("a factor beside DNA is called DNA", "Give it another name", field=name)
        row = _row(name, families, values)
        if not np.isfinite(row).all():
            raise InputError(
                f"{name} excludes {families[int(np.argmin(row))]}", "Cap it: only DNA may exclude a family", field=name
            )
        rows.append(row)
    if not (math.isfinite(unlisted_log10_lr)):
        raise InputError(f"{unlisted_log10_lr} is no log10 LR", "Give a finite number", field="unlisted_log10_lr")
    share = _shares(families, prior, weights)
    unlisted_prior = 0.0
    if unlisted:
        unlisted_prior = unlisted * prior.of_each if weights is None else max(prior.in_base - float(share.sum()), 0.0)
    table = np.array(rows).reshape(len(rows), len(families))
    alive = (share > 0) & (table[0] > -np.inf)
    if not alive.any() and unlisted_prior == 0 and prior.in_base == 1:
        raise InputError(
            "no family of the base is possible, and the prior says that it holds the child's family",
            "Give a prior below 1",
            field="in_base",
        )
    return Posterior(
        families, share, 1 - prior.in_base, (DNA, *(evidence or {})), table, unlisted, unlisted_prior, unlisted_log10_lr
    )


def _row(name: str, families: Sequence[str], values: Mapping[str, float]) -> FloatArray:
    row = np.array([float(values.get(family, 0.0)) for family in families])
    for family, value in zip(families, row, strict=True):
        if math.isnan(value) or value == math.inf:
            raise InputError(f"{name} gives {family} the log10 LR {value}", "Give a number, or -inf", field=name)
    return row


def _shares(families: Sequence[str], prior: Prior, weights: Mapping[str, float] | None) -> FloatArray:
    """[N] prior of each family told."""
    if weights is None:
        return np.full(len(families), prior.of_each)
    missing = [family for family in families if family not in weights]
    if missing:
        raise InputError(f"{missing[0]} has no weight", "Give one to every family", field="weights")
    if len(weights) > prior.families:
        raise InputError(f"{len(weights):,} weights for {prior.families:,} families", "Give one to each", field="weights")
    for family, weight in weights.items():
        if not 0 <= weight < math.inf:
            raise InputError(f"{family} has the weight {weight}", "Give a number of 0 or more", field="weights")
    total = math.fsum(weights.values()) * (prior.families / max(len(weights), 1))
    if not total > 0:
        raise InputError("all weights are zero", "Give one family a weight", field="weights")
    return np.array([weights[family] for family in families]) * (prior.in_base / total)
