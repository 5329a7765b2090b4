"""The lines of a Familias file, one value each, taken in order; whatever is not as it should be is told with its line."""

from __future__ import annotations

import math
import re

from wayhome.kinship.errors import FormatError
from wayhome.kinship.formats.delimited import shortened

LONGEST_NAME = 200
_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{1,4})?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_FLAGS = {"#TRUE#": True, "#FALSE#": False}


def decimal(text: str) -> float | None:
    """A finite number, with a decimal point or, as some locales write it, a decimal comma; None for anything else."""
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    return value if math.isfinite(value) else None


class Lines:
    """A cursor over the lines; blank ones at the end do not count."""

    def __init__(self, text: str) -> None:
        self._lines = text.rstrip().split("\n")
        self._taken = 0

    @property
    def line(self) -> int:
        """Number of the line that was taken last, from 1."""
        return self._taken

    @property
    def left(self) -> int:
        """How many lines follow."""
        return len(self._lines) - self._taken

    def error(self, problem: str, remedy: str, field: str | None = None) -> FormatError:
        """A FormatError at the line that was taken last."""
        return FormatError(problem, remedy, line=self.line, field=field)

    def peek(self) -> str:
        """The next line, empty at the end."""
        return self._lines[self._taken].strip() if self.left else ""

    def take(self, what: str) -> str:
        """The next line; FormatError where the file ends before it."""
        self._taken += 1
        if self.left < 0:
            raise self.error(f"ends where {what} should stand", "The file is cut off; save it again in Familias")
        return self._lines[self._taken - 1].strip()

    def _wrong(self, found: str, what: str, form: str) -> FormatError:
        return self.error(
            f'"{shortened(found, 40)}" stands where {what} should, {form}',
            "A line may be missing or changed; save the file again in Familias",
        )

    def text(self, what: str) -> str:
        """A text in double quotes, blanks at its ends dropped."""
        found = self.take(what)
        if len(found) < 2 or found[0] != '"' or found[-1] != '"':
            raise self._wrong(found, what, "a text in double quotes")
        if len(found) > LONGEST_NAME:
            raise self._wrong(found, what, f"longer than {LONGEST_NAME} characters")
        return found[1:-1].strip()

    def flag(self, what: str) -> bool:
        """#TRUE# or #FALSE#."""
        found = self.take(what)
        if found not in _FLAGS:
            raise self._wrong(found, what, "#TRUE# or #FALSE#")
        return _FLAGS[found]

    def number(self, what: str) -> float:
        """A finite number."""
        found = self.take(what)
        value = decimal(found)
        if value is None:
            raise self._wrong(found, what, "a number")
        return value

    def integer(self, what: str, below: int, *, found: str | None = None) -> int:
        """A whole number from 0 up to, and without, `below`; `found` is the text, by default the next line."""
        found = self.take(what) if found is None else found
        if not _INTEGER.fullmatch(found):
            raise self._wrong(found, what, "a whole number")
        value = int(found)
        if not 0 <= value < below:
            raise self.error(
                f"{what} is {value:,}, outside 0 to {below - 1:,}", "A line may be missing; save it again in Familias"
            )
        return value

    def count(self, what: str, lines_each: int, *, found: str | None = None) -> int:
        """How many of something follow; refused at once where so many cannot."""
        value = self.integer(f"the number of {what}", 10**18, found=found)
        if value * lines_each > self.left:
            raise self.error(
                f"tells of {value:,} {what}, but only {self.left:,} lines follow",
                "The file is cut off or changed; save it again in Familias",
            )
        return value
