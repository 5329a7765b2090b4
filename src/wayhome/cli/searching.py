"""A search from its files to its answer: what `wayhome find` and `wayhome demo` share."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wayhome import kinship
from wayhome.cli.answers import number
from wayhome.cli.models import Assumptions, chosen_loci, read_models

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Search:
    """What is to be searched, as it was typed."""

    children: Path
    families: Path
    family_profiles: Path | None
    populations: tuple[str, ...]
    assumptions: Assumptions
    loci: str | None = None
    top: int = 10
    min_lr: float = 100.0
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, with all that made it.

    notes : what the files held and was not used, and what concerns the search as a whole.
    seconds : how long the search took, reading apart.
    """

    search: Search
    children: tuple[kinship.Profile, ...]
    families: tuple[kinship.Family, ...]
    found: kinship.Found
    models: tuple[kinship.PopulationModel, ...]
    notes: tuple[str, ...]
    provenance: dict[str, Any]
    seconds: float


def searched(search: Search, progress: Progress | None = None) -> Answer:
    """Read the files and search; errors as the readers and `kinship.find`."""
    if not search.min_lr >= 0:
        raise kinship.InputError(f"{search.min_lr} is no LR", "Give a number of 0 or more", field="--min-lr")
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
    parameters = {
        "populations": [model.parameters() for model in models],
        "loci": list(found.loci),
        "convention": "pruned",
        "top": search.top,
        "min_lr": number(search.min_lr),
    }
    inputs = {str(search.children): children.sha256, **families.sha256, **digests}
    notes = (*(f"children: {note}" for note in children.notes), *(f"families: {note}" for note in families.notes), *found.notes)
    provenance = kinship.provenance(parameters, inputs)
    return Answer(search, children.profiles, families.families, found, tuple(models), notes, provenance, seconds)
