"""Where in their rows the tokens stand: least squares under the order of the rows.

The energy asks that joints lie over the middle of the children and between the partners, and that the picture is compact; tokens
keep their distances. Distances in a row are projected exactly by isotonic regression, and the whole is convex, so that
accelerated projected gradients (Beck & Teboulle 2009, SIAM J Imaging Sci 2:183-202) find the one answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from wayhome.kinship.arrays import FloatArray
from wayhome.kinship.pedigrees.drawing.chart import Chart

Term = tuple[float, dict[int, float], float]
"""weight, coefficients, what their sum should be"""

LINE_GAP = 12
"""Pixels between two lines that run down side by side."""
STRANGERS = 14
"""Pixels more between neighbours who are neither siblings nor partners."""
STRAIGHT = 5
"""Pixels that a child may be aside for the line to run straight."""
_STEPS = 600


def placed(chart: Chart, rows: Sequence[Sequence[int]], slot: int) -> list[int]:
    """x of every token, whole pixels.

    Parameters
    ----------
    slot : even; the least distance of two symbols.
    """
    families = _families(chart)
    gaps = [[_gap(chart, a, b, slot, families) for a, b in pairwise(row)] for row in rows]
    x = np.zeros(len(chart.tokens))
    for row, gap in zip(rows, gaps, strict=True):
        x[list(row)] = np.concatenate([[0.0], np.cumsum(gap)]) - sum(gap) / 2
    terms = list(_terms(chart, rows, gaps))
    matrix, target = np.zeros((len(terms), len(x))), np.zeros(len(terms))
    for k, (weight, coefficients, sought) in enumerate(terms):
        for token, coefficient in coefficients.items():
            matrix[k, token] += weight**0.5 * coefficient
        target[k] = weight**0.5 * sought
    x = _descended(x, matrix.T @ matrix, matrix.T @ target, rows, gaps)
    # Away from halves and thirds, on which symmetric families fall, so that rounding does not hang on the last digit.
    whole = [int(v) for v in np.floor(x + 0.637)]
    for row, gap in zip(rows, gaps, strict=True):
        for (a, b), least in zip(pairwise(row), gap, strict=True):
            whole[b] = max(whole[b], whole[a] + least)
    # From below, so that a line through several rows is one straight line.
    for drop in sorted(chart.drops, key=lambda drop: -chart.tokens[drop.start].row):
        near = min((whole[top] for top in drop.tops), key=lambda at: abs(at - whole[drop.start]))
        if chart.tokens[drop.start].kind != "symbol" and abs(near - whole[drop.start]) <= STRAIGHT:
            whole[drop.start] = near
    # And from above, where the line begins below a symbol, which cannot give way.
    for drop in sorted(chart.drops, key=lambda drop: chart.tokens[drop.start].row):
        for top in drop.tops:
            if chart.tokens[top].kind == "pass" and abs(whole[top] - whole[drop.start]) <= STRAIGHT:
                whole[top] = whole[drop.start]
    return whole


def _families(chart: Chart) -> dict[int, set[object]]:
    """token -> their parents, and the unions they belong to as parents themselves."""
    families: dict[int, set[object]] = {token: set() for token in range(len(chart.tokens))}
    for number, union in enumerate(chart.unions):
        for node in union.parents:
            families[chart.symbol[node]].add(number)
        for node in union.children:
            families[chart.symbol[node]].update(union.parents)
    return families


def _gap(chart: Chart, a: int, b: int, slot: int, families: dict[int, set[object]]) -> int:
    symbols = (chart.tokens[a].kind == "symbol") + (chart.tokens[b].kind == "symbol")
    if symbols == 2:
        return slot + (0 if families[a] & families[b] else STRANGERS)
    return slot // 2 if symbols else LINE_GAP


def _terms(chart: Chart, rows: Sequence[Sequence[int]], gaps: Sequence[Sequence[int]]) -> Iterator[Term]:
    for row, gap in zip(rows, gaps, strict=True):
        for (a, b), least in zip(pairwise(row), gap, strict=True):
            yield 0.01, {b: 1.0, a: -1.0}, least
    for drop in chart.drops:
        share = 1 / len(drop.tops)
        if chart.unions[drop.union].kind == "tie":
            yield 0.02, {drop.start: 1.0, drop.tops[0]: -1.0}, 0.0
            continue
        yield 1.0, {drop.start: 1.0, **dict.fromkeys(drop.tops, -share)}, 0.0
        for top in drop.tops:
            yield 0.01, {drop.start: 1.0, top: -1.0}, 0.0
    for number, union in enumerate(chart.unions):
        joint = chart.joint[number]
        parents = [chart.symbol[node] for node in union.parents]
        if joint in parents:
            continue
        row = rows[chart.tokens[joint].row]
        a, b = sorted((row.index(parents[0]), row.index(parents[-1])))
        if any(chart.tokens[token].kind == "symbol" for token in row[a + 1 : b]):
            a = b  # They stand apart, and the joint is beside the one to the right.
        yield 0.06 if a != b else 0.02, {joint: 1.0, **_shares(row[a], row[b])}, 0.0


def _shares(a: int, b: int) -> dict[int, float]:
    return {a: -1.0} if a == b else {a: -0.5, b: -0.5}


def _descended(
    x: FloatArray, hessian: FloatArray, pull: FloatArray, rows: Sequence[Sequence[int]], gaps: Sequence[Sequence[int]]
) -> FloatArray:
    offsets = [np.concatenate([[0.0], np.cumsum(gap)]) for gap in gaps]
    steepest = float(np.abs(hessian).sum(axis=1).max())
    if steepest == 0:
        return x
    ahead, momentum = x, 1.0
    for _ in range(_STEPS):
        new = ahead - (hessian @ ahead - pull) / steepest
        for row, offset in zip(rows, offsets, strict=True):
            where = list(row)
            new[where] = _isotonic(new[where] - offset) + offset
        if float(np.abs(new - x).max()) < 1e-4:
            return new
        if float((ahead - new) @ (new - x)) > 0:
            momentum = 1.0  # Overshot: O'Donoghue & Candes (2015), Found Comput Math 15:715-732.
        later = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = new + (momentum - 1) / later * (new - x)
        x, momentum = new, later
    return x


def _isotonic(values: FloatArray) -> FloatArray:
    """The nearest sequence that does not fall (pool adjacent violators)."""
    blocks: list[tuple[float, int]] = []
    for value in values.tolist():
        total, count = value, 1
        while blocks and blocks[-1][0] * count > total * blocks[-1][1]:
            more, others = blocks.pop()
            total, count = total + more, count + others
        blocks.append((total, count))
    return np.concatenate([np.full(count, total / count) for total, count in blocks])
