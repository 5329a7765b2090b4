"""Files are made in a folder beside their place, and moved there when all of them are whole: everything or nothing."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from wayhome import kinship


def check_free(paths: Sequence[Path], *, force: bool) -> None:
    """FormatError where something stands at one of the paths that may not, or cannot, be overwritten."""
    for path in paths:
        if path.is_dir() or (path.exists() and not path.is_file()):
            raise kinship.FormatError("is no regular file", "Name a file", file=path)
        if path.exists() and not force:
            raise kinship.FormatError("exists already", "Write elsewhere, or overwrite it with --force", file=path)


@contextlib.contextmanager
def staged(folder: Path, *, force: bool, make: bool = False) -> Iterator[Path]:
    """A new folder for files that go into `folder` at the end, whatever they are called; nothing does after an error.

    Parameters
    ----------
    make : make the folder where it is not there.

    Raises
    ------
    FormatError
        naming the file's final place: for one that exists already where `force` is not set, and for a folder that is not there
        or cannot be written to.
    """
    draft = folder / f".wayhome.{secrets.token_hex(8)}.part"
    made = make and not folder.exists()
    try:
        if made:
            folder.mkdir()
        draft.mkdir()
    except FileNotFoundError:
        missing = folder.parent if make else folder
        raise kinship.FormatError("does not exist", "Make the folder first", file=missing) from None
    except OSError as error:
        raise kinship.FormatError(
            f"cannot be written to: {error.strerror}", "Check the folder's permissions and free space", file=folder
        ) from None
    try:
        yield draft
        ready = sorted(draft.iterdir())
        check_free([folder / path.name for path in ready], force=force)
        for path in ready:
            path.replace((folder / path.name).resolve())
        made = False
    except kinship.InputError as error:
        if error.file is not None and Path(error.file).parent == draft:
            error.file = str(folder / Path(error.file).name)
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()
