"""A family as a pedigree: who is whose father and mother."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from wayhome.kinship.errors import PedigreeError, UnknownName

Sex = Literal["M", "F", "U"]


@dataclass(frozen=True, slots=True)
class Member:
    """One person: id, ids of father and mother (None where nobody is named), sex ("U" where it is not known)."""

    id: str
    father: str | None = None
    mother: str | None = None
    sex: Sex = "U"

    @property
    def parents(self) -> tuple[str, ...]:
        """The named parents, father first."""
        return tuple(p for p in (self.father, self.mother) if p is not None)


@dataclass(frozen=True)
class Pedigree:
    """An immutable family of any shape: loops, single parents, several unrelated parts.

    Parameters
    ----------
    members : in any order; a parent must be a member.
    missing : id of the member who is looked for, if any.
    name : what messages and results call the family.

    Raises
    ------
    PedigreeError
        that names the member: an id told twice or empty, an unknown parent, a father who is a woman or a mother who is a man,
        a father who is also the mother, a person who is their own ancestor, an unknown missing member.
    """

    members: tuple[Member, ...]
    missing: str | None = None
    name: str = "family"
    _by_id: Mapping[str, Member] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "members", tuple(self.members))
        by_id: dict[str, Member] = {}
        for member in self.members:
            if not member.id:
                raise self._error("a member without an id", "Give every member an id")
            if member.id in by_id:
                raise self._told_twice(by_id[member.id], member)
            by_id[member.id] = member
        object.__setattr__(self, "_by_id", by_id)
        for member in self.members:
            self._check_parents(member)
        if self.missing is not None and self.missing not in by_id:
            raise self._error(f"the missing member {self.missing} is not in the pedigree", "Add the member", self.missing)
        self._check_ancestors()

    def _error(self, problem: str, remedy: str, member: str | None = None) -> PedigreeError:
        return PedigreeError(f"{self.name}: {problem}", remedy, member=member)

    def _told_twice(self, first: Member, second: Member) -> PedigreeError:
        for role, a, b in (("mothers", first.mother, second.mother), ("fathers", first.father, second.father)):
            if a is not None and b is not None and a != b:
                return self._error(f"{first.id} has two {role}, {a} and {b}", "Keep the biological one", first.id)
        return self._error(f"the member {first.id} is told twice", "Keep one line, or give the second person an id", first.id)

    def _check_parents(self, member: Member) -> None:
        for role, parent, wrong in (("father", member.father, "F"), ("mother", member.mother, "M")):
            if parent is None:
                continue
            if parent not in self._by_id:
                raise self._error(
                    f"{parent}, {role} of {member.id}, is not in the pedigree",
                    "Add a line for the parent, or leave the field empty",
                    member.id,
                )
            if self._by_id[parent].sex == wrong:
                raise self._error(
                    f"{parent}, {role} of {member.id}, is recorded as {'female' if wrong == 'F' else 'male'}",
                    "Correct the sex, or the other way round the parent",
                    parent,
                )
        if member.father is not None and member.father == member.mother:
            raise self._error(f"{member.father} is both father and mother of {member.id}", "Correct one of them", member.id)

    def _check_ancestors(self) -> None:
        fathers = {m.father for m in self.members if m.father is not None}
        for member in self.members:
            if member.mother in fathers:
                raise self._error(f"{member.mother} is named as a father and as a mother", "Correct one of them", member.mother)
        order = self.from_the_oldest
        if len(order) != len(self.members):
            # What is left over holds a cycle; walk up from anyone in it until someone comes twice.
            placed = set(order)
            current = next(m for m in self.members if m.id not in placed)
            seen: set[str] = set()
            while current.id not in seen:
                seen.add(current.id)
                current = self._by_id[next(p for p in current.parents if p not in placed)]
            raise self._error(f"{current.id} is their own ancestor", "Correct the parents along that line", current.id)

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members)

    def __len__(self) -> int:
        return len(self.members)

    def __contains__(self, member: object) -> bool:
        return member in self._by_id

    def __getitem__(self, member: str) -> Member:
        try:
            return self._by_id[member]
        except KeyError:
            raise UnknownName(
                f"{self.name} has no member {member}", f"Its members are {', '.join(self.ids)}", field=member
            ) from None

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Member ids in the given order."""
        return tuple(m.id for m in self.members)

    @cached_property
    def from_the_oldest(self) -> tuple[str, ...]:
        """Ids sorted so that parents come before their children."""
        waiting = {m.id: (m.father is not None) + (m.mother is not None) for m in self.members}
        children: dict[str, list[str]] = {}
        for member in self.members:
            if member.father is not None:
                children.setdefault(member.father, []).append(member.id)
            if member.mother is not None:
                children.setdefault(member.mother, []).append(member.id)
        order = [member for member, parents in waiting.items() if not parents]
        for current in order:
            for child in children.get(current, ()):
                waiting[child] -= 1
                if not waiting[child]:
                    order.append(child)
        return tuple(order)

    @cached_property
    def founders(self) -> tuple[str, ...]:
        """Ids of members without a named parent."""
        return tuple(m.id for m in self.members if not m.parents)

    def children(self, parent: str) -> tuple[str, ...]:
        """Ids of a member's children."""
        return tuple(m.id for m in self.members if parent in m.parents)

    def replacing(self, *members: Member) -> Pedigree:
        """The same pedigree with these members in place of, or beside, those of the same id."""
        new = {m.id: m for m in members}
        kept = [new.pop(m.id, m) for m in self.members]
        return Pedigree((*kept, *new.values()), self.missing, self.name)

    def with_unrelated(self, member: str) -> Pedigree:
        """The alternative hypothesis: `member` stays, but as nobody's child and nobody's parent.

        Their children keep an unnamed, untyped parent in that place, so that siblings of one parent stay siblings.
        """
        person = self[member]
        children = [self[c] for c in self.children(member)]
        if not children:
            return self.replacing(Member(member, None, None, person.sex))
        stand_in = member
        while stand_in in self:
            stand_in += "'"
        sex: Sex = person.sex
        changed = [
            Member(
                c.id,
                stand_in if c.father == member else c.father,
                stand_in if c.mother == member else c.mother,
                c.sex,
            )
            for c in children
        ]
        return self.replacing(
            Member(stand_in, person.father, person.mother, sex), *changed, Member(member, None, None, person.sex)
        )

    def relabelled(self, names: Mapping[str, str]) -> Pedigree:
        """The same pedigree with other ids; ids not in `names` stay."""

        def new(id_: str | None) -> str | None:
            return None if id_ is None else names.get(id_, id_)

        return Pedigree(
            tuple(Member(names.get(m.id, m.id), new(m.father), new(m.mother), m.sex) for m in self.members),
            new(self.missing),
            self.name,
        )

    @classmethod
    def of(
        cls,
        members: Iterable[tuple[str, str | None, str | None, Sex]],
        missing: str | None = None,
        name: str = "family",
    ) -> Pedigree:
        """From (id, father, mother, sex) rows."""
        return cls(tuple(Member(*row) for row in members), missing, name)
