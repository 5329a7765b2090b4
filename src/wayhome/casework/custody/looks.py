"""Who may meet an exclusion: asked by index from what is excluded or what changed, however many people are on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from wayhome.casework.custody import guards
from wayhome.casework.operations.models import Tie

_EXCLUDED = (
    "SELECT e.person_id FROM custody_exclusion e WHERE e.person_id IS NOT NULL"
    " UNION SELECT t.person_id FROM custody_exclusion e JOIN operations_tie t ON t.other_id = e.person_id"
    " UNION SELECT t.person_id FROM custody_exclusion e JOIN operations_tie u ON u.other_id = e.person_id"
    " JOIN operations_tie t ON t.other_id = u.person_id"
)
"""SQL: everybody who is excluded, and their kin within two ties."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is new since everybody was looked at.

    Parameters
    ----------
    near : persons of whom something is new (excluded, recognised by more, kin of somebody), and their kin within two ties: only
        with their keys can anybody's meet an exclusion now that did not before.
    exclusion : one that names no person; 0 is none.
    """

    near: frozenset[int] = frozenset()
    exclusion: int = 0


def change_of(persons: Iterable[int] = (), *, exclusion: int = 0) -> Change:
    """Something is new of these persons, or in one exclusion."""
    near = set(persons)
    for _ in range(2):
        if near:
            tied = Tie.objects.filter(Q(person__in=near) | Q(other__in=near)).values_list("person_id", "other_id")
            near |= {one for pair in tied for one in pair}
    return Change(frozenset(near), exclusion)


def worth_a_look(keys_table: str, owner_column: str, change: Change | None, *, of_staff: bool = False) -> set[int]:
    """Whose keys in a table meet an exclusion, of themselves or of close kin, for whatever child it is.

    Parameters
    ----------
    change : only those who may meet one since then; None is everybody.
    """
    met = " OR ".join(
        guards.excluded(keys_table, owner_column, "o.id", None, kin=kin, of_staff=of_staff) for kin in (False, True)
    )
    same = f"JOIN {keys_table} s ON s.kind = k.kind AND s.key = k.key"
    people = _EXCLUDED if change is None else ", ".join(str(int(one)) for one in sorted(change.near))
    parts = []
    if people:
        parts.append(f"SELECT s.{owner_column} AS id FROM operations_personkey k {same} WHERE k.person_id IN ({people})")
    if change is None or change.exclusion:
        only = "" if change is None else f" WHERE k.exclusion_id = {int(change.exclusion)}"
        parts.append(f"SELECT s.{owner_column} AS id FROM custody_exclusionkey k {same}{only}")
    if not parts:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT o.id FROM ({' UNION '.join(parts)}) o WHERE {met}")
        return {owner for (owner,) in cursor.fetchall()}
