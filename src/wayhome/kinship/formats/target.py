"""One way out for every file: whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from wayhome.kinship.errors import FormatError


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a file atomically: beside its place first, then moved over it, so a reader sees either the old or the new.

    Parameters
    ----------
    path : an existing file keeps its permissions, a link keeps pointing where it does.
    data : the whole content.

    Raises
    ------
    FormatError
        where the folder is missing or not writable, the path is a folder or a device, or the disk is full.
    """
    try:
        target = Path(os.path.realpath(path))
        mode = _mode_of(target, path)
        draft = target.with_name(f".{target.name[:64]}.{secrets.token_hex(8)}.part")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            if mode is not None:
                draft.chmod(mode)
            draft.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                draft.unlink()
            raise
    except FileNotFoundError:
        raise FormatError("is in a folder that does not exist", "Create the folder first", file=path) from None
    except OSError as error:
        raise FormatError(
            f"cannot be written: {error.strerror}", "Check the folder's permissions and free space", file=path
        ) from None
    except ValueError:  # a NUL in the path, or a name that cannot be encoded
        raise FormatError("is no path", "Give another name", file=repr(str(path))) from None


def write_text(path: str | Path, text: str, *, encoding: str = "utf-8", newline: str = "\n") -> None:
    """Write text atomically, see `write_bytes`.

    Parameters
    ----------
    text : lines ended by "\\n".
    encoding : a codec's name.
    newline : what ends a line in the file.

    Raises
    ------
    FormatError
        as `write_bytes`, and for a character the encoding does not have (with its line) or an encoding nobody knows.
    """
    try:
        data = text.replace("\n", newline).encode(encoding)
    except UnicodeEncodeError as error:
        line = error.object.count("\n", 0, error.start) + 1
        raise FormatError(
            f"{error.object[error.start : error.end]!r} cannot be written as {encoding}",
            "Write it as utf-8",
            file=path,
            line=line,
        ) from None
    except (LookupError, UnicodeError):
        raise FormatError(f"cannot be written as {encoding}", "Name an encoding such as utf-8 or gb18030", file=path) from None
    write_bytes(path, data)


def _mode_of(target: Path, path: str | Path) -> int | None:
    """Permissions of the file that stands there, None where none does."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(status.st_mode):
        raise FormatError("is a folder", "Name the file itself", file=path)
    if not stat.S_ISREG(status.st_mode):
        raise FormatError("is no regular file", "Write to a file", file=path)
    return stat.S_IMODE(status.st_mode)
