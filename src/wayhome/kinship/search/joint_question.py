"""What is asked of a joint answer: children and places, which pairs are considered, and how likely each was beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wayhome.kinship.arrays import BoolArray, FloatArray
from wayhome.kinship.errors import InputError, UnknownName
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Sex
from wayhome.kinship.search.duplicates import LEAST_LOCI, direct_matches
from wayhome.kinship.search.places import Place, ReferenceFamily

PriorOdds = float | Mapping[tuple[str, Place], float]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Children and places as they are compared.

    children : [c] ids; of identical ones only the first.
    profiles : [c]; of identical ones everything that any of them shows.
    sexes : [c] as far as known.
    families : with one or more missing members.
    places : [p] all missing members.
    identical : children with one profile.
    considered : [c, p] pairs considered.
    log_odds : [c, p] natural log of the prior odds of each pair.
    """

    children: tuple[str, ...]
    profiles: tuple[Profile, ...]
    sexes: tuple[Sex, ...]
    families: tuple[ReferenceFamily, ...]
    places: tuple[Place, ...]
    identical: tuple[tuple[str, ...], ...]
    considered: BoolArray
    log_odds: FloatArray

    @classmethod
    def of(
        cls,
        children: Mapping[str, Profile],
        families: Sequence[Family | ReferenceFamily],
        *,
        sexes: Mapping[str, Sex] | None,
        match_sex: bool,
        pairs: Mapping[str, Iterable[Place]] | None,
        prior_odds: PriorOdds,
        merge_identical: bool,
    ) -> Question:
        """See `joint.joint_assignments`."""
        references = tuple(ReferenceFamily.of(family) for family in families)
        places = _places(references)
        for told in (sexes or {}, pairs or {}):
            _check_children(told, children)
        identical = _identical(children) if merge_identical else ()
        leader = {child: group[0] for group in identical for child in group}
        ids = tuple(child for child in children if leader.get(child, child) == child)
        row = {child: ids.index(leader.get(child, child)) for child in children}
        together = {child: next((g for g in identical if g[0] == child), (child,)) for child in ids}
        known = tuple(_sex(together[child], children, sexes) for child in ids)
        considered = np.ones((len(ids), len(places)), dtype=bool)
        if pairs is not None:
            considered[:] = False
            for child, some in pairs.items():
                for place in some:
                    considered[row[child], _at(places, place)] = True
        if match_sex:
            considered &= ~contradicting(known, references)
        log_odds = _log_odds(prior_odds, row, places, len(ids))
        considered &= log_odds > -np.inf
        profiles = tuple(_together([children[c] for c in together[child]]) for child in ids)
        return cls(ids, profiles, known, references, places, identical, considered, log_odds)


def contradicting(sexes: Sequence[Sex], families: Sequence[ReferenceFamily]) -> BoolArray:
    """[children, places] where both sexes are known and differ."""
    wanted = [family.pedigree[member].sex for family in families for member in family.missing]
    return np.array([[{child, place} == {"M", "F"} for place in wanted] for child in sexes]).reshape(len(sexes), len(wanted))


def _places(families: Sequence[ReferenceFamily]) -> tuple[Place, ...]:
    seen: set[str] = set()
    for family in families:
        if family.id in seen:
            raise InputError(f"the family {family.id} is told twice", "Give every family an id of its own", field="family")
        seen.add(family.id)
    return tuple(Place(family.id, member) for family in families for member in family.missing)


def _check_children(told: Mapping[str, object], children: Mapping[str, Profile]) -> None:
    for child in told:
        if child not in children:
            raise UnknownName(f"no child is called {child}", "Name children that are asked about", field="children")


def _at(places: Sequence[Place], place: Place) -> int:
    try:
        return places.index(Place(*place))
    except (ValueError, TypeError):
        raise UnknownName(
            f"{place} is no place: no such family misses such a member",
            "Give the family's id and the missing member's",
            field="places",
        ) from None


def _identical(children: Mapping[str, Profile]) -> tuple[tuple[str, ...], ...]:
    """Groups of children whose profiles agree wherever both were typed, at ten loci or more."""
    group = {child: {child} for child in children}
    for match in direct_matches(children, most_differing=0, most_dropped=0, least_loci=LEAST_LOCI):
        if group[match.first] is not group[match.second]:
            # A third child may bridge two who differ, or who share too few loci to say: those stay apart.
            merged = group[match.first] | group[match.second]
            if _agree([children[child] for child in merged]):
                for child in merged:
                    group[child] = merged
    order = {child: i for i, child in enumerate(children)}
    found = {tuple(sorted(some, key=order.__getitem__)) for some in group.values() if len(some) > 1}
    return tuple(sorted(found, key=lambda some: order[some[0]]))


def _agree(profiles: Sequence[Profile]) -> bool:
    shown: dict[str, set[frozenset[str]]] = {}
    for profile in profiles:
        for name, labels in profile.genotypes.items():
            shown.setdefault(name, set()).add(frozenset(labels))
    return all(len(some) == 1 for some in shown.values())


def _together(profiles: Sequence[Profile]) -> Profile:
    """Everything that any of these shows, under the first one's name."""
    first, *others = profiles
    genotypes = dict(first.genotypes)
    for other in others:
        genotypes = dict(other.genotypes) | genotypes
    return Profile(first.sample, genotypes, first.kit, first.flags)


def _sex(group: Sequence[str], children: Mapping[str, Profile], sexes: Mapping[str, Sex] | None) -> Sex:
    """The sex of children with one profile: as told, else by the profile."""
    for child in group:
        if sexes is not None and sexes.get(child, "U") != "U":
            return sexes[child]
    for child in group:
        if (sex := children[child].genetic_sex) is not None:
            return sex
    return "U"


def _log_odds(prior_odds: PriorOdds, row: Mapping[str, int], places: Sequence[Place], children: int) -> FloatArray:
    told = prior_odds.items() if isinstance(prior_odds, Mapping) else ()
    odds = np.ones((children, len(places))) if isinstance(prior_odds, Mapping) else np.full((children, len(places)), prior_odds)
    for (child, place), value in told:
        if child not in row:
            raise UnknownName(f"no child is called {child}", "Name children that are asked about", field="prior_odds")
        odds[row[child], _at(places, place)] = value
    if not (np.isfinite(odds).all() and (odds >= 0).all()):
        bad = float(odds[~(np.isfinite(odds) & (odds >= 0))][0])
        raise InputError(f"prior odds of {bad}", "Give a number from 0 upward, 1 where nothing is known", field="prior_odds")
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(odds.astype(float)))
