"""`wayhome index`: families compiled on disk, to be searched with `wayhome find --index`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from wayhome import kinship
from wayhome.cli.answers import print_json
from wayhome.cli.models import Assumptions, chosen_loci, read_models
from wayhome.cli.wording import counted


def build(
    folder: Path,
    families: Path,
    family_profiles: Path | None,
    population: str,
    assumptions: Assumptions,
    loci: str | None,
    encoding: str | None,
) -> None:
    """Make a new index; errors as the readers and `kinship.build_index`."""
    (model,), _ = read_models((population,), assumptions, encoding)
    found = kinship.read_any_families(families, family_profiles, encoding=encoding)
    start = time.perf_counter()
    with progress("families compiled") as report:
        index = kinship.build_index(folder, found.families, model, loci=chosen_loci(loci, [model]), progress=report)
    seconds = time.perf_counter() - start
    for note in found.notes:
        print(f"Note: {note}")
    print(
        f"{folder}: {counted(index.manifest.families, 'family', 'families')} "
        f"at {counted(len(index.manifest.loci), 'locus', 'loci')}, population {population}, "
        f"in {seconds:.1f} s. Search it with: wayhome find --index {folder} --children PROFILES"
    )


def add(folder: Path, families: Path, family_profiles: Path | None, encoding: str | None, *, replace: bool) -> None:
    """Add families, or put corrected ones in the place of those of the same id."""
    index = kinship.Index.open(folder)
    found = kinship.read_any_families(families, family_profiles, encoding=encoding)
    before = index.manifest.families
    with progress("families compiled") as report:
        index.add(found.families, replacing=replace, progress=report)
    new = index.manifest.families - before
    replaced = len(found.families) - new
    for note in found.notes:
        print(f"Note: {note}")
    print(f"{folder}: {counted(new, 'family', 'families')} added, {replaced:,} replaced, {index.manifest.families:,} now")


def forget(folder: Path, families: list[str]) -> None:
    """Take families out of every search."""
    index = kinship.Index.open(folder)
    index.forget(families)
    print(
        f"{folder}: {counted(len(set(families)), 'family', 'families')} forgotten, {index.manifest.families:,} left. "
        f"Their data leave the disk with: wayhome index compact {folder}"
    )


def compact(folder: Path) -> None:
    """Write what is left anew, and delete what is forgotten."""
    index = kinship.Index.open(folder)
    with progress("shards written") as report:
        index.compact(progress=report)
    stats = index.stats()
    print(
        f"{folder}: {counted(stats['families'], 'family', 'families')} in {counted(stats['shards'], 'shard')}, "
        "nothing forgotten left on the disk"
    )


def verify(folder: Path) -> None:
    """Check every file; KinshipError where one is damaged."""
    index = kinship.Index.open(folder)
    with progress("shards read") as report:
        wrong = index.verify(progress=report)
    if wrong:
        raise kinship.InputError(
            f"{counted(len(wrong), 'file')} damaged: {'; '.join(wrong)}",
            "Restore them from a copy, or build the index again",
            file=folder,
        )
    print(f"{folder}: {counted(index.manifest.families, 'family', 'families')}, every file as it was written")


def stats(folder: Path, *, as_json: bool) -> None:
    """Tell what an index holds."""
    told = kinship.Index.open(folder).stats()
    if as_json:
        print_json(told)
        return
    print(f"{folder}")
    print(f"  families            {told['families']:,}")
    print(f"  forgotten, on disk  {told['forgotten_on_disk']:,}")
    print(f"  shards              {told['shards']:,}")
    print(f"  size                {told['bytes'] / 1e6:,.1f} MB")
    print(f"  changes so far      {told['generation']:,}")
    print(f"  population          {told['population']}, theta {told['parameters']['theta']:g}")
    print(f"  loci                {', '.join(told['loci'])}")


@contextmanager
def progress(what: str, *, silent: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error where that is a terminal."""
    if silent or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress

    from wayhome.cli.terminal import console

    with Progress(console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
