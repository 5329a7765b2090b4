"""`wayhome find`: every child against every family, ranked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wayhome.cli.answers import number, numbers, print_json
from wayhome.cli.csv_files import check_csv_free, write_csv
from wayhome.cli.progress import progress_bar
from wayhome.cli.searching import Answer, Search, searched


def find(search: Search, *, as_json: bool, csv_path: Path | None, force: bool) -> None:
    """Search, and tell the answer: as JSON, as a table in a file, or to a person."""
    if csv_path is not None:
        check_csv_free(csv_path, force=force)
    with progress_bar("families searched", silent=as_json) as progress:
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


def _write(path: Path, answer: Answer, *, force: bool) -> None:
    """The list as a table, one row per candidate, and its provenance beside it."""
    loci = answer.found.loci
    populations = [model.frequencies.name for model in answer.models] if len(answer.models) > 1 else []
    several = [f"log10_lr {name}" for name in populations]
    header = ["child", "rank", "family", "log10_lr", *several, "mismatches", "mismatch_loci", "notes", *loci]
    rows = (
        [
            child.child,
            rank,
            candidate.family,
            candidate.log10_lr,
            *(candidate.by_population[name] for name in populations),
            candidate.mismatches,
            " ".join(candidate.mismatch_loci),
            "; ".join(candidate.notes),
            *(candidate.loci.get(name, "") for name in loci),
        ]
        for child in answer.found.children
        for rank, candidate in enumerate(child.candidates, 1)
    )
    write_csv(path, header, rows, answer.provenance, force=force)
