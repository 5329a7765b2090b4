"""Labels that fit: widths are estimated, since nothing here can ask a font, and long lines are wrapped or shortened."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

FONT = 12
LINES = 3
CUT = "…"
"""Size of the letters in pixels, the most lines below a symbol, and what ends a line that was cut."""

_NARROW = frozenset("iljtfrIJ.,:;'`|!()[]{}/\\ -·*\"")
_WIDE = frozenset("mwMW@%—…&")
# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """One line that XML can hold: white space made single, forbidden characters replaced by U+FFFD."""
    return " ".join(_FORBIDDEN.sub("\ufffd", text).split())


def width(text: str) -> float:
    """Estimated width in pixels; wider than the usual sans-serif fonts set it, so that what fits here fits there."""
    return FONT * sum(_ems(letter) for letter in text)


def _ems(letter: str) -> float:
    kind = unicodedata.category(letter)
    if kind in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    # Vietnamese letters are as wide as the letter below their marks.
    base = unicodedata.normalize("NFD", letter)[0]
    if base in _NARROW:
        return 0.42
    if base in _WIDE:
        return 1.0
    if ord(base) >= 0x530:
        return 1.0
    return 0.74 if kind == "Lu" else 0.64


def fitted(lines: Sequence[str], limit: float) -> tuple[str, ...]:
    """The lines, each at most `limit` pixels wide and `LINES` in all; what does not fit ends in an ellipsis."""
    told = [line for line in map(clean, lines) if line]
    if len(told) > LINES:
        told[LINES - 1 :] = [" ".join(told[LINES - 1 :])]
    done: list[str] = []
    for k, line in enumerate(told):
        room = LINES - len(done) - (len(told) - k - 1)
        pieces = list(_wrapped(line, limit))
        if len(pieces) > room:
            rest = line
            for piece in pieces[: room - 1]:
                rest = rest[len(piece) :].lstrip()
            pieces[room - 1 :] = [_shortened(rest, limit)]
        done += pieces
    return tuple(done)


def _wrapped(line: str, limit: float) -> Iterator[str]:
    """Pieces broken at spaces, after hyphens, between Chinese characters, or anywhere in a word that is too long for a line."""
    while width(line) > limit:
        most = next(k for k in range(1, len(line) + 1) if k == len(line) or width(line[: k + 1]) > limit)
        breaks = [
            k
            for k in range(1, most + 1)
            if line[k : k + 1] == " " or line[k - 1] in "-/" or _full(line[k - 1]) or _full(line[k : k + 1])
        ]
        cut = max(breaks, default=most)
        yield line[:cut].rstrip()
        line = line[cut:].lstrip()
    yield line


def _full(letter: str) -> bool:
    return bool(letter) and unicodedata.east_asian_width(letter) == "W"


def _shortened(line: str, limit: float) -> str:
    if width(line) <= limit:
        return line
    while line and width(line + CUT) > limit:
        line = line[:-1]
    return line.rstrip() + CUT
