"""What several tests of the decision build."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from wayhome import kinship
from wayhome.kinship.decision.genotypes import GenotypeLaw

KIT23 = kinship.panel("Huaxia Platinum").autosomal
CHINA = kinship.PopulationModel(kinship.population("china"))
NARROW = kinship.PopulationModel(
    kinship.AlleleFrequencies("narrow", {name: CHINA.frequencies.loci[name] for name in KIT23}, people_where_not_stated=1000)
)
"""The Chinese table, with the loci of one kit."""
TOWN = kinship.AlleleFrequencies(
    "town",
    {
        "TH01": {"6": 0.2, "7": 0.3, "9": 0.1, "9.3": 0.4},
        "D3S1358": {"14": 0.1, "15": 0.4, "16": 0.5},
        "FGA": {"20": 0.25, "21": 0.35, "22": 0.3, "23": 0.1},
        "DXS10074": {"16": 0.3, "17": 0.5, "18": 0.2},
    },
    people_where_not_stated=100,
)
STEPWISE = kinship.MutationModel("stepwise", kinship.MutationRates(0.01, 0.1, 1e-3), kinship.MutationRates(0.03, 0.1, 1e-3))
PROPORTIONAL = kinship.MutationModel("proportional", kinship.MutationRates(0.01), kinship.MutationRates(0.03))


def one_family(shape: str, model: kinship.PopulationModel, loci: Sequence[str], seed: int = 1) -> kinship.Family:
    """A made-up family of a kind."""
    return kinship.simulate_base(1, model, loci=loci, seed=seed, shapes={shape: 1}).families[0]


def with_child(
    shape: str, model: kinship.PopulationModel, loci: Sequence[str], seed: int = 1
) -> tuple[kinship.Family, kinship.Profile]:
    """A made-up family of a kind, and its child."""
    base = kinship.simulate_base(1, model, loci=loci, seed=seed, shapes={shape: 1})
    return base.families[0], base.children[0]


def law(stranger: Sequence[float], weight: Sequence[float], name: str = "L") -> GenotypeLaw:
    """A law of these probabilities for a stranger and LRs in these proportions."""
    p0 = np.array(stranger) / sum(stranger)
    p1 = p0 * np.array(weight)
    return GenotypeLaw(name, p1 / p1.sum(), p0, np.array(weight) == 0)


def listed(laws: Sequence[GenotypeLaw]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every combination of outcomes: log10 LR, probability for a stranger and for the child."""
    x, p0, p1 = [], [], []
    for combination in itertools.product(*(range(len(one.true)) for one in laws)):
        x.append(sum(float(one.log10_lr[k]) for one, k in zip(laws, combination, strict=True)))
        p0.append(float(np.prod([one.stranger[k] for one, k in zip(laws, combination, strict=True)])))
        p1.append(float(np.prod([one.true[k] for one, k in zip(laws, combination, strict=True)])))
    return np.array(x), np.array(p0), np.array(p1)
