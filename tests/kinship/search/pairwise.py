"""One child against one family, pair by pair: what the search's tables are held against."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

from wayhome import kinship
from wayhome.kinship import Family, Genotype, LocusModel, Pedigree, PopulationModel, Profile


def by_ratio(child: Profile, family: Family, model: PopulationModel, name: str) -> float:
    """log10 LR at a locus by `likelihood_ratio`: the pedigree against the same pedigree with the child unrelated."""
    h1 = family.pedigree
    people = {**family.profiles, family.missing: child}
    return kinship.likelihood_ratio(
        h1, h1.with_unrelated(family.missing), people, model, loci=[name], convention="pruned"
    ).log10_lr


def given_relatives(child: Profile, family: Family, model: PopulationModel, name: str) -> float:
    """log10 of P(child | relatives, H1) / P(child | relatives, H2), each normalised by a sum over all genotypes of the child.

    It is `by_ratio` where it does not matter who was pruned: without mutation, and at theta 0 where the model keeps the allele
    frequencies. Elsewhere taking the child out of the family may leave an untyped founder with one child, whom pruning then takes
    out under H2 alone; that moves the likelihood of the relatives, and says nothing about the child.
    """
    relatives = {m: p.genotypes[name] for m, p in family.profiles.items() if name in p.genotypes}
    labels = child.genotypes[name]
    locus = model.locus(name, (label for told in (*relatives.values(), labels) for label in told))
    h1 = family.pedigree
    one, two = (
        _conditional(pedigree, family.missing, relatives, labels, locus, model.theta)
        for pedigree in (h1, h1.with_unrelated(family.missing))
    )
    return (one - two) / math.log(10)


def _conditional(
    pedigree: Pedigree, member: str, relatives: Mapping[str, Genotype], labels: Genotype, locus: LocusModel, theta: float
) -> float:
    """Natural log of P(member | relatives); nan where the relatives are impossible."""
    copies = 1 if locus.x_linked and pedigree[member].sex == "M" else 2

    def log(shown: Genotype) -> float:
        return kinship.log_likelihood(pedigree, {**relatives, member: shown}, locus, theta=theta, convention="pruned")

    every = [log(shown) for shown in itertools.combinations_with_replacement(locus.alleles, copies)]
    top = max(every)
    if top == -math.inf:
        return math.nan
    return log(labels) - top - math.log(math.fsum(math.exp(value - top) for value in every))
