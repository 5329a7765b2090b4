"""A shard: some families' tables as int8 columns on disk, and what exact rescoring needs of them.

    shard-XXXX/
      columns.npy   int8 [rows, families], one row per locus and genotype, a row of zeros last; read through memory mapping
      ...           the families themselves, see `records`

An entry is the log10 LR divided by the shard's scale and rounded *up*, within -LIMIT..LIMIT: scale * entry >= log10 LR. So a sum
of entries can only overstate the exact LR, and no family at or above a threshold is ever lost. A shard, once written, is never
changed.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from wayhome.kinship.arrays import FloatArray, IntArray
from wayhome.kinship.genetics.model import LocusModel, PopulationModel
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.search.compiled import CompiledFamilies
from wayhome.kinship.search.records import Records, Sink, write_records
from wayhome.kinship.search.scan import LIMIT, ByteArray
from wayhome.kinship.search.tables import genotype_index


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
    def records(self) -> Records:
        """The families, with their relatives' profiles."""
        return Records(self.folder)


def write_shard(folder: Path, families: Sequence[Family], model: PopulationModel, layout: Layout) -> tuple[Shard, dict[str, str]]:
    """Write a new shard and make it durable.

    Returns
    -------
    shard, digests
        digests : file name -> SHA-256.
    """
    folder.mkdir(parents=True)
    digests: dict[str, str] = {}
    compiled = CompiledFamilies(tuple(families), model, layout.loci)
    scale = largest_log10_lr(model, layout) / LIMIT
    while (largest := _write_columns(folder, compiled, layout, scale, digests)) > LIMIT * scale:
        # Alleles outside the table made some others rarer than the bound supposed.
        scale = largest / LIMIT
    write_records(compiled.coded, lambda name: _sealed(folder / name, digests))
    _sync_folder(folder)
    return Shard(folder, len(families), scale), digests


def largest_log10_lr(model: PopulationModel, layout: Layout) -> float:
    """A bound on log10 LR at one locus: P(g | relatives) <= 1, so LR <= 1 / P(g), about 1 / p^2 of the rarest allele."""
    rarest = min(float(model.locus(name).frequencies.min()) for name in layout.loci)
    return -2 * math.log10(rarest * (1 - model.theta)) + 0.1


def _write_columns(folder: Path, compiled: CompiledFamilies, layout: Layout, scale: float, digests: dict[str, str]) -> float:
    """Write all entries, locus by locus; returns the largest log10 LR met."""
    families = len(compiled.families)
    largest = 0.0
    with _sealed(folder / "columns.npy", digests) as file:
        header = {"descr": "|i1", "fortran_order": False, "shape": (layout.rows, families)}
        np.lib.format.write_array_header_1_0(file, header)
        for name, ladder in zip(layout.loci, layout.alleles, strict=True):
            entries, top = _entries(compiled, name, ladder, scale)
            file.write(entries)
            largest = max(largest, top)
        file.write(np.zeros(families, dtype=np.int8))
    return largest


def _entries(compiled: CompiledFamilies, name: str, ladder: tuple[str, ...], scale: float) -> tuple[ByteArray, float]:
    """[genotypes, families] entries of a locus, and the largest log10 LR among them."""
    # Each distinct row once, the first for families that do not tell; then every family takes its own.
    distinct = [np.zeros((1, len(ladder) * (len(ladder) + 1) // 2), dtype=np.int8)]
    row = np.zeros(len(compiled.families), dtype=np.int64)
    rows, largest = 1, 1.0
    for block in compiled.fresh_blocks(name):
        row[block.families] = rows + block.row
        rows += len(block.codes)
        for lr in block.pieces():
            table = _within_table(lr, block.locus, ladder)
            largest = max(largest, float(np.fmax.reduce(table, axis=None)))
            distinct.append(quantised(table, scale))
    by_genotype = np.ascontiguousarray(np.concatenate(distinct).T)
    # The rows are known to be there; asking anew of each takes half as long again.
    return by_genotype.take(row, axis=1, mode="clip"), math.log10(largest)


def _within_table(lr: FloatArray, locus: LocusModel, ladder: tuple[str, ...]) -> FloatArray:
    """The table over the population's own ladder, where relatives made it wider."""
    return lr if len(locus) == len(ladder) else lr[:, _narrow(locus, ladder)]


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


class _Hashed:
    """A file and the digest of what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def write(self, data: Any, /) -> int:
        """Write bytes, or an array that is contiguous."""
        self.sha256.update(data)
        return self._file.write(data)


@contextmanager
def _sealed(path: Path, digests: dict[str, str]) -> Iterator[Sink]:
    """A new file: durable and its SHA-256 among the digests, once it is left."""
    with path.open("wb") as file:
        hashed = _Hashed(file)
        yield hashed
        file.flush()
        os.fsync(file.fileno())
    digests[path.name] = hashed.sha256.hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
