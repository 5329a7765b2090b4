"""Families as a pair of tables: who belongs to whom, and what the relatives' samples showed.

    pedigrees.csv                               profiles.csv
    family,member,father,mother,sex,missing     family,member,marker,allele1,allele2,kit
    F1,father,,,M,                              F1,father,D3S1358,15,16,GlobalFiler
    F1,mother,,,F,                              F1,father,vWA,17,17,GlobalFiler
    F1,child,father,mother,U,1                  F1,mother,D3S1358,14,15,GlobalFiler

One member of each family is marked as missing (1, yes, true or x): the child who is looked for. Sex is M, F or U, also male and
female, or 1, 2 and 0. A parent who is not named is empty or 0. **A parent who is named but has no row is added as a founder of
the sex the role implies**, and the file's notes say so: pedigrees are often written without the untyped.

A column `sample` in the table of profiles gives the laboratory's own sample id; without the columns family and member it must be
"family/member", or a member id that no other family uses. Columns, delimiters and alleles are otherwise as in `tables`.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from pathlib import Path
from sys import intern

from wayhome.kinship.errors import FormatError, InputError, PedigreeError, ProfileError
from wayhome.kinship.formats.calls import Calls, ProfileDraft, padded, reported_calls
from wayhome.kinship.formats.delimited import Header, Table, delimited, naming
from wayhome.kinship.formats.family_drafts import NOT_NAMED, FamilyDraft, FamilyFile, in_family, read_sex
from wayhome.kinship.formats.notes import Notes
from wayhome.kinship.formats.tables import FAMILY_COLUMNS, KIT_COLUMNS, MARKER_COLUMNS, MEMBER_COLUMNS
from wayhome.kinship.formats.target import write_text
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree

__all__ = ["FamilyFile", "is_pedigrees", "read_families", "write_families"]

_MARKED = frozenset({"1", "yes", "true", "x", "y"})
_NOT_MARKED = frozenset({"", "0", "no", "false", "n"})


def read_families(
    pedigrees_path: str | Path, profiles_path: str | Path | None = None, *, encoding: str | None = None
) -> FamilyFile:
    """Read a table of pedigrees and a table of profiles.

    Parameters
    ----------
    pedigrees_path : the table of pedigrees, or a folder that holds `pedigrees.csv` and `profiles.csv`.
    profiles_path : the table of profiles; by default `<stem>.profiles.csv` beside the other, or `profiles.csv` beside
        `pedigrees.csv`.
    encoding : of both; by default a byte order mark decides, else UTF-8.

    Returns
    -------
    FamilyFile
        `format` is "families-csv".

    Raises
    ------
    InputError
        with file, line and field, `data["family"]` and the member where one is concerned: a family with nobody or two members
        missing, a profile of an unknown or of the missing member, a pedigree that cannot be, and whatever is wrong with a table.
    """
    with naming(pedigrees_path):
        pedigrees_path, profiles_path = _both(Path(pedigrees_path), None if profiles_path is None else Path(profiles_path))
    with naming(pedigrees_path):
        table, pedigrees_source = Table.open(pedigrees_path, encoding)
        drafts = _read_members(table)
        notes = Notes()
        pedigrees = {name: draft.pedigree(notes) for name, draft in drafts.items()}
    with naming(profiles_path):
        table, profiles_source = Table.open(profiles_path, encoding)
        found = _read_profiles(table, pedigrees)
        families = []
        for name, draft in drafts.items():
            profiles = found.pop(name, {})
            try:
                families.append(draft.family(pedigrees[name], {m: p.profile() for m, p in profiles.items()}))
            except PedigreeError as error:
                raise error.at(line=profiles[error.member].line if error.member in profiles else None, field="member") from None
    digests = {source.path: source.sha256 for source in (pedigrees_source, profiles_source)}
    return FamilyFile("families-csv", tuple(families), notes.told(), digests)


def is_pedigrees(header: Header) -> bool:
    """Whether a header is that of a table of pedigrees."""
    return all(header.find(*names) is not None for names in (FAMILY_COLUMNS, MEMBER_COLUMNS, ("father",), ("mother",)))


def _both(pedigrees: Path, profiles: Path | None) -> tuple[Path, Path]:
    if pedigrees.is_dir():
        folder, pedigrees = pedigrees, pedigrees / "pedigrees.csv"
        if not pedigrees.is_file():
            raise FormatError("holds no pedigrees.csv", "Put pedigrees.csv and profiles.csv into the folder", file=folder)
    if profiles is not None:
        return pedigrees, profiles
    looked_for = [pedigrees.with_name(f"{pedigrees.stem}.profiles.csv")]
    if pedigrees.name == "pedigrees.csv":
        looked_for.insert(0, pedigrees.with_name("profiles.csv"))
    for path in looked_for:
        if path.is_file():
            return pedigrees, path
    if not pedigrees.is_file():
        raise FormatError("does not exist", "Check the path", file=pedigrees)
    raise FormatError(
        f"has no table of profiles beside it: {' and '.join(path.name for path in looked_for)} were looked for",
        "Name the table of profiles",
        file=pedigrees,
    )


def _read_members(table: Table) -> dict[str, FamilyDraft]:
    header = table.header
    family, member = header.require(*FAMILY_COLUMNS), header.require(*MEMBER_COLUMNS)
    father, mother = header.require("father", "father id"), header.require("mother", "mother id")
    sex, missing = header.require("sex", "gender"), header.require("missing")
    drafts: dict[str, FamilyDraft] = {}
    for line, cells in table.rows():
        name = intern(cells[family].strip())
        draft = drafts.get(name)
        if draft is None:
            if not name:
                raise PedigreeError("a row without a family", "Name the family", line=line, field="family")
            draft = drafts[name] = FamilyDraft(name, line)
        id_ = intern(cells[member].strip())
        parents = (cells[father].strip(), cells[mother].strip())
        try:
            named = [None if parent in NOT_NAMED else intern(parent) for parent in parents]
            draft.add(Member(id_, named[0], named[1], read_sex(cells[sex])), line)
            mark = cells[missing].strip().lower()
            if mark in _MARKED:
                draft.mark_missing(id_, line)
            elif mark not in _NOT_MARKED:
                raise PedigreeError(
                    f'"{cells[missing]}" does not say whether {id_} is missing', "Write 1, or leave it empty", field="missing"
                )
        except PedigreeError as error:
            raise in_family(error, name, id_).at(line=line) from None
    if not drafts:
        raise FormatError("has a header and no families", "Export it again", line=header.line)
    return drafts


class _Members:
    """Finds whose profile a row of the table of profiles is."""

    def __init__(self, header: Header, pedigrees: dict[str, Pedigree]) -> None:
        self._pedigrees = pedigrees
        family, member = header.find(*FAMILY_COLUMNS), header.find(*MEMBER_COLUMNS)
        sample = header.find("sample", "sample name", "sample id")
        if family is None or member is None:
            if sample is None:
                header.require(*(FAMILY_COLUMNS if family is None else MEMBER_COLUMNS))
            family = member = None
        self._family, self._member, self._sample = family, member, sample
        self._by_sample: dict[str, tuple[str, str] | None] = {}
        if family is None:
            self._index()

    def _index(self) -> None:
        """Sample -> (family, member), None where it could be two."""
        for name, pedigree in self._pedigrees.items():
            for member in pedigree.ids:
                self._by_sample[member] = None if member in self._by_sample else (name, member)
        for name, pedigree in self._pedigrees.items():
            for member in pedigree.ids:
                whole = f"{name}/{member}"
                two = whole in self._by_sample and self._by_sample[whole] != (name, member)
                self._by_sample[whole] = None if two else (name, member)

    @property
    def columns(self) -> list[int]:
        """The columns that tell who it is."""
        return [i for i in (self._family, self._member, self._sample) if i is not None]

    def of(self, cells: list[str]) -> tuple[str, str, str]:
        """(family, member, sample) of a row; PedigreeError for somebody nobody knows."""
        sample = cells[self._sample].strip() if self._sample is not None else ""
        if self._family is None or self._member is None:
            if sample not in self._by_sample:
                raise PedigreeError(
                    f'the sample "{sample}" is of no member', 'Write "family/member", or give both columns', field="sample"
                )
            who = self._by_sample[sample]
            if who is None:
                raise PedigreeError(
                    f'"{sample}" is a member of more than one family', 'Write "family/member"', member=sample, field="sample"
                )
            return *who, sample
        family, member = cells[self._family].strip(), cells[self._member].strip()
        if family not in self._pedigrees:
            raise in_family(
                PedigreeError(
                    f'a profile of the family "{family}", which has no pedigree',
                    "Add its rows, or correct the name",
                    field="family",
                ),
                family,
                member,
            )
        if member not in self._pedigrees[family]:
            raise in_family(
                PedigreeError(
                    f"{family}: a profile of {member or 'nobody'}, who is not in the pedigree",
                    "Add the member, or correct the id",
                    member=member,
                    field="member",
                ),
                family,
            )
        return family, member, sample or f"{family}/{member}"


def _read_profiles(table: Table, pedigrees: dict[str, Pedigree]) -> dict[str, dict[str, ProfileDraft]]:
    header = table.header
    members = _Members(header, pedigrees)
    marker, kit = header.require(*MARKER_COLUMNS), header.find(*KIT_COLUMNS)
    alleles = header.numbered("allele")
    if not alleles:
        header.require("allele1")
    # Neighbouring rows are mostly of one member: compare their cells as they stand before looking further.
    same = itemgetter(*members.columns, *(() if kit is None else (kit,)))
    texts = itemgetter(*alleles) if len(alleles) > 1 else lambda cells: (cells[alleles[0]],)
    calls = Calls(table.allele_text)
    found: dict[str, dict[str, ProfileDraft]] = {}
    before, draft, this_kit = None, ProfileDraft("none", None, 0), None
    for line, cells in table.rows():
        try:
            now = same(cells)
            if now != before:
                family, member, sample = members.of(cells)
                this_kit = (intern(cells[kit].strip()) or None) if kit is not None else None
                draft = _draft(found.setdefault(family, {}), member, sample, this_kit, line)
                before = now
            draft.add(calls.read(cells[marker], texts(cells), this_kit))
        except InputError as error:
            if isinstance(error, ProfileError):
                family, member, _ = members.of(cells)
                in_family(error, family, member)
            raise error.at(line=line) from None
    return found


def _draft(drafts: dict[str, ProfileDraft], member: str, sample: str, kit: str | None, line: int) -> ProfileDraft:
    draft = drafts.get(member)
    if draft is None:
        draft = drafts[member] = ProfileDraft(sample, kit, line)
    draft.check_kit(kit)
    if draft.sample != sample:
        raise ProfileError(
            f"{member} has two samples, {draft.sample} and {sample}", "Keep the one that stands for the member", field="sample"
        )
    return draft


def write_families(pedigrees_path: str | Path, profiles_path: str | Path, families: Iterable[Family]) -> None:
    """Write the pair of tables that `read_families` reads as the same families.

    Of the flags only those are told that a cell can hold (off ladder, outside the marker range, off scale).

    Raises
    ------
    InputError
        for two families of one name, a name or id that would be read otherwise (empty, "0", blanks around it), an allele the
        sample's kit cannot tell, and as `write_text`.
    """
    families = tuple(families)
    with naming(pedigrees_path):
        pedigree_rows = list(_pedigree_rows(families))
    with naming(profiles_path):
        told = [
            (family.id, member, profile.sample, profile.kit or "", calls)
            for family in families
            for member, profile in family.profiles.items()
            for calls in [tuple(reported_calls(profile)) or (("", ()),)]
        ]
        width = max((len(cells) for *_, calls in told for _, cells in calls), default=2)
        width = max(width, 2)
        own = any(sample != f"{family}/{member}" for family, member, sample, _, _ in told)
        header = ["family", "member", *(["sample"] if own else []), "marker", *(f"allele{k + 1}" for k in range(width)), "kit"]
        rows = (
            (family, member, *((sample,) if own else ()), marker, *padded(cells, width), kit)
            for family, member, sample, kit, calls in told
            for marker, cells in calls
        )
        write_text(profiles_path, delimited(header, rows))
    with naming(pedigrees_path):
        write_text(pedigrees_path, delimited(["family", "member", "father", "mother", "sex", "missing"], pedigree_rows))


def _pedigree_rows(families: tuple[Family, ...]) -> Iterable[tuple[str, ...]]:
    names: set[str] = set()
    for family in families:
        if family.id in names:
            raise PedigreeError(f"two families are called {family.id}", "Give each a name of its own", field="family")
        names.add(family.id)
        for field, text in [("family", family.id), *(("member", id_) for id_ in family.pedigree.ids)]:
            if text in NOT_NAMED or text != text.strip():
                raise in_family(
                    PedigreeError(f'{family.id}: "{text}" would not be read again', "Give another name", field=field), family.id
                )
        for m in family.pedigree:
            yield family.id, m.id, m.father or "", m.mother or "", m.sex, "1" if m.id == family.missing else ""
