"""One door for every file: what it is, is told by what it holds, never by its name.

Profiles: CODIS CMF XML, NIEM XML, Familias 3, GENis bulk upload, GeneMapper, long and wide tables. Families: a pair of CSV tables
or a folder with them, LINKAGE/MERLIN .ped, Familias 3, NIEM XML. Allele frequencies: the shipped tables by name, CSV tables,
Familias text and projects, STRidER XML.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from wayhome.kinship.errors import FormatError, ProfileError
from wayhome.kinship.formats import frequency_tables, tables
from wayhome.kinship.formats.delimited import DELIMITERS, Table, naming, shortened
from wayhome.kinship.formats.families import is_pedigrees, read_families
from wayhome.kinship.formats.family_drafts import FamilyFile
from wayhome.kinship.formats.genemapper import is_genemapper, read_genemapper
from wayhome.kinship.formats.genis import is_genis, read_genis
from wayhome.kinship.formats.ped import is_ped, read_ped
from wayhome.kinship.formats.source import ProfileFile, Source
from wayhome.kinship.genetics.frequencies import AlleleFrequencies, population, population_names
from wayhome.kinship.genetics.mutation import NO_MUTATION


class FileKind(StrEnum):
    """What a file can be; the value says it in words."""

    CODIS = "CODIS CMF XML"
    NIEM = "NIEM XML"
    STRIDER = "STRidER XML"
    FAMILIAS = "a Familias 3 project"
    GENIS = "a GENis bulk upload"
    GENEMAPPER = "a GeneMapper table of genotypes"
    PROFILES = "a table of profiles"
    PEDIGREES = "a table of pedigrees"
    PED = "a LINKAGE or MERLIN pedigree"
    FREQUENCIES = "a table of allele frequencies"


_FOREIGN = {
    b"PK\x03\x04": "a spreadsheet or an archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet or document",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed file",
}


def recognise(path: str | Path, *, encoding: str | None = None) -> FileKind:
    """What a file is.

    Raises
    ------
    FormatError
        for a file that cannot be read, or that is nothing of `FileKind`; that one lists what is understood and the first line.
    """
    with naming(path):
        source = Source.open(path)
        foreign = next((what for start, what in _FOREIGN.items() if source.data.startswith(start)), None)
        if foreign:
            raise FormatError(f"is {foreign}", "Export the table as CSV or text")
        if _is_xml(source.data):
            return _xml_kind(source)
        return _text_kind(source.path, source.text(encoding))


def _is_xml(data: bytes) -> bool:
    start = data[:1024].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return start.lstrip().startswith(b"<")


def _xml_kind(source: Source) -> FileKind:
    from wayhome.kinship.formats.xml import elements

    root = next(elements(source))
    if root.local == "CODISImportFile":
        return FileKind.CODIS
    if root.local == "frequencies":
        return FileKind.STRIDER
    if b"release.niem.gov" in source.data.replace(b"\0", b"")[:65536]:
        return FileKind.NIEM
    raise _unknown(f"<{root.local}>", root.line)


def _text_kind(path: str, text: str) -> FileKind:
    line, first = next(((i, row) for i, row in enumerate(text.removeprefix("\ufeff").split("\n"), 1) if row.strip()), (0, ""))
    if first.startswith('"') and "familias" in first.casefold():
        return FileKind.FAMILIAS
    if frequency_tables.is_familias_text(text):
        return FileKind.FREQUENCIES
    if is_ped(text):
        return FileKind.PED
    if first and not first.startswith("#") and not any(delimiter in first for delimiter in DELIMITERS):
        raise _unknown(first.strip(), line)
    header = Table.of(path, text).header
    for kind, is_it in (
        (FileKind.GENIS, is_genis),
        (FileKind.FREQUENCIES, frequency_tables.is_long),
        (FileKind.FREQUENCIES, frequency_tables.is_wide),
        (FileKind.PEDIGREES, is_pedigrees),
        (FileKind.GENEMAPPER, is_genemapper),
        (FileKind.PROFILES, tables.is_long),
        (FileKind.PROFILES, tables.is_wide),
    ):
        if is_it(header):
            return kind
    raise _unknown(" | ".join(header.names), header.line)


def _unknown(first: str, line: int) -> FormatError:
    return FormatError(
        f'is of no known format; it begins with "{shortened(first, 120)}"',
        f"Understood are {', '.join(FileKind)}",
        line=line,
    )


def _other(kind: FileKind, wanted: str, remedy: str, path: str | Path) -> FormatError:
    return FormatError(f"is {kind}, which holds no {wanted}", remedy, file=path)


def read_profiles(path: str | Path, *, encoding: str | None = None) -> ProfileFile:
    """Read profiles from any format that holds them.

    Parameters
    ----------
    encoding : of text, a codec's name; by default a byte order mark decides, else UTF-8. XML says it itself.

    Raises
    ------
    InputError
        as `recognise` and the format's reader, and for a file that holds something else.
    """
    kind = recognise(path, encoding=encoding)
    match kind:
        case FileKind.PROFILES:
            return tables.read_profile_table(path, encoding=encoding)
        case FileKind.GENEMAPPER:
            return read_genemapper(path, encoding=encoding)
        case FileKind.GENIS:
            return read_genis(path, encoding=encoding)
        case FileKind.CODIS:
            from wayhome.kinship.formats.codis import read_codis

            return read_codis(path)
        case FileKind.NIEM:
            from wayhome.kinship.formats.niem import read_niem

            return read_niem(path).profiles
        case FileKind.FAMILIAS:
            return _familias_profiles(path, encoding)
        case FileKind.PEDIGREES | FileKind.PED:
            raise _other(kind, "profiles by sample", "Read it as families", path)
        case FileKind.FREQUENCIES | FileKind.STRIDER:
            raise _other(kind, "profiles", "Read it as allele frequencies", path)


def _familias_profiles(path: str | Path, encoding: str | None) -> ProfileFile:
    from wayhome.kinship.formats.familias import read_familias

    found = read_familias(path, encoding=encoding, mutation=NO_MUTATION)
    profiles = {profile.sample: profile for profile in found.profiles}
    for profile in found.unidentified:
        if profiles.setdefault(profile.sample, profile) != profile:
            raise ProfileError(
                f"{profile.sample} is a person and an unidentified person, with different profiles",
                "Give one of them another name",
                file=path,
                field="sample",
            )
    return ProfileFile(found.format, tuple(profiles.values()), notes=found.notes, sha256=found.sha256)


def read_any_families(path: str | Path, profiles: str | Path | None = None, *, encoding: str | None = None) -> FamilyFile:
    """Read families from any format that holds them.

    Parameters
    ----------
    path : a file, or a folder with `pedigrees.csv` and `profiles.csv`.
    profiles : the table of profiles that belongs to a table of pedigrees, where it is not found beside it.
    encoding : of text, a codec's name; by default a byte order mark decides, else UTF-8. XML says it itself.

    Raises
    ------
    InputError
        as `recognise` and the format's reader, and for a file that holds something else, or no family with a missing member.
    """
    with naming(path):
        if Path(path).is_dir():
            return read_families(path, profiles, encoding=encoding)
    kind = recognise(path, encoding=encoding)
    if kind is FileKind.PEDIGREES:
        return read_families(path, profiles, encoding=encoding)
    if profiles is not None:
        raise FormatError(f"is {kind}, which needs no table of profiles", "Leave that table out", file=path)
    match kind:
        case FileKind.PED:
            return read_ped(path, encoding=encoding)
        case FileKind.NIEM:
            from wayhome.kinship.formats.niem import read_niem

            niem = read_niem(path)
            found = FamilyFile(niem.profiles.format, niem.families, niem.profiles.notes, {str(path): niem.profiles.sha256})
        case FileKind.FAMILIAS:
            from wayhome.kinship.formats.familias import read_familias

            project = read_familias(path, encoding=encoding, mutation=NO_MUTATION)
            found = FamilyFile(project.format, project.families, project.notes, {str(path): project.sha256})
        case FileKind.PROFILES | FileKind.GENEMAPPER | FileKind.GENIS | FileKind.CODIS:
            raise _other(kind, "pedigrees", "Name the table of pedigrees", path)
        case _:
            raise _other(kind, "families", "Read it as allele frequencies", path)
    if not found.families:
        raise FormatError(
            "holds no family with a missing member" + "".join(f"; {note}" for note in found.notes[:3]),
            "Mark who is looked for",
            file=path,
        )
    return found


def read_frequencies(path_or_name: str | Path, *, origin: str | None = None, encoding: str | None = None) -> AlleleFrequencies:
    """Allele frequencies of a shipped population, or from any format that holds them.

    Parameters
    ----------
    path_or_name : the name of a shipped population, which comes first; else a file.
    origin : which of several populations in one STRidER file.
    encoding : of text, a codec's name; by default a byte order mark decides, else UTF-8. XML says it itself.

    Raises
    ------
    InputError
        as `recognise` and the format's reader, for a file that holds something else, and for a name that is neither a population
        nor a file; an UnknownName then lists the populations.
    """
    if isinstance(path_or_name, str):
        with naming(path_or_name):
            is_name = Path(path_or_name).name == path_or_name and "." not in path_or_name and not Path(path_or_name).exists()
        if is_name or path_or_name in population_names():
            return population(path_or_name)
    kind = recognise(path_or_name, encoding=encoding)
    match kind:
        case FileKind.FREQUENCIES:
            return frequency_tables.read_frequency_table(path_or_name, encoding=encoding)
        case FileKind.STRIDER:
            from wayhome.kinship.formats.strider import read_strider

            return read_strider(path_or_name, origin)
        case FileKind.FAMILIAS:
            from wayhome.kinship.formats.familias import read_familias

            return read_familias(path_or_name, encoding=encoding, mutation=NO_MUTATION).frequencies
        case _:
            raise _other(kind, "allele frequencies", "Name a table of frequencies, or a shipped population", path_or_name)
