"""Families as they are being read, member by member; and what a file of families holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wayhome.kinship.errors import InputError, PedigreeError
from wayhome.kinship.formats.notes import Notes
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree, Sex

NOT_NAMED = frozenset({"", "0"})
"""What stands for a parent who is not named."""

_SEXES: Mapping[str, Sex] = {
    **dict.fromkeys(("m", "male", "1"), "M"),
    **dict.fromkeys(("f", "female", "2"), "F"),
    **dict.fromkeys(("u", "unknown", "0", "", "?"), "U"),
}


@dataclass(frozen=True, slots=True)
class FamilyFile:
    """What a file, or a pair of files, of families held.

    Parameters
    ----------
    format : short name of the format, such as "families-csv".
    families : in the file's order, names unique.
    notes : what was added, skipped or set aside, and why.
    sha256 : path -> digest, for every file that was read.
    """

    format: str
    families: tuple[Family, ...]
    notes: tuple[str, ...] = ()
    sha256: Mapping[str, str] = field(default_factory=dict)


def read_sex(text: str) -> Sex:
    """The sex a cell tells; PedigreeError where it tells something else."""
    sex = _SEXES.get(text.strip().lower())
    if sex is None:
        raise PedigreeError(f'"{text}" is no sex', "Write M, F or U; male, female; or 1, 2, 0", field="sex")
    return sex


def in_family(error: InputError, family: str, member: str | None = None) -> InputError:
    """Name the family, and the member where nobody is named, in an error."""
    error.data.setdefault("family", family)
    if isinstance(error, PedigreeError):
        error.member = error.member or member
    elif member is not None:
        error.data.setdefault("member", member)
    return error


class FamilyDraft:
    """A family that is being read.

    Parameters
    ----------
    name : the family's name.
    line : where it begins in its file.
    """

    __slots__ = ("_lines", "_members", "line", "missing", "name")

    def __init__(self, name: str, line: int) -> None:
        self.name = name
        self.line = line
        self.missing: str | None = None
        self._members: list[Member] = []
        self._lines: dict[str, int] = {}

    def add(self, member: Member, line: int) -> None:
        """Add a member as a row tells it."""
        if member.id in NOT_NAMED:
            raise self.error("a row without a member", 'Give every member an id other than "0"', line, field="member")
        self._members.append(member)
        self._lines[member.id] = line

    def mark_missing(self, member: str, line: int) -> None:
        """Mark who is looked for; PedigreeError where somebody else is already."""
        if self.missing is not None:
            raise self.error(
                f"{self.missing} and {member} are both marked as missing",
                "Mark one; look for the other as a family of another name with the same members",
                line,
                member,
                field="missing",
            )
        self.missing = member

    def error(self, problem: str, remedy: str, line: int = 0, member: str | None = None, field: str = "family") -> PedigreeError:
        """A PedigreeError about this family."""
        error = PedigreeError(f"{self.name}: {problem}", remedy, member=member, line=line or self.line, field=field)
        error.data["family"] = self.name
        return error

    def pedigree(self, notes: Notes) -> Pedigree:
        """The pedigree; parents who are named but have no row are added as founders of the sex their role implies, and noted.

        Raises
        ------
        PedigreeError
            where nobody is missing, and as Pedigree does, with the member's line.
        """
        if self.missing is None:
            raise self.error("nobody is marked as missing", "Mark the child who is looked for", field="missing")
        members = self._members
        ids = self._lines.keys()
        lost: dict[str, Member] = {}
        for member in members:
            if member.father is not None and member.father not in ids:
                lost.setdefault(member.father, Member(member.father, sex="M"))
            if member.mother is not None and member.mother not in ids:
                lost.setdefault(member.mother, Member(member.mother, sex="F"))
        if lost:
            members = [*members, *lost.values()]
            for parent in lost:
                notes.add("named as a parent without a row, and added as a founder", f"{parent} of {self.name}")
        try:
            return Pedigree(tuple(members), self.missing, self.name)
        except PedigreeError as error:
            line = self._lines.get(error.member or "", self.line)
            raise in_family(error, self.name).at(line=line, field="member") from None

    def family(self, pedigree: Pedigree, profiles: Mapping[str, Profile]) -> Family:
        """The family; errors as Family, with the family named."""
        try:
            return Family(pedigree, profiles)
        except PedigreeError as error:
            raise in_family(error, self.name) from None
