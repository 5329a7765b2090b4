"""Likelihoods and likelihood ratios of whole families, locus by locus.

LR = P(all profiles | H1) / P(all profiles | H2). Loci are taken as independent; for parents and their children linkage changes
nothing, for siblings, grandparents and inbred families it may (genetics.loci.linked_pairs).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from wayhome.kinship.errors import ProfileError
from wayhome.kinship.genetics.loci import Inheritance
from wayhome.kinship.genetics.loci import locus as locus_of
from wayhome.kinship.genetics.model import LocusModel, PopulationModel
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.likelihood.encoding import Together, encode, together
from wayhome.kinship.likelihood.evaluation import evaluate, stackable
from wayhome.kinship.likelihood.network import Convention
from wayhome.kinship.likelihood.stacking import Stack
from wayhome.kinship.pedigrees.pedigree import Pedigree
from wayhome.kinship.provenance import provenance

_DIPLOID = (Inheritance.AUTOSOMAL, Inheritance.X)

Genotypes = Mapping[str, Mapping[str, Sequence[str]]]
"""member -> locus -> one or two allele labels"""


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """An LR with everything it was made of.

    Parameters
    ----------
    log_likelihoods : natural logs under H1 and H2 by locus; -inf where the data are impossible.
    provenance : see `provenance.provenance`.
    """

    log_likelihoods: tuple[Mapping[str, float], Mapping[str, float]]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    @property
    def loci(self) -> dict[str, float]:
        """log10 LR by locus; nan where both hypotheses are impossible."""
        h1, h2 = self.log_likelihoods
        return {locus: log10_ratio(h1[locus], h2[locus]) for locus in h1}

    @property
    def log10_lr(self) -> float:
        """log10 of the LR over all loci: -inf where H1 alone is impossible, nan where both are."""
        h1, h2 = self.log_likelihoods
        return log10_ratio(math.fsum(h1.values()), math.fsum(h2.values()))

    @property
    def excluding(self) -> tuple[str, ...]:
        """Loci at which H1 is impossible."""
        return tuple(locus for locus, value in self.log_likelihoods[0].items() if value == -math.inf)


def log10_ratio(h1: float, h2: float) -> float:
    """log10 of a ratio of likelihoods given as natural logs; nan for 0 / 0."""
    if h1 == h2 == -math.inf:
        return math.nan
    return (h1 - h2) / math.log(10)


def log_likelihoods(
    pedigree: Pedigree,
    genotypes: Genotypes,
    loci: Iterable[LocusModel],
    *,
    theta: float = 0.0,
    convention: Convention = "as_written",
) -> dict[str, float]:
    """`log_likelihood` of many loci: locus -> natural log. Loci at which the same members were typed are worked out together."""
    loci = tuple(loci)
    return _log_likelihoods(pedigree, together(genotypes, loci), [locus.name for locus in loci], theta, convention)


def _log_likelihoods(
    pedigree: Pedigree, groups: Sequence[Together], loci: Sequence[str], theta: float, convention: Convention
) -> dict[str, float]:
    found: dict[str, float] = {}
    for group in groups:
        shape, codes = group.under(pedigree)
        stack = Stack.of(group.loci) if len(group.loci) > 1 and group.loci[0].silent is None else None
        if stack is not None and stackable(shape, len(stack), theta, convention):
            values = evaluate(shape, stack, codes, theta=theta, convention=convention).log_likelihood
            found |= zip([locus.name for locus in group.loci], values.tolist(), strict=True)
            continue
        for i, locus in enumerate(group.loci):
            value = evaluate(shape, locus, codes[i : i + 1], theta=theta, convention=convention).log_likelihood
            found[locus.name] = float(value[0])
    return found if len(groups) == 1 else {name: found[name] for name in loci}


def log_likelihood(
    pedigree: Pedigree,
    genotypes: Mapping[str, Sequence[str]],
    locus: LocusModel,
    *,
    theta: float = 0.0,
    convention: Convention = "as_written",
) -> float:
    """Natural log of the probability of all genotypes at one locus, given the pedigree.

    Parameters
    ----------
    pedigree : may fall apart into unrelated families; they multiply at theta 0 and share one population above.
    genotypes : member -> one or two labels; members left out are untyped.
    locus : alleles, frequencies, mutation.
    theta : coancestry, 0 <= theta < 1.
    convention : what untyped founders pass on (`likelihood.network.Convention`).

    Returns
    -------
    float
        -inf where the genotypes are impossible.

    Raises
    ------
    TooComplex, ProfileError, PedigreeError, UnknownName
    """
    shape, codes = encode(pedigree, genotypes, locus)
    return float(evaluate(shape, locus, codes, theta=theta, convention=convention).log_likelihood[0])


def likelihood_ratio(
    h1: Pedigree,
    h2: Pedigree,
    profiles: Mapping[str, Profile],
    model: PopulationModel,
    *,
    loci: Iterable[str] | None = None,
    convention: Convention = "as_written",
) -> LikelihoodRatio:
    """The exact LR of two pedigrees.

    Parameters
    ----------
    h1, h2 : hold every typed person; who has no place in a hypothesis is a founder without children there.
    profiles : person -> profile.
    model : the population; an allele outside its table takes part with the minimum frequency.
    loci : by default every autosomal and X-chromosomal locus of the table that somebody was typed at, doubtful ones left out.

    Raises
    ------
    TooComplex, ProfileError, PedigreeError, UnknownName
    """
    table = model.frequencies
    if loci is None:
        typed = {name for profile in profiles.values() for name in profile.genotypes}
        loci = [name for name in model.loci if name in typed and name not in table.doubtful_loci and _is_diploid(name)]
    genotypes = {person: profile.genotypes for person, profile in profiles.items()}
    loci = list(loci)
    try:
        groups = together(genotypes, [model.locus(name) for name in loci])
    except ProfileError:  # most often an allele outside the table, which is rare
        shown = {name: set().union(*[told.get(name, ()) for told in genotypes.values()]) for name in loci}
        groups = together(genotypes, [model.locus(name, shown[name]) for name in loci])
    logs = [_log_likelihoods(h, groups, loci, model.theta, convention) for h in (h1, h2)]
    inputs = {person: profile.digest for person, profile in profiles.items()}
    hypotheses = {name: [[m.id, m.father, m.mother, m.sex] for m in h] for name, h in (("H1", h1), ("H2", h2))}
    return LikelihoodRatio(
        (logs[0], logs[1]),
        provenance(model.parameters() | {"convention": convention, "loci": loci, "hypotheses": hypotheses}, inputs),
    )


@lru_cache(maxsize=4096)
def _is_diploid(name: str) -> bool:
    return locus_of(name).inheritance in _DIPLOID
