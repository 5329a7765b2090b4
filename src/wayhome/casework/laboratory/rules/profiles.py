"""What is looked at when a laboratory tells a profile, and how it is written down to be sealed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from wayhome import kinship

FLAGS = ("partial", "mixture", "sex_differs", "same_as", "second_differs", "not_kin", "exchanged", "staff_match")
WRONG_PERSON = frozenset({"same_as", "second_differs", "exchanged", "staff_match"})
"""What says that a tube may hold somebody else's sample: looked at before anything else."""
WITHIN: Mapping[str, timedelta] = MappingProxyType(
    {"type": timedelta(days=3), "second": timedelta(days=1), "differs": timedelta(days=1)}
)
"""How long a sample may wait to be typed, for the second person who types it, and for both to type it once more. Assumed."""
ERASED = ("profile", "entry")

LEAST_LOCI = 15
"""Autosomal loci below which a profile is partial: fewer than the smallest kit in use types."""
MIXED_LOCI = 2
"""Loci with a third allele from which two people are the likelier reason: at one, somebody may have a third copy."""
LOCI_TO_TELL = 8
"""Loci that two profiles must share before it is said that they are alike or that they differ."""
SLIPS_ALIKE = 1
"""Loci at which two samples of one person may differ: an allele that one did not show."""
MISMATCHES_NOT_KIN = 3
"""Loci without a common allele from which a parent is none, as in case-work (GB/T 37223-2018: three or more exclude)."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that somebody should look at; `other` is the number of another kit, `detail` names loci and counts only."""

    kind: str
    other: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def counted(detail: Mapping[str, Any]) -> dict[str, Any]:
    """The same by count: which loci of a relative's sample are odd is kept nowhere in clear, as copies keep it for years."""
    return {name: len(told) if isinstance(told, list) else told for name, told in detail.items()}


def written(profile: kinship.Profile) -> bytes:
    """A profile as it is sealed: the same for the same genotypes."""
    told = {
        "sample": profile.sample,
        "panel": profile.kit,
        "genotypes": {locus: list(alleles) for locus, alleles in sorted(profile.genotypes.items())},
        "flags": {locus: list(flags) for locus, flags in sorted(profile.flags.items())},
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read(plain: bytes) -> kinship.Profile:
    """The profile that was written."""
    told = json.loads(plain)
    return kinship.Profile(
        told["sample"],
        {locus: tuple(alleles) for locus, alleles in told["genotypes"].items()},
        told["panel"],
        {locus: tuple(flags) for locus, flags in told["flags"].items()},
    )


def autosomal(profile: kinship.Profile) -> frozenset[str]:
    """Its loci that both sexes have twice."""
    return frozenset(filter(_autosomal, profile.genotypes))


@cache
def _autosomal(locus: str) -> bool:
    return kinship.locus(locus).inheritance is kinship.Inheritance.AUTOSOMAL


def flags_alone(profile: kinship.Profile, sex: str) -> list[Flag]:
    """What is to be looked at in a profile by itself, of somebody recorded as "F", "M" or "U"."""
    found = []
    loci = len(autosomal(profile))
    if loci < LEAST_LOCI:
        found.append(Flag("partial", detail={"loci": loci}))
    mixed = sorted(name for name, flags in profile.flags.items() if "more_than_two_alleles" in flags)
    if len(mixed) >= MIXED_LOCI:
        found.append(Flag("mixture", detail={"loci": mixed}))
    if profile.genetic_sex and sex in ("F", "M") and profile.genetic_sex != sex:
        found.append(Flag("sex_differs", detail={"recorded": sex}))
    return found


def differing(one: kinship.Profile, other: kinship.Profile) -> tuple[list[str], int]:
    """Autosomal loci at which two profiles differ, and how many they share."""
    shared = sorted(autosomal(one) & autosomal(other))
    return [name for name in shared if one.genotypes[name] != other.genotypes[name]], len(shared)


def alike(one: kinship.Profile, other: kinship.Profile) -> bool:
    """Whether two samples show one person (or identical twins)."""
    differs, shared = differing(one, other)
    return shared >= LOCI_TO_TELL and len(differs) <= SLIPS_ALIKE


def mismatches(child: kinship.Profile, parent: kinship.Profile) -> list[str]:
    """Autosomal loci at which child and parent have no allele in common."""
    shared = sorted(autosomal(child) & autosomal(parent))
    return [name for name in shared if not set(child.genotypes[name]) & set(parent.genotypes[name])]


def fits(child: kinship.Profile, parent: kinship.Profile) -> bool:
    """Whether two profiles can be of a child and its parent."""
    return len(mismatches(child, parent)) < MISMATCHES_NOT_KIN


def flags_of_second(profile: kinship.Profile, earlier: Mapping[int, kinship.Profile]) -> list[Flag]:
    """Against earlier samples of the same person, by kit."""
    found = []
    for kit, before in sorted(earlier.items()):
        differs, shared = differing(profile, before)
        if shared >= LOCI_TO_TELL and len(differs) > SLIPS_ALIKE:
            found.append(Flag("second_differs", kit, {"loci": differs, "shared": shared}))
    return found


def flags_of_same(profile: kinship.Profile, others: Mapping[int, kinship.Profile]) -> list[Flag]:
    """Against samples of other people, by kit."""
    return [Flag("same_as", kit) for kit, other in sorted(others.items()) if alike(profile, other)]


def flags_of_staff(profile: kinship.Profile, staff: Mapping[str, kinship.Profile]) -> list[Flag]:
    """Against those of people who handle samples, by their number: then what was typed is theirs, and not the sample's."""
    return [Flag("staff_match", detail={"staff": number}) for number, theirs in sorted(staff.items()) if alike(profile, theirs)]


Links = Iterable[tuple[int, int]]
"""Child and parent, as numbers of people."""


def not_kin(links: Links, profiles: Mapping[int, kinship.Profile]) -> list[tuple[int, int, list[str]]]:
    """Children and parents of one family, both typed, that cannot be: child, parent and loci without a common allele."""
    typed = ((child, parent) for child, parent in links if child in profiles and parent in profiles)
    found = ((child, parent, mismatches(profiles[child], profiles[parent])) for child, parent in typed)
    return [(child, parent, loci) for child, parent, loci in found if len(loci) >= MISMATCHES_NOT_KIN]


def exchanged(
    me: int,
    others: Iterable[int],
    *,
    links: Iterable[tuple[int, int]],
    profiles: Mapping[int, kinship.Profile],
    sexes: Mapping[int, str],
) -> list[int]:
    """Who of a batch may have been exchanged with somebody: with their profiles the other way round, both fit where they did not.

    Parameters
    ----------
    me, others : numbers of people whose samples came in one file.
    links : child and parent, over all families of the file.
    profiles, sexes : by number of person; sexes as recorded.
    """
    links = list(links)

    def faults(given: Mapping[int, kinship.Profile], of: tuple[int, int]) -> int:
        mine = [link for link in links if set(link) & set(of)]
        sex = sum(bool(given[p].genetic_sex) and sexes[p] in ("F", "M") and given[p].genetic_sex != sexes[p] for p in of)
        return len(not_kin(mine, given)) + sex

    found = []
    for other in sorted(set(others) - {me}):
        turned = {**profiles, me: profiles[other], other: profiles[me]}
        before = faults(profiles, (me, other))
        if before > 0 and faults(turned, (me, other)) == 0:
            found.append(other)
    return found
