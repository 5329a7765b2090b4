"""Numbers and lists as a person reads them."""

from __future__ import annotations

import math
from collections.abc import Sequence

_UNITS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def lr_in_words(log10_lr: float) -> str:
    """A likelihood ratio to two figures: "3.2 million", "12,000", "1 in 250", "2 × 10^17"; below 1 as "1 in" so many."""
    if math.isnan(log10_lr):
        return "undefined"
    if math.isinf(log10_lr):
        return "infinite" if log10_lr > 0 else "0"
    if log10_lr < 0:
        inverse = lr_in_words(-log10_lr)
        return inverse if inverse == "1" else f"1 in {inverse}"
    exponent = math.floor(log10_lr)
    mantissa = round(10 ** (log10_lr - exponent), 1)
    if mantissa >= 10:
        mantissa, exponent = 1.0, exponent + 1
    if exponent >= 15:
        whole = round(mantissa)
        return f"10^{exponent + (whole == 10)}" if whole in (1, 10) else f"{whole} × 10^{exponent}"
    value = mantissa * 10.0**exponent
    for unit, name in _UNITS:
        if value >= unit:
            return f"{_plain(value / unit)} {name}"
    return _plain(value)


def _plain(value: float) -> str:
    return f"{value:.2g}" if round(value, 1) < 10 else f"{value:,.0f}"


def log_text(value: float, digits: int = 2) -> str:
    """A logarithm; "-0.00" as 0."""
    if not math.isfinite(value):
        return str(value)
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def printable(text: str) -> str:
    """A stranger's text on one line, without anything that would steer the terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def counted(n: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 family", "1,200 families"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listed(items: Sequence[str], most: int = 8) -> str:
    """Items parted by commas, the rest as a number."""
    shown = ", ".join(printable(item) for item in items[:most])
    return shown if len(items) <= most else f"{shown} and {len(items) - most:,} more"


def share_text(p: float, rest: float | None = None) -> str:
    """A probability in percent; close to either end as far as it goes. `rest`: 1 - p, where it is known with more digits."""
    rest = 1 - p if rest is None else rest
    if 0 < p < 5e-4:
        return f"{p:.1e}"
    if 0 < rest < 5e-4:
        return f"1 - {rest:.1e}"
    return f"{p:.1%}" if math.isfinite(p) else str(p)
