"""Samples that may be of one person: a child registered twice, a donor typed twice, identical twins, one family reported twice.

Two profiles of one person agree at every locus that both show, but for errors of the laboratory: an allele that dropped out
leaves a homozygote where there was a heterozygote, and a call may be wrong. So a few loci may differ; how many is for the caller
to say. A match tells that two samples are of one person *or of identical twins*: their DNA alone cannot tell these apart.

Every pair is compared.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from wayhome.kinship.errors import InputError
from wayhome.kinship.genetics.profiles import Genotype, Profile
from wayhome.kinship.search.crowd import Crowd
from wayhome.kinship.search.scan import LIMIT

LEAST_LOCI = 10
"""Full siblings share a locus with probability about 0.3 to 0.4, so all of ten with some 1e-5."""

Person = TypeVar("Person", bound=Hashable)


@dataclass(frozen=True, slots=True)
class DirectMatch(Generic[Person]):
    """Two profiles that may be of one person, or of identical twins.

    first, second : who, in the order given.
    loci : how many loci both show.
    differing : loci at which one has an allele that the other cannot have lost.
    dropped : loci at which a homozygote of one is a heterozygote of the other: an allele may have dropped out.
    """

    first: Person
    second: Person
    loci: int
    differing: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def identical(self) -> bool:
        """Whether nothing differs."""
        return not self.differing and not self.dropped


class Reported(Protocol):
    """A family with typed relatives."""

    @property
    def id(self) -> str: ...

    @property
    def profiles(self) -> Mapping[str, Profile]: ...


@dataclass(frozen=True, slots=True)
class RepeatedRelatives:
    """Two families, or twice the same one, with relatives who may be one person.

    first, second : ids of the families; equal where one family holds somebody twice.
    matches : (family, member) against (family, member), the closest first.
    """

    first: str
    second: str
    matches: tuple[DirectMatch[tuple[str, str]], ...]


def direct_matches(
    profiles: Mapping[Person, Profile],
    *,
    most_differing: int = 1,
    most_dropped: int = 2,
    least_loci: int = LEAST_LOCI,
) -> tuple[DirectMatch[Person], ...]:
    """All pairs of profiles that may be of one person.

    Parameters
    ----------
    profiles : who -> profile; with sex markers and loci of X and Y, which count as any other.
    most_differing : so many loci may differ beyond a lost allele.
    most_dropped : so many more may differ by a lost allele.
    least_loci : pairs with fewer loci in common are left out.

    Returns
    -------
    tuple of DirectMatch
        fewest differences first, then fewest lost alleles, then most loci, then in the order given.

    Raises
    ------
    InputError
        for a negative number of differences, or no locus to compare.
    """
    for name, value, least in (
        ("most_differing", most_differing, 0),
        ("most_dropped", most_dropped, 0),
        ("least_loci", least_loci, 1),
    ):
        if value < least:
            raise InputError(f"{name} is {value}", f"Give at least {least}", field=name)
    people = list(profiles)
    matches = []
    for i, j in _close(list(profiles.values()), most_differing + most_dropped, least_loci):
        match = compared(people[i], profiles[people[i]], people[j], profiles[people[j]])
        if len(match.differing) <= most_differing and len(match.dropped) <= most_dropped:
            matches.append((len(match.differing), len(match.dropped), -match.loci, i, j, match))
    return tuple(row[-1] for row in sorted(matches, key=lambda row: row[:-1]))


def compared(first: Person, one: Profile, second: Person, other: Profile) -> DirectMatch[Person]:
    """Two profiles locus by locus, whether or not they match."""
    both = [name for name in one.genotypes if one.genotypes[name] and other.genotypes.get(name)]
    unequal = [name for name in both if set(one.genotypes[name]) != set(other.genotypes[name])]
    dropped = [name for name in unequal if _may_be_dropout(one.genotypes[name], other.genotypes[name])]
    differing = tuple(name for name in unequal if name not in dropped)
    return DirectMatch(first, second, len(both), differing, tuple(dropped))


def repeated_relatives(
    families: Iterable[Reported],
    *,
    most_differing: int = 1,
    most_dropped: int = 2,
    least_loci: int = LEAST_LOCI,
) -> tuple[RepeatedRelatives, ...]:
    """Relatives who may be one person, in different families or in one: those with most matches first.

    Parameters
    ----------
    families : ids differ; other parameters as in `direct_matches`.

    Raises
    ------
    InputError
    """
    relatives: dict[tuple[str, str], Profile] = {}
    for family in families:
        for member, profile in family.profiles.items():
            if (family.id, member) in relatives:
                raise InputError(f"the family {family.id} is told twice", "Give every family an id of its own", field="family")
            relatives[family.id, member] = profile
    found: dict[tuple[str, str], list[DirectMatch[tuple[str, str]]]] = {}
    for match in direct_matches(relatives, most_differing=most_differing, most_dropped=most_dropped, least_loci=least_loci):
        found.setdefault((match.first[0], match.second[0]), []).append(match)
    rows = [RepeatedRelatives(first, second, tuple(matches)) for (first, second), matches in found.items()]
    return tuple(sorted(rows, key=lambda row: -len(row.matches)))


def _may_be_dropout(one: Genotype, other: Genotype) -> bool:
    few, many = sorted((set(one), set(other)), key=len)
    return len(few) == 1 and few < many


def _close(profiles: Sequence[Profile], most: int, least_loci: int) -> Iterator[tuple[int, int]]:
    """Pairs i < j that differ at no more than `most` loci of at least `least_loci`.

    Such a pair has loci - k * differing >= least_loci - k * most for any k. The largest k that a pair without common loci fails
    lets the fewest others pass; those are told apart afterwards.
    """
    crowd = Crowd.of(profiles, sorted({name for profile in profiles for name in profile.genotypes}))
    k = min(crowd.most, -(-least_loci // most) - 1 if most else LIMIT)
    entries = []
    for genotypes in crowd.genotypes:
        entry = np.where(np.eye(len(genotypes) + 1, dtype=bool), 1, 1 - k).astype(np.int8)
        entry[-1] = entry[:, -1] = 0
        entries.append(entry)
    for first, second in crowd.reaching(entries, least_loci - k * most):
        loci = crowd.loci_shared(first, second)
        differing = loci - (np.equal(crowd.codes[:, first], crowd.codes[:, second]) & (crowd.codes[:, first] >= 0)).sum(axis=0)
        keep = (differing <= most) & (loci >= least_loci)
        yield from zip(first[keep].tolist(), second[keep].tolist(), strict=True)
