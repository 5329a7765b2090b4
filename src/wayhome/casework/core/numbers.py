"""Numbers that are read aloud, typed at night and printed on a wristband: digits with a check digit.

The check digit is Damm's (H. M. Damm, Total anti-symmetrische Quasigruppen, Marburg 2004, page 111): any wrong digit and any
exchange of neighbours is found.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable

_TABLE = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
LENGTH = 9
"""Digits of a number, its check digit included."""


def check_digit(digits: str) -> str:
    """Check digit of a row of digits."""
    state = 0
    for digit in digits:
        state = int(_TABLE[state][int(digit)])
    return str(state)


def new_number() -> str:
    """A number that tells nothing: neither how many there are nor which came before.

    >>> is_number(new_number())
    True
    """
    digits = "".join(secrets.choice("0123456789") for _ in range(LENGTH - 1))
    return digits + check_digit(digits)


def free_number(taken: Callable[[int], bool]) -> int:
    """One that nothing has yet, and not 0.

    >>> 0 < free_number(lambda number: number % 2 == 1) < 10**9
    True
    """
    while (number := int(new_number())) == 0 or taken(number):
        pass
    return number


def plain_number(typed: str) -> str:
    """What was typed or scanned, without blanks and hyphens of any kind, full-width digits as plain ones.

    >>> plain_number("WH 123-456 789"), plain_number("１２３\u2013４５６\u3000７８９")
    ('123456789', '123456789')
    """
    plain = unicodedata.normalize("NFKC", typed)
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) not in ("Pd", "Cf")).upper().removeprefix("WH")


def is_number(typed: str) -> bool:
    """Whether what was typed is a number without a slip."""
    digits = plain_number(typed)
    return len(digits) == LENGTH and digits.isascii() and digits.isdigit() and check_digit(digits[:-1]) == digits[-1]


def grouped(number: str) -> str:
    """As it is printed: "123 456 789"."""
    return " ".join(number[i : i + 3] for i in range(0, len(number), 3))
