"""Children against an index: screen the columns, rescore the survivors exactly.

The screen's sum of rounded-up entries is never below the exact log10 LR: every family at or above the threshold survives it. An
allele of the child outside the population's table has no row: whatever the relatives are, P(genotype | relatives) <= 1, so the
LR there is at most 1 / P(genotype of an unrelated person), and that bound lowers the threshold instead.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from wayhome.kinship.arrays import IntArray
from wayhome.kinship.errors import InputError
from wayhome.kinship.genetics.model import LocusModel
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.search.columns import Shard
from wayhome.kinship.search.compiled import Progress
from wayhome.kinship.search.find import ChildResult, Found, check_ids, find
from wayhome.kinship.search.index import Index, ShardEntry
from wayhome.kinship.search.scan import SUMS, screen

_T = TypeVar("_T")

_ROUNDING = 1e-9
_ATTEMPTS = 3
_BUNCHES = 2
"""Per thread: to hand a thread a task costs as much as to screen a shard for one child, so it gets many shards at once."""
_MOST_FOUNDERS = 64
"""Founder alleles supposed in the bound with theta."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one shard: plain values, so that it can be sent to another machine.

    folder : the shard.
    families, scale : as the manifest says.
    rows : [children, loci] wanted rows, the row of zeros where a child tells nothing.
    least : [children] log10 LR to reach.
    """

    folder: str
    families: int
    scale: float
    rows: IntArray
    least: tuple[float, ...]


Engine = Callable[[Sequence[Question]], Iterable[IntArray]]
"""Answers every question, in order: [hits, 2] (child, place)."""


def answer(question: Question) -> IntArray:
    """Screen one shard: [hits, 2] (child, place in the shard)."""
    shard = Shard(Path(question.folder), question.families, question.scale)
    return _answer(shard, question)


def _answer(shard: Shard, question: Question) -> IntArray:
    units = np.ceil((np.array(question.least) - _ROUNDING) / question.scale)
    return screen(shard.columns, question.rows, np.clip(units, *SUMS).astype(np.int64))


def threads(workers: int | None = None) -> Engine:
    """Shards on threads of this process; the screen lets go of the interpreter's lock.

    Parameters
    ----------
    workers : threads; the number of cores by default.
    """

    number = workers or os.cpu_count() or 1

    def run(questions: Sequence[Question]) -> Iterator[IntArray]:
        with ThreadPoolExecutor(number) as pool:
            for answers in pool.map(lambda some: [answer(one) for one in some], bunches(questions, number * _BUNCHES)):
                yield from answers

    return run


def bunches(items: Sequence[_T], number: int) -> list[Sequence[_T]]:
    """The items in order, in so many runs at most."""
    size = max(1, -(-len(items) // number))
    return [items[start : start + size] for start in range(0, len(items), size)]


def find_in_index(
    children: Sequence[Profile],
    index: Index,
    *,
    top: int | None = 10,
    min_lr: float = 100.0,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Found:
    """Rank the indexed families of each child by their exact LR: the same answer as `find` over all of them, sooner.

    Parameters
    ----------
    children : sample ids must differ.
    index : its manifest is read anew.
    top, min_lr : as in `find`; a min_lr of 0 rescores every family.
    engine : who screens the shards; threads of this process by default.
    progress : called with (children rescored, children).

    Raises
    ------
    InputError
        for a sample id told twice, or no locus in common with the index.
    """
    check_ids("child", [child.sample for child in children])
    for attempt in range(_ATTEMPTS):
        index.refresh()
        try:
            return _find(children, index, top, min_lr, engine or threads(), progress)
        except FileNotFoundError:
            # The index was compacted under our hands; the manifest names its new shards.
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _find(
    children: Sequence[Profile], index: Index, top: int | None, min_lr: float, engine: Engine, progress: Progress | None
) -> Found:
    manifest = index.manifest
    loci = manifest.loci
    if children and manifest.families and not any(name in child.genotypes for child in children for name in loci):
        raise InputError("the children were typed at no locus of the index", "Check kits and index", field="loci")
    questions = _questions(children, index, math.log10(min_lr) if min_lr > 0 else -math.inf)
    survivors: list[list[tuple[ShardEntry, int]]] = [[] for _ in children]
    for entry, hits in zip(manifest.shards, engine(questions), strict=True):
        gone = set(entry.forgotten)
        for child, place in hits.tolist():
            if place not in gone:
                survivors[child].append((entry, place))
    results: list[ChildResult] = []
    notes: dict[str, None] = {}
    named: dict[str, Family] = {}
    known: dict[tuple[str, int], Family] = {}
    for number, (child, places) in enumerate(zip(children, survivors, strict=True)):
        for entry, place in places:
            if (entry.name, place) not in known:
                known[entry.name, place] = index.shard(entry).records.family(place)
        families = [known[entry.name, place] for entry, place in places]
        if families and any(name in child.genotypes for name in loci):
            exact = find([child], families, [index.model], top=top, min_lr=min_lr, loci=loci)
            results += exact.children
            notes |= dict.fromkeys(exact.notes)
            named |= exact.named
        else:
            results.append(ChildResult(child.sample, (), tuple(name for name in loci if name in child.genotypes)))
        if progress is not None:
            progress(number + 1, len(children))
    return Found(tuple(results), loci, manifest.families, tuple(notes), named)


def _questions(children: Sequence[Profile], index: Index, least: float) -> list[Question]:
    layout = index.layout
    rows = np.full((len(children), len(layout.loci)), layout.rows - 1, dtype=np.int64)
    limits = []
    for c, child in enumerate(children):
        bound = 0.0
        for k, name in enumerate(layout.loci):
            labels = child.genotypes.get(name)
            if not labels:
                continue
            row = layout.row(k, labels)
            if row is None:
                bound += most_log10_lr(index.model.locus(name, labels), labels, index.model.theta)
            else:
                rows[c, k] = row
        limits.append(least - bound)
    return [
        Question(str((index.folder / entry.name).resolve()), entry.families, entry.scale, rows, tuple(limits))
        for entry in index.manifest.shards
    ]


def most_log10_lr(locus: LocusModel, labels: Sequence[str], theta: float = 0.0) -> float:
    """A bound on log10 LR at a locus for any family: 1 / P(genotype of an unrelated child), with theta for any relatives seen."""
    codes = sorted(locus.codes(labels))
    p = locus.frequencies[[codes[0], codes[-1]]] * 0.9
    if theta > 0:
        # The urn never gives an allele less than its share of new draws.
        p = p * (1 - theta) / (1 - theta + theta * _MOST_FOUNDERS)
    return float(-np.log10(p).sum())
