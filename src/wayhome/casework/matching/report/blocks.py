"""What a report is made of: headings, paragraphs, tables, pictures, as plain values for the template. Text stays text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from wayhome.casework.matching.report.drawing import Drawing

Block = dict[str, Any]
Cell = str | dict[str, Any]
Align = Literal["left", "right", "center"]
Column = tuple[object, Align, float]
"""Heading, side, and share of the width; 0 takes what it needs."""

LONGEST = 4000
TOGETHER = 10
"""Rows of a table that stays on one page; their longest texts must not be long either."""
_CODE = 72
"""Letters of a digest at most; SHA-256 has 64."""
_LONG_WORD, _PIECE = 16, 6
"""Letters of a word that may be broken, and after how many of them each time."""
_ZERO_WIDTH = "\u200b"
_BLANKS = re.compile(r"[^\S\u00a0]+")
_WORD = re.compile(r"[^\s/\u200b\-\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]+")
"""What has no place to break a line: no blank, stroke or hyphen, and no Chinese character, after each of which there is one."""
_ISOLATE, _POP = "\u2068", "\u2069"


def clean(value: object) -> str:
    """Text on one line, without what steers it. Long words may break, and what runs from right to left stands apart."""
    kept = "".join(_kept(c) for c in unicodedata.normalize("NFC", str(value)))
    text = " ".join(_BLANKS.split(kept)).strip()[:LONGEST]
    text = _WORD.sub(lambda word: "".join(_breakable(word[0])), text)
    if any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text):
        return f"{_ISOLATE}{text}{_POP}"
    return text


def _kept(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in ("Zl", "Zp") or letter in "\t\n\r":
        return " "
    return "\ufffd" if kind in ("Cc", "Cf", "Cs", "Co", "Cn") and letter != _ZERO_WIDTH else letter


def _breakable(word: str) -> Iterator[str]:
    """A long word with places where it may be broken, though not between a letter and its marks."""
    run = 0
    for k, letter in enumerate(word):
        yield letter
        run += 1
        if run >= _PIECE and len(word) > _LONG_WORD and k + 1 < len(word) and not unicodedata.combining(word[k + 1]):
            yield _ZERO_WIDTH
            run = 0


def shortened(text: object, most: int) -> str:
    """Text for a line that must not be broken; a Chinese character counts twice."""
    told = clean(text).replace(_ZERO_WIDTH, "")
    room = most
    for k, letter in enumerate(told):
        room -= _width(letter)
        if room < 0:
            return told[: max(k - 1, 0)].rstrip() + "…" + (_POP if _ISOLATE in told else "")
    return told


def _width(value: Cell) -> int:
    """Of a text in letters."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in str(value))


def heading(text: object, level: int = 1) -> Block:
    """A heading; level 1 is numbered."""
    return {"kind": "heading", "text": clean(text), "level": level}


def paragraph(text: object, style: Literal["body", "strong", "note"] = "body", *, sticky: bool = False) -> Block:
    """A paragraph. sticky: on one page with the beginning of what comes next."""
    return {"kind": "paragraph", "text": clean(text), "style": style, "sticky": sticky}


def bullets(texts: Iterable[object]) -> list[Block]:
    """A list, or nothing where it is empty."""
    told = [clean(text) for text in texts]
    return [{"kind": "bullets", "items": told}] if told else []


def facts(rows: Iterable[tuple[object, object]], *, strong: bool = False, sticky: bool = False) -> Block:
    """Names with their values. sticky: on one page with what comes next."""
    return {"kind": "facts", "rows": [[clean(name), cell(value)] for name, value in rows], "strong": strong, "sticky": sticky}


def table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    *,
    total: bool = False,
    marked: Iterable[int] = (),
    small: bool = False,
) -> Block:
    """A table whose heading comes again on every page. total: the last row is a sum. marked: rows that stand out."""
    told = [[cell(value) for value in row] for row in rows]
    return {
        "kind": "table",
        "columns": [{"title": clean(title), "align": align, "width": width} for title, align, width in columns],
        "rows": told,
        "total": total,
        "marked": sorted(marked),
        "small": small,
        # What fits on a page with ease is not torn apart.
        "together": len(told) <= TOGETHER and sum(max(map(_width, row), default=0) for row in told) <= 40 * TOGETHER,
    }


def cell(value: object) -> Cell:
    """A cell: text, or what `code` made."""
    return value if isinstance(value, dict) else clean(value)


def code(text: str) -> Cell:
    """A digest or a number of a file, in letters of one width, and broken nowhere."""
    return {"code": "".join(c for c in text if c.isprintable())[:_CODE]}


def picture(drawing: Drawing, alternative: object, millimetres: float) -> Block:
    """A drawing, its pixels so many millimetres wide, or as wide as the page."""
    return {
        "kind": "picture",
        "svg": drawing.svg,
        "width": drawing.width,
        "height": drawing.height,
        "letters": list(drawing.letters),
        "alternative": clean(alternative),
        "millimetres": millimetres,
    }
