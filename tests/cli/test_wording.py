from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.cli.answers import number
from wayhome.cli.wording import counted, listed, log_text, lr_in_words, printable


@pytest.mark.parametrize(
    ("lr", "words"),
    [
        (1, "1"),
        (1.26, "1.3"),
        (9.96, "10"),
        (250, "250"),
        (12_345, "12,000"),
        (999_999, "1 million"),
        (3_200_000, "3.2 million"),
        (4.35e9, "4.3 billion"),
        (9.99e14, "10^15"),
        (7.0e14, "700 trillion"),
        (2.4e17, "2 × 10^17"),
        (1.2e16, "10^16"),
        (9.6e17, "10^18"),
        (0.004, "1 in 250"),
        (1 / 1.04, "1"),
        (1e-17, "1 in 10^17"),
        (math.inf, "infinite"),
    ],
)
def test_an_lr_in_words(lr: float, words: str) -> None:
    assert lr_in_words(math.log10(lr) if math.isfinite(lr) else lr) == words


def test_an_impossible_lr() -> None:
    assert lr_in_words(-math.inf) == "0"
    assert lr_in_words(math.nan) == "undefined"


@given(st.floats(-300, 300))
def test_words_are_near_the_number(log10_lr: float) -> None:
    text = lr_in_words(abs(log10_lr)).replace(",", "")
    for unit, zeros in (("trillion", 12), ("billion", 9), ("million", 6)):
        if text.endswith(unit):
            text = f"{text.removesuffix(unit).strip()}e{zeros}"
    mantissa, power, exponent = text.rpartition("10^")
    told = float(mantissa.removesuffix(" × ") or 1) * 10.0 ** int(exponent) if power else float(text)
    assert math.log10(told) == pytest.approx(abs(log10_lr), abs=0.18)


def test_logarithms() -> None:
    assert [log_text(x) for x in (1.234, -0.001, -math.inf, math.nan)] == ["1.23", "0.00", "-inf", "nan"]


def test_strangers_text_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[31mb\n\u202ec\ud800") == "a�[31mb��c�"


def test_counts_and_lists() -> None:
    assert counted(1, "family", "families") == "1 family"
    assert counted(1200, "child", "children") == "1,200 children"
    assert counted(2, "locus", "loci") == "2 loci"
    assert listed(["a", "b", "c"], 2) == "a, b and 1 more"


def test_numbers_that_json_lacks_are_strings() -> None:
    assert [number(x) for x in (-math.inf, math.inf, math.nan, 0.1)] == ["-inf", "inf", "nan", 0.1]
