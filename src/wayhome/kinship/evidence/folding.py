"""Names and places across scripts: hanzi, pinyin with or without tones, Vietnamese with or without diacritics, and others.

A text is folded to small Latin letters. pypinyin reads hanzi, tables what it misreads in surnames and places (data/names),
anyascii every other script, and rapidfuzz counts edits; all three are imported on first use. Folding is generous: what different
names have in common by it must be weighed by how common it is.
"""

from __future__ import annotations

import csv
import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources

from wayhome.kinship.errors import InputError

LONGEST = 200
"""Characters of a text that are read; what follows is no name."""

MOST_READINGS = 16
"""A text with several readings is folded in no more ways."""

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_RUN = re.compile(f"[{_HAN}]+")
_RUNS = re.compile(f"[{_HAN}]+|[^{_HAN}]+")
_UMLAUT = re.compile(r"(?<=l)(?:yu|v)|(?<=n)v(?![aeiou])")
"""Ways to type the u of lü and nü: lv, nv, lyu; folded to u. Not nyu, which is mostly an n before a syllable yu."""

_HAN_SUFFIX = re.compile("(?<=..)(?:(?:壮族|回族|维吾尔)?自治[区州县]|特别行政区|省|市|县|縣|区|區|州|盟|镇|鎮|乡|鄉|村)$")
_LAST_WORDS = frozenset(
    ["sheng", "shi", "xian", "qu", "zhen", "xiang", "cun", "province", "city", "county", "district", "prefecture", "town"]
)
_FIRST_WORDS = (["thanh", "pho"], ["thi", "xa"], ["tinh"], ["huyen"], ["quan"], ["xa"])


def fold(name: str, *, surname_first: bool = True) -> str:
    """A name in small Latin letters, without blanks, marks and tones; "" where it has no letters.

    Parameters
    ----------
    name : in any script or mix of scripts; the first `LONGEST` characters count.
    surname_first : read leading hanzi as a surname: 单 is "shan", not "dan".

    >>> fold("单雄信"), fold("Lǚ Bù"), fold("Nguyễn Thị Đào")
    ('shanxiongxin', 'lubu', 'nguyenthidao')
    """
    return next(iter(_readings(name, surname_first)), "")


@lru_cache(maxsize=65536)
def foldings(name: str) -> frozenset[str]:
    """Every folding of a personal name: other readings of its surname, the Vietnamese reading of its hanzi, and the surname last
    for first. Empty where it has no letters."""
    found = {*_readings(name, surname_first=True), *_sino_vietnamese(name)}
    words = words_of(name)
    if len(words) > 1:
        found.update(_umlauts("".join(words[k:] + words[:k])) for k in (1, len(words) - 1))
    return frozenset(found - {""})


def given_name(name: str) -> str:
    """The given name alone, folded: what follows a surname in hanzi, the longer of two words, or all words but the first."""
    text = plain(name)
    if _HAN_RUN.fullmatch(text):
        given = _read(text[2 if len(text) > 2 and text[:2] in _surnames() else 1 :])
    else:
        words = words_of(name)
        given = max(reversed(words), key=len) if len(words) == 2 else "".join(words[1:])
    return _umlauts(given)


def without_middle(name: str) -> str:
    """The name without a Vietnamese "thị" or "văn" in the middle, often left out; else the name itself."""
    text = plain(name)
    if _HAN_RUN.fullmatch(text):
        return text[0] + text[2:] if len(text) > 2 and text[1] in "氏文" else text
    words = words_of(name)
    return " ".join(words[:1] + words[2:]) if len(words) > 2 and words[1] in ("thi", "van") else text


def fold_place(name: str) -> str:
    """A place folded likewise, without the word for province, city, county and the like, so far as a name remains.

    >>> fold_place("广西壮族自治区") == fold_place("Guangxi"), fold_place("Tỉnh Quảng Ninh"), fold_place("单县")
    (True, 'quangninh', 'shanxian')
    """
    text = plain(name)
    if _HAN_RUN.fullmatch(text):
        text = _HAN_SUFFIX.sub("", text)
        return _places().get(text) or fold(text, surname_first=False)
    words = words_of(name)
    while len(words) > 1 and words[-1] in _LAST_WORDS and not _county_of_one_syllable(words):
        words.pop()
    for first in _FIRST_WORDS:
        if words[: len(first)] == first and len(words) > len(first):
            del words[: len(first)]
            break
    return _umlauts("".join(words))


def likeness(one: str, other: str) -> float:
    """How alike two foldings are written, 0..1: one minus edits (exchanging neighbours is one) over the longer length."""
    from rapidfuzz.distance import OSA

    return float(OSA.normalized_similarity(one, other))


def plain(name: str) -> str:
    """Compatibility forms resolved, case folded, cut to `LONGEST`, blanks around it dropped; InputError for what is no text."""
    if not isinstance(name, str):
        raise InputError(f"{name!r} is no name", "Give a text", field="name")
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name[:LONGEST]).casefold()).strip()


def words_of(name: str) -> list[str]:
    """The words of a text, each in small Latin letters; a run of hanzi is one word."""
    found: list[str] = []
    for i, run in enumerate(_RUNS.findall(plain(name))):
        found += _pinyin(run, surname_first=i == 0)[:1] if _HAN_RUN.fullmatch(run) else _latin(run).split()
    return [word for word in found if word]


def _readings(name: str, surname_first: bool) -> list[str]:
    """Foldings of a text as it stands, the usual reading first."""
    ways = [
        _pinyin(run, surname_first and i == 0) if _HAN_RUN.fullmatch(run) else [_latin(run).replace(" ", "")]
        for i, run in enumerate(_RUNS.findall(plain(name)))
    ]
    joined = ("".join(parts) for parts in itertools.islice(itertools.product(*ways), MOST_READINGS))
    return [folded for folded in dict.fromkeys(map(_umlauts, joined)) if folded]


def _latin(text: str) -> str:
    """Small Latin letters with single blanks between words; tone digits, marks and symbols dropped."""
    from anyascii import anyascii

    # Apostrophes, points and tone digits stand inside words (Xi'an, wang2); all else that is no letter parts them.
    letters = "".join(
        character if category[0] in "LM" else "" if category == "Nd" or character in "'’`·.:" else " "
        for character, category in ((character, unicodedata.category(character)) for character in text)
    )
    return " ".join(re.sub("[^a-z ]", "", anyascii(unicodedata.normalize("NFC", letters)).casefold()).split())


def _umlauts(folded: str) -> str:
    return _UMLAUT.sub("u", folded)


def _pinyin(run: str, surname_first: bool) -> list[str]:
    """Readings of a run of hanzi without tones, the usual one first."""
    if surname_first:
        for length in (2, 1):
            if readings := _surnames().get(run[:length]):
                rest = _read(run[length:])
                return [reading + rest for reading in readings]
    return [_read(run)]


def _read(run: str) -> str:
    from pypinyin import Style, lazy_pinyin

    syllables = lazy_pinyin(run, style=Style.NORMAL, errors=_latin) if run else []
    return "".join(_latin(syllable).replace(" ", "") for syllable in syllables)


def _sino_vietnamese(name: str) -> list[str]:
    """Vietnamese readings of a name in hanzi; none where a character is not in the table."""
    text, table = plain(name), _vietnamese()
    if not _HAN_RUN.fullmatch(text) or not all(character in table for character in text):
        return []
    return ["".join(parts) for parts in itertools.islice(itertools.product(*(table[c] for c in text)), MOST_READINGS)]


def _county_of_one_syllable(words: list[str]) -> bool:
    """ "Shan Xian": a county whose name is one character keeps its 县."""
    return len(words) == 2 and words[1] == "xian" and len(re.findall("[aeiou]+", words[0])) == 1


@cache
def _surnames() -> Mapping[str, tuple[str, ...]]:
    """Surname in hanzi -> readings, the usual one first."""
    return {
        plain(w): (row["reading"], *row["also"].split()) for row in _rows("surname_readings.csv") for w in row["surname"].split()
    }


@cache
def _places() -> Mapping[str, str]:
    return {plain(w): row["reading"] for row in _rows("place_readings.csv") for w in row["place"].split()}


@cache
def _vietnamese() -> Mapping[str, tuple[str, ...]]:
    """Character -> Vietnamese readings, folded."""
    return {
        plain(w): tuple(_latin(reading) for reading in row["readings"].split())
        for row in _rows("sino_vietnamese.csv")
        for w in row["hanzi"].split()
    }


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("wayhome.kinship").joinpath("data", "names", name).read_text("utf-8")
    return csv.DictReader(text.splitlines())
