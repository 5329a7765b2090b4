"""Forty made-up clues from six provinces in three languages: some are of one ring, most are not, and twelve name Dongxing.

What the same person, telephone or car is called differs from clue to clue, as it does where people tell it. A bus company's
telephone stands in clues of the ring and in others. Which clues are the ring's is told apart from them, for whoever counts
afterwards.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wayhome.casework.clues.rules import Relation, Told

PROVINCES = ("GX", "GD", "HA", "SX", "YN", "FJ")
RING, ALL, IN_DONGXING = 16, 40, 12
BUS = "0770 7654321"
SHARED_APART = "13603710099"
"""A telephone of one clue in Henan and one in Shanxi, who are not of the ring."""
_DONGXING = ("东兴市", "东兴", "Đông Hưng", "Dongxing")
_ELSEWHERE = ("钦州市", "河口县", "南宁市", "漳州市", "Móng Cái", "Zhengzhou", "太原市", "湛江市")
_PEOPLE = (
    ("黎氏梅", "Lê Thị Mai", "Le Thi Mai"),
    ("韦德发", "Wei Defa", "Wei De Fa"),
    ("阮文雄", "Nguyễn Văn Hùng", "Nguyen Van Hung"),
    ("莫桂珍", "Mo Guizhen", "Mo Gui Zhen"),
    ("范氏兰", "Phạm Thị Lan", "Pham Thi Lan"),
)
_PHONES = ("13807712044", "13977012345", "15878881601", "18277090311", "13507764420")
_CARS = ("桂P12345", "桂A88K21", "粤G7T300")
_ACCOUNTS = ("6222021107150001", "6228480851234567")
_COMMON = (("王芳", "Wang Fang"), ("张伟", "Zhang Wei"), ("阮氏花", "Nguyễn Thị Hoa"), ("李娜", "Li Na"), ("陈强", "Chen Qiang"))
_WORDS = {"zh": "有人看见{}", "vi": "Có người thấy {}", "en": "Somebody saw {}"}
_BEGIN = date(2011, 2, 10)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A clue to be taken down."""

    province: str
    language: str
    text: str
    speaks_of: tuple[Told, ...]
    relations: tuple[Relation, ...]


def forty(seed: int) -> tuple[list[MadeUp], frozenset[int]]:
    """The clues, and the places in this list of those that are of the ring."""
    dice = random.Random(seed)
    kinds = [True] * RING + [False] * (ALL - RING)
    dice.shuffle(kinds)
    ring = [i for i, of_ring in enumerate(kinds) if of_ring]
    others = [i for i, of_ring in enumerate(kinds) if not of_ring]
    dongxing = {*dice.sample(ring, 8), *dice.sample(others, IN_DONGXING - 8)}
    bus = {*dice.sample(ring, 3), *dice.sample(others, 9)}
    apart = dict(zip(dice.sample(sorted(set(others) - bus - dongxing), 2), ("HA", "SX"), strict=True))
    made = []
    for i, of_ring in enumerate(kinds):
        told = _of_ring(dice) if of_ring else _of_others(dice)
        if i in apart:
            told.append(Told("phone", [("phone", _spelt(dice, SHARED_APART))]))
        if i in bus:
            told.append(Told("phone", [("phone", BUS)]))
        place = dice.choice(_DONGXING if i in dongxing else _ELSEWHERE)
        told.append(Told("place", [("place", place)]))
        on = _BEGIN + timedelta(days=dice.randrange(150))
        language = dice.choice(sorted(_WORDS))
        made.append(
            MadeUp(
                apart.get(i) or dice.choice(PROVINCES),
                language,
                _WORDS[language].format(", ".join(one.facts[0][1] for one in told)),
                tuple(told),
                (Relation(0, "seen_at", len(told) - 1, on=on),),
            )
        )
    return made, frozenset(ring)


def _of_ring(dice: random.Random) -> list[Told]:
    """Two or three of what the ring has, spelt as it comes, beside the name of one of them."""
    facts = [("name", _slip(dice, dice.choice(dice.choice(_PEOPLE))))]
    hard: list[tuple[str, str]] = [
        *(("phone", _spelt(dice, one)) for one in _PHONES),
        *(("vehicle", _plate(dice, one)) for one in _CARS),
        *(("account", _spaced(one)) for one in _ACCOUNTS),
    ]
    return [Told("person", facts), *(Told(kind, [(kind, value)]) for kind, value in dice.sample(hard, dice.choice((2, 2, 3))))]


def _of_others(dice: random.Random) -> list[Told]:
    """Somebody with a name that many have, and what nobody else has."""
    number = f"1{dice.choice('3589')}{dice.randrange(10**9):09d}"
    told = [Told("person", [("name", dice.choice(dice.choice(_COMMON)))]), Told("phone", [("phone", number)])]
    if dice.random() < 0.5:
        plate = f"{dice.choice('桂粤豫晋云闽')}{dice.choice('ABCD')}{dice.randrange(10**5):05d}"
        told.append(Told("vehicle", [("vehicle", plate)]))
    return told


def _slip(dice: random.Random, name: str) -> str:
    """A letter left out now and then, of names in letters."""
    if name.isascii() and len(name) > 8 and dice.random() < 0.3:
        at = dice.randrange(2, len(name) - 1)
        return name[:at] + name[at + 1 :]
    return name


def _spelt(dice: random.Random, number: str) -> str:
    grouped = f"{number[:3]} {number[3:7]} {number[7:]}"
    return dice.choice((number, grouped, grouped.replace(" ", "-"), f"+86 {number}", _wide(number)))


def _plate(dice: random.Random, plate: str) -> str:
    return dice.choice((plate, f"{plate[:2]}·{plate[2:]}", plate.lower(), f"{plate[:2]} {plate[2:]}"))


def _spaced(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


def naming(made: Sequence[MadeUp], places: Sequence[str] = _DONGXING) -> int:
    """How many of them name one of these places."""
    return sum(any(fact == ("place", place) for place in places for told in one.speaks_of for fact in told.facts) for one in made)
