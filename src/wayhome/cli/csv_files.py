"""A list as a table in a file, with what made it beside it: OUT.csv and OUT.provenance.json."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from wayhome.cli.staging import check_free, staged


def check_csv_free(path: Path, *, force: bool) -> None:
    """FormatError where either file may not, or cannot, be written over."""
    check_free([path, _provenance_path(path)], force=force)


def write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], provenance: Mapping[str, Any], *, force: bool
) -> None:
    """Write both files, or neither; errors as `staged`."""
    with staged(path.parent, force=force) as folder:
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)
        (folder / path.name).write_text(text.getvalue(), "utf-8")
        told = json.dumps(provenance, indent=2, ensure_ascii=False) + "\n"
        (folder / _provenance_path(path).name).write_text(told, "utf-8")


def _provenance_path(path: Path) -> Path:
    return path.with_name(f"{path.stem}.provenance.json")
