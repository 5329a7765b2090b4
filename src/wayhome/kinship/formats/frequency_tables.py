"""Tables of allele frequencies: four layouts, told apart by what they hold.

    marker,allele,frequency,n     Allele,D3S1358,vWA     Allele,D3S1358,vWA     D3S1358
    D3S1358,14,0.0379,200         14,0.0379,0.2494       14,0.0379,0.2494       14<TAB>0.0379
    D3S1358,15,0.3493,200         15,0.3493,0.0330       15,0.3493,0.0330       15<TAB>0.3493
                                  N,200,200              -1,0.001,0.001
    (long)                        (FSIgen)               (GENis)                (Familias; a blank line before the next marker)

Comma, tab or semicolon part the columns; decimal commas are understood. In the two wide layouts an empty cell or a zero says that
the allele was not seen at that locus. GENis' row -1 holds a laboratory's minimum frequencies: it is told in `cautions`, and not
used, since a minimum is a matter of how the table is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from wayhome.kinship.errors import FormatError, FrequencyError, InputError, ProfileError
from wayhome.kinship.formats.delimited import Header, Table, decimal_point, delimited, naming, shortened
from wayhome.kinship.formats.source import Source
from wayhome.kinship.formats.target import write_text
from wayhome.kinship.genetics.frequencies import AlleleFrequencies
from wayhome.kinship.genetics.loci import allele_label, locus_name

_NUMBER = re.compile(r"[0-9]{0,9}[.,]?[0-9]{1,30}([eE][+-]?[0-9]{1,3})?")
_COUNT = re.compile(r"[0-9]{1,9}([.,]0{1,9})?")
_EMPTY = frozenset({"", "-", "NA", "N/A"})


class Row(NamedTuple):
    """One figure as written."""

    line: int
    marker: str
    allele: str
    frequency: str
    people: str = ""


def read_frequency_table(
    path: str | Path, *, name: str | None = None, people: int | None = None, encoding: str | None = None
) -> AlleleFrequencies:
    """Read a table of allele frequencies in any of the four layouts.

    Parameters
    ----------
    name : how results call the population; by default the file's name without its ending.
    people : number of people typed, for loci where the file does not say.
    encoding : a codec's name; by default a byte order mark decides, else UTF-8.

    Raises
    ------
    InputError
        with file, line and field: a layout nobody knows, a text that is no allele, a frequency that is no share, an allele or a
        marker told twice, frequencies of a locus that do not sum to one.
    """
    with naming(path):
        source = Source.open(path)
        text = source.text(encoding)
        rows: Iterable[Row]
        cautions: tuple[str, ...] = ()
        if is_familias_text(text):
            rows = _familias_rows(text)
        else:
            table = Table.of(source.path, text)
            if is_long(table.header):
                rows = _long_rows(table)
            else:
                rows, cautions = _wide_rows(table)
        name = name or Path(path).stem
        return _frequencies(rows, people, name=name, cautions=cautions, source=f"{Path(path).name}, SHA-256 {source.sha256}")


def is_long(header: Header) -> bool:
    """Whether a header is that of the long layout."""
    return all(header.find(*names) is not None for names in (("marker", "locus"), ("allele",), ("frequency", "freq")))


def is_wide(header: Header) -> bool:
    """Whether a header is that of a wide layout."""
    return header.keys[0] in {"allele", "alleles"} and len(header.filled) > 1


def is_familias_text(text: str) -> bool:
    """Whether a text begins with a marker on a line of its own, and an allele and a number on the next."""
    lines = [line for line in text.removeprefix("\ufeff").split("\n", 50) if line.strip()][:2]
    if len(lines) < 2 or re.search(r"[\t;,]", lines[0].strip()) or _pair(lines[0]) is not None:
        return False
    second = _pair(lines[1])
    return second is not None and len(second[0]) < 10 and _NUMBER.fullmatch(second[1]) is not None


def _long_rows(table: Table) -> Iterator[Row]:
    header = table.header
    marker, allele = header.require("marker", "locus"), header.require("allele")
    frequency, people = header.require("frequency", "freq"), header.find("n", "people")
    for line, cells in table.rows():
        yield Row(line, cells[marker], cells[allele], cells[frequency], cells[people] if people is not None else "")


def _wide_rows(table: Table) -> tuple[list[Row], tuple[str, ...]]:
    """The figures, and what is to be said of the file's minimum frequencies."""
    header = table.header
    if not is_wide(header):
        raise FormatError(
            f'is no table of allele frequencies: its first line is "{shortened(", ".join(header.names), 200)}"',
            "Give the columns marker, allele, frequency, n; or Allele and one column a marker; or Familias text",
            line=header.line,
        )
    markers = [(i, title) for i, title in enumerate(header.names) if i and title]
    people: dict[str, str] = {}
    cautions: list[str] = []
    rows: list[Row] = []
    for line, cells in table.rows():
        label = cells[0].strip().upper()
        told = [(title, cells[i]) for i, title in markers if cells[i].strip().upper() not in _EMPTY]
        if label == "N":
            people = dict(told)
        elif label == "-1":
            minima = ", ".join(f"{title} {text.strip()}" for title, text in told)
            cautions.append(f"the file's own minimum frequencies are not used: {minima}")
        else:
            rows += [Row(line, title, cells[0], text) for title, text in told if _number(text, line, title) > 0]
    return [row._replace(people=people.get(row.marker, "")) for row in rows], tuple(cautions)


def _pair(line: str) -> tuple[str, str] | None:
    """Allele and frequency of a line of Familias text; None for a marker's name."""
    parts = [part.strip() for part in re.split(r"[\t;]", line.strip())]
    if len(parts) == 1:
        parts = line.split()
        if len(parts) != 2 or not _NUMBER.fullmatch(parts[1]) or not re.fullmatch(r"[0-9]+([.,][0-9]+)?", parts[0]):
            return None
    return (parts[0], parts[1]) if len(parts) == 2 else None


def _familias_rows(text: str) -> Iterator[Row]:
    marker, told, at = "", True, 0
    seen: set[str] = set()
    for line, row in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if not row.strip():
            continue
        pair = _pair(row)
        if pair is None:
            if "\t" in row.strip() or _NUMBER.fullmatch(row.strip()):
                raise FrequencyError(
                    f'"{shortened(row)}" is neither a marker nor an allele with its frequency', "Part the two by a tab", line=line
                )
            if not told:
                raise FrequencyError(f"{marker} has no alleles", "Give at least one", line=at, field=marker)
            marker, told, at = row.strip(), False, line
            if locus_name(marker) in seen:
                raise FrequencyError(f"{marker} is told twice", "Keep one", line=line, field=marker)
            seen.add(locus_name(marker))
        else:
            told = True
            yield Row(line, marker, *pair)
    if not told:
        raise FrequencyError(f"{marker} has no alleles", "Give at least one", line=at, field=marker)


def _number(text: str, line: int, marker: str) -> float:
    bare = text.strip()
    if not _NUMBER.fullmatch(bare):
        raise FrequencyError(f'"{shortened(text)}" is no frequency', "Give a share from 0 to 1", line=line, field=marker)
    value = float(bare.replace(",", "."))
    if value > 1:
        raise FrequencyError(f"the frequency {bare} is more than 1", "Give a share from 0 to 1", line=line, field=marker)
    return value


def _people(text: str, line: int, marker: str) -> int | None:
    bare = text.strip()
    if bare.upper() in _EMPTY:
        return None
    count = int(re.split("[.,]", bare)[0]) if _COUNT.fullmatch(bare) else 0
    if count < 1:
        raise FrequencyError(f'"{shortened(text)}" is no number of people', "Give a whole number", line=line, field=marker)
    return count


def _frequencies(
    rows: Iterable[Row], people: int | None, *, name: str, cautions: tuple[str, ...], source: str
) -> AlleleFrequencies:
    loci: dict[str, dict[str, float]] = {}
    typed: dict[str, int | None] = {}
    lines: dict[str, int] = {}
    for line, reported, allele, frequency, n in rows:
        marker = locus_name(reported)
        if not marker:
            raise FrequencyError("a row without a marker", "Name the marker", line=line, field="marker")
        try:
            label = allele_label(decimal_point(allele))
        except ProfileError as error:
            raise FrequencyError(error.problem, error.remedy, line=line, field=marker) from None
        table = loci.setdefault(marker, {})
        lines.setdefault(marker, line)
        if label in table:
            raise FrequencyError(f"allele {label} of {marker} is told twice", "Keep one row", line=line, field=marker)
        table[label] = _number(frequency, line, marker)
        count = _people(n, line, marker)
        if count is not None and typed.setdefault(marker, count) not in {count, None}:
            raise FrequencyError(
                f"{marker} was typed in {typed[marker]} and in {count} people",
                "Give one number a marker",
                line=line,
                field=marker,
            )
    if not loci:
        raise FormatError("holds no frequencies", "Export it again")
    try:
        counts = {marker: typed.get(marker, people) for marker in loci}
        return AlleleFrequencies(name, loci, counts, source=source, cautions=cautions)
    except InputError as error:
        raise error.at(line=lines.get(error.field or "")) from None


def write_frequency_table(path: str | Path, frequencies: AlleleFrequencies) -> None:
    """Write the long layout, `marker,allele,frequency,n`, figures in full; errors as `write_text`."""
    rows = (
        (marker, allele, repr(float(frequency)), str(frequencies.people.get(marker) or ""))
        for marker, table in frequencies.loci.items()
        for allele, frequency in table.items()
    )
    write_text(path, delimited(("marker", "allele", "frequency", "n"), rows))
