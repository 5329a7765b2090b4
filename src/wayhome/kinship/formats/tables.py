"""Tables of profiles: long, one row a sample and locus; wide, one row a sample.

    sample,marker,allele1,allele2,kit          sample,kit,D3S1358_1,D3S1358_2,vWA_1,vWA_2
    C1,D3S1358,15,16,GlobalFiler               C1,GlobalFiler,15,16,17,17
    C1,vWA,17,17,GlobalFiler

Columns are parted by comma, tab or semicolon; where it is not the comma, "9,3" is read as 9.3. Names of columns are compared
without case, blanks, dots and underscores. Two columns, family and member, may name the sample; it is then "family/member".
A wide table may have one column a locus instead, with cells such as "15/16"; and lines beginning with "#"
before its header, as STRidER's quality control asks for. An empty second allele or the first once more is a homozygote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wayhome.kinship.errors import FormatError, ProfileError
from wayhome.kinship.formats.calls import Calls, ProfileDraft, padded, reported_calls
from wayhome.kinship.formats.delimited import Header, Table, delimited, header_key, naming, shortened
from wayhome.kinship.formats.source import ProfileFile
from wayhome.kinship.formats.target import write_text
from wayhome.kinship.genetics.loci import locus_name, panels
from wayhome.kinship.genetics.profiles import Profile

SAMPLE_COLUMNS = ("sample", "sample name", "sample id", "specimen", "specimen id", "profile")
MARKER_COLUMNS = ("marker", "locus", "system", "marker name")
FAMILY_COLUMNS = ("family", "family id", "fid")
MEMBER_COLUMNS = ("member", "member id", "person", "id")
KIT_COLUMNS = ("kit", "panel")

_STR_NAME = re.compile(r"(D([0-9]{1,2}|X|Y)S[0-9]+.*|D[0-9]{1,2}[A-Z]+[0-9]+.*|DYF[0-9]+.*|YGATA.*)", re.I)
_NUMBERED = re.compile(r"(.+)([1-9])")
_MEASUREMENTS = frozenset({"allele", "size", "height", "area", "peakarea", "peakheight", "datapoint", "ud"})
_PARTED = re.compile(r"(.+)[\s._-]([1-9])")


def read_profile_table(path: str | Path, *, encoding: str | None = None) -> ProfileFile:
    """Read a long or a wide table.

    Parameters
    ----------
    encoding : a codec's name; by default a byte order mark decides, else UTF-8.

    Returns
    -------
    ProfileFile
        `format` is "table-long" or "table-wide". Columns that are neither sample, marker, allele nor kit stand in `details` where
        they have one value a sample, and are named in `notes` where not.

    Raises
    ------
    InputError
        with file, line and field, for a file that is no such table, a row with cells too few or too many, a text that
        is no allele, a locus or a sample told twice in different ways.
    """
    with naming(path):
        table, source = Table.open(path, encoding)
        if is_long(table.header):
            name, (drafts, details, notes) = "table-long", _read_long(table)
        else:
            name, (drafts, details, notes) = "table-wide", _read_wide(table)
        if not drafts:
            raise FormatError("has a header and no samples", "Export it again", line=table.header.line)
        notes = [*(f"header line: {shortened(c, 200)}" for c in table.comments if c), *notes]
        return ProfileFile(name, tuple(d.profile() for d in drafts), details, tuple(notes), source.sha256)


def write_profile_table(path: str | Path, profiles: Iterable[Profile], *, wide: bool = False, delimiter: str = ",") -> None:
    """Write a table that `read_profile_table` reads as the same profiles.

    Of the flags only those are told that a cell can hold (off ladder, outside the marker range, off scale).

    Parameters
    ----------
    wide : one row a sample, else one row a sample and locus.
    delimiter : a comma, a tab or a semicolon.

    Raises
    ------
    InputError
        for two profiles of one sample, an allele the sample's kit cannot tell, and as `write_text`.
    """
    with naming(path):
        told = {}
        for profile in profiles:
            if profile.sample in told:
                raise ProfileError(f"the sample {profile.sample} comes twice", "Write one profile a sample", field="sample")
            told[profile.sample] = (profile.kit or "", dict(reported_calls(profile)))
        rows = _wide_rows(told) if wide else _long_rows(told)
        write_text(path, delimited(next(rows), rows, delimiter))


_Told = Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]]


def _long_rows(told: _Told) -> Iterator[tuple[str, ...]]:
    width = max((len(cells) for _, calls in told.values() for cells in calls.values()), default=0)
    width = max(width, 2)
    yield ("sample", "marker", *(f"allele{k + 1}" for k in range(width)), "kit")
    for sample, (kit, calls) in told.items():
        for marker, cells in calls.items():
            yield (sample, marker, *padded(cells, width), kit)
        if not calls:  # a sample that gave no result is a row all the same
            yield (sample, "", *padded((), width), kit)


def _wide_rows(told: _Told) -> Iterator[tuple[str, ...]]:
    widths: dict[str, int] = {}
    for _, calls in told.values():
        for marker, cells in calls.items():
            widths[marker] = max(widths.get(marker, 2), len(cells))
    yield ("sample", "kit", *(f"{marker}_{k + 1}" for marker, width in widths.items() for k in range(width)))
    for sample, (kit, calls) in told.items():
        yield (sample, kit, *(c for marker, width in widths.items() for c in padded(calls.get(marker, ()), width)))


def is_long(header: Header) -> bool:
    """Whether a header is that of a long table."""
    return header.find(*MARKER_COLUMNS) is not None and bool(header.numbered("allele"))


def is_wide(header: Header) -> bool:
    """Whether a header is that of a wide table: not long, and with at least one locus."""
    return not is_long(header) and bool(_loci(header))


_Read = tuple[list[ProfileDraft], dict[str, dict[str, str]], list[str]]


def _read_long(table: Table) -> _Read:
    header = table.header
    marker, alleles, kit = header.require(*MARKER_COLUMNS), header.numbered("allele"), header.find(*KIT_COLUMNS)
    named = _naming_columns(header)
    if not named:
        header.require(*SAMPLE_COLUMNS)
    told = {marker, kit, *alleles} | (set(named) if len(named) == 1 else set())
    extra = [i for i, key in enumerate(header.keys) if key and i not in told]
    calls, drafts, details = Calls(table.allele_text), dict[str, ProfileDraft](), _Details(header)
    varying: set[int] = set()
    for line, cells in table.rows():
        name = _sample(cells, named, line)
        try:
            this_kit = (cells[kit].strip() or None) if kit is not None else None
            draft = drafts.get(name)
            if draft is None:
                draft = drafts[name] = ProfileDraft(name, this_kit, line)
                details.start(name, cells, extra)
            else:
                draft.check_kit(this_kit)
                varying.update(details.compare(name, cells, extra))
            draft.add(calls.read(cells[marker], tuple([cells[i] for i in alleles]), this_kit))
        except ProfileError as error:
            raise error.at(line=line) from None
    notes = [f'the column "{header.names[i]}" varies within a sample and was not read' for i in sorted(varying)]
    return list(drafts.values()), details.without(varying), notes


def _naming_columns(header: Header) -> tuple[int, ...]:
    """The column of the sample's id, or those of family and member; none where neither is there."""
    sample, family, member = header.find(*SAMPLE_COLUMNS), header.find(*FAMILY_COLUMNS), header.find(*MEMBER_COLUMNS)
    if sample is not None:
        return (sample,)
    if member is None:
        return ()
    if family is not None:
        return (family, member)
    return (member,) if header.keys[member] == "id" else ()


def _sample(cells: list[str], columns: tuple[int, ...], line: int) -> str:
    """The sample's id: "family/member" where two columns name it."""
    parts = [cells[i].strip() for i in columns]
    if not all(parts):
        what = "sample" if len(parts) == 1 else "member" if parts[0] else "family"
        raise ProfileError(f"a row without a {what}", f"Name the {what}", line=line, field=what)
    return "/".join(parts)


class _Details:
    """What the other columns say of each sample."""

    def __init__(self, header: Header) -> None:
        self._names = header.names
        self._of: dict[str, list[str]] = {}
        self._columns: list[int] = []

    def start(self, sample: str, cells: list[str], columns: list[int]) -> None:
        self._columns = columns
        if columns:
            self._of[sample] = [cells[i].strip() for i in columns]

    def compare(self, sample: str, cells: list[str], columns: list[int]) -> list[int]:
        """The columns that say something else than before."""
        if not columns:
            return []
        return [i for i, before in zip(columns, self._of[sample], strict=True) if cells[i].strip() != before]

    def without(self, varying: set[int]) -> dict[str, dict[str, str]]:
        kept = [(k, self._names[i]) for k, i in enumerate(self._columns) if i not in varying]
        found = {sample: {name: cells[k] for k, name in kept if cells[k]} for sample, cells in self._of.items()}
        return {sample: told for sample, told in found.items() if told}


@dataclass(frozen=True, slots=True)
class _LocusColumns:
    """A locus of a wide table and the columns of its alleles."""

    name: str
    columns: tuple[int, ...]


def _read_wide(table: Table) -> _Read:
    header = table.header
    loci = _loci(header)
    if not loci:
        raise FormatError(
            f'is no table of profiles: its columns are "{shortened(", ".join(header.names), 200)}"',
            "Give the columns sample, marker, allele1, allele2; or sample and, for every locus, two columns such as D3S1358_1 "
            'and D3S1358_2, or one with cells such as "15/16"',
            line=header.line,
        )
    taken = {i for column in loci for i in column.columns}
    named, kit = _naming_columns(header), header.find(*KIT_COLUMNS)
    notes = []
    if not named:
        if 0 in taken:
            header.require(*SAMPLE_COLUMNS)
        named = (0,)
        notes.append(f'the first column, "{header.names[0]}", was taken for the sample')
    others = [i for i, key in enumerate(header.keys) if key and i not in taken and i not in (*named, kit)]
    if others:
        notes.append(f"not read as loci: {shortened(', '.join(header.names[i] for i in others), 300)}")
    unknown = [column.name for column in loci if not _is_locus(column.name)]
    if unknown:
        notes.append(f"read as loci, though nothing is known of them: {shortened(', '.join(unknown), 300)}")
    calls, drafts = Calls(table.allele_text), dict[str, ProfileDraft]()
    details = _Details(header)
    for line, cells in table.rows():
        name = _sample(cells, named, line)
        if name in drafts:
            raise ProfileError(
                f"the sample {name} comes twice, first in line {drafts[name].line}",
                "Keep one row, or give the second an id of its own",
                line=line,
                field="sample",
            )
        this_kit = (cells[kit].strip() or None) if kit is not None else None
        draft = ProfileDraft(name, this_kit, line)
        for column in loci:
            try:
                alleles = tuple([cells[i] for i in column.columns])
                if len(alleles) == 1:
                    alleles = _split(alleles[0], column.name, table.allele_text)
                draft.add(calls.read(column.name, alleles, this_kit))
            except ProfileError as error:
                raise error.at(line=line, field=column.name) from None
        drafts[name] = draft
        details.start(name, cells, others)
    return list(drafts.values()), details.without(set()), notes


def _loci(header: Header) -> list[_LocusColumns]:
    """The loci of a wide table in the order of their columns.

    Columns belong together where they have one name ("vWA", "vWA"), one name and a count from 1 ("vWA_1", "vWA_2"), or where the
    second was renamed by a program that wants names to differ ("vWA", "vWA.1"). A single column is a locus if its name is one.
    """
    loci: list[_LocusColumns] = []
    i = 0
    while i < len(header.names):
        run = _run(header.names, i)
        if len(run.columns) > 1 or _is_locus(run.name):
            loci.append(run)
        i += len(run.columns)
    seen: dict[str, _LocusColumns] = {}
    for found in loci:
        if (key := locus_name(found.name)) in seen:
            raise FormatError(
                "the locus has columns in two places",
                "Keep one of them, or put its two columns side by side",
                line=header.line,
                field=found.name,
            )
        seen[key] = found
    return loci


def _run(names: tuple[str, ...], i: int) -> _LocusColumns:
    """The columns from `i` on that are one locus; a single column where nothing follows it."""
    name, after = names[i], names[i + 1 : i + 2]
    if not name or not after:
        return _LocusColumns(name, (i,))
    if after[0].casefold() == name.casefold() and _is_locus(name):
        return _LocusColumns(name, (i, i + 1))
    if re.fullmatch(re.escape(name) + r"[._]1", after[0], re.I) and _is_locus(name):
        return _LocusColumns(name, (i, i + 1))
    found = _PARTED.fullmatch(name) or _NUMBERED.fullmatch(name)
    if found is None or found[2] != "1":
        return _LocusColumns(name, (i,))
    stem = found[1].strip()
    # Without a sign between, only names known for certain: DYS391 and DYS392 are not two alleles of "DYS39".
    unsure = found.re is _NUMBERED and (not _is_known(stem) or _is_known(name))
    if unsure or header_key(stem) in _MEASUREMENTS:
        return _LocusColumns(name, (i,))
    columns = [i]
    for j in range(i + 1, min(i + 9, len(names))):
        follows = found.re.fullmatch(names[j])
        if follows is None or follows[1].strip().casefold() != stem.casefold() or follows[2] != str(j - i + 1):
            break
        columns.append(j)
    return _LocusColumns(stem if len(columns) > 1 else name, tuple(columns))


@cache
def _known_loci() -> frozenset[str]:
    return frozenset(locus.name for panel in panels().values() for locus in panel.loci)


def _is_known(name: str) -> bool:
    return locus_name(name) in _known_loci()


def _is_locus(name: str) -> bool:
    return _is_known(name) or _STR_NAME.fullmatch(name) is not None


def _split(cell: str, name: str, allele_text: Callable[[str], str] | None) -> tuple[str, ...]:
    """The alleles of one cell: "15/16", "15|16", "15;16", "15 16" or "15,16".

    A comma parts alleles where nothing else does; "9,3" alone could be either, and is an error.
    """
    text = cell.strip()
    if text.upper() in {"XX", "XY"} and locus_name(name) == "AMEL":
        return tuple(text)
    for parting in ("/", "|", ";"):
        if parting in text:
            return tuple(text.split(parting))
    if "," in text:
        if re.fullmatch(r"[0-9]+,[0-5]", text):
            raise ProfileError(
                f'"{text}" could be one allele or two', f'Write "{text.replace(",", ".")}" or "{text.replace(",", "/")}"'
            )
        return tuple(text.split(","))
    parts = tuple(text.split()) or ("",)
    return tuple(map(allele_text, parts)) if allele_text else parts
