"""The index of families: what the search made of relatives' profiles, on the worker's disk, and always to be made again.

It holds profiles in clear, as a search of millions must; so its folder is its owner's alone, no copy of the house has it, and it
is written anew without whoever withdrew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from django.conf import settings

from wayhome import kinship
from wayhome.casework.accounts.queries import chain_of
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import SYSTEM, Actor

POPULATION = "china"
BESIDE = "nist-asian"
"""A second table, asked too where it knows every locus that was compared: the smaller LR counts."""
MANY_SHARDS = 16
"""Every change adds a shard; so many are made one."""


@cache
def model(name: str = POPULATION) -> kinship.PopulationModel:
    """A population with the parameters that searches use."""
    return kinship.PopulationModel(kinship.population(name))


def models(loci: Iterable[str]) -> list[kinship.PopulationModel]:
    """The populations that a candidate is judged by."""
    both = [model(), model(BESIDE)]
    return both if set(loci) <= set(both[1].frequencies.loci) else both[:1]


def house(child: Child) -> Actor:
    """The house itself, writing what it did to a child into the chain of the province where it was rescued: the system's own
    chain is read by auditors everywhere."""
    return replace(SYSTEM, chain=chain_of(child.event.jurisdiction.path))


def folder() -> Path:
    """Where the index is."""
    return Path(settings.WAYHOME_INDEX)


def index() -> kinship.Index:
    """The index as it is on the disk; an empty one is made where there is none."""
    if (folder() / "manifest.json").exists():
        return kinship.Index.open(folder(), model())
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    folder().chmod(0o700)
    return kinship.Index.create(folder(), model(), indexed_loci())


@cache
def indexed_loci() -> tuple[str, ...]:
    """Loci of the columns: those that two kits in use type at least. What else was typed counts where candidates are scored."""
    kits = [{one.name for one in kinship.panel(name).loci} for name in kinship.panels()]
    table = model().frequencies
    usable = (name for name in model().loci if name not in table.doubtful_loci)
    autosomal = (name for name in usable if kinship.locus(name).inheritance is kinship.Inheritance.AUTOSOMAL)
    return tuple(name for name in autosomal if sum(name in kit for kit in kits) > 1)


def put(families: Sequence[kinship.Family], gone: Iterable[str], *, erase: bool) -> kinship.Index:
    """Bring the index up to date: some families as they are now, others out.

    Parameters
    ----------
    erase : whether what was there must be off the disk when this returns, since somebody withdrew; a large base is written anew
        for it in part. Otherwise it goes with the next time.
    """
    there = index()
    held = {family for entry in there.manifest.shards for family in there.shard(entry).records.ids()}
    leave = sorted(held.intersection(gone))
    if leave:
        there.forget(leave)
    if families:
        there.add(list(families), replacing=True)
    if erase or len(there.manifest.shards) > MANY_SHARDS:
        there.compact()
    return there
