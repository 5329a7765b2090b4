"""A family's power as a picture: one SVG file, nothing else needed to show it.

Above, where the log10 LR of the missing child and of a stranger lie; below, what a threshold lets through and what it loses, on a
logarithmic scale, with the gates of the search. Both curves differ in dash as well as in colour, and the numbers are in the
description that screen readers read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from wayhome.kinship.arrays import FloatArray
from wayhome.kinship.decision.power import FamilyPower
from wayhome.kinship.decision.thresholds import Gates

WIDTH, HEIGHT = 760, 604
_LEFT, _RIGHT = 70, 24
_PANELS = ((100, 140), (352, 196))
"""Top and height of the two panels."""
_LOWEST = 1e-18

Points = Sequence[tuple[float, float]]


class _Panel:
    """Coordinates of one panel: data to pixels."""

    def __init__(self, which: int, x: tuple[float, float], y: tuple[float, float]) -> None:
        self.top, self.height = _PANELS[which]
        self.x, self.y = x, y

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Pixels of a point, kept inside the panel."""
        across = (min(max(x, self.x[0]), self.x[1]) - self.x[0]) / (self.x[1] - self.x[0])
        up = (min(max(y, self.y[0]), self.y[1]) - self.y[0]) / (self.y[1] - self.y[0])
        return _LEFT + across * (WIDTH - _LEFT - _RIGHT), self.top + self.height * (1 - up)

    def path(self, points: Points) -> str:
        """The points as a polygonal line."""
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (self.at(*point) for point in points))

    def grid(self, y_labels: Sequence[tuple[float, str]], title: str) -> Iterator[str]:
        """Frame, lines and labels."""
        bottom = self.top + self.height
        for value, label in y_labels:
            _, y = self.at(self.x[0], value)
            yield f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            yield f'<text class="small" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>'
        for tick in _ticks(*self.x):
            x, _ = self.at(tick, self.y[0])
            yield f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{bottom}" y2="{bottom + 5}"/>'
            yield f'<text class="small" x="{x:.1f}" y="{bottom + 19}" text-anchor="middle">{_minus(tick)}</text>'
        yield f'<line class="axis" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{bottom}" y2="{bottom}"/>'
        yield f'<text class="small" x="{WIDTH - _RIGHT}" y="{bottom + 36}" text-anchor="end">log10 LR</text>'
        yield f'<text class="title" x="{_LEFT}" y="{self.top - 34}">{escape(title)}</text>'

    def legend(self, *labels: tuple[str, str]) -> Iterator[str]:
        """(class of a curve, what it is), side by side above the panel."""
        x, y = _LEFT, self.top - 12
        for name, label in labels:
            yield f'<line class="curve {name}" x1="{x}" x2="{x + 30}" y1="{y - 4}" y2="{y - 4}"/>'
            yield f'<text class="small" x="{x + 38}" y="{y}">{escape(label)}</text>'
            x += 62 + 7 * len(label)


def power_svg(power: FamilyPower, gates: Gates | None = None) -> str:
    """The picture.

    Parameters
    ----------
    power : of one family.
    gates : drawn as vertical lines, where given.

    Returns
    -------
    str
        a whole SVG document.
    """
    return "\n".join(_document(power, gates)) + "\n"


def _document(power: FamilyPower, gates: Gates | None) -> Iterator[str]:
    name = escape(power.family)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        'aria-labelledby="title description">'
    )
    yield f'<title id="title">Power of the family {name}</title>'
    yield f'<desc id="description">{escape(_description(power, gates))}</desc>'
    yield (
        "<style>text{font-family:system-ui,'Noto Sans','DejaVu Sans',sans-serif;font-size:13px;fill:#1f2937}"
        ".small{font-size:12px}.title{font-size:14px;font-weight:600}.head{font-size:17px;font-weight:600}"
        ".on{paint-order:stroke;stroke:#fff;stroke-width:4px}.grid{stroke:#d1d5db}.axis{stroke:#1f2937}"
        ".curve{fill:none;stroke-width:2.5;stroke-linejoin:round}.true{stroke:#1d4ed8}.area.true{fill:#1d4ed8}"
        ".stranger{stroke:#b45309;stroke-dasharray:7 4}.area.stranger{fill:#b45309}.area{stroke:none;fill-opacity:.12}"
        ".gate{stroke:#1f2937;stroke-width:1.5;stroke-dasharray:2 3}</style>"
    )
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    loci = f"{len(power.loci)} loc{'us' if len(power.loci) == 1 else 'i'}"
    yield f'<text class="head" x="{_LEFT}" y="32">{name}: {loci}, {escape(power.population)}</text>'
    yield from _densities(power)
    yield from _tails(power, gates)
    yield "</svg>"


def _description(power: FamilyPower, gates: Gates | None) -> str:
    lr = power.lr
    told = [f"Median log10 LR of the missing child {lr.median:.1f}."]
    if lr.stranger_zero > 0:
        told.append(f"A stranger's LR is zero with probability {lr.stranger_zero:.3g}.")
    for gate, t in _gates(gates):
        told.append(
            f"At the {gate} gate, log10 LR {t:.1f}: reached by the missing child with probability {lr.true_above(t).value:.3g}, "
            f"by a stranger with {lr.stranger_above(t).value:.1e}."
        )
    return " ".join(told)


def _gates(gates: Gates | None) -> list[tuple[str, float]]:
    return [] if gates is None else [("lead", gates.lead), ("report", gates.report)]


def _densities(power: FamilyPower) -> Iterator[str]:
    possible = power.lr.stranger_possible
    curves = {"true": _curve(*power.lr.density(stranger=False))}
    if possible > 1e-3:
        curves["stranger"] = _curve(*power.lr.density(stranger=True))
    low, high = (pick(pick(x for x, _ in curve) for curve in curves.values()) for pick in (min, max))
    panel = _Panel(0, (low, max(high, low + 1e-3)), (0.0, 1.05 * max(y for curve in curves.values() for _, y in curve)))
    yield from panel.grid([], "Where the LR lies (probability density)")
    zero = f", LR zero but for {possible:.2g}" if possible < 0.9995 else ""
    yield from panel.legend(("true", "the missing child"), ("stranger", f"a stranger{zero}"))
    for name, curve in curves.items():
        line = panel.path(curve)
        first, last = panel.at(curve[0][0], 0.0), panel.at(curve[-1][0], 0.0)
        yield f'<path class="area {name}" d="{line}L{last[0]:.1f} {last[1]:.1f}L{first[0]:.1f} {first[1]:.1f}Z"/>'
        yield f'<path class="curve {name}" d="{line}"/>'


def _curve(x: FloatArray, y: FloatArray) -> Points:
    return [(float(a), float(b)) for a, b in zip(x, y, strict=True)] or [(0.0, 0.0)]


def _tails(power: FamilyPower, gates: Gates | None) -> Iterator[str]:
    lr = power.lr
    high = max(lr.highest, *(t for _, t in _gates(gates)), 1.0) + 0.5
    low = min(-2.0, lr.true_quantile(1e-3).value)
    panel = _Panel(1, (low, high), (math.log10(_LOWEST), 0.0))
    powers = (0, -3, -6, -9, -12, -15, -18)
    yield from panel.grid(
        [(p, f'10<tspan dy="-5" font-size="9">{_minus(p)}</tspan>' if p else "1") for p in powers],
        "What a threshold lets through",
    )
    across = [low + (high - low) * k / 240 for k in range(241)]
    yield from panel.legend(("true", "the missing child lies at or below it"), ("stranger", "a stranger lies above it"))
    for name, probability in (("stranger", lr.stranger_above), ("true", lr.true_below)):
        points = [(t, math.log10(p)) for t in across if (p := probability(t).value) > _LOWEST]
        if points:
            yield f'<path class="curve {name}" d="{panel.path(points)}"/>'
    for k, (gate, t) in enumerate(_gates(gates)):
        x, bottom = panel.at(t, panel.y[0])
        yield f'<line class="gate" x1="{x:.1f}" x2="{x:.1f}" y1="{panel.top}" y2="{bottom:.1f}"/>'
        yield (
            f'<text class="small on" x="{x + (-5 if k == 0 else 5):.1f}" y="{bottom - 8:.1f}" '
            f'text-anchor="{"end" if k == 0 else "start"}">{gate} {t:.1f}</text>'
        )


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers, some eight of them."""
    raw = max(high - low, 1e-9) / 8
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * k for k in (1, 2, 5, 10) if size * k >= raw)
    return [k * step for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _minus(value: float) -> str:
    """A number with a real minus."""
    return f"{value:g}".replace("-", "\u2212")
