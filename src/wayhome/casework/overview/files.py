"""A list as a file that leaves the house: a sheet or plain text inside a ZIP that only its passphrase opens (AES-256).

The rows go through once, some at a time, and only what is encrypted is kept. A sheet's rows lie in a folder of this process's own
until the sheet is made: masked, and gone before anybody is answered.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO

import pyzipper
import xlsxwriter
from django.utils import timezone

from wayhome.casework.core import numbers
from wayhome.casework.core.errors import Invalid
from wayhome.casework.overview.queries.rows import Row, Value
from wayhome.casework.overview.rules.lists import MOST_ROWS, NUMBER, Column
from wayhome.casework.placements.sheet import text_cell

Say = Callable[[str, str], object]
"""The word for a code, by what it is a code of, in the reader's language."""
HEADING = "list_column"
"""What a column's code is a code of."""
CONTENT_TYPE = "application/zip"
_IN_MEMORY = 1 << 20
_WIDTH = 16
_AE_2 = 2
_LINES = 500


@dataclass(frozen=True, slots=True)
class Packed:
    """An encrypted file.

    Parameters
    ----------
    file : at its beginning; the disk has no more of it than is encrypted.
    sha256 : of the file; `inside` of what is in it, by which it is known again once somebody opened it.
    """

    file: IO[bytes]
    size: int
    rows: int
    sha256: str
    inside: str


def codes(_of: str, code: str) -> str:
    """Codes as they are, for programs."""
    return code


def packed(
    columns: tuple[Column, ...], rows: Iterable[Row], *, name: str, form: str, passphrase: str, say: Say, at: datetime
) -> Packed:
    """The file of some rows.

    Parameters
    ----------
    name : of what is inside, without its ending; the ZIP shows it to anybody.
    form : "xlsx" or "csv".

    Raises
    ------
    Invalid
        "form": too_many_rows, of a sheet.
    """
    counted, inside = _Counted(rows), hashlib.sha256()
    content = (_sheet if form == "xlsx" else _text)(_lines(columns, counted, say))
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 it is answered with, then closed
    try:
        with pyzipper.AESZipFile(file, "w", compression=pyzipper.ZIP_DEFLATED) as archive:
            # AE-2: the checksum of what is inside, which would tell of it, is left out.
            archive.setencryption(pyzipper.WZ_AES, nbits=256, force_wz_aes_version=_AE_2)
            archive.setpassword(passphrase.encode())
            member = pyzipper.AESZipFile.zipinfo_cls(f"{name}.{form}", timezone.localtime(at).timetuple()[:6])
            member.compress_type = pyzipper.ZIP_DEFLATED
            with archive.open(member, "w", force_zip64=True) as inner:
                for piece in content:
                    inside.update(piece)
                    inner.write(piece)
        size = file.tell()
        file.seek(0)
        outside = hashlib.sha256()
        while piece := file.read(1 << 16):
            outside.update(piece)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return Packed(file, size, counted.n, outside.hexdigest(), inside.hexdigest())


class _Counted:
    """Rows, and how many there were."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows, self.n = rows, 0

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            self.n += 1
            yield row


def _lines(columns: tuple[Column, ...], rows: Iterable[Row], say: Say) -> Iterator[list[str | int]]:
    """Headings, then cells of which none can become a formula. A word is asked for once, and there are few."""
    yield [text_cell(str(say(HEADING, column.code))) for column in columns]
    words: dict[tuple[str, str], str] = {}

    def cell(column: Column, value: Value) -> str | int:
        if value is None or isinstance(value, int):
            return "" if value is None else value
        if isinstance(value, date):
            return value.isoformat()
        if column.of == NUMBER:
            return numbers.grouped(value)
        if not column.of:
            return text_cell(value)
        if (column.of, value) not in words:
            words[column.of, value] = text_cell(str(say(column.of, value)))
        return words[column.of, value]

    for row in rows:
        yield [cell(column, value) for column, value in zip(columns, row, strict=True)]


def _text(lines: Iterable[list[str | int]]) -> Iterator[bytes]:
    """UTF-8 with its mark, which spreadsheets want to see; every text in quotation marks."""
    page = io.StringIO()
    writer = csv.writer(page, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    for n, line in enumerate(lines, 1):
        writer.writerow(line)
        if n % _LINES == 0:
            yield page.getvalue().encode()
            page.seek(0)
            page.truncate()
    yield page.getvalue().encode()


def _sheet(lines: Iterable[list[str | int]]) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="wayhome-list-") as folder:
        path = Path(folder, "list.xlsx")
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(str(path), options) as book:
            page = book.add_worksheet()
            page.freeze_panes(1, 0)
            page.set_column(0, 20, _WIDTH)
            bold = book.add_format({"bold": True, "bottom": 1})
            for i, line in enumerate(lines):
                if i > MOST_ROWS:
                    raise Invalid({"form": "too_many_rows"})
                for j, cell in enumerate(line):
                    if isinstance(cell, int):
                        page.write_number(i, j, cell)
                    elif cell:
                        page.write_string(i, j, cell, bold if i == 0 else None)
        with path.open("rb") as made:
            while piece := made.read(1 << 16):
                yield piece
