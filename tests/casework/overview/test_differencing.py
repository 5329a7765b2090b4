"""Somebody who has every version of an announcement, and knows the rules by which cells are hidden, solves for what is hidden."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from wayhome.casework.overview.rules.announced import NO_TABLE, K, Table, may_follow, table_of

PROVINCES = tuple("ABCDEF")
Version = tuple[int, Table | None]
"""Total, and the table that was new with it."""


@dataclass
class Attacker:
    """Unknown: children, or arrests, of each province at each version. Known: totals, tables, that none is negative; of children,
    that none goes away.
    """

    versions: list[Version]
    growing: bool

    def bounds(self, weights: dict[tuple[int, str], int]) -> tuple[int, int]:
        """The least and the greatest that a sum of unknowns can be."""
        cells = [(v, p) for v in range(len(self.versions)) for p in PROVINCES]
        at = {cell: k for k, cell in enumerate(cells)}
        rows, low, high = [], [], []

        def told(terms: dict[tuple[int, str], int], least: float, most: float) -> None:
            row = np.zeros(len(cells))
            for cell, weight in terms.items():
                row[at[cell]] = weight
            rows.append(row)
            low.append(least)
            high.append(most)

        for v, (total, table) in enumerate(self.versions):
            told({(v, p): 1 for p in PROVINCES}, total, total)
            if table is not None and table != NO_TABLE:
                told({(v, p): 1 for p in table.hidden}, table.rest, table.rest)
                for p in PROVINCES:
                    shown = table.shown.get(p, 0)
                    if p in table.hidden:
                        told({(v, p): 1}, 1, np.inf)
                    else:
                        told({(v, p): 1}, shown, shown)
            if self.growing and v:
                for p in PROVINCES:
                    told({(v, p): 1, (v - 1, p): -1}, 0, np.inf)
        target = np.zeros(len(cells))
        for cell, weight in weights.items():
            target[at[cell]] = weight
        found = []
        for sign in (1, -1):
            solved = milp(
                sign * target,
                constraints=LinearConstraint(np.array(rows), low, high),
                integrality=np.ones(len(cells)),
                bounds=Bounds(0, max(total for total, _ in self.versions)),
                # With it the solver calls bounds the best that are not: a tie among cells is enough.
                options={"presolve": False},
            )
            assert solved.success, solved.message
            found.append(round(sign * solved.fun))
        return found[0], found[1]


def history(chance: random.Random, versions: int, *, placed: bool = False) -> list[dict[str, int]]:
    """True children by province at each version, more and more; or arrests, `placed` elsewhere and counted no more, too."""
    cells = {p: chance.choice((0, 0, 1, 2, 3, 4, 5, 6, 9, 16)) for p in PROVINCES}
    told = [dict(cells)]
    for _ in range(versions - 1):
        for _ in range(chance.choice((0, 1, 1, 2))):
            cells[chance.choice(PROVINCES)] += chance.choice((1, 1, 2, 5, 6, 8))
        for _ in range(chance.choice((0, 1, 2)) if placed else 0):
            was, now = chance.choice(PROVINCES), chance.choice((*PROVINCES, None))
            n = min(cells[was], chance.choice((1, 1, 2, 3, 5, 7)))
            cells[was] -= n
            if now is not None:
                cells[now] += n
        told.append(dict(cells))
    return told


def published(truth: list[dict[str, int]]) -> Iterator[Version]:
    """What the rules let out of it."""
    last, held = NO_TABLE, False
    for cells in truth:
        new = table_of({p: n for p, n in cells.items() if n})
        if may_follow(last, new, held=held):
            yield sum(cells.values()), new
            last, held = new, False
        else:
            yield sum(cells.values()), None
            held = True


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("growing", [True, False])
def test_no_small_group_of_children_is_found(seed: int, growing: bool) -> None:
    nothing_is_found(history(random.Random(seed), 3), growing=growing)


@pytest.mark.parametrize("seed", range(40))
def test_no_small_group_of_arrests_is_found(seed: int) -> None:
    """Of which a later report says that they were made elsewhere, or were none."""
    nothing_is_found(history(random.Random(seed), 3, placed=True), growing=False)


def nothing_is_found(truth: list[dict[str, int]], *, growing: bool) -> None:
    versions = list(published(truth))
    attacker = Attacker(versions, growing)
    for v, (_, table) in enumerate(versions):
        for p in PROVINCES if table not in (None, NO_TABLE) else ():
            if 0 < truth[v][p] < K:
                least, most = attacker.bounds({(v, p): 1})
                assert least <= 1, (v, p, truth)
                assert most >= K - 1, (v, p, truth)
        for w in range(v):
            for p in PROVINCES:
                moved = truth[v][p] - truth[w][p]
                if 0 < abs(moved) < K:
                    sign = 1 if moved > 0 else -1
                    least, most = attacker.bounds({(v, p): sign, (w, p): -sign})
                    assert least <= 0 < most, (w, v, p, truth, versions)


def test_the_attacker_finds_what_is_badly_hidden() -> None:
    """Else it would find nothing anywhere."""
    alone = Attacker([(23, Table({"A": 20}, ("B",), 3))], growing=True)
    assert alone.bounds({(0, "B"): 1}) == (3, 3)
    moved = [(30, Table({"A": 20, "B": 10}, (), 0)), (31, Table({"A": 21, "B": 10}, (), 0))]
    assert Attacker(moved, growing=True).bounds({(1, "A"): 1, (0, "A"): -1}) == (1, 1)
    between = [(30, Table({"A": 20, "B": 10}, (), 0)), (32, None), (36, Table({"A": 26, "B": 10}, (), 0))]
    assert Attacker(between, growing=True).bounds({(1, "A"): 1, (0, "A"): -1}) == (2, 2)
    assert not may_follow(between[0][1], between[2][1], held=True)
    assert may_follow(between[0][1], between[2][1], held=False)


def test_tables() -> None:
    assert table_of({"A": 20, "B": 10}) == Table({"A": 20, "B": 10}, (), 0)
    assert table_of({"A": 20, "B": 9, "C": 3}) == Table({"A": 20}, ("B", "C"), 12)
    assert table_of({"A": 20, "B": 9, "C": 1, "D": 1, "E": 1}) == Table({"A": 20}, ("B", "C", "D", "E"), 12)
    assert table_of({"A": 20, "C": 3, "D": 2}) == Table({"A": 20}, ("C", "D"), 5)
    assert table_of({"A": 20}) == table_of({}) == table_of({"A": 1, "B": 1}) == NO_TABLE


def test_tables_are_published_at_all() -> None:
    """Rules that let nothing out would pass everything above."""
    out = how_many()
    assert out["first"] > 30
    assert out["later"] > 15
    assert out["held"] > 5
    out = how_many(placed=True)
    assert out["first"] > 30
    assert out["later"] > 5
    assert out["held"] > 5


def how_many(*, placed: bool = False) -> dict[str, int]:
    out = {"first": 0, "later": 0, "held": 0}
    for seed in range(40):
        for v, (_, table) in enumerate(published(history(random.Random(seed), 3, placed=placed))):
            out["held" if table is None else "first" if v == 0 else "later"] += table != NO_TABLE
    return out
