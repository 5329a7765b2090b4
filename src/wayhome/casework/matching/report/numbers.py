"""Numbers and days as each language writes them; nothing depends on the machine's own settings."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal

_MARKS = {"vi": (".", ",")}
"""language -> sign between thousands, decimal sign; elsewhere comma and point"""
_UNITS = {
    "en": ((12, "trillion"), (9, "billion"), (6, "million")),
    "zh-hans": ((12, "万亿"), (8, "亿"), (4, "万")),
    "vi": ((12, "nghìn tỷ"), (9, "tỷ"), (6, "triệu")),
}
_DAYS = {"en": "{day} {month} {year}", "zh-hans": "{year}年{number}月{day}日", "vi": "ngày {day} tháng {number} năm {year}"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_FARTHEST = 15.65
"""log10 odds of the last probability that a float tells from one."""
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_NEAR = 12
"""Digits of a percentage at most: a float knows no more of a probability close to one."""


class Numbers:
    """How one language writes numbers."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._thousands, self._decimal = _MARKS.get(language, (",", "."))

    def plain(self, text: str) -> str:
        """A number as Python writes it, in this language."""
        marks = str.maketrans({",": self._thousands, ".": self._decimal, "-": "−"})
        return text.translate(marks)

    def whole(self, value: int) -> str:
        """ "1,000,000" """
        return self.plain(f"{value:,d}")

    def decimal(self, value: float, digits: int = 2) -> str:
        """ "3.14"; -0 as 0, infinities as signs."""
        if not math.isfinite(value):
            return "∞" if value > 0 else "−∞"
        text = f"{value:,.{digits}f}"
        return self.plain(text.removeprefix("-") if float(text.replace(",", "")) == 0 else text)

    def short(self, value: float) -> str:
        """As few digits as tell it: "0.01", "0.0005", "1 × 10⁻⁶"."""
        text = f"{value:g}"
        mantissa, e, exponent = text.partition("e")
        return self._power(mantissa, int(exponent)) if e else self.plain(text)

    def scientific(self, log10: float, digits: int = 2) -> str:
        """ "4.20 × 10⁸" from a logarithm; between 0.001 and 100,000 as a plain number with three figures."""
        if log10 == -math.inf:
            return "0"
        if not math.isfinite(log10):
            return "∞"
        if -3 <= log10 < 5:
            value = 10**log10
            figures = max(0, digits - math.floor(log10))
            return self.plain(f"{value:,.{figures}f}")
        exponent = math.floor(log10)
        mantissa = round(10 ** (log10 - exponent), digits)
        if mantissa >= 10:
            mantissa, exponent = mantissa / 10, exponent + 1
        return self._power(f"{mantissa:.{digits}f}", exponent)

    def probability(self, p: float) -> str:
        """A small one as a power of ten, others as a percentage that is never rounded up to certainty."""
        if p == 0:
            return "0"
        if p < 1e-3:
            return self.scientific(math.log10(p), 1)
        rest = 1 - p
        if rest < 10.0 ** -(_NEAR - 2):
            return f"> {self.plain('99.' + '9' * (_NEAR - 4))}\u00a0%"
        digits = 2 if rest > 1e-3 else math.ceil(-math.log10(rest)) - 1
        share = (Decimal(repr(float(p))) * 100).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_DOWN)
        text = f"{share:f}"
        return f"{self.plain(text.rstrip('0').rstrip('.') if '.' in text else text)}\u00a0%"

    def lr_in_words(self, log10: float) -> str:
        """ "4.2 million", "4.2亿", "420 triệu"; beyond the units' reach as a power of ten. For an LR of one or more."""
        value = 10.0**log10
        for power, unit in _UNITS[self.language]:
            if 10.0**power <= value < 10.0 ** (15 if power == 12 else 12):
                share = value / 10.0**power
                digits = 0 if share >= 100 else 1 if share >= 10 else 2
                joint = "" if self.language == "zh-hans" else "\u00a0"
                return f"{self.plain(f'{share:,.{digits}f}')}{joint}{unit}"
        return self.scientific(log10)

    def day(self, value: date) -> str:
        """ "26 November 2026" """
        return _DAYS[self.language].format(day=value.day, month=_MONTHS[value.month - 1], number=value.month, year=value.year)

    def moment(self, value: datetime) -> str:
        """To the minute, with its offset from UTC."""
        offset = value.strftime("%z")
        return f"{value:%Y-%m-%d %H:%M} (UTC{offset[:3]}:{offset[3:5]})"

    def _power(self, mantissa: str, exponent: int) -> str:
        return f"{self.plain(mantissa)}\u00a0×\u00a010{str(exponent).translate(_RAISED)}"


def log_odds(p: float, before: float, log10_lr: float) -> float:
    """log10 odds of a posterior, within what can be drawn; where p is one as far as a float can tell, from the LR."""
    if p >= 1:
        return max(min(before + log10_lr, 60.0), _FARTHEST) if math.isfinite(log10_lr) else _FARTHEST
    if p <= 0:
        return min(before, -_FARTHEST)
    return max(math.log10(p) - math.log10(1 - p), -60.0)
