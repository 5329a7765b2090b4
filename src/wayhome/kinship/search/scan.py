"""The screen: sums of int8 columns over all families, and who reaches the threshold.

Entries lie in -63..63, so that two of them can be added as bytes before they are widened; that and eight rows a pass keep the sum
as fast as memory delivers the columns. Numba compiles the loops where it is installed (`wayhome[fast]`); NumPy does the same sums
slower and is their oracle. `benchmarks/search.py` prints both.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wayhome.kinship.arrays import IntArray

ByteArray = npt.NDArray[np.int8]

LIMIT = 63
"""Largest entry: twice this fits a byte."""
ROWS_PER_PASS = 8
TILE = 8_192
"""Families summed at a time: their sums stay in the nearest caches, and what a row costs to begin is spread over many."""
SUMS = (-32768, 32767)
"""What a sum can be told apart to: it is kept in 16 bits."""
_LEAST = SUMS[0]
_WORTH_COMPILING = 5_000_000
"""Pairs of child and family that NumPy screens in the time that Numba takes to load."""

Kernel = Callable[[ByteArray, IntArray, IntArray, IntArray], int]
"""(columns [rows, families], wanted [children, rows], thresholds [children], hits [most, 2]) -> number of hits. The rows wanted
are padded to a multiple of ROWS_PER_PASS; the first `most` are stored as (child, family)."""


def padded(rows: IntArray, zero_row: int) -> IntArray:
    """[children, rows] -> the same with rows of zeros, up to a multiple of `ROWS_PER_PASS`."""
    children, k = rows.shape
    width = max(ROWS_PER_PASS, -(-k // ROWS_PER_PASS) * ROWS_PER_PASS)
    out = np.full((children, width), zero_row, dtype=np.int64)
    out[:, :k] = rows
    return out


def screen_numpy(columns: ByteArray, wanted: IntArray, thresholds: IntArray, hits: IntArray) -> int:
    """The screen with NumPy alone; see `Kernel`."""
    families = columns.shape[1]
    found = 0
    for start in range(0, families, 4 * TILE):
        stop = min(start + 4 * TILE, families)
        tile = columns[:, start:stop]
        for child in range(len(wanted)):
            total = np.zeros(stop - start, dtype=np.int16)
            for k in range(0, wanted.shape[1], 2):
                total += tile[wanted[child, k]] + tile[wanted[child, k + 1]]
            for family in np.flatnonzero(total >= thresholds[child]):
                if found < len(hits):
                    hits[found] = child, start + family
                found += 1
    return found


def _screen(columns: Any, wanted: Any, thresholds: Any, hits: Any) -> int:
    """The screen as loops for Numba; see `Kernel`."""
    families = columns.shape[1]
    total = np.empty(TILE, np.int16)
    found = 0
    for start in range(0, families, TILE):
        n = min(TILE, families - start)
        for child in range(wanted.shape[0]):
            rows = wanted[child]
            for k in range(0, len(rows), ROWS_PER_PASS):
                a = columns[rows[k], start : start + n]
                b = columns[rows[k + 1], start : start + n]
                c = columns[rows[k + 2], start : start + n]
                d = columns[rows[k + 3], start : start + n]
                e = columns[rows[k + 4], start : start + n]
                f = columns[rows[k + 5], start : start + n]
                g = columns[rows[k + 6], start : start + n]
                h = columns[rows[k + 7], start : start + n]
                if k == 0:
                    for i in range(n):
                        total[i] = (
                            np.int16(np.int8(a[i] + b[i]))
                            + np.int16(np.int8(c[i] + d[i]))
                            + np.int16(np.int8(e[i] + f[i]))
                            + np.int16(np.int8(g[i] + h[i]))
                        )
                else:
                    for i in range(n):
                        total[i] = np.int16(
                            total[i]
                            + np.int16(np.int8(a[i] + b[i]))
                            + np.int16(np.int8(c[i] + d[i]))
                            + np.int16(np.int8(e[i] + f[i]))
                            + np.int16(np.int8(g[i] + h[i]))
                        )
            top = np.int16(_LEAST)
            for i in range(n):
                top = max(top, total[i])
            if top >= thresholds[child]:
                for i in range(n):
                    if total[i] >= thresholds[child]:
                        if found < len(hits):
                            hits[found, 0] = child
                            hits[found, 1] = start + i
                        found += 1
    return found


_compiled: Kernel | None = None


def kernel() -> Kernel:
    """The fastest screen there is here. WAYHOME_NUMBA=0 asks for NumPy."""
    global _compiled
    if _compiled is None:
        _compiled = _compile() if os.environ.get("WAYHOME_NUMBA", "1") != "0" else screen_numpy
    return _compiled


def _compile() -> Kernel:
    try:
        import numba
    except ImportError:
        return screen_numpy
    nothing = (
        np.zeros((1, 1), np.int8),
        np.zeros((1, ROWS_PER_PASS), np.int64),
        np.zeros(1, np.int64),
        np.zeros((1, 2), np.int64),
    )
    kept: Any = numba.njit(nogil=True, cache=True)(_screen)
    try:
        kept(*nothing)
    except (EOFError, OSError, ValueError, pickle.UnpicklingError, RuntimeError):
        # A cache that a crash cut short, or a folder that cannot be written: away with it, and compile for this process alone.
        for path in Path(kept.stats.cache_path).glob("scan._screen-*.nb?") if kept.stats.cache_path else ():
            path.unlink(missing_ok=True)
        kept = numba.njit(nogil=True)(_screen)
        kept(*nothing)
    compiled: Kernel = kept
    return compiled


def screen(columns: ByteArray, wanted: IntArray, thresholds: IntArray) -> IntArray:
    """Pairs whose sum reaches the child's threshold.

    Parameters
    ----------
    columns : [rows, families], entries within -LIMIT..LIMIT; the last row is all zeros.
    wanted : [children, loci] one row per child and locus.
    thresholds : [children].

    Returns
    -------
    IntArray
        [hits, 2] (child, family), by tile of families, then by child.
    """
    if not len(wanted) or not columns.shape[1]:
        return np.empty((0, 2), dtype=np.int64)
    rows = padded(wanted, len(columns) - 1)
    limits = np.clip(thresholds, *SUMS)
    # A small base is searched before loops are compiled.
    small = _compiled is None and len(rows) * columns.shape[1] < _WORTH_COMPILING
    run = screen_numpy if small else kernel()
    hits = np.empty((4096, 2), dtype=np.int64)
    found = run(columns, rows, limits, hits)
    if found > len(hits):
        hits = np.empty((found, 2), dtype=np.int64)
        run(columns, rows, limits, hits)
    return hits[:found]
