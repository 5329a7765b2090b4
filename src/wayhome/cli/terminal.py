"""What people read: rich, set up so that nothing in a file is taken for markup, colours or commands to the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to `main.run`; rich would end the program itself."""
        raise BrokenPipeError


def console(*, stderr: bool = False) -> Console:
    """Standard output, or error; colours and pictures only on a terminal."""
    return _Console(stderr=stderr, highlight=False, markup=False, emoji=False)


def table(*columns: str, numbers: Iterable[str] = ()) -> Table:
    """An empty table.

    Parameters
    ----------
    columns : titles; columns of an empty title have none.
    numbers : those that are flush right and never wrapped.
    """
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    right = set(numbers)
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", no_wrap=column in right, overflow="fold")
    return made
