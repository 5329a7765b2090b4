"""Made-up couples, each known to this house's search alone, whose child is made up too. Pure.

Whoever knows nobody and would still fit many families makes up children of the commonest alleles. No child that somebody looks
for is like that at every locus. A couple of canaries is drawn of just those alleles, in secret, and for one partner: a child of
theirs was made up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from random import Random
from typing import Any

HANDFUL = 5
"""Couples for each partner."""
COMMON = 3
"""Alleles of a locus that a couple is drawn of."""
PAIRS, SHARES = ((0, 1), (0, 2), (1, 2)), (0.96, 0.03, 0.01)
"""Which two of them one of a couple has, the commonest first, and how often. Nearly always the two
commonest, so that most made-up children fit; not always, so that no couple is known beforehand."""
RARE = 1e-6
"""How seldom a child that somebody looks for fits a couple by chance; with fewer loci in common nothing is said."""
Table = Mapping[str, Mapping[str, float]]
Couple = Mapping[str, tuple[tuple[str, str], tuple[str, str]]]


def couple(table: Table, *, chance: Random) -> dict[str, tuple[tuple[str, str], tuple[str, str]]]:
    """A couple: at each locus two alleles of either."""
    made = {}
    for name, alleles in sorted(table.items()):
        common = sorted(alleles, key=lambda one, of=alleles: (-of[one], one))[:COMMON]  # type: ignore[misc]
        if len(common) < COMMON:
            continue
        one, other = ((common[i], common[j]) for i, j in chance.choices(PAIRS, SHARES, k=2))
        made[name] = (one, other)
    return made


def is_hit(asked: Mapping[str, Collection[str]], parents: Couple, table: Table) -> bool:
    """Whether who is asked by is a child of the couple, where hardly anybody is by chance. Every locus is looked at, whatever the
    first ones say."""
    fits, odds = True, 1.0
    for name in sorted(asked.keys() & parents.keys() & table.keys()):
        fits &= _is_child(asked[name], *parents[name])
        odds *= share(parents[name], table[name])
    return fits and odds <= RARE


def share(parents: tuple[tuple[str, str], tuple[str, str]], alleles: Mapping[str, float]) -> float:
    """Of how many people of a population the couple could be the parents, by one locus."""
    made = {tuple(sorted((one, other))) for one in parents[0] for other in parents[1]}
    return sum(alleles[one] * alleles[other] * (1 if one == other else 2) for one, other in made)


def read(told: Any) -> dict[str, tuple[tuple[str, str], tuple[str, str]]]:
    """A couple as it was sealed."""
    return {name: ((one[0], one[1]), (other[0], other[1])) for name, (one, other) in told.items()}


def _is_child(genotype: Collection[str], one: tuple[str, str], other: tuple[str, str]) -> bool:
    alleles = sorted(set(genotype))
    first, last = alleles[0], alleles[-1]
    return len(alleles) <= 2 and ((first in one and last in other) or (last in one and first in other))
