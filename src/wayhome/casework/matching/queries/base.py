"""The base that searches ask: which population, where the index is, and whether any family in it is a partner's child's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from wayhome import kinship
from wayhome.casework.laboratory.rules.profiles import autosomal
from wayhome.casework.matching.queries import dossiers
from wayhome.casework.matching.rules.samples import enough

POPULATION = "china"
BESIDE = "nist-asian"
"""A second table, asked too where it knows every locus that was compared: the smaller LR counts."""
LEAST_LR = 100.0
MOST_FOR_A_PARTNER = 20
"""Families that a partner's child is compared with exactly."""


@dataclass(frozen=True, slots=True)
class Fits:
    """A family that fits a partner's child: which, and whether as a "report" or as a "lead". No number leaves this room."""

    request: int
    gate: str


@cache
def model(name: str = POPULATION) -> kinship.PopulationModel:
    """A population with the parameters that searches use."""
    return kinship.PopulationModel(kinship.population(name))


def models(loci: Iterable[str]) -> list[kinship.PopulationModel]:
    """The populations that a candidate is judged by."""
    both = [model(), model(BESIDE)]
    return both if set(loci) <= set(both[1].frequencies.loci) else both[:1]


def folder() -> Path:
    """Where the index is."""
    return Path(settings.WAYHOME_INDEX)


def least(families: int) -> float:
    """The LR below which nobody is looked at, in a base of so many."""
    return max(LEAST_LR, families / 1000)


@cache
def indexed_loci() -> tuple[str, ...]:
    """Loci of the columns: those that two kits in use type at least. What else was typed counts where candidates are scored."""
    kits = [{one.name for one in kinship.panel(name).loci} for name in kinship.panels()]
    table = model().frequencies
    usable = (name for name in model().loci if name not in table.doubtful_loci)
    autosomal = (name for name in usable if kinship.locus(name).inheritance is kinship.Inheritance.AUTOSOMAL)
    return tuple(name for name in autosomal if sum(name in kit for kit in kits) > 1)


@cache
def alleles_compared() -> dict[str, dict[str, float]]:
    """Alleles of the loci that are compared, with how common they are."""
    table = model().frequencies.loci
    return {name: dict(table[name]) for name in indexed_loci() if name in table}


def told_abroad(profile: kinship.Profile) -> dict[str, tuple[str, ...]]:
    """What of a profile a partner's search is asked with: what its index compares."""
    return {name: profile.genotypes[name] for name in sorted(autosomal(profile)) if name in indexed_loci()}


def partners_child(genotypes: dict[str, tuple[str, ...]]) -> kinship.Profile | None:
    """A profile as a partner told it; None where it is too little to be anybody's in particular.

    Raises
    ------
    kinship.InputError
        where it is no profile.
    """
    profile = kinship.Profile.from_calls("0", {name: alleles for name, alleles in genotypes.items() if name in indexed_loci()})
    return profile if enough(profile) else None


def fits_partners_child(profile: kinship.Profile, *, at: datetime) -> Fits | None:
    """The family that fits best, by the same index, the same weighing and the same gates as for a child of this house."""
    if not (folder() / "manifest.json").exists():
        return None
    index = kinship.Index.open(folder(), model())
    size = index.manifest.families
    if not size:
        return None
    hits = kinship.find_in_index([profile], index, top=MOST_FOR_A_PARTNER, min_lr=least(size)).children[0].candidates
    now = dossiers.compared([int(one.family) for one in hits], at=at)
    last = dossiers.last_dossiers(now)
    families = [one.family for pk, one in now.items() if one.family is not None and pk in last and last[pk].digest == one.digest]
    if not families:
        return None
    loci = {name for family in families for one in family.profiles.values() for name in one.genotypes} & set(profile.genotypes)
    exact = kinship.find([profile], families, models(loci), top=None, min_lr=0).children[0].candidates
    gates = kinship.Gates(max(size, len(exact)))
    whole = kinship.posterior({one.family: one.log10_lr for one in exact}, gates.prior)
    named = {family.id: family for family in families}
    for one in exact:
        support = kinship.Support.of(named[one.family], len(one.loci))
        share = whole.stages(one.family)[-1].posterior
        verdict = kinship.judge(gates, support, one.log10_lr, mismatches=one.mismatches, posterior=share)
        if verdict.gate != "insufficient":
            return Fits(int(one.family), verdict.gate)
    return None
