"""What people read: rich, set up so that nothing in a file is taken for markup, colours or commands to the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.style import StyleType
from rich.table import Table


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to `main.run`; rich would end the program itself."""
        raise BrokenPipeError


class _Table(Table):
    def add_row(self, *cells: RenderableType | None, style: StyleType | None = None, end_section: bool = False) -> None:
        """A row; a number is never cut off, for 1.3e-12 would read 1.3e-1."""
        for column, cell in zip(self.columns, cells, strict=False):
            if column.no_wrap and isinstance(cell, str):
                column.min_width = max(column.min_width or 0, cell_len(cell))
        super().add_row(*cells, style=style, end_section=end_section)


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
    made = _Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    right = set(numbers)
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", no_wrap=column in right, overflow="fold")
    return made
