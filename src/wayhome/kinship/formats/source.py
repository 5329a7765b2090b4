"""One way in for every file: read whole, bounded in size, decoded or refused, its SHA-256 kept."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wayhome.kinship.errors import FormatError
from wayhome.kinship.genetics.profiles import Profile

MOST_BYTES = 256 * 1024 * 1024

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes with its path and digest."""

    path: str
    data: bytes

    @classmethod
    def open(cls, path: str | Path) -> Source:
        """Read a file; FormatError where it is missing, a folder, unreadable or larger than `MOST_BYTES`."""
        path = Path(path)
        try:
            if path.is_dir():
                raise FormatError("is a folder", "Name the file itself", file=path)
            size = path.stat().st_size
            if size > MOST_BYTES:
                raise FormatError(f"has {size:,} bytes, more than {MOST_BYTES:,}", "Split it", file=path)
            return cls(str(path), path.read_bytes())
        except ValueError:
            raise FormatError("is no path", "Give another name", file=repr(str(path))) from None
        except FileNotFoundError:
            raise FormatError("does not exist", "Check the path", file=path) from None
        except OSError as error:
            raise FormatError(f"cannot be read: {error.strerror}", "Check the file's permissions", file=path) from None

    @property
    def sha256(self) -> str:
        """Digest of the bytes as they were."""
        return hashlib.sha256(self.data).hexdigest()

    def text(self, encoding: str | None = None) -> str:
        """The text, line ends as "\\n".

        Parameters
        ----------
        encoding : a codec's name; by default a byte order mark decides, else UTF-8.

        Raises
        ------
        FormatError
            for bytes that are not of that encoding (with the line), a NUL character, or an unknown encoding.
        """
        if encoding is None:
            encoding = next((name for bom, name in _BOMS if self.data.startswith(bom)), "utf-8")
        try:
            text = self.data.decode(encoding)
        except UnicodeDecodeError as error:
            line = self.data.count(b"\n", 0, error.start) + 1
            raise FormatError(
                f"is not {encoding} text: byte 0x{self.data[error.start]:02X}",
                "Save it as UTF-8, or name its encoding, such as gb18030 or cp1252",
                file=self.path,
                line=line,
            ) from None
        except (LookupError, UnicodeError):
            raise FormatError(
                f"cannot be read as {encoding}", "Name an encoding such as utf-8 or gb18030", file=self.path
            ) from None
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            raise FormatError("holds a NUL character, so it is no text", "Export it again as text", file=self.path, line=line)
        return text


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """What a file of profiles held.

    Parameters
    ----------
    format : short name of the format, such as "codis-cmf-3.2".
    profiles : in the file's order, sample ids unique.
    details : sample -> field -> text, for what a profile has no place for (category, case, comment, laboratory, reader...).
    notes : what was skipped or set aside, and why.
    sha256 : digest of the file.
    """

    format: str
    profiles: tuple[Profile, ...]
    details: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    sha256: str = ""
