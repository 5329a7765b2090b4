"""What an analyst must know beside the numbers of a joint answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wayhome.kinship.search.duplicates import direct_matches, repeated_relatives
from wayhome.kinship.search.joint_question import Question, contradicting
from wayhome.kinship.search.places import Place, ReferenceFamily

_SEX = {"M": "male", "F": "female"}


def interchangeable(families: Sequence[ReferenceFamily]) -> tuple[tuple[Place, ...], ...]:
    """Missing children of the same parents, of one sex and without children: no DNA can tell their places apart."""
    groups: dict[tuple[object, ...], list[Place]] = {}
    for family in families:
        parents = {parent for member in family.pedigree for parent in member.parents}
        for id_ in family.missing:
            member = family.pedigree[id_]
            if member.father is not None and member.mother is not None and id_ not in parents:
                groups.setdefault((family.id, member.father, member.mother, member.sex), []).append(Place(family.id, id_))
    return tuple(tuple(places) for places in groups.values() if len(places) > 1)


def notes(question: Question, unfit: Mapping[str, Sequence[str]], best: Mapping[str, Place]) -> tuple[str, ...]:
    """All notes.

    Parameters
    ----------
    unfit : family, or all of them -> loci at which the relatives do not fit one another.
    best : the pairs of the best assignment.
    """
    return (
        *_one_child_twice(question),
        *_other_sex(question, best),
        *(
            f"the relatives of {who} cannot be related as recorded at {', '.join(loci)}, which is left out for them"
            for who, loci in unfit.items()
            if loci
        ),
        *_one_family_twice(question),
    )


def _one_child_twice(question: Question) -> Iterator[str]:
    for group in question.identical:
        who = ", ".join(group)
        yield f"{who} have one profile: one child registered more than once, or identical twins; treated as one child"
    # Whoever differs at all is a child of its own here, though a lost allele makes two children of one.
    for match in direct_matches(dict(zip(question.children, question.profiles, strict=True))):
        where = ", ".join((*match.differing, *match.dropped))
        differ = f"differ at {where} only, of {match.loci} loci" if where else f"agree at all of {match.loci} loci"
        yield (
            f"{match.first} and {match.second} {differ}: perhaps one child sampled twice, but treated as two children, "
            "who speak for each other; find out before reading on"
        )


def _other_sex(question: Question, best: Mapping[str, Place]) -> Iterator[str]:
    wrong = contradicting(question.sexes, question.families)
    for child, place in best.items():
        c, p = question.children.index(child), question.places.index(place)
        if wrong[c, p]:
            sex = _SEX[question.sexes[c]]
            yield f"{child} is {sex}, the missing {place.member} of {place.family} is recorded as the other sex"


def _one_family_twice(question: Question) -> Iterator[str]:
    for repeated in repeated_relatives(question.families, most_differing=0, most_dropped=0):
        both = ", ".join(f"{match.first[1]} and {match.second[1]}" for match in repeated.matches)
        if repeated.first == repeated.second:
            yield f"in {repeated.first} these have one profile: {both}; check samples"
        else:
            yield (
                f"{repeated.first} and {repeated.second} may be one family reported twice, for these have one profile: {both}; "
                "a child's posterior is shared between both reports"
            )
