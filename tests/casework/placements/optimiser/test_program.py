"""The solver is asked in a way in which it tells the truth."""

from __future__ import annotations

import math

import numpy as np

from wayhome.casework.placements.optimiser.program import Program

HIDDEN, SHOWN = (0, 1, 3, 5), {2: 0, 4: 16}


def test_the_least_of_cells_that_nothing_tells_apart() -> None:
    """Three tables that grow: of four cells of the first, each at least 1, the sum is 9, so each may be 1. With presolve the
    solver in SciPy 1.17 says 3 for the last, and that this is proven."""
    for cell in HIDDEN:
        program = Program()
        at = program.add_columns(np.full(18, 27)).reshape(3, 6)
        for version, total in enumerate((25, 25, 27)):
            program.add_row(at[version], np.ones(6), total, total)
            if version < 2:
                program.add_row(at[version][list(HIDDEN)], np.ones(4), 9, 9)
                for k in range(6):
                    least, most = (1, math.inf) if k in HIDDEN else (SHOWN[k], SHOWN[k])
                    program.add_row(at[version][[k]], np.ones(1), least, most)
            if version:
                for k in range(6):
                    program.add_row(np.array([at[version][k], at[version - 1][k]]), np.array([1, -1]), 0, math.inf)
        answer = program.minimise(np.array([at[0][cell]]), np.array([1]), seconds=10)
        assert answer.values is not None
        assert round(answer.values[at[0][cell]]) == 1, cell
        assert answer.bound <= 1
