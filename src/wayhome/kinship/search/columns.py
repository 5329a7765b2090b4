"""A shard: some families' tables as int8 columns on disk, and what exact rescoring needs of them.

    shard-XXXX/
      columns.npy     int8 [rows, families], one row per locus and genotype, a row of zeros last; read through memory mapping
      families.jsonl  one family a line: pedigree and profiles
      lines.npy       int64 [families + 1] where each line starts

An entry is the log10 LR divided by the shard's scale and rounded *up*, within -LIMIT..LIMIT: scale * entry >= log10 LR. So a sum
of entries can only overstate the exact LR, and no family at or above a threshold is ever lost. A shard, once written, is never
changed.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from wayhome.kinship.arrays import FloatArray, IntArray
from wayhome.kinship.genetics.model import LocusModel, PopulationModel
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree
from wayhome.kinship.search.compiled import Block, CompiledFamilies, genotype_index
from wayhome.kinship.search.scan import LIMIT, ByteArray

FILES = ("columns.npy", "families.jsonl", "lines.npy")
_SLICE = 4096


@dataclass(frozen=True, slots=True)
class Layout:
    """Which row of the columns holds which genotype: `first[k]` is the first of locus k, `rows` counts all with the zeros."""

    loci: tuple[str, ...]
    alleles: tuple[tuple[str, ...], ...]
    first: tuple[int, ...]
    rows: int

    @classmethod
    def of(cls, model: PopulationModel, loci: Sequence[str]) -> Layout:
        """The layout for these loci under a population."""
        ladders = tuple(model.locus(name).alleles for name in loci)
        sizes = [len(ladder) * (len(ladder) + 1) // 2 for ladder in ladders]
        return cls(tuple(loci), ladders, tuple(int(x) for x in np.cumsum([0, *sizes])[:-1]), sum(sizes) + 1)

    def row(self, k: int, labels: Sequence[str]) -> int | None:
        """Row of a genotype of locus k; None where an allele is outside the table."""
        ladder = self.alleles[k]
        try:
            codes = sorted(ladder.index(label) for label in labels)
        except ValueError:
            return None
        return self.first[k] + genotype_index(codes[0], codes[-1], len(ladder))


@dataclass(frozen=True)
class Shard:
    """A shard on disk.

    folder : where it is.
    families : how many.
    scale : log10 LR per unit of an entry.
    """

    folder: Path
    families: int
    scale: float

    @cached_property
    def columns(self) -> ByteArray:
        """[rows, families], memory-mapped."""
        mapped: ByteArray = np.load(self.folder / "columns.npy", mmap_mode="r")
        return mapped

    @cached_property
    def _lines(self) -> IntArray:
        lines: IntArray = np.load(self.folder / "lines.npy")
        return lines

    def family(self, index: int) -> Family:
        """The family at a place, with its relatives' profiles."""
        start, stop = int(self._lines[index]), int(self._lines[index + 1])
        with (self.folder / "families.jsonl").open("rb") as file:
            file.seek(start)
            return family_from_json(json.loads(file.read(stop - start)))

    def all_families(self) -> Iterator[Family]:
        """Every family, in order."""
        with (self.folder / "families.jsonl").open("rb") as file:
            for line in file:
                yield family_from_json(json.loads(line))


@lru_cache(maxsize=65536)
def _told(name: str, labels: tuple[str, ...]) -> str:
    """A locus and its genotype as JSON; the same few thousand come again and again."""
    return f"{json.dumps(name)}:{json.dumps(labels)}"


_text = lru_cache(maxsize=65536)(json.dumps)


def family_line(family: Family) -> str:
    """A family as one line of JSON."""
    profiles = ",".join(
        f'{_text(member)}:{{"sample":{json.dumps(p.sample)},"kit":{_text(p.kit)},"genotypes":'
        f"{{{','.join([_told(name, labels) for name, labels in p.genotypes.items()])}}}}}"
        for member, p in family.profiles.items()
    )
    members = ",".join(f"[{_text(m.id)},{_text(m.father)},{_text(m.mother)},{_text(m.sex)}]" for m in family.pedigree.members)
    return (
        f'{{"family":{json.dumps(family.id)},"missing":{_text(family.missing)},'
        f'"members":[{members}],"profiles":{{{profiles}}}}}\n'
    )


def family_from_json(value: Mapping[str, Any]) -> Family:
    """The family that `family_line` told."""
    members = tuple(Member(*row) for row in value["members"])
    profiles = {
        member: Profile(p["sample"], {k: tuple(v) for k, v in p["genotypes"].items()}, p["kit"])
        for member, p in value["profiles"].items()
    }
    return Family(Pedigree(members, value["missing"], value["family"]), profiles)


def write_shard(folder: Path, families: Sequence[Family], model: PopulationModel, layout: Layout) -> tuple[Shard, dict[str, str]]:
    """Write a new shard and make it durable.

    Returns
    -------
    shard, digests
        digests : file name -> SHA-256.
    """
    folder.mkdir(parents=True)
    scale = largest_log10_lr(model, layout) / LIMIT
    largest = _write_columns(folder / "columns.npy", families, model, layout, scale)
    if largest > LIMIT * scale:
        # Alleles outside the table made some others rarer than the bound supposed.
        scale = largest / LIMIT
        _write_columns(folder / "columns.npy", families, model, layout, scale)
    _write_families(folder, families)
    digests = {name: _sealed(folder / name) for name in FILES}
    _sync_folder(folder)
    return Shard(folder, len(families), scale), digests


def largest_log10_lr(model: PopulationModel, layout: Layout) -> float:
    """A bound on log10 LR at one locus: P(g | relatives) <= 1, so LR <= 1 / P(g), about 1 / p^2 of the rarest allele."""
    rarest = min(float(model.locus(name).frequencies.min()) for name in layout.loci)
    return -2 * math.log10(rarest * (1 - model.theta)) + 0.1


def _write_columns(path: Path, families: Sequence[Family], model: PopulationModel, layout: Layout, scale: float) -> float:
    """Write all entries; returns the largest log10 LR met."""
    columns = np.lib.format.open_memmap(path, mode="w+", dtype=np.int8, shape=(layout.rows, len(families)))
    largest = 0.0
    for start in range(0, len(families), _SLICE):
        compiled = CompiledFamilies(tuple(families[start : start + _SLICE]), model, layout.loci)
        stop = start + len(compiled.families)
        largest = max(largest, _fill(columns[:, start:stop], compiled, layout, scale))
    columns.flush()
    return largest


def _fill(out: ByteArray, compiled: CompiledFamilies, layout: Layout, scale: float) -> float:
    """Entries of a slice of families: out [rows, families]; returns the largest log10 LR."""
    largest = 1.0
    for k, name in enumerate(layout.loci):
        first = layout.first[k]
        n = len(layout.alleles[k])
        rows = slice(first, first + n * (n + 1) // 2)
        for block in compiled.blocks(name):
            table = _within_table(block, layout.alleles[k])
            largest = max(largest, float(np.fmax.reduce(table, axis=None, initial=1.0)))
            entries = quantised(table, scale)
            by_genotype = np.ascontiguousarray(entries.T)
            if len(block.families) == out.shape[1]:
                # All families, in order: "clip" spares NumPy a copy, the rows are within bounds.
                np.take(by_genotype, block.row, axis=1, out=out[rows], mode="clip")
            else:
                out[rows, block.families] = by_genotype[:, block.row]
    return math.log10(largest)


def _within_table(block: Block, ladder: tuple[str, ...]) -> FloatArray:
    """The table over the population's own ladder, where relatives made it wider."""
    if len(block.locus) == len(ladder):
        return block.lr
    return block.lr[:, _narrow(block.locus, ladder)]


def _narrow(locus: LocusModel, ladder: tuple[str, ...]) -> IntArray:
    places = [locus.index[label] for label in ladder]
    return np.array([genotype_index(places[a], places[b], len(locus)) for a in range(len(ladder)) for b in range(a, len(ladder))])


def quantised(lr: FloatArray, scale: float) -> ByteArray:
    """Entries for LRs, rounded up; 0 for nan, where the relatives tell nothing.

    Single precision is enough: what its logarithm may miss, 1e-6 at the most here, is added before rounding up.
    """
    units = lr.astype(np.float32)
    with np.errstate(divide="ignore"):
        np.log(units, out=units)
    units *= np.float32(math.log10(math.e) / scale)
    units += np.float32(1e-3)
    np.ceil(units, out=units)
    np.clip(units, -LIMIT, LIMIT, out=units)
    if np.isnan(units[:, 0]).any():
        np.nan_to_num(units, copy=False, nan=0.0)
    return units.astype(np.int8)


def _write_families(folder: Path, families: Sequence[Family]) -> None:
    lines = [0]
    with (folder / "families.jsonl").open("wb") as file:
        for family in families:
            text = family_line(family).encode()
            file.write(text)
            lines.append(lines[-1] + len(text))
    np.save(folder / "lines.npy", np.array(lines, dtype=np.int64))


def _sealed(path: Path) -> str:
    """Make a file durable, and its SHA-256."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
