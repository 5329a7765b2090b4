"""What lies beside a `.ped`: `.dat` with its columns, `.map` with the markers' places, the key of recoded alleles. See `ped`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wayhome.kinship.errors import FormatError
from wayhome.kinship.formats.delimited import Table, naming, shortened
from wayhome.kinship.formats.source import Source

RECODED = "missing_child_alleles_recoded"
"""Name of the affection column of a file whose alleles are codes, so that it is never read without its key."""


MOST_COLUMNS = 100_000


@dataclass(frozen=True, slots=True)
class Column:
    """A line of `.dat`: kind M, A, T, C, Z or S, and the name."""

    kind: str
    name: str


def read_dat(path: Path, encoding: str | None) -> tuple[list[Column], Source]:
    """The columns that follow the first five of a `.ped`; FormatError for a line that describes none, or no marker at all."""
    source = Source.open(path)
    columns: list[Column] = []
    with naming(path):
        for line, words in words_of(source.text(encoding)):
            kind, skipped = words[0][0].upper(), words[0][1:] or "1"
            if words[0].upper() in {"E", "END"}:
                break
            if kind == "S" and skipped.isascii() and skipped.isdigit() and 0 < int(skipped[:4]) < 1000:
                columns += [Column("S", "skipped")] * int(skipped[:4])
            elif words[0].upper() in {"M", "A", "T", "C", "Z"} and len(words) > 1:
                columns.append(Column(kind, " ".join(words[1:])))
            else:
                raise FormatError(
                    f'"{shortened(" ".join(words))}" describes no column',
                    "Write M, A, T, C, Z or S and a name",
                    line=line,
                    field="type",
                )
            if len(columns) > MOST_COLUMNS:
                raise FormatError(f"lists more than {MOST_COLUMNS:,} columns", "Split the files", line=line)
        markers = Counter(column.name for column in columns if column.kind == "M")
        twice = next((name for name, count in markers.items() if count > 1), None)
        if twice or not markers:
            problem = f"the marker {shortened(twice)} comes twice" if twice else "lists no marker"
            raise FormatError(problem, 'Give each marker one line, such as "M D3S1358"', field="M")
    return columns, source


def words_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line, words) of every line that is neither blank nor begins with "#"."""
    for line, row in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        words = row.split()
        if words and not words[0].startswith("#"):
            yield line, words


def check_map(path: Path, columns: list[Column], encoding: str | None) -> tuple[Source | None, list[str]]:
    """The `.map`, None where there is none, and a note of the markers it does not list."""
    if not path.is_file():
        return None, []
    source = Source.open(path)
    with naming(path):
        listed = {words[1] for _, words in words_of(source.text(encoding)) if len(words) > 1}
    absent = [column.name for column in columns if column.kind == "M" and column.name not in listed]
    return source, [f"{path.name} does not list {shortened(', '.join(absent), 300)}"] if absent else []


def read_key(
    path: Path, dat: Path, alleles: str | Path | None, columns: list[Column], encoding: str | None
) -> tuple[dict[tuple[str, str], str], Source | None]:
    """(marker, code) -> allele; empty where the alleles stand as they are."""
    key = path.with_suffix(".alleles.csv") if alleles is None else Path(alleles)
    recoded = any(column.kind == "A" and column.name == RECODED for column in columns)
    if alleles is None and not key.is_file():
        if recoded:
            raise FormatError(f"says that the alleles are codes, and {key.name} is not there", "Give the key", file=dat)
        return {}, None
    with naming(key):
        table, source = Table.open(key, encoding)
        marker, code, allele = (table.header.require(name) for name in ("marker", "code", "allele"))
        return {(cells[marker].strip(), cells[code].strip()): cells[allele].strip() for _, cells in table.rows()}, source
