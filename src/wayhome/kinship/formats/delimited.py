"""Delimited text: what parts the cells, what the header calls them, and rows that know their line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from wayhome.kinship.errors import FormatError, InputError
from wayhome.kinship.formats.source import Source

DELIMITERS = {"\t": "tab", ";": "semicolon", ",": "comma"}
"""What may part cells, the likeliest first where a header leaves it open."""

MOST_CITED = 500
"""Characters of a problem or a remedy, which may cite any cell."""

_BLANK = " \n" + "".join(DELIMITERS)
_QUOTED = re.compile(r'"[^"]*(?:"|$)')
_FILLING = re.compile(r"[\s._]+")
_DECIMAL_COMMA = re.compile(r"([0-9]{1,4}),([0-5])")


@contextmanager
def naming(path: str | Path) -> Iterator[None]:
    """Fill in the file in every InputError that passes through, shorten what it cites, and make one of what the system says."""
    try:
        yield
    except InputError as error:
        error.problem, error.remedy = shortened(error.problem, MOST_CITED), shortened(error.remedy, MOST_CITED)
        error.field = error.field and shortened(error.field)
        raise error.at(file=path)  # noqa: B904  the same error
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror}", "Check the path and its permissions", file=path) from None


def header_key(name: str) -> str:
    """What is compared of a column's name: "Sample.Name", "sample_name" and "SAMPLE NAME" are one."""
    return _FILLING.sub("", name).casefold()


def decimal_point(text: str) -> str:
    """An allele with a decimal comma, "9,3", as "9.3"; "15,16" is left alone, it is two alleles."""
    found = _DECIMAL_COMMA.fullmatch(text.strip())
    return f"{found[1]}.{found[2]}" if found else text


def shortened(text: str, most: int = 80) -> str:
    """A stranger's text for a message: printable, on one line, at most `most` characters."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(c if c.isprintable() else " " if c == "\t" else "�" for c in cut)


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table.

    Parameters
    ----------
    path, line : where the header stands.
    names : as written, trimmed.
    """

    path: str
    line: int
    names: tuple[str, ...]
    keys: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", tuple(header_key(name) for name in self.names))

    def find(self, *names: str) -> int | None:
        """Index of the first of these columns that exists; FormatError where it exists twice."""
        for name in names:
            key = header_key(name)
            if self.keys.count(key) > 1:
                raise FormatError(
                    "the column exists twice",
                    "Keep one of them",
                    file=self.path,
                    line=self.line,
                    field=self.names[self.keys.index(key)],
                )
            if key in self.keys:
                return self.keys.index(key)
        return None

    def require(self, *names: str) -> int:
        """As `find`; FormatError where none exists."""
        index = self.find(*names)
        if index is None:
            raise FormatError(
                f'has no column "{names[0]}"',
                "Its columns are " + shortened(", ".join(f'"{name}"' for name in self.names), 300),
                file=self.path,
                line=self.line,
                field=names[0],
            )
        return index

    def numbered(self, stem: str) -> tuple[int, ...]:
        """Indices of the columns "stem 1", "stem 2"... up to the first that is not there."""
        found: list[int] = []
        while (index := self.find(f"{stem}{len(found) + 1}")) is not None:
            found.append(index)
        return tuple(found)

    @property
    def filled(self) -> frozenset[str]:
        """Keys of the columns that have a name."""
        return frozenset(key for key in self.keys if key)


@dataclass(frozen=True, slots=True)
class Table:
    """A delimited text with a header.

    Parameters
    ----------
    header : its columns.
    delimiter : "\\t", ";" or ",".
    comments : the lines beginning with "#" before the header, without the "#".
    """

    header: Header
    delimiter: str
    comments: tuple[str, ...]
    _text: str = field(repr=False)
    _start: int = field(repr=False)
    _lines_before: int = field(repr=False)

    @classmethod
    def open(cls, path: str | Path, encoding: str | None = None) -> tuple[Table, Source]:
        """Table and bytes of a file; errors as `Source.open`, `Source.text` and `of`."""
        source = Source.open(path)
        return cls.of(source.path, source.text(encoding)), source

    @classmethod
    def of(cls, path: str, text: str) -> Table:
        """Of a text: the first line that is neither blank nor a comment is the header, and tells the delimiter.

        Raises
        ------
        FormatError
            for an empty file, or a header of one column.
        """
        start, before, comments = (1 if text.startswith("\ufeff") else 0), 0, []
        for first in _lines(text, start):
            blank = not first.strip(_BLANK)
            if not blank and not first.startswith("#"):
                break
            if not blank:
                comments.append(first[1:].strip())
            start += len(first)
            before += 1
        else:
            raise FormatError("is empty", "Export it again", file=path)
        # A quoted name may go on in the next lines.
        bare = _QUOTED.sub("", text[start : start + len(first) + 10_000]).partition("\n")[0]
        delimiter = max(DELIMITERS, key=bare.count)
        if not bare.count(delimiter):
            raise FormatError(
                f'has no columns: its first line is "{shortened(first.strip())}"',
                "Part the columns by tab, semicolon or comma",
                file=path,
                line=before + 1,
            )
        line, cells = next(_records(path, _lines(text, start), delimiter, before), (0, []))
        if not cells:
            raise FormatError("has no header", "Name the columns in the first line", file=path, line=before + 1)
        header = Header(path, line, tuple(cell.strip() for cell in cells))
        for _ in range(line - before + sum(cell.count("\n") for cell in cells)):
            start = (text.find("\n", start) + 1) or len(text)
            before += 1
        return cls(header, delimiter, tuple(comments), text, start, before)

    @property
    def path(self) -> str:
        """The file."""
        return self.header.path

    @property
    def allele_text(self) -> Callable[[str], str] | None:
        """`decimal_point` where cells can hold a decimal comma, that is where commas do not part them."""
        return None if self.delimiter == "," else decimal_point

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line and cells of every row that is not blank, as many cells as the header has.

        Raises
        ------
        FormatError
            for a row with fewer cells (what is lost could be an allele) or with more that are not empty, and for quotation marks
            that do not pair.
        """
        lines = _lines(self._text, self._start)
        return _records(self.path, lines, self.delimiter, self._lines_before, len(self.header.names))


def _lines(text: str, start: int) -> Iterator[str]:
    """Lines with their ends; unlike `splitlines` not parted at form feeds, unlike StringIO without four bytes a character."""
    while (end := text.find("\n", start)) >= 0:
        yield text[start : end + 1]
        start = end + 1
    if start < len(text):
        yield text[start:]


def _records(path: str, lines: Iterator[str], delimiter: str, before: int, width: int = 0) -> Iterator[tuple[int, list[str]]]:
    """(first line, cells) of every record that is not blank, of `width` cells where one is given; `before` lines went before."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = before + 1
    try:
        for cells in reader:
            if len(cells) != width or not cells[0]:
                cells = _fitted(path, line, cells, width, delimiter)
            if cells:
                yield line, cells
            line = before + reader.line_num + 1
    except csv.Error as error:
        problem = "a cell is longer than any value" if "limit" in str(error) else "quotation marks do not pair"
        remedy = 'Close what is opened, and write a quotation mark inside a quoted cell as ""'
        raise FormatError(problem, remedy, file=path, line=line) from None


def _fitted(path: str, line: int, cells: list[str], width: int, delimiter: str) -> list[str]:
    """The cells without empty ones behind the last column; nothing for a blank row."""
    if not any(cell.strip() for cell in cells):
        return []
    if width and (len(cells) < width or any(cell.strip() for cell in cells[width:])):
        raise FormatError(
            f"the row has {len(cells)} cells, the header {width}",
            f"Give every row as many; quote a cell that holds a {DELIMITERS[delimiter]}",
            file=path,
            line=line,
        )
    return cells[: width or None]


def delimited(header: Iterable[str], rows: Iterable[Iterable[str]], delimiter: str = ",") -> str:
    """Text of a table; cells are quoted where they must be.

    Raises
    ------
    FormatError
        for a delimiter that `Table` would not find again.
    """
    if delimiter not in DELIMITERS:
        raise FormatError(f"{delimiter!r} cannot part cells", "Use a tab, a semicolon or a comma", field="delimiter")
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
