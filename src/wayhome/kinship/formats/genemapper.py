"""GeneMapper and GeneMapper ID-X: the exported table of genotypes, one row a sample and marker.

    Sample File     Sample Name  Panel                 Marker   Allele 1  Allele 2
    MO-1_A01.hid    MO-1         GlobalFiler_Panel_v1  D3S1358  15
    MO-1_A01.hid    MO-1         GlobalFiler_Panel_v1  vWA      14        17

Tabs part the columns as a rule, comma or semicolon after a spreadsheet; "Sample.Name" and NA are R's spellings. An empty second
allele is a homozygote. "OL" and "OMR" set the locus aside with a flag. Ladders and controls are rows like any other: they are
left out by the column "Sample Type" where there is one, else by name, and the file's notes list them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PureWindowsPath

from wayhome.kinship.errors import FormatError, ProfileError
from wayhome.kinship.formats.calls import Calls, ProfileDraft, padded, reported_calls
from wayhome.kinship.formats.delimited import Header, Table, delimited, naming, shortened
from wayhome.kinship.formats.source import ProfileFile
from wayhome.kinship.formats.target import write_text
from wayhome.kinship.genetics.loci import panel_name
from wayhome.kinship.genetics.profiles import Profile

_DETAILS = ("Sample File", "Run Name", "Panel", "Specimen Category", "UD1", "UD2", "UD3")
_NONE = frozenset({"", "NA", "None"})
_OWN_COLUMNS = frozenset({"samplefile", "runname", "panel", "dye", "size1", "height1", "peakarea1", "ado", "gq", "sampletype"})

# Words that no sample of a person has in its name, and the whole names of the usual control DNAs. "PC" or "AL" with a number
# behind it is not here: it may be a family's.
_CONTROL = re.compile(
    r".*(?<![a-z])(ladder|control|contr|ctrl|ktr|positive|negative|blank)(?![a-z]).*|.*(阳性|阴性|对照|空白).*"
    r"|al|pc|nc|ntc|pos|neg|rb|(9947a|9948|2800m|007|k562)([-_ ].*)?",
    re.I | re.S,
)


def is_control(sample: str) -> bool:
    """Whether a sample's name is that of a ladder, a control or a blank.

    >>> is_control("Ladder_A04"), is_control("9947A"), is_control("PC-12")
    (True, True, False)
    """
    return _CONTROL.fullmatch(sample.strip()) is not None


def is_genemapper(header: Header) -> bool:
    """Whether a header is that of a table of genotypes: a sample, a marker, alleles, and a column that only GeneMapper writes."""
    named = header.find("sample name", "sample file") is not None
    return named and header.find("marker") is not None and bool(header.numbered("allele")) and bool(header.filled & _OWN_COLUMNS)


def read_genemapper(path: str | Path, *, encoding: str | None = None) -> ProfileFile:
    """Read a table of genotypes.

    Parameters
    ----------
    encoding : a codec's name, such as cp1252; by default a byte order mark decides, else UTF-8.

    Returns
    -------
    ProfileFile
        `format` is "genemapper"; the kit is the panel's. Without a column "Sample Name" the sample is the file's name without its
        ending. A sample that was run twice with the same result is kept once.

    Raises
    ------
    InputError
        with file, line and field; also where a sample was run twice with different results, since the runs may be of two people.
    """
    with naming(path):
        table, source = Table.open(path, encoding)
        runs, details, controls = _read_runs(table)
        profiles: dict[str, Profile] = {}
        lines: dict[str, int] = {}
        notes = [f"left out as ladders or controls: {shortened(', '.join(controls), 300)}"] if controls else []
        for run in runs:
            profile = run.profile()
            earlier = profiles.setdefault(run.sample, profile)
            lines.setdefault(run.sample, run.line)
            if earlier is profile:
                continue
            if earlier != profile:
                raise ProfileError(
                    f"the sample {run.sample} was run twice with different results, first in line {lines[run.sample]}",
                    "Keep the run that is right, or give the second sample a name of its own",
                    line=run.line,
                    field="Sample Name",
                )
            notes.append(f"{run.sample} was run twice with the same result; the first run is kept")
        if not profiles:
            what = "only ladders and controls" if controls else "a header and no samples"
            raise FormatError(f"holds {what}", "Export the samples", line=table.header.line)
        return ProfileFile("genemapper", tuple(profiles.values()), details, tuple(notes), source.sha256)


def _read_runs(table: Table) -> tuple[list[ProfileDraft], dict[str, dict[str, str]], list[str]]:
    """The runs in the file's order, what else is told of each sample's first run, and the names of ladders and controls."""
    header = table.header
    name, file = header.find("sample name"), header.find("sample file")
    if name is None and file is None:
        header.require("Sample Name")
    marker, alleles, panel = header.require("Marker"), header.numbered("allele"), header.find("panel")
    if not alleles:
        header.require("Allele 1")
    kind = header.find("sample type")
    run_columns = [i for i in (file, header.find("run name")) if i is not None]
    told = [(title, i) for title in _DETAILS if (i := header.find(title)) is not None]
    calls = Calls(table.allele_text)
    runs: dict[tuple[str, ...], ProfileDraft] = {}
    details: dict[str, dict[str, str]] = {}
    controls: dict[str, None] = {}
    for line, cells in table.rows():
        sample = cells[name].strip() if name is not None else PureWindowsPath(cells[file or 0].strip()).stem
        if sample in {"", "NA"}:
            raise ProfileError("a row without a sample", "Give every sample a name", line=line, field="Sample Name")
        if _is_left_out(sample, cells[kind].strip().lower() if kind is not None else ""):
            controls[sample] = None
            continue
        text = cells[panel].strip() if panel is not None else ""
        kit = (panel_name(text) or text) if text not in _NONE else None
        key = (sample, *(cells[i].strip() for i in run_columns))
        try:
            run = runs.get(key)
            if run is None:
                run = runs[key] = ProfileDraft(sample, kit, line)
                found = {
                    title.lower().replace(" ", "_"): cells[i].strip() for title, i in told if cells[i].strip() not in {"", "NA"}
                }
                if found:
                    details.setdefault(sample, found)
            run.check_kit(kit)
            run.add(calls.read(cells[marker], tuple([cells[i] for i in alleles]), kit))
        except ProfileError as error:
            raise error.at(line=line) from None
    return list(runs.values()), details, list(controls)


def _is_left_out(sample: str, kind: str) -> bool:
    if kind in {"", "na"}:
        return is_control(sample)
    return "ladder" in kind or "control" in kind


def write_genemapper(path: str | Path, profiles: Iterable[Profile]) -> None:
    """Write a table that `read_genemapper` reads as the same profiles: tabs, Windows line ends, the kit as the panel.

    A kit comes back under its shipped name. Of the flags only those are told that a cell can hold (off ladder, outside the marker
    range, off scale).

    Raises
    ------
    InputError
        for two profiles of one sample, a sample named like a ladder or control or NA, an allele the sample's kit cannot tell, and
        as `write_text`.
    """
    with naming(path):
        told: dict[str, tuple[str, list[tuple[str, tuple[str, ...]]]]] = {}
        for profile in profiles:
            if profile.sample in told or profile.sample == "NA" or is_control(profile.sample):
                problem = "comes twice" if profile.sample in told else "would be taken for a ladder, a control or nothing"
                raise ProfileError(f"the sample {profile.sample} {problem}", "Give it another name", field="sample")
            told[profile.sample] = (profile.kit or "", list(reported_calls(profile)) or [("", ())])
        width = max((len(cells) for _, calls in told.values() for _, cells in calls), default=2)
        width = max(width, 2)
        header = ("Sample Name", "Panel", "Marker", *(f"Allele {k + 1}" for k in range(width)))
        rows = ((sample, kit, marker, *padded(cells, width)) for sample, (kit, calls) in told.items() for marker, cells in calls)
        write_text(path, delimited(header, rows, "\t"), newline="\r\n")
