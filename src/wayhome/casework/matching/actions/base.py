"""The index of families: what the search made of relatives' profiles, on the worker's disk, and always to be made again.

It holds profiles in clear, as a search of millions must; so its folder is its owner's alone, no copy of the house has it, and it
is written anew without whoever withdrew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from wayhome import kinship
from wayhome.casework.accounts.queries import chain_of
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import SYSTEM, Actor
from wayhome.casework.matching.queries.base import POPULATION, folder, indexed_loci, model, models

__all__ = ["POPULATION", "folder", "house", "index", "indexed_loci", "model", "models", "put"]

MANY_SHARDS = 16
"""Every change adds a shard; so many are made one."""


def house(child: Child) -> Actor:
    """The house itself, writing what it did to a child into the chain of the province where it was rescued: the system's own
    chain is read by auditors everywhere."""
    return replace(SYSTEM, chain=chain_of(child.event.jurisdiction.path))


def index() -> kinship.Index:
    """The index as it is on the disk; an empty one is made where there is none."""
    if (folder() / "manifest.json").exists():
        return kinship.Index.open(folder(), model())
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    folder().chmod(0o700)
    return kinship.Index.create(folder(), model(), indexed_loci())


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
