"""Which person a Familias pedigree looks for. The format itself does not say; see `search_family`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Pedigree

MISSING_PERSON = "Missing person"
"""What the disaster victim module of Familias calls the one who is looked for."""


def search_family(pedigree: Pedigree, profiles: Mapping[str, Profile], name: str) -> Family | str:
    """The family for a search, or the reason why the pedigree is none.

    The one looked for is the untyped member called "Missing person"; without such a name, the only untyped member with a parent
    and without children. An untyped member between two generations merely links relatives, and does not count. Members that
    no line of descent joins to the one looked for are left out.

    Parameters
    ----------
    pedigree : without `missing`.
    profiles : member -> profile; members without one are untyped.
    name : what to call the family.
    """
    untyped = [m for m in pedigree if m.id not in profiles]
    parents = {p for m in pedigree for p in m.parents}
    candidates = [m.id for m in untyped if m.id.casefold() == MISSING_PERSON.casefold()] or [
        m.id for m in untyped if m.parents and m.id not in parents
    ]
    if not candidates:
        return "everyone at the end of a line is typed, so nobody is looked for"
    if len(candidates) > 1:
        return (
            f"{', '.join(candidates[:3])}{'...' if len(candidates) > 3 else ''} are untyped, so it does not say who is looked for"
        )
    missing = candidates[0]
    joined = relatives(pedigree, missing)
    typed = {member: profile for member, profile in profiles.items() if member in joined}
    if not typed:
        return f"no relative of {missing} is typed"
    members = tuple(m for m in pedigree if m.id in joined)
    return Family(Pedigree(members, missing, name), typed)


def relatives(pedigree: Pedigree, member: str) -> Collection[str]:
    """Everyone whom lines of descent or common children join to a member, and the member."""
    near: dict[str, list[str]] = {m.id: list(m.parents) for m in pedigree}
    for m in pedigree:
        for parent in m.parents:
            near[parent].append(m.id)
    found = {member}
    waiting = [member]
    while waiting:
        for other in near[waiting.pop()]:
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found
