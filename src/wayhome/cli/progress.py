"""How far a long computation is, on standard error where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]
"""Told (done, of how many)."""


@contextmanager
def progress_bar(what: str, *, silent: bool) -> Iterator[Progress | None]:
    """A bar that says what is done; nothing where it is to be silent or nobody watches."""
    if silent or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress as Bar

    from wayhome.cli.terminal import console

    with Bar(console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
