"""Numbers as each language writes them, never rounded up to certainty."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.casework.matching.report.numbers import Numbers

EN, ZH, VI = Numbers("en"), Numbers("zh-hans"), Numbers("vi")


def seen(*texts: str) -> tuple[str, ...]:
    """As a reader sees them: a blank at which no line is broken is a blank."""
    assert all(" " not in text.removeprefix("> ") for text in texts)
    return tuple(text.replace("\u00a0", " ") for text in texts)


def test_signs_are_those_of_the_language() -> None:
    assert (EN.whole(1_234_567), ZH.whole(1_234_567), VI.whole(1_234_567)) == ("1,234,567", "1,234,567", "1.234.567")
    assert (EN.decimal(-1234.567), VI.decimal(-1234.567)) == ("−1,234.57", "−1.234,57")
    assert (EN.decimal(-0.001), EN.decimal(math.inf), EN.decimal(-math.inf)) == ("0.00", "∞", "−∞")
    assert seen(EN.short(0.0005), VI.short(0.0005), EN.short(1e-6)) == ("0.0005", "0,0005", "1 × 10⁻⁶")


@pytest.mark.parametrize(
    ("log10", "en", "vi"),
    [
        (8.6232, "4.20 × 10⁸", "4,20 × 10⁸"),
        (-5.5, "3.16 × 10⁻⁶", "3,16 × 10⁻⁶"),
        (8.99999, "1.00 × 10⁹", "1,00 × 10⁹"),
        (4.0, "10,000", "10.000"),
        (0.0, "1.00", "1,00"),
        (-1.0, "0.100", "0,100"),
        (-math.inf, "0", "0"),
    ],
)
def test_ratios(log10: float, en: str, vi: str) -> None:
    assert seen(EN.scientific(log10), VI.scientific(log10)) == (en, vi)


def test_ratios_in_words() -> None:
    value = math.log10(182_400_000)
    assert seen(EN.lr_in_words(value), ZH.lr_in_words(value), VI.lr_in_words(value)) == ("182 million", "1.82亿", "182 triệu")
    assert seen(EN.lr_in_words(20.0), EN.lr_in_words(0.0), ZH.lr_in_words(13.0)) == ("1.00 × 10²⁰", "1.00", "10.0万亿")
    assert seen(EN.lr_in_words(4.0), ZH.lr_in_words(4.0), VI.lr_in_words(9.5)) == ("10,000", "1.00万", "3,16 tỷ")


@pytest.mark.parametrize(
    ("p", "told"),
    [
        (0.5, "50 %"),
        (0.99987654, "99.987 %"),
        (1 - 2.5e-7, "99.999975 %"),
        (1.0, "> 99.99999999 %"),
        (5e-7, "5.0 × 10⁻⁷"),
        (0.0, "0"),
        (0.9999, "99.99 %"),
    ],
)
def test_probabilities(p: float, told: str) -> None:
    assert seen(EN.probability(p)) == (told,)


@given(st.floats(min_value=1e-3, max_value=1.0))
def test_no_probability_is_told_as_more_than_it_is(p: float) -> None:
    (told,) = seen(EN.probability(p))
    assert told != "100 %"
    assert float(told.removeprefix("> ").removesuffix(" %")) / 100 <= p + 1e-15


def test_days_and_moments() -> None:
    day = date(2026, 11, 6)
    assert (EN.day(day), ZH.day(day), VI.day(day)) == ("6 November 2026", "2026年11月6日", "ngày 6 tháng 11 năm 2026")
    late = datetime(2026, 11, 6, 23, 5, tzinfo=timezone(-timedelta(hours=3, minutes=30)))
    assert EN.moment(late) == "2026-11-06 23:05 (UTC-03:30)"
