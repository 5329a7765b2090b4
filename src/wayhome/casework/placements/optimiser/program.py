"""An integer programme that grows by columns and rows, solved by HiGHS through SciPy."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from wayhome.casework.placements.optimiser.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from scipy import sparse

OPTIMAL, INFEASIBLE = 0, 2
"""SciPy's words for them."""
NOISE = 1e-3
"""A bound on a whole number may be this much too high."""


@dataclass(frozen=True, slots=True)
class Answer:
    """values : [columns] or None where none was found in time. bound : the least that a solution can cost.

    infeasible : it is proven that there is none.
    """

    values: FloatArray | None
    bound: float
    infeasible: bool = False


def whole_bound(bound: float) -> int:
    """The least that a cost in whole numbers can be; very low if nothing is known."""
    return math.ceil(bound - NOISE) if math.isfinite(bound) else -(10**15)


class Deadline:
    """Seconds left until a moment on this process's own clock."""

    def __init__(self, seconds: float) -> None:
        self.begun = time.perf_counter()
        self.end = self.begun + seconds

    def left(self, part: float = 1.0) -> float:
        """This part of what is left."""
        return max(0.0, self.end - time.perf_counter()) * part

    def taken(self) -> float:
        """Since the beginning."""
        return time.perf_counter() - self.begun


class Program:
    """Minimise a cost over columns with bounds, under rows `lowest <= A x <= highest`."""

    def __init__(self) -> None:
        self.upper: list[FloatArray] = []
        self.whole: list[FloatArray] = []
        self.columns = 0
        self.rows = 0
        self._entries: list[tuple[npt.NDArray[np.integer], IntArray, FloatArray]] = []
        self._lowest: list[FloatArray] = []
        self._highest: list[FloatArray] = []

    def add_columns(self, upper: IntArray | FloatArray, *, whole: bool | npt.NDArray[np.generic] = True) -> IntArray:
        """Columns from 0 to `upper`; returns their numbers."""
        count = len(upper)
        self.upper.append(np.asarray(upper, dtype=np.float64))
        self.whole.append(np.broadcast_to(np.asarray(whole, dtype=np.float64), (count,)))
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def add_rows(
        self,
        entries: Sequence[tuple[npt.NDArray[np.integer], IntArray, IntArray | FloatArray]],
        lowest: IntArray | FloatArray,
        highest: IntArray | FloatArray,
    ) -> None:
        """Rows; each entry is (row counted from the first of these, column, value), as arrays; doubles are summed."""
        for row, column, value in entries:
            self._entries.append((row + self.rows, column, np.asarray(value, dtype=np.float64)))
        self._lowest.append(np.asarray(lowest, dtype=np.float64))
        self._highest.append(np.asarray(highest, dtype=np.float64))
        self.rows += len(lowest)

    def add_row(self, columns: IntArray, values: IntArray | FloatArray, lowest: float, highest: float) -> None:
        """One row; whole values lose their common divisor first, which keeps the arithmetic of the solver sharp."""
        self.add_rows([(np.zeros_like(columns), columns, values)], np.array([lowest]), np.array([highest]))

    def minimise(self, columns: IntArray, cost: IntArray | FloatArray, *, seconds: float, gap: float = 0.0) -> Answer:
        """The cheapest solution found in time, and the bound shown for it."""
        return self._answer(columns, cost, np.concatenate([*self.whole, np.zeros(0)]), seconds, gap)

    def relaxed(self, columns: IntArray, cost: IntArray | FloatArray, *, seconds: float) -> float:
        """A bound on the cost, found quickly since columns need not be whole; minus infinity if not even that in time."""
        return self._answer(columns, cost, np.zeros(self.columns), seconds, 0.0).bound

    def _answer(self, columns: IntArray, cost: IntArray | FloatArray, whole: FloatArray, seconds: float, gap: float) -> Answer:
        # Nearly a second of every command's start otherwise.
        from scipy import optimize

        if seconds <= 0:
            return Answer(None, -math.inf)
        if self.columns == 0:
            empty = (np.concatenate(self._lowest) <= 0).all() and (np.concatenate(self._highest) >= 0).all()
            return Answer(np.zeros(0), 0.0) if empty else Answer(None, -math.inf, infeasible=True)
        scale = _divisor(cost)
        costs = np.zeros(self.columns)
        np.add.at(costs, columns, np.asarray(cost, dtype=np.float64) / scale)
        result = optimize.milp(
            costs,
            integrality=whole,
            bounds=optimize.Bounds(np.zeros(self.columns), np.concatenate(self.upper)),
            constraints=optimize.LinearConstraint(self._matrix(), np.concatenate(self._lowest), np.concatenate(self._highest)),
            # Presolve of the HiGHS in SciPy 1.17 calls values the least that are not (`test_program.py` has one), and it
            # saves no time here.
            options={"time_limit": seconds, "mip_rel_gap": gap, "presolve": False},
        )
        bound = result.get("mip_dual_bound") if whole.any() else result.fun if result.status == OPTIMAL else None
        known = -math.inf if bound is None or not math.isfinite(bound) else float(bound) * scale
        return Answer(result.x, known, result.status == INFEASIBLE)

    def _matrix(self) -> sparse.csr_array:
        from scipy import sparse

        rows, columns, values = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        return sparse.csr_array(sparse.coo_array((values, (rows, columns)), shape=(self.rows, self.columns)))


def _divisor(values: IntArray | FloatArray) -> int:
    """Greatest common divisor of whole numbers; 1 for others."""
    if not np.issubdtype(values.dtype, np.integer):
        return 1
    return int(np.gcd.reduce(values)) or 1 if len(values) else 1
