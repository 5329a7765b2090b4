"""Many people as numbers, and which pairs of them score enough.

The score of a pair is a sum over loci of a byte that depends on the two genotypes. It is summed as in the search of families: one
person's genotypes choose the rows, everybody else stands in the columns (`scan.screen`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wayhome.kinship.arrays import IntArray
from wayhome.kinship.errors import TooComplex
from wayhome.kinship.genetics.profiles import Genotype, Profile
from wayhome.kinship.search.scan import LIMIT, SUMS, ByteArray, screen

_TILE = 8192
"""People in the columns at a time: some fifty megabytes."""
_ROWS = 1024
"""People in the rows at a time: with a full tile enough pairs for `scan.screen` to load its compiler."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """People at some loci.

    loci : names.
    genotypes : by locus, those that occur.
    codes : [loci, people] which of them each person shows, -1 for none.
    """

    loci: tuple[str, ...]
    genotypes: tuple[tuple[Genotype, ...], ...]
    codes: IntArray

    @classmethod
    def of(cls, profiles: Sequence[Profile], loci: Iterable[str]) -> Crowd:
        """The people of these profiles."""
        names = tuple(loci)
        rows = np.full((len(names), len(profiles)), -1, dtype=np.int64)
        genotypes = []
        for k, name in enumerate(names):
            numbers = _Numbers()
            rows[k] = [numbers[profile.genotypes.get(name, ())] for profile in profiles]
            genotypes.append(tuple(numbers.shown))
        return cls(names, tuple(genotypes), rows)

    @property
    def most(self) -> int:
        """The largest entry, either way, at which no sum of bytes can overflow.

        Raises
        ------
        TooComplex
            for more loci than a sum can hold.
        """
        if len(self.loci) > SUMS[1]:
            raise TooComplex(f"{len(self.loci):,} loci are more than {SUMS[1]:,}", "Choose among them")
        return min(LIMIT, SUMS[1] // max(1, len(self.loci)))

    def loci_shared(self, first: IntArray, second: IntArray) -> IntArray:
        """[pairs] how many loci both show."""
        shared = np.zeros(len(first), dtype=np.int64)
        for codes in self.codes:
            shared += (codes[first] >= 0) & (codes[second] >= 0)
        return shared

    def reaching(
        self, entries: Sequence[ByteArray], threshold: int, *, directed: bool = False
    ) -> Iterator[tuple[IntArray, IntArray]]:
        """Pairs whose sum of entries is at least the threshold, in portions.

        Parameters
        ----------
        entries : by locus [genotypes + 1, genotypes + 1] of the first and the second person, the last for "not typed", where the
            first person's must be 0; within -`most`..`most`.
        directed : each pair both ways round; else once, the first person before the second.

        Yields
        ------
        first, second
            [pairs] people.
        """
        people = self.codes.shape[1]
        starts = np.cumsum([0, *(len(e) - 1 for e in entries)])
        wanted = np.where(self.codes >= 0, self.codes + starts[:-1, None], starts[-1]).T
        threshold = max(SUMS[0], threshold)
        if threshold > SUMS[1]:
            return
        for left in range(0, people, _TILE):
            columns = self._columns(entries, slice(left, left + _TILE))
            last = people if directed else min(people, left + _TILE)
            for top in range(0, last, _ROWS):
                rows = wanted[top : min(top + _ROWS, last)]
                hits = screen(columns, rows, np.full(len(rows), threshold, dtype=np.int64))
                first, second = hits[:, 0] + top, hits[:, 1] + left
                keep = first != second if directed else first < second
                yield first[keep], second[keep]

    def _columns(self, entries: Sequence[ByteArray], people: slice) -> ByteArray:
        """[rows, people] a row for each locus and genotype of a first person, a row of zeros last."""
        codes = self.codes[:, people]
        columns = np.zeros((sum(len(e) - 1 for e in entries) + 1, codes.shape[1]), dtype=np.int8)
        at = 0
        for entry, code in zip(entries, codes, strict=True):
            # -1 wraps round to the last one, "not typed".
            np.take(entry[:-1], code, axis=1, out=columns[at : at + len(entry) - 1], mode="wrap")
            at += len(entry) - 1
        return columns


class _Numbers(dict[Genotype, int]):
    """Labels -> number of the genotype, however often its alleles are told; -1 for none."""

    def __init__(self) -> None:
        super().__init__({(): -1})
        self.shown: list[Genotype] = []
        self._known: dict[frozenset[str], int] = {}

    def __missing__(self, labels: Genotype) -> int:
        number = self._known.setdefault(frozenset(labels), len(self.shown))
        if number == len(self.shown):
            self.shown.append(labels)
        self[labels] = number
        return number
