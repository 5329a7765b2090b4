"""`wayhome find`: every child against every family, ranked."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wayhome.cli.answers import number, numbers, print_json
from wayhome.cli.searching import Answer, Progress, Search, searched
from wayhome.cli.staging import check_free, staged


def find(search: Search, *, as_json: bool, csv_path: Path | None, force: bool) -> None:
    """Search, and tell the answer: as JSON, as a table in a file, or to a person."""
    if csv_path is not None:
        check_free([csv_path, _provenance_path(csv_path)], force=force)
    with _progress(silent=as_json) as progress:
        answer = searched(search, progress)
    if csv_path is not None:
        _write(csv_path, answer, force=force)
    if as_json:
        print_json(_told(answer))
    elif csv_path is not None:
        candidates = sum(len(child.candidates) for child in answer.found.children)
        print(f"{csv_path}: {candidates:,} candidates of {len(answer.found.children):,} children")
    else:
        from wayhome.cli.find_report import print_answer

        print_answer(answer)


@contextmanager
def _progress(*, silent: bool) -> Iterator[Progress | None]:
    """A bar on standard error where that is a terminal."""
    if silent or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress as Bar

    from wayhome.cli.terminal import console

    with Bar(console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("families searched", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _told(answer: Answer) -> dict[str, Any]:
    """The answer as JSON values."""
    return {
        "children": [
            {
                "child": child.child,
                "loci": list(child.loci),
                "families": [
                    {
                        "family": candidate.family,
                        "log10_lr": number(candidate.log10_lr),
                        "populations": numbers(candidate.by_population),
                        "loci": numbers(candidate.loci),
                        "mismatches": candidate.mismatches,
                        "mismatch_loci": list(candidate.mismatch_loci),
                        "notes": list(candidate.notes),
                    }
                    for candidate in child.candidates
                ],
            }
            for child in answer.found.children
        ],
        "families": answer.found.families,
        "notes": list(answer.notes),
        "provenance": answer.provenance,
    }


def _provenance_path(csv_path: Path) -> Path:
    return csv_path.with_name(f"{csv_path.stem}.provenance.json")


def _write(path: Path, answer: Answer, *, force: bool) -> None:
    """The list as a table, one row per candidate, and its provenance beside it."""
    loci = answer.found.loci
    populations = [model.frequencies.name for model in answer.models]
    with staged(path.parent, force=force) as folder:
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        several = [f"log10_lr {name}" for name in populations] if len(populations) > 1 else []
        rows.writerow(["child", "rank", "family", "log10_lr", *several, "mismatches", "mismatch_loci", "notes", *loci])
        for child in answer.found.children:
            for rank, candidate in enumerate(child.candidates, 1):
                rows.writerow(
                    [
                        child.child,
                        rank,
                        candidate.family,
                        candidate.log10_lr,
                        *(candidate.by_population[name] for name in populations if several),
                        candidate.mismatches,
                        " ".join(candidate.mismatch_loci),
                        "; ".join(candidate.notes),
                        *(candidate.loci.get(name, "") for name in loci),
                    ]
                )
        (folder / path.name).write_text(text.getvalue(), "utf-8")
        provenance = json.dumps(answer.provenance, indent=2, ensure_ascii=False) + "\n"
        (folder / _provenance_path(path).name).write_text(provenance, "utf-8")
