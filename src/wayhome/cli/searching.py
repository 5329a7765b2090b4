"""A search from its files to its answer: what `wayhome find` and `wayhome demo` share."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wayhome import kinship
from wayhome.cli.answers import number
from wayhome.cli.models import Assumptions, chosen_loci, read_models
from wayhome.cli.progress import Progress


@dataclass(frozen=True, slots=True)
class Search:
    """What is to be searched, as it was typed."""

    children: Path
    families: Path | None
    family_profiles: Path | None
    populations: tuple[str, ...]
    assumptions: Assumptions
    loci: str | None = None
    top: int = 10
    min_lr: float = 100.0
    encoding: str | None = None
    index: Path | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, with all that made it.

    notes : what the files held and was not used, and what concerns the search as a whole.
    seconds : how long the search took, reading apart.
    """

    search: Search
    children: tuple[kinship.Profile, ...]
    found: kinship.Found
    models: tuple[kinship.PopulationModel, ...]
    notes: tuple[str, ...]
    provenance: dict[str, Any]
    seconds: float


def searched(search: Search, progress: Progress | None = None) -> Answer:
    """Read the files and search; errors as the readers and `kinship.find`."""
    if not search.min_lr >= 0:
        raise kinship.InputError(f"{search.min_lr} is no LR", "Give a number of 0 or more", field="--min-lr")
    if search.index is not None:
        return _searched_index(search, search.index, progress)
    if search.families is None or not search.populations:
        missing = "--families" if search.families is None else "--population"
        raise kinship.InputError("is needed, or --index in place of both", "See `wayhome find --help`", field=missing)
    models, digests = read_models(search.populations, search.assumptions, search.encoding)
    children = kinship.read_profiles(search.children, encoding=search.encoding)
    families = kinship.read_any_families(search.families, search.family_profiles, encoding=search.encoding)
    loci = chosen_loci(search.loci, models)
    start = time.perf_counter()
    found = kinship.find(
        children.profiles,
        families.families,
        models,
        top=search.top,
        min_lr=search.min_lr,
        loci=loci,
        progress=progress,
    )
    seconds = time.perf_counter() - start
    inputs = {str(search.children): children.sha256, **families.sha256, **digests}
    notes = (*(f"children: {note}" for note in children.notes), *(f"families: {note}" for note in families.notes), *found.notes)
    return Answer(search, children.profiles, found, tuple(models), notes, _provenance(search, models, found, inputs), seconds)


def _searched_index(search: Search, folder: Path, progress: Progress | None) -> Answer:
    """Search an index, which brings its population with it."""
    if search.families is not None or search.loci is not None:
        given = "--families" if search.families is not None else "--loci"
        raise kinship.InputError("does not go with --index", "Leave it out: the index holds families and loci", field=given)
    models, digests = read_models(search.populations, search.assumptions, search.encoding)
    if len(models) > 1:
        raise kinship.InputError("an index has one population", "Name it once, or leave it out", field="--population")
    index = kinship.Index.open(folder, models[0] if models else None)
    children = kinship.read_profiles(search.children, encoding=search.encoding)
    start = time.perf_counter()
    found = kinship.find_in_index(children.profiles, index, top=search.top, min_lr=search.min_lr, progress=progress)
    seconds = time.perf_counter() - start
    inputs = {str(search.children): children.sha256, str(folder): index.manifest.digest, **digests}
    notes = (*(f"children: {note}" for note in children.notes), *found.notes)
    provenance = _provenance(search, [index.model], found, inputs)
    return Answer(search, children.profiles, found, (index.model,), notes, provenance, seconds)


def _provenance(
    search: Search, models: Sequence[kinship.PopulationModel], found: kinship.Found, inputs: dict[str, str]
) -> dict[str, Any]:
    parameters = {
        "populations": [model.parameters() for model in models],
        "loci": list(found.loci),
        "convention": "pruned",
        "top": search.top,
        "min_lr": number(search.min_lr),
    }
    return kinship.provenance(parameters, inputs)
